"""`manage.py analyse`: one analysis on local files, without database or server."""

import argparse
import json
import sys
from pathlib import Path

from . import catalogue
from .errors import Unusable
from .inputs import Input
from .report import carry_out


def parser_for(analysis):
    """Options of one analysis: its first required role as plain arguments where it is the only one, else flags."""
    parser = argparse.ArgumentParser(prog=f"manage.py analyse {analysis.name}", description=analysis.title)
    required = [role for role, about in analysis.roles.items() if about["required"]]
    for role, about in analysis.roles.items():
        many = {"nargs": "+"} if about.get("many") else {}
        if required == [role]:
            parser.add_argument(role, metavar="FILE", help=about["help"], **many)
        else:
            flag = f"--{role.replace('_', '-')}"
            parser.add_argument(
                flag, dest=role, metavar="FILE", required=about["required"], help=about["help"], **many
            )
    for name, default in analysis.defaults.items():
        kind = json.loads if isinstance(default, bool | list | dict) else type(default)
        parser.add_argument(f"--{name.replace('_', '-')}", dest=f"param_{name}", type=kind, default=default)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--json", action="store_true", help="print the whole report as JSON")
    return parser


def main(arguments):
    """Run what the command line asks for; 0 when done, 2 where the input is unusable."""
    if not arguments or arguments[0] in {"-h", "--help"}:
        print("usage: manage.py analyse NAME FILE… [options] [--json]")
        for found in catalogue.everything():
            print(f"  {found.name:<14} {found.title}")
        return 0 if arguments else 2
    try:
        analysis = catalogue.get(arguments[0])
    except KeyError:
        return _refuse(f"There is no analysis {arguments[0]!r}. There are: {', '.join(catalogue.NAMES)}.")
    options = vars(parser_for(analysis).parse_args(arguments[1:]))
    params = {name: options[f"param_{name}"] for name in analysis.defaults}
    try:
        inputs = {role: _read(role, options[role]) for role in analysis.roles if options[role]}
        report = carry_out(analysis, inputs, params, options["seed"])
    except Unusable as problem:
        return _refuse(str(problem))
    print(json.dumps(report, indent=2, ensure_ascii=False) if options["json"] else _in_words(report))
    return 0


def _read(role, given):
    if isinstance(given, list):
        return [_read(role, one) for one in given]
    path = Path(given)
    try:
        return Input(role, path.name, path.read_bytes())
    except OSError as problem:
        raise Unusable(f"{given} cannot be read: {problem.strerror}.") from None


def _refuse(sentence):
    print(sentence, file=sys.stderr)
    return 2


def _in_words(report):
    lines = [f"{report['analysis']} {report['version']}, {report['seconds']} s"]
    sentence = report["result"].get("sentence")
    lines += [sentence] if sentence else []
    for name, item in report["result"].get("items", {}).items():
        lines.append(f"  {name:<20} {item['status']}")
    lines += [f"  {f['severity']}: {f['message']}" for f in report["findings"]]
    return "\n".join(lines)
