"""`diff`: what changed between two sets of rules, event by event and property by property.

A change breaks where an event that was planned and valid becomes a violation, or becomes or gets
something unplanned. What nobody planned before cannot break: a property that is new to the plan
breaks nothing as long as it may be left out.
"""

from __future__ import annotations

import marshal
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from segform.tracking.rules import Rule, identity, rule_key
from segform.tracking.schemas import schema_errors
from segform.tracking.selection import Selector, container, schema_of, version
from segform.tracking.violations import RuleError

from .instances import limit
from .judging import Judge, probe, served
from .normal import whole
from .proofs import empty
from .walk import Comparison, Difference

_WITHOUT_END = 10**12
_SERVERS_OWN = ("TRACK", "Segment Consent Preference Updated")


@dataclass(frozen=True, slots=True)
class Change:
    """One change of a plan.

    `rule` is (type, key, version); `path` is where in the rule (`properties.price`,
    `properties.products.$.sku`; None for the rule as a whole). `reason` says in words what changed,
    with the path as its subject. `witness` is an event that was valid and is not any more. Where
    none was found and nothing proves that there is none, `certain` is False and the change counts
    as breaking.
    """

    rule: tuple[str, str | None, Any]
    path: str | None
    breaking: bool
    kind: str
    reason: str
    witness: dict[str, Any] | None = None
    certain: bool = True
    before: Any = field(default=None, repr=False)
    after: Any = field(default=None, repr=False)

    @property
    def key(self) -> str:
        """The rule's key as text: `TRACK:Order Completed@2`."""
        return rule_key(*self.rule)

    def __str__(self) -> str:
        grade = "breaking" if self.breaking else "compatible"
        subject = "it" if self.path is None else f"`{self.path}`"
        return f"{self.key}: {subject} {self.reason} ({grade})"


def diff(old: Iterable[Rule], new: Iterable[Rule], *, notes: bool = False) -> list[Change]:
    """The changes that lead from one set of rules to another, in the order of the rules.

    Blind to order, to spelling and to what the service writes into schemas. With `notes`, changed
    descriptions are told too. Rules are as the API gives them, or with `json_schema`. Raises
    RuleError for a changed rule whose schema is none.
    """
    try:
        return _Plans(list(old), list(new), notes=notes).changes()
    finally:
        limit(_WITHOUT_END)


def text(path: tuple[str, ...]) -> str | None:
    """A path as text; a dot in a name is written with a backslash in front of it."""
    return ".".join(step.replace(".", "\\.") for step in path) if path else None


