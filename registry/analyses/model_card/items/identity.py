"""What the model is, and when it was made."""

import re

from ..evidence import content, thin, thin_at
from ..substance import words_in
from .common import content_front

CARD_TALK = re.compile(r"\bmodel[- ](?:cards?|index|hub|zoo|repo\w*)\b", re.IGNORECASE)
MODEL = re.compile(
    r"\b(?:models?|networks?|transformers?|classifiers?|encoders?|decoders?|embeddings?|checkpoints?"
    r"|backbones?|chatbots?|detectors?|generators?|vaes?|gans?|llms?|lms?|tokenizers?|\w*bert\w*|gpt\S*"
    r"|t5\S*|\w*former\w*|electra\S*|bart\S*|llama\S*|mistral\S*|resn\w+|vit\S*|lstm\S*|cnn|(?:ported"
    r"|version|variant|weights) (?:version )?of)\b"
    r"|modelos?|modell\w*|modèles?|modelli|модел\w*|模型|モデル|모델|نموذج|مدل",
    re.IGNORECASE,
)
DOING = re.compile(
    r"\b(?:pre-?)?train(?:ed|ing|s)?\b|fine-?tun\w*|\bbased on\b|architectur\w*|\btasks?\b|predict\w*"
    r"|generat\w*|classif\w*|translat\w*|detect\w*|recogni\w*|summari[sz]\w*|question|answer\w*"
    r"|understanding|segment\w*|language model\w*|speech|dialogue|conversation\w*|sentiment|similarity"
    r"|embedding|retriev\w*|masked|causal|diffusion|text-to-\w+|image|audio|vision|ported|converted"
    r"|distill\w*"
    r"|multilingual|monolingual|convolution\w*|residual|self-supervised|used (?:for|in|to)|sequence|token"
    r"|ner\b|parsing|extract\w*|caption\w*|autoregressive|transformer|neural|learn\w*"
    r"|entrenad|treinad|addestrat|entraîn|trainiert|обучен|训练|微调|语言模型|学習|事前|학습|eğit|dilatih"
    r"|prédi|clasific"
    r"|klassifi|классифик|分类|分類|生成|翻译|翻訳|번역|분류",
    re.IGNORECASE,
)
TASK_TAGS = re.compile(
    r"classification|summarization|translation|generation|question-answering|fill-mask|detection"
    r"|segmentation|recognition|text-to|image-to|-similarity|ner\b|conversational|regression|retrieval"
    r"|captioning|transformer|bert|gpt|language-model|masked-lm|causal-lm|seq2seq|speech",
    re.IGNORECASE,
)


def description(card):
    """One concrete sentence about task, architecture or base model suffices; a task tag alone is thin."""
    for unit in card.units:
        text = CARD_TALK.sub(" ", unit.plain)
        if unit.empty or unit.kind == "heading" and (unit.section.own or words_in(text) < 4):
            continue
        if words_in(text) >= 4 and MODEL.search(text) and DOING.search(text):
            yield content(unit)
        elif unit.section.level == 8 and unit.section.own and "description" in unit.section.topics:
            yield content(unit)
    yield from description_touched(card)


def description_touched(card):
    front_matter = card.front_matter
    for key in ("pipeline_tag", "base_model", "model-index", "model_type"):
        if front_matter.get(key):
            yield thin_at(front_matter.span(key) or (front_matter.start, front_matter.end))
    tags = front_matter.get("tags")
    if isinstance(tags, (list, str)) and TASK_TAGS.search(str(tags)):
        yield thin_at(front_matter.span("tags") or (front_matter.start, front_matter.end))
    for section in card.sections_on("description"):
        yield thin(section)
    for unit in card.units:
        if re.search(r"\bmodel card (?:for|of)\b|\bmodels?\b.*\bmodels?\b", unit.plain, re.IGNORECASE):
            yield thin(unit)


