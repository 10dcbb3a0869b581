"""Where it fails, whom it may harm, and what was done about it."""

import re

from ..evidence import content, thin
from ..substance import words_in
from .common import headings_on, substantial

FAILS = re.compile(
    r"\b(?:fails?|failed|failing|struggl\w+|unable|inaccura\w+|incorrect\w*|unreliab\w+|degrad\w+"
    r"|deteriorat\w+|hallucinat\w+|shortcoming\w*|weakness\w*|drawback\w*|imperfect|misclassif\w+|errors?"
    r"|mistakes?|nonsens\w+|repetiti\w+|repeats|prone to|biased to|inconsisten\w+|contradict\w+"
    r"|falsehoods?|overfit\w*|artifacts?|lossy|brittle|noisy)\b|\b(?:cannot|can['’]t|can not|does not"
    r"|doesn['’]t|do not|don['’]t|may not|might not|will not|won['’]t|not able to|isn['’]t able|not yet"
    r"|could not)\b.{0,60}\b(?:perform|work|understand|generaliz\w*|handle|achieve|render|"
    r"generate|produce|recogni\w+|support|distinguish|predict|capture|guarantee|reflect|represent"
    r"|be (?:accurate|able|reliable|generated|robust|optimal|suitable)|do well|translate|follow|support|fit"
    r"|process|do anything|match|cover|reach|perfectly|well)\b"
    r"|\blimited (?:to|by|in|ability|capac\w+|performance|knowledge|robust\w*|vocab\w*|number)\b"
    r"|\blimitations?\b|\b(?:worse|poor(?:er|ly)?|lower|reduced|weaker|slower|diminished|limited|suboptimal"
    r"|sub-optimal|less (?:accurate|reliable|well|effective|robust)|low(?:er)?[- ](?:quality|fidelity"
    r"|performance|accuracy))\b"
    r"|\bonly (?:works?|trained|supports?|generate|handles?|on|tested|evaluated|as good|suitable|accepts)\b"
    r"|\bmaximum (?:of|length|sequence|context)\b|\bnot (?:a |by any means )?(?:state[- ]of[- ]the[- ]art"
    r"|perfect|robust|optimal|accurate|reliable|factual|grounded|production)|\bby no means\b"
    r"|\bdifficult(?:y|ies)?\b"
    r"|\bhard to\b|\bsensitive to\b|\bout[- ]of[- ](?:domain|distribution|vocabulary)\b|\bcaveats?\b"
    r"|\bhinder\w*|\bnot perform\b|\black(?:s|ing)?\b|\bbest applied on\b|\bdoes ?n['’]?o?t do anything\b"
    r"|\bvary|varies|variance\b|\btypically lower\b|\brough edges\b",
    re.IGNORECASE,
)
GENERIC_LIMITS = re.compile(
    r"\b(?:has|have|with) (?:several|some|many|a number of|certain|its|their|various) limitations\b",
    re.IGNORECASE,
)
WORLD_FAILS = re.compile(
    r"no (?:puede|funciona|es capaz)|limitaci|limitaç|não (?:consegue|funciona|é capaz)|ne (?:peut"
    r"|fonctionne)|limite|kann (?:nicht|keine)|nicht in der Lage|begrenzt|не (?:может|умеет|способ)|огранич"
    r"|无法|不能|局限|较差|不足|限制|できな|苦手|限界|못하|한계|어렵",
    re.IGNORECASE,
)
ABOUT_MODEL = re.compile(
    r"\b(?:models?|it|its|they|them|outputs?|generations?|predictions?|results?|performance|system|network"
    r"|quality|samples?|summaries|transcri\w+|\w*bert\w*|gpt\S*|clip|this|our|we|classifier|users?)\b",
    re.IGNORECASE,
)
BIAS = re.compile(
    r"\b(?:bias(?:es|ed)?|stereotyp\w+|harm(?:s|ful|fully|ed)?|toxic\w*|offensive|hate(?:ful)?|racis\w+"
    r"|sexis\w+|discriminat(?:ion|ory|e|es)|ethic(?:s|al|ally)|misuse[ds]?|malicious\w*|disinformation"
    r"|misinformation|abus(?:e|ive|ed)|surveillance|privacy|unsafe|inappropriate|fairness|unfair\w*"
    r"|violen\w+"
    r"|pornograph\w+|nsfw|dangerous|gender(?:s|ed)?|race|racial|religio\w+|demographic\w*|marginali[sz]ed"
    r"|under-?represent\w*|overrepresent\w*|sensitive (?:use|context|attribute|information|characteristic"
    r"|domain)\w*|dual[- ]use|deepfakes?|fraud|spam|phishing|impersonat\w+|personal (?:information|data)"
    r"|identif\w+ (?:any )?personal"
    r"|adversar(?:y|ies)|misleading|societal|social impact|cultur(?:e|es|al)|western|safety|sexual"
    r"|profan\w+|obscen\w*|copyright\w* (?:content|material))\b"
    r"|sesg|estereotip|viés|vieses|preconceito|\bbiais|préjugé|stéréotyp|Verzerrung|Vorurteil|предвзят"
    r"|стереотип|偏见|偏見|歧视|有害|バイアス|差別|편향|차별|혐오|önyargı",
    re.IGNORECASE,
)
TECHNICAL_BIAS = re.compile(
    r"bias (?:term|vector|param|correction|towards? (?:longer|shorter))|inductive bias|layer ?norm"
    r"|no bias\b|use_bias|weights? and bias|biased? (?:to|towards?) (?:\w+ing\b|negat|predict|produc"
    r"|generat|repeat)|hate[- ]?speech (?:detect|classif|dataset)|toxic comments?\b|detect(?:ing"
    r"|ion)?\b.{0,30}(?:hate|toxic|offens)",
    re.IGNORECASE,
)
RISK_WORDS = re.compile(
    r"\b(?:can|could|may|might|risk|contain|exhibit|produce|reflect|generate|amplif|exacerbat|perpetuat|we"
    r"|concern|potential|model|predictions?|impact|use|data)\w*\b",
    re.IGNORECASE,
)


