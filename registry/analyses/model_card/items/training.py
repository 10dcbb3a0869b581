"""What it was trained on, and how."""

import re

from ..evidence import content, content_at, thin
from ..substance import words_in
from .common import DATASETS, FOREIGN, HARDWARE, QUANTITY, headings_on, names_something, substantial

TRAINED_ON = re.compile(
    r"\b(?:pre-?)?(?:re)?train(?:ed|ing)?\b[^.;]{0,80}?\b(?:on|with|using|from|over"
    r"|against)\b(?P<what>.{3,220})|\bfined?-?tun(?:ed|ing)\b[^.;]{0,80}?\b(?:on|with|using|over"
    r"|from)\b(?P<what2>.{3,220})"
    r"|\b(?:training|pre-?training|fine-?tuning) (?:data|corpus|corpora|set|dataset)s?\b(?P<what3>.{3,220})"
    r"|\b(?:used|use|compiled|collected|crawled)\b(?P<what4>.{3,160}?)\b(?:for|to) (?:pre-?)?(?:train"
    r"|fine-?tun)\w*",
    re.IGNORECASE,
)
WORLD_TRAINED = re.compile(
    r"(?:entrenad|treinad|addestrat|entraîn|trainiert|vortrainiert|обучен|обучал"
    r"|дообучен)\w*(?P<what>.{3,200})|(?:训练|微调|学習|訓練|学습|학습|eğit|dilatih)(?P<what2>.{0,200})"
    r"|(?P<what3>.{2,160})(?:上训练|上微调|で学習|으로 학습|üzerinde eğit)",
    re.IGNORECASE,
)
DATA_HOLDS = re.compile(
    rf"\b(?:data ?set|corpus) (?:includes|contains|holds|consists of|comprises|has|is made (?:up )?of)\b"
    rf".{{0,40}}(?:{QUANTITY.pattern})",
    re.IGNORECASE,
)


def training_data(card):
    """Named or described data; a dataset id in the front matter is content, “a large corpus” is thin."""
    if card.front_matter.get("datasets"):
        yield content_at(
            card.front_matter.span("datasets") or (card.front_matter.start, card.front_matter.end)
        )
    for unit in card.prose:
        under = "training_data" in unit.section.topics
        if under and describes_data(unit):
            yield content(unit)
        elif (
            trained_on(unit)
            or DATA_HOLDS.search(unit.plain)
            and not unit.section.topics & {"evaluation_data", "results"}
        ):
            yield content(unit)
        elif (
            re.search(r"\b(?:pre-?)?trained\b|fine-?tuned\b|training data", unit.plain, re.IGNORECASE)
            or under
            and unit.pointer
        ):
            yield thin(unit)
    for unit in card.units:
        if (
            unit.kind == "heading"
            and unit.section.level < 8
            and re.search(r"\b(?:trained|fine-?tuned) (?:on|with)\b|\+ .* dataset", unit.plain, re.IGNORECASE)
        ):
            yield content(unit) if DATASETS.search(unit.plain) else thin(unit)
    for table in card.tables:
        if "training_data" in table.section.topics and table.section.own and len(table.rows) >= 2:
            yield content(table)
    yield from training_data_in_comments(card)
    yield from headings_on(card, "training_data")


def describes_data(unit):
    """A sentence or item under a heading about training data that names or describes it."""
    if (
        unit.empty
        or re.search(r"\beval(?:uation)?\b|\btest set\b", unit.section.title.lower())
        and "train" not in unit.section.title.lower()
    ):
        return False
    if unit.pointer and not (unit.kind == "item" and unit.links and words_in(unit.plain) <= 8):
        return False
    if unit.kind == "item":
        return words_in(unit.plain) >= 1 and not re.match(r"(?:for )?more|see\b", unit.lower)
    if FOREIGN.search(unit.plain):
        return words_in(unit.plain) >= 4
    return words_in(unit.plain) >= 4 and (
        names_something(unit.raw[1:]) and not left_alone(unit) or QUANTITY.search(unit.plain) is not None
    )


def left_alone(unit):
    return bool(
        re.search(
            r"\b(?:weights were left|more details|set-?up (?:is|can)|described in|refer to|credits?"
            r"|repository"
            r"|scripts?)\b",
            unit.plain,
            re.IGNORECASE,
        )
    )


def trained_on(unit):
    if left_alone(unit) and not DATASETS.search(unit.plain):
        return False
    for pattern in (TRAINED_ON, WORLD_TRAINED):
        for match in pattern.finditer(unit.raw):
            what = next((group for group in match.groups() if group), "")
            if pattern is WORLD_TRAINED and not re.search(r"[A-Z0-9《「\"]", what):
                continue
            if names_data(what):
                return True
    return False


