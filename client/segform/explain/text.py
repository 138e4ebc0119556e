"""An explanation for a terminal. Names are other people's: what moves a cursor is spelt out."""

from __future__ import annotations

import json
import textwrap

from .model import Explanation, Step

_WIDTH = 96
_SHOWN = {"passes": "passes", "changed": "changed", "dropped": "DROPPED", "unknown": "unknown"}


def text(found: Explanation) -> str:
    """The answer, the steps with what they did, and what is left open, as plain text."""
    event = found.given
    name = event.get("event") or event.get("name")
    called = f" “{name}”" if isinstance(name, str) and name else ""
    lines = [
        f"{event.get('type', 'track')}{called} from {found.source} to {found.destination}",
        "",
        found.answer,
        "",
    ]
    width = max([len(step.name) for step in found.steps], default=0)
    for number, step in enumerate(found.steps, 1):
        lines += _step(number, step, width)
    for one in found.sent:
        lines += [
            "",
            f"“{one.mapping}” ({one.action}) sends:"
            if one.problem is None
            else f"“{one.mapping}” ({one.action}) would send:",
        ]
        lines.append(_json(one.payload))
    open_ = list(dict.fromkeys(words for step in found.steps for words in step.open))
    if open_:
        lines += ["", "What the documentation leaves open, and where this does not apply:"]
        lines += [part for words in open_ for part in _wrapped(words, "  - ")]
    return "\n".join([_inert(line) for line in "\n".join(lines).split("\n")])


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
        " ".join(words.split()),
        width=max(_WIDTH, len(start) + 40),
        initial_indent=start,
        subsequent_indent=" " * len(start),
        break_long_words=False,
        break_on_hyphens=False,
    ) or [start]


def _json(payload: object) -> str:
    try:
        written = json.dumps(payload, indent=2, ensure_ascii=False, default=str)
    except RecursionError:
        written = "(nested too deep to be shown)"
    return textwrap.indent(written, "  ")


def _inert(line: str) -> str:
    if line.isascii() and line.isprintable():
        return line
    return "".join([char if char.isprintable() else f"\\u{ord(char):04x}" for char in line])
