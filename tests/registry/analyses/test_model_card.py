"""The model-card analysis: statuses with the passages they rest on, facts, findings and what a form can take."""

import json
import time

import pytest

from registry.analyses.errors import Unusable
from registry.analyses.inputs import Input
from registry.analyses.model_card import ANALYSIS
from registry.analyses.model_card.items import ITEMS
from registry.analyses.model_card.prefill import prefill
from tests.shared import DATA, needs_shared

CARD = """---
license: mit
language: en
datasets:
- imdb
---
# Filmwise

Filmwise is a BERT model fine-tuned for sentiment classification, developed by Ada Lovelace in March 2021.

## Intended uses

Film critics can use it to sort letters from readers.

## Out-of-scope use

It should not be used to judge people.

## Limitations and bias

The model fails on irony. It may reproduce gender stereotypes of film reviews.

## Training

Trained for 3 epochs with a learning rate of 2e-5 on one V100 for 6 hours.

## Evaluation

| Dataset | Accuracy |
|---------|----------|
| IMDB test | 93.1 |

## Usage

```python
from transformers import pipeline
pipeline("sentiment-analysis", model="ada/filmwise")
```

## Contact

Questions: open an issue at https://github.com/ada/filmwise/issues
"""


def run(text):
    data = text if isinstance(text, bytes) else text.encode("utf-8")
    return ANALYSIS.run({"card": Input("card", "card.md", data)}, {}, 0, None)


def statuses(text):
    return {name: item["status"] for name, item in run(text)["result"]["items"].items()}


def codes(text):
    return {finding["code"] for finding in run(text)["findings"]}


class TestInput:
    def test_knows_its_size_and_digest(self):
        card = Input("card", "card.md", b"abc")

        assert card.size == 3
        assert card.sha256 == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


class TestUnusable:
    @pytest.mark.parametrize(
        ("data", "word"),
        [
            (b"", "empty"),
            (b" \n\t\n", "empty"),
            (b"\xff\xfa\x00x", "UTF-8"),
            (b"a\x00b", "zero bytes"),
            (b"x" * 2_000_001, "2,000,000"),
        ],
    )
    def test_says_in_one_sentence_what_to_do(self, data, word):
        with pytest.raises(Unusable) as refused:
            run(data)

        assert word in str(refused.value)
        assert str(refused.value).endswith(".")

    def test_reads_utf_16_with_a_mark(self):
        assert run(CARD.encode("utf-16"))["result"]["licence"] == "mit"


