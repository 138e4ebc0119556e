"""What is exported, before it is code of any language: items, references, secrets, notes.

An item's values are those of a configuration, in which `Ref` names another item, `Secret` a
variable, `Json` holds a document where the attribute is JSON, and `Code` a text that is better
kept in a file of its own.
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from functools import cached_property, lru_cache
from typing import Any, NamedTuple, TypeVar

from segform.resources import kinds_of, registry
from segform.resources.checks import run_pure
from segform.resources.definition import (
    JSON,
    RULE_SCHEMA,
    SETTINGS,
    STRING,
    Attribute,
    Items,
    Nested,
    Type,
)
from segform.resources.exact import loads
from segform.workspace.bindings import Bindings
from segform.workspace.desired import WORKSPACE, Declared, Desired, Ref, resolved
from segform.workspace.snapshot import to_desired

MASK = "•"
UNFILLED = MASK * 8
_SECRET = re.compile(r"secret|password|passphrase|private_?key|api_?key|token|credential", re.I)
_MODULES = tuple(f"{kind}s" for kind in registry())
# Modules of generated code that others import.
_TAKEN = {"reading"}


_Found = TypeVar("_Found")


class Secret(NamedTuple):
    """A value that is never written: a variable, and what stands for it until it is filled in."""

    name: str
    default: str


class Json(NamedTuple):
    """A JSON document."""

    value: Any


class Code(NamedTuple):
    """Text for a file of its own, by its path in the folder."""

    path: str
    text: str


class RuleFiles(NamedTuple):
    """Rules of a plan in files of their own: key -> JSON Schema, in each."""

    paths: list[str]


class EventFolder(NamedTuple):
    """Rules of a plan in a folder with a file for each event."""

    path: str


class Item(NamedTuple):
    """An object: its definition's name, its own name in code, its values, what imports it."""

    kind: str
    name: str
    values: dict[str, Any]
    import_id: str
    team: str

    @property
    def address(self) -> str:
        return f"{self.kind}.{self.name}"


class Model(NamedTuple):
    """A workspace to be written. `needs_workspace`: whether something refers to its id."""

    title: str
    workspace_id: str
    items: list[Item]
    secrets: dict[str, str]
    left_out: list[str]
    clicks: list[str]
    needs_workspace: bool


def of_snapshot(
    snapshot: Mapping[str, Any],
    *,
    bindings: Bindings | None = None,
    team: str | None = None,
    kinds: Iterable[str] = (),
    exact: bool = False,
    without: frozenset[tuple[str, str]] = frozenset(),
) -> Model:
    """A snapshot of one workspace as a model.

    `team`: the label key that sources are grouped by; `kinds`: only these; `exact`: names of the
    bindings stay as they are, for code that exists; `without`: kinds and import ids (without their
    form) of objects that are left out.

    Raises ValueError for what is no snapshot of one workspace.
    """
    wanted = to_desired(snapshot, bindings)
    only = kinds_of(kinds) or frozenset(registry())
    fixed = {at for at, _ in bindings} if exact and bindings else set[str]()
    reader = _Reader(wanted, snapshot["workspaces"][0], team, only, fixed)
    reader.without = without
    return reader.model()


