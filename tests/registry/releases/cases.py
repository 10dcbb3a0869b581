"""Real kinds of decisions as a researcher would register them, in our own words from public sources.

Each call makes a fresh content as it is typed. What is general knowledge and not in a source cites none.
"""

CLOSED = {"mode": "fully_closed", "gate": "none", "audience": "internal"}
OPEN = {"mode": "downloadable", "gate": "none", "audience": "public"}
HOSTED = {"mode": "hosted", "gate": "none", "audience": "public"}
BY_FORM = {"mode": "downloadable", "gate": "application_manual", "audience": "verified_researchers"}
NON_COMMERCIAL = {"mode": "downloadable", "gate": "none", "audience": "non_commercial"}


def part(component, access, variant="", **more):
    return {"component": component, "variant": variant, **access, **more}


def source(key, title, url):
    return {"key": key, "title": title, "url": url}


def withheld_decoder():
    readme = source("readme", "DialoGPT README", "https://github.com/microsoft/DialoGPT")
    return {
        "title": "DialoGPT",
        "summary": "Weights and training code came out; the script that turns them into replies did not.",
        "artefact": {"kind": "model", "variants": [{"name": "117M"}, {"name": "345M"}, {"name": "762M"}]},
        "rationale": "Replies could be toxic.",
        "stages": [{
            "date": "2019-11", "status": "effective", "title": "Weights without a decoder", "sources": ["readme"],
            "components": [
                part("weights_final", OPEN), part("training_code", OPEN, licence="MIT"),
                part("inference_code", CLOSED, reason="The decoding script makes it easy to get toxic replies."),
                part("demo", {"mode": "hosted", "gate": "invitation", "audience": "named_partners"}),
            ],
        }],
        "events": [{
            "date": "2020-01-06", "kind": "replication", "text": "By then others had published decoders.",
            "sources": ["readme"],
        }],
        "sources": [readme],
    }  # fmt: skip


def paused_demo():
    return {
        "title": "Galactica",
        "summary": "The demo was paused after two days; the weights stayed up.",
        "artefact": {"kind": "model", "variants": [{"name": "120B"}]},
        "rationale": "Meant as an aid for scientific writing.",
        "stages": [
            {
                "date": "2022-11-15", "status": "effective", "title": "Release with a demo", "sources": ["repo"],
                "components": [
                    part("weights_final", NON_COMMERCIAL, licence="CC-BY-NC-4.0"),
                    part("inference_code", OPEN, licence="Apache-2.0"), part("demo", HOSTED),
                ],
            },
            {
                "date": "2022-11-17", "status": "paused", "title": "Demo paused", "sources": ["press"],
                "reason": "The notice on the page says that the demo is paused, after criticism of its texts.",
                "components": [part("demo", HOSTED)],
            },
        ],
        "sources": [
            source("repo", "galai", "https://github.com/paperswithcode/galai"),
            source("press", "A report that quotes the notice", "https://example.org/press"),
        ],
    }  # fmt: skip


def filtered_small_model():
    return {
        "title": "GLIDE",
        "summary": "Only a small model, trained on filtered data, came out.",
        "artefact": {"kind": "model", "variants": [{"name": "GLIDE"}, {"name": "GLIDE filtered"}]},
        "rationale": "Pictures of people, violence and hate symbols were left out of its training.",
        "stages": [{
            "date": "2021-12-20", "status": "effective", "title": "The filtered model", "sources": ["card"],
            "components": [
                part("weights_final", OPEN, "GLIDE filtered", licence="MIT"),
                part("weights_final", CLOSED, "GLIDE", reason="Trained on data that were not filtered."),
                part("inference_code", OPEN), part("model_card", OPEN),
            ],
        }],
        "sources": [source("card", "Model card", "https://github.com/openai/glide-text2im")],
    }  # fmt: skip


def leak():
    return {
        "title": "LLaMA",
        "summary": "Weights went to researchers by form, and were posted as a torrent a week later.",
        "artefact": {"kind": "model", "variants": [{"name": "7B"}, {"name": "65B"}]},
        "rationale": "To let researchers study models without the means to train them.",
        "stages": [
            {
                "date": "2023-02-24", "status": "effective", "title": "By form", "sources": ["repo"],
                "components": [
                    part("weights_final", BY_FORM, licence="custom", restrictions="M"),
                    part("inference_code", OPEN, licence="GPL-3.0-only"), part("paper", OPEN),
                ],
            },
            {
                "date": "2023-03-03", "status": "effective", "basis": "unauthorised", "title": "Posted as a torrent",
                "sources": ["pull"], "components": [part("weights_final", OPEN)],
            },
        ],
        "sources": [
            source("repo", "First commit", "https://github.com/facebookresearch/llama"),
            source("pull", "Pull request 73", "https://github.com/meta-llama/llama/pull/73"),
        ],
    }  # fmt: skip


