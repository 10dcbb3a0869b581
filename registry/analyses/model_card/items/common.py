"""What several items' rules share: names of things, headings without a body, mere mentions."""

import re

from ..evidence import content, content_at, thin
from ..substance import words_in

HARDWARE = re.compile(
    r"\b(?:[vap]100s?|h100s?|a10g?|a6000|t4s?|k80s?|p40|rtx ?\d{4}|gtx ?\d{4}|[234]0[6789]0(?: ?ti)?"
    r"|titan(?: ?(?:x|xp|v|rtx))?|tesla|tpus?(?: ?v\d(?:-\d+)?)?"
    r"|tpuv\d(?:-\d+)?|gpus?|nvidia|quadro|mi\d{3}x?|gaudi2?|graphcore|ipus?|apple m\d)\b",
    re.IGNORECASE,
)
DATASETS = re.compile(
    r"\b(?:wikipedia|wiki-?dumps?|wiki(?:text)?-?\d*|imagenet(?:-\w+)?|squad(?:[ _-]?v?\d(?:\.\d)?)?|glue"
    r"|superglue|s?mnli|snli|multinli|mnli|qnli|sst-?\d?|mrpc|qqp|rte"
    r"|coco|ms[- ]?coco|laion[-\w]*|common ?crawl|cc-?100|cc-?net|c4|mc4|book ?corpus|bookscorpus|oscar"
    r"|openwebtext|webtext|the pile|redpajama|stories|cc-?news|conll[-\d]*|ontonotes"
    r"|wmt\d*|opus(?:-\w+)?|tatoeba|flores\S*|xnli|pubmed|pmc|arxiv|s2orc|cord-?19|reddit|twitter|imdb|yelp"
    r"|amazon reviews?|librispeech|common ?voice|voxpopuli|cnn[/ -]daily ?mail"
    r"|xsum|gigaword|ms[- ]?marco|natural questions|triviaqa|hotpotqa|newsqa|race|swag|hellaswag|boolq|piqa"
    r"|lambada|mmlu|gsm8k|humaneval|truthfulqa|cifar-?\d+|mnist|ade20k|kinetics\S*|audioset"
    r"|musiccaps|audiocaps|celeba|fairface|places365|germeval\S*|parade|tydi ?qa|mlqa|xquad|paws(?:-x)?"
    r"|quora|stsb?(?:-?b(?:enchmark)?)?|gutenberg|europarl|paracrawl|ted talks?|opensubtitles\S*)\b",
    re.IGNORECASE,
)
LANGUAGES = re.compile(
    r"^(?:afrikaans|albanian|arabic|armenian|assamese|basque|bengali|brazilian|bulgarian|catalan|chinese"
    r"|colloquial|croatian|czech|danish|dutch|english|esperanto|estonian|farsi|filipino|finnish"
    r"|french|galician|german|greek|gujarati|hebrew|hindi|hungarian|icelandic|indian|indic|indonesian|irish"
    r"|italian|japanese|kannada|kazakh|korean|latin|latvian|lithuanian|macedonian"
    r"|malay|malayalam|marathi|nepali|norwegian|odia|oriya|persian|polish|portuguese|punjabi|romanian"
    r"|russian|sanskrit|serbian|singlish|sinhala|slovak|slovenian|spanish|swahili|swedish"
    r"|tagalog|tamil|telugu|thai|tibetan|turkish|ukrainian|urdu|uzbek|vietnamese|welsh|yoruba|zulu)$",
    re.IGNORECASE,
)
NOT_A_NAME = re.compile(
    r"^(?:the|this|these|that|a|an|we|our|it|i|in|on|for|with|and|or|of|to|as|by|at|from|using|all|more|see"
    r"|note|please|here|nlp|nlu|ai|ml|mlm|nsp|sop|clm|lm|llms?|bert|roberta|albert|gpt"
    r"|google|colab|cloud|research|pytorch|tensorflow|hugging|face|huggingface|transformers|github|base"
    r"|large|small|model|models|fp16|cpu|ram|gb|tb|masked|language|modeling|next|sentence"
    r"|prediction|uncased|cased|web|internet|however|each|one|two|three|its|they|you|if|after|during|first"
    r"|then|both)$",
    re.IGNORECASE,
)
QUANTITY = re.compile(
    r"\b\d[\d,.]*\s?(?:k|m|b|t|thousand|million|billion|trillion|gb|tb"
    r"|mb)?\b\+?\s*(?:\w+[ -]){0,3}?(?:sentences?|tokens?|words?|documents?|docs|images?|pairs?|examples?"
    r"|samples?|hours|reviews?|tweets"
    r"|articles?|posts?|questions?|utterances|texts?|records?|instances|captions|videos?|clips|pages"
    r"|languages|files|dialogues?|conversations?|poems|recordings|gb|tb|mb|of (?:text|data|raw))\b"
    r"|\b\d[\d,.]*\s?(?:gb|tb|mb)\b",
    re.IGNORECASE,
)
NAME = re.compile(
    r"`[^`\n]{2,80}`|\]\(|\b[A-Z][\w&+./-]*[\w+]|\b[A-Z]{2,}\b|[\"“«『「][^\"”»』」]{2,60}[\"”»』」]"
)
FOREIGN = re.compile(
    r"[\u0400-\u04ff\u0590-\u06ff\u0900-\u0dff\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]"
)


def names_something(raw: str) -> bool:
    """Whether words name data: a known set, a link, a quantity or a proper noun that is no language."""
    if DATASETS.search(raw) or QUANTITY.search(raw):
        return True
    for match in NAME.finditer(raw):
        word = match[0].strip('`"“”«»')
        if match[0] == "](":
            return True
        if not (LANGUAGES.match(word) or NOT_A_NAME.match(word) or HARDWARE.match(word)):
            return True
    return False


def headings_on(card, topic, within=True):
    """Headings on the topic as thin evidence: a heading touches the item even if nothing follows."""
    for section in card.sections_on(topic):
        if section.level < 8 or card.units_of(section):
            yield thin(section)


def judged(units, is_content, is_thin=None):
    """Evidence for the units that a rule accepts."""
    for unit in units:
        if is_content(unit):
            yield content(unit)
        elif is_thin and is_thin(unit):
            yield thin(unit)


def substantial(unit, fewest=4):
    """More than a pointer or a few words."""
    return not unit.empty and not unit.pointer and words_in(unit.plain) >= fewest


def content_front(card, key):
    """Evidence at a key of the front matter."""
    return content_at(card.front_matter.span(key) or (card.front_matter.start, card.front_matter.end))
