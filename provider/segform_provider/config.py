"""The provider's own configuration: its attributes, defined as those of any kind."""

from __future__ import annotations

from segform.resources.definition import BOOL, NUMBER, STRING, DataSource, Items, Kind, attribute
from segform.resources.parts import Operations

IN_STATE = ("light", "full", "none")


class ProviderConfig(DataSource):
    """Arguments of `provider "segment" {}`; all optional, the environment fills in."""

    about = Kind(
        "provider",
        "Manages a Twilio Segment workspace through the Public API.",
        operations=Operations(),
    )

    token: str | None = attribute(
        STRING,
        "Token of the Public API. Better left to `SEGMENT_API_TOKEN`, `SEGMENT_API_TOKEN_FILE` or "
        "`PUBLIC_API_TOKEN`; two that differ are an error.",
        default=None,
        sensitive=True,
    )
    url: str | None = attribute(
        STRING,
        "Address of the API, for an emulator or a proxy. Also `SEGMENT_API_URL`.",
        default=None,
    )
    region: str | None = attribute(
        STRING,
        "Region of the workspace. Also `SEGMENT_REGION`.",
        default=None,
        one_of=("us", "eu"),
        closed=True,
    )
    workspace: str | None = attribute(
        STRING,
        "Id or slug of the workspace that the token must belong to; anything else is an error "
        "before anything is planned. Also `SEGMENT_WORKSPACE`.",
        default=None,
    )
    read_only: bool | None = attribute(
        BOOL,
        "Refuse to send anything but reads. Also `SEGMENT_READ_ONLY`.",
        default=None,
    )
    requests_per_minute: int | None = attribute(
        NUMBER, "Share of the API's limit that may be used.", default=None, minimum=1
    )
    strict_secrets: bool | None = attribute(
        BOOL,
        "Refuse secrets in `settings`, where the state keeps them, at plan time; without it they "
        "are warned of. They belong in `secret_settings_wo`.",
        default=None,
    )
    protect: set[str] | None = attribute(
        Items("set", STRING),
        "Kinds whose deletion and replacement are refused at plan time, such as `source` and "
        "`tracking_plan`. Without it they are warned of; an empty set silences that.",
        default=None,
    )
    protect_except: set[str] | None = attribute(
        Items("set", STRING),
        "Objects that `protect` lets go: `source:web` (kind and key) or an id.",
        default=None,
    )
    catalog_in_state: str | None = attribute(
        STRING,
        "How much of a catalogue entry the state keeps: `light` (the default), `full` as the "
        "official provider does, or `none`.",
        default=None,
        one_of=IN_STATE,
        closed=True,
    )
