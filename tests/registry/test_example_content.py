"""The example content is well formed, sourced, and points only at what is there."""

import hashlib
import json
import re
from pathlib import Path

import pytest

from registry.core.canonical import digest
from registry.releases.checking import problems_for_publication, validate
from registry.releases.content import citing, normalise
from registry.releases.facts import facts_of
from registry.releases.happened import happened

EXAMPLES = Path(__file__).parents[2] / "registry" / "examples"
RELEASES = sorted((EXAMPLES / "releases").glob("*.json"))
REF = re.compile(r"(release|norm|clause|lab|stage|session|workshop):\S+")
ADDRESS = re.compile(r"https?://[^\s)\"'>\]]+")
# What is general knowledge, and stands without a source until somebody adds one. Everything else has a source.
UNSOURCED = {
    "ai2__olmo": {"stage/2024-02"},
    "allen-institute__grover": {"stage/2019-05-29"},
    "google-deepmind__alphafold-2": {"event/note/undated"},
    "google-deepmind__chinchilla": {"stage/undated", "cell/undated/paper", "cell/undated/weights_final"},
    "google__bert": {"cell/2018-10-31/training_data"},
    "google__gemma": {"cell/2024-02-20/weights_final"},
    "google__imagen": {
        "stage/2022-05", "cell/2022-05/paper/Imagen", "cell/2022-05/sample_outputs/Imagen",
        "cell/2022-05/weights_final/Imagen", "cell/2022-05/inference_code/Imagen",
    },
    "google__t5": {"cell/2019-10-23/training_data"},
    "laion__laion-5b": {"stage/2024-08"},
    "meta__llama-2": {"event/note/undated"},
    "meta__segment-anything": {"cell/2023-04-04/training_data"},
    "mistral-ai__mistral-7b": {"cell/2023-09-27/weights_final/7B"},
    "nvidia__megatron-lm-8-3b": {
        "stage/2019-08", "cell/2019-08/inference_code", "cell/2019-08/paper", "cell/2019-08/weights_final/8.3B",
    },
    "openai__chatgpt": {"stage/2022-11-30", "cell/2022-11-30/demo"},
    "openai__dall-e-2": {"stage/2022-09-28", "cell/2022-09-28/demo"},
    "openai__gpt-3": {"stage/2020-06-11"},
    "openai__gpt-4": {"stage/2023-03-14", "cell/2023-03-14/demo", "cell/2023-03-14/api"},
    "openai__gpt-oss": {"cell/2025-08-05/weights_final"},
    "salesforce__ctrl": {"event/note/undated"},
    "tiny-images-authors__80-million-tiny-images": {
        "stage/undated", "cell/undated/training_data", "stage/2020-06-29", "cell/2020-06-29/training_data",
    },
    "tsinghua__glm-130b": {"cell/2022-08-05/weights_final/130B"},
    "xai__grok-1": {"event/note/2024-03-17"},
}
STANCES = {"adheres", "partly", "does_not", "not_applicable", "planned", "no_assertion"}


def load(name):
    return json.loads((EXAMPLES / name).read_text())


def refs_of(value):
    """Yield every reference in a file, wherever it stands."""
    if isinstance(value, dict):
        for item in value.values():
            yield from refs_of(item)
    elif isinstance(value, list):
        for item in value:
            yield from refs_of(item)
    elif isinstance(value, str) and REF.fullmatch(value):
        yield value


def known_refs():
    releases = [json.loads(path.read_text()) for path in RELEASES]
    norms = [json.loads(path.read_text()) for path in (EXAMPLES / "norms").glob("*.json")]
    yield from (f"release:{entry['lab']['slug']}/{entry['slug']}" for entry in releases)
    yield from (f"lab:{entry['lab']['slug']}" for entry in releases)
    for norm in norms:
        yield f"norm:{norm['ref']}"
        yield from (f"clause:{norm['ref']}/{clause['number']}" for clause in norm["clauses"])


def threads():
    yield from load("threads.json")
    for workshop in load("workshops.json"):
        yield from (session["thread"] for session in workshop["sessions"] if session["thread"])


def handles():
    return {person["handle"] for person in load("people.json")}


def unsourced(content):
    return {re.sub("undated-[0-9a-f]+", "undated", fact.key) for fact in facts_of(content) if not fact.sources}


def recorded():
    entries = [json.loads(path.read_text()) for path in RELEASES]
    return [entry for entry in entries if entry["origin"] == "third_party"]


