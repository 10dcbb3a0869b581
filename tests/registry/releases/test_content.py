from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.core.canonical import digest
from registry.releases import dates
from registry.releases.checking import problems_for_publication, validate
from registry.releases.content import normalise
from registry.releases.schema import EMPTY
from registry.releases.vocabulary import FAMILY_OF, Component
from tests.registry.releases import contents

TODAY = date(2026, 6, 30)


def read(raw, today=TODAY):
    """What would be kept and what is wrong with it, as the actions ask."""
    content = normalise(raw)
    return content, validate(content if type(raw) is dict else raw, today)


def found(raw, today=TODAY):
    content, problems = read(raw, today)
    return {(problem.pointer, problem.code) for problem in problems}


def with_stage(**stage):
    return {"stages": [stage]}


def with_component(**component):
    return with_stage(date="2019-02-14", components=[component])


class TestVocabulary:
    def test_has_twenty_six_components_and_a_family_for_each(self):
        assert len(Component) == 26
        assert set(FAMILY_OF) == set(Component)

    def test_explains_every_word(self):
        assert all(component.explanation.endswith(".") for component in Component)
        assert Component.TRAINING_DATA.label == "Training data"


# Of contents as they were stored before a field was added; whoever changes one of these breaks the record.
DIGESTS = {
    "gpt2": "sha256:1d8ed45dd4e0000984fb39d803ce7de28f15a35104e558a989f31f29bb9f7eef",
    "opt": "sha256:8cf9f63374f8216863e9ad27d4a962510f84ed9fb319cf5303897ca4279a07d2",
    "llama": "sha256:bcbeadb28f514d70195b79b6e31ada3d764e06c26c8042f6e3d27882bafcaf38",
    "alphafold3": "sha256:676394c826d9f3670582c0117ada681b37fff1fcb4e6cb46c2d74aa3632bf457",
    "dialogpt": "sha256:9504336044d11e550b2e410c17704c7947ae8dbfe6687a94c2a28c8e4728c31b",
    "pythia": "sha256:fa60b07be6fa5572a63206985da1fd64309b225c367b81bebb23ae59d736380b",
}


class TestLaterFields:
    @pytest.mark.parametrize("name", DIGESTS)
    def test_leave_the_digest_of_what_was_stored_before_as_it_is(self, name):
        assert digest(getattr(contents, name)()) == DIGESTS[name]

    def test_stand_only_where_they_say_something(self):
        stage = {"date": "2019", "due": "", "keeps": [], "key": None, "components": [{"reason": "", "terms_url": " "}]}
        content = normalise({"stages": [stage], "samples": [], "corrections": None})

        assert set(content) == set(EMPTY)
        assert not {"due", "keeps", "key", "reason"} & set(content["stages"][0])
        assert not {"reason", "terms_url"} & set(content["stages"][0]["components"][0])

    def test_of_a_wrong_kind_are_named(self):
        said = {"samples": [{"temperature": "hot", "top_k": 1.5, "top_p": 1.2, "prompts_tried": -1, "seed": 7}],
                "stages": [{"keeps": "x", "due": "2019-13"}], "corrections": {}}  # fmt: skip

        assert found(said) >= {
            ("/samples/0/temperature", "type"), ("/samples/0/top_k", "type"), ("/samples/0/top_p", "range"),
            ("/samples/0/prompts_tried", "range"), ("/samples/0/seed", "type"), ("/stages/0/keeps", "type"),
            ("/corrections", "type"),
        }
        assert ("/stages/0/due", "date") in found({"stages": [{"due": "2019-13"}]})

    def test_a_former_name_of_a_variant_is_kept_under_its_present_one(self):
        content = normalise({
            "artefact": {"variants": [{"name": "124M", "former": [{"name": "117M", "until": "2019-08-20"}]}]},
            "stages": [{"components": [{"component": "weights_final", "variant": "117M"}]}],
            "corrections": [{"variant": "117M"}], "samples": [{"variant": "117M"}],
        })  # fmt: skip

        assert content["stages"][0]["components"][0]["variant"] == "124M"
        assert [content["corrections"][0]["variant"], content["samples"][0]["variant"]] == ["124M", "124M"]

    def test_a_former_name_means_one_variant_only(self):
        said = {"artefact": {"variants": [{"name": "A", "former": [{"name": "B", "until": "x"}]}, {"name": "B"}]}}

        assert found(said) == {
            ("/artefact/variants/1/name", "duplicate"), ("/artefact/variants/0/former/0/until", "date"),
        }