def limitations(card):
    """Where it fails, technically; a heading that also names bias needs a sentence about failing."""
    for unit in card.prose:
        topics = unit.section.topics
        if (
            unit.section.within("out_of_scope")
            and not FAILS.search(unit.plain)
            or unit.section.within("evaluation_data")
            and "limitations" not in topics
            and not FAILS.search(unit.plain)
        ):
            continue
        under = "limitations" in topics
        mixed = under and topics & {"bias_risks", "intended_use", "mitigation"}
        if GENERIC_LIMITS.search(unit.plain) and not FAILS.search(GENERIC_LIMITS.sub(" ", unit.plain)):
            yield thin(unit)
            continue
        failing = (FAILS.search(unit.plain) or WORLD_FAILS.search(unit.plain)) and not only_bias(unit)
        if under and not mixed and substantial(unit, 3) and (not only_bias(unit) or failing):
            yield content(unit)
        elif under and mixed and failing and words_in(unit.plain) >= 4 and not unit.pointer:
            yield content(unit)
        elif failing and not topics & {"citation", "contact", "licence"} and is_failure(unit):
            yield content(unit)
        elif re.search(
            r"\bby no means\b|\bnot (?:a )?state[- ]of[- ]the[- ]art\b|\blimitations\b",
            unit.plain,
            re.IGNORECASE,
        ):
            yield thin(unit)
    yield from headings_on(card, "limitations")


