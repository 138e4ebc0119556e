"""What `segform --help` prints, without click: the list is asked for often, and by machines.

It is click's own help to the letter (`tests/cli/test_help.py::test_the_help_is_clicks_own`).
"""

from __future__ import annotations

import os
import sys

from . import _ALIASES, _GROUP, _OWN, _WORDS

ABOUT = "Segment workspaces as code: pull, plan, apply, drift, promote; checks, reviews, emulator."
OPTIONS = (
    ("--version", "Show the version and exit."),
    (
        "--profile NAME",
        "The workspace's profile in segform.toml or pyproject.toml (default: SEGFORM_PROFILE).",
    ),
    ("-h, --help", "Show this message and exit."),
)


def text() -> str | None:
    """The help; None where another distribution adds commands, which only click can tell of."""
    if _added():
        return None
    width = max(min(_columns(), 80) - 2, 50)
    names = sorted({*_OWN, *_WORDS} - _ALIASES)
    if any(name not in _WORDS for name in names):
        return None
    commands = tuple((name, _WORDS[name]) for name in names)
    return "\n".join(
        (
            "Usage: segform [OPTIONS] COMMAND [ARGS]...",
            "",
            *("  " + line for line in _wrapped(ABOUT, width - 2)),
            "",
            "Options:",
            *_rows(OPTIONS, width),
            "",
            "Commands:",
            *_rows(commands, width),
        )
    )


def _rows(rows: tuple[tuple[str, str], ...], width: int) -> list[str]:
    first = max(len(name) for name, _ in rows) + 2
    lines = []
    for name, words in rows:
        head, *rest = _wrapped(words, max(width - first - 2, 10))
        lines.append(f"  {name.ljust(first)}{head}")
        lines += [" " * (first + 2) + line for line in rest]
    return lines


def _wrapped(words: str, width: int) -> list[str]:
    lines = [""]
    for word in words.split():
        longer = f"{lines[-1]} {word}".strip()
        if len(longer) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def _columns() -> int:
    """The width of the terminal, as the standard library finds it."""
    told = os.environ.get("COLUMNS", "")
    if told.isdigit() and int(told):
        return int(told)
    try:
        return os.get_terminal_size(sys.__stdout__.fileno() if sys.__stdout__ else 1).columns or 80
    except (OSError, ValueError):
        return 80


def _added() -> bool:
    """Whether another distribution than ours has commands."""
    # With `os`, which is there already: `pathlib` would cost more than the whole search.
    group = f"[{_GROUP}]".encode()
    for folder in sys.path:
        try:
            names = os.listdir(folder or ".")  # noqa: PTH208 - without pathlib
        except OSError:
            continue
        for name in names:
            if not name.endswith(".dist-info") or name.startswith("segform-"):
                continue
            try:
                with open(f"{folder}/{name}/entry_points.txt", "rb") as file:  # noqa: PTH123 - without pathlib
                    if group in file.read():
                        return True
            except OSError:
                continue
    return False
