"""Secrets that a plan would keep in the state: told of, or with `strict_secrets` refused.

Whatever stands in `settings` is in the state and in saved plans, in the clear, wherever its value
comes from. What is a secret the catalogue says (options of the type `password`), a function of its
own settings (`sensitive`), and where both are silent the name. A value is never part of the words.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from segform.resources.exact import parsed_object
from segform.resources.parts import Problem

from .run import Run

if TYPE_CHECKING:
    from .service import Lifecycle


def in_clear(life: Lifecycle, run: Run) -> list[Problem]:
    """Secrets in the planned settings; without `strict_secrets` those that a change touches.

    Operations: `getSourceMetadata`, `getDestinationMetadata`, `getWarehouseMetadata`,
    `getFunction`.
    """
    from segform.catalog import secrets_in_clear

    wanted = parsed_object(run.planned_value("settings"))
    if not life.strict_secrets:
        held = parsed_object((run.prior or {}).get("settings"))
        wanted = {key: one for key, one in wanted.items() if key not in held or held[key] != one}
    # Only what could be a secret is worth a question.
    texts = sorted(key for key, value in wanted.items() if isinstance(value, str) and value)
    facts = ("secrets", run.about.name, str(_named(run)), *texts)
    if not texts or life.passed.recently(*facts):
        return []
    found = secrets_in_clear(wanted, _entry(life, run))
    if not found:
        # What the next look at the same keys would find too; no value is remembered, not hashed.
        life.passed.note(*facts)
    return [
        Problem(
            ("settings", *one.path),
            f"{one.message}: the state and saved plans keep it",
            "Give it in `secret_settings_wo`, which is in no plan and no state (Terraform 1.11)."
            + ("" if life.strict_secrets else " `strict_secrets = true` makes this an error."),
            "error" if life.strict_secrets else "warning",
            unquoted=True,
        )
        for one in found
    ]


def _named(run: Run) -> str | None:
    """The id of what says which options are secrets: of a catalogue entry, or of a function."""
    given = run.planned_value("metadata") or {}
    found = (
        given.get("id") if "metadata" in run.kind.attributes else run.planned_value("function_id")
    )
    return found if isinstance(found, str) and found else None


def _entry(life: Lifecycle, run: Run) -> Mapping[str, Any] | None:
    named = _named(run)
    if named is None:
        return None
    if "metadata" in run.kind.attributes:
        return life.catalog.entry(f"{run.about.name}_metadata", named)
    live = life.live(life.run("function", prior={"id": named})) or {}
    kinds = {True: "password", False: ""}
    return {
        "options": [
            {"name": one.get("name"), "type": kinds[bool(one.get("sensitive"))]}
            for one in live.get("settings") or ()
        ]
    }