class _Plans:
    def __init__(self, old: list[Rule], new: list[Rule], *, notes: bool) -> None:
        self._notes = notes
        self._old = {identity(rule): rule for rule in old}
        self._new = {identity(rule): rule for rule in new}
        for rules, others in ((self._old, self._new), (self._new, self._old)):
            for one in [key for key in rules if key not in others and _is_servers(rules[key])]:
                del rules[one]
        self._before = Selector(self._old.values())
        self._after = Selector(self._new.values())

    def changes(self) -> list[Change]:
        found: list[Change] = []
        for one, rule in self._old.items():
            other = self._new.get(one)
            if other is None:
                found.append(self._removed(rule))
            elif not self._is_same(rule, other):
                found += self._changed(rule, other)
        for one, rule in self._new.items():
            if one not in self._old:
                found.append(self._added(rule))
        return found

    def _is_same(self, old: Rule, new: Rule) -> bool:
        mine, theirs = schema_of(old), schema_of(new)
        if mine == theirs and _is_spelled_alike(mine, theirs):
            return True
        return bool(whole(mine, notes=self._notes) == whole(theirs, notes=self._notes))

    # one rule in both plans

    def _changed(self, old: Rule, new: Rule) -> list[Change]:
        if old["type"] == "COMMON":
            counts = self._before.common is old and self._after.common is new
            return self._told(new, self._common(old, new), counts=counts)
        reached = [at for at in served(self._before, old) if self._target(old, at) is new]
        found = self._compared(old, new, probe(old, reached[0] if reached else None))
        return self._told(new, found, counts=bool(reached))

    def _told(self, rule: Rule, found: list[Difference], *, counts: bool) -> list[Change]:
        made = []
        for one in found:
            change = _change(rule, one)
            if not counts and change.breaking:
                words = f"{change.reason}; no event is held against this version"
                change = _change(rule, one._replace(breaking=False, reason=words, value=None))
            made.append(change)
        return made

    def _compared(self, old: Rule, new: Rule, event: dict[str, Any]) -> list[Difference]:
        before, after = (_sound(rule, notes=self._notes) for rule in (old, new))
        judge = Judge(old, before, after, self._before.common, event)
        found = Comparison(judge.proves, judge.planned, notes=self._notes).differences(
            before, after
        )
        told = {one.path for one in found if one.breaking or one.kind == "property-removed"}
        found += judge.forgotten(told)
        if isinstance(before, Mapping) and empty(before):
            # What takes no event at all breaks none.
            return [one._replace(breaking=False, certain=True) for one in found]
        return found

    def _common(self, old: Rule | None, new: Rule | None) -> list[Difference]:
        before, after = (
            {"type": "object"} if rule is None else _sound(rule, notes=self._notes)
            for rule in (old, new)
        )
        judge = Judge.of_common(before, after, list(self._old.values()))
        return Comparison(judge.proves, notes=self._notes).differences(before, after)

    # a rule in one of them

    def _target(self, rule: Rule, at: int | None) -> Rule | None:
        return self._after.rule(probe(rule, at))

    def _removed(self, rule: Rule) -> Change:
        if rule["type"] == "COMMON":
            return self._common_gone(rule)
        for at in served(self._before, rule):
            other = self._target(rule, at)
            if other is None:
                before = _sound(rule)
                event = probe(rule, at)
                witness = Judge(rule, before, False, self._before.common, event).example()
                reason = (
                    f"is not in the plan any more{self._renamed(rule)}: such events are unplanned"
                )
                return _of_rule(rule, True, "event-removed", reason, witness)
            worst = _worst(self._compared(rule, other, probe(rule, at)))
            if worst is not None:
                who = "that name no version" if at is None else "of this version"
                against = f"{_named(other)} now, where {_said(worst)}"
                reason = f"is gone: events {who} are held against {against}"
                return _of_rule(rule, True, "version-removed", reason, worst.value, worst.certain)
        reason = "is gone; its events are held against another rule that takes them all"
        return _of_rule(rule, False, "version-removed", reason)

    def _renamed(self, rule: Rule) -> str:
        for one, other in self._new.items():
            if one not in self._old and one[0] == rule["type"] and self._is_same(rule, other):
                return f" (was it renamed to “{other.get('key')}”?)"
        return ""

    def _added(self, rule: Rule) -> Change:
        if rule["type"] == "COMMON":
            return self._common_new(rule)
        for at in served(self._after, rule):
            # Events that name a version which their plan did not have are nobody's promise.
            former = self._before.rule(probe(rule, at)) if at is None else None
            if former is not None:
                worst = _worst(self._compared(former, rule, probe(rule, at)))
                if worst is not None:
                    was = f"{_named(former)} counted for these events, and here {_said(worst)}"
                    return _of_rule(
                        rule, True, "version-added", f"is new: {was}", worst.value, worst.certain
                    )
        if any(self._before.rule(probe(rule, at)) for at in served(self._after, rule)):
            return _of_rule(rule, False, "version-added", "is a new version beside the others")
        return _of_rule(rule, False, "event-added", "is new to the plan")

    def _common_gone(self, rule: Rule) -> Change:
        if self._before.common is not rule or self._after.common is None:
            return _of_rule(rule, False, "common-removed", "is not asked of every event any more")
        worst = _worst(self._common(rule, self._after.common))
        reason = "is gone; another version of it counts for every event"
        if worst is None:
            return _of_rule(rule, False, "common-removed", reason)
        said = f"{reason}, where {_said(worst)}"
        return _of_rule(rule, True, "common-removed", said, worst.value, worst.certain)

    def _common_new(self, rule: Rule) -> Change:
        if self._after.common is not rule:
            reason = "is new; an older version of it counts for every event"
            return _of_rule(rule, False, "common-added", reason)
        worst = _worst(self._common(self._before.common, rule))
        if worst is None:
            return _of_rule(rule, False, "common-added", "is asked of every event, and all pass")
        reason = f"is asked of every event now: {_said(worst)}"
        return _of_rule(rule, True, "common-added", reason, worst.value, worst.certain)


def _sound(rule: Rule, *, notes: bool = False) -> Any:
    """The normal form of a rule's schema. Raises RuleError for a schema that is none."""
    schema = schema_of(rule)
    for path, message, _ in schema_errors(schema):
        where = ".".join(map(str, path))
        raise RuleError(rule_key(*identity(rule)), f"{where}: {message}" if where else message)
    return whole(schema, notes=notes)


def _is_spelled_alike(one: Any, other: Any) -> bool:
    """Whether two equal values have the same types: Python takes 1 and true for equal."""
    try:
        return marshal.dumps(one, 0) == marshal.dumps(other, 0)
    except ValueError:
        return False


def _is_servers(rule: Rule) -> bool:
    """The rule that consent management writes into every plan, on its own."""
    if (rule["type"], rule.get("key")) != _SERVERS_OWN:
        return False
    schema = schema_of(rule)
    said = schema.get("description") if isinstance(schema, Mapping) else None
    return isinstance(said, str) and said.startswith("DO NOT EDIT")


def _worst(found: list[Difference]) -> Difference | None:
    breaking = [one for one in found if one.breaking]
    return next((one for one in breaking if one.certain), breaking[0] if breaking else None)


def _said(one: Difference) -> str:
    return f"{'it' if not one.path else f'`{text(one.path)}`'} {one.reason}"


def _named(rule: Rule) -> str:
    number: Decimal = version(rule)
    name = rule.get("key") or f"the rule of {str(rule['type']).lower()} calls"
    return f"version {number:f} of “{name}”"


def _change(rule: Rule, one: Difference) -> Change:
    return Change(
        _identity(rule),
        text(one.path),
        one.breaking,
        one.kind,
        one.reason,
        one.value[0] if one.value else None,
        one.certain,
        one.before,
        one.after,
    )


def _of_rule(
    rule: Rule,
    breaking: bool,
    kind: str,
    reason: str,
    witness: tuple[Any] | None = None,
    certain: bool = True,
) -> Change:
    sure = certain and (not breaking or witness is not None)
    return Change(
        _identity(rule), None, breaking, kind, reason, witness[0] if witness else None, sure
    )


def _identity(rule: Rule) -> tuple[str, str | None, Any]:
    return str(rule["type"]), rule.get("key") or None, rule["version"]


__all__ = ["Change", "container", "diff", "text"]
