"""What the head of a lasting page tells machines: its own address, JSON and feed, Open Graph, and schema.org facts."""

from dataclasses import dataclass, field

from django.conf import settings


@dataclass
class Identity:
    """A view passes one as `identity`; `base.html` writes it down."""

    title: str
    path: str
    schema_type: str
    description: str = ""
    json: str = ""
    feed: str = ""
    kind: str = "article"  # Open Graph's word
    facts: dict = field(default_factory=dict)  # properties of schema.org; empty ones are left out

    @property
    def url(self):
        return absolute(self.path)

    @property
    def json_ld(self):
        own = {"@context": "https://schema.org", "@type": self.schema_type, "@id": self.url, "url": self.url,
               "name": self.title, "description": self.description}  # fmt: skip
        return {name: value for name, value in (own | self.facts).items() if value not in (None, "", [], {})}


def absolute(path):
    """The address of something on this site, as others write it."""
    return settings.BASE_URL + path


def named(schema_type, thing, **facts):
    """Another thing of this site, to be named among the facts of one."""
    return {"@type": schema_type, "name": str(thing), "url": absolute(thing.get_absolute_url()), **facts}
