"""Nested types that several kinds use."""

from __future__ import annotations

from typing import Any

from .definition import STRING, Items, Nested, attribute, field

LABELS = Nested(
    "set",
    field("key", STRING, "Key of a label that exists in the workspace.", required=True),
    field("value", STRING, "Value of the label.", required=True),
    identity=("key",),
)


def secret_settings() -> Any:
    """Settings that are secret: sent, never kept in a state or a plan."""
    return attribute(
        Items("map", STRING),
        "Secret settings by their key at the top level. They are sent with the others and are in "
        "no plan and no state; needs Terraform 1.11.",
        default=None,
        write_only=True,
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
        create=False,
        update=False,
    )
