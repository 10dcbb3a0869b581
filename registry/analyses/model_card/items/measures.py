"""Numbers: results, results by group, and what the training cost in energy."""

import re

from ..evidence import content, content_at, thin, thin_at
from ..results import CODE_RESULT, METRIC, NOT_RESULTS, REPORT_SECTION, is_results_table, results_in_front_matter
from ..substance import words_in
from .common import headings_on

NEAR = re.compile(
    rf"(?:{METRIC.pattern})[^.;\n]{{0,60}}?(?:\d{{1,9}}\.\d{{1,9}}|\d{{1,9}}(?:\.\d{{1,9}})?\s?%"
    r"|\b0?\.\d+|[:=] ?\d+(?:\.\d+)?)"
    rf"|(?<![\d.])(?:\d{{1,9}}\.\d{{1,9}}|\d{{1,9}}(?:\.\d{{1,9}})?\s?(?:%|x\b))[^.;\n]{{0,50}}?(?:{METRIC.pattern})"
    r"|\b(?:loss|score|accuracy) of \d",
    re.IGNORECASE,
)
QUALITATIVE = re.compile(
    r"\b(?:state[- ]of[- ]the[- ]art|outperform\w*|perform(?:s|ed|ance)?|accura\w+|better (?:than|results)"
    r"|on[- ]par|competitive|comparable|improv\w+|robust\w*|quality|metrics?|results)\b",
    re.IGNORECASE,
)
SETTING = re.compile(
    r"\b(?:learning rate|batch|epochs?|steps|dropout|threshold|resolution|temperature|warm-?up|optimizer"
    r"|decay|scales?|guidance)\b|[<>]=",
    re.IGNORECASE,
)


def results(card):
    """At least one number with its metric; performance in words is thin."""
    for result in results_in_front_matter(card):
        yield content_at((result.start, result.end))
    for table in card.tables:
        if is_results_table(table):
            yield content(table)
    for code in card.codes:
        yield from reported_in_code(code)
    for comment in card.comments:
        match = re.search(r"^[ \t]*Metrics:\s*\n[ \t]+[^:\n]{1,60}: *[\d.]+", comment.text, re.MULTILINE)
        if match:
            yield content_at((comment.start + match.start(), comment.start + match.end()))
    for unit in card.prose:
        yield from reported_in(unit, card)
    for section in card.sections_on("results"):
        if section.level < 8 or card.units_of(section):
            yield thin(section)


def reported_in_code(code):
    if (
        code.info in ("python", "py", "bibtex")
        or "usage_code" in code.section.topics
        or "citation" in code.section.topics
    ):
        return
    found = [
        m
        for m in CODE_RESULT.finditer(code.text[:20_000])
        if METRIC.search(m["metric"].replace("_", " ")) or METRIC.search(m["metric"])
    ]
    if found and (
        code.section.topics & REPORT_SECTION
        or len(found) >= 2
        and not re.search(r"import |from_pretrained|--\w+", code.text)
    ):
        yield content_at((code.start + found[0].start(), code.start + found[-1].end()))


def reported_in(unit, card):
    text = unit.plain
    topics = unit.section.topics
    if (
        topics & {"citation", "contact", "licence", "usage_code", "training_procedure"}
        and not topics & REPORT_SECTION
    ):
        return
    field = f"{unit.section.title}: {text}" if unit.section.level == 8 else text
    if (
        NEAR.search(field)
        and not (topics & {"training_procedure", "training_data"} and not topics & REPORT_SECTION)
        and not SETTING.search(NEAR.search(field)[0])
    ):
        other = re.search(r"\bdetector\b|\bdetection model", text, re.IGNORECASE) and not re.search(
            "detect", card.title.title if card.title else "", re.IGNORECASE
        )
        yield thin(unit) if other else content(unit)
    elif (
        topics & {"results"}
        and unit.section.own
        and words_in(text) >= 5
        or "results" in topics
        and QUALITATIVE.search(text)
    ):
        yield thin(unit)
    elif re.search(r"\b(?:state[- ]of[- ]the[- ]art|outperform\w*)\b", text, re.IGNORECASE) and re.search(
        r"\b(?:model|it|\w*bert\w*)\b", text, re.IGNORECASE
    ):
        yield thin(unit)


