"""Where to send and as whom: arguments and environment, resolved once and checked.

Two values that contradict each other are an error, never a precedence nobody remembers; an
argument given in code is explicit and stands above the environment.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final
from urllib.parse import SplitResult, urlsplit

from segform.contract import SERVERS
from segform.errors import ConfigurationError

from .masked import Secret
from .options import is_count

MAKE_ONE: Final = (
    "make one in the Segment app (Settings, Access management, Tokens) and put it in "
    "SEGMENT_API_TOKEN, or its file's name in SEGMENT_API_TOKEN_FILE"
)


_IN_NO_HOST: Final = frozenset(' "<>\\^`{|}%')


class Token(Secret):
    """An API token: a secret that is not written anywhere, not even masked."""

    __slots__ = ()

    def __reduce__(self) -> tuple[Any, ...]:
        raise TypeError("a token is not written anywhere")


class Config:
    """What a client is told, resolved.

    * `token`; `url`: scheme, host and path prefix, without a slash at the end;
    * `workspace`: slug or id to be pinned to, or None; `read_only`: bool;
    * `requests_per_minute`: our share, or None;
    * `user_agent`; `log`: "", "info" or "debug".
    """

    __slots__ = (
        "log",
        "loopback",
        "read_only",
        "requests_per_minute",
        "token",
        "url",
        "user_agent",
        "workspace",
    )

    def __init__(
        self,
        *,
        token: str | Secret | None = None,
        url: str | None = None,
        region: str | None = None,
        workspace: str | None = None,
        read_only: bool | None = None,
        requests_per_minute: int | None = None,
        user_agent_suffix: str | None = None,
        environ: Mapping[str, str] | None = None,
    ) -> None:
        env = os.environ if environ is None else environ
        _refuse_odd(
            url=url, region=region, workspace=workspace, user_agent_suffix=user_agent_suffix
        )
        self.url = _url(url, region, env)
        self.loopback = _is_loopback(urlsplit(self.url).hostname or "")
        self.token = _token(token, env)
        self.workspace = workspace or env.get("SEGMENT_WORKSPACE") or None
        # The environment's lock is not lifted by code: it is how an operator fences a script in.
        self.read_only = bool(read_only) or _switch(env, "SEGMENT_READ_ONLY")
        if requests_per_minute is not None and not is_count(requests_per_minute):
            raise ConfigurationError(
                f"requests_per_minute is {requests_per_minute!r}; give 1 or more, or leave it out"
            )
        self.requests_per_minute = requests_per_minute
        self.user_agent = _user_agent(user_agent_suffix)
        self.log = env.get("SEGMENT_LOG", "").strip().lower()
        if self.log not in ("", "info", "debug"):
            raise ConfigurationError(f"SEGMENT_LOG is {self.log!r}; it takes info or debug")

    def __repr__(self) -> str:
        pinned = f", workspace={self.workspace!r}" if self.workspace else ""
        return f"Config(url={self.url!r}{pinned}, read_only={self.read_only})"


def _refuse_odd(**arguments: object) -> None:
    """What is no text would fail later, and less clearly."""
    for name, value in arguments.items():
        if value is not None and not isinstance(value, str):
            raise ConfigurationError(
                f"The argument `{name}` is a {type(value).__name__}; it takes text.", argument=name
            )


def _token(argument: str | Secret | None, env: Mapping[str, str]) -> Token:
    if isinstance(argument, Secret):
        argument = argument.reveal()
    if argument is not None:
        _refuse_odd(token=argument)
        return _checked(argument, "the argument `token`")
    found: dict[str, str] = {}
    for name in ("SEGMENT_API_TOKEN", "PUBLIC_API_TOKEN"):
        if env.get(name, "").strip():
            found[name] = env[name].strip()
    file = env.get("SEGMENT_API_TOKEN_FILE", "").strip()
    if file:
        found["SEGMENT_API_TOKEN_FILE"] = _from_file(file)
    if not found:
        raise ConfigurationError(f"No Segment API token; {MAKE_ONE}.", argument="token")
    if len(set(found.values())) > 1:
        raise ConfigurationError(
            f"{' and '.join(found)} hold different tokens, and a token decides which workspace is "
            "written to; unset all but one.",
            argument="token",
        )
    name, value = next(iter(found.items()))
    return _checked(value, name)


def _from_file(name: str) -> str:
    try:
        return Path(name).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(
            f"SEGMENT_API_TOKEN_FILE names {name!r}, which cannot be read "
            f"({type(error).__name__}); it should hold the token and nothing else.",
            argument="token",
        ) from None


def _checked(text: str, origin: str) -> Token:
    text = text.strip()
    if not text:
        raise ConfigurationError(f"The token of {origin} is empty; {MAKE_ONE}.", argument="token")
    if not text.isascii() or not text.isprintable() or " " in text:
        raise ConfigurationError(
            f"The token of {origin} holds spaces, line breaks or characters that no token has; "
            "copy it again, alone.",
            argument="token",
        )
    return Token(text)


def _url(argument: str | None, region: str | None, env: Mapping[str, str]) -> str:
    if argument is not None or region is not None:
        by_region = _server(region, "the argument `region`") if region is not None else None
        url = argument if argument is not None else by_region
    else:
        url = _one_of(env, "SEGMENT_API_URL", "PUBLIC_API_URL")
        named = env.get("SEGMENT_REGION", "").strip()
        by_region = _server(named, "SEGMENT_REGION") if named else None
    checked = _checked_url(url or by_region or SERVERS["us"])
    # An emulator's url goes with any region; another region's own url does not.
    if by_region and checked in SERVERS.values() and checked != by_region:
        raise ConfigurationError(
            f"The url {checked} and the region's {by_region} differ; give one of the two.",
            argument="region",
        )
    return checked


def _one_of(env: Mapping[str, str], *names: str) -> str | None:
    found = {name: env[name].strip() for name in names if env.get(name, "").strip()}
    if len({value.rstrip("/") for value in found.values()}) > 1:
        raise ConfigurationError(f"{' and '.join(found)} differ; unset one of them.")
    return next(iter(found.values()), None)


def _server(region: str, origin: str) -> str:
    server = SERVERS.get(region.strip().lower())
    if server is None:
        raise ConfigurationError(
            f"{origin} is {region!r}; it takes {' or '.join(SERVERS)}.", argument="region"
        )
    return server


def _checked_url(text: str) -> str:
    text = text.strip()
    try:
        if not text.isprintable():  # what reads addresses leaves such characters out, or does not
            raise ValueError(text)
        parts = urlsplit(text)
        if parts.port == 0:  # raises ValueError where it is no number
            raise ValueError(text)
    except ValueError:
        raise ConfigurationError(
            "The API url cannot be read; write https://host[:port].", argument="url"
        ) from None
    if parts.username or parts.password:
        raise ConfigurationError(
            "The API url holds a user name or password; leave them out, the token goes in "
            "SEGMENT_API_TOKEN.",
            argument="url",
        )
    problem = _problem(parts)
    if problem:
        raise ConfigurationError(f"The API url {text!r} {problem}", argument="url")
    return text.rstrip("/")


def _problem(parts: SplitResult) -> str | None:
    if not parts.hostname:
        return "has no host; write https://host[:port]."
    if not parts.hostname.isascii():
        return "has a host that is not ASCII; write it as DNS has it, `xn--…`."
    labels = parts.hostname.removesuffix(".").split(".")
    if set(parts.hostname) & _IN_NO_HOST or not all(0 < len(label) < 64 for label in labels):
        return "has a host that no host can be called."
    if parts.query or parts.fragment:
        return "has a query or a fragment; leave them out."
    if parts.scheme == "http" and not _is_loopback(parts.hostname):
        return "is not https: the token would travel in the clear. Plain http is for loopback only."
    if parts.scheme not in ("http", "https"):
        return "is neither https nor http."
    return None


def _is_loopback(host: str) -> bool:
    if host in ("localhost", "::1"):
        return True
    parts = host.split(".")
    return len(parts) == 4 and parts[0] == "127" and all(part.isdigit() for part in parts)


def _switch(env: Mapping[str, str], name: str) -> bool:
    text = env.get(name, "").strip().lower()
    if text in ("1", "true", "yes", "on"):
        return True
    if text in ("", "0", "false", "no", "off"):
        return False
    raise ConfigurationError(f"{name} is {text!r}; it takes 1 or 0.")


def _user_agent(suffix: str | None) -> str:
    import sys

    from segform import __version__

    agent = f"segform/{__version__} python/{sys.version_info.major}.{sys.version_info.minor}"
    if suffix is None:
        return agent
    if not suffix.isascii() or not suffix.isprintable():
        raise ConfigurationError("user_agent_suffix takes printable ASCII, such as `deploy/1.4`.")
    return f"{agent} {suffix.strip()}"