class _Reader:
    def __init__(
        self,
        wanted: Desired,
        workspace: Mapping[str, Any],
        team: str | None,
        kinds: frozenset[str],
        fixed: set[str],
    ) -> None:
        self.fixed = fixed
        self.without: frozenset[tuple[str, str]] = frozenset()
        self.kinds = kinds
        self.wanted = wanted
        self.workspace = workspace
        self.team = team
        self.secrets: dict[str, str] = {}
        self.left_out: list[str] = []
        self.clicks: list[str] = []
        self.names: dict[str, str] = {}
        # Kind and key -> address, of what others name by its key.
        self.by_key: dict[tuple[Any, ...], str] = {}
        self.needs_workspace = False
        self.constructs: set[str] = set()

    def model(self) -> Model:
        there = [one for one in self._ordered() if one.kind in self.kinds]
        if self.without:
            there = [one for one in there if (one.kind, self._bare_id(one)) not in self.without]
        kept = [one for one in there if self._can_be_code(one)]
        taken: set[tuple[str, str]] = {(at.partition(".")[0], _short(at)) for at in self.fixed}
        # In modules of teams a variable begins with its kind (`pythonic.variable`).
        taken |= {(kind, name.removeprefix(f"{kind}_")) for kind, name in taken}
        for one in kept:
            fixed = one.address in self.fixed
            self.names[one.address] = _short(one.address) if fixed else _unique(one, taken)
            if one.kind in _named_by_key():
                key = (one.values.get(part) for part in registry()[one.kind].about.key)
                self.by_key[one.kind, *key] = one.address
        self.constructs = {at.replace(".", "_", 1) for at in map(_at, self.names.items())}
        items = [self._item(one) for one in kept]
        title = str(self.workspace.get("name") or self.workspace.get("slug") or "workspace")
        owner = str(self.workspace.get("id") or "")
        return Model(
            title, owner, items, self.secrets, self.left_out, self.clicks, self.needs_workspace
        )

    def _ordered(self) -> list[Declared]:
        ranks = {name: place for place, name in enumerate(registry())}
        return sorted(self.wanted, key=lambda one: (ranks[one.kind], one.address))

    def _can_be_code(self, one: Declared) -> bool:
        missing = [
            name
            for name, item in registry()[one.kind].attributes.items()
            if item.required and one.values.get(name) is None
        ]
        if missing:
            self.left_out.append(
                f"{one.kind} {_title(one)}: the API does not show its {', '.join(missing)}, "
                "which code needs."
            )
            if registry()[one.kind].about.open_family:
                self.clicks.append(
                    f"{_title(one)} has to accept the invitation; then export again."
                )
        return not missing and not self._wrong(one)

    def _wrong(self, one: Declared) -> bool:
        """Whether a plan would be refused for an object, as it is there; it is told."""
        kind = registry()[one.kind]
        config = {**dict.fromkeys(kind.attributes), **resolved(one.values, {})}
        found = run_pure(kind.about.checks, kind.attributes, config)
        for problem in (each for each in found if each.severity == "error"):
            where = ".".join(map(str, problem.path))
            why = plain(f"{where}: {problem.message}. {problem.mend}", 300)
            self.left_out.append(
                f"{one.kind} {_title(one)}: no plan would take it as it is: {why} "
                "Mend it in Segment's app, then export again."
            )
            return True
        return False

    # Values

    def _item(self, one: Declared) -> Item:
        name = self.names[one.address]
        where = f"{one.kind}.{name}"
        values: dict[str, Any] = {}
        for key, item in registry()[one.kind].attributes.items():
            value = self._value(item.type, one.values.get(key), (where, key), item)
            if value is None or (_is_empty(value) and item.computed and not _is_map(item.type)):
                continue
            if item.names:
                value = [self._named(item.names, each) for each in value]
            elif item.file:
                value = Code(f"{one.kind}s/{name}.{item.file}", value)
            values[key] = value
        return Item(one.kind, name, values, self._import_id(one), self._team_of(one))

    def _value(self, kind: Type, value: Any, at: tuple[str, ...], item: Attribute) -> Any:
        if value is None:
            return None
        if isinstance(value, Ref):
            return self._ref(value)
        if isinstance(kind, Nested):
            return self._nested(kind, value, at)
        if isinstance(kind, Items):
            return [self._value(kind.element, one, at, item) for one in value]
        if kind in (JSON, SETTINGS, RULE_SCHEMA):
            return self._json(kind, value, at)
        if item.sensitive and kind == STRING and value:
            return self._secret(at, value if MASK in value else UNFILLED)
        return value

    def _nested(self, kind: Nested, value: Any, at: tuple[str, ...]) -> Any:
        def made(one: Mapping[str, Any]) -> dict[str, Any]:
            found = {
                item.name: self._value(item.type, one.get(item.name), (*at, item.name), item)
                for item in kind.attributes
                if item.settable
            }
            return {key: inner for key, inner in found.items() if inner is not None}

        if isinstance(value, Mapping):
            if kind.mode == "map":
                return {key: made(one) for key, one in value.items()}
            return made(value)
        return [made(one) for one in value]

    def _ref(self, ref: Ref) -> Any:
        if ref.address == WORKSPACE:
            self.needs_workspace = True
            return ref
        name = self.names.get(ref.address)
        if name is None:
            # What it refers to cannot be code: its id is all there is.
            return self.wanted.get(ref.address).known_id
        return Ref(f"{ref.address.partition('.')[0]}.{name}", ref.attribute)

    def _json(self, kind: Type, text: Any, at: tuple[str, ...]) -> Any:
        value = loads(text) if isinstance(text, str) else text
        if not _exact(value):
            return text
        return Json(self._hidden(value, at) if kind == SETTINGS else value)

    def _hidden(self, value: Any, at: tuple[str, ...]) -> Any:
        """Settings with variables where a secret is, or where its name says so."""
        if isinstance(value, dict):
            if "ciphertext" in value and at[-1] == "settings":
                # The service made it of the secrets among them, and makes another one each time.
                value = {k: v for k, v in value.items() if k not in ("ciphertext", "encrypted")}
            elif "ciphertext" in value:
                return self._secret(at, UNFILLED)
            return {key: self._hidden(one, (*at, key)) for key, one in value.items()}
        if isinstance(value, list):
            return [self._hidden(one, (*at, str(i))) for i, one in enumerate(value, 1)]
        if isinstance(value, str) and value:
            named = _SECRET.search(at[-1]) and not at[-1].startswith("@")
            if MASK in value or named:
                return self._secret(at, UNFILLED)
        return value

    def _secret(self, at: tuple[str, ...], default: str) -> Secret:
        kind, _, name = at[0].partition(".")
        path = [one for one in at[1:] if one != "settings"]
        base = identifier("_".join([name, *map(_snake, path)]), kind)
        made, count = base, 1
        while made in self.secrets or made in self.constructs:
            count += 1
            made = f"{base}_{count}"
        self.secrets[made] = plain(f"{at[0]}: {'.'.join(at[1:])}")
        return Secret(made, default)

    def _named(self, kind: str, value: Any) -> Any:
        """What names an object by its key, as references to the object's key."""
        parts = registry()[kind].about.key
        if isinstance(value, Mapping):
            address = self.by_key.get((kind, *(value.get(part) for part in parts)))
            found = None if address is None else {p: self._ref(Ref(address, p)) for p in parts}
            return dict(value) if found is None else found
        address = self.by_key.get((kind, value))
        return value if address is None else self._ref(Ref(address, parts[0]))

    # Identity

    def _import_id(self, one: Declared) -> str:
        values = {"id": one.known_id, **resolved(one.values, self._known)}
        return registry()[one.kind].about.import_id.format(**values) + import_form(one.kind)

    def _bare_id(self, one: Declared) -> str:
        """An import id without the form that it asks for."""
        return self._import_id(one).partition("#")[0]

    @cached_property
    def _known(self) -> dict[str, dict[str, Any]]:
        return {one.address: {"id": one.known_id, **one.values} for one in self.wanted}

    def _team_of(self, one: Declared) -> str:
        if not self.team:
            return ""
        seen: set[str] = set()
        at: Declared | None = one
        while at is not None and at.address not in seen:
            seen.add(at.address)
            labels = _labelled(at.kind)
            if labels:
                for label in at.values.get(labels) or ():
                    if label.get("key") == self.team:
                        return identifier(str(label.get("value")), "team")
                break
            parent = next(
                (
                    ref
                    for key in ("source_id", "destination_id", "integration_id")
                    if isinstance(ref := at.values.get(key), Ref)
                ),
                None,
            )
            known = parent is not None and parent.address in self.wanted
            at = self.wanted.get(parent.address) if parent is not None and known else None
        return ""