class TestProfile:
    def test_answers_every_item_that_the_card_answers(self):
        assert statuses(CARD) == {
            "description": "content", "developer": "content", "date_version": "content", "licence": "content",
            "citation": "absent", "contact": "content", "intended_use": "content", "out_of_scope": "content",
            "limitations": "content", "bias_risks": "content", "mitigation": "absent", "training_data": "content",
            "training_procedure": "content", "evaluation_data": "content", "results": "content",
            "disaggregated": "absent", "environment": "content", "usage_code": "content",
        }  # fmt: skip

    def test_counts_in_a_sentence_and_gives_no_total(self):
        result = run(CARD)["result"]

        assert result["sentence"] == "15 of 18 items are answered, 0 are only touched, 3 are missing."
        assert not {"score", "total", "grade"} & set(result)

    @pytest.mark.parametrize("text", [CARD, CARD.replace("\n", "\r\n"), "\ufeff" + CARD])
    def test_quotes_what_stands_at_the_offsets(self, text):
        decoded = text.encode("utf-8").decode("utf-8")
        for item in run(text)["result"]["items"].values():
            assert (item["status"] == "absent") == (item["spans"] == [])
            for span in item["spans"]:
                assert decoded[span["start"] : span["end"]] == span["quote"] != ""

    def test_a_bare_heading_and_a_placeholder_are_thin(self):
        text = "# X\n\nA BERT model of texts.\n\n## Limitations\n\n## Training data\n\n[More Information Needed]\n"
        found = statuses(text)

        assert (found["limitations"], found["training_data"]) == ("thin", "thin")
        assert {"heading_without_body", "placeholder"} <= codes(text)

    @pytest.mark.parametrize("heading", ["Limitations", "Limitations and bias"])
    def test_bias_alone_does_not_answer_limitations(self, heading):
        text = f"# X\n\n## {heading}\n\nThe model can have biased predictions about gender.\n"
        found = statuses(text)

        assert (found["limitations"], found["bias_risks"]) == ("thin", "content")

    def test_several_benchmarks_are_no_breakdown_but_classes_are(self):
        benchmarks = "## Results\n\n| Dataset | F1 |\n|---|---|\n| SQuAD | 80.1 |\n| GLUE | 70.2 |\n"
        languages = "## Results\n\n| Language | F1 |\n|---|---|\n| English | 80.1 |\n| Dutch | 70.2 |\n"

        assert statuses(benchmarks)["disaggregated"] == "absent"
        assert statuses(languages)["disaggregated"] == "content"

    def test_an_accelerator_without_hours_is_thin(self):
        assert statuses("# X\n\nThe model was trained on a Tesla P100 GPU.\n")["environment"] == "thin"
        assert statuses("# X\n\nThe model was trained on a V100 for 90 hours.\n")["environment"] == "content"

    def test_an_owner_in_a_code_path_is_thin(self):
        text = "# X\n\n```python\nAutoModel.from_pretrained('ada/filmwise')\n```\n"

        assert statuses(text)["developer"] == "thin"

    def test_reads_other_languages(self):
        found = statuses(
            "# Clasificador\n\nEste modelo es un BERT ajustado para clasificar noticias.\n\n"
            "## Limitaciones y sesgos\n\nEl modelo no funciona bien con textos cortos.\n\n"
            "## Uso fuera de alcance\n\nNo debe usarse para decisiones sobre personas.\n"
        )

        assert (found["description"], found["limitations"], found["out_of_scope"]) == ("content",) * 3


class TestFacts:
    @pytest.mark.parametrize(
        ("text", "value", "spdx"),
        [
            ("---\nlicense: apache-2.0\n---\n# X\n", "apache-2.0", "Apache-2.0"),
            ("---\nlicense: other\nlicense_name: acme-1\n---\n# X\n", "acme-1", None),
            ("# X\n\n- **License:** MIT License\n", "MIT License", "MIT"),
            ("# X\n\nThe weights are released under the Apache License 2.0.\n", "Apache License 2.0", "Apache-2.0"),
            ("# X\n\nThe data set is released under the CC BY-NC license.\n", None, None),
        ],
    )
    def test_gives_the_licence_as_stated(self, text, value, spdx):
        result = run(text)["result"]

        assert result["licence"] == value
        assert (result["licence_details"] or {}).get("spdx") == spdx

    def test_a_licence_without_a_name_is_thin(self):
        assert statuses("---\nlicense: other\n---\n# X\n")["licence"] == "thin"

    def test_gives_languages_as_stated(self):
        assert run("---\nlanguage: english, dutch\n---\n# X\n")["result"]["languages"] == ["english", "dutch"]

    def test_reads_results_from_the_model_index_and_from_tables(self):
        text = (
            "---\nmodel-index:\n- name: x\n  results:\n  - task: {type: qa}\n    dataset: {name: SQuAD}\n"
            "    metrics:\n    - {type: f1, value: 0.9}\n---\n"
            "# X\n\n## Results\n\n| Dataset | BLEU |\n|---|---|\n| WMT16 | 27.5 |\n"
        )
        found = [{k: r[k] for k in ("dataset", "metric", "value")} for r in run(text)["result"]["results"]]

        assert found == [
            {"dataset": "SQuAD", "metric": "f1", "value": 0.9},
            {"dataset": "WMT16", "metric": "BLEU", "value": 27.5},
        ]

    @pytest.mark.parametrize("index", ["7", "[1, null]", "[{results: 3}]", "[{results: [{metrics: [4]}]}]"])
    def test_a_model_index_of_the_wrong_shape_does_no_harm(self, index):
        assert run(f"---\nmodel-index: {index}\n---\n# X\n")["result"]["results"] == []


