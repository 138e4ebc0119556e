"""Example events against plans, filters and mappings: `segform test`.

Each fixture's event goes the way that `segform.explain` tells: schema controls of its source,
transformations, filters and mappings of each destination. What is expected of it is compared with
what became of it; a difference says both, and why.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Literal, NamedTuple

from segform.inert import printable
from segform.resources.exact import dumps

from .fixtures import Fixture
from .world import World

_MISSING = object()


class Result(NamedTuple):
    """What became of a fixture. `failures`: one text for each expectation that was not met."""

    fixture: Fixture
    outcome: Literal["passed", "failed", "error"]
    failures: tuple[str, ...] = ()

    def __str__(self) -> str:
        place = f"{self.fixture.file}:{self.fixture.line}"
        words = {"passed": "PASS", "failed": "FAIL", "error": "ERROR"}
        head = f"{words[self.outcome]:5} {printable(place)} {printable(self.fixture.name)}"
        return "\n".join([head, *(f"      {printable(one, 2000)}" for one in self.failures)])


class Unmet(Exception):
    """A fixture that cannot be run: what it names is not there."""


def run(fixtures: Sequence[Fixture], world: World) -> list[Result]:
    """Run fixtures against a workspace, in their order."""
    return [_run(one, world) for one in fixtures]


def _run(fixture: Fixture, world: World) -> Result:
    from segform.fql import FQLError

    way = _Way(fixture, world)
    failures: list[str] = []
    try:
        for key, expected in fixture.expect.items():
            failures += _CHECKS[key](way, expected)
    except (Unmet, FQLError) as problem:
        return Result(fixture, "error", (str(problem),))
    return Result(fixture, "failed" if failures else "passed", tuple(failures))


class _Way:
    """One event on its way; each part is worked out when it is first asked for."""

    def __init__(self, fixture: Fixture, world: World) -> None:
        self.event = fixture.event
        self.world = world
        self.named = fixture.source
        self._outcome: Any = None
        self._explained: dict[str, Any] = {}

    def source(self) -> Mapping[str, Any]:
        """The fixture's source. Raises Unmet."""
        found = self.world.source(self.named)
        if found is not None:
            return found
        slugs = ", ".join(str(one.get("slug")) for one in self.world.sources) or "none"
        if self.named is None:
            raise Unmet(f"it names no `source`, and there are several: {slugs}")
        raise Unmet(f"there is no source {self.named!r}; there are: {slugs}")

    def outcome(self) -> Any:
        """What the schema settings of the source make of it, or None without a plan."""
        from segform.tracking.controls import apply

        if self._outcome is None:
            source = self.source()
            rules = self.world.rules(source)
            if rules is None:
                self._outcome = False
            else:
                self._outcome = apply(rules, self.world.settings(source), self.event)
        return self._outcome or None

    def sent(self) -> dict[str, Any] | None:
        """The event as it leaves the source; None where it is blocked."""
        outcome = self.outcome()
        event = self.event if outcome is None else outcome.event
        return None if event is None else dict(event)

    def why(self) -> str:
        """The steps of the source in words."""
        outcome = self.outcome()
        return "; ".join(outcome.steps) if outcome is not None else "the source has no plan"

    def destination(self, name: str) -> Mapping[str, Any]:
        """A destination of the source, by name or id. Raises Unmet."""
        there = self.world.destinations(self.source())
        for field in ("name", "id"):
            for one in there:
                if one.get(field) == name:
                    return one
        names = ", ".join(str(one.get("name")) for one in there) or "none"
        raise Unmet(f"the source has no destination {name!r}; it has: {names}")

    def explained(self, destination: Mapping[str, Any]) -> Any:
        """The event's whole way to a destination. Raises Unmet."""
        from segform.explain import ExplainError, explain

        key = str(destination.get("id"))
        if key not in self._explained:
            try:
                self._explained[key] = explain(
                    self.event, key, self.world.snapshot, self.world.catalog
                )
            except ExplainError as problem:
                raise Unmet(str(problem)) from None
        return self._explained[key]

    def arrives(self, destination: Mapping[str, Any]) -> tuple[dict[str, Any] | None, str]:
        """The event as it gets to a destination, None if it does not; and why.

        What is a matter of luck (a sample), or not known here, counts as arriving.
        """
        found = self.explained(destination)
        if found.arrives is False or found.event is None:
            return None, found.answer
        return dict(found.event), found.answer


# Expectations: each gives what is not met.


def _plan(way: _Way, expected: Any) -> Iterator[str]:
    outcome = way.outcome()
    if outcome is None:
        found, why = "no plan", "the source is not connected to a plan"
    elif outcome.unplanned:
        found, why = "unplanned", way.why()
    elif outcome.violations:
        found = "violation"
        why = "; ".join(f"{one.field}: {one.message}" for one in outcome.violations)
    else:
        found, why = "valid", "it keeps to its rule"
    if found != expected:
        yield f"plan: expected {expected}, found {found} ({why})"


