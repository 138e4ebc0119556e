"""An explanation for a terminal. Names are other people's: what moves a cursor is spelt out."""

from __future__ import annotations

import json
import textwrap
from decimal import Decimal

from segform.inert import printable

from .model import Explanation, Step

_WIDTH = 96
# Characters of one sentence; a mapping's payload is shown whole.
_LONG = 2000
_SHOWN = {"passes": "passes", "changed": "changed", "dropped": "DROPPED", "unknown": "unknown"}


def text(found: Explanation) -> str:
    """The answer, the steps with what they did, and what is left open, as plain text."""
    event = found.given
    name = event.get("event") or event.get("name")
    called = f" “{name}”" if isinstance(name, str) and name else ""
    head = f"{event.get('type', 'track')}{called} from {found.source} to {found.destination}"
    lines = [printable(head), "", printable(found.answer, _LONG), ""]
    width = max([len(step.name) for step in found.steps], default=0)
    for number, step in enumerate(found.steps, 1):
        lines += _step(number, step, width)
    for one in found.sent:
        verb = "sends" if one.problem is None else "would send"
        lines += ["", f"{printable(f'“{one.mapping}” ({one.action})')} {verb}:"]
        lines += [f"  {_line(line)}" for line in as_json(one.payload).split("\n")]
    open_ = list(dict.fromkeys(words for step in found.steps for words in step.open))
    if open_:
        lines += ["", "What the documentation leaves open, and where this does not apply:"]
        lines += [part for words in open_ for part in _wrapped(words, "  - ")]
    return "\n".join(lines)


def _line(line: str) -> str:
    """A line of JSON: its blanks stay, and what cannot be seen is spelt out."""
    bare = line.lstrip(" ")
    return line[: len(line) - len(bare)] + printable(bare, len(bare))


def _step(number: int, step: Step, width: int) -> list[str]:
    shown = _SHOWN.get(step.outcome, step.outcome)
    lines = _wrapped(step.words, f"{number:>2}. {step.name:<{width}}  {shown:<7}  ")
    for detail in step.details:
        lines += _wrapped(detail, "      ")
    for warning in step.warnings:
        lines += _wrapped(warning, "    ! ")
    return lines


def _wrapped(words: str, start: str) -> list[str]:
    """Words behind what begins their first line, the further lines indented as far."""
    return textwrap.wrap(
        printable(" ".join(words.split()), _LONG),
        width=max(_WIDTH, len(start) + 40),
        initial_indent=start,
        subsequent_indent=" " * len(start),
        break_long_words=False,
        break_on_hyphens=False,
    ) or [start]


def as_json(value: object) -> str:
    """Plain values as JSON to read; exact numbers as numbers."""
    try:
        return json.dumps(value, indent=2, ensure_ascii=False, default=_number)
    except RecursionError:
        return '"(nested too deep to be shown)"'


def _number(value: object) -> object:
    if not isinstance(value, Decimal):
        return str(value)
    return int(value) if value == value.to_integral_value() else float(value)
