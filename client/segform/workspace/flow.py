"""What restrains events is there before they are let through, and goes after they are stopped.

A filter refers to its destination, so that by their references alone a destination would be
switched on, and its filter be made a moment later: for that moment everything goes through. Here
the order is turned round:

* what is switched on waits for the filters, transformations, connections and insert functions that
  the plan makes or changes for it;
* what is made switched on, where events flow already, and is named by such a restraint is made
  switched off, and switched on when the restraint is there (one request more);
* a restraint is loosened after what it restrains was switched off;
* what is deleted together with its restraints is switched off before them (one request more).

Below a source that the plan makes nothing flows yet, for nobody has its write key.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from itertools import groupby
from typing import Any

from segform.resources import registry
from segform.resources.definition import Kind

from .desired import Declared, Desired, Ref, references
from .live import Found, Live
from .matching import Matching
from .plan import Change, Plan

# An address, and which step of its change: the only one (""), or "on" or "off" beside it. Without
# an address it is a gate: nothing is done at it, and what waits for many waits for it alone.
Step = tuple[str, str]


def arrange(plan: Plan, changes: list[Change], wanted: Desired) -> list[Change]:
    """The changes with what each has to wait for; what takes two steps is noted in the plan.

    * `Plan.late`: what is made switched off -> what has to be there before it is switched on;
    * `Plan.early`: what is switched off before it is deleted -> what is deleted only after that.
    """
    makes = {one.address: one for one in changes if one.action != "delete"}
    made = _Makes(makes, plan, wanted)
    plan.late = made.arrange()
    plan.early = _early([one for one in changes if one.action == "delete"], plan.live)
    return [
        one if one.action == "delete" else one._replace(after=tuple(made.after[one.address]))
        for one in changes
    ]


def steps(plan: Plan) -> dict[Step, list[Step]]:
    """The steps of an apply, and what each waits for: about as many waits as there are changes.

    Makes wait for what they refer to; deletions for all makes, and for the deletions of other
    kinds that come before them in the plan: children go before their parents.
    """
    changes = {change.address: change for change in plan}
    found: dict[Step, list[Step]] = {}
    for at, one in changes.items():
        if one.action != "delete":
            found[at, ""] = [(ref, "") for ref in one.after if ref in changes]
    for at, restraints in plan.late.items():
        found[at, "on"] = [(at, ""), *((one, "") for one in restraints)]
    gone = [one for one in plan if one.action == "delete"]
    if not gone:
        return found
    gate: Step = ("", "made")
    found[gate] = list(found)
    for at in plan.early:
        found[at, "off"] = [gate]
    for number, (_, alike) in enumerate(groupby(gone, key=lambda one: one.kind)):
        deleted: list[Step] = [(one.address, "") for one in alike]
        found.update({one: [gate] for one in deleted})
        gate = ("", f"gone {number}")
        found[gate] = deleted
    del found[gate]  # nothing is behind the last
    for at, restraints in plan.early.items():
        for address in (at, *restraints):
            found[address, ""].append((at, "off"))
    return found


class _Makes:
    """Creations, updates and replacements, and the order among them."""

    def __init__(self, changes: dict[str, Change], plan: Plan, wanted: Desired) -> None:
        self.changes = changes
        self.wanted = wanted
        self.planned = plan.planned
        self.live: Live = plan.live
        self.matching: Matching = plan.matching
        # What each waits for, in an order that does not depend on chance.
        self.after = {at: dict.fromkeys(one.after) for at, one in changes.items()}
        self.switched = {at: how for at, one in changes.items() if (how := self._switched(one))}
        self.addresses: dict[str, str] = {}
        if self.switched:
            self.addresses = {
                str(found.values.get("id")): at for at, found in self.matching.found.items()
            }
        # What was last looked at with all that it waits for, and what events come to: one is
        # paired with many.
        self.above: tuple[str, set[str]] = "", set()
        self.fed: dict[str, bool] = {}

    def arrange(self) -> dict[str, list[str]]:
        """Put restraints first; what has to be switched on later."""
        late: dict[str, list[str]] = {}
        if not self.switched:
            return late
        below: dict[str, list[str]] = {}
        for at in self.switched:
            for target in self._targets(self.wanted.get(at)):
                below.setdefault(target, []).append(at)
        self._let_go({at for at, how in self.switched.items() if how == "on"})
        for at, one in self.changes.items():
            about = registry()[one.kind].about
            if not about.restrains:
                continue
            targets = self._targets(self.wanted.get(at), about.restrains)
            reach = dict.fromkeys((*targets, *(below.get(targets[0], ()) if targets else ())))
            for other in reach:
                if other != at and other in self.switched:
                    self._pair(at, other, late)
        return late

    def _pair(self, restraint: str, other: str, late: dict[str, list[str]]) -> None:
        how = self.switched[other]
        if how == "off":
            loosens = self.changes[restraint].action != "create"
            if loosens and not self._waits(other, restraint):
                self._wait(restraint, other)
            return
        about = registry()[self.changes[restraint].kind].about
        if about.switch and self.planned[restraint].get(about.switch) is False:
            return
        if how == "made" and not self._flows(other):
            return
        if not self._waits(restraint, other):
            self._wait(other, restraint)
        elif how == "made":
            late.setdefault(other, []).append(restraint)

    def _switched(self, change: Change) -> str:
        """`made` (switched on), `on`, `off`, or nothing."""
        about = registry()[change.kind].about
        if not about.switch or about.restrains:
            return ""
        if change.action in ("create", "replace"):
            return "made" if self.planned[change.address].get(about.switch) is True else ""
        for one in change.differences:
            if one.path == (about.switch,):
                return "on" if one.after is True else "off"
        return ""

    def _let_go(self, on: set[str]) -> None:
        """Let nothing wait for what is there already and is only switched on.

        But for what needs a value of it that this very change gives it.
        """
        for other, waits in self.after.items() if on else ():
            for at in [at for at in waits if at in on]:
                changed = {str(one.path[0]) for one in self.changes[at].differences}
                if not any(
                    ref.address == at and ref.attribute in changed
                    for ref in references(self.wanted.get(other).values)
                ):
                    del waits[at]

    def _targets(self, one: Declared, names: Iterable[str] | None = None) -> list[str]:
        """What attributes refer to: addresses, or the ids of what is not declared."""
        found: list[str] = []
        for name in names if names is not None else _to_switched(one.kind):
            value = one.values.get(name)
            if isinstance(value, Ref):
                found.append(value.address)
            elif isinstance(value, str):
                found.append(self.addresses.get(value, value))
        return found

    def _wait(self, one: str, other: str) -> None:
        self.after[one][other] = None
        if one in self.above[1]:
            self.above = "", set()

    def _waits(self, one: str, other: str) -> bool:
        """Whether one waits for another already, be it by way of others."""
        if other in self.after[one]:
            return True
        if self.above[0] != one:
            todo, seen = [one], set[str]()
            while todo:
                at = todo.pop()
                if at not in seen:
                    seen.add(at)
                    todo += self.after.get(at, ())
            self.above = one, seen
        return other in self.above[1]

    def _flows(self, at: str) -> bool:
        """Whether events come to what is made: what it hangs below is there and switched on."""
        if at not in self.fed:
            above = (
                self.matching.found.get(target) or _undeclared(self.live, target)
                for target in self._targets(self.wanted.get(at))
            )
            self.fed[at] = any(found is not None and _on(found) for found in above)
        return self.fed[at]


def _early(gone: list[Change], live: Live) -> dict[str, list[str]]:
    """What is deleted together with its restraints, while events flow through it."""
    held = {one.address: found for one in gone if (found := live.get(one.kind, one.id or ""))}
    flowing: dict[str, tuple[str, Found]] = {}
    for address, found in held.items():
        about = registry()[found.kind].about
        if about.switch and not about.restrains and _on(found):
            flowing[str(found.values.get("id"))] = (address, found)
    early: dict[str, list[str]] = {}
    for address, found in held.items():
        about = registry()[found.kind].about
        if not _on(found):
            continue
        for name in about.restrains:
            target = flowing.get(str(found.values.get(name)))
            if target is not None and _fed(target[1], live, flowing):
                early.setdefault(target[0], []).append(address)
    return early


def _fed(found: Found, live: Live, flowing: Mapping[str, Any]) -> bool:
    """Whether events come to it until it is switched off itself."""
    for name in _to_switched(found.kind):
        value = str(found.values.get(name))
        above = _undeclared(live, value)
        if value in flowing or (above is not None and not _on(above)):
            return False
    return True


@cache
def _to_switched(kind: str) -> tuple[str, ...]:
    """The attributes of a kind that name something through which events flow."""
    found = []
    for name, item in registry()[kind].attributes.items():
        kinds = item.either or ((item.reference,) if item.reference else ())
        if any(_flows_through(registry()[one].about) for one in kinds):
            found.append(name)
    return tuple(found)


def _flows_through(about: Kind) -> bool:
    return bool(about.switch and not about.restrains)


def _undeclared(live: Live, own_id: str) -> Found | None:
    for name, kind in registry().items():
        if _flows_through(kind.about) and (found := live.by_own_id(name, own_id)):
            return found
    return None


def _on(found: Found) -> bool:
    switch = registry()[found.kind].about.switch
    return not switch or found.values.get(switch) is True
