"""`manage.py analyse`: one analysis on local files, without Django, database or server."""

import argparse
import json
import os
import sys
from pathlib import Path

# As in the child of a worker, and before any library is loaded: sums must not depend on how many threads add them.
os.environ.update(dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1"))

from . import catalogue  # noqa: E402
from .errors import Unusable  # noqa: E402
from .inputs import Input, LocalFile  # noqa: E402
from .report import carry_out  # noqa: E402


def main(arguments):
    """Run what the command line asks for; 0 when done, 2 where the input is unusable."""
    return guarded(_analyse, arguments)


def guarded(command, arguments):
    """Carry out a command; what it cannot use is one line on standard error, never a traceback."""
    sys.stdout.reconfigure(encoding="utf-8")
    sys.stderr.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        return command(arguments)
    except (Unusable, WrongArguments) as problem:
        return _refuse(str(problem))
    except RecursionError:
        return _refuse("The input is nested more deeply than the analysis can follow.")
    except MemoryError:
        return _refuse("The analysis needs more memory than there is. Give it fewer or shorter texts.")
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # Whoever read the output has heard enough; Python would complain once more when it closes it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return 0


class WrongArguments(Exception):
    """One line that says what is wrong with the command line."""


class OneLineParser(argparse.ArgumentParser):
    """Says what is wrong in one line, and leaves the usage to --help."""

    def error(self, message):
        raise WrongArguments(f"{self.prog}: {message}. See: {self.prog} --help")


def parser_for(analysis):
    """Options of one analysis: its first required role as plain arguments where it is the only one, else flags."""
    parser = OneLineParser(
        prog=f"manage.py analyse {analysis.name}", description=analysis.title.replace("%", "%%"), allow_abbrev=False
    )
    required = [role for role, about in analysis.roles.items() if about["required"]]
    for role, about in analysis.roles.items():
        more = {"metavar": "FILE", "help": about["help"].replace("%", "%%")}
        more |= {"nargs": "+"} if about.get("many") else {}
        if required == [role] and not about.get("named"):
            parser.add_argument(role, **more)
        else:
            parser.add_argument(f"--{role.replace('_', '-')}", dest=role, required=about["required"], **more)
    for name, default in analysis.defaults.items():
        kind = json.loads if isinstance(default, bool | list | dict) else type(default)
        parser.add_argument(f"--{name.replace('_', '-')}", dest=f"param_{name}", type=kind, default=default)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--json", action="store_true", help="print the whole report as JSON")
    return parser


def _analyse(arguments):
    if not arguments or arguments[0] in {"-h", "--help"}:
        print("usage: manage.py analyse NAME FILE… [options] [--json]")
        for found in catalogue.everything():
            print(f"  {found.name:<14} {found.title}")
        return 0 if arguments else 2
    try:
        analysis = catalogue.get(arguments[0])
    except KeyError:
        raise WrongArguments(
            f"There is no analysis {arguments[0]!r}. There are: {', '.join(catalogue.NAMES)}."
        ) from None
    options = vars(parser_for(analysis).parse_args(arguments[1:]))
    params = {name: options[f"param_{name}"] for name in analysis.defaults}
    inputs = {role: _read(role, options[role], about) for role, about in analysis.roles.items() if options[role]}
    report = carry_out(analysis, inputs, params, options["seed"])
    print(json.dumps(report, indent=2, ensure_ascii=False) if options["json"] else _in_words(report), flush=True)
    return 0


def _read(role, given, about):
    if isinstance(given, list):
        return [_input(role, path, about) for one in given for path in files_of(one)]
    return _input(role, Path(given), about)


def files_of(given):
    """The file of this name, or every file below the folder of this name, in the order of their names."""
    path = Path(given)
    try:
        if path.is_dir():
            found = sorted(one for one in path.rglob("*") if one.is_file() and not _hidden(one.relative_to(path)))
            if not found:
                raise Unusable(f"The folder {given} holds no file.")
            return found
        with path.open("rb"):
            return [path]
    except OSError as problem:
        raise Unusable(f"{given} cannot be read: {problem.strerror}.") from None
    except ValueError:
        raise Unusable(f"{given!r} is no file name.") from None


def _hidden(path):
    return any(part.startswith(".") for part in path.parts)


def _input(role, path, about):
    try:
        if about.get("streamed") and path.is_file():
            return LocalFile(role, path.name, path)
        return Input(role, path.name, path.read_bytes())
    except OSError as problem:
        raise Unusable(f"{path} cannot be read: {problem.strerror}.") from None
    except ValueError:
        raise Unusable(f"{str(path)!r} is no file name.") from None


def _refuse(sentence):
    print(" ".join(sentence.split()), file=sys.stderr)
    return 2


def _in_words(report):
    lines = [f"{report['analysis']} {report['version']}, {report['seconds']} s"]
    sentence = report["result"].get("sentence")
    lines += [sentence] if sentence else []
    for name, item in report["result"].get("items", {}).items():
        lines.append(f"  {name:<20} {item['status']}")
    lines += [f"  {f['severity']}: {f['message']}" for f in report["findings"]]
    return "\n".join(lines)
