"""Events held against a tracking plan: what violates it, and what nobody planned.

JSON Schema is evaluated by jsonschema-rs (`pip install "segform[tracking]"`), with regular
expressions as the service's engine knows them: matched in linear time, without look-around and back
references. What it finds is told as the service tells it, in `context.protocols.violations`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from .compiling import compile_schema
from .names import Names, named, unnamed
from .rules import Rule, identity, rule_key
from .selection import Event, Selector, call_of, container, schema_of, select
from .telling import ROOT, Violation, paths, told


class RuleError(ValueError):
    """A rule whose schema cannot be evaluated. `.rule` is its key as text."""

    def __init__(self, rule: str, why: str) -> None:
        super().__init__(f"{rule}: its schema cannot be used: {why}")
        self.rule = rule


class Unplanned(NamedTuple):
    """What no rule names: the whole event, or properties (traits) by their paths."""

    event: bool
    properties: list[str]


def validate(rules: Iterable[Rule], event: Event) -> list[Violation]:
    """The violations of one event; an empty list for a valid one and for an unplanned one.

    The rule that `select` finds comes first, the COMMON rule after it (for unplanned events too).
    For many events take `validator(rules)`, which compiles each schema once. Raises RuleError for
    a rule whose schema is none, ValueError for an event that is not JSON, ImportError without
    jsonschema-rs.
    """
    several = list(rules)
    common = [rule for rule in several if rule["type"] == "COMMON"]
    own = select(several, event)
    return Validator([*common, *([] if own is None else [own])]).validate(event)


def validator(rules: Iterable[Rule]) -> Validator:
    """The rules of a plan made ready for many events. Each schema is compiled when first used."""
    return Validator(rules)


class Validator:
    """A plan's rules, ready for many events. Not changed by later changes of the rules."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._selector = Selector(rules)
        self._compiled: dict[int, Any] = {}
        self._named: dict[int, Names] = {}

    def rule(self, event: Event) -> Rule | None:
        """The rule of an event, as `segform.tracking.select`."""
        return self._selector.rule(event)

    def validate(self, event: Event) -> list[Violation]:
        """The violations of an event, as `segform.tracking.validate`."""
        own, common = self._selector.rule(event), self._selector.common
        found = [] if own is None else self._violations(own, event)
        return found if common is None else found + self._violations(common, event)

    __call__ = validate

    def many(self, events: Iterable[Event]) -> Iterator[tuple[Event, list[Violation]]]:
        """Each event that violates the plan, with its violations, in the order of the events."""
        for event in events:
            found = self.validate(event)
            if found:
                yield event, found

    def is_valid(self, event: Event) -> bool:
        """Whether an event violates nothing; faster than asking what it violates."""
        rules = (self._selector.rule(event), self._selector.common)
        return all(self._schema(rule).is_valid(event) for rule in rules if rule is not None)

    def of_rule(self, event: Event) -> list[Violation]:
        """The violations of an event's own rule, without the COMMON rule."""
        own = self._selector.rule(event)
        return [] if own is None else self._violations(own, event)

    def of_common(self, event: Event) -> list[Violation]:
        """The violations of the COMMON rule alone."""
        common = self._selector.common
        return [] if common is None else self._violations(common, event)

    def unplanned(self, event: Event) -> Unplanned:
        """What of an event no rule names. Aliases are no events of a plan: never unplanned."""
        if call_of(event) is None:
            return Unplanned(False, [])
        found = [".".join(map(str, path)) for path in self.unplanned_paths(event)]
        return Unplanned(self._selector.rule(event) is None, found)

    def unplanned_paths(self, event: Event) -> list[tuple[str | int, ...]]:
        """The paths of an event's properties (traits) that no rule names."""
        own, kind = self._selector.rule(event), call_of(event)
        if kind is None:
            return []
        where = container(kind)
        names = {} if own is None else self._names(own, where)
        return list(unnamed(event.get(where), names, (where,)))

    def violating_paths(self, event: Event, *, common: bool = False) -> list[tuple[str | int, ...]]:
        """The paths of what violates an event's own rule, or the COMMON rule; once each."""
        rule = self._selector.common if common else self._selector.rule(event)
        if rule is None:
            return []
        errors = self._schema(rule).iter_errors(event)
        return list(dict.fromkeys(path for error in errors for path in paths(error, event)))

    def _names(self, rule: Rule, where: str) -> Names:
        if id(rule) not in self._named:
            self._named[id(rule)] = named(schema_of(rule)).get(where, {})
        return self._named[id(rule)]

    def _violations(self, rule: Rule, event: Event) -> list[Violation]:
        errors = list(self._schema(rule).iter_errors(event))
        return told(errors, event) if errors else []

    def _schema(self, rule: Rule) -> Any:
        compiled = self._compiled.get(id(rule))
        if compiled is None:
            try:
                compiled = self._compiled[id(rule)] = compile_schema(schema_of(rule))
            except ValueError as problem:
                raise RuleError(rule_key(*identity(rule)), str(problem)) from problem
        return compiled


def unplanned(rules: Iterable[Rule], event: Event) -> Unplanned:
    """What of an event no rule names: the event itself, or properties (traits) at any depth.

    In a list, an object's property is shown with its place (`properties.products.0.colour`). A
    plan has no say about calls of other types (alias).
    """
    own = select(rules, event)
    return Validator([] if own is None else [own]).unplanned(event)


__all__ = [
    "ROOT",
    "RuleError",
    "Unplanned",
    "Validator",
    "Violation",
    "unplanned",
    "validate",
    "validator",
]
