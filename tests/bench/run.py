"""`python -m tests.bench.run [GROUP]`: take the figures, print them, keep them.

A line per figure: name, ours, peer or floor, ratio, target, `ok` or `short`. The same goes as JSON
lines to `.bench/results.jsonl`. Exit code 0 also when one is short: these are no tests.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from importlib import import_module

from .figure import Figure, keep, missing

# Group -> the module that has its figures; a word with a blank: why it has none.
GROUPS = {
    "client": "client",
    "provider": "provider",
    "emulator": "emulator",
    "languages": "languages",
    "engine": "engine",
}


def main(arguments: list[str]) -> int:
    """Take the figures of one group, or of all."""
    wanted = arguments or list(GROUPS)
    unknown = [name for name in wanted if name not in GROUPS]
    if unknown:
        print(f"no group {unknown[0]!r}; there are: {', '.join(GROUPS)}", file=sys.stderr)
        return 2
    for group in wanted:
        taken: list[Figure] = []
        for figure in figures(group):
            found = figure()
            for one in found:
                print(one.line(), flush=True)
            taken += found
        keep(taken)
    return 0


def figures(group: str) -> list[Callable[[], list[Figure]]]:
    """What a group measures."""
    module = GROUPS[group]
    if " " in module:
        return [lambda: [missing(group, module)]]
    found: list[Callable[[], list[Figure]]] = import_module(f"tests.bench.{module}").FIGURES
    return found


if __name__ == "__main__":
    sys.exit(main([argument for argument in sys.argv[1:] if argument]))