def _violations(way: _Way, expected: Any) -> Iterator[str]:
    outcome = way.outcome()
    found = [] if outcome is None else [(one.field, one.type) for one in outcome.violations]
    wanted = expected if isinstance(expected, list) else [expected]
    left = list(found)
    for one in wanted:
        field, kind = (
            (one.get("field"), one.get("type")) if isinstance(one, Mapping) else (one, None)
        )
        hit = next((two for two in left if two[0] == field and kind in (None, two[1])), None)
        if hit is None:
            shown = field if kind is None else f"{field} ({kind})"
            yield f"violations: expected {shown}, found {_listed(found)}"
        else:
            left.remove(hit)
    for field, kind in left:
        yield f"violations: {field} ({kind}) was not expected"


def _listed(found: Sequence[tuple[str, str]]) -> str:
    return ", ".join(f"{field} ({kind})" for field, kind in found) or "none"


def _source(way: _Way, expected: Any) -> Iterator[str]:
    found = "blocked" if way.sent() is None else "passes"
    if found != expected:
        yield f"source: expected {expected}, found {found} ({way.why()})"


def _omitted(way: _Way, expected: Any) -> Iterator[str]:
    outcome = way.outcome()
    found = [] if outcome is None else sorted({*outcome.omitted, *outcome.omitted_on_violation})
    wanted = sorted(
        str(one).removeprefix("properties.").removeprefix("traits.")
        for one in (expected if isinstance(expected, list) else [expected])
    )
    if found != wanted:
        yield f"omitted: expected {', '.join(wanted) or 'nothing'}, found " + (
            ", ".join(found) or "nothing"
        )


def _filters(way: _Way, expected: Any) -> Iterator[str]:
    from segform.fql import describe, matches

    source = way.world.source(way.named)
    for title, wanted in _pairs("filters", expected):
        found = way.world.named_filters(title, source)
        if not found:
            raise Unmet(f"there is no filter {title!r}")
        for one in found:
            got = matches(str(one["if"]), way.event)
            if got is not wanted:
                verb = "matches" if got else "does not match"
                yield f"filters: {title} {verb}: {describe(str(one['if']))}"


def _destinations(way: _Way, expected: Any) -> Iterator[str]:
    for name, wanted in _pairs("destinations", expected):
        event, why = way.arrives(way.destination(name))
        found = "dropped" if event is None else "arrives"
        if isinstance(wanted, str):
            if found != wanted:
                yield f"destinations: {name}: expected {wanted}, found {found} ({why})"
            continue
        if event is None:
            yield f"destinations: {name}: expected an event, found dropped ({why})"
            continue
        for text in _shape(wanted, event):
            yield f"destinations: {name}: {text}"


def _shape(wanted: Any, event: Mapping[str, Any]) -> Iterator[str]:
    """What an event lacks of `with`, has of `without`, differs from `event`."""
    if not isinstance(wanted, Mapping) or not set(wanted) <= {"with", "without", "event"}:
        raise Unmet(f"what is expected is arrives, dropped or with/without/event, not {wanted!r}")
    if "event" in wanted and wanted["event"] != event:
        yield f"expected {_short(wanted['event'])}, found {_short(event)}"
    for path, value in _pairs("with", wanted.get("with") or {}):
        got = _at(event, path)
        if got is _MISSING or _text(got) != _text(value):
            shown = "nothing" if got is _MISSING else _short(got)
            yield f"expected {path} to be {_short(value)}, found {shown}"
    for path in wanted.get("without") or ():
        got = _at(event, str(path))
        if got is not _MISSING:
            yield f"expected no {path}, found {_short(got)}"


def _mappings(way: _Way, expected: Any) -> Iterator[str]:
    for name, wanted in _pairs("mappings", expected):
        title, _, called = name.partition("/")
        destination = way.destination(title)
        there = [str(one.get("name")) for one in way.world.subscriptions(destination)]
        if called not in there:
            names = ", ".join(f"{title}/{one}" for one in there) or "none"
            raise Unmet(f"there is no mapping {name!r}; there are: {names}")
        found = way.explained(destination)
        sent = next((one for one in found.sent if one.mapping == called), None)
        if sent is None or sent.problem is not None:
            if wanted is not None:
                why = found.answer if sent is None else sent.problem
                yield f"mappings: {name}: expected {_short(wanted)}, found nothing ({why})"
        elif wanted is None:
            yield f"mappings: {name}: expected nothing, found {_short(sent.payload)}"
        elif _text(sent.payload) != _text(wanted):
            yield f"mappings: {name}: expected {_short(wanted)}, found {_short(sent.payload)}"


def _text(value: Any) -> str:
    try:
        return dumps(value)
    except TypeError:
        return repr(value)


def _pairs(what: str, expected: Any) -> Iterator[tuple[str, Any]]:
    if not isinstance(expected, Mapping):
        raise Unmet(f"`{what}` is an object of names and what is expected of them")
    for name, wanted in expected.items():
        yield str(name), wanted


def _at(value: Any, path: str) -> Any:
    for step in path.split("."):
        if isinstance(value, Mapping) and step in value:
            value = value[step]
        elif isinstance(value, list) and step.isdigit() and int(step) < len(value):
            value = value[int(step)]
        else:
            return _MISSING
    return value


def _short(value: Any) -> str:
    text = _text(value)
    return text if len(text) <= 300 else f"{text[:300]}…"


_CHECKS: dict[str, Callable[[_Way, Any], Iterator[str]]] = {
    "plan": _plan,
    "violations": _violations,
    "source": _source,
    "omitted": _omitted,
    "filters": _filters,
    "destinations": _destinations,
    "mappings": _mappings,
}
