"""What a change set means: each change as a sentence, sorted by what has to be known first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .context import LEVELS, Context, Item, Level
from .model import ChangeSet
from .telling import tell
from .words import Name, sentence


@dataclass(frozen=True, slots=True)
class Review:
    """A change set in words. `counts`: actions -> how many objects."""

    items: tuple[Item, ...]
    counts: Mapping[str, int]
    changes: ChangeSet
    events: int = 0
    owners: tuple[str, ...] = field(default=())

    def of(self, level: Level) -> list[Item]:
        """The items of a level."""
        return [one for one in self.items if one.level == level]

    def number(self, level: Level) -> int:
        """How many changes the items of a level tell."""
        return sum(one.count for one in self.of(level))


def review(
    changes: ChangeSet,
    *,
    events: Sequence[Mapping[str, Any]] = (),
    owners: Mapping[str, str] | None = None,
) -> Review:
    """What a change set means.

    `events`: example events, to count what filters match. `owners`: key of a rule
    (`TRACK:Order Completed`) -> who answers for the event, as event files say it.
    """
    context = Context(changes, events, owners or {})
    items = [item for subject in changes.changes for item in tell(subject, context)]
    items += [_drift(address, changes) for address in changes.drift]
    ranked = sorted(items, key=lambda one: (LEVELS.index(one.level), -one.weight, one.address))
    named = Counter(owner for one in ranked if one.level != "other" for owner in one.owners)
    return Review(
        items=tuple(ranked),
        counts=Counter(one.action for one in changes.changes),
        changes=changes,
        events=len(events),
        owners=tuple(name for name, _ in named.most_common()),
    )


def _drift(address: str, changes: ChangeSet) -> Item:
    subject = next((one for one in changes.subjects if one.address == address), None)
    name = subject.name if subject is not None else address
    words = subject.words if subject is not None else "object"
    said = sentence(
        f"The {words} ", Name(name), " was changed by somebody else since the last apply"
    )
    undone = subject is not None and subject.action in ("update", "replace", "delete")
    more = "; this plan takes that back." if undone else "."
    return Item("behaviour" if undone else "other", sentence(said, more), address, weight=5)
