"""Who made the model, and where to send questions."""

import re

from ..evidence import content, thin, thin_at
from ..substance import words_in
from .common import content_front

MADE = (
    r"(?i:developed|created|built|trained|made|authored|implemented|introduced|proposed|published"
    r"|fine-?tuned|pre-?trained|maintained|provided|contributed|written|designed|released|owned"
    r"|brought to you)"
)
MAKER = re.compile(
    rf"\b{MADE}(?:(?:,| and|/| &)? \w+)? (?:jointly )?[Bb]y "
    r"(?!(?:us|me|humans?|the (?:user|model|community|author of the data)"
    r"|using|a |an |default|hand|name|fine|training|itself|adding)\b)"
    r"(?P<who>(?:(?:the|researchers|a team|team|engineers|people|folks|members"
    r"|students)\b (?:\w+ ){0,3}?)?(?:[A-Z@\[*]|[a-z]{2,}\b).{1,80})"
)
AFFILIATED = re.compile(
    r"\b(?:researchers|team|scientists|engineers|students|group) (?:at|from"
    r"|of) (?:the )?(?P<who>[A-Z][\w&.-]*(?: [A-Z][\w&.-]*){0,3})"
)
TEAMS = re.compile(
    r"\b(?:the (?:[A-Z][\w-]+ ){1,3}(?:team|group|lab|authors)|(?:researchers|scientists|engineers|team"
    r"|group|members|authors|students) (?:at|from|of) (?:the )?[A-Z]\w+|team (?:releasing|behind|at)"
    r"|(?:[A-Z][\w-]+ ){1,3}(?:team|Research|Labs?|Institute|University|Inc|GmbH) (?:released|developed"
    r"|trained|created|introduced)|I(?:'m| am) (?:an? )?[A-Z]|we at [A-Z]|released by \w+"
    r"|by the [\w ]{2,40} (?:team|group|lab)\b|created .{0,30}by \["
    r"|\bauthor(?:s)?(?:'s note)? ?[:(]\s?[A-Z]\w+|initiative|collaboration between [A-Z])",
)
WORLD_MAKER = re.compile(
    r"(?:desarrollado|creado|entrenado|desenvolvido|criado|treinado|sviluppato|creato|développé|créé"
    r"|entraîné|entwickelt|trainiert|erstellt) (?:por|da|par|von|vom|del?) \S+|разработан\w* \S+"
    r"|由.{2,30}(?:开发|训练|发布|提供)"
    r"|(?:開発|作成)(?:者|した)|에서 (?:개발|학습|공개)",
    re.IGNORECASE,
)
OTHERS = re.compile(
    r"\b(?:dataset|corpus|data|benchmark|notebook|script|code|tokenizer|reports?|issues?|library"
    r"|articles?)\W{1,3}(?:[\w(),]+ ){0,4}" + MADE,
    re.IGNORECASE,
)
HUB_PATH = re.compile(r"[\"'`(/ ]([A-Za-z][\w-]{1,40})/([A-Za-z][\w.-]*[-_\d][\w.-]*)[\"'`) ]")
NAME = re.compile(
    r"(?:[A-Z][\w.'’-]+|[A-Z]\.)(?:[ ,]+(?:[A-Z][\w.'’-]+|[A-Z]\.|and|&|de|van|von|der))*|@\w+"
    r"|[\u0400-\u04ff\u0600-\u06ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]{2,}"
)


def developer(card):
    """A person, team or organisation named as author; an owner in a code path alone is thin."""
    for unit in card.prose:
        if unit.section.own and "developer" in unit.section.topics and NAME.search(unit.plain):
            yield content(unit)
        elif is_made_by(unit) or lists_people(unit):
            yield content(unit)
    for entry in card.entries:
        if len(entry.fields.get("author", "")) > 3:
            yield content(entry)
    for key in ("author", "authors", "developers", "developer", "created_by"):
        if card.front_matter.get(key):
            yield content_front(card, key)
    for section in card.sections_on("developer"):
        yield thin(section)
    yield from owners_in_paths(card)


def is_made_by(unit):
    match = MAKER.search(unit.plain)
    if match and (
        NAME.match(match["who"].lstrip("[*")) or re.match(r"(?:the|researchers|a team|team)\b", match["who"])
    ):
        return not OTHERS.search(unit.plain)
    if match and re.search(r"(?:released|developed) by [a-z]\w+", unit.plain):
        return not OTHERS.search(unit.plain)
    return bool(TEAMS.search(unit.plain) and not OTHERS.search(unit.plain)) or bool(
        WORLD_MAKER.search(unit.plain)
    )


def lists_people(unit):
    """A contact section that is a list of full names and nothing else names the makers."""
    under = unit.section.own and "contact" in unit.section.topics
    names = re.findall(r"\b[A-Z][a-z]+ [A-Z][\w-]+(?=,| and|$)", unit.plain)
    return under and len(names) >= 2 and words_in(unit.plain) <= 3 * len(names)