FAILURE = re.compile(
    r"\bmodels?\b.{0,80}\b(?:fails?|struggl\w+|unable|not able to|cannot|can not|does not|doesn['’]t"
    r"|may not|will not|sometimes|often)\b.{0,60}\b(?:perform|work|generaliz\w*|produce|generate|understand"
    r"|render|infer|achieve|handle|distinguish|fact|do anything|well)"
    r"|\b(?:it|they|models?|gpt\S*|\w*bert|clip|performance|capabilities)\b.{0,30}\b(?:struggles?|fails?"
    r"|suffers?|hallucinates?|doesn['’]t do anything|limited by|limits?|degrades?)\b|\bbest applied on\b"
    r"|\b(?:poor|worse|lower|reduced|limited|weaker) (?:\w+ )?(?:performance|quality|accuracy|capabilit\w+"
    r"|results)\b"
    r"|\black of\b.{0,40}\b(?:reasoning|robust|knowledge|coherence)|\bfactual inaccurac"
    r"|\bdo(?:es)? not distinguish fact|\bhinders?\b|\bprone to\b|\bhallucinat\w+|\bincorrect information\b"
    r"|\bperform better (?:for|on|in)\b.{0,60}\bthan\b|\bwill not (?:perform|work)"
    r"|\bnot perform (?:as )?(?:well|equally)|\bdo(?:es)? not (?:guarantee|always)\b",
    re.IGNORECASE,
)


def is_failure(unit):
    """A failure told outside a section about limitations."""
    if (
        unit.section.topics & {"training_data", "training_procedure", "usage_code", "date_version"}
        and "limitations" not in unit.section.topics
    ):
        return bool(re.search(r"best applied on", unit.plain, re.IGNORECASE))
    return (
        bool(FAILURE.search(unit.plain))
        and bool(ABOUT_MODEL.search(unit.plain))
        and words_in(unit.plain) >= 6
    )


def only_bias(unit):
    """Whether a sentence is about bias and harm rather than about failing."""
    stripped = BIAS.sub(" ", unit.plain)
    if TECHNICAL_BIAS.search(unit.plain):
        return False
    return bool(BIAS.search(unit.plain)) and not FAILS.search(
        re.sub(r"\b(?:limitations?|limited|lack\w*|worse|errors?)\b", " ", stripped)
    )


def bias_risks(card):
    """Bias, harm, misuse and ethical considerations; a heading or a technical bias alone is thin."""
    for unit in card.prose:
        topics = unit.section.topics
        about = BIAS.search(unit.plain) and not TECHNICAL_BIAS.search(unit.plain)
        under = "bias_risks" in topics
        mixed = topics & {"limitations", "intended_use", "out_of_scope", "mitigation"}
        if under and not mixed and substantial(unit, 4):
            yield content(unit)
        elif about and (under or "limitations" in topics) and substantial(unit, 3):
            yield content(unit)
        elif (
            about
            and not topics & {"citation", "licence", "usage_code", "training_procedure"}
            and RISK_WORDS.search(unit.plain)
            and is_risk(unit)
        ):
            yield content(unit)
    yield from headings_on(card, "bias_risks")


RISK = re.compile(
    r"\b(?:bias(?:es|ed)?|stereotyp\w+|harmful|toxic|offensive|unsafe|discriminat\w+|ethical|misuse"
    r"|malicious|disinformation|misinformation)\b.{0,120}\b(?:models?|outputs?|generat\w+|predictions?|data"
    r"|users?|content|groups?|deploy\w*)\b"
    r"|\b(?:models?|outputs?|generations?|it|we|data|users?|responses?|gpt\S*)\b.{0,120}\b(?:bias(?:es|ed)?"
    r"|stereotyp\w+|harm(?:ful)?|toxic|offensive|unsafe|discriminat\w+|ethical|misuse|malicious"
    r"|disinformation|misinformation|privacy)\b",
    re.IGNORECASE,
)


def is_risk(unit):
    return (
        bool(RISK.search(unit.plain))
        and words_in(unit.plain) >= 6
        and not re.search(r"\bbias(?:ed|es)? against (?:our|the) model|inductive|\bunbiased\b", unit.plain)
    )


