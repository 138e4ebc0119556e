"""From a workspace of the legacy Config API to a segform snapshot.

One walk, free of I/O, says what to read next; a synchronous and an asynchronous driver read it.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeAlias

from segform.errors import APIStatusError, ConfigurationError
from segform.resources import exact

from . import names
from ._family import AsyncFamily, Family
from .calls import Call, call
from .lookup import Lookup
from .mapping import Mapper, Note

if TYPE_CHECKING:
    from .client import AsyncConfigAPI, ConfigAPI

FORMAT: Final = "segform.snapshot"
VERSION: Final = 1
# A part of a workspace that the token, the plan or the service keeps to itself becomes a note.
_CLOSED: Final = (403, 404, 501)
_UNIMPLEMENTED: Final = 501
# What a workspace may hold besides and the legacy API does not tell, and what to do about it.
UNREAD: Final = {
    "warehouses": "and their sources are not told; read them with segform.Segment().warehouses",
    "functions": "are not read; read them with segform.Segment().functions",
    "labels": "are not told; read them with segform.Segment().labels and on each source",
    "source settings": "are not told; compare segform.Segment().sources.get(…)['settings']",
    "subscriptions": "(mappings of actions) are not told; read them with "
    "segform.Segment().destinations.subscriptions",
    "transformations": "are not told; read them with segform.Segment().transformations",
    "users, roles and invites": "are not part of a snapshot; read them with "
    "segform.Segment().users and .roles",
    "page and screen rules": "are not told; read them with segform.Segment().tracking_plans.rules",
}


class Migration(NamedTuple):
    """What became of a legacy workspace.

    * `snapshot`: as `contract/schemas/snapshot.schema.json` describes it;
    * `notes`: what has no counterpart, was made up or could not be read;
    * `ids`: the id of each object in the snapshot by its legacy resource name.
    """

    snapshot: dict[str, Any]
    notes: list[Note]
    ids: dict[str, str]

    def to_json(self) -> str:
        """The snapshot as JSON with exact numbers; it has the write keys, so keep it to yourself.

        `segform emulate` takes it as a seed.
        """
        return exact.dumps(self.snapshot)

    def report(self) -> str:
        """The notes in words, a line each, grouped by what there is to do; without any value."""
        lines: list[str] = []
        for kind, heading in _HEADINGS.items():
            found = [note for note in self.notes if note.kind == kind]
            if found:
                lines += ["", f"{heading} ({len(found)})", *(f"  {note}" for note in found)]
        return "\n".join(lines[1:]) + "\n"


# Most urgent first.
_HEADINGS: Final = {
    "unknown": "To fill in",
    "unreadable": "Not read",
    "dropped": "Left out",
    "assumed": "Taken for granted",
    "kept": "Kept, with a catch",
    "made": "Made up",
}


class _Each(NamedTuple):
    """Asks for all entries of a list."""

    call: Call


_Ask: TypeAlias = Call | _Each
_Walk: TypeAlias = Generator[_Ask, Any, Any]


class _Reader(Family):
    """Reads what the walk asks for."""

    __slots__ = ()

    def read(self, ask: _Ask) -> Any:
        """An object, or the entries of a list."""
        return list(self._each(ask.call)) if isinstance(ask, _Each) else self._one(ask)


class _AsyncReader(AsyncFamily):
    """As `_Reader`, awaited."""

    __slots__ = ()

    async def read(self, ask: _Ask) -> Any:
        """As `_Reader.read`."""
        if isinstance(ask, _Each):
            return [entry async for entry in self._each(ask.call)]
        return await self._one(ask)


def migrate(
    client: ConfigAPI,
    *,
    workspace: str | None = None,
    catalog: Lookup | None = None,
    filters: bool = True,
) -> Migration:
    """Read a legacy workspace and turn it into a segform snapshot. Nothing is written.

    * `workspace`: its slug; else the client's, else the only one that the token sees;
    * `catalog`: ids of the Public API's catalogue by legacy catalogue name or slug, or a function
      of the name; `catalogue(sources=…, destinations=…)` makes one. An object of an unknown kind
      is in the snapshot all the same, with a note and the legacy name as its `metadataId`;
    * `filters`: read destination filters too, one request a destination.

    About two requests a source and a destination, two a tracking plan, at 200 a minute. Raises
    `APIError` and its kinds where sources, destinations or plans cannot be read.
    """
    reader = _Reader(client)
    walk = _walk(client.workspace, workspace, catalog, filters)
    given: Any = None
    failed: APIStatusError | None = None
    while True:
        try:
            ask = walk.send(given) if failed is None else walk.throw(failed)
        except StopIteration as end:
            return _ended(end)
        given, failed = None, None
        try:
            given = reader.read(ask)
        except APIStatusError as error:
            failed = error


async def migrate_async(
    client: AsyncConfigAPI,
    *,
    workspace: str | None = None,
    catalog: Lookup | None = None,
    filters: bool = True,
) -> Migration:
    """As `migrate`, for a legacy `AsyncConfigAPI`, awaited."""
    reader = _AsyncReader(client)
    walk = _walk(client.workspace, workspace, catalog, filters)
    given: Any = None
    failed: APIStatusError | None = None
    while True:
        try:
            ask = walk.send(given) if failed is None else walk.throw(failed)
        except StopIteration as end:
            return _ended(end)
        given, failed = None, None
        try:
            given = await reader.read(ask)
        except APIStatusError as error:
            failed = error


def _ended(end: StopIteration) -> Migration:
    made: Migration = end.value
    return made


def _walk(
    own: str | None, asked: str | None, catalog: Lookup | None, filters: bool
) -> Generator[_Ask, Any, Migration]:
    home = yield from _home(own, asked)
    mapper = Mapper(catalog)
    raw = yield call("getWorkspace", home)
    made: dict[str, Any] = {
        "slug": home.last,
        "name": str(raw.get("display_name") or home.last),
        "region": "us",
        "labels": [],
    }
    if raw.get("id"):
        made["id"] = str(raw["id"])
    for what, text in UNREAD.items():
        mapper.note(str(home), what, "unreadable", text)
    found = yield _Each(call("listSources", home))
    sources = _named(found, "source", home, mapper)
    made["sources"] = [mapper.source(one) for one in sources]
    yield from _schemas(sources, made["sources"], mapper)
    there = yield from _destinations(sources, mapper)
    made["destinations"] = [mapper.destination(one) for one in there]
    made["filters"] = []
    if filters:
        made["filters"] = yield from _filters(there, made["destinations"], mapper)
    else:
        mapper.note(str(home), "destination filters", "unreadable", "were not asked for")
    made["trackingPlans"] = yield from _plans(home, mapper)
    made["warehouses"] = []
    snapshot = {"format": FORMAT, "version": VERSION, "workspaces": [made]}
    return Migration(snapshot, mapper.notes, mapper.ids)


def _home(own: str | None, asked: str | None) -> _Walk:
    """The workspace's name: asked for, the client's, or the only one there is."""
    slug = (asked or own or "").removeprefix("workspaces/")
    if asked and own and slug != own:
        raise ConfigurationError(
            f"This legacy client is for the workspace {own!r}, not for {slug!r}; nothing was sent."
        )
    if slug:
        return names.parse(names.workspace(slug))
    seen = yield _Each(call("listWorkspaces"))
    slugs = [str(one.get("name")).removeprefix("workspaces/") for one in seen]
    if len(slugs) != 1:
        raise ConfigurationError(
            f"The legacy token sees {len(slugs)} workspaces ({', '.join(slugs) or 'none'}); say "
            "which one is meant with `workspace`."
        )
    return names.parse(names.workspace(slugs[0]))


def _named(
    entries: Iterable[Any], kind: str, parent: names.Name, mapper: Mapper
) -> list[Mapping[str, Any]]:
    """The entries of a list below `parent`, once each and in the order of their names.

    So the same workspace gives the same snapshot. What is none is left out with a note.
    """
    found: dict[str, Mapping[str, Any]] = {}
    for one in entries:
        told = _told(one, "name")
        try:
            name = names.parse(told, kind)
        except ConfigurationError:
            text = f"has a {kind} with the name {told!r}, which is none; it is left out"
            mapper.note(str(parent), f"{kind}s", "unreadable", text, one)
            continue
        if name.parent != parent:
            text = f"was told of {name}, which belongs to another; it is left out"
            mapper.note(str(parent), f"{kind}s", "unreadable", text, one)
        else:
            found.setdefault(str(name), {**one, "name": str(name)})
    return [found[name] for name in sorted(found)]


def _told(entry: Any, field: str) -> Any:
    """A field of what may be no object."""
    try:
        return entry[field]
    except (KeyError, TypeError, IndexError):
        return None


def _schemas(
    sources: Iterable[Mapping[str, Any]], made: Iterable[dict[str, Any]], mapper: Mapper
) -> _Walk:
    by_id = {one["id"]: one for one in made}
    for raw in sources:
        name = str(raw["name"])
        at = names.parse(name, "source")
        try:
            found = yield call("getSchemaConfig", at, needs="")
        except APIStatusError as error:
            if error.status_code not in _CLOSED:
                raise
            mapper.note(name, "schema_config", "unreadable", _why(error))
            continue
        settings = mapper.schema(name, found)
        if settings:
            by_id[mapper.ids[name]]["schemaSettings"] = settings


def _destinations(sources: Iterable[Mapping[str, Any]], mapper: Mapper) -> _Walk:
    """Every destination of every source, whole."""
    made: list[Mapping[str, Any]] = []
    for source in sources:
        at = names.parse(str(source["name"]), "source")
        entries = yield _Each(call("listDestinations", at))
        for entry in _named(entries, "destination", at, mapper):
            if "config" in entry:
                made.append(entry)
            else:  # a list may be thinner than the single object
                one = names.parse(str(entry["name"]), "destination")
                found = yield call("getDestination", one)
                made.append({**found, "name": entry["name"]})
    return made


def _filters(
    destinations: Iterable[Mapping[str, Any]], made: Iterable[dict[str, Any]], mapper: Mapper
) -> _Walk:
    filters: list[dict[str, Any]] = []
    for raw, destination in zip(destinations, made, strict=True):
        name = str(raw["name"])
        at = names.parse(name, "destination")
        try:
            found = yield _Each(call("listDestinationFilters", at))
        except APIStatusError as error:
            if error.status_code not in _CLOSED:
                raise
            if error.status_code == _UNIMPLEMENTED:  # so it is for all of them
                home = names.workspace(str(at.workspace))
                mapper.note(home, "destination filters", "unreadable", _why(error))
                return filters
            mapper.note(name, "filters", "unreadable", _why(error))
            continue
        mine = _named(found, "destination filter", at, mapper)
        filters.extend(mapper.filter(one, destination) for one in mine)
    return filters


def _plans(home: names.Name, mapper: Mapper) -> _Walk:
    made: list[dict[str, Any]] = []
    entries = yield _Each(call("listTrackingPlans", home))
    for entry in _named(entries, "tracking plan", home, mapper):
        at = names.parse(str(entry["name"]), "tracking plan")
        raw = yield call("getTrackingPlan", at)
        plan = mapper.plan({**raw, "name": entry["name"]})
        connections = yield _Each(call("listSourceConnections", at))
        plan["sourceIds"] = _connected(at, connections, mapper)
        made.append(plan)
    return made


def _connected(
    plan: names.Name, connections: Iterable[Mapping[str, Any]], mapper: Mapper
) -> list[str]:
    ids: list[str] = []
    for one in connections:
        told = _told(one, "source_name")
        try:
            name = str(names.resolve(told, "source", plan.workspace))
        except ConfigurationError:
            name = repr(told)
        found = mapper.ids.get(name)
        if found is None:
            text = f"names {name}, which was not listed; connect the plan anew if it is there"
            mapper.note(str(plan), "source_connections", "dropped", text, name)
        elif found not in ids:
            ids.append(found)
    return sorted(ids)


def _why(error: APIStatusError) -> str:
    words = "; ".join(str(item) for item in error.errors) or "no reason given"
    return f"could not be read ({error.status_code}: {words})"


__all__ = ["Migration", "Note", "migrate", "migrate_async"]
