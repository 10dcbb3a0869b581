"""What the model is for, and what it is not for."""

import re

from ..evidence import content, thin
from ..substance import words_in
from .common import FOREIGN, headings_on, substantial

FOR_USE = re.compile(
    r"\b(?:intended|meant|designed|aimed|built|developed|created|released|suitable|suited|useful|ideal"
    r"|appropriate|recommended|best (?:applied|used|suited)|purpose|purposes|targeted"
    r"|optimi[sz]ed)\b.{0,60}?\b(?:for|to|as|on|of|towards|in)\b"
    r"|\bcan (?:also )?be (?:directly )?(?:used|applied|employed|fine-?tuned|deployed|leveraged|useful)\b"
    r"|\b(?:you|users?|one|developers|practitioners|researchers) (?:can|may|could|should"
    r"|will be able to)\b.{0,30}\b(?:use|apply|fine-?tune|generate|explore|employ)\b"
    r"|\buse ?cases?\b|\b(?:primary|intended|target|direct|secondary|expected) (?:intended )?(?:users?"
    r"|uses?|audience)\b|\bresearch purposes?\b|\bproof[- ]of[- ]concept\b|\b(?:is|are) (?:mainly |mostly "
    r"|primarily )?used (?:in|for|to|by)\b"
    r"|\b(?:help|helps|allow|allows|enable|enables|assist|support) (?:\w+ ){0,3}(?:researchers?|users?"
    r"|developers?|people|practitioners|research|others|advance|in)\b|\bapplications?\b.{0,30}\b(?:include"
    r"|such as|like|are|of)\b"
    r"|\b(?:could|may|might|will) be (?:used|useful|applied)\b|\bfor (?:use (?:in|by|with|as)|downstream"
    r"|further fine-?tuning)\b|\baims? (?:to|at)\b|\bgood (?:for|at)\b|\bserve as\b",
    re.IGNORECASE,
)
NEGATED = re.compile(
    r"\b(?:not|never|n't|n’t|no|without|cannot|neither|nor|avoid|against|isn't|isn’t)\b"
    r"|\bout[- ]of[- ]scope\b|\bmisuse\b|prohibited|excluded|unsuitable|discourage",
    re.IGNORECASE,
)
# Sentences about code, data, metrics or a benchmark use the same words without saying what the model is for.
OTHER_SUBJECT = re.compile(
    r"\b(?:you can use (?:this|the) (?:model|following)? ?(?:directly )?(?:with|by|as follows|like)"
    r"|directly with a pipeline|dataset(?:s)? (?:is|are|was|were|can)|use the (?:code|following|script)"
    r"|following (?:code|snippet|command)|run_\w+\.py"
    r"|tokeni[sz]er (?:is|can|should)|metric|loaded (?:via|with)|installed?|pip |git clone|as follows"
    r"|was used (?:in|for|to)|were used|used (?:to|for) (?:train|pre-?train|fine-?tune|evaluat|calculat"
    r"|tokeniz)|used as (?:the )?(?:validation|training|input)"
    r"|is used for initiali|argument|parameter|notebook|script|we used|command|setting|license|licensed"
    r"|add your results|tutorial|simple and efficient way|checkpoints? (?:can|is)|downloaded|download"
    r"|preprocess|here is how|the weights|citation|please cite|benchmark|evaluat)\b",
    re.IGNORECASE,
)
ANYWHERE_USE = re.compile(
    r"\b(?:intended|meant|designed|aimed|suitable|suited|useful|ideal|recommended|best (?:applied|used"
    r"|suited)) (?:\w+ ){0,3}(?:for|to|as|on)\b|\buse ?cases?\b|\b(?:primary|intended"
    r"|target) (?:\w+ ){0,2}(?:users?|uses?|audience)\b|\bresearch purposes?\b|\bproof[- ]of[- ]concept\b"
    r"|\bcan (?:also )?be (?:directly )?(?:used|applied|employed|leveraged) (?:for|to|in|as|on|by)\b"
    r"|\bfor use (?:in|by)\b|\b(?:is|are) used in\b|\bhelps? (?:advance|researchers|you)\b|\bto (?:help"
    r"|enable|allow|advance|support) (?:\w+ ){0,3}(?:research\w*|users|developers|understand)\b"
    r"|\b(?:could|may|might|will) be (?:used|useful|applied) (?:for|to|in|as|by)\b"
    r"|\bbetter understand the\b|\bdownstream (?:tasks?|use|applications?) (?:such as|like|including)\b"
    r"|\baims? to (?:help|support|be used)|\b(?:you|users?|one|researchers) (?:can|may) (?:also )?(?:use"
    r"|apply|employ|fine-?tune) (?:the|this|it)(?: \w+){0,2} (?:for|to|in|on)\b|\b(?:release|open-?sourc\w+"
    r"|publish\w*|provide|share)\b.{0,60}\bto (?:allow|help|encourage|facilitate|enable|support|promote"
    r"|foster|advance)\b"
    r"|\b(?:created|developed|built|trained|made|written|submitted) (?:as part of|for) (?:a|an|the|my"
    r"|our)\b.{0,60}\b(?:project|course|class|competition|challenge|thesis|demo|research)|\bpart of (?:a|an"
    r"|the) (?:\w+ ){0,3}(?:research )?project\b|\bfor the purposes? of\b|\bto be used (?:for|in|as|by)\b"
    r"|\b(?:goal|aim|purpose|motivation) of (?:this|the|our) (?:model|work|project|release)\b"
    r"|\busages? for \w+|^use (?:it|them|this model) (?:as|for|to)\b|\bwe hope\b.{0,60}\b(?:useful|help"
    r"|used)",
    re.IGNORECASE,
)
WORLD_USE = re.compile(
    r"puede (?:ser )?(?:usar|utiliz)|pode ser (?:usad|utilizad)|può essere (?:usat|utilizzat)"
    r"|peut être utilisé|destiné à|destinado a|previsto para|kann (?:für|zum?|verwendet)|geeignet für"
    r"|gedacht für|bestimmt für"
    r"|предназначен|можно использовать|применя|适用于|可用于|用于|适合|想定|利用でき|用途|사용할 수|용도"
    r"|için (?:kullan|tasarlan)"
    r"|dapat digunakan|untuk digunakan|kan worden gebruikt|bedoeld voor",
    re.IGNORECASE,
)
GENERIC_USE = re.compile(
    r"^(?:this|the|these) models? (?:is|are) (?:only )?(?:intended|meant|released|made|designed"
    r"|provided)(?: only)? for (?:academic |scientific )?research(?: purposes?)?(?: only)?\W*$",
    re.IGNORECASE,
)


