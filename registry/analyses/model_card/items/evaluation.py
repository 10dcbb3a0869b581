"""On which data it was evaluated."""

import re

from ..evidence import content, content_at, thin
from ..results import results_in_front_matter
from ..substance import words_in
from .common import DATASETS, QUANTITY, headings_on, names_something
from .measures import is_results_table

EVALUATED_ON = re.compile(
    r"\b(?P<verb>evaluated?|evaluates|evaluating|evaluation|evalau?te|tested|testing|benchmarked|assessed"
    r"|validated|measured|scores?|results?|performance|achiev\w+|obtain\w*|accuracy|outperform\w*"
    r"|compared?)\b[^.;]{0,120}?\b(?:on|against|over|using|in|for|from)\b(?P<what>.{2,220})",
    re.IGNORECASE,
)
WORLD_EVALUATED = re.compile(
    r"(?:evaluad|evalu[oó] |avaliad|avaliou|valutat|évalué|evaluiert|getestet|оценив|протестир)\w*(?P<what>.{3,160})"
    r"|(?:测试集|验证集|テスト|評価データ)(?P<what3>.{2,80})|(?P<what2>.{2,100})(?:评估|评测|测试集|評価|평가)",
    re.IGNORECASE,
)
DATA_COLUMN = re.compile(
    r"\b(?:data ?sets?|tasks?|benchmarks?|test ?sets?|corpus|testset|eval(?:uation)? (?:data|set))\b|数据集"
    r"|任务"
    r"|데이터|データ",
    re.IGNORECASE,
)
TEST_CELL = re.compile(r"(?:test|val|dev|validation)(?:[ _-]?set|\.\w{2,5})?", re.IGNORECASE)
SPLIT = re.compile(
    r"\b(?:test|testing|dev|development|validation|held-?out|evaluation|eval)[ -](?:sets?|splits?|data"
    r"|datasets?|corpus|partition)\b|\bheld-?out (?:\w+ )?(?:reviews|examples|samples|texts|images|sentences)\b",
    re.IGNORECASE,
)


def evaluation_data(card):
    """On which data it was evaluated, by name or description."""
    for result in results_in_front_matter(card):
        if result.dataset:
            yield content_at((result.start, result.end))
    for unit in card.prose:
        strength = evaluated_in(unit)
        if strength:
            yield strength(unit)
    for table in card.tables:
        if table_names_data(table):
            yield content(table)
    for code in card.codes:
        match = re.search(
            r"--?(?:predict_file|eval_data\w*|validation_file|dev_file|test_file|eval_file"
            r"|reference_path)[= ]+\S+|sacrebleu -t \S+|[\"']test[\"']",
            code.text[:20_000],
        )
        if match and not re.search(r"PATH_TO", match[0]):
            yield content_at((code.start + match.start(), code.start + match.end()))
    for comment in card.comments:
        match = re.search(r"^[ \t]*Dataset:[ \t]*\S.+", comment.text, re.MULTILINE)
        if match and "Metrics:" in comment.text:
            yield content_at((comment.start + match.start(), comment.start + match.end()))
    yield from headings_on(card, "evaluation_data")


def evaluated_in(unit):
    topics = unit.section.topics
    label = unit.section.title.lower()
    if (
        unit.section.own
        and re.search(r"(?:eval\w*|test\w*|validation|dev)[ -](?:data|sets?|corp)", label)
        and not unit.pointer
        and (unit.kind == "item" or names_something(unit.raw))
    ):
        return content
    found = EVALUATED_ON.search(unit.raw) or WORLD_EVALUATED.search(unit.raw)
    about = topics & {"evaluation_data", "results"} or re.search(
        r"\b(?:evaluat|tested|benchmark|test set|dev set|validation set)", unit.lower
    )
    if (
        found
        and about
        and not unit.pointer
        and not re.search(r"can be found in|\bcalculated using this code|computed using", unit.lower)
    ):
        if names_test_data(found):
            return content
    if SPLIT.search(unit.plain) and (
        DATASETS.search(unit.plain) or QUANTITY.search(unit.plain) or re.search(r"\]\(", unit.raw)
    ):
        return content
    if re.search(
        r"\b\d[\d,.]*\b.{0,60}\bfor testing\b|\bsame (?:training )?datasets?\b.{0,40}"
        r"|for evaluation, we used",
        unit.lower,
    ) and re.search(r"evaluat|testing", unit.lower):
        return content
    if "evaluation_data" in topics and unit.section.own and words_in(unit.plain) >= 4:
        return (
            content
            if unit.kind == "item"
            and DATASETS.search(unit.plain)
            and not unit.section.within("training_data")
            else thin
        )
    return None


def names_test_data(found):
    """Whether the words after “evaluated on” name data; weaker verbs need a known or a described set."""
    groups = found.groupdict()
    what = groups.get("what") or groups.get("what2") or groups.get("what3") or ""
    if re.match(
        r"\W*(?:the )?\[?(?:paper|here|this|factors|table|section|figure|appendix)",
        what.strip(),
        re.IGNORECASE,
    ):
        return False
    if DATASETS.search(what) or re.search(
        r"\b(?:data ?sets?|benchmarks?|corpus|test set)\b.{0,40}(?:\]\((?!#)|\b(?:of|from|called)\b)"
        r"|\]\((?!#).{0,200}\b(?:data ?sets?|benchmarks?|corpus|test set)\b",
        what,
    ):
        return True
    if re.search(
        r"[A-Z]\w+.{0,120}\b(?:development|dev|test|testing|validation) (?:and \w+ )?(?:data|sets?"
        r"|datasets?|splits?)\b",
        what,
    ):
        return True
    strong = re.match(
        r"evaluated?$|tested$|benchmarked$|assessed$", groups.get("verb") or "evaluated", re.IGNORECASE
    )
    return bool(strong) and bool(
        re.search(
            r"\]\((?!#)|`[^`]+`|\b(?!(?:NLP|NLU|NER|ASR|QA|SA|TC|MT|POS|TTS|AI|ML|LM|LLMs?|CV"
            r"|OCR)\b)[A-Z][\w-]*[A-Z0-9][\w-]*",
            what,
        )
    )


def table_names_data(table):
    """A table of results whose header, rows or columns name data."""
    header = table.rows[0][2] if table.rows else []
    if any(TEST_CELL.fullmatch(cell) for _, _, cells in table.rows[:6] for cell in cells):
        return True
    if not is_results_table(table):
        return False
    labels = " | ".join([*header, *(row[2][0] for row in table.rows if row[2])])
    return bool(
        DATASETS.search(labels) or any(DATA_COLUMN.fullmatch(cell.strip()) for cell in header if cell)
    )
