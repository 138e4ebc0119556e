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


_SECRET, _OPEN = _ANSWERS = ("a secret", "no secret")


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
    if not texts:
        return []
    passwords = [{"name": key, "type": "password"} for key in _passwords(life, run, texts)]
    found = secrets_in_clear(wanted, {"options": passwords})
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


def _passwords(life: Lifecycle, run: Run, keys: list[str]) -> list[str]:
    """Those of the keys whose options are declared secrets.

    The answer for each key is remembered for a few minutes, so that an apply says the same as its
    plan and need not ask anew; no value is remembered, not hashed.
    """
    about = ("secrets", run.about.name, str(_named(run)))
    known = {
        key: next((one for one in _ANSWERS if life.passed.recently(*about, key, one)), None)
        for key in keys
    }
    if None not in known.values():
        return [key for key in keys if known[key] == _SECRET]
    declared = {
        str(one.get("name"))
        for one in (_entry(life, run) or {}).get("options") or ()
        if str(one.get("type", "")).lower() == "password"
    }
    for key in keys:
        # The settings of a function are the user's, and may be declared otherwise a moment later.
        if key not in declared or "metadata" in run.kind.attributes:
            life.passed.note(*about, key, _SECRET if key in declared else _OPEN)
    return [key for key in keys if key in declared]


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