def owners_in_paths(card):
    """Owners as they occur in code that loads a model."""
    for code in card.codes:
        for match in re.finditer(r"[\"']([A-Za-z][\w-]{1,40})/[\w.-]{2,80}[\"']", code.text[:5_000]):
            yield thin_at((code.start + match.start(), code.start + match.end()))
            return
    for unit in card.prose:
        for start, end, _, url in unit.links:
            if re.search(
                r"huggingface\.co/(?!datasets|blog|docs|models|transformers|spaces)[\w-]+/[\w.-]+", url
            ):
                yield thin_at((unit.start + start, unit.start + end))
                return


EMAIL = re.compile(
    r"\b[\w.+-]{2,64} at [\w-]{2,63} dot \w{2,10}\b|"
    r"[\w.+-]{1,64}(?:@| ?(?:\[at\]|\(at\)|\{at\}|<at>) ?)[\w-]{1,63}(?:\.| ?(?:\[dot\]"
    r"|\(dot\)) ?)[\w.-]{2,60}",
    re.IGNORECASE,
)
FORM = re.compile(
    r"forms\.gle|google form|typeform|docs\.google\.com/forms|discord\.(?:gg|com)|slack\.com|gitter\.im"
    r"|t\.me/",
    re.IGNORECASE,
)
TRACKER = re.compile(
    r"\b(?:open|raise|post|file|create|submit|opening|raising|filing|leave|report)\b.{0,40}\bissues?\b"
    r"|issues? (?:page|tracker)|github(?:\.com)?\S{0,60}/issues\b|github issue|discussion(?:s)? tab"
    r"|community tab"
    r"|abrir un issue|ouvrir une issue|提(?:交)? ?issue",
    re.IGNORECASE,
)
PUBLIC = re.compile(
    r"\b(?:public|open)(?:ly)?\b[\w ,'’-]{0,40}"
    r"\b(?:discussions?|forums?|boards?|threads?|lists?|archives?|channels?|chats?)\b"
    r"|\bdiscussions? (?:tab|board|page|forum|thread|section)s?\b|\b(?:forum|mailing list|message board)\b"
    r"|/discussions\b|groups\.google\.com|discourse\.|reddit\.com/r/|stack(?:overflow|exchange)\.com",
    re.IGNORECASE,
)
ASKING = re.compile(
    r"\b(?:questions?|contact(?: me| us)?|feedback|reach (?:out|me|us)|e-?mail|comments?|get in touch"
    r"|write to|concerns|inquir\w+|enquir\w+|report|suggestions?|bugs?|problems?|help"
    r"|preguntas|contacto|dúvidas|contato|domande|fragen|kontakt|вопрос\w*|связаться|обратн\w+)\b|联系|反馈"
    r"|問い合わせ|연락|문의",
    re.IGNORECASE,
)
SOCIAL = re.compile(
    r"twitter\.com|linkedin\.com|x\.com/|facebook\.com|instagram\.com|mastodon|github\.com/[\w-]+/?$"
    r"|kaggle\.com/\w+/?$",
    re.IGNORECASE,
)
INVITES = re.compile(
    r"\bcontact (?:us|me|the (?:authors?|team))\b|\bget in touch\b|\breach (?:out|us|me)\b"
    r"|\bhear from you\b|feel free to (?:contact|ask)|\bfeedback\b.{0,40}\bwelcome",
    re.IGNORECASE,
)


def contact(card):
    """An address, form, tracker or account given for questions; social links and bare names are thin."""
    for unit in card.prose:
        links = unit.links
        under = unit.section.own and "contact" in unit.section.topics
        asking = under or ASKING.search(unit.plain)
        if EMAIL.search(unit.raw) and not re.search(r"git@|user@|example\.", unit.raw):
            yield content(unit)
        elif asking and (TRACKER.search(unit.raw) or FORM.search(unit.raw)):
            yield content(unit)
        elif (under or INVITES.search(unit.plain) or re.match(r"contact\b", unit.lower)) and given_account(
            unit, links, under
        ):
            yield content(unit)
        elif INVITES.search(unit.plain) or any(
            SOCIAL.search(url) for _, _, _, url in links if "/issues" not in url
        ):
            yield thin(unit)
    for section in card.sections_on("contact"):
        if section.level < 8 or card.units_of(section):
            yield thin(section)


def names_public_place(unit):
    """Whether a unit about contact names a place where others can read the questions and their answers."""
    about = unit.section.own and "contact" in unit.section.topics or ASKING.search(unit.plain)
    return bool(about and any(place.search(unit.raw) for place in (TRACKER, FORM, PUBLIC)))


def given_account(unit, links, under):
    """A named account or page given for contact, as opposed to a list of people's profiles."""
    if not links or len(links) > 2 or not (ASKING.search(unit.plain) or under):
        return False
    if re.search(r"\bsee\b|table above|pull request", unit.lower):
        return False
    return words_in(unit.plain) >= 4