class TestNormalise:
    @pytest.mark.parametrize("raw", [None, [], "x", 3, True, {}])
    def test_returns_the_empty_content_where_nothing_was_said(self, raw):
        assert normalise(raw) == EMPTY

    def test_never_hands_out_the_same_empty_content_twice(self):
        normalise({})["stages"].append("spoilt")

        assert EMPTY["stages"] == []
        assert normalise({})["stages"] == []

    def test_leaves_what_was_handed_in_as_it_was(self):
        raw = {"artefact": {"variants": ["1.5B"]}, "stages": [{"date": "2019-02-14", "date_precision": "month"}]}

        normalise(raw)

        assert raw == {
            "artefact": {"variants": ["1.5B"]}, "stages": [{"date": "2019-02-14", "date_precision": "month"}],
        }

    def test_trims_composes_and_ends_lines_plainly(self):
        content = normalise({"title": "  Me\u0301moire ", "rationale": "one\r\ntwo\rthree\n"})

        assert content["title"] == "M\u00e9moire"
        assert content["rationale"] == "one\ntwo\nthree"

    @pytest.mark.parametrize(("given_date", "given_precision", "then_date", "then_precision"), [
        ("2019-02-14", "", "2019-02-14", "day"),
        ("2019-02", None, "2019-02", "month"),
        ("2019", "unknown", "2019", "year"),
        ("2019-02-14", "month", "2019-02", "month"),
        ("2019-02-14", "year", "2019", "year"),
        ("", "day", "", "unknown"),
        (None, None, "", "unknown"),
    ])
    def test_lets_date_and_precision_agree(self, given_date, given_precision, then_date, then_precision):
        content = normalise(with_stage(date=given_date, date_precision=given_precision))

        stage = content["stages"][0]
        assert (stage["date"], stage["date_precision"]) == (then_date, then_precision)

    def test_calls_a_variant_by_its_present_name(self):
        content = contents.gpt2()

        names = [item["variant"] for item in content["stages"][0]["components"][:4]]
        assert names == ["124M", "355M", "774M", "1.5B"]

    def test_changes_nothing_the_second_time(self):
        for make in contents.ALL:
            content = make()

            assert normalise(content) == content


