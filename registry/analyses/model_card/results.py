"""Numbers with their metric: from the front matter's model index, tables and lines of code."""

import re
from dataclasses import dataclass

MAX_RESULTS = 500
METRIC = re.compile(
    r"\b(?:acc(?:uracy|\.)?|f1(?:[- ]?scores?|[- ]?measure)?|f-?(?:measure|score)s?|fmeasure|precision"
    r"|recall|bleu\w*|sacrebleu|chr-?f\d?|ter|comet|rouge-?\w*|meteor|cider|spice|perplexity|ppl|bpc|bpb"
    r"|bits[ -]per[ -]\w+|exact[ _-]?match|em|wer|cer|mer"
    r"|mse|rmse|mae|m?ap(?:@\S+)?|map|miou|iou|fid|kid|kld?|clip score|inception score|auc|auroc|roc[- ]auc"
    r"|mcc|matthews\w*|pearson\w*|spearman\w*|correlation|top[- ]?[15](?:[- ]?(?:acc\w*|error))?|psnr|ssim"
    r"|lpips|pass@\d+|mrr|ndcg\S*|hits?@\d+|r@\d+|las|uas"
    r"|(?:validation |training |eval(?:uation)? |test |masked_lm_|sentence_order_)?(?:loss|accuracy)"
    r"|error rate|cosine similarity|frechet audio distance|fad|text consistency|bertscore|mover\w*"
    r"|win ?rate|elo|scores?|faster|speed-?up|der|eer|stoi|pesq|nist|dice|exact|hasans_\w+|noans_\w+"
    r"|precisión|exactitude|genauigkeit|точность)\b"
    r"|准确率|精确率|召回率|困惑度|正解率|精度|適合率|정확도|정밀도|점수",
    re.IGNORECASE,
)
NUMBER = re.compile(
    r"(?<![\w.])[-+]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:[.,]\d+)?(?:e-?\d+)?\s?%?(?![\w])", re.IGNORECASE
)
CODE_RESULT = re.compile(
    r"[\"']?(?P<metric>[A-Za-z][\w @./-]{0,40}?)[\"']?\s*[:=]\s*(?P<value>-?\d+(?:\.\d+)?(?:e-?\d+)?)\s*%?"
)


REPORT_SECTION = {"results", "evaluation_data"}
NOT_RESULTS = re.compile(
    r"#|\b(?:params?|parameters|layers|hidden|heads|size|number of|no\. of|count|tokens|utterance|reviews"
    r"|train|download|percentage|files|description|extension|notebook|vocab\w*|link)\b",
    re.IGNORECASE,
)


def is_results_table(table) -> bool:
    """A table with numbers that a header, a row, the heading or the sentence before names as results."""
    if len(table.rows) < 2:
        return False
    cells = [cell for _, _, row in table.rows[1:] for cell in row[1:] if cell]
    numeric = sum(bool(NUMBER.search(cell)) for cell in cells)
    if not numeric or numeric < len(cells) / 5:
        return False
    header = " | ".join(table.rows[0][2])
    labels = " | ".join(row[0] for _, _, row in table.rows[1:] if row)
    # Cells after the first: a first column "Model" says nothing about the numbers.
    if (
        METRIC.search(header)
        or METRIC.search(labels)
        or METRIC.search(" | ".join(c for _, _, r in table.rows[1:3] for c in r))
    ):
        return not re.search(r"avg utterance|#params", header, re.IGNORECASE) or bool(METRIC.search(header))
    under = (
        table.section.topics & REPORT_SECTION
        or METRIC.search(table.section.title)
        or METRIC.search(table.lead)
    )
    return bool(under) and not NOT_RESULTS.search(header)


@dataclass(frozen=True)
class Result:
    """One number: on which task and data, by which metric, and where it stands."""

    task: str | None
    dataset: str | None
    metric: str
    value: float | str
    start: int
    end: int
    source: str  # front matter, table, code or comment

    def as_dict(self):
        return {
            "task": self.task,
            "dataset": self.dataset,
            "metric": self.metric,
            "value": self.value,
            "source": self.source,
            "start": self.start,
            "end": self.end,
        }


def find_results(card) -> list[Result]:
    """All results that are stated in a form that can be read without guessing."""
    found = [*results_in_front_matter(card), *results_in_tables(card), *results_in_code(card)]
    return [*found, *results_in_comments(card)][:MAX_RESULTS]