AFTER_DATA = re.compile(
    r"\b(?:using|with the|for \d|by|via|objective|task|in order|following|hyper|epochs|steps|batch"
    r"|learning rate|gpus?|tpus?|masked|script|notebook|code|library|presented|optimi[sz]er|loss|command)\b",
    re.IGNORECASE,
)


def names_data(what):
    """Whether the words after “trained on” name data before they go on to something else."""
    cut = AFTER_DATA.search(what)
    head = what[: cut.start()] if cut and cut.start() > 3 else what if not cut else ""
    if re.match(r"\s*(?:our|the|a|an)?\s*(?:following|below)", what) and "dataset" in what:
        return True
    head = re.sub(
        r"\b(?:tensorflow|pytorch|jax|keras|fairseq|farm|huggingface|hugging face|parlai|transformers"
        r"|colab)\b",
        " ",
        head,
        flags=re.IGNORECASE,
    )
    described = re.search(
        r"\b(?:data ?sets?|corpus|corpora|pairs|reviews|tweets|articles|posts|images|pages|songs|poems"
        r"|recordings|captions|hashtags)\b.{0,40}\b(?:from|of|by|comprised|consisting|collected"
        r"|in)\b(?! the (?:internet|web)\b)(?!.{0,30}from the (?:internet|web)\W*$)",
        head,
        re.IGNORECASE,
    )
    return names_something(head) or bool(described)


def training_data_in_comments(card):
    """Model indexes of some libraries list training data as YAML inside a comment."""
    for comment in card.comments:
        match = re.search(
            r"^[ \t]*Training Data:[ \t]*\n(?:[ \t]*- .+\n?)+|^[ \t]*Training Data:[ \t]*\S.+",
            comment.text,
            re.MULTILINE,
        )
        if match:
            yield content_at((comment.start + match.start(), comment.start + match.end()))


HYPERPARAMETER = re.compile(
    r"\b(?:learning[ _-]?rate|lr|batch[ _-]?size|(?:per[_-]\w+[_-])?(?:train[_-])?batch[_-]?size"
    r"|n?_?epochs?|num_train_epochs|(?:training |train_|n_|max_|extra |gradient )?steps|iterations"
    r"|warm-?up\w*|weight[ _-]?decay|drop-?out|momentum|max_seq\w*|sequence length|seq_?len\w*"
    r"|gradient[ _-]?(?:accumulation\w*|clip\w*)|adam_?\w*|optimi[sz]er|beta_?\d|betas|learningrate"
    r"|batchsize|block size|vocab(?:ulary)?[ _]size|hidden size|lr_scheduler)\b[^\n]{0,40}?\d"
    r"|\b\d[\d.,]*\s?[km]?\s?(?:gradient |training |update |optimi[sz]ation |extra |more |additional "
    r"|pre-?training )*(?:steps|epochs|iterations|updates)\b"
    r"|--(?:learning_rate|num_train_epochs|per_\w+_train_batch_size|train_batch_size|max_seq_length)\b"
    r"|\b(?:global )?batch(?:es)?(?: size)? of\b.{0,12}\d|\b(?:learning rate|dropout|warm-?up)\b.{0,30}\d",
    re.IGNORECASE,
)
SETTINGS = re.compile(
    r"learn(?:ing)? rate|batch size|\\bepochs\\b|training steps|warm-?up|optimi[sz]er|dropout|weight decay"
)
OPTIMISER = re.compile(
    r"\b(?:adam(?:w|ax)?|sgd|lamb|adafactor|rmsprop|lion|nesterov)\b(?: (?:optimi[sz]er|with))?",
    re.IGNORECASE,
)
PREPARED = re.compile(
    r"\b(?:tokeni[sz]ed?|sentence-?piece|word-?piece|byte[- ]pair|\bbpe\b|lower-?cased|mask(?:s|ed"
    r"|ing)?\b.{0,30}\b(?:\d+ ?%|tokens|words)|pre-?process(?:ed|ing)|post-?processing|cleaned"
    r"|deduplicat\w*|normali[sz](?:ed|ation)|augment(?:ed|ations?)|(?:extracted|encoded|quantized) using"
    r"|resiz\w+|crop\w*"
    r"|distill(?:ed|ation)|initiali[sz](?:ed|ation)|reward model|warm-?start\w*|self-distill\w*"
    r"|objective[s]?\b|loss\b|reinforcement learning|curriculum|mixed[- ]precision|fp16|bf16|under-?sampled"
    r"|oversampled|trained from scratch|fine-?tuned? (?:for|using|with)|rendered|contrastive"
    r"|cross[- ]entropy)",
    re.IGNORECASE,
)
PREPARING = re.compile(
    r"\b(?:pre-?process(?:ed|ing)|post-?process\w*|tokeni[sz]ed (?:using|with|by)|sentence-?piece"
    r"|word-?piece|rendered|used for initiali[sz]ation|initiali[sz]ed (?:\w+ ){0,3}(?:with|from|using)|we cleaned"
    r"|(?:extracted|encoded|quantized) using|augmentations|reinforcement learning|reward model)\b",
    re.IGNORECASE,
)
TOOK = re.compile(
    r"\b(?:train\w*|fine-?tun\w*|pre-?train\w*)\b.{0,80}\b\d[\d.,]*\s?(?:hours?|hrs?|h|days?|weeks?"
    r"|minutes)\b(?! of)|\b(?:took|takes|lasted?|duration)\b.{0,30}\b\d[\d.,]*\s?(?:hours?|days?|h\b|weeks?"
    r"|minutes)",
    re.IGNORECASE,
)
NOT_TRAINING = re.compile(
    r"\b(?:to (?:pre-?)?train your own|you can (?:further )?(?:fine-?tune|train)|your own (?:data|model)"
    r"|if you (?:want|decide)|inference|at test time|decoding|generation steps)\b",
    re.IGNORECASE,
)


