"""Which declared address is which object: by the bindings, else by the natural key."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from segform.lifecycle.keys import key_parts
from segform.lifecycle.meaning import suffixed
from segform.resources import registry
from segform.resources.definition import Resource
from segform.resources.values import UNKNOWN

from .bindings import Bindings
from .desired import WORKSPACE, Declared, Desired, resolved, slugged

if TYPE_CHECKING:
    from .live import Found, Live


class Matching:
    """`found`: address -> object; `known`: address -> its values, for references.

    `adopted`: address -> id of what was bound by its key; `problems`: what could not be decided.
    """

    def __init__(self, bindings: Bindings, declared: Iterable[str] = ()) -> None:
        self.bindings = bindings
        self.declared = frozenset(declared)
        # address -> what its id says, of what is bound and not seen.
        self.away: dict[str, dict[str, Any]] = {}
        self.found: dict[str, Found] = {}
        self.known: dict[str, dict[str, Any]] = {}
        self.adopted: dict[str, str] = {}
        # address -> natural key, of what was looked for by it.
        self.keys: dict[str, str] = {}
        self.problems: list[str] = []
        self.taken: set[tuple[str, str]] = set()

    def take(self, address: str, found: Found) -> None:
        """Say that an address is this object."""
        self.found[address] = found
        self.known[address] = found.values
        self.taken.add((found.kind, found.id))

    def free(self, found: Found, address: str) -> bool:
        """Whether an address may have this object: no other has it that is still declared.

        An object whose address is gone while another wants its key has been renamed in the code.
        """
        owner = self.bindings.address_of(found.kind, found.id)
        held = owner is not None and owner != address and owner in self.declared
        return not held and (found.kind, found.id) not in self.taken

    def surplus(self, wanted: Desired, live: Live) -> Iterator[tuple[str, Found]]:
        """What is there and no longer wanted, as far as it is ours to delete.

        That is: what the bindings know and nobody declares, everything of the kinds that are
        declared completely, and children of declared objects where those are.
        """
        ours = {(at.partition(".")[0], one): at for at, one in self.bindings}
        declared = {(found.kind, found.id): at for at, found in self.found.items()}
        for found in live:
            if (found.kind, found.id) in declared or found.kind in wanted.leave:
                continue
            address = ours.get((found.kind, found.id))
            child = wanted.children and parent_of(found) in declared
            if address or found.kind in wanted.complete or child:
                yield address or f"{found.kind}.{title(found)}", found


def parent_of(found: Found) -> tuple[str, str]:
    """Kind and id of what an object hangs below; empty texts where that is nothing."""
    kind = registry()[found.kind]
    for parameter in kind.about.scope:
        name = kind.about.path[parameter]
        return kind.attributes[name].reference or "", str(found.values.get(name))
    return "", ""


def title(found: Found) -> str:
    """An object's name, as an address has it."""
    for name in ("slug", "name", "title", "email", "display_name", "key"):
        if found.values.get(name):
            return slugged(str(found.values[name]))
    return slugged(found.id)


def match(
    wanted: Desired,
    live: Live,
    bindings: Bindings,
    workspace: dict[str, Any],
    away: dict[str, dict[str, Any]] | None = None,
) -> Matching:
    """Find the object of every declared address, parents before what refers to them.

    `away`: of what is bound and not seen, what its id says.
    """
    # What is said to be renamed is held as well: by the new address.
    names = (name for one in wanted for name in (one.address, one.renamed_from) if name)
    matching = Matching(bindings, names)
    matching.away = dict(away or {})
    matching.known[WORKSPACE] = workspace
    for one in _parents_first(wanted):
        _match(one, live, matching)
    return matching


def _parents_first(wanted: Desired) -> list[Declared]:
    ranks = {name: place for place, name in enumerate(registry())}
    return sorted(wanted, key=lambda one: ranks[one.kind])


def _match(one: Declared, live: Live, matching: Matching) -> None:
    bindings = matching.bindings
    bound = bindings.get(one.address)
    if bound is None and one.renamed_from:
        bound = bindings.get(one.renamed_from)
    if bound is not None:
        found = live.get(one.kind, bound)
        if found is not None:
            matching.take(one.address, found)
            if one.renamed_from and bindings.get(one.address) is None:
                matching.adopted[one.address] = found.id
            return
        if one.address in matching.away:
            # It is there as far as anybody knows, so that what refers to it refers to it still.
            values = resolved(one.values, matching.known)
            matching.known[one.address] = {**values, **matching.away[one.address]}
            return
    known = _by_known_id(one, live, matching)
    candidates = [known] if known else _with_key(one, live, matching)
    if len(candidates) == 1:
        matching.take(one.address, candidates[0])
        matching.adopted[one.address] = candidates[0].id
    elif candidates:
        ids = ", ".join(found.id for found in candidates)
        matching.problems.append(
            f"{one.address} could be any of {len(candidates)} objects with its name: {ids}. Say "
            "which one in the bindings file."
        )


def _by_known_id(one: Declared, live: Live, matching: Matching) -> Found | None:
    """The object with the id that a snapshot names, where the workspace has it."""
    found = live.by_own_id(one.kind, one.known_id) if one.known_id else None
    return found if found is not None and matching.free(found, one.address) else None


def _with_key(one: Declared, live: Live, matching: Matching) -> list[Found]:
    kind = registry()[one.kind]
    wanted = key_parts(kind.about, resolved(one.values, matching.known))
    if any(part is None or part is UNKNOWN for part in wanted):
        return []
    matching.keys[one.address] = "/".join(map(str, wanted))
    appended = [at for at, name in enumerate(kind.about.key) if _suffixed(kind, name)]
    if appended:
        held = live.beginning(one.kind, appended[0], str(wanted[appended[0]]))
    else:
        held = live.with_key(one.kind, wanted)
    return [
        candidate
        for candidate in held
        if matching.free(candidate, one.address)
        and all(
            _same(_suffixed(kind, name), a, b)
            for name, a, b in zip(
                kind.about.key, wanted, key_parts(kind.about, candidate.values), strict=True
            )
        )
    ]


def _suffixed(kind: type[Resource], name: str) -> bool:
    """Whether the service appends something to this part of a key."""
    return kind.attributes[name.partition(".")[0]].suffixed


def _same(appended: bool, wanted: Any, there: Any) -> bool:
    return bool(wanted == there) or (appended and suffixed(wanted, there))
