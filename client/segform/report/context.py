"""What the tellers of the kinds look at, and what they tell: `Context` and `Item`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from .model import ChangeSet, Lookup, Subject
from .words import Sentence

if TYPE_CHECKING:
    from segform.tracking import Change
    from segform.tracking.usage import Use

Level = Literal["breaking", "irreversible", "behaviour", "other"]
LEVELS: tuple[Level, ...] = ("breaking", "irreversible", "behaviour", "other")
# Keys of labels, and of rules' own notes, that say who has to be asked.
_OWNER_KEYS = ("owner", "team")


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to know. `weight` sorts within its level, the heaviest first.

    `count`: how many changes it tells at once; `rules`: the keys of the rules that it is about.
    """

    level: Level
    said: Sentence
    address: str
    owners: tuple[str, ...] = ()
    notes: tuple[Sentence, ...] = ()
    weight: int = 0
    count: int = 1
    rules: tuple[str, ...] = ()


class Context:
    """What the tellers of the kinds look at: the whole set, references, example events, owners."""

    def __init__(
        self,
        changes: ChangeSet,
        events: Sequence[Mapping[str, Any]],
        owners: Mapping[str, str],
    ) -> None:
        self.changes = changes
        self.events = events
        self.event_owners = owners
        self.lookup = Lookup(changes.subjects)
        self._referring: dict[tuple[str, str, str, bool], dict[str, list[Subject]]] = {}
        self._matching: dict[str, int | None] = {}
        self._after: dict[str, Any] | None = None

    def source_of(self, subject: Subject, *, old: bool = False) -> Subject | None:
        """The source that an object belongs to."""
        return self.lookup.target(subject, "source_id", "source", old=old)

    def referring(self, kind: str, name: str, target: Subject, *, old: bool) -> list[Subject]:
        """The objects of a kind whose attribute `name` refers to one, now or (`old`) before."""
        key = (kind, name, target.kind, old)
        if key not in self._referring:
            found: dict[str, list[Subject]] = {}
            for one in self.changes.of(kind):
                if (one.before if old else one.after) is None:
                    continue
                aim = self.lookup.target(one, name, target.kind, old=old)
                if aim is not None:
                    found.setdefault(aim.address, []).append(one)
            self._referring[key] = found
        return self._referring[key].get(target.address, [])

    def matched(self, text: str) -> int | None:
        """How many of the example events a condition matches; None for what is no FQL."""
        from segform.fql import FQLError
        from segform.fql import compile as compiled

        if text not in self._matching:
            try:
                test = compiled(text)
                self._matching[text] = sum(test(dict(event)) for event in self.events)
            except FQLError:
                self._matching[text] = None
        return self._matching[text]

    def connections(self, plan: Subject) -> list[tuple[Subject, Subject | None]]:
        """The connections of a tracking plan that stay or come, each with its source."""
        found = self.referring(
            "source_tracking_plan_connection", "tracking_plan_id", plan, old=False
        )
        return [(one, self.source_of(one)) for one in found]

    def uses(self, change: Change, sources: Iterable[Subject | None]) -> list[Use]:
        """Who uses what a change of a plan is about, among the objects that the set tells of."""
        from segform.tracking.usage import affects

        from .planned import identity, workspace_after

        if self._after is None:
            self._after = workspace_after(self.changes)
        return affects(change, self._after, [identity(one) for one in sources if one is not None])

    def owners(self, *subjects: Subject | None) -> tuple[str, ...]:
        """Who owns the objects: their labels `owner` and `team`, those of their sources too."""
        found: dict[str, None] = {}
        for one in subjects:
            for owner in () if one is None else _labelled(one):
                found[owner] = None
        return tuple(found)


def _labelled(subject: Subject) -> Iterable[str]:
    for values in (subject.after, subject.before):
        labels = (values or {}).get("labels")
        for label in labels if isinstance(labels, list) else ():
            if not isinstance(label, Mapping) or not isinstance(label.get("value"), str):
                continue
            if str(label.get("key")).lower() in _OWNER_KEYS:
                yield label["value"]
