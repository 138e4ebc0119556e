"""Destination: a tool that a source's events are sent to."""

from __future__ import annotations

from ._metadata import DESTINATION_METADATA
from ._shared import NO_SECRETS_IN_CLEAR, secret_settings, secret_settings_version
from .definition import BOOL, SETTINGS, STRING, Kind, Reference, Resource, attribute, computed
from .parts import Check, Operations


class Destination(Resource):
    """A tool that a source's events are sent to: a catalogue entry with settings."""

    about = Kind(
        "destination",
        "A tool that a source's events are sent to.",
        operations=Operations(
            create="createDestination",
            read="getDestination",
            update="updateDestination",
            delete="deleteDestination",
            list="listDestinations",
        ),
        envelope="destination",
        collection="destinations",
        family="destinations",
        catalog="destination",
        below="source_id",
        path={"destinationId": "id"},
        key=("source_id", "metadata.id", "name"),
        switch="enabled",
        guard="its settings, secrets and mappings go with it, and events stop reaching the tool",
        checks=(
            Check("pure", "segform.resources.checks:settings"),
            Check("live", "segform.lifecycle.catalog_checks:destination"),
            NO_SECRETS_IN_CLEAR,
        ),
    )

    id: str = computed(STRING, "Id of the destination.")
    name: str | None = attribute(
        STRING, "Name that people see.", default=None, computed=True, clear="null"
    )
    enabled: bool = attribute(BOOL, "Whether events are sent.", required=True)
    source_id: Reference = attribute(
        STRING,
        "Id of the source whose events it gets.",
        required=True,
        replace=True,
        update=False,
        reference="source",
    )
    metadata: dict[str, object] = attribute(
        DESTINATION_METADATA,
        "Which tool it is, from the catalogue; only `id` is given.",
        required=True,
        update=False,
        flat="metadata_id",
    )
    settings: object = attribute(
        SETTINGS,
        "Settings as JSON. Only what is written here is managed; other keys are left alone.",
        required=True,
        sensitive=True,
    )
    secret_settings_wo: dict[str, str] | None = secret_settings()
    secret_settings_wo_version: str | None = secret_settings_version()
