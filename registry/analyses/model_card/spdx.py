"""Licence names: SPDX identifiers (https://spdx.org/licenses/), the Hub's own ids and names in prose."""

import re

# The identifiers that occur on models, data and their code; matching ignores case, as SPDX says.
SPDX = """
0BSD AFL-3.0 AGPL-3.0 AGPL-3.0-only AGPL-3.0-or-later Apache-1.1 Apache-2.0 APSL-2.0 Artistic-2.0
BSD-2-Clause BSD-3-Clause BSD-3-Clause-Clear BSD-4-Clause BSL-1.0 BUSL-1.1 CC-BY-1.0 CC-BY-2.0 CC-BY-2.5
CC-BY-3.0 CC-BY-4.0 CC-BY-NC-1.0 CC-BY-NC-2.0 CC-BY-NC-3.0 CC-BY-NC-4.0 CC-BY-NC-ND-3.0 CC-BY-NC-ND-4.0
CC-BY-NC-SA-2.0 CC-BY-NC-SA-3.0 CC-BY-NC-SA-4.0 CC-BY-ND-3.0 CC-BY-ND-4.0 CC-BY-SA-2.0 CC-BY-SA-3.0
CC-BY-SA-4.0 CC0-1.0 CDLA-Permissive-1.0 CDLA-Permissive-2.0 CDLA-Sharing-1.0 ECL-2.0 EPL-1.0 EPL-2.0
EUPL-1.1 EUPL-1.2 GFDL-1.3 GPL-2.0 GPL-2.0-only GPL-2.0-or-later GPL-3.0 GPL-3.0-only GPL-3.0-or-later
ISC LGPL-2.1 LGPL-2.1-only LGPL-2.1-or-later LGPL-3.0 LGPL-3.0-only LGPL-3.0-or-later LPPL-1.3c MIT MIT-0
MPL-1.1 MPL-2.0 MS-PL NCSA ODbL-1.0 ODC-By-1.0 OFL-1.1 OSL-3.0 PDDL-1.0 PostgreSQL Python-2.0 Unlicense
UPL-1.0 WTFPL Zlib
""".split()
BY_LOWER = {name.lower(): name for name in SPDX}
# Ids that the Hub accepts though SPDX lists none.
HUB = set(
    """
afl-3.0 openrail openrail++ creativeml-openrail-m bigscience-bloom-rail-1.0 bigscience-openrail-m
bigcode-openrail-m deepfloyd-if-license llama2 llama3 llama3.1 llama3.2 llama3.3 llama4 gemma apple-ascl
apple-amlr cc bsd gpl lgpl agpl gfdl pddl odc-by odbl wtfpl unlicense zlib intel-research c-uda
h-research fair-noncommercial-research-license etalab-2.0 lgpl-lr grok2-community open-mdw
""".split()
)
ALIASES = {
    "apache": "Apache-2.0",
    "apache2": "Apache-2.0",
    "apache-2": "Apache-2.0",
    "apache2.0": "Apache-2.0",
    "gplv3": "GPL-3.0",
    "gpl-v3": "GPL-3.0",
    "gpl3": "GPL-3.0",
    "gplv2": "GPL-2.0",
    "agplv3": "AGPL-3.0",
    "agpl-v3": "AGPL-3.0",
    "lgplv3": "LGPL-3.0",
    "cc0": "CC0-1.0",
    "bsd-3": "BSD-3-Clause",
    "bsd3": "BSD-3-Clause",
    "bsd-2": "BSD-2-Clause",
    "the-unlicense": "Unlicense",
    "odc-by": "ODC-By-1.0",
    "odbl": "ODbL-1.0",
    "pddl": "PDDL-1.0",
}

# A licence's name as it occurs in a sentence.
NAMED = re.compile(
    r"\b(?:apache(?:[ -]licen[sc]e)?,?[ -]?(?:version )?v?2(?:\.0)?|apache licen[sc]e"
    r"|mit(?=[ -](?:licen[sc]e|\())|(?<=under )(?:the )?mit\b|(?<=licence: )mit\b|(?<=license: )mit\b"
    r"|[al]?gpl(?:[ -]?v?[23](?:\.\d)?)?(?:-(?:only|or-later))?|gnu (?:affero "
    r"|lesser )?general public licen[sc]e(?:[ ,]+v(?:ersion )?\d(?:\.\d)?)?"
    r"|bsd(?:[ -][234][ -]clause)?(?= licen)|bsd-[234]-clause"
    r"|cc0(?:[ -]1\.0)?|cc[ -]by(?:[ -](?:nc|sa|nd)){0,2}(?:[ -]v?\d\.\d)?"
    r"|creative commons[\w -]{0,60}(?:\d\.\d)?|mozilla public licen[sc]e(?: \d\.\d)?|mpl[ -]2\.0"
    r"|the unlicense|eupl[ -]?1\.\d"
    r"|(?:creativeml |bigscience |bigcode )?(?:open ?rail"
    r"|rail)(?:\+\+)?(?:-m)?(?: licen[sc]e)?(?: v?\d(?:\.\d)?)?"
    r"|llama ?\d?(?:\.\d)? community licen[sc]e(?: agreement)?|(?:gemma|gpt-2) terms of use)",
    re.IGNORECASE,
)


def spdx_of(value: str) -> str | None:
    """The SPDX identifier that a stated licence means, or None."""
    text = value.strip().lower()
    if text in BY_LOWER:
        return BY_LOWER[text]
    text = re.sub(r"\b(?:the|licen[sc]e|licence|version|public)\b|[,()]", " ", text)
    text = re.sub(r"[\s_]+", "-", text.strip()).strip("-")
    text = re.sub(r"-v?(\d)$", r"-\1.0", text.replace("-v", "-")) if not text.startswith("bsd") else text
    return BY_LOWER.get(text) or ALIASES.get(text) or ALIASES.get(value.strip().lower())


def is_exact(value: str) -> bool:
    """Whether the value is written as SPDX or the Hub writes it."""
    return value in SPDX or value in HUB or (value.lower() in BY_LOWER and value == value.lower())
