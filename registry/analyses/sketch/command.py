"""`manage.py sketch`: a sketch of a training text, made where the text is, without server or database."""

import json
import os
import sys
import tempfile
from pathlib import Path

from registry.analyses.errors import Unusable
from registry.analyses.inputs import LocalFile
from registry.analyses.offline import OneLineParser, WrongArguments, files_of, guarded
from registry.analyses.sketch import bloom
from registry.analyses.sketch.building import build
from registry.analyses.sketch.corpus import Corpus

ORACLE = (
    "Whoever has the sketch can ask whether any phrase of theirs occurs in the text, so do not publish a sketch "
    "of a text that holds secrets."
)


def main(arguments):
    """Make or merge what the command line asks for; 0 when done, 2 where the input is unusable."""
    return guarded(_sketch, arguments)


def parser():
    made = OneLineParser(
        prog="manage.py sketch",
        description="Make a sketch of a training text for the analysis “memorisation”, or merge several.",
        allow_abbrev=False,
    )
    made.add_argument("corpus", nargs="+", metavar="CORPUS", help="text files, JSON Lines with a “text”, or folders")
    made.add_argument("-o", "--output", required=True, metavar="FILE", help="the sketch to write")
    made.add_argument("--n", type=int, default=8, help="words in a sequence (8)")
    made.add_argument("--false-positive", type=float, default=1e-6, metavar="P", help="wrong answers allowed (1e-6)")
    made.add_argument(
        "--capacity", type=int, metavar="N",
        help="different sequences to make room for; saves one reading, and is needed for sketches to be merged",
    )  # fmt: skip
    made.add_argument("--merge", action="store_true", help="CORPUS are sketches of one shape: join them into one")
    made.add_argument("--json", action="store_true", help="print the header of the sketch as JSON")
    return made


def _sketch(arguments):
    options = parser().parse_args(arguments)
    check(options)
    paths = [path for given in options.corpus for path in files_of(given)]
    target = Path(options.output)
    if any(path.exists() and target.exists() and path.samefile(target) for path in paths):
        raise WrongArguments(f"{target} is one of the inputs: choose another file for the sketch.")
    if options.merge:
        sketch = bloom.merged([(path.name, bloom.read(path.read_bytes(), path.name)) for path in paths])
    else:
        corpus = Corpus([LocalFile("corpus", path.name, path) for path in paths])
        sketch = build(corpus, options.n, options.false_positive, options.capacity, _told())
        _complain(corpus)
    write(sketch, target)
    print(json.dumps(sketch.header(), indent=2) if options.json else in_words(sketch, target), flush=True)
    return 0


def check(options):
    if not 2 <= options.n <= bloom.LONGEST_SEQUENCE:
        raise WrongArguments(f"--n must be from 2 to {bloom.LONGEST_SEQUENCE}.")
    if not 1e-12 <= options.false_positive <= bloom.USELESS:
        raise WrongArguments(f"--false-positive must be from 1e-12 to {bloom.USELESS}.")
    if options.capacity is not None and not 1 <= options.capacity <= 2**40:
        raise WrongArguments("--capacity must be a number of sequences from 1 to about 10^12.")


def write(sketch, target: Path) -> None:
    """Whole or not at all: a sketch that was cut short never stands under its name."""
    try:
        with tempfile.NamedTemporaryFile(dir=target.parent, prefix=f".{target.name}.", delete=False) as made:
            try:
                sketch.write(made)
                made.close()
                os.chmod(made.name, 0o644)
                os.replace(made.name, target)
            except BaseException:
                os.unlink(made.name)
                raise
    except OSError as problem:
        raise Unusable(f"{target} cannot be written: {problem.strerror}.") from None


def in_words(sketch, target) -> str:
    over = sketch.false_positive > 2 * sketch.target
    lines = [
        f"{target}: {sketch.items:,} different sequences of {sketch.n} words from {sketch.documents:,} "
        f"document{'' if sketch.documents == 1 else 's'}, {sketch.size // 8 / 1e6:,.1f} MB.",
        f"It says “occurs” of {sketch.false_positive:.2g} of what does not (wanted: {sketch.target:.2g}).",
        *(["It holds more than it was made for: make it again with a larger --capacity."] if over else []),
        ORACLE,
    ]
    return "\n".join(lines)


def _complain(corpus: Corpus) -> None:
    for one in corpus.broken_lines:
        print(f"{one['file']}, line {one['line']} {one['problem']}; it was left out.", file=sys.stderr)
    if more := corpus.broken - len(corpus.broken_lines):
        print(f"{more} more lines were left out.", file=sys.stderr)
    if corpus.normalise.undecodable:
        print(f"{corpus.normalise.undecodable} places were not UTF-8 and count as blanks.", file=sys.stderr)


def _told():
    """Progress on a terminal only, ten steps at most."""
    said = [-1]

    def progress(fraction, message):
        step = int(10 * fraction)
        if sys.stderr.isatty() and step != said[0]:
            said[0] = step
            print(f"{10 * step:3}% {message}", file=sys.stderr)

    return progress