@pytest.mark.parametrize("path", RELEASES, ids=lambda path: path.stem)
class TestEachRelease:
    def test_has_content_without_problems_and_ready_to_publish(self, path):
        content = json.loads(path.read_text())["content"]

        assert validate(content) == []
        assert problems_for_publication(content) == []

    def test_is_written_as_the_site_would_store_it(self, path):
        content = json.loads(path.read_text())["content"]

        assert normalise(content) == content

    def test_has_an_earlier_revision_that_stands_by_itself_and_differs(self, path):
        given = json.loads(path.read_text())
        if "earlier" in given:
            first = normalise(given["content"] | given["earlier"])

            assert validate(first) == problems_for_publication(first) == []
            assert first != given["content"]
            assert given["justification"]

    def test_names_the_contents_that_it_replaces_by_their_digests_and_says_why(self, path):
        given = json.loads(path.read_text())
        if "replaces" in given:
            digests = given["replaces"]["digests"]

            assert digests and all(re.fullmatch("sha256:[0-9a-f]{64}", one) for one in digests)
            assert digest(given["content"]) not in digests
            assert given["replaces"]["justification"]

    def test_gives_the_reason_first_or_says_that_none_is_stated(self, path):
        first = json.loads(path.read_text())["content"]["rationale"].partition(". ")[0]

        assert re.search(r"\breasons?\b|\bbecause\b", first)

    def test_is_named_after_its_lab_and_slug(self, path):
        entry = json.loads(path.read_text())

        assert path.stem == f"{entry['lab']['slug']}__{entry['slug']}"
        assert set(entry["lab"]) == {"slug", "name", "homepage"}

    def test_has_a_source_for_everything_but_general_knowledge_and_cites_each_of_its_sources(self, path):
        entry = json.loads(path.read_text())
        content = entry["content"]
        cited = {key for _, item in citing(content) for key in item["sources"]}

        if entry["origin"] == "third_party":
            assert unsourced(content) == UNSOURCED.get(path.stem, set())
            assert cited == {source["key"] for source in content["sources"]}
            assert all(source["title"] and source["url"] for source in content["sources"])

    def test_has_a_model_card_only_where_the_file_is_there(self, path):
        card = json.loads(path.read_text())["content"]["model_card"]

        if card:
            data = (EXAMPLES / "cards" / card["name"]).read_bytes()
            assert (card["sha256"], card["size"]) == (hashlib.sha256(data).hexdigest(), len(data))


class TestTheSetOfReleases:
    def test_holds_gpt2_and_enough_other_decisions(self):
        assert "gpt-2" in [entry["slug"] for entry in recorded()]
        assert len(recorded()) == 45  # 43 cases, one of which is of three systems

    def test_has_many_sourced_items(self):
        facts = [fact for entry in recorded() for fact in facts_of(entry["content"])]

        assert sum(1 for fact in facts if fact.sources) > 250

    def test_lists_as_unsourced_only_what_is_there(self):
        assert set(UNSOURCED) <= {path.stem for path in RELEASES}

    def test_calls_each_lab_by_one_name(self):
        labs = [entry["lab"] for entry in recorded()]

        assert len({lab["slug"] for lab in labs}) == len({tuple(lab.values()) for lab in labs})

    def test_uses_what_an_entry_can_say(self):
        contents = {entry["slug"]: entry["content"] for entry in recorded()}

        def former(slug):
            variants = contents[slug]["artefact"]["variants"]
            return {old["name"]: variant["name"] for variant in variants for old in variant.get("former", [])}

        def days(slug, status, basis="authorised"):
            stages = contents[slug]["stages"]
            return [stage["date"] for stage in stages if (stage["status"], stage["basis"]) == (status, basis)]

        changes = contents["alphafold-3"]["licence_changes"]
        assert former("gpt-2") == {"117M": "124M", "345M": "355M", "762M": "774M"}
        assert (len(former("pythia")), former("pythia")["13B"]) == (8, "12B")
        assert [(one["date"], one["old"], one["new"]) for one in changes] == [
            ("2026-06-09", "CC BY-NC-SA 4.0", "Apache-2.0"),
        ]  # fmt: skip
        assert days("llama-1", "effective", "unauthorised") == ["2023-03-03"]
        assert days("galactica", "paused") == ["2022-11-17"]
        assert (days("laion-5b", "withdrawn"), days("laion-5b", "effective")) == (["2023-12-19"], ["2024-08"])
        assert days("80-million-tiny-images", "withdrawn") == ["2020-06-29"]
        assert [stage.get("keeps") for stage in contents["alphafold-3"]["stages"] if "keeps" in stage] == [["code"]]

    def test_marks_everything_of_the_invented_lab_as_invented(self):
        entries = [json.loads(path.read_text()) for path in RELEASES]
        own = [entry["content"] for entry in entries if entry["lab"]["slug"] == "example-lab"]

        assert len(own) == 2
        assert all("invented" in content["title"] and "invented" in content["summary"] for content in own)

    def test_shows_every_mode_and_the_rarer_words(self):
        contents = [json.loads(path.read_text())["content"] for path in RELEASES]
        stages = [stage for content in contents for stage in content["stages"]]
        modes = {item["mode"] for stage in stages for item in stage["components"]}
        kinds = {event["kind"] for content in contents for event in happened(content)}

        assert modes == {"fully_closed", "hosted", "api", "downloadable", "fully_open"}
        statuses = {stage["status"] for stage in stages}
        assert statuses >= {"effective", "planned", "paused", "withdrawn", "superseded"}
        assert {stage["basis"] for stage in stages} == {"authorised", "unauthorised"}
        assert kinds == {"replication", "leak", "correction", "licence_change", "note"}


