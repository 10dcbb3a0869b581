"""What is wrong with a card and what to do about it, each with the place it stands.

The codes are those worth having in a registry: the state of the front matter, the licence, placeholders,
headings without a body, numbers without data, dates that cannot be, and what tools and readers cannot see.
"""

import bisect
import re

from .evidence import CONTENT
from .finding import finding
from .findings_text import template_text
from .items.identity import DATA_TALK, DATE
from .items.people import EMAIL, names_public_place
from .results import METRIC, find_results
from .spdx import NAMED, is_exact, spdx_of
from .substance import words_in

MAX_PER_CODE = 20


def find_problems(card, items, licences) -> list[dict]:
    """All findings, in the order of their codes' checks; a code appears at most MAX_PER_CODE times."""
    found, counts = [], {}
    for check in (
        front_matter,
        licence,
        language,
        template_text,
        empty_headings,
        numbers,
        dates,
        contact,
        links,
        images,
        size,
    ):
        for one in check(card, items, licences):
            counts[one["code"]] = counts.get(one["code"], 0) + 1
            if counts[one["code"]] <= MAX_PER_CODE:
                found.append(one)
    return found


def front_matter(card, items, licences):
    block = card.front_matter
    if block.state == "broken":
        at = block.fault_at if block.fault_at is not None else block.start
        end_of_line = re.compile(r"[\r\n]|$").search(card.text, at).start()
        yield finding(
            f"front_matter_{block.code}",
            "problem",
            block.problem,
            (at, max(end_of_line, min(at + 1, len(card.text)))),
        )
    elif block.code == "rule_not_front_matter":
        yield finding(
            "front_matter_rule_not_front_matter", "notice", block.problem, (block.start, block.start + 3)
        )
    elif block.state == "none":
        message = (
            "The card has no front matter, so tools cannot read its licence or language; add a YAML block."
        )
        yield finding("front_matter_none", "notice", message)
    if "\r\n" in card.text[: max(block.end, 200)]:
        at = card.text.index("\r\n")
        yield finding(
            "crlf",
            "info",
            "Lines end with CR LF; some tools read front matter only with LF ends.",
            (at, at + 2),
        )
    for comment in card.comments:
        if re.search(r"^\s*<!--\s*(?:Type: *)?model-index|^model-index:", comment.text, re.MULTILINE):
            message = "A model index inside an HTML comment is missed by readers and tools; move it out."
            yield finding("model_index_in_comment", "warning", message, (comment.start, comment.start + 4))


def licence(card, items, licences):
    if not licences or licences[0].value is None:
        span = (licences[0].start, licences[0].end) if licences else None
        message = "The card states no licence; name one, best by its SPDX identifier in the front matter."
        yield finding("licence_missing", "warning", message, span)
        return
    first = licences[0]
    span, value = (first.start, first.end), first.value
    if first.strength != CONTENT:
        message = (
            f"The licence is given as “{value[:60]}”, which does not say which one; add its name and a link."
        )
        yield finding("licence_unknown", "warning", message, span)
    elif is_exact(value):
        return
    elif first.spdx and re.sub(r"[\s_]+", "-", value.lower()) == first.spdx.lower():
        message = f"The licence is written “{value[:60]}”; write “{first.spdx}”, its SPDX identifier."
        yield finding("licence_non_spdx_case", "info", message, span)
    elif first.spdx or NAMED.search(value):
        meant = dict.fromkeys(
            filter(None, [first.spdx, *(spdx_of(match[0]) for match in NAMED.finditer(value))])
        )
        hint = (
            f"write “{'” and “'.join(meant)}” so that tools know it"
            if meant
            else "SPDX lists none by that name, so link its text"
        )
        yield finding("licence_free_text", "notice", f"The licence is written in free text; {hint}.", span)
    else:
        message = f"“{value[:60]}” is not a licence that SPDX lists; link its text so that it can be found."
        yield finding("licence_unknown", "notice", message, span)


LANGUAGE_CODE = re.compile(r"[a-z]{2,3}(?:[-_][A-Za-z]{2,8}){0,2}|code|multilingual")


def language(card, items, licences):
    key = next((k for k in ("language", "languages") if k in card.front_matter.data), None)
    if key is None:
        return
    stated, span = card.front_matter.data[key], card.front_matter.span(key)
    if isinstance(stated, str) and re.search(r"[,;/]| and ", stated):
        message = "Several languages stand in one string; write them as a YAML list of codes."
        yield finding("language_string", "warning", message, span)
    names = (
        stated if isinstance(stated, list) else re.split(r"[,;]", stated) if isinstance(stated, str) else []
    )
    odd = [str(name).strip() for name in names if not LANGUAGE_CODE.fullmatch(str(name).strip())]
    if odd:
        message = f"“{odd[0][:40]}” is not a language code; use ISO 639 codes such as “en”."
        yield finding("language_not_code", "notice", message, span)


def empty_headings(card, items, licences):
    """Headings with nothing below them, not even a deeper heading."""
    for i, section in enumerate(card.sections):
        following = card.sections[i + 1] if i + 1 < len(card.sections) else None
        if section.level > 6 or (following and following.level > section.level):
            continue
        body = card.text[section.end : following.start if following else len(card.text)]
        body = re.sub(r"<!--.*?(?:-->|$)", " ", body, flags=re.DOTALL)
        if not re.search(r"[^\W_]", re.sub(r"</?[a-z][^>]{0,200}>|^-{3,}$", " ", body, flags=re.MULTILINE)):
            if section.level > 1 or i > 0:
                message = (
                    f"Nothing follows the heading “{section.title[:60]}”; write it or take the heading out."
                )
                yield finding("heading_without_body", "warning", message, (section.start, section.end))


