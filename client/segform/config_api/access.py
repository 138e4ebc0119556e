"""Where the legacy Config API is and as whom to speak to it: arguments and environment, checked.

Its tokens are others than the Public API's and so are the variables: a legacy token is never
taken from SEGMENT_API_TOKEN.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

from segform.contract import SERVERS
from segform.errors import ConfigurationError
from segform.transport.config import Token
from segform.transport.masked import Secret

URL: Final = "https://platform.segmentapis.com/v1beta"
# What the service allows a minute, all operations together.
PER_MINUTE: Final = 200
_VERSION: Final = "/v1beta"
_INSTEAD: Final = "use segform.Segment, which speaks the Public API"


def token(argument: str | Secret | None, env: Mapping[str, str] = os.environ) -> Token:
    """The legacy token: the argument, else SEGMENT_CONFIG_API_TOKEN."""
    origin = "the argument `token`"
    text = argument.reveal() if isinstance(argument, Secret) else argument
    if text is None:
        origin = "SEGMENT_CONFIG_API_TOKEN"
        text = env.get(origin, "")
    text = text.strip()
    if not text:
        raise ConfigurationError(
            f"No token for the legacy Config API in {origin}. Segment makes no new ones since "
            f"2024-02-01, and a token of the Public API does not open it: {_INSTEAD}, or give a "
            "legacy token you have."
        )
    if not text.isascii() or not text.isprintable() or " " in text:
        raise ConfigurationError(
            f"The legacy token of {origin} holds blanks, line breaks or characters that no token "
            "has; copy it again, alone."
        )
    return Token(text)


def url(
    argument: str | None, region: str | None = None, env: Mapping[str, str] = os.environ
) -> str:
    """The address, `/v1beta` included: the argument, else SEGMENT_CONFIG_API_URL, else Segment's.

    A url without a path gets the `/v1beta` that every address of this API starts with.
    """
    given = argument if argument is not None else env.get("SEGMENT_CONFIG_API_URL", "").strip()
    _us_only(region, "the argument `region`")
    if not given:
        _us_only(env.get("SEGMENT_REGION"), "SEGMENT_REGION")
        return URL
    try:
        parts = urlsplit(given.strip())
    except ValueError:
        raise ConfigurationError(
            "The legacy Config API's url cannot be read; write https://host[:port]."
        ) from None
    if parts.hostname in {urlsplit(server).hostname for server in SERVERS.values()}:
        raise ConfigurationError(
            f"{parts.hostname} is the Public API, not the legacy Config API; {_INSTEAD}."
        )
    made = given.strip().rstrip("/")
    return made if parts.path.strip("/") or parts.query or parts.fragment else made + _VERSION


def _us_only(region: str | None, origin: str) -> None:
    name = (region or "").strip().lower()
    if name == "eu":
        raise ConfigurationError(
            f"{origin} is 'eu': the legacy Config API serves workspaces in the US only; {_INSTEAD}."
        )
    if name not in ("", "us"):
        raise ConfigurationError(f"{origin} is {region!r}; the legacy Config API takes us only.")


def workspace(argument: str | None, env: Mapping[str, str] = os.environ) -> str | None:
    """The slug of the workspace that short names are in: the argument, else SEGMENT_WORKSPACE."""
    text = argument if argument is not None else env.get("SEGMENT_WORKSPACE", "").strip()
    slug = text.removeprefix("workspaces/") if text else ""
    if not slug:
        return None
    from . import names

    names.build("workspace", slug)
    return slug
