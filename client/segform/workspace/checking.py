"""Everything that can be known of files without a network: `segform check`.

The rules themselves are elsewhere and are those of the provider at plan time: the pure checks of
the definitions, the catalogue (from its cache or a file), references and uniqueness as definitions
declare them, the lint of tracking plans. This module only brings them to the objects of a file.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path as File
from typing import Any, NamedTuple

from segform.catalog import (
    Catalog,
    check_action,
    check_connection,
    check_settings,
    check_status,
    secrets_in_clear,
)
from segform.catalog.reach import counts, entry_id_of
from segform.resources import registry
from segform.resources.checks import run_pure
from segform.resources.definition import BOOL, SETTINGS
from segform.resources.parts import Problem

from . import answers, documents, fixtures, planning
from . import things as snapshot
from .documents import Document, DocumentError
from .families import FAMILIES
from .findings import Finding, ordered
from .things import Thing

Path = tuple[str | int, ...]


class Checked(NamedTuple):
    """What was found, what else is to be said, and how much was looked at."""

    findings: list[Finding]
    notes: list[str]
    objects: int
    files: int


def check(paths: Sequence[File], *, catalog: Catalog | None = None) -> Checked:
    """Check files and folders. Never raises for what is in them."""
    run = _Run(catalog)
    for path, named in documents.files(list(paths)):
        run.file(path, named=named)
    return run.checked()


class _Run:
    """One check of several files."""

    def __init__(self, catalog: Catalog | None) -> None:
        self._catalog = catalog
        self._findings: list[Finding] = []
        self._foreign = self._files = self._objects = self._snapshots = 0
        self._events: list[Any] = []
        self._workspaces: list[answers.Held] = []

    def file(self, path: File, *, named: bool) -> None:
        """Check one file; `named`: it was asked for itself."""
        try:
            document = documents.read(path)
            known = self._document(document)
        except DocumentError as bad:
            self._bad(bad)
            return
        if known:
            self._files += 1
        elif named:
            mend = 'A snapshot has `"format": "segform.snapshot"` at its top.'
            self._bad(DocumentError(path, "it is no file that segform knows", mend))
        elif not _ours(document.value):
            self._foreign += 1

    def _bad(self, bad: DocumentError) -> None:
        place = (bad.path, bad.line, bad.column)
        name = bad.path.name
        self._findings.append(Finding(*place, "error", "file", name, bad.message, bad.mend))

    def _document(self, document: Document) -> bool:
        if snapshot.is_snapshot(document.value):
            self._snapshot(document)
        elif fixtures.is_fixtures(document.value):
            self._objects += len(list(fixtures.fixtures(document)))
        elif planning.is_event_file(document.value):
            event, findings = planning.event_of(document)
            self._objects += 1
            self._findings += findings
            self._events += [] if event is None else [event]
        else:
            return False
        return True

    def _snapshot(self, document: Document) -> None:
        self._snapshots += 1
        try:
            found = list(snapshot.workspaces(document.value))
        except ValueError as bad:
            raise DocumentError(document.path, str(bad)) from None
        for at, workspace in found:
            self._workspace(document, at, workspace)

    def _workspace(self, document: Document, at: Path, workspace: Mapping[str, Any]) -> None:
        named = str(workspace.get("slug") or workspace.get("id") or f"workspace {at[-1]}")
        self._workspaces.append(answers.Held(document, at, workspace, named))
        for path, family, message in snapshot.malformed(workspace):
            place = document.place((*at, *path))
            where = f"{named}: {family}"
            self._findings.append(Finding(*place, "error", "definition", where, message, ""))
        things = list(snapshot.things(workspace, at))
        self._objects += len(things)
        for thing in things:
            for rule, problem in _of_thing(thing):
                self._findings.append(_finding(document, thing, rule, problem))
            rules = thing.raw.get("rules")
            if isinstance(rules, list) and not thing.wrong:
                path = (*thing.path, "rules")
                self._findings += planning.of_plan(document, rules, path, thing.address)
        between = _between(things, workspace)
        more = _by_catalog(things, workspace, self._catalog) if self._catalog else ()
        for thing, rule, problem in (*between, *more):
            self._findings.append(_finding(document, thing, rule, problem))

    def checked(self) -> Checked:
        """What was found."""
        try:
            self._findings += planning.of_events(self._events)
        except DocumentError as bad:
            self._bad(bad)
        notes: list[str] = []
        if self._workspaces:
            self._findings += answers.of_events(self._events, self._workspaces, self._catalog)
        elif any(one.destinations for one in self._events):
            notes.append(
                "no snapshot is among the files, so the `destinations` of event files were not "
                "held against what is connected; `segform pull` writes one"
            )
        if self._foreign:
            one = self._foreign == 1
            verb = "file is not segform's and was" if one else "files are not segform's and were"
            notes.append(f"{self._foreign} {verb} left alone")
        if self._catalog is None and self._snapshots:
            notes.append(
                "no catalogue is at hand, so settings were not held against their options; "
                "`segform check --refresh` asks the API for it, `--catalog FILE` takes a file"
            )
        return Checked(ordered(self._findings), notes, self._objects, self._files)


def _ours(value: Any) -> bool:
    """Whether a file is one of segform's that nothing is checked in, such as bindings."""
    named = value.get("format") if isinstance(value, Mapping) else None
    return isinstance(named, str) and named.startswith("segform.")


def _finding(document: Document, thing: Thing, rule: str, problem: Problem) -> Finding:
    path = (*thing.path, *snapshot.wire_path(thing.kind, thing.raw, problem.path))
    name = ".".join(map(str, problem.path))
    where = f"{thing.address}: {name}" if name else thing.address
    place = document.place(path)
    return Finding(*place, problem.severity, rule, where, problem.message, problem.mend)


