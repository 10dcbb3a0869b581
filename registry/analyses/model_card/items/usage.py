"""Code or a command that loads or calls the model."""

import re

from ..evidence import content, content_at, thin, thin_at

LOADS = re.compile(
    r"from_pretrained|pipeline\(|torch\.hub\.load|hub\.(?:load|Module|KerasLayer)|\.load_model\("
    r"|load_model\(|create_model\(|SentenceTransformer\(|CrossEncoder\(|\w*Reader\(|Inferencer|\.load\("
    r"|load_checkpoint|from_hparams|InferenceSession|load_dict"
    r"|get_pretrained|model\.(?:generate|predict|encode|transcribe|embed|sample)\(|\.predict\(|AutoModel"
    r"|DiffusionPipeline|load_facebook_model|Llama\(|vllm|client\.\w+\.create|requests\.post"
    r"|curl .{0,200}(?:api|generate|completions)",
)
COMMANDS = re.compile(
    r"(?:^|\n)[ \t$>!%]*(?:CUDA_VISIBLE_DEVICES=\S+ )?(?:python3?|parlai|bash|sh|torchrun"
    r"|ollama run|docker run|transformers-cli|spacy download|fairseq-\w+|onmt_translate|marian-decoder"
    r"|whisper|llama-cli|\./main)\b(?P<rest>[^\n]{0,600})"
)
TRAINING = re.compile(
    r"do_train|--train|train\.py|run_(?:squad|glue|ner|mlm|clm|language_modeling|summarization)\w*\.py"
    r"|finetune|fine_tune|--learning_rate|num_train_epochs|pretrain\w*\.py|preprocess|arcd_pre|download",
    re.IGNORECASE,
)
CALLING = re.compile(
    r"generat|interactive|predict|infer|eval|sample|demo|translate|classif|serve|\bi\b|test|chat"
    r"|run_generation|transcribe|display|main",
    re.IGNORECASE,
)
NOTEBOOK = re.compile(
    r"colab\.research\.google|\.ipynb|notebook|nbviewer|kaggle\.com/\w+/|spaces/|streamlit|gradio",
    re.IGNORECASE,
)
INCLUDE = re.compile(
    r"\{% ?include ['\"][^'\"]*(?:code|snippet|usage|example)[^'\"]*['\"] ?%\}", re.IGNORECASE
)
INLINE = re.compile(
    r"`[^`\n]*(?:from_pretrained|pipeline\(|create_model\(|torch\.hub\.load|SentenceTransformer\()[^`\n]*`"
)


def usage_code(card):
    """Runnable code that loads or calls it; links to notebooks and commands that only train are thin."""
    for code in card.codes:
        strength = code_strength(code)
        if strength:
            yield strength(code)
    for unit in card.prose:
        match = INLINE.search(unit.raw)
        under = "usage_code" in unit.section.topics
        if match:
            yield content_at((unit.start + match.start(), unit.start + match.end()))
        elif INCLUDE.search(unit.raw):
            yield thin(unit)
        elif NOTEBOOK.search(unit.raw) and (
            under or re.search(r"\bus(?:e|age|ing)\b|example|demo|inference|try", unit.lower)
        ):
            yield thin(unit)
        elif re.search(r"how to use the model.{0,40}readme", unit.lower):
            yield thin(unit)
        elif (
            re.search(
                r"\b(?:example(?:s)? (?:of )?usage|usage example|how to use|example code"
                r"|see .{0,30}readme)\b",
                unit.lower,
            )
            and "](" in unit.raw
        ):
            yield thin(unit)
    for table in card.tables:
        if NOTEBOOK.search(card.text[table.start : table.end]):
            yield thin(table)
    for section in card.sections_on("usage_code"):
        if not re.search(
            r"\b(?:demo|pytorch|tensorflow|install\w*|pipelines?|examples?|inference)\b",
            section.title.lower(),
        ):
            yield thin_at((section.start, section.end))


def code_strength(code):
    is_entry = re.match(r"(?:[`~]{3,9}\w*)?\s{0,20}@\w+\{", code.text.lstrip()[:200])
    if is_entry or code.info in ("bibtex", "tex", "json", "yaml", "yml"):
        return None
    text = code.text[:20_000]
    if LOADS.search(text):
        only_trains = re.search(r"Trainer\(|TrainingArguments|\.fit\(", text) and not re.search(
            r"\.generate\(|\.predict\(|pipeline\(", text
        )
        return thin if only_trains else content
    calls, trains = False, False
    for match in COMMANDS.finditer(text):
        rest = match[0]
        trains = trains or bool(TRAINING.search(text))
        calls = calls or bool(CALLING.search(rest)) and not TRAINING.search(text)
    if calls:
        return content
    return thin if trains and re.search(r"\bhow to\b|usage|use\b", code.section.title.lower()) else None