class TestValidate:
    @pytest.mark.parametrize("make", contents.ALL, ids=lambda make: make.__name__)
    def test_finds_nothing_wrong_with_what_happened(self, make):
        assert validate(make(), TODAY) == []
        assert problems_for_publication(make()) == []

    def test_accepts_an_empty_draft(self):
        assert validate(EMPTY) == []

    @pytest.mark.parametrize(("raw", "pointer", "code"), [
        ([], "", "type"),
        ("text", "", "type"),
        ({"title": 3}, "/title", "type"),
        ({"title": True}, "/title", "type"),
        ({"stages": {}}, "/stages", "type"),
        ({"stages": ["x"]}, "/stages/0", "type"),
        ({"artefact": {"variants": [3]}}, "/artefact/variants/0", "type"),
        ({"model_card": {"name": "a", "sha256": "0" * 64, "size": True}}, "/model_card/size", "type"),
        ({"model_card": {"name": "a", "sha256": "xyz", "size": 1}}, "/model_card/sha256", "format"),
        ({"model_card": {"name": "a", "sha256": "0" * 64, "size": -1}}, "/model_card/size", "range"),
        ({"schema": "daylight-release/2"}, "/schema", "format"),
        ({"colour": "red"}, "/colour", "unknown_field"),
        ({"a/b~c": 1}, "/a~1b~0c", "unknown_field"),
        (with_stage(mood="good"), "/stages/0/mood", "unknown_field"),
        ({"title": "x" * 201}, "/title", "too_long"),
        ({"title": "two\nlines"}, "/title", "control_character"),
        ({"title": "a\x00b"}, "/title", "control_character"),
        ({"title": "safe\u202etxt.exe"}, "/title", "control_character"),
        ({"title": "half \ud800"}, "/title", "encoding"),
        ({"stages": [{}] * 51}, "/stages", "too_many"),
        (with_stage(components=[{"component": "paper"}] * 201), "/stages/0/components", "too_many"),
        (with_component(component="weights"), "/stages/0/components/0/component", "choice"),
        (with_component(component="paper", mode="staged"), "/stages/0/components/0/mode", "choice"),
        (with_component(component="paper", variant="9T"), "/stages/0/components/0/variant", "unknown_variant"),
        (with_component(component="paper", sources=["no"]), "/stages/0/components/0/sources/0", "unknown_source"),
        (with_stage(status="planned"), "/stages/0/condition", "required"),
        (with_stage(date="2026-07-01"), "/stages/0/date", "future"),
        (with_stage(date="2027"), "/stages/0/date", "future"),
        (with_stage(date="2019-02-30"), "/stages/0/date", "date"),
        (with_stage(date="14 February 2019"), "/stages/0/date", "date"),
        (with_stage(date="2019-02", date_precision="day"), "/stages/0/date_precision", "date_precision"),
        ({"events": [{"date": "2030-01-01", "text": "x"}]}, "/events/0/date", "future"),
        ({"events": [{"kind": "party"}]}, "/events/0/kind", "choice"),
        ({"sources": [{"key": "a"}, {"key": "a"}]}, "/sources/1/key", "duplicate"),
        ({"sources": [{"key": "a b"}]}, "/sources/0/key", "format"),
        ({"artefact": {"variants": ["A", "a"]}}, "/artefact/variants/1/name", "duplicate"),
        ({"artefact": {"variants": [{"name": ""}]}}, "/artefact/variants/0/name", "required"),
    ])
    def test_points_at_what_is_wrong(self, raw, pointer, code):
        assert (pointer, code) in found(raw)

    def test_finds_a_component_that_is_stated_twice_in_a_stage(self):
        raw = with_stage(date="2019", components=[contents.part("paper", contents.OPEN)] * 2)

        assert found(raw) == {("/stages/0/components/1", "duplicate")}

    @pytest.mark.parametrize("url", [
        "javascript:alert(1)", "JAVASCRIPT:alert(1)", "data:text/html,x", "ftp://example.org/", "//example.org",
        "https://", "https://user@example.org/", "https://user:secret@example.org/", "https://[::1", "http:\\\\x.org",
        "https://exa mple.org", "https://example.org/a\nb", "https://example.org:99999/",
    ])
    def test_refuses_addresses_that_are_unsafe_or_broken(self, url):
        pointers = {pointer for pointer, _ in found({"links": [{"kind": "paper", "url": url}]})}

        assert pointers == {"/links/0/url"}

    @pytest.mark.parametrize("url", ["https://example.org", "http://example.org/a?b=c#d", "https://bücher.example/ü"])
    def test_accepts_ordinary_addresses(self, url):
        assert found({"links": [{"kind": "paper", "url": url}]}) == set()

    def test_allows_a_plan_with_a_condition_and_no_date(self):
        assert found(with_stage(status="conditional", condition="Once the audit is done.")) == set()

    def test_allows_a_plan_in_the_future(self):
        assert found(with_stage(status="planned", date="2027-03")) == set()

    def test_refuses_a_whole_that_is_too_large(self):
        assert found({"stages": [{"rationale": "x" * 20_000}] * 40}) == {("", "too_large")}

    def test_names_a_bounded_number_of_problems(self):
        assert len(validate({f"field {number}": 1 for number in range(100_000)})) < 30
        assert len(validate(normalise({"stages": [{"components": [{"mode": "x"}] * 200}] * 50}))) == 200


