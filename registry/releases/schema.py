"""What may stand in the content of a revision: its fields, their limits, and their words."""

from registry.releases import shape
from registry.releases.shape import Address, Choice, Count, Listing, Number, Pattern, Record, Text
from registry.releases.vocabulary import (
    ArtefactKind,
    Audience,
    Basis,
    Chance,
    Component,
    DatePrecision,
    EventKind,
    Gate,
    LinkKind,
    Mode,
    Selection,
    StageStatus,
)

SCHEMA = "daylight-release/1"

PROSE = Text(20_000, lines=True)
NOTE = Text(2_000, lines=True)
TITLE = Text(200)
NAME = Text(80)
KEY = Pattern(
    64, pattern=r"[A-Za-z0-9][A-Za-z0-9._-]*",
    meaning="A source key begins with a letter or digit; letters, digits, dots, dashes and underscores may follow.",
)
DATE = Text(40)
PRECISION = Choice(DatePrecision, default=DatePrecision.UNKNOWN.value, blank=False)
CITED = Listing(KEY, 20)
DIGEST = Pattern(64, pattern="[0-9a-f]{64}", meaning="This must be a SHA-256 digest in 64 lower-case hex digits.")
PROMISE = Pattern(
    64, pattern=KEY.pattern,
    meaning="The key of a stage begins with a letter or digit; letters, digits, dots, dashes, underscores may follow.",
)
LIMITS_OF_USE = Pattern(
    4, pattern="D?A?M?S?",
    meaning="Write what the limits of use bind: D data, A application, M model, S source, such as AM.",
)

COMPONENT = Record({
    "component": Choice(Component), "variant": NAME, "mode": Choice(Mode), "gate": Choice(Gate),
    "audience": Choice(Audience), "licence": Text(120), "note": NOTE, "sources": CITED,
}, later={
    "reason": NOTE, "terms_url": Address(), "terms_sha256": DIGEST, "restrictions": LIMITS_OF_USE,
})
STAGE = Record({
    "date": DATE, "date_precision": PRECISION,
    "status": Choice(StageStatus, default=StageStatus.EFFECTIVE.value, blank=False),
    "basis": Choice(Basis, default=Basis.AUTHORISED.value, blank=False),
    "title": TITLE, "rationale": PROSE, "condition": NOTE, "sources": CITED,
    "components": Listing(COMPONENT, 200),
}, later={
    # A promise: by this key the stage that keeps it names it, on `announced` it was given, by `due` it falls due.
    "key": PROMISE, "announced": DATE, "due": DATE, "keeps": Listing(PROMISE, 20), "reason": NOTE,
})
EVENT = Record({
    "date": DATE, "date_precision": PRECISION,
    "kind": Choice(EventKind, default=EventKind.NOTE.value, blank=False),
    "text": NOTE, "variant": NAME, "sources": CITED,
})
FORMER = Record({"name": NAME, "until": DATE})
VARIANT = Record(
    {"name": NAME, "aliases": Listing(NAME, 20), "note": NOTE}, later={"former": Listing(FORMER, 20)}
)
CORRECTION = Record({
    "date": DATE, "field": Text(120), "variant": NAME, "old": Text(500, lines=True), "new": Text(500, lines=True),
    "reason": NOTE, "sources": CITED,
})
LICENCE_CHANGE = Record({
    "date": DATE, "component": Choice(Component), "variant": NAME, "old": Text(120), "new": Text(120), "reason": NOTE,
    "sources": CITED,
})
HOW_MANY = Number(10_000_000)
SAMPLE_SET = Record({
    "title": TITLE, "variant": NAME, "prompts_tried": HOW_MANY, "prompts_shown": HOW_MANY,
    "samples_per_prompt": HOW_MANY, "samples_shown": HOW_MANY, "selection": Choice(Selection), "rule": NOTE,
    "temperature": Number(1000, whole=False), "top_k": HOW_MANY, "top_p": Number(1, whole=False),
    "truncation": Text(200), "decoding": Text(500), "seed": Text(80),
    "raw_dump": Record({"url": Address(), "count": Number(10**12), "sha256": DIGEST}, optional=True),
    "content_warning": NOTE, "file": DIGEST, "sources": CITED,
})
CONTENT = Record({
    "schema": Pattern(40, default=SCHEMA, pattern=SCHEMA, meaning=f"The schema must be {SCHEMA}."),
    "title": TITLE,
    "summary": Text(600, lines=True),
    "artefact": Record({
        "kind": Choice(ArtefactKind, default=ArtefactKind.MODEL.value, blank=False),
        "variants": Listing(VARIANT, 100),
    }, later={"former": Listing(FORMER, 20)}),
    "rationale": PROSE,
    "stages": Listing(STAGE, 50),
    "concerns": Listing(Record({
        "concern": NOTE, "likelihood": Choice(Chance), "severity": Choice(Chance), "mitigation": NOTE,
        "sources": CITED,
    }), 50),
    "alternatives": Listing(Record({"alternative": NOTE, "why_not": NOTE, "sources": CITED}), 50),
    "links": Listing(Record({
        "kind": Choice(LinkKind, default=LinkKind.OTHER.value, blank=False), "title": TITLE, "url": Address(),
    }), 100),
    "sources": Listing(Record({"key": KEY, "title": Text(300), "url": Address(), "note": NOTE}), 200),
    "events": Listing(EVENT, 100),
    "model_card": Record({"name": Text(200), "sha256": DIGEST, "size": Count(1 << 30)}, optional=True),
}, later={
    "corrections": Listing(CORRECTION, 100), "licence_changes": Listing(LICENCE_CHANGE, 100),
    "samples": Listing(SAMPLE_SET, 20),
})
EMPTY = shape.blank(CONTENT)