MONTH = (
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec|january|february|march|april|june|july|august|"
    r"september|october|november|december|spring|summer|autumn|fall|winter|enero|febrero|marzo|abril|mayo"
    r"|junio|julio|agosto|"
    r"septiembre|octubre|noviembre|diciembre|janvier|février|mars|avril|mai|juin|juillet|août|septembre"
    r"|octobre|"
    r"novembre|décembre|januar|februar|märz|juni|juli|oktober|dezember)"
)
DATE = re.compile(
    rf"\b(?:\d{{1,2}}(?:st|nd|rd|th)?[ .]+(?:of )?)?{MONTH}\.?,? ?(?:de |of )?"
    r"(?:\d{1,2}(?:st|nd|rd|th)?,? )?[.,]?(?:19|20)\d\d\b"
    r"|\b(?:19|20)\d\d[-/.](?:0?[1-9]|1[0-2])(?:[-/.]\d{1,2})?\b|\b(?:0?[1-9]|[12]\d|3[01])[-/.](?:0?[1-9]"
    r"|[12]\d|3[01])[-/.](?:19|20)\d\d\b|\b[0-3]?[1-9]/[01]?\d/\d\d\b|(?:19|20)\d\d ?年",
    re.IGNORECASE,
)
YEAR = re.compile(r"(?<![\w/.:-])(?:19[89]|20[0-4])\d(?![\w/-]|\.\d)")
VERSION = re.compile(
    r"\bv(?:ersion)?[ .]?\d+(?:\.\d+)*|\b\d+\.\d+(?:\.\d+)?\b|\bfirst version\b|\bversion (?:one|two"
    r"|i{1,3})\b",
    re.IGNORECASE,
)
DATING = re.compile(
    r"\b(?:released?|published|updated?|trained|training|created|developed|made (?:available|public)"
    r"|launched|last (?:modified|updated)|as of|model date|version|started|finished|uploaded|dated"
    r"|publicad\w*|lanzad\w*|desarrollad\w*|entrenad|publié|veröffentlicht|trainiert|опубликован|выпущен|обучен)\b|发布|更新"
    r"|公開|공개",
    re.IGNORECASE,
)
DATA_TALK = re.compile(
    r"\b(?:dumps?|crawl\w*|snapshot|cut-?s? ?off|et al|proceedings|conference|workshop|in proc"
    r"|dataset (?:was )?(?:released|from)|competition|data from|corpus|tweets|articles from|paper|born"
    r"|wikipedia|arxiv|challenge|shared task|collected|between|presented|data files?)\b",
    re.IGNORECASE,
)
LOG_LINE = re.compile(r"\d\d:\d\d:\d\d|\.(?:zip|txt|tar|gz|py|json)\b")
THIS_VERSION = re.compile(
    r"\b(?:this|current|latest|first|initial) (?:is )?(?:the )?(?:model )?(?:version|release)\b.{0,40}\d"
    r"|\bversion \d+(?:\.\d+)* of (?:the|this) model|\bthis is the (?:first|second|\w+) version\b",
    re.IGNORECASE,
)


def date_version(card):
    """A stated date or version; a citation's year or a number in the name is thin."""
    for section in card.sections_on("date_version"):
        if DATE.search(section.title) or VERSION.search(section.title):
            yield content(section)
        for unit in card.units_of(section):
            dated = DATE.search(unit.plain) or YEAR.search(unit.plain) or VERSION.search(unit.plain)
            labelled = section.level < 8 and re.search(r"version|date", section.title, re.IGNORECASE)
            if not unit.empty and (
                dated or (labelled and words_in(unit.plain) >= 4 and re.search(r"\d", unit.plain))
            ):
                yield content(unit)
        yield thin(section)
    for unit in card.prose:
        text = unit.plain
        if THIS_VERSION.search(text):
            yield content(unit)
        elif not (DATA_TALK.search(text) or LOG_LINE.search(text) or unit.pointer or in_citation(unit)):
            if DATE.search(text) and (DATING.search(text) or words_in(text) <= 6):
                yield content(unit)
            elif re.search(
                r"\b(?:released|published|updated|trained) (?:in|on) (?:19|20)\d\d\b", text, re.IGNORECASE
            ):
                yield content(unit)
    for section in card.sections:
        if not section.own and re.search(
            r"\b(?:version|release|v)[ .]?\d+(?:\.\d+)+", section.title, re.IGNORECASE
        ):
            yield (
                content(section)
                if re.match(r"\W*(?:version|release)\b", section.title, re.IGNORECASE)
                else thin(section)
            )
    yield from date_touched(card)


def in_citation(unit):
    return (
        unit.section.own and "citation" in unit.section.topics and "date_version" not in unit.section.topics
    )


def date_touched(card):
    for key in ("date", "version", "model_version", "release_date"):
        if card.front_matter.get(key):
            yield content_front(card, key)
    for entry in card.entries:
        if re.search(r"\d{4}", entry.fields.get("year", "") + entry.fields.get("journal", "")):
            yield thin(entry)
    title = card.title
    if title and re.search(r"(?:\b|_|-)v\d+(?:\.\d+)*\b|\d+k\b", title.title, re.IGNORECASE):
        yield thin(title)
    for section in card.sections:
        if re.fullmatch(r"\S*(?:[-_]v\d[\d.]*|_\d+k)", section.title):
            yield thin(section)
    for unit in card.prose:
        if re.search(
            r"\bcheckpoint\W{1,3}\d|\bversions?\b.{0,30}\bv?\d+(?:\.\d+)?\b|\bv\d+\.\d+\b",
            unit.plain,
            re.IGNORECASE,
        ):
            yield thin(unit)
        elif re.search(r"checkpoint", unit.section.title, re.IGNORECASE) and re.fullmatch(r"\d+", unit.plain):
            yield thin(unit)
