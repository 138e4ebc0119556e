"""Mappings against the actions of a destination's entry."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from segform.resources.kind_checks import mapping_problems
from segform.resources.parts import Problem

from .entries import Entry


def check_action(settings: Any, action_id: str, destination: Entry) -> list[Problem]:
    """What a destination's actions have against a mapping; nothing where the entry lists none.

    `settings`: the mapping as JSON text. What is wrong with a mapping whatever its action is, the
    pure check of its definition says; paths are those of a destination subscription.
    """
    actions = [one for one in destination.get("actions") or () if isinstance(one, Mapping)]
    if not actions:
        return []
    action = next((one for one in actions if one.get("id") == action_id), None)
    if action is not None:
        return mapping_problems(settings, action, pure=False)
    there = ", ".join(f"{one.get('slug')} ({one.get('id')})" for one in actions[:12])
    return [
        Problem(
            ("action_id",),
            f"{destination.get('name')} has no action {action_id!r} in the catalogue",
            f"Its actions: {there}{' …' if len(actions) > 12 else ''}.",
            # The catalogue drops old actions that mappings still use.
            "warning",
        )
    ]
