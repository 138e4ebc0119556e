"""Nested types that several kinds use."""

from __future__ import annotations

from .definition import STRING, Nested, field

LABELS = Nested(
    "set",
    field("key", STRING, "Key of a label that exists in the workspace.", required=True),
    field("value", STRING, "Value of the label.", required=True),
    identity=("key",),
)
