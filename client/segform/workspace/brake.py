"""The emergency brake: one object switched off, with as little in between as can be."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

from segform.errors import ConfigurationError
from segform.resources import registry
from segform.resources.definition import Kind

from .bindings import Bindings

_KINDS = {"source": "source", "destination": "destination", "filter": "destination_filter"}


class Disabled(NamedTuple):
    """What was switched off."""

    name: str
    id: str


def disable(
    client: Any,
    what: str,
    name: str,
    *,
    destination: str | None = None,
    by_id: bool = False,
    files: Iterable[Path] = (),
) -> Disabled:
    """Switch off a `source`, `destination` or `filter`; one request, or two with a look-up.

    * `name`: its address in one of the bindings files, or id, slug, name, title in the first page;
    * `by_id`: `name` is the id, and nothing is looked up;
    * `destination`: id of a filter's destination.

    Raises `ConfigurationError` where it cannot be told which one is meant; nothing is written.
    """
    about = registry()[_KINDS[what]].about
    bound = None if by_id else _bound(what, name, files)
    if bound is not None:
        parent, _, wanted = bound.rpartition(":")
        destination = parent or destination
        title = name
    elif by_id:
        wanted = title = name
    else:
        wanted, title = _looked_up(client, what, name, destination)
    [own] = set(about.path) - set(about.scope)
    path = {**_parent(about, destination), own: wanted}
    client.request(about.operations.update, path=path, body={"enabled": False})
    return Disabled(title, wanted)


def _parent(about: Kind, destination: str | None) -> dict[str, str]:
    """The parameters of the API's path that say whose it is; none for what stands by itself."""
    if about.scope and not destination:
        raise ConfigurationError("which destination is the filter on? Give --destination ID")
    return dict.fromkeys(about.scope, destination or "")


def _bound(what: str, name: str, files: Iterable[Path]) -> str | None:
    """The import id of an address, where exactly one of the files has it."""
    address = name if name.startswith(f"{_KINDS[what]}.") else f"{_KINDS[what]}.{name}"
    found = [one for file in files if (one := Bindings(file).get(address))]
    if len(set(found)) > 1:
        raise ConfigurationError(
            f"{address} is in more than one bindings file here: say which by --bindings"
        )
    return found[0] if found else None


def _looked_up(client: Any, what: str, name: str, destination: str | None) -> tuple[str, str]:
    about = registry()[_KINDS[what]].about
    pages = client.pages(about.operations.list, path=_parent(about, destination))
    page: list[dict[str, Any]] = next(iter(pages), [])
    names = ("id", "slug", "name", "title")
    found = [one for one in page if name in [str(one.get(key, "")) for key in names]]
    if len(found) == 1:
        one = found[0]
        return str(one["id"]), str(one.get("name") or one.get("title") or one["id"])
    if found:
        ids = ", ".join(str(one["id"]) for one in found)
        raise ConfigurationError(f"{name!r} could be any of {ids}: give one of them with --id")
    among = f"among the first {len(page)}" if page else "among what this token may see"
    raise ConfigurationError(f"no {what} is {name!r} {among}: give its id, with --id")
