"""Schema settings of a source by themselves: what happens to events that break its plan."""

from __future__ import annotations

from .definition import STRING, Attribute, Kind, Reference, Resource, attribute, computed
from .parts import Operations
from .source_tracking_plan_connection import SCHEMA_SETTINGS


class SourceSchemaSettings(Resource):
    """What happens to events of a source that no rule names or that break their rule."""

    about = Kind(
        "source_schema_settings",
        "What happens to events of a source that no rule names or that break their rule. Use it "
        "where somebody else connects the plan; `segment_source_tracking_plan_connection` has the "
        "same settings. Deleting it leaves the settings as they are.",
        official=False,
        operations=Operations(
            create="updateSchemaSettingsInSource", update="updateSchemaSettingsInSource"
        ),
        path={"sourceId": "source_id"},
        import_id="{source_id}",
        key=("source_id",),
        key_unique=True,
        restrains=("source_id",),
        part_of=("source_tracking_plan_connection", "schema_settings"),
        attach="segform.lifecycle.hooks.schema_settings:SchemaSettings",
        finish="segform.lifecycle.hooks.schema_settings:finish",
    )

    id: str = computed(STRING, "Id of the source.")
    source_id: Reference = attribute(
        STRING,
        "Id of the source; it has to be connected to a tracking plan.",
        required=True,
        replace=True,
        create=False,
        update=False,
        reference="source",
    )


def _add(item: Attribute) -> None:
    made: Attribute = attribute(
        item.type,
        item.description,
        default=None,
        computed=True,
        create=False,
        update=False,
        name=item.name,
        reference=item.reference,
    )
    SourceSchemaSettings.attributes[item.name] = made
    SourceSchemaSettings._flat[item.name] = item.name


for _item in SCHEMA_SETTINGS.attributes:
    _add(_item)
