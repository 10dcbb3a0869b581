"""Contents of real release decisions in our own words, as fixtures; each call makes a fresh, tidied one."""

from registry.releases.content import normalise

CLOSED = {"mode": "fully_closed", "gate": "none", "audience": "internal"}
OPEN = {"mode": "downloadable", "gate": "none", "audience": "public"}
BY_FORM = {"mode": "downloadable", "gate": "application_manual", "audience": "verified_researchers"}
NON_COMMERCIAL = {"mode": "downloadable", "gate": "none", "audience": "non_commercial"}


def part(component, access, variant="", **more):
    return {"component": component, "variant": variant, **access, **more}


def stage(date, *components, **more):
    return {"date": date, "components": list(components), **more}


def entry(title, stages, variants=(), kind="model", **more):
    return normalise({
        "title": title, "summary": f"How {title} was released.", "rationale": "As the sources tell it.",
        "artefact": {"kind": kind, "variants": list(variants)}, "stages": stages, **more,
    })


def gpt2():
    sizes = [
        {"name": "124M", "aliases": ["117M"]}, {"name": "355M", "aliases": ["345M"]},
        {"name": "774M", "aliases": ["762M"]}, {"name": "1.5B", "aliases": ["1558M", "1542M"]},
    ]
    return entry("GPT-2", [
        stage(
            "2019-02-14", part("weights_final", OPEN, "117M"), part("weights_final", CLOSED, "345M"),
            part("weights_final", CLOSED, "762M"), part("weights_final", CLOSED, "1.5B"),
            part("inference_code", OPEN, licence="MIT"), part("paper", OPEN), part("sample_outputs", OPEN),
            part("training_code", CLOSED), part("training_data", CLOSED),
            title="Smallest model only", sources=["post"],
            rationale="Fear of deceptive, biased or abusive text at scale.",
        ),
        stage("2019-05-03", part("weights_final", OPEN, "355M"), part("data_subset_or_sample", OPEN)),
        stage("2019-08-20", part("weights_final", OPEN, "774M"), part("model_card", OPEN), title="Six months on"),
        stage(
            "2019-11-05", part("weights_final", OPEN, "1.5B"), part("detector", OPEN),
            part("technical_report", OPEN),
            title="Largest model, detector and report",
        ),
    ], sizes, events=[
        {"date": "2019-08-20", "kind": "correction", "variant": "774M", "text": "The size was stated anew."},
        {
            "date": "2019-08-22", "kind": "replication", "variant": "1.5B",
            "text": "Two students published a replication.",
        },
        {"date": "2020-01-03", "kind": "licence_change", "text": "MIT became Modified MIT."},
    ], sources=[
        {"key": "post", "title": "Better language models", "url": "https://openai.com/index/post"},
    ], concerns=[
        {"concern": "Deceptive text at scale.", "likelihood": "medium", "mitigation": "Stages.", "sources": ["post"]},
    ])


def opt():
    return entry("OPT", [
        stage(
            "2022-05-03", part("weights_final", NON_COMMERCIAL, "30B"), part("weights_final", BY_FORM, "175B"),
            part("inference_code", OPEN), part("paper", OPEN), part("training_log", OPEN),
        ),
        stage("2022-06-22", part("weights_final", NON_COMMERCIAL, "66B")),
    ], ["30B", "66B", "175B"])


def voicebox():
    return entry("Voicebox", [
        stage(
            "2023-06", part("weights_final", CLOSED), part("inference_code", CLOSED), part("paper", OPEN),
            part("sample_outputs", OPEN), rationale="Misuse was feared.",
        ),
    ])


def galactica():
    demo = {"mode": "hosted", "gate": "none", "audience": "public"}
    return entry("Galactica", [
        stage(
            "2022-11-15", part("weights_final", NON_COMMERCIAL), part("inference_code", OPEN), part("paper", OPEN),
            part("demo", demo),
        ),
        stage("2022-11-17", part("demo", demo), status="paused", title="Demo paused", rationale="Its texts misled."),
    ])


def llama():
    return entry("LLaMA", [
        stage("2023-02-24", part("weights_final", BY_FORM), part("inference_code", OPEN), part("paper", OPEN)),
        stage("2023-03-03", part("weights_final", OPEN), basis="unauthorised", title="Posted as a torrent"),
    ])


def alphafold3():
    return entry("AlphaFold 3", [
        stage(
            "2024-05-08", part("paper", OPEN), part("weights_final", CLOSED), part("inference_code", CLOSED),
            part("demo", {"mode": "hosted", "gate": "query_only", "audience": "non_commercial"}),
        ),
        stage(
            "2024-11-11", part("inference_code", NON_COMMERCIAL, licence="CC-BY-NC-SA-4.0"),
            part("weights_final", {**BY_FORM, "audience": "non_commercial"}),
        ),
        stage("2026-06-09", part("inference_code", OPEN, licence="Apache-2.0"), title="Code re-licensed"),
    ], events=[{"date": "2026-06-09", "kind": "licence_change", "text": "The code came under Apache-2.0."}])


def dialogpt():
    return entry("DialoGPT", [
        stage(
            "2019-11", part("weights_final", OPEN), part("training_code", OPEN), part("inference_code", CLOSED),
            part("paper", OPEN), part("demo", {"mode": "hosted", "gate": "invitation", "audience": "named_partners"}),
            rationale="Replies could be toxic.",
        ),
    ])


def pythia():
    return entry("Pythia", [
        stage(
            "2023-04-03",
            *(part(name, {**OPEN, "mode": "fully_open"}) for name in (
                "weights_final", "weights_intermediate", "inference_code", "training_code", "training_data", "paper",
            )),
        ),
        stage("2023-11-02", part("weights_final", OPEN, "14M"), part("weights_final", OPEN, "31M")),
    ], ["14M", "31M", "12B"])


ALL = [gpt2, opt, voicebox, galactica, llama, alphafold3, dialogpt, pythia]