def training_procedure(card):
    """Steps, hyper-parameters, preprocessing, hardware or time; an objective or a script's link is thin."""
    for unit in card.prose:
        strength = procedure_in(unit)
        if strength:
            yield strength(unit)
    for code in card.codes:
        if len(HYPERPARAMETER.findall(code.text[:20_000])) >= 2 and (
            trains(code) or "training_procedure" in code.section.topics
        ):
            yield content(code)
    for table in card.tables:
        if table.rows and len(set(SETTINGS.findall(card.text[table.start : table.end].lower()))) >= 2:
            yield content(table)
    for comment in card.comments:
        match = re.search(
            r"^[ \t]*(?:Training Techniques:|Epochs: *\d|Batch Size: *\d|Learning Rate: *\d|LR: *\d)",
            comment.text,
            re.MULTILINE,
        )
        if match:
            yield content_at((comment.start + match.start(), comment.start + match.end()))
    yield from headings_on(card, "training_procedure")


def trains(code):
    return bool(
        re.search(
            r"do_train|Trainer|TrainingArguments|\.fit\(|num_train_epochs|train_file|learning_rate|n_epochs"
            r"|optimizer",
            code.text,
        )
    )


def procedure_in(unit):
    topics = unit.section.topics
    under = "training_procedure" in topics
    if NOT_TRAINING.search(unit.plain) or topics & {"usage_code", "citation", "contact"} and not under:
        return None
    hyper = (
        HYPERPARAMETER.search(unit.plain)
        or HYPERPARAMETER.search(f"{unit.section.title}: {unit.plain}")
        and unit.section.level == 8
    )
    if hyper and (
        under
        or re.search(
            r"train|fine-?tun|optimi[sz]|learning rate|batch|epoch|resumed|checkpoint",
            unit.plain + unit.section.title,
            re.IGNORECASE,
        )
    ):
        return None if "results" in topics and not under and not re.search(r"train", unit.lower) else content
    if under and HARDWARE.search(unit.plain) and re.search(r"\d", unit.plain) or TOOK.search(unit.plain):
        return content
    if (
        under
        and not unit.pointer
        and substantial(unit, 2 if unit.section.level == 8 else 5)
        and (PREPARED.search(unit.plain) or OPTIMISER.search(unit.plain) or FOREIGN.search(unit.plain))
    ):
        return content
    training = re.search(r"\b(?:pre-?)?train(?:ed|ing|s)?\b|fine-?tun\w+", unit.lower)
    if (
        training
        and HARDWARE.search(unit.plain)
        and re.search(r"\btrain(?:ed|ing)\b.{0,60}\bon\b", unit.lower)
    ):
        return content
    if (
        substantial(unit, 9)
        and not topics & {"results", "evaluation_data", "limitations", "intended_use"}
        and PREPARING.search(unit.plain)
    ):
        return content
    if (
        under
        or training
        and re.search(
            r"objective|mask(?:ed|ing)|contrastive|augmented|script|whole word|from scratch|initiali|distill"
            r"|next word|loss\b|left identical|by predicting",
            unit.lower,
        )
    ):
        return thin
    if re.search(
        r"\btraining (?:set-?ups?|details|scripts?|code|procedure)\b|\b(?:fine-?tuning) (?:scripts?|code)\b"
        r"|\btrained (?:using|in a|with)\b|\bwe tokeni[sz]e\b|how the models? (?:was|were) trained",
        unit.lower,
    ):
        return thin
    return None
