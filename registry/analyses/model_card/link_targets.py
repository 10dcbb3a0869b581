"""What a link of a card leads to, what to call it, and whether two of them lead to the same."""

import re

from .items.legal import PAPER_URL

DEMO = re.compile(
    r"huggingface\.co/spaces/|transformer\.huggingface\.co|\.hf\.space|colab\.research|replicate\.com|demos?\b",
    re.IGNORECASE,
)
KINDS = [
    (
        "weights",
        re.compile(
            r"//(?:www\.)?(?:huggingface\.co|hf\.co)/(?!datasets|blog|docs|models\b|transformers|papers)[\w-]+/[\w.-]+/?$"
            r"|storage\.googleapis|zenodo|\.(?:pt|ckpt|bin|tar\.gz|zip)$",
            re.IGNORECASE,
        ),
    ),
    ("dataset", re.compile(r"huggingface\.co/datasets/|kaggle\.com/datasets", re.IGNORECASE)),
    ("paper", PAPER_URL),
    ("model_card", re.compile(r"model[-_]?card", re.IGNORECASE)),
    ("announcement", re.compile(r"/blog/|blog\.", re.IGNORECASE)),
    ("repository", re.compile(r"(?:github|gitlab|bitbucket)\.(?:com|org)/[\w.-]+/[\w.-]+/?$", re.IGNORECASE)),
]
TRIED = re.compile(r"\b(?:demos?|playground|try (?:it|the model)|write with)\b", re.IGNORECASE)
# Words that point and name nothing: a text of these alone is no title.
POINTING = frozenset(
    "a an the this these that our their its in on at of to for see click available found original official "
    "full related associated accompanying released following more detail details information info here there "
    "link links source paper papers article articles preprint report reports repo repository code codebase "
    "blog post blogpost page site website model models card weights checkpoint checkpoints dataset data demo "
    "notebook github arxiv pdf hugging face huggingface hub it one".split()
)
ARXIV = re.compile(r"arxiv\.org/(?:abs|pdf|html)/((?:\d{4}\.\d{4,5})|(?:[a-z-]+/\d{7}))", re.IGNORECASE)
DOI = re.compile(r"doi\.org/(10\.\d{4,9}/[^\s?#]+)", re.IGNORECASE)
OWNED = re.compile(
    r"//(?:www\.)?(?:github\.com|gitlab\.com|bitbucket\.org|huggingface\.co|hf\.co)/(?:datasets/|spaces/)?"
    r"([\w.-]+/[\w.-]+)",
    re.IGNORECASE,
)
SAME = [
    (r"^hf\.co/", "huggingface.co/"),
    (r"^raw\.githubusercontent\.com/([^/]+/[^/]+)/[^/]+/", r"github.com/\1/"),
    (r"/(?:blob|raw|tree|resolve)/[^/]+/", "/"),
]


def kind_of(label: str, url: str) -> str | None:
    """The kind of link, or None where it is of no kind that an entry has; what one can try is no download."""
    if DEMO.search(url) or TRIED.search(label):
        return "demo"
    return next((kind for kind, pattern in KINDS if pattern.search(url)), None)


def name_of(label: str, url: str) -> str:
    """The link's text where it names something, else the target's own name, else nothing."""
    label = re.sub(r"[*_`]", "", label).strip()
    words = re.findall(r"\w+", label.lower())
    if set(words) - POINTING and not re.match(r"https?://|www\.", label):
        return label[:200]
    if found := ARXIV.search(url):
        return f"arXiv:{found[1]}"
    if found := DOI.search(url):
        return f"doi:{found[1]}"[:200]
    found = OWNED.search(url)
    return found[1][:200] if found else ""


def target_of(url: str) -> str:
    """What two addresses of the same thing have in common."""
    if found := ARXIV.search(url):
        return f"arxiv:{found[1]}".lower()
    bare = re.sub(r"^https?://(?:www\.)?", "", url.partition("#")[0].partition("?")[0]).rstrip("/").lower()
    for pattern, instead in SAME:
        bare = re.sub(pattern, instead, bare)
    return bare
