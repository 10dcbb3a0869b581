"""Join the parts of the style into the one file that pages load: `python -m registry.core.stylesheet`."""

import re
from itertools import product
from pathlib import Path
from string import ascii_lowercase

REGISTRY = Path(__file__).resolve().parent.parent
SOURCE = REGISTRY / "style"
TARGET = REGISTRY / "static" / "daylight" / "css" / "daylight.css"
# Lengths that no rule redefines: their values are shorter than their names.
FIXED = r"--(?:s\d+|t-[0-4]|r)"
PARTS = ["tokens", "base", "site", "tools", "tables", "prose", "figures", "thread", "lists", "print"]


def joined():
    """Return all parts in order, without what only serves the writer: comments, spaces, long names."""
    text = "\n".join((SOURCE / f"{part}.css").read_text("utf-8") for part in PARTS)
    text = with_lengths(re.sub(r"/\*.*?\*/", "", text, flags=re.S))
    return with_short_names(narrowed(by_screen(text)))


def with_lengths(text):
    """Put spaces, sizes and the radius in the place of their names."""
    definition = re.compile(rf"^\s*({FIXED}): ([^;]+);\n", re.M)
    values = dict(definition.findall(text))
    return re.sub(rf"var\(({FIXED})\)", lambda use: values[use[1]], definition.sub("", text))


def by_screen(text):
    """Gather the rules of each kind of screen in one block, after all others: they are exceptions to them."""
    blocks, screen = {}, re.compile(r"^@media ([^{\n]*width[^{\n]*) \{\n(.*?)^\}\n", re.M | re.S)
    for condition, rules in screen.findall(text):
        blocks[condition] = blocks.get(condition, "") + rules
    text, printed = screen.sub("", text).split("@media print")
    screens = "".join(f"@media {condition} {{\n{rules}}}\n" for condition, rules in blocks.items())
    return f"{text}{screens}@media print{printed}"


def narrowed(text):
    """Take out the spaces that only serve the writer."""
    lines = (line.strip() for line in text.splitlines())
    text = "\n".join(line for line in lines if line)
    text = re.sub(r"\s*([{};,])\s*", r"\1", text)
    text = re.sub(r":\s+(?=[^{}]*[;}])", ":", text)
    text = re.sub(r"\(([a-z-]+): ", r"(\1:", text)
    text = re.sub(r" ?([>+]) (?=[^{}]*\{)", r"\1", text)
    text = re.sub(r"\(width (<=?|>) ", r"(width\1", text).replace("@media (", "@media(")
    text = text.replace("> ", ">").replace(" / ", "/").replace(" !important", "!important")
    text = text.replace("transparent", "#0000")
    return text.replace(";}", "}").replace("}\n}", "}}")


def with_short_names(text):
    """Give the custom properties names of one or two letters, the shortest to those that are used most."""
    names = re.findall(r"--[a-z][\w-]*", text)
    ranked = sorted(set(names), key=lambda name: (-names.count(name), name))
    letters = [*ascii_lowercase, *map("".join, product(ascii_lowercase, repeat=2))]
    short = dict(zip(ranked, letters, strict=False))
    return re.sub(r"--[a-z][\w-]*", lambda use: f"--{short[use[0]]}", text)


def main():
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_text(joined(), "utf-8")


if __name__ == "__main__":
    main()
