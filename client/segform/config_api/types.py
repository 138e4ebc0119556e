"""The shapes of what the legacy Config API gives and takes, in its own words.

Answers may hold more than is said here: unknown fields are kept. Fields that are not required are
those that only some of Segment's documents and clients show.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any, NotRequired, TypedDict


class Workspace(TypedDict):
    """A legacy workspace. `name` may come without its `workspaces/`."""

    name: str
    display_name: NotRequired[str]
    id: NotRequired[str]
    create_time: NotRequired[str]


class LibraryConfig(TypedDict, total=False):
    """Settings of the library that a legacy source is fed by."""

    metrics_enabled: bool
    retry_queue: bool
    cross_domain_id_enabled: bool
    api_host: str


class Source(TypedDict):
    """A legacy source.

    * `name`: `workspaces/W/sources/S`; `catalog_name`: `catalog/sources/…`;
    * `write_keys`: empty for tokens that may not see them.
    """

    name: str
    parent: NotRequired[str]
    display_name: NotRequired[str]
    catalog_name: NotRequired[str]
    write_keys: NotRequired[list[str]]
    library_config: NotRequired[LibraryConfig]
    create_time: NotRequired[str]
    slug: NotRequired[str]
    labels: NotRequired[Any]


class ConfigOption(TypedDict):
    """One option of a legacy destination.

    * `name`: `…/destinations/D/config/<option>`; `type`: `string`, `boolean`, `list` and others.
    """

    name: str
    display_name: NotRequired[str]
    type: NotRequired[str]
    value: NotRequired[Any]


class Destination(TypedDict):
    """A legacy destination. `connection_mode`: CLOUD, or another word of an open set."""

    name: str
    parent: NotRequired[str]
    display_name: NotRequired[str]
    enabled: NotRequired[bool]
    connection_mode: NotRequired[str]
    config: NotRequired[list[ConfigOption]]
    create_time: NotRequired[str]
    update_time: NotRequired[str]
    slug: NotRequired[str]


class DestinationFilter(TypedDict):
    """A legacy destination filter.

    * `if`: a condition in FQL (not spelled out here: it is a word of Python);
    * `actions`: `drop_event`, `sample_event`, `whitelist_fields`, `blacklist_fields`.
    """

    name: str
    actions: NotRequired[list[dict[str, Any]]]
    title: NotRequired[str]
    description: NotRequired[str]
    enabled: NotRequired[bool]


class Event(TypedDict):
    """One event of a legacy tracking plan; `rules`: its JSON Schema, `version`: 1 when missing."""

    name: str
    description: NotRequired[str]
    version: NotRequired[int | Decimal]
    rules: NotRequired[dict[str, Any]]


# The legacy word `global` is one of Python's.
Rules = TypedDict(
    "Rules",
    {
        "global": NotRequired[dict[str, Any]],
        "events": NotRequired[list[Event]],
        "identify": NotRequired[dict[str, Any]],
        "group": NotRequired[dict[str, Any]],
    },
)


class TrackingPlan(TypedDict):
    """A legacy tracking plan. `name`: `workspaces/W/tracking-plans/rs_…`."""

    name: str
    display_name: NotRequired[str]
    rules: NotRequired[Rules]
    create_time: NotRequired[str]
    update_time: NotRequired[str]


class SourceConnection(TypedDict):
    """A source that a legacy tracking plan is connected to."""

    source_name: str
    tracking_plan_id: NotRequired[str]


class SchemaConfig(TypedDict, total=False):
    """What a legacy source does with what its tracking plan does not allow.

    The `common_*` are ALLOW, BLOCK, or OMIT_PROPERTIES (track) and OMIT_TRAITS (the others); the
    `forwarding_*` are slugs of sources, or empty.
    """

    name: str
    parent: str
    allow_unplanned_track_events: bool
    allow_unplanned_track_event_properties: bool
    allow_unplanned_identify_traits: bool
    allow_unplanned_group_traits: bool
    allow_track_event_on_violations: bool
    allow_track_properties_on_violations: bool
    allow_identify_traits_on_violations: bool
    allow_group_traits_on_violations: bool
    common_track_event_on_violations: str
    common_identify_event_on_violations: str
    common_group_event_on_violations: str
    forwarding_violations_to: str
    forwarding_blocked_events_to: str


class CatalogEntry(TypedDict):
    """A source or destination of the legacy catalogue. `name`: `catalog/sources/S` and its like."""

    name: str
    display_name: NotRequired[str]
    description: NotRequired[str]
    categories: NotRequired[Any]
    logos: NotRequired[dict[str, str]]


class CatalogDestination(CatalogEntry):
    """A destination of the legacy catalogue, with what it can do and be told."""

    status: NotRequired[str]
    components: NotRequired[list[dict[str, Any]]]
    platforms: NotRequired[dict[str, bool]]
    methods: NotRequired[dict[str, bool]]
    settings: NotRequired[list[dict[str, Any]]]


class Function(TypedDict, total=False):
    """A legacy function, as far as public clients of it show."""

    id: str
    workspace_id: str
    type: str
    display_name: str
    code: str
    buildpack: str


class RegulatedAttributes(TypedDict):
    """Whom a legacy regulation is about. `name`: `userId` or `objectId`; `values`: their ids."""

    name: str
    values: list[str]


class Regulation(TypedDict):
    """An entry of the list of legacy regulations, as far as public documents show.

    * `status`: `initialized`, `running`, `finished`, `failed`, or another word of an open set.
    """

    regulate_id: str
    attributes: NotRequired[RegulatedAttributes]
    status: NotRequired[str]
    created_at: NotRequired[str]
    finished_at: NotRequired[str]


class RegulationStatus(TypedDict):
    """How far a legacy regulation has come: in all, and below each source in its destinations."""

    overall_status: str
    workspace_id: NotRequired[str]
    stream_status: NotRequired[list[dict[str, Any]]]
    created_at: NotRequired[str]
    finished_at: NotRequired[str]


class User(TypedDict):
    """A member of a legacy workspace. `name`: `users/…`."""

    name: str
    email: NotRequired[str]


class Named(TypedDict, total=False):
    """A legacy role, policy or invite: no more than its name is public."""

    name: str
