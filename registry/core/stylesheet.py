"""Join the parts of the style into the one file that pages load: `python -m registry.core.stylesheet`."""

import re
from pathlib import Path

REGISTRY = Path(__file__).resolve().parent.parent
SOURCE = REGISTRY / "style"
TARGET = REGISTRY / "static" / "daylight" / "css" / "daylight.css"
# Lengths that no rule redefines: their values are shorter than their names.
FIXED = r"--(?:s\d+|t-[0-4]|r)"
PARTS = ["tokens", "base", "site", "tools", "tables", "prose", "figures", "thread", "lists", "print"]


def joined():
    """Return all parts in order, without comments and without the spaces that only serve the writer."""
    text = "\n".join((SOURCE / f"{part}.css").read_text("utf-8") for part in PARTS)
    text = with_lengths(re.sub(r"/\*.*?\*/", "", text, flags=re.S))
    lines = (line.strip() for line in text.splitlines())
    text = "\n".join(line for line in lines if line)
    text = re.sub(r"\s*([{};,])\s*", r"\1", text)
    text = re.sub(r":\s+(?=[^{}]*[;}])", ":", text)
    text = re.sub(r"\(([a-z-]+): ", r"(\1:", text)
    text = re.sub(r" > (?=[^{}]*\{)", ">", text)
    text = text.replace("> ", ">").replace('" / "', '"/"').replace(" !important", "!important")
    return text.replace(";}", "}").replace("}\n}", "}}")


def with_lengths(text):
    """Put spaces, sizes and the radius in the place of their names."""
    definition = re.compile(rf"^\s*({FIXED}): ([^;]+);\n", re.M)
    values = dict(definition.findall(text))
    return re.sub(rf"var\(({FIXED})\)", lambda use: values[use[1]], definition.sub("", text))


def main():
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_text(joined(), "utf-8")


if __name__ == "__main__":
    main()