class TestDates:
    @pytest.mark.parametrize(("text", "words"), [
        ("0000-01-01", "no year 0"), ("9999-12-31", "9999"), ("1899", "1900 to 2200"), ("2201-01", "1900 to 2200"),
        ("2019-13", "no month 13"), ("2019-02-29", "February 2019 has no day 29"), ("2019-2-1", "Write the date"),
        ("٢٠١٩", "Write the date"), ("2019-02-14T00:00", "Write the date"),
    ])
    def test_says_what_is_wrong_with_a_date(self, text, words):
        assert words in dates.problem_with(text)

    def test_knows_the_days_that_a_date_may_mean(self):
        assert dates.period("2020-02") == (date(2020, 2, 1), date(2020, 2, 29))
        assert dates.period("2020") == (date(2020, 1, 1), date(2020, 12, 31))
        assert dates.period("") is None

    def test_writes_dates_as_exactly_as_they_are_known(self):
        assert [dates.in_words(text) for text in ("2019-02-14", "2019-02", "2019", "")] == [
            "14 February 2019", "February 2019", "2019", "an unknown date",
        ]


class TestPublication:
    def test_asks_for_what_an_entry_cannot_do_without(self):
        assert [problem.pointer for problem in problems_for_publication(EMPTY)] == [
            "/title", "/summary", "/rationale", "/stages",
        ]

    def test_takes_the_rationale_of_a_stage_for_an_answer(self):
        content = contents.voicebox() | {"rationale": ""}

        assert problems_for_publication(content) == []

    def test_asks_for_the_mode_of_each_component(self):
        content = contents.entry("X", [contents.stage("2019", {"component": "paper"})])

        pointers = [problem.pointer for problem in problems_for_publication(content)]
        assert pointers == ["/stages/0/components/0/mode"]

    def test_refuses_lines_that_say_nothing(self):
        content = contents.entry(
            "X", [contents.stage("2019", contents.part("paper", contents.OPEN))],
            concerns=[{}], alternatives=[{}], links=[{}], events=[{}], sources=[{"key": "a"}],
        )

        assert [problem.pointer for problem in problems_for_publication(content)] == [
            "/concerns/0/concern", "/alternatives/0/alternative", "/links/0/url", "/events/0/text",
            "/sources/0/title",
        ]


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
    | st.sampled_from(["planned", "effective", "2019", "2019-02-14", "weights_final", "fully_closed", "\ud800"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(
        st.text(max_size=5) | st.sampled_from([*EMPTY, "components", "date", "status", "name", "aliases", "key"]),
        inner, max_size=6,
    ),
    max_leaves=25,
)


class TestHostileInput:
    @settings(max_examples=300, deadline=None)
    @given(anything)
    def test_never_raises(self, raw):
        content, problems = read(raw)

        assert validate(raw) is not None
        assert all(isinstance(problem.pointer, str) and problem.detail for problem in problems)
        for problem in problems:
            "".join(problem).encode()

    @settings(max_examples=200, deadline=None)
    @given(st.fixed_dictionaries({}, optional={name: anything for name in EMPTY}))
    def test_never_raises_within_known_fields(self, raw):
        content, problems = read(raw)

        if not problems:
            assert normalise(content) == content

    def test_bears_deep_and_long_input(self):
        deep = value = {}
        for _ in range(5_000):
            value["x"] = value = {}

        assert found({"title": deep, "zz": deep}) == {("/title", "type"), ("/zz", "unknown_field")}
        assert found({"title": "\u0301\u0323" * 200_000}) == {("/title", "too_long")}