def results_in_front_matter(card):
    """The `model-index` of the Hub's metadata, read leniently."""
    index = card.front_matter.data.get("model-index")
    span = card.front_matter.span("model-index") or (card.front_matter.start, card.front_matter.end)
    for model in index if isinstance(index, list) else []:
        for result in as_list(model, "results"):
            task, dataset = named(result, "task"), named(result, "dataset")
            for metric in as_list(result, "metrics"):
                value = metric.get("value") if isinstance(metric, dict) else None
                name = metric.get("type") or metric.get("name") if isinstance(metric, dict) else None
                if name and isinstance(value, (int, float, str)) and not isinstance(value, bool):
                    yield Result(task, dataset, str(name)[:100], value, *span, "front matter")


def as_list(value, key):
    inner = value.get(key) if isinstance(value, dict) else None
    return [entry for entry in inner if isinstance(entry, dict)] if isinstance(inner, list) else []


def named(value, key):
    inner = value.get(key) if isinstance(value, dict) else None
    if isinstance(inner, dict):
        inner = inner.get("name") or inner.get("type")
    return str(inner)[:200] if isinstance(inner, (str, int, float)) and not isinstance(inner, bool) else None


def results_in_tables(card):
    for table in card.tables:
        if is_results_table(table):
            yield from read_table(table)


def read_table(table):
    """Cells with a number, named by their column, their row and the metric around them."""
    header, lead = table.rows[0][2], METRIC.search(f"{table.section.title} {table.lead}")
    by_row = not any(METRIC.search(cell) for cell in header[1:])
    for start, end, cells in table.rows[1:]:
        label = cells[0] if cells else ""
        for column, cell in zip(header[1:], cells[1:], strict=False):
            value = number_in(cell)
            if value is None:
                continue
            own = METRIC.search(label) if by_row else METRIC.search(column)
            metric = own[0] if own else lead[0] if lead else None
            if metric:
                dataset = column if by_row and own else label
                task = table.section.title or None
                yield Result(task, dataset[:200] or None, metric, value, start, end, "table")


def results_in_code(card):
    for code in card.codes:
        if code.info in ("python", "py", "bash", "sh", "markdown") or "usage_code" in code.section.topics:
            continue
        if not (
            code.section.topics & REPORT_SECTION
            or re.search(r"eval|result|score", code.text[:200], re.IGNORECASE)
        ):
            continue
        for match in CODE_RESULT.finditer(code.text[:20_000]):
            if METRIC.search(match["metric"].replace("_", " ")) or METRIC.search(match["metric"]):
                yield Result(
                    code.section.title or None,
                    None,
                    match["metric"].strip(),
                    float(match["value"]),
                    code.start + match.start(),
                    code.start + match.end(),
                    "code",
                )


def results_in_comments(card):
    """`Metrics:` lists of the model indexes that some libraries keep in an HTML comment."""
    pattern = re.compile(
        r"- Task: *(?P<task>.+)\n\s*Dataset: *(?P<dataset>.+)\n\s*Metrics:\s*\n"
        r"(?P<metrics>(?:[ \t]+[^:\n]{1,60}: *[\d.]+ *%?[ \t]*\n?)+)"
    )
    for comment in card.comments:
        for match in pattern.finditer(comment.text):
            for metric in re.finditer(r"[ \t]+([^:\n]{1,60}): *([\d.]+ *%?)", match["metrics"]):
                value = number_in(metric[2])
                at = comment.start + match.start("metrics")
                yield Result(
                    match["task"].strip(),
                    match["dataset"].strip(),
                    metric[1].strip(),
                    value,
                    at + metric.start(1),
                    at + metric.end(),
                    "comment",
                )


def number_in(cell):
    """The cell's number, or None if it holds none or too many."""
    found = NUMBER.findall(cell)
    if not found or len(found) > 2 or len(cell) > 40:
        return None
    text = found[0].strip().rstrip("%").strip()
    text = (
        text.replace(",", "")
        if re.fullmatch(r"[-+]?\d{1,3}(?:,\d{3})+(?:\.\d+)?", text)
        else text.replace(",", ".")
    )
    try:
        return float(text)
    except ValueError:
        return None
