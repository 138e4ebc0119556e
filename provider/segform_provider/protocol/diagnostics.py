"""Diagnostics: what Terraform prints, and at which attribute."""

from __future__ import annotations

from typing import Any, Literal

from .wire import message

_SEVERITY = {"error": 1, "warning": 2}


def diagnostic(
    severity: Literal["error", "warning"],
    summary: str,
    detail: str,
    path: tuple[str | int, ...] = (),
) -> Any:
    """One diagnostic. The first step of a path is an attribute, later ones may be keys."""
    made = message("Diagnostic")(severity=_SEVERITY[severity], summary=summary, detail=detail)
    if path:
        made.attribute.CopyFrom(attribute_path(path))
    return made


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
