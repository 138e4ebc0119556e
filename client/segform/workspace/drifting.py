"""Drift: where the workspace is no longer what is declared, and who changed it when."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from segform.errors import AuthenticationError, SegformError
from segform.lifecycle.journal import Journal

from .matching import title
from .plan import Change, Difference, Plan, hashed, plain_value, short

if TYPE_CHECKING:
    from .desired import Desired
    from .engine import Workspace

FORMAT, VERSION = "segform.drift", 1
# How far back the audit trail is read: so many events at most.
MOST_EVENTS = 4_000


class Doing(NamedTuple):
    """An entry of the audit trail: who, when, and what Segment calls it."""

    who: str
    when: str
    what: str


class Drifted(NamedTuple):
    """One object that is not as declared.

    `how`: `changed`, `deleted` (it was there), `missing` (it was never made), or `added` (nobody
    declares it). The sides of a difference are what is declared and what is live.
    """

    address: str
    kind: str
    id: str | None
    how: str
    differences: tuple[Difference, ...]
    by: Doing | None


class Drift:
    """What drifted; false where nothing has."""

    def __init__(
        self, found: list[Drifted], notes: list[str], workspace: Mapping[str, str]
    ) -> None:
        self.found = found
        self.notes = notes
        self.workspace = dict(workspace)

    def __bool__(self) -> bool:
        return bool(self.found)

    def __iter__(self) -> Iterator[Drifted]:
        return iter(self.found)

    def to_dict(self) -> dict[str, Any]:
        """For machines; secrets as hashes."""
        return {
            "format": FORMAT,
            "version": VERSION,
            "workspace": self.workspace,
            "drift": [_written(one) for one in self.found],
            "notes": self.notes,
        }

    def __str__(self) -> str:
        if not self.found:
            return "No drift."
        lines: list[str] = []
        for one in self.found:
            lines.append(f"{one.how} {one.address}{_signed(one.by)}")
            lines += [f"    {_told(each)}" for each in one.differences]
        return "\n".join([*lines, "", f"{len(self.found)} drifted."])

    def markdown(self) -> str:
        """For an issue or a comment: names come out as text, whatever is in them."""
        if not self.found:
            return "No drift.\n"
        lines = ["| what | how | who and when | declared -> live |", "| --- | --- | --- | --- |"]
        for one in self.found:
            differences = "<br>".join(escaped(_told(each)) for each in one.differences)
            signed = escaped(_signed(one.by).removeprefix(": "))
            lines.append(f"| {escaped(one.address)} | {one.how} | {signed} | {differences} |")
        lines += ["", *(f"* {escaped(note)}" for note in self.notes)]
        return "\n".join(lines).rstrip() + "\n"


def drift(engine: Workspace, wanted: Desired, plan: Plan) -> Drift:
    """What a plan says of the past: each change that an apply would make undoes one of others.

    Reads the audit trail (`listAuditEvents`) where there is something to attribute; a token that
    may not see it gets a note.
    """
    found = [_of(change, engine) for change in plan if change.action != "delete"]
    declared = {one.kind for one in wanted}
    taken = plan.matching.taken
    found += [
        Drifted(f"{one.kind}.{title(one)}", one.kind, one.id, "added", (), None)
        for one in plan.live
        if one.kind in declared and (one.kind, one.id) not in taken
    ]
    notes = [*plan.warnings, *plan.problems, *_left(engine)]
    if found:
        trail, note = _trail(engine, {_key(one) for one in found})
        found = [one._replace(by=trail.get(_key(one))) for one in found]
        notes += note
    return Drift(found, notes, plan.workspace)


def _of(change: Change, engine: Workspace) -> Drifted:
    if change.action == "create":
        was = engine.bindings.get(change.address)
        how = "deleted" if was else "missing"
        return Drifted(change.address, change.kind, was, how, (), None)
    sides = tuple(
        each._replace(before=each.after, after=each.before) for each in change.differences
    )
    return Drifted(change.address, change.kind, change.id, "changed", sides, None)


def _key(one: Drifted) -> str:
    """The id that the audit trail knows an object by: the last part of its import id."""
    return (one.id or "").rpartition(":")[2]


def _trail(engine: Workspace, wanted: Iterable[str]) -> tuple[dict[str, Doing], list[str]]:
    """The newest event about each of these ids."""
    missing = {one for one in wanted if one}
    found: dict[str, Doing] = {}
    count = 0
    try:
        for page in engine.client.pages("listAuditEvents"):
            for event in page:
                about = str(event.get("resourceId", ""))
                if about in missing:
                    missing.discard(about)
                    who = str(event.get("actorEmail") or event.get("actor") or "somebody")
                    what = str(event.get("type", ""))
                    found[about] = Doing(who, str(event.get("timestamp", "")), what)
            count += len(page)
            if not missing or count >= MOST_EVENTS:
                break
    except AuthenticationError:
        raise
    except SegformError as problem:
        return found, [f"who and when is not known: {problem}"]
    if missing:
        return found, [f"of {len(missing)} the audit trail says nothing (any more)"]
    return found, []


def _left(engine: Workspace) -> list[str]:
    """What runs that were killed may have left behind: creates whose end nobody saw."""
    journal: Journal | None = engine.life.journal
    return [
        f"a run that was killed may have made a {one.kind.replace('_', ' ')} {one.key!r}: "
        "the next apply takes it over"
        for one in (journal.unfinished() if journal else ())
    ]


def _signed(by: Doing | None) -> str:
    return f": {by.who}, {by.when} ({by.what})" if by else ""


def _told(one: Difference) -> str:
    path = ".".join(map(str, one.path))
    if one.secret:
        return f"{path}: (secret)"
    return f"{path}: {short(one.before)} -> {short(one.after)}"


def _written(one: Drifted) -> dict[str, Any]:
    made: dict[str, Any] = {
        "address": one.address,
        "kind": one.kind,
        "id": one.id,
        "how": one.how,
        "attributes": [_attribute(each) for each in one.differences],
    }
    if one.by:
        made["by"] = one.by._asdict()
    return made


def _attribute(one: Difference) -> dict[str, Any]:
    made: dict[str, Any] = {"path": list(one.path)}
    if one.secret:
        sides = {"declared": hashed(one.before), "live": hashed(one.after)}
        return {**made, **sides, "secret": True}
    return {**made, "declared": plain_value(one.before), "live": plain_value(one.after)}


def escaped(words: str) -> str:
    """Text as Markdown shows it as it is."""
    safe = "".join(char if char.isprintable() else " " for char in words)
    for char in "\\`*_{}[]()#+!|~<>&@":
        safe = safe.replace(char, f"\\{char}" if char not in "<>&@" else f"&#{ord(char)};")
    return safe
