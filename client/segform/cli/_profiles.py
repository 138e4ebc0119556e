"""Profiles: what is said of each workspace once, in `segform.toml` or `pyproject.toml`.

    [profiles.prod]
    token_env = "SEGMENT_TOKEN_PROD"     # or token_file; a token itself is never in the file
    region = "eu"                        # or url
    workspace = "acme"                   # refuse any other
    file = "shop.json"
    bindings = "acme.bindings.json"
    protect = ["source", "tracking_plan", "warehouse", "function"]
    requests_per_minute = 300
    terraform_state = ["terraform.tfstate"]
    policy = "policy.json"

    [profiles.prod.thresholds]
    share = 0.3
    many = 10

In `pyproject.toml` the table is `[tool.segform.profiles.prod]`. Paths are from the file's folder.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import click

VARIABLE = "SEGFORM_PROFILE"
_ENVIRONMENT = re.compile(r"[A-Z_][A-Z0-9_]*\Z")


class Profile(NamedTuple):
    """One workspace as a command needs it: options of the client, and of the engine."""

    name: str
    client: Mapping[str, Any] = {}
    bindings: Path | None = None
    file: Path | None = None
    policy: Path | None = None
    terraform: tuple[Path, ...] = ()
    protect: tuple[str, ...] | None = None
    thresholds: Mapping[str, Any] = {}


def _text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _texts(value: Any) -> bool:
    return isinstance(value, list) and all(map(_text, value))


def _number(value: Any, least: float) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value >= least


# Key -> whether a value is one, and what it has to be.
_KEYS: Mapping[str, tuple[Callable[[Any], bool], str]] = {
    "token_env": (_text, "the name of an environment variable"),
    "token_file": (_text, "the path of a file"),
    "region": (lambda one: one in ("us", "eu"), "us or eu"),
    "url": (_text, "an address"),
    "workspace": (_text, "the slug or the id of a workspace"),
    "file": (_text, "the path of a snapshot, or of Python that declares `desired`"),
    "bindings": (_text, "the path of a file"),
    "policy": (_text, "the path of a file"),
    "terraform_state": (_texts, "a list of paths"),
    "protect": (_texts, "a list of kinds"),
    "requests_per_minute": (lambda one: isinstance(one, int) and _number(one, 1), "1 or more"),
    "read_only": (lambda one: isinstance(one, bool), "true or false"),
    "thresholds": (lambda one: isinstance(one, Mapping), "a table with `share` and `many`"),
}
_THRESHOLDS: Mapping[str, tuple[Callable[[Any], bool], str]] = {
    "share": (lambda one: _number(one, 0) and one <= 1, "a number from 0 to 1"),
    "many": (lambda one: isinstance(one, int) and _number(one, 1), "1 or more"),
}


def profile_file(start: Path | None = None) -> tuple[Path, Mapping[str, Any]] | None:
    """The nearest file with profiles, here or above, and its profiles. Raises UsageError."""
    import tomllib

    here = (start or Path.cwd()).resolve()
    for folder in (here, *here.parents):
        for name, way in (
            ("segform.toml", ("profiles",)),
            ("pyproject.toml", ("tool", "segform", "profiles")),
        ):
            path = folder / name
            if not path.is_file():
                continue
            try:
                found: Any = tomllib.loads(path.read_text(encoding="utf-8"))
            except UnicodeDecodeError:
                raise click.UsageError(f"{path} is not UTF-8. Save it as UTF-8") from None
            except (OSError, ValueError) as problem:
                words = problem.strerror if isinstance(problem, OSError) else problem
                raise click.UsageError(f"{path} cannot be read: {words}") from None
            for key in way:
                found = found.get(key) if isinstance(found, Mapping) else None
            if isinstance(found, Mapping):
                return path, found
    return None


def load(name: str) -> Profile:
    """A profile by its name. Raises UsageError, which never shows a value."""
    found = profile_file()
    if found is None:
        raise click.UsageError(
            f"there is no profile {name!r}: neither segform.toml nor pyproject.toml has profiles, "
            f"here or above. Write [profiles.{name}] in segform.toml"
        )
    path, profiles = found
    if name not in profiles:
        known = ", ".join(sorted(map(str, profiles))) or "none"
        raise click.UsageError(f"{path} has no profile {name!r}; it has: {known}")
    return _read(name, profiles[name], path)


def _read(name: str, given: Any, path: Path) -> Profile:
    where = f"{path}: profile {name}"
    if not isinstance(given, Mapping):
        raise click.UsageError(f"{where} is no table")
    if "token" in given:
        raise click.UsageError(
            f"{where} holds a token. Files are committed, copied and sent around: take it out and "
            "make a new one in the Segment app. Put that in an environment variable and write "
            '`token_env = "ITS_NAME"`, or in a file of its own and write `token_file = "PATH"`'
        )
    _checked(given, _KEYS, where)
    _checked(given.get("thresholds", {}), _THRESHOLDS, f"{where}: thresholds")
    if "protect" in given:
        _known(given["protect"], f"{where}: protect")
    if "token_env" in given and "token_file" in given:
        raise click.UsageError(f"{where} has `token_env` and `token_file`: keep one of them")
    if "region" in given and "url" in given:
        raise click.UsageError(f"{where} has `region` and `url`: keep one of them")

    def placed(key: str) -> Path | None:
        return path.parent / Path(given[key]).expanduser() if key in given else None

    names = ("region", "url", "workspace", "requests_per_minute")
    options = {key: given[key] for key in names if key in given}
    if given.get("read_only"):
        options["read_only"] = True
    return Profile(
        name,
        client={**options, **_token(given, where, placed("token_file"))},
        bindings=placed("bindings"),
        file=placed("file"),
        policy=placed("policy"),
        terraform=tuple(
            path.parent / Path(one).expanduser() for one in given.get("terraform_state", ())
        ),
        protect=tuple(given["protect"]) if "protect" in given else None,
        thresholds=dict(given.get("thresholds", {})),
    )


def _checked(
    given: Mapping[str, Any], known: Mapping[str, tuple[Callable[[Any], bool], str]], where: str
) -> None:
    for key, value in given.items():
        if key not in known:
            raise click.UsageError(f"{where} has no {key!r}; it may have: {', '.join(known)}")
        good, words = known[key]
        if not good(value):
            raise click.UsageError(f"{where}: `{key}` has to be {words}")


def _known(kinds: list[str], where: str) -> None:
    """Raise UsageError for a kind that is none: nothing would be protected by it."""
    from segform.resources import kinds_of

    try:
        kinds_of(kinds)
    except ValueError as problem:
        raise click.UsageError(f"{where}: {problem}") from None


def _token(given: Mapping[str, Any], where: str, file: Path | None) -> dict[str, Any]:
    """The token as an argument of the client; nothing where the environment is to say it."""
    if file is not None:
        try:
            return {"token": file.read_text(encoding="utf-8").strip()}
        except (OSError, UnicodeDecodeError) as problem:
            kind = type(problem).__name__
            raise click.UsageError(f"{where}: {file} cannot be read ({kind})") from None
    name = given.get("token_env")
    if name is None:
        return {}
    if not _ENVIRONMENT.match(name):
        # It may be a token that somebody put there: it is not shown.
        raise click.UsageError(
            f"{where}: `token_env` is no name of an environment variable (capital letters, digits "
            "and _). If it is a token, take it out and make a new one: files are copied"
        )
    token = os.environ.get(name, "").strip()
    if not token:
        raise click.UsageError(f"{where}: the environment variable {name} holds no token")
    return {"token": token}


def chosen() -> Profile | None:
    """The profile of this command: by `--profile`, else by SEGFORM_PROFILE, else none."""
    context = click.get_current_context(silent=True)
    given = context.find_root().obj if context is not None else None
    name = given if isinstance(given, str) else os.environ.get(VARIABLE, "").strip()
    return load(name) if name else None


def _choose(context: click.Context, _option: click.Parameter, name: str | None) -> None:
    if name:
        context.find_root().obj = name


def names() -> list[str]:
    """The profiles of the nearest file, for the completion of a shell."""
    try:
        found = profile_file()
    except click.UsageError:
        return []
    return sorted(map(str, found[1])) if found else []


def _complete(_context: click.Context, _option: click.Parameter, begun: str) -> list[Any]:
    from click.shell_completion import CompletionItem

    return [CompletionItem(name) for name in names() if name.startswith(begun)]


option = click.option(
    "--profile",
    metavar="NAME",
    expose_value=False,
    is_eager=True,
    callback=_choose,
    shell_complete=_complete,
    help="The workspace's profile in segform.toml or pyproject.toml (default: SEGFORM_PROFILE).",
)