GROUPS = re.compile(
    r"\b(?:languages?|lang|class(?:es)?|label|entit(?:y|ies)|groups?|gender|sex|race|ethnicity|age|domain"
    r"|categor(?:y|ies)|dialect|accent|skin|country|region|religion|genre|topic|subgroup|type)\b|语言|言語"
    r"|언어"
    r"|类别",
    re.IGNORECASE,
)
GROUP_COLUMN = re.compile(
    r"^\W*(?:languages?|lang\.?|class(?:es)?|labels?|entit(?:y|ies)|groups?|gender|sex|race|ethnicity"
    r"|age(?: group)?|domains?|categor(?:y|ies)|dialects?|accents?|skin(?: tone)?|country|region|religion"
    r"|genre|subgroups?|idioma|langue|sprache|язык|语言|言語|언어)\W*$",
    re.IGNORECASE,
)
PER_GROUP = re.compile(
    r"\b(?:by|per|across|for each|between|in each|broken down by|depending on)\b (?:\w+ ){0,4}(?:languages?"
    r"|class(?:es)?|genders?|races?|racial|ethnic\w*|age|domains?|categor(?:y|ies)|dialects?|accents?|skin"
    r"|demographic|groups?|countr(?:y|ies)|regions?|religio\w+)\b",
    re.IGNORECASE,
)
AVERAGES = re.compile(r"\b(?:macro|micro|weighted|samples)[ -]?avg\b|\bsupport\b", re.IGNORECASE)
UNANSWERABLE = re.compile(r"HasAns_\w+[\"']?\s*[:=]\s*\d.*NoAns_\w+|NoAns_\w+[\"']?\s*[:=]\s*\d", re.DOTALL)


def disaggregated(card):
    """Results by group, language, class or domain; several benchmarks side by side are no breakdown."""
    for table in card.tables:
        if is_breakdown(table):
            yield content(table)
    for code in card.codes:
        match = (
            UNANSWERABLE.search(code.text[:20_000])
            or AVERAGES.search(code.text[:20_000])
            and re.search("precision", code.text)
        )
        if match and "usage_code" not in code.section.topics:
            yield content(code)
    for unit in card.prose:
        if PER_GROUP.search(unit.plain) and not unit.section.topics & {"training_data", "citation"}:
            numbers = len(re.findall(r"\d+(?:\.\d+)?\s?%|\d\.\d+", unit.plain))
            measured = METRIC.search(unit.plain) or re.search(
                r"perform|accura|quality|rates?\b|differ|dispar", unit.lower
            )
            if numbers >= 2 and measured:
                yield content(unit)
            elif measured and re.search(
                r"\b(?:var(?:y|ies|iation)|differ\w*|dispar\w*|lower|higher|worse|uneven|unequal)\b",
                unit.lower,
            ):
                yield thin(unit)
    for section in card.sections_on("disaggregated"):
        yield thin(section)


def is_breakdown(table):
    if len(table.rows) < 3:
        return False
    header = table.rows[0][2]
    text = " | ".join(header)
    if re.search("precision", text, re.IGNORECASE) and re.search("recall|f1", text, re.IGNORECASE):
        labels = [row[0] for _, _, row in table.rows[1:] if row and row[0]]
        return (
            any(AVERAGES.search(label) for label in labels)
            or bool(AVERAGES.search(text))
            and len(labels) >= 2
        )
    grouped = header and (
        any(GROUP_COLUMN.match(cell) for cell in header[:2])
        or PER_GROUP.search(f"{table.section.title} {table.lead}")
    )
    if not grouped or "training_data" in table.section.topics and "results" not in table.section.topics:
        return False
    return is_results_table(table) and not NOT_RESULTS.search(" | ".join(header[1:]))


