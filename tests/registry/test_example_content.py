"""The example content is well formed, sourced, and points only at what is there."""

import hashlib
import json
import re
from pathlib import Path

import pytest

from registry.releases.content import citing, normalise, problems_for_publication, validate

EXAMPLES = Path(__file__).parents[2] / "registry" / "examples"
RELEASES = sorted((EXAMPLES / "releases").glob("*.json"))
REF = re.compile(r"(release|norm|clause|lab|stage|session|workshop):\S+")
ADDRESS = re.compile(r"https?://[^\s)\"'>\]]+")
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
    return [pointer for pointer, item in citing(content) if not item["sources"]]


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
            first = given["content"] | given["earlier"]

            assert validate(first) == problems_for_publication(first) == []
            assert normalise(first) == first != given["content"]
            assert given["justification"]

    def test_gives_the_reason_first_or_says_that_none_is_stated(self, path):
        first = json.loads(path.read_text())["content"]["rationale"].partition(". ")[0]

        assert re.search(r"\breasons?\b|\bbecause\b", first)

    def test_is_named_after_its_lab_and_slug(self, path):
        entry = json.loads(path.read_text())

        assert path.stem == f"{entry['lab']['slug']}__{entry['slug']}"
        assert set(entry["lab"]) == {"slug", "name", "homepage"}

    def test_has_a_source_for_everything_recorded_and_cites_each_of_its_sources(self, path):
        entry = json.loads(path.read_text())
        content = entry["content"]
        cited = {key for _, item in citing(content) for key in item["sources"]}

        if entry["origin"] == "third_party":
            assert unsourced(content) == []
            assert cited == {source["key"] for source in content["sources"]}

    def test_has_a_model_card_only_where_the_file_is_there(self, path):
        card = json.loads(path.read_text())["content"]["model_card"]

        if card:
            data = (EXAMPLES / "cards" / card["name"]).read_bytes()
            assert (card["sha256"], card["size"]) == (hashlib.sha256(data).hexdigest(), len(data))


class TestTheSetOfReleases:
    def test_holds_gpt2_and_enough_other_decisions(self):
        recorded = [json.loads(path.read_text()) for path in RELEASES]
        recorded = [entry["slug"] for entry in recorded if entry["origin"] == "third_party"]

        assert "gpt-2" in recorded
        assert len(recorded) >= 17

    def test_has_many_sourced_items(self):
        entries = [json.loads(path.read_text()) for path in RELEASES]
        recorded = [entry["content"] for entry in entries if entry["origin"] == "third_party"]

        assert sum(1 for content in recorded for _ in citing(content)) > 150

    def test_marks_everything_of_the_invented_lab_as_invented(self):
        entries = [json.loads(path.read_text()) for path in RELEASES]
        own = [entry["content"] for entry in entries if entry["lab"]["slug"] == "example-lab"]

        assert len(own) == 2
        assert all("invented" in content["title"] and "invented" in content["summary"] for content in own)

    def test_shows_every_mode_and_the_rarer_words(self):
        contents = [json.loads(path.read_text())["content"] for path in RELEASES]
        stages = [stage for content in contents for stage in content["stages"]]
        modes = {item["mode"] for stage in stages for item in stage["components"]}
        kinds = {event["kind"] for content in contents for event in content["events"]}

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
