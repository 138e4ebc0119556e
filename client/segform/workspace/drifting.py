"""Drift: where the workspace is no longer what is declared, and who changed it when."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from segform.errors import (
    AuthenticationError,
    NotVisibleError,
    PermissionDeniedError,
    SegformError,
)
from segform.inert import markdown as inert
from segform.lifecycle.journal import Journal
from segform.resources import registry

from .desired import Desired, references, resolved
from .live import Found, observe
from .matching import parent_of, title
from .plan import Change, Plan
from .sides import Side, of_code, of_three, since

if TYPE_CHECKING:
    from .desired import Desired
    from .engine import Workspace
    from .owned import Owned

FORMAT, VERSION = "segform.drift", 1
# How far back the audit trail is read: so many events at most.
MOST_EVENTS = 4_000
_MOST_NAMED = 50
# So many characters of rows have room in a comment, beside the notes.
_MOST_ROWS = 45_000
_MOST_SAID = 600
# Missing, or deleted: what no bindings know, and a snapshot has.
_MAYBE = "missing?"


class Doing(NamedTuple):
    """An entry of the audit trail: who, when, and what Segment calls it."""

    who: str
    when: str
    what: str


class Drifted(NamedTuple):
    """One object that is not as declared.

    `how`: `changed`, `deleted` (it was there), `missing` (it was never made), or `added` (nobody
    declares it). `terraform` is its address in a Terraform state that owns it. `beside`: it was
    added where the declaration does not say that it is all there is: it may always have been there.
    """

    address: str
    kind: str
    id: str | None
    how: str
    differences: tuple[Side, ...]
    by: Doing | None
    terraform: str = ""
    beside: bool = False


class Drift:
    """What drifted; false where nothing has. What is only beside it is in `beside`."""

    def __init__(
        self,
        found: list[Drifted],
        notes: list[str],
        workspace: Mapping[str, str],
        unseen: Iterable[str] = (),
    ) -> None:
        self.found = [one for one in found if not one.beside]
        self.beside = [one for one in found if one.beside]
        self.notes = notes
        # Addresses of what the token does not see, so that nobody can say what became of it.
        self.unseen = frozenset(unseen)
        self.workspace = dict(workspace)

    def __bool__(self) -> bool:
        return bool(self.found)

    def __iter__(self) -> Iterator[Drifted]:
        return iter([*self.found, *self.beside])

    def to_dict(self) -> dict[str, Any]:
        """For machines; secrets as hashes."""
        return {
            "format": FORMAT,
            "version": VERSION,
            "workspace": self.workspace,
            "drift": [_written(one) for one in self.found],
            **({"beside": [_written(one) for one in self.beside]} if self.beside else {}),
            "notes": self.notes,
        }

    def __str__(self) -> str:
        if not self.found:
            return "\n".join([self._none(), *self._beside()])
        lines: list[str] = []
        for one in self.found:
            lines.append(f"{one.how} {_named(one)}{_signed(one.by)}")
            lines += [f"    {each}" for each in one.differences]
        return "\n".join([*lines, "", f"{len(self.found)} drifted.", *self._beside()])

    def _beside(self) -> Iterator[str]:
        """What nobody declares here, kind by kind."""
        kinds: dict[str, list[Drifted]] = {}
        for one in self.beside:
            kinds.setdefault(one.kind, []).append(one)
        for kind, ones in kinds.items():
            shown = ", ".join(_named(one).partition(".")[2] for one in ones[:_MOST_NAMED])
            more = f" and {len(ones) - _MOST_NAMED} more" if len(ones) > _MOST_NAMED else ""
            yield f"There, and not declared here, kind {kind}: {shown}{more}."

    def _none(self) -> str:
        if not self.unseen:
            return "No drift."
        return f"No drift in what this token sees; {len(self.unseen)} could not be looked at."

    def markdown(self) -> str:
        """For an issue or a comment: names come out as text, whatever is in them."""
        if not self.found:
            said = "".join(f"\n* {escaped(note)}" for note in (*self._beside(), *self.notes))
            return f"{self._none()}\n{said}".rstrip() + "\n"
        number = len(self.found)
        lines = [f"**{number:,} object{'' if number == 1 else 's'} drifted.**", ""]
        lines += ["| what | how | who and when | declared -> live |", "| --- | --- | --- | --- |"]
        room = _MOST_ROWS
        for place, one in enumerate(self.found):
            differences = "<br>".join(escaped(str(each)) for each in one.differences)
            signed = escaped(_signed(one.by).removeprefix(": "))
            row = f"| {escaped(_named(one))} | {one.how} | {signed} | {differences} |"
            room -= len(row) + 1
            if room < 0:
                lines += ["", f"… and {number - place:,} more: `segform drift` lists them all."]
                break
            lines.append(row)
        told = [*self._beside(), *self.notes]
        notes = [f"* {escaped(note)}" for note in told[:_MOST_NAMED]]
        rest = len(told) - len(notes)
        return "\n".join([*lines, "", *notes, *([f"* … and {rest} more"] if rest else [])]) + "\n"


def drift(engine: Workspace, wanted: Desired, plan: Plan) -> Drift:
    """What a plan says of the past: each change that an apply would make undoes one of others.

    With Terraform states (`Workspace.terraform`) three sides are compared, and each difference
    says which of them changed: the workspace, the code, or both.
    Reads the audit trail (`listAuditEvents`) where there is something to attribute; a token that
    may not see it gets a note.
    """
    # Whose an object is and what is protected says something of applies, not of what happened.
    spoken = {*plan.owned, *plan.guarded}
    notes = [*plan.warnings, *(one for one in plan.problems if one not in spoken)]
    notes += _left(engine)
    changes = {change.address: change for change in plan if change.action != "delete"}
    found: list[Drifted] = []
    addresses = {(one.kind, one.id): at for at, one in plan.matching.found.items()}
    for change in list(changes.values()):
        values = resolved(wanted.get(change.address).values, plan.matching.known)
        owner = engine.terraform.owner(change.kind, change.id, values)
        if owner is not None:
            addresses[owner.kind, owner.id] = change.address
    hidden: dict[str, str] = {}
    for owned in engine.terraform:
        address = addresses.get((owned.kind, owned.id))
        mine = changes.pop(address, None) if address else None
        listed = owned.kind in plan.live.objects
        if hidden and listed and plan.live.get(owned.kind, owned.id) is None:
            hidden[owned.address] = ""
            continue
        try:
            found += _of_state(engine, owned, address, mine)
        except (PermissionDeniedError, NotVisibleError) as problem:
            # One is told wholly, the others by name.
            hidden[owned.address] = str(problem)
    notes += _not_seen(hidden)
    found = [*(_of(change, engine, wanted) for change in changes.values()), *found]
    declared = {one.kind for one in wanted}
    if engine.terraform.given and not declared:
        notes += _in_no_state(engine)
    taken = plan.matching.taken
    told = declared | wanted.whole | wanted.complete
    found += [
        Drifted(
            f"{one.kind}.{title(one)}",
            one.kind,
            one.id,
            "added",
            (),
            None,
            beside=not _in_scope(one, wanted, taken, engine),
        )
        for one in plan.live
        if (one.kind in told or parent_of(one) in taken)
        and (one.kind, one.id) not in taken
        and engine.terraform.get(one.kind, one.id) is None
    ]
    if any(map(_theirs, found)):
        trail, note = _trail(engine, {_key(one) for one in found if _theirs(one)})
        found = [one._replace(by=trail.get(_key(one)) if _theirs(one) else None) for one in found]
        found = list(_with_parents(map(_made_once, found), wanted))
        notes += note
    return Drift(found, notes, plan.workspace, plan.unseen | set(hidden))


def _not_seen(hidden: Mapping[str, str]) -> Iterator[str]:
    """What of the states could not be seen, in one note."""
    if hidden:
        names = list(hidden)
        more = f", nor could {len(names) - 1} more: " if len(names) > 1 else ""
        rest = ", ".join(names[1:_MOST_NAMED])
        yield f"{names[0]} could not be seen: {hidden[names[0]]}{more}{rest}"


def _with_parents(some: Iterable[Drifted], wanted: Desired) -> Iterator[Drifted]:
    """What went with its parent was deleted by whoever deleted that: the trail says it of the
    parent alone. And nothing was deleted by its creation, if that is the last the trail knows."""
    found = list(some)
    deleted = {one.address: one for one in found if one.how == "deleted"}
    for one in found:
        if one.how != "deleted" or one.address not in wanted:
            yield one
            continue
        above, at = one, one.address
        while parents := [
            deleted[ref.address]
            for ref in references(wanted.get(at).values)
            if ref.address in deleted and ref.address in wanted
        ]:
            above, at = parents[0], parents[0].address
        by = above.by if above.by and not above.by.what.endswith("Created") else None
        yield one._replace(by=by)


def _in_scope(one: Found, wanted: Desired, taken: set[tuple[str, str]], engine: Workspace) -> bool:
    """Whether a declaration says that what is not in it should not be there.

    It does as a snapshot, for the kinds that it declares completely, for what hangs below its
    objects, and for what was ours.
    """
    ours = engine.bindings.address_of(one.kind, one.id) is not None
    return ours or one.kind in wanted.whole | wanted.complete or parent_of(one) in taken


def _theirs(one: Drifted) -> bool:
    """Whether somebody did it in the workspace, so that the audit trail can say who."""
    if one.beside:
        return False
    causes = {each.cause for each in one.differences}
    return not causes or bool(causes - {"code", "state"})


def _of(change: Change, engine: Workspace, wanted: Desired) -> Drifted:
    if change.action == "create":
        was = _was(change, engine)
        # A snapshot names an id, too; whether there was such an object the audit trail has to say.
        known = was or (wanted.get(change.address).known_id if wanted.whole else None)
        return Drifted(change.address, change.kind, known, "deleted" if was else _MAYBE, (), None)
    sides = of_code(change.differences)
    return Drifted(change.address, change.kind, change.id, "changed", sides, None)


def _made_once(one: Drifted) -> Drifted:
    """What the audit trail decides of an object that no bindings know."""
    if one.how != _MAYBE:
        return one
    if one.by is not None and one.by.what.endswith("Deleted"):
        return one._replace(how="deleted")
    return one._replace(how="missing", id=None, by=None)


def _was(change: Change, engine: Workspace) -> str | None:
    return engine.bindings.get(change.address)


def _of_state(
    engine: Workspace, owned: Owned, address: str | None, change: Change | None
) -> Iterator[Drifted]:
    """What became of an object that a Terraform state owns; nothing where all sides are equal."""
    live, differing = since(engine, owned)
    if live is None:
        known = engine.bindings.address_of(owned.kind, owned.id) or owned.address
        yield Drifted(known, owned.kind, owned.id, "deleted", (), None, owned.address)
        return
    mine = change.differences if change else ()
    sides = of_three(mine, differing, declared=address is not None)
    if sides:
        known = address or f"{owned.kind}.{title(live)}"
        yield Drifted(known, owned.kind, owned.id, "changed", sides, None, owned.address)


def _named(one: Drifted) -> str:
    same = not one.terraform or one.terraform == one.address
    return one.address if same else f"{one.address} ({one.terraform})"


def _key(one: Drifted) -> str:
    """The id that the audit trail knows an object by: the last part of its import id.

    An object that has no id of its own (a label) it knows by all of what identifies it.
    """
    kind = registry()[one.kind]
    if "id" not in kind.attributes and not kind.about.attach:
        return one.id or ""
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


def _in_no_state(engine: Workspace) -> Iterator[str]:
    """What no state owns, kind by kind: others made it, or a run that was killed left it.

    Operations: the lists of all kinds.
    """
    live = observe(engine.life)
    for name, kind in registry().items():
        if not kind.about.family:
            continue
        rest = [
            one
            for one in live.of(name)
            if engine.terraform.get(name, one.id) is None
            and engine.bindings.address_of(name, one.id) is None
        ]
        if rest:
            shown = ", ".join(f"{title(one)} ({one.id})" for one in rest[:_MOST_NAMED])
            more = len(rest) - _MOST_NAMED
            tail = f", and {more} more" if more > 0 else ""
            yield f"in no state, kind {name}: {shown}{tail}"


def _signed(by: Doing | None) -> str:
    return f": {by.who}, {by.when} ({by.what})" if by else ""


def _written(one: Drifted) -> dict[str, Any]:
    made: dict[str, Any] = {
        "address": one.address,
        "kind": one.kind,
        "id": one.id,
        "how": one.how,
        "attributes": [each.to_dict() for each in one.differences],
    }
    if one.terraform:
        made["terraform"] = one.terraform
    if one.by:
        made["by"] = one.by._asdict()
    return made


def escaped(words: str) -> str:
    """Text as Markdown shows it as it is."""
    return inert(words, _MOST_SAID)