EMISSION = re.compile(
    r"\b(?:co2\w*|co₂\w*|carbon|emissions?|greenhouse|kwh|mwh|energy|electricity|power consumption"
    r"|joules)\b|碳排放|能耗|二酸化炭素|탄소|углерод|emisiones|émissions|emissões",
    re.IGNORECASE,
)
AMOUNT = re.compile(
    r"\d[\d.,]*\s?(?:kg|g|t|tons?|tonnes?|metric tons?|lbs|kwh|mwh|gwh|wh|w|kw|mw)\b|\d[\d.,]*\s?t?\s?co2",
    re.IGNORECASE,
)
HOURS = re.compile(
    r"\b\d[\d.,]*\s?(?:k|m)?\s?-?(?:gpu |tpu |a100 |v100 |h100 |device )?-?(?:hours?|hrs?|h|days?|weeks?)\b",
    re.IGNORECASE,
)
TYPED = re.compile(
    r"\b(?:[vap]100|h100|a10g?|a6000|t4|k80|rtx ?\d{4}|gtx ?\d{4}|titan|tesla|tpu ?v\d|tpuv\d|tpus?"
    r"|nvidia)\b",
    re.IGNORECASE,
)
COUNTED = re.compile(
    r"\b(?:\d+|one|two|four|eight|single)\s?(?:x|×)?\s?(?:\w+ ){0,3}(?:gpus?|tpus?|cores?)\b"
    r"|\bgpu[- ]hours?\b",
    re.IGNORECASE,
)


def environment(card):
    """Energy, emissions, or accelerator type with hours; an accelerator without hours is thin."""
    if card.front_matter.get("co2_eq_emissions"):
        span = card.front_matter.span("co2_eq_emissions") or (card.front_matter.start, card.front_matter.end)
        yield (
            content_at(span)
            if re.search(r"\d", str(card.front_matter.get("co2_eq_emissions")))
            else thin_at(span)
        )
    by_place = accelerators_with_hours(card)
    for unit in card.prose:
        if unit.section.topics & {"usage_code", "citation"} and "environment" not in unit.section.topics:
            continue
        text = f"{unit.section.title}: {unit.plain}" if unit.section.level == 8 else unit.plain
        if EMISSION.search(text) and (
            AMOUNT.search(text)
            or re.search(r"nuclear|renewable|solar|hydro|carbon[- ]neutral|reused", text, re.IGNORECASE)
        ):
            yield content(unit)
        elif id(unit) in by_place:
            yield content(unit)
        elif names_accelerator(unit, text):
            yield thin(unit)
        elif re.search(r"\btrain\w*\b.{0,40}\b\d+ ?(?:h|hours|days)\b(?! of)", text, re.IGNORECASE):
            yield thin(unit)
    for comment in card.comments:
        match = re.search(r"^[ \t]*Training Resources:[ \t]*\S.+", comment.text, re.MULTILINE)
        if match:
            yield thin_at((comment.start + match.start(), comment.start + match.end()))
    yield from headings_on(card, "environment")


def names_accelerator(unit, text):
    if re.search(r"`gpu`|\bgpu\b ?[:=] ?-?\d|\bno gpu|cuda|compatible|inference", text, re.IGNORECASE):
        return False
    text = re.sub(r"\bmi\d+\b|\bp40\b", " ", text)
    return bool(TYPED.search(text) or COUNTED.search(text) or re.search(r"\bgpus\b", text, re.IGNORECASE))


def accelerators_with_hours(card):
    """Units that, with the units beside them in the same section, give an accelerator and its time."""
    found, window = set(), []
    for unit in card.prose:
        text = f"{unit.section.title}: {unit.plain}" if unit.section.level == 8 else unit.plain
        parent = unit.section.parent if unit.section.level == 8 else unit.section
        window = [entry for entry in window if entry[2] is parent][-4:]
        window.append((unit, text, parent))
        joined = " ".join(entry[1] for entry in window)
        if (
            "usage_code" not in unit.section.topics
            and HOURS.search(joined)
            and (TYPED.search(joined) or COUNTED.search(joined))
        ):
            if not re.search(
                r"\d+ ?(?:k )?hours of (?:\w+ )?(?:speech|audio|music|data|video|recordings)",
                joined,
                re.IGNORECASE,
            ):
                found.update(
                    id(entry[0])
                    for entry in window
                    if HOURS.search(entry[1]) or TYPED.search(entry[1]) or COUNTED.search(entry[1])
                )
    return found
