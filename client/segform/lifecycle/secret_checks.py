"""Secrets that a plan would keep in the state: told of, or with `strict_secrets` refused.

Whatever stands in `settings` is in the state and in saved plans, in the clear, wherever its value
comes from. What is a secret the catalogue says (options of the type `password`), a function of its
own settings (`sensitive`), and where both are silent the name, at any depth. A value is never part
of the words.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from segform.resources.exact import parsed_object
from segform.resources.parts import Problem

from .run import Run

if TYPE_CHECKING:
    from .service import Lifecycle


# A setting of a function, by whether it is `sensitive`, as the catalogue would say it.
_KINDS = {True: "password", False: "select"}


def in_clear(life: Lifecycle, run: Run) -> list[Problem]:
    """Secrets in the planned settings; without `strict_secrets` those that a change touches.

    Operations: `getSourceMetadata`, `getDestinationMetadata`, `getWarehouseMetadata`,
    `getFunction`.
    """
    from segform.catalog import secrets_in_clear, texts_in

    wanted = parsed_object(run.planned_value("settings"))
    held: Mapping[str, Any] = {}
    if not life.strict_secrets:
        held = parsed_object((run.prior or {}).get("settings"))
        wanted = {key: one for key, one in wanted.items() if key not in held or held[key] != one}
    # Only what could be a secret is worth a question.
    texts = sorted(key for key, value in wanted.items() if any(True for _ in texts_in(value)))
    if not texts:
        return []
    options = [{"name": key, "type": kind} for key, kind in _types(life, run, texts)]
    found = secrets_in_clear(wanted, {"options": options}, besides=held)
    return [
        Problem(
            ("settings", *one.path),
            f"{one.message}: the state and saved plans keep it",
            _mend(one.path)
            + ("" if life.strict_secrets else " `strict_secrets = true` makes this an error."),
            "error" if life.strict_secrets else "warning",
            unquoted=True,
        )
        for one in found
    ]


def _mend(path: tuple[str | int, ...]) -> str:
    if len(path) == 1:
        return "Give it in `secret_settings_wo`, which is in no plan and no state (Terraform 1.11)."
    return (
        "`secret_settings_wo` takes whole options that are one text, so that this cannot stand "
        f"there. To keep it out of the state, leave the option {path[0]!r} out of `settings` and "
        "set it at Segment after the apply: what `settings` do not name is left alone."
    )


def _types(life: Lifecycle, run: Run, keys: list[str]) -> list[tuple[str, str]]:
    """Each of the keys with what its option's type says of secrets: one of the types in `SECRECY`.

    The answer for each key is remembered for a few minutes, so that an apply says the same as its
    plan and need not ask anew; no value is remembered, not hashed.
    """
    from segform.catalog import SECRECY, as_to_secrets

    about = ("secrets", run.about.name, str(_named(run)))
    known = [
        (key, one) for key in keys for one in SECRECY if life.passed.recently(*about, key, one)
    ]
    if {key for key, _ in known} == set(keys):
        return known
    declared = {
        str(one.get("name")): as_to_secrets(str(one.get("type", "")))
        for one in (_entry(life, run) or {}).get("options") or ()
    }
    found = [(key, declared.get(key, "string")) for key in keys]
    for key, kind in found:
        # The settings of a function are the user's, and may be declared otherwise a moment later.
        if key not in declared or "metadata" in run.kind.attributes:
            life.passed.note(*about, key, kind)
    return found


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
    return {
        "options": [
            {"name": one.get("name"), "type": _KINDS[bool(one.get("sensitive"))]}
            for one in live.get("settings") or ()
        ]
    }