def licence_after_twelve_days():
    return {
        "title": "Stable Diffusion v1",
        "summary": "Researchers had the weights by form; twelve days later everybody had them under another licence.",
        "artefact": {"kind": "model", "variants": []},
        "rationale": "A first look by researchers came before the public release.",
        "stages": [
            {
                "date": "2022-08-10", "status": "effective", "title": "For researchers", "sources": ["log"],
                "components": [part("weights_final", BY_FORM, licence="custom", terms_url="https://example.org/terms")],
            },
            {
                "date": "2022-08-22", "status": "effective", "title": "For everyone", "sources": ["log"],
                "components": [
                    part("weights_final", {**OPEN, "gate": "clickthrough"}, licence="CreativeML-OpenRAIL-M",
                         restrictions="M"),
                    part("inference_code", OPEN),
                ],
            },
        ],
        "licence_changes": [{
            "date": "2022-08-22", "component": "weights_final", "old": "All rights reserved",
            "new": "CreativeML OpenRAIL-M", "reason": "The weights became public.", "sources": ["log"],
        }],
        "sources": [source("log", "Repository log", "https://github.com/CompVis/stable-diffusion")],
    }  # fmt: skip


def renamed_sizes():
    return {
        "title": "GPT-2",
        "summary": "Four sizes in four stages; the sizes were first counted wrongly.",
        "artefact": {"kind": "model", "variants": [
            {"name": "124M", "former": [{"name": "117M", "until": "2019-08-20"}]},
            {"name": "1.5B", "aliases": ["1558M"], "former": [{"name": "1542M", "until": "2019-08-20"}]},
        ]},
        "rationale": "Deceptive, biased or abusive text at scale was feared.",
        "stages": [
            {
                "date": "2019-02-14", "status": "effective", "title": "Smallest model", "sources": ["post"],
                "components": [part("weights_final", OPEN, "117M"), part("weights_final", CLOSED, "1542M")],
            },
            {
                "date": "2019-11-05", "status": "effective", "title": "Largest model", "sources": ["log"],
                "components": [part("weights_final", OPEN, "1.5B")],
            },
        ],
        "corrections": [{
            "date": "2019-08-20", "field": "Number of parameters", "variant": "117M", "old": "117M", "new": "124M",
            "reason": "The count had left parts out.", "sources": ["log"],
        }],
        "licence_changes": [{
            "date": "2020-01-03", "old": "MIT", "new": "Modified MIT", "sources": ["log"],
        }],
        "samples": [{
            "title": "Raw samples", "variant": "1.5B", "samples_per_prompt": 1, "selection": "none", "temperature": 1.0,
            "top_k": 40, "raw_dump": {"url": "https://github.com/openai/gpt-2-output-dataset", "count": 250000},
            "sources": ["log"],
        }],
        "sources": [
            source("post", "Better language models", "https://openai.com/index/better-language-models/"),
            source("log", "Repository log", "https://github.com/openai/gpt-2"),
        ],
    }  # fmt: skip


def dataset_taken_down_and_released_again():
    return {
        "title": "LAION-5B",
        "summary": "The index was taken down after a study of it, cleaned, and released again under a new name.",
        "artefact": {"kind": "dataset", "variants": [], "former": [{"name": "LAION-2022", "until": "2024-08"}]},
        "rationale": "An open index of pictures for research.",
        "stages": [
            {
                "date": "2022-03", "status": "effective", "title": "First release",
                "components": [part("training_data", OPEN, licence="CC-BY-4.0")],
            },
            {
                "date": "2023-12-19", "status": "withdrawn", "title": "Taken down", "sources": ["press"],
                "reason": "A study found links to suspected abuse images.", "components": [part("training_data", OPEN)],
            },
            {
                "date": "2024-08", "status": "effective", "title": "Re-LAION-5B, cleaned", "sources": ["page"],
                "components": [part("training_data", OPEN)],
            },
        ],
        "sources": [
            source("press", "404 Media", "https://www.404media.co/"), source("page", "Re-LAION", "https://laion.ai/"),
        ],
    }  # fmt: skip


def promise_never_kept():
    return {
        "title": "Staged in words only",
        "summary": "The largest weights were promised for the summer and never came.",
        "artefact": {"kind": "model", "variants": [{"name": "8.3B"}]},
        "rationale": "No reason was given.",
        "stages": [
            {
                "date": "2019-08-13", "status": "effective", "title": "Code and paper", "sources": ["repo"],
                "components": [part("training_code", OPEN), part("paper", OPEN), part("weights_final", CLOSED)],
            },
            {
                "status": "planned", "key": "weights", "title": "Weights to follow", "announced": "2019-08-13",
                "due": "2020-06", "condition": "After a review.", "sources": ["repo"],
                "components": [part("weights_final", OPEN)],
            },
        ],
        "sources": [source("repo", "A repository", "https://example.org/repo")],
    }  # fmt: skip


ALL = [
    withheld_decoder, paused_demo, filtered_small_model, leak, licence_after_twelve_days, renamed_sizes,
    dataset_taken_down_and_released_again, promise_never_kept,
]