class TestReferences:
    @pytest.mark.parametrize(
        "name", ["threads.json", "concerns.json", "declarations.json", "replications.json", "workshops.json"]
    )
    def test_lead_to_something_in_the_set(self, name):
        assert set(refs_of(load(name))) <= set(known_refs())

    def test_to_people_lead_to_invented_people(self):
        named = {comment["author"] for thread in threads() for comment in thread["comments"]}
        named |= {member["handle"] for lab in load("labs.json") for member in lab["members"]}
        for workshop in load("workshops.json"):
            named |= set(workshop["chairs"]) | set(workshop["moderators"])
            named |= {handle for session in workshop["sessions"] for handle in session["speakers"]}

        assert named <= handles()

    def test_from_web_addresses_are_all_encrypted(self):
        texts = [path.read_text() for path in EXAMPLES.rglob("*") if path.suffix in (".json", ".md")]
        addresses = [address for text in texts for address in ADDRESS.findall(text)]

        assert len(addresses) > 100
        assert [address for address in addresses if not address.startswith("https://")] == []


class TestNormAndDeclarations:
    def test_the_norm_has_fourteen_numbered_clauses(self):
        norm = load("norms/release-decision-safety-checklist.json")

        assert [clause["number"] for clause in norm["clauses"]] == list(range(1, 15))
        assert {clause["strength"] for clause in norm["clauses"]} <= {"MUST", "SHOULD", "MAY"}
        checked_by = {clause["how_checked"] for clause in norm["clauses"]}
        assert checked_by == {"self", "document", "test", "third_party"}

    def test_lantern_states_nine_of_the_clauses_in_different_ways(self):
        declared = [item for item in load("declarations.json") if item["release"].endswith("/lantern")]

        assert len({item["clause"] for item in declared}) == len(declared) == 9
        assert {item["stance"] for item in declared} == {"adheres", "partly", "does_not", "planned"}

    def test_every_stance_is_one_of_the_words_and_has_a_reason(self):
        declared = load("declarations.json")

        assert {item["stance"] for item in declared} == STANCES
        assert all(item["reason"] for item in declared)


class TestPeopleAndThreads:
    def test_people_say_that_they_are_invented(self):
        people = load("people.json")

        assert all("invented" in person["about"].lower() for person in people)
        assert all(person["email"].endswith("@example.org") for person in people)
        assert all(re.fullmatch(r"[a-z][a-z0-9-]{2,38}", person["handle"]) for person in people)

    def test_comments_come_after_their_parents(self):
        for thread in threads():
            seen = {None}
            for comment in thread["comments"]:
                assert comment["parent"] in seen
                assert comment["key"] not in seen
                seen.add(comment["key"])

    def test_official_responses_come_from_people_of_that_lab(self):
        members = {(lab["slug"], member["handle"]) for lab in load("labs.json") for member in lab["members"]}
        official = [c for thread in threads() for c in thread["comments"] if "official" in c]

        assert official
        assert all((comment["official"], comment["author"]) in members for comment in official)


class TestConcerns:
    def test_are_opened_from_comments_about_the_invented_lab_and_answered_by_it(self):
        said = {(thread["subject"], thread["title"]): thread["comments"] for thread in load("threads.json")}
        concerns = load("concerns.json")

        assert [bool(given["answer"]) for given in concerns] == [True, False]
        for given in concerns:
            opening = said[given["subject"], given["thread"]][given["number"] - 1]
            answering = {given["answer"]["author"]} if given["answer"] else set()
            assert given["subject"].startswith("release:example-lab/")
            assert answering | set(given["signers"]) <= handles()
            assert opening["author"] not in given["signers"]


class TestSamples:
    @pytest.mark.parametrize(
        ("name", "label"), [("lantern_generated", "generated"), ("reference_human", "human")]
    )
    def test_are_enough_labelled_texts_of_enough_words(self, name, label):
        lines = (EXAMPLES / "samples" / f"{name}.jsonl").read_text().splitlines()
        texts = [json.loads(line) for line in lines]

        assert len({text["id"] for text in texts}) == len(texts) >= 320
        assert {text["label"] for text in texts} == {label}
        assert min(len(text["text"].split()) for text in texts) >= 60

    def test_have_the_same_lengths_on_both_sides(self):
        lengths = [
            sorted(len(json.loads(line)["text"].split()) for line in path.read_text().splitlines())
            for path in sorted((EXAMPLES / "samples").glob("*.jsonl"))
        ]

        assert lengths[0] == lengths[1]

    def test_are_small_enough_to_ship(self):
        assert sum(path.stat().st_size for path in (EXAMPLES / "samples").glob("*.jsonl")) <= 600_000
