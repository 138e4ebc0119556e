"""Source: where events come from. A website, an app, a server."""

from __future__ import annotations

from ._metadata import SOURCE_METADATA
from ._shared import LABELS, NO_SECRETS_IN_CLEAR, secret_settings, secret_settings_version
from .definition import BOOL, SETTINGS, STRING, Items, Kind, Resource, attribute, computed
from .parts import Check, Operations


class Source(Resource):
    """Where events come from: a website, an app, a server. It has a write key of its own."""

    about = Kind(
        "source",
        "Where events come from: a website, an app, a server.",
        operations=Operations(
            create="createSource",
            read="getSource",
            update="updateSource",
            delete="deleteSource",
            list="listSources",
        ),
        envelope="source",
        collection="sources",
        family="sources",
        limited=True,
        catalog="source",
        path={"sourceId": "id"},
        key=("slug",),
        key_unique=True,
        switch="enabled",
        # A new source would otherwise start to load into every warehouse of the workspace.
        extra_create={"disconnectAllWarehouses": True},
        protected=True,
        worth=True,
        guard=(
            "its write key dies with it and a new source gets a new one: apps and sites that send "
            "with the old key stop being received, and its destinations and filters go too"
        ),
        checks=(
            Check("pure", "segform.resources.checks:source"),
            Check("live", "segform.lifecycle.catalog_checks:source"),
            NO_SECRETS_IN_CLEAR,
        ),
        finish="segform.lifecycle.hooks.source:finish",
    )

    id: str = computed(STRING, "Id of the source.")
    workspace_id: str = computed(
        STRING, "Id of the workspace that the source belongs to.", snapshot=False
    )
    slug: str = attribute(
        STRING,
        "Short name, unique in the workspace; changed in place.",
        required=True,
        max_length=255,
    )
    name: str | None = attribute(
        STRING,
        "Name that people see. The service starts with the slug.",
        default=None,
        computed=True,
        create=False,
    )
    enabled: bool = attribute(BOOL, "Whether events are accepted.", required=True)
    metadata: dict[str, object] = attribute(
        SOURCE_METADATA,
        "What kind of source it is, from the catalogue; only `id` is given.",
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
    write_keys: list[str] = computed(
        Items("list", STRING),
        "Keys with which events are sent. Empty for a token without source admin.",
        sensitive=True,
        snapshot=False,
    )
    labels: list[dict[str, str]] | None = attribute(
        LABELS,
        "Labels of the source, at most 200. An empty set removes them all.",
        default=None,
        computed=True,
        create=False,
        update=False,
        max_items=200,
        names="label",
    )
