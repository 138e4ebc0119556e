"""The rule that Consent Management keeps in every tracking plan of a workspace.

Off until the control plane says so: `POST /_emulator/consent` with `{"on": true}`. Then every plan
has it, new ones too; writes neither change nor remove it (inferred). Its exact schema is not
published beyond the first words of its description.
"""

from __future__ import annotations

from segform_emulator.ids import Clock
from segform_emulator.workspace import Object, Workspace

EVENT = "Segment Consent Preference Updated"
# Type, key and version, as `rules.identity` has them.
IDENTITY = ("TRACK", EVENT, "1")
_SETTING = "consent"
_SCHEMA: Object = {
    "type": "object",
    "description": "DO NOT EDIT: managed by Segment for Consent Management.",
    "properties": {
        "context": {
            "type": "object",
            "properties": {
                "consent": {
                    "type": "object",
                    "properties": {"categoryPreferences": {"type": "object"}},
                }
            },
        },
        "properties": {"type": "object"},
    },
}


def is_on(workspace: Workspace) -> bool:
    """Whether a workspace has Consent Management."""
    # `get` of a table does not mark it as touched.
    return bool(workspace.more["workspace_settings"].get(_SETTING, {}).get("on", False))


def switch(workspace: Workspace, on: bool, clock: Clock) -> None:
    """Turn it on, in plans that are there too, or off: the rules stay, and can be removed."""
    workspace.more["workspace_settings"][_SETTING] = {"id": _SETTING, "on": on}
    if on:
        for plan_id in list(workspace.plans):
            keep(workspace, plan_id, clock)


def keep(workspace: Workspace, plan_id: str, clock: Clock) -> None:
    """See to it that a plan has the rule, where the workspace wants it."""
    from .rules import NEVER, rewritten

    if not is_on(workspace):
        return
    rules = workspace.rules[plan_id]
    if IDENTITY not in rules:
        now = clock.stamp()
        rules[IDENTITY] = {
            "type": "TRACK",
            "key": EVENT,
            "version": 1,
            "jsonSchema": rewritten(_SCHEMA),
            "createdAt": now,
            "updatedAt": now,
            "deprecatedAt": NEVER,
        }


def managed(workspace: Workspace, wanted: tuple[str, str | None, str]) -> bool:
    """Whether an identity is that of the rule that is not the user's to write."""
    return wanted == IDENTITY and is_on(workspace)
