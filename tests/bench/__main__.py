"""`make bench`: every benchmark, each a table of ratios against the named peer or limit in the same run.

`python -m tests.bench NAME …` runs only those named.
"""

import sys
from importlib import import_module

NAMES = ["model_card", "detection", "memorisation", "threads", "phone", "registry"]


def main(names):
    for name in names or NAMES:
        module = import_module(f"tests.bench.{name}")
        print(f"\n{name}: {module.__doc__.splitlines()[0]}\n", flush=True)
        module.main()


if __name__ == "__main__":
    main(sys.argv[1:])
