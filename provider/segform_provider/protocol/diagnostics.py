"""Diagnostics: what Terraform prints, and at which attribute."""

from __future__ import annotations

import re
from typing import Any, Literal

from .wire import message

_SEVERITY = {"error": 1, "warning": 2}
# Terraform prints texts as they come, and names in a workspace are anybody's. What would move the
# cursor, colour the terminal or turn the direction of writing is shown as its escape; line breaks
# stay.
_UNSEEN = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"
)


def diagnostic(
    severity: Literal["error", "warning"],
    summary: str,
    detail: str,
    path: tuple[str | int, ...] = (),
) -> Any:
    """One diagnostic. The first step of a path is an attribute, later ones may be keys."""
    made = message("Diagnostic")(
        severity=_SEVERITY[severity], summary=plain(summary), detail=plain(detail)
    )
    if path:
        made.attribute.CopyFrom(attribute_path(path))
    return made


def plain(text: str) -> str:
    """A text that a terminal only shows."""
    return _UNSEEN.sub(lambda found: found[0].encode("unicode_escape").decode(), text)


def attribute_path(path: tuple[str | int, ...]) -> Any:
    """A path: ints are indexes; a text behind a map is given as `Key`, all others are names."""
    steps: list[dict[str, str | int]] = []
    for step in path:
        if isinstance(step, int):
            steps.append({"element_key_int": step})
        elif isinstance(step, Key):
            steps.append({"element_key_string": str(step)})
        else:
            steps.append({"attribute_name": step})
    return message("AttributePath")(steps=steps)


class Key(str):
    """A key of a map in a path."""