class TestFindings:
    @pytest.mark.parametrize(
        ("text", "code"),
        [
            ("# X\n\nWords.\n", "front_matter_none"),
            ("--\nlicense: mit\n---\n# X\n", "front_matter_opener_typo"),
            ("---\nlicense: mit\nlicense: bsd\n---\n# X\n", "front_matter_duplicate_key"),
            ("# X\r\n\r\nWords.\r\n", "crlf"),
            ("# X\n", "licence_missing"),
            ("---\nlicense: other\n---\n# X\n", "licence_unknown"),
            ("---\nlicense: Apache 2.0\n---\n# X\n", "licence_non_spdx_case"),
            ("# X\n\n## License\n\nReleased under the Apache License 2.0.\n", "licence_free_text"),
            ("---\nlanguage: en, de\n---\n# X\n", "language_string"),
            ("---\nlanguage: english\n---\n# X\n", "language_not_code"),
            ("# X\n\n{{ model_summary }}\n", "placeholder"),
            ("# X\n\n<!-- Provide a quick summary of what the model is/does. -->\n", "template_comment"),
            ("# X\n\n## Bias\n\n## Use\n\nWords stand here.\n", "heading_without_body"),
            ("# X\n\nThe model reached an accuracy of 91.5%.\n", "metric_without_dataset"),
            ("# X\n\nA BERT classifier of texts.\n\nTrained on September 3, 2015.\n", "date_before_base_model"),
            ("# X\n\n## Contact\n\nAda: ada@lovelace.org\n", "contact_private_only"),
            ("# X\n\nSee [more](docs/more.md).\n", "relative_link"),
            ("# X\n\n## Results\n\n![scores](https://a.example/b.png)\n", "image_only_content"),
            ("../gpt2/README.md", "stub_card"),
            ("# X\n\n<!--\nType: model-index\nModels: []\n-->\n", "model_index_in_comment"),
        ],
    )  # fmt: skip
    def test_names_the_fault_and_where_it_stands(self, text, code):
        found = [finding for finding in run(text)["findings"] if finding["code"] == code]

        assert found, f"no {code}"
        assert found[0]["message"].endswith(".")
        span = found[0]["span"]
        assert span is None or 0 <= span["start"] < span["end"] <= len(text)

    def test_a_sound_card_has_no_warning(self):
        assert [f for f in run(CARD)["findings"] if f["severity"] in ("warning", "problem")] == []

    @pytest.mark.parametrize(
        "said",
        [
            "Questions: ada@lovelace.org, or the public discussion on the entry's page.",
            "Write to ada@lovelace.org.\n\nOr ask in our [forum](https://talk.lovelace.org/).",
            "Mail ada@lovelace.org or open an issue.",
            "Mail ada@lovelace.org. The list is archived at https://groups.google.com/g/lovelace.",
        ],
    )
    def test_mail_beside_a_public_place_is_not_the_only_contact(self, said):
        assert "contact_private_only" not in codes(f"# X\n\n## Contact\n\n{said}\n")

    def test_a_public_place_for_something_else_is_no_contact(self):
        text = "# X\n\nTrained on texts of an open forum.\n\n## Contact\n\nAda: ada@lovelace.org\n"

        assert "contact_private_only" in codes(text)

    def test_a_date_in_the_data_is_not_the_models(self):
        text = "# X\n\nA BERT classifier of texts.\n\nTrained on news collected between May 2011 and June 2012.\n"

        assert "date_before_base_model" not in codes(text)