def numbers(card, items, licences):
    results = find_results(card)
    bare = [result for result in results if not result.dataset and result.source != "code"]
    if bare:
        many = f" (and {len(bare) - 1} more)" if len(bare) > 1 else ""
        message = (
            f"“{bare[0].metric[:40]}” is given without the data it was measured on{many}; name the data."
        )
        yield finding("metric_without_dataset", "warning", message, (bare[0].start, bare[0].end))
    if results and not re.search(
        r"±|\+/-|confidence interval|\b95 ?%? ?ci\b|standard (?:deviation|error)|\bstd\b",
        card.text,
        re.IGNORECASE,
    ):
        message = (
            "No number comes with an interval or a spread over runs; add one to make differences judgeable."
        )
        yield finding("metric_without_interval", "info", message, (results[0].start, results[0].end))
    if items["results"]["status"] == CONTENT and items["evaluation_data"]["status"] != CONTENT:
        span = items["results"]["spans"][0]
        if METRIC.search(span["quote"]) and not bare:
            message = "A number is given, but the card does not say on which data it was measured; name it."
            yield finding("metric_without_dataset", "warning", message, (span["start"], span["end"]))


# First public release of families that cards build on: nothing derived from them can be older.
FAMILIES = [
    (r"stable diffusion", 2022, 8, "Stable Diffusion"),
    (r"llama", 2023, 2, "LLaMA"),
    (r"clip", 2021, 1, "CLIP"),
    (r"vision transformer|vit", 2020, 10, "the Vision Transformer"),
    (r"gpt-?3", 2020, 5, "GPT-3"),
    (r"electra", 2020, 3, "ELECTRA"),
    (r"t5", 2019, 10, "T5"),
    (r"bart", 2019, 10, "BART"),
    (r"distil\w*bert", 2019, 8, "DistilBERT"),
    (r"albert", 2019, 9, "ALBERT"),
    (r"roberta", 2019, 7, "RoBERTa"),
    (r"gpt-?2", 2019, 2, "GPT-2"),
    (r"bert", 2018, 10, "BERT"),
    (r"transformer", 2017, 6, "the Transformer"),
    (r"resnet", 2015, 12, "ResNet"),
]
MAKING = re.compile(
    r"\b(?:train(?:ed|ing)|released?|created|published|model date|developed)\b", re.IGNORECASE
)
MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()


def dates(card, items, licences):
    """A stated date of making that lies before the base model was published."""
    about = " ".join(unit.plain for unit in card.units[:14])
    families = [f for f in FAMILIES if re.search(rf"(?<![a-z]){f[0]}(?![a-z])", about, re.IGNORECASE)]
    if not families:
        return
    family = min(families, key=lambda f: f[1:3])
    for unit in card.prose:
        match = DATE.search(unit.plain) if "training_data" not in unit.section.topics else None
        if match and MAKING.search(f"{unit.section.title} {unit.plain}") and not DATA_TALK.search(unit.plain):
            year = (
                int(re.search(r"(?:19|20)\d\d", match[0])[0])
                if re.search(r"(?:19|20)\d\d", match[0])
                else None
            )
            month = next((i + 1 for i, name in enumerate(MONTHS) if name in match[0].lower()), 12)
            if year and (year, month) < (family[1], family[2]):
                message = (
                    f"The card dates the model “{match[0]}”, but {family[3]}, which it builds on, "
                    f"appeared in {family[1]}; correct the date."
                )
                yield finding("date_before_base_model", "problem", message, (unit.start, unit.end))


def contact(card, items, licences):
    """Addresses of persons and no public place: questions and answers then stay out of sight."""
    if items["contact"]["status"] != CONTENT:
        return
    quotes = [span["quote"] for span in items["contact"]["spans"]]
    if all(EMAIL.search(quote) for quote in quotes) and not any(map(names_public_place, card.prose)):
        span = items["contact"]["spans"][0]
        message = "The only contact is private mail; add a public place, so that others can read the answers."
        yield finding("contact_private_only", "info", message, (span["start"], span["end"]))


def links(card, items, licences):
    for unit in card.units:
        for start, end, _, url in unit.links:
            if not re.match(r"[a-z][a-z0-9+.-]*:|#|//|www\.", url, re.IGNORECASE):
                message = f"The link “{url[:80]}” is relative and breaks elsewhere; write it out in full."
                yield finding("relative_link", "notice", message, (unit.start + start, unit.start + end))


def images(card, items, licences):
    """Results or training shown only as a picture, which no search and no screen reader gets at."""
    topics = {"results", "training_data", "evaluation_data", "training_procedure"}
    starts = [section.start for section in card.sections]
    for image in card.images:
        before = bisect.bisect_left(starts, image.start)
        section = card.sections[before - 1] if before else None
        if section is None or not section.own or not section.topics & topics:
            continue
        said = [unit for unit in card.units_of(section) if not unit.empty and words_in(unit.plain) >= 8]
        if len(said) <= 2 and not any(table.section is section for table in card.tables):
            message = f"“{section.title[:60]}” rests on a picture; give its numbers as text or a table too."
            yield finding("image_only_content", "warning", message, (image.start, image.end))


def size(card, items, licences):
    text = card.text.strip("\ufeff \t\r\n")
    if re.fullmatch(r"\.{0,2}/?(?:[\w.-]+/)+[\w.-]+", text):
        message = (
            "The file holds only a path, as a link does that was copied as text; give the card it points to."
        )
        yield finding("stub_card", "problem", message, (0, len(card.text)))
    elif words_in(text[card.front_matter.end :]) < 20 and not any(
        item["status"] == CONTENT for item in items.values()
    ):
        yield finding(
            "stub_card",
            "warning",
            "The card says next to nothing; describe the model in a few sentences.",
            (0, len(card.text)),
        )