def intended_use(card):
    """Names users or a use case; “for research purposes” and nothing else is thin."""
    for unit in card.prose:
        under = "intended_use" in unit.section.topics
        if GENERIC_USE.match(unit.plain):
            yield thin(unit)
        elif under and says_use(unit):
            yield content(unit)
        elif not unit.section.topics & {
            "citation",
            "contact",
            "licence",
            "evaluation_data",
            "training_procedure",
        } and says_use_anywhere(unit):
            yield content(unit)
    yield from headings_on(card, "intended_use")


def says_use(unit):
    """A sentence under a heading about use."""
    if unit.pointer or "out_of_scope" in unit.section.topics and NEGATED.search(unit.plain):
        return False
    if (
        OTHER_SUBJECT.search(unit.plain)
        and "usage_code" in unit.section.topics
        and not ANYWHERE_USE.search(unit.plain)
    ):
        return False
    if unit.section.topics & {"limitations", "bias_risks", "out_of_scope", "usage_code"} - {"intended_use"}:
        return bool(FOR_USE.search(unit.plain)) and not NEGATED.search(unit.plain)
    enough = 2 if unit.kind == "item" or FOREIGN.search(unit.plain) else 4
    return words_in(unit.plain) >= enough and not (
        NEGATED.search(unit.plain) and not FOR_USE.search(unit.plain)
    )