MITIGATES = re.compile(
    r"\b(?:mitigat\w+|safeguards?|guardrails?|red[- ]team\w*|de-?bias\w*|block-?list\w*|watermark\w*"
    r"|content (?:filter|moderation|warning)|moderation|safety (?:filter|checker|classifier|mechanism"
    r"|measures?|layer|fine)|human (?:oversight|review|in the loop)|age disclaimer)\b"
    r"|\bfilter(?:ed|ing|s)?\b.{0,80}\b(?:nsfw|explicit|offensive|harmful|sexual|violen\w+|hate|people"
    r"|toxic|pornograph\w+|adult|suicide|objectionable|profan\w+|symbols)\b|\b(?:nsfw|explicit|offensive"
    r"|harmful|violent|toxic|pornographic|adult)\b.{0,80}\b(?:filter|remov|exclud)\w*"
    r"|\b(?:we|authors?|users?|developers?|deployers|practitioners|researchers|you"
    r"|one)\b.{0,60}\b(?:recommend|advise|suggest|caution|urge|should (?:be (?:made )?aware|carefully"
    r"|always|perform|evaluate|test|check|verify|review|include|provide|consider|not|first|conduct|take)"
    r"|must (?:be aware|verify|perform|carry))\b"
    r"|\bunless the (?:deployers|users|developers)\b|\b(?:careful|caution|cautiously"
    r"|discretion)\b.{0,60}\b(?:advis|recommend|use|using|should|consider|need|around|in)\w*|\b(?:should"
    r"|must) be (?:used|approached|treated|deployed|made|verified|checked|carefully)\b.{0,40}\b(?:caution"
    r"|care|aware|discretion)?"
    r"|\bto (?:reduce|avoid|prevent|limit|address|counteract|minimi[sz]e|alleviate) (?:\w+ ){0,4}(?:bias"
    r"|harm|risk|misuse|toxic|repetition|limitation|issue|problem)\w*|\bresponsible for (?:adding|ensuring"
    r"|checking)|\bin[- ]domain testing\b|\bfurther (?:risk )?(?:evaluation|testing|investigation)\b"
    r"|\bstudy of biases\b|\bsimilar levels of caution\b"
    r"|\bblocklist\b|\bspecifically (?:filter|remov)\w+|\bvocals have been removed\b"
    r"|\bremoved? .{0,40}\b(?:personal|sensitive|offensive|explicit|toxic)\b|\bmake sure (?:that )?(?:you"
    r"|to)\b.{0,40}\bversion\b|\bbefore releas\w+.{0,60}\b(?:probed|tested|evaluated|assessed|audited)\b"
    r"|\bremedia\w+|\bcountermeasure",
    re.IGNORECASE,
)
GENERIC_ADVICE = re.compile(
    r"^users? (?:\([^)]*\) )?(?:should|must) be (?:made )?aware of the (?:risks"
    r"|biases)[\w ,]*(?:limitations|biases|risks) of the model\W*$|^(?:so,? )?we recommend (?:care"
    r"|caution) when using the models?\b|\bcaution against \w+ use without safeguards\b"
    r"|without further (?:risk )?(?:evaluation|investigation)(?: and mitigation)?(?: of risks)?\W*$",
    re.IGNORECASE,
)
TECHNICAL_ADVICE = re.compile(
    r"\b(?:cite|citation|install|version of (?:transformers|python)|pull request|dataset list|paper for)\b"
    r"|\brecommend(?:ed)? by the\b|\brecommended sentencepiece\b",
    re.IGNORECASE,
)
RISKY_SECTION = {"limitations", "bias_risks", "mitigation", "out_of_scope", "intended_use", "training_data"}


def mitigation(card):
    """What was done, or what users should do, about limits or risks."""
    for unit in card.prose:
        topics = unit.section.topics
        if GENERIC_ADVICE.search(unit.plain):
            yield thin(unit)
        elif (
            unit.section.own
            and "mitigation" in topics
            and "limitations" not in topics
            and substantial(unit, 5)
        ):
            yield content(unit)
        elif (
            MITIGATES.search(unit.plain)
            and not TECHNICAL_ADVICE.search(unit.plain)
            and words_in(unit.plain) >= 6
        ):
            if (
                topics & RISKY_SECTION
                or re.search(r"make sure|before releas", unit.lower)
                or BIAS.search(unit.plain)
                or re.search(r"\bcaution|\blimitations?\b|\brisks?\b", unit.plain, re.IGNORECASE)
            ):
                yield content(unit)
        elif "limitations" in topics and re.search(r"\b(?:is|are) recommended\b|\bbut not as\b", unit.lower):
            yield thin(unit)
    for section in card.sections_on("mitigation"):
        yield thin(section)