class TestPrefill:
    def test_proposes_values_with_the_passages_they_come_from(self):
        proposal = prefill(CARD)

        assert proposal["title"] == "Filmwise"
        assert proposal["summary"].startswith("Filmwise is a BERT model")
        assert (proposal["licence"], proposal["date"], proposal["developer"]) == ("MIT", "", "Ada Lovelace")
        for name in ("title", "summary", "licence", "developer"):
            assert proposal["spans"][name]

    def test_guesses_nothing(self):
        proposal = prefill("Nothing of use stands here.\n")

        assert (proposal["title"], proposal["summary"], proposal["licence"], proposal["date"]) == ("", "", "", "")
        assert (proposal["variants"], proposal["links"], proposal["spans"]) == ([], [], {})
        assert "summary" in proposal["not_understood"]

    def test_takes_sizes_and_dates_as_they_are_written(self):
        proposal = prefill(
            "# Big\n\nBig is a language model with 7 billion parameters.\n\n## Model date\n\n5 May 2021\n\n"
            "## Paper\n\n[Paper](https://arxiv.org/abs/2105.00001)\n"
        )

        assert proposal["variants"] == [{"name": "7B", "aliases": [], "note": ""}]
        assert proposal["date"] == "2021-05-05"
        assert proposal["links"] == [
            {"kind": "paper", "title": "arXiv:2105.00001", "url": "https://arxiv.org/abs/2105.00001"}
        ]

    def test_takes_what_one_can_try_for_a_demo_and_no_pointing_word_for_a_title(self):
        links = prefill(
            "# Big\n\nBig is a language model. Read [this paper](https://arxiv.org/pdf/2105.00001v2.pdf) and "
            "[the report](https://example.org/big.pdf). Try it [here](https://transformer.huggingface.co/doc/gpt2), "
            "or the [Big demo](https://huggingface.co/lovelace/big-demo). The "
            "[weights](https://huggingface.co/lovelace/big) and the "
            "[code](https://github.com/lovelace/big) are there, and the "
            "[model card](https://github.com/lovelace/big/blob/main/model_card.md).\n\n"
            "See [our card](https://github.com/lovelace/big/blob/v2/model_card.md#use) again, the "
            "[Big paper](http://arxiv.org/abs/2105.00001) and [Ada's notes](https://example.org/blog/big).\n"
        )["links"]

        assert [(link["kind"], link["title"]) for link in links] == [
            ("paper", "arXiv:2105.00001"), ("paper", ""), ("demo", ""), ("demo", "Big demo"),
            ("weights", "lovelace/big"), ("repository", "lovelace/big"), ("model_card", "lovelace/big"),
            ("announcement", "Ada's notes"),
        ]  # fmt: skip


class TestHostileText:
    @pytest.mark.parametrize(
        "piece",
        ["[", "[a](", "![", "<!--", "```\n", "|", "|a|b|\n", "<table>", "<div>", "@misc{a,", "a@", "> ", "# a\n",
         " ", "1", "**", "a: b\n", "---\n", "`", "http://a.b/c "],
    )  # fmt: skip
    def test_takes_time_in_step_with_length(self, piece):
        started = time.perf_counter()
        report = run((piece * (30_000 // len(piece) + 1))[:30_000] + "x")

        assert time.perf_counter() - started < 8
        json.dumps(report, allow_nan=False)


@needs_shared
class TestLabelledCards:
    def cards(self):
        return sorted(path for path in (DATA / "model_cards").glob("*__*.md"))

    def test_every_card_runs_with_true_quotes_and_the_same_result_twice(self):
        started = time.perf_counter()
        for path in self.cards():
            data, text = path.read_bytes(), path.read_bytes().decode("utf-8")
            report = run(data)
            assert list(report["result"]["items"]) == list(ITEMS)
            for item in report["result"]["items"].values():
                assert all(text[s["start"] : s["end"]] == s["quote"] for s in item["spans"])
            assert json.dumps(report, allow_nan=False) == json.dumps(run(data), allow_nan=False)
            json.dumps(prefill(text), allow_nan=False)
        assert time.perf_counter() - started < 30

    def test_agrees_with_careful_readers_far_better_than_headings_do(self):
        from tests.bench.model_card import labelled, measure, scores, summed

        cards = labelled()
        ours, plain, facts, _ = measure(cards)

        assert len(cards) == 61
        assert scores(summed(ours))[2] >= 0.97
        assert scores(summed(plain))[2] <= 0.75
        assert min(scores(counts)[2] for counts in ours.values()) >= 0.85
        assert facts == {"front_matter": 61, "licence_value": 61, "languages": 61}
