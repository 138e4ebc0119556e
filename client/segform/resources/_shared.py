"""Nested types that several kinds use."""

from __future__ import annotations

from typing import Any

from .definition import STRING, Items, Nested, attribute, field
from .parts import Check

LABELS = Nested(
    "set",
    field("key", STRING, "Key of a label that exists in the workspace.", required=True),
    field("value", STRING, "Value of the label.", required=True),
    identity=("key",),
)


# What keeps secrets out of the state has to be used: told at plan time, or with `strict_secrets`
# refused, also where nothing changes.
NO_SECRETS_IN_CLEAR = Check("live", "segform.lifecycle.secret_checks:in_clear", unchanged=True)


def secret_settings(
    description: str = (
        "Secret settings by their key at the top level. They are sent with the others and are in "
        "no plan and no state; needs Terraform 1.11."
    ),
) -> Any:
    """Settings that are secret: sent, never kept in a state or a plan."""
    return attribute(
        Items("map", STRING),
        description,
        default=None,
        write_only=True,
        official="absent",
        sensitive=True,
        create=False,
        update=False,
        into="settings",
    )


def secret_settings_version() -> Any:
    """What says that the secret settings have changed."""
    return attribute(
        STRING,
        "Any text; the secret settings are sent again when it changes.",
        default=None,
        official="absent",
        create=False,
        update=False,
    )