def identifier(text: str, fallback: str) -> str:
    """A text as a name that HCL and Python both take: lower-case ASCII letters, digits, `_`."""
    made = re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")[:60].strip("_")
    if not made or made[0].isdigit():
        made = f"{fallback}_{made}".rstrip("_")
    reserved = keyword.iskeyword(made) or made in _TAKEN
    module = made.startswith(("team_", "added_")) or re.sub(r"_\d+\Z", "", made) in _MODULES
    return f"{made}_" if reserved or module else made


def plain(text: str, limit: int = 120) -> str:
    """A remote text for comments and lists: one line, nothing that is not printable."""
    shown = "".join(char if char.isprintable() else " " for char in text)
    shown = re.sub(r"\s+", " ", shown).strip()
    return shown if len(shown) <= limit else f"{shown[: limit - 1]}…"


def import_form(kind: str) -> str:
    """What follows an object's id where its import has several forms."""
    owns = (registry()[kind].about.adopt or {}).get("owns")
    return f"#{owns}" if owns else ""


@lru_cache(maxsize=1)
def _named_by_key() -> frozenset[str]:
    """Kinds that others name by their key, not by an id."""
    every = (item.names for kind in registry().values() for item in kind.attributes.values())
    return frozenset(name for name in every if name)


def _labelled(kind: str) -> str:
    """The attribute that has the labels of a kind; empty where it has none."""
    every = registry()[kind].attributes.items()
    return next((name for name, item in every if item.names == "label"), "")


def found_in(value: Any, what: type[_Found]) -> Iterator[_Found]:
    """All secrets, references or files in a value, JSON looked into."""
    if isinstance(value, what):
        yield value
    elif isinstance(value, Json):
        yield from found_in(value.value, what)
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from found_in(one, what)
    elif isinstance(value, list):
        for one in value:
            yield from found_in(one, what)


def _short(address: str) -> str:
    return address.partition(".")[2]


def _at(named: tuple[str, str]) -> str:
    address, name = named
    return f"{address.partition('.')[0]}.{name}"


def _unique(one: Declared, taken: set[tuple[str, str]]) -> str:
    base = identifier(one.address.partition(".")[2], one.kind)
    made, count = base, 1
    while (one.kind, made) in taken:
        count += 1
        made = f"{base}_{count}"
    taken.add((one.kind, made))
    return made


def _title(one: Declared) -> str:
    found = (one.values.get(key) for key in ("slug", "name", "title", "email"))
    return plain(next((value for value in found if isinstance(value, str)), str(one.known_id)))


def _snake(text: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", text)


def _is_empty(value: Any) -> bool:
    return isinstance(value, (list, dict)) and not value and not isinstance(value, tuple)


def _is_map(kind: Type) -> bool:
    return isinstance(kind, Nested) and kind.mode == "map"


def _exact(value: Any) -> bool:
    """Whether every number survives as a literal of the languages."""
    if isinstance(value, dict):
        return all(map(_exact, value.values()))
    if isinstance(value, list):
        return all(map(_exact, value))
    if isinstance(value, Decimal):
        return value.is_finite() and Decimal(repr(float(value))) == value and abs(value) < 10**15
    return not isinstance(value, int) or abs(value) < 2**53