def says_use_anywhere(unit):
    if unit.section.within("out_of_scope") or words_in(unit.plain) < 5:
        return False
    found = ANYWHERE_USE.search(unit.plain) or WORLD_USE.search(unit.plain)
    if not found or OTHER_SUBJECT.search(unit.plain[max(0, found.start() - 50) : found.end() + 30]):
        return False
    return not NEGATED.search(unit.plain[: found.end() + 5]) and bool(SUBJECT.search(unit.plain))


SUBJECT = re.compile(
    r"\b(?:models?|we|it|this|you|\w*bert\w*|gpt\S*|network|classifier|chatbot|embeddings?|users?|version"
    r"|them|usage)\b|model[oe]|modèle|Modell|модель|模型|モデル|모델",
    re.IGNORECASE,
)

NOT_FOR = re.compile(
    r"\bout[- ]of[- ](?:the )?scope\b|\b(?:should|must|shall|may|can) ?not (?:be )?(?:\w+ )?(?:used?"
    r"|deployed|relied|applied|considered|employed)\b|\bnot (?:be )?(?:\w+ ){0,2}(?:intended|recommended"
    r"|suitable|suited|designed|meant|advised|appropriate|supported|endorsed)\b"
    r"|\b(?:do|does|would|don['’]t|doesn['’]t)(?: not)? (?:\w+ ){0,3}(?:recommend|support use|endorse"
    r"|advise)|\badvise against\b|\bnot (?:currently )?recommend|\bdon['’]t (?:support|endorse|recommend)"
    r"|\bprohibited\b|\bforbidden\b|\bunsuitable\b"
    r"|\b(?:caution|warn) against\b|\bnon-commercial (?:use|purposes) only\b|\bmisuse\b|\bnot for (?:use"
    r"|production|commercial|clinical|medical)|\bfor tasks? such as .{0,60}(?:look at|use|refer)"
    r"|\bfor (?:text )?generation.{0,60}(?:refer to|look at|use)\b"
    r"|\bunder no circumstances\b|\bnever be used\b|\bavoid using\b|\bintentionally (?:using|create|promot)"
    r"|\brefrain\b|should be used only|\bmust not\b|\bnot to be used\b|\bbut not (?:as|for|in)\b"
    r"|no (?:debe|deben|se debe) (?:usar|utiliz)|não deve ser usad|ne (?:doit|devrait) pas être utilis"
    r"|non (?:deve|dovrebbe) essere|nicht (?:für|geeignet|verwendet|bestimmt|vorgesehen)|не (?:предназначен"
    r"|следует использовать)|不(?:应|得|适用|可)用?于|不适合|対象外|使用しない|사용해서는",
    re.IGNORECASE,
)
USES = re.compile(
    r"\b(?:use[drs]?|using|usage|recommend\w*|deploy\w*|intend\w*|generat\w*|misuse|appl\w+|task\w*"
    r"|purposes?|scope|support|suitable|suited|models?)\b",
    re.IGNORECASE,
)
LICENCE_TALK = re.compile(r"licen[sc]e|copyright|dataset is|benchmark", re.IGNORECASE)


def out_of_scope(card):
    """What it should not be used for, named as such."""
    for unit in card.prose:
        under = (
            unit.section.own and "out_of_scope" in unit.section.topics or unit.section.within("out_of_scope")
        )
        if under and substantial(unit, 3):
            yield content(unit)
        elif (
            NOT_FOR.search(unit.plain)
            and USES.search(unit.plain)
            and not LICENCE_TALK.search(unit.plain)
            and words_in(unit.plain) >= 5
        ):
            yield content(unit)
        elif re.search(
            r"\b(?:not|n't|n’t) (?:do )?anything useful|\bother than testing\b"
            r"|\bfor testing (?:purposes )?only",
            unit.plain,
            re.IGNORECASE,
        ):
            yield thin(unit)
    yield from headings_on(card, "out_of_scope")
