"""Label: a key and a value that sources and permissions are marked with."""

from __future__ import annotations

from .definition import STRING, Kind, Resource, attribute
from .parts import Check, Operations


class Label(Resource):
    """A key and a value that sources and permissions are marked with. It cannot be changed."""

    about = Kind(
        "label",
        "A key and a value that sources and permissions are marked with.",
        operations=Operations(create="createLabel", delete="deleteLabel", list="listLabels"),
        envelope="label",
        collection="labels",
        family="labels",
        wrap="label",
        path={"key": "key", "value": "value"},
        import_id="{key}:{value}",
        key=("key", "value"),
        key_unique=True,
        # There is no operation that reads one label, so absence is confirmed by a second list.
        confirm_by_list=True,
        checks=(Check("pure", "segform.resources.checks:label"),),
    )

    key: str = attribute(
        STRING,
        "Key: starts with a letter; letters, digits, hyphens and dashes.",
        required=True,
        replace=True,
    )
    value: str = attribute(
        STRING,
        "Value: starts with a letter; letters, digits, hyphens and dashes.",
        required=True,
        replace=True,
    )
    description: str | None = attribute(STRING, "What it is for.", default=None, replace=True)