def _of_thing(thing: Thing) -> Iterator[tuple[str, Problem]]:
    """What is wrong with one object, looked at alone."""
    for problem in thing.wrong:
        yield "definition", problem
    wrong = {problem.path[0] if problem.path else "" for problem in thing.wrong}
    kind = thing.kind
    for item in kind.attributes.values():
        given = thing.values.get(item.name)
        # The service enables what it is not told about, and starts with no settings.
        needed = item.required and item.type not in (BOOL, SETTINGS)
        if needed and given is None and item.name not in wrong:
            yield (
                "definition",
                Problem(
                    (item.name,), f"it is not given: {item.description}", f"Give `{item.name}`."
                ),
            )
    values = {
        name: _without_masks(value) if kind.attributes[name].type == SETTINGS else value
        for name, value in thing.values.items()
    }
    for problem in run_pure(kind.about.checks, kind.attributes, values):
        yield "definition", problem


def _without_masks(text: Any) -> Any:
    """Settings without what the service masked: in a snapshot that is how a secret looks."""
    from segform.resources.exact import dumps, parsed

    if not isinstance(text, str) or "•" not in text:
        return text
    return dumps(_unmasked(parsed(text)))


def _unmasked(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _unmasked(one) for key, one in value.items() if not _mask(one)}
    if isinstance(value, list):
        return [_unmasked(one) for one in value if not _mask(one)]
    return value


def _mask(value: Any) -> bool:
    return isinstance(value, str) and "•" in value


def _between(
    things: Sequence[Thing], workspace: Mapping[str, Any]
) -> Iterator[tuple[Thing, str, Problem]]:
    """References that lead nowhere, and what two objects cannot share."""
    ids: dict[str, set[str]] = defaultdict(set)
    for thing in things:
        ids[thing.kind.about.name].add(str(thing.values.get("id")))
    claimed: dict[tuple[str, ...], Thing] = {}
    for thing in things:
        about = thing.kind.about
        for item in thing.kind.attributes.values():
            target, given = item.reference, thing.values.get(item.name)
            known = target is not None and FAMILIES.get(target, "") in workspace
            if isinstance(given, str) and target and known and given not in ids[target]:
                words = registry()[target].about.words
                yield (
                    thing,
                    "reference",
                    Problem(
                        (item.name,),
                        f"the snapshot has no {words} {given!r}",
                        f"Give the `id` of a {words}.",
                    ),
                )
        values = [thing.values.get(name) for name in about.exclusive]
        if not values or any(value is None for value in values):
            continue
        claim = (about.name, *map(str, values))
        first = claimed.setdefault(claim, thing)
        if first is not thing:
            shared = ", ".join(
                f"{name} {value!r}" for name, value in zip(about.exclusive, values, strict=True)
            )
            yield (
                thing,
                "unique",
                Problem(
                    (about.exclusive[-1],),
                    f"{first.address} has the {shared} too; the service takes one",
                    "Keep one of them.",
                ),
            )


def _by_catalog(
    things: Sequence[Thing], workspace: Mapping[str, Any], catalog: Catalog
) -> Iterator[tuple[Thing, str, Problem]]:
    """Entries that are not there, settings against options, connections that do not fit."""
    region = workspace.get("region")
    by_id = {str(one.raw.get("id")): one for one in things}
    seen: dict[tuple[str, str], int] = defaultdict(int)
    several = counts(one.raw for one in things if one.kind.about.below)
    for thing in things:
        about = thing.kind.about
        kind = about.catalog
        if about.action_of:
            for problem in _by_action(thing, by_id, catalog):
                yield thing, "catalog", problem
        entry_id = entry_id_of(thing.raw)
        if not kind or not entry_id or not catalog.entries(kind):
            continue
        entry = catalog.entry(kind, entry_id)
        if entry is None:
            yield (
                thing,
                "catalog",
                Problem(
                    ("metadata", "id") if "metadata" in thing.kind.attributes else ("metadata_id",),
                    f"the {kind} catalogue at hand has no entry {entry_id!r}",
                    "It may be newer than that catalogue, or private to the workspace: "
                    "`segform check --refresh` asks again.",
                    "warning",
                ),
            )
            continue
        settings = thing.raw.get("settings")
        given = settings if isinstance(settings, Mapping) else {}
        for rule, found in (
            ("catalog", check_settings(given, entry)),
            ("secret", secrets_in_clear(given, entry)),
        ):
            for one in found:
                path = ("settings", *one.path)
                yield thing, rule, Problem(path, one.message, one.mend, one.severity)
        problems = check_status(entry, kind)
        if about.below:
            parent_id = str(thing.values.get(about.below))
            parent = by_id.get(parent_id)
            own = None
            if parent is not None and parent.kind.about.catalog:
                own = catalog.entry(parent.kind.about.catalog, entry_id_of(parent.raw))
            pair = (parent_id, entry_id)
            others = seen[pair] if several[pair] > 1 else 0
            seen[pair] += 1
            problems += check_connection(
                own,
                entry,
                region=region if isinstance(region, str) else None,
                others=others,
            )
        for problem in problems:
            yield thing, "catalog", problem


def _by_action(thing: Thing, by_id: Mapping[str, Thing], catalog: Catalog) -> list[Problem]:
    """A mapping against the action of its destination."""
    parent = by_id.get(str(thing.values.get(thing.kind.about.action_of)))
    if parent is None or not parent.kind.about.catalog:
        return []
    entry = catalog.entry(parent.kind.about.catalog, entry_id_of(parent.raw))
    action_id = thing.values.get("action_id")
    if entry is None or not isinstance(action_id, str):
        return []
    return check_action(thing.values.get("settings"), action_id, entry)
