"""The whole way of one event, step by step, and the answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from .changing import functions, schema, transformations
from .filtering import filters, percent
from .gates import connection, integrations, methods
from .model import Explanation, Sent, Step
from .sending import mappings
from .surroundings import Entries, ExplainError, Object, Surroundings, named


def explain(
    event: Mapping[str, Any],
    destination: str,
    snapshot: Mapping[str, Any],
    catalog: Entries | Mapping[str, Object] | None = None,
    *,
    source: str | None = None,
) -> Explanation:
    """What becomes of an event on its way to a destination.

    `event`: a message as a source gets it; `destination`: its id or name; `snapshot`: what the
    workspace holds (`segform.snapshot`, or one workspace of it); `catalog`: entries of the
    destination catalogue, by id or a `segform.catalog.Catalog`; without it the destination's name
    in the integrations object, its methods and the fields of its actions are not known. `source`
    tells destinations of the same name apart. Neither argument is changed. Raises ExplainError.
    """
    if not isinstance(event, Mapping):
        raise ExplainError("an event is an object with type, event, properties …")
    if not isinstance(snapshot, Mapping):
        raise ExplainError("a snapshot is an object with destinations, filters …")
    around = Surroundings(snapshot, destination, catalog, source)
    way = _Way(around, event)
    steps: list[Callable[[Object], Step | None]] = [
        lambda now: connection(around, now),
        lambda now: functions(around, now, around.source_id, "source"),
        lambda now: integrations(around, now),
        lambda now: schema(around, now),
        lambda now: transformations(around, now, scoped=False),
        lambda now: methods(around, now),
        way.filters,
        lambda now: transformations(around, now, scoped=True),
        lambda now: functions(around, now, around.destination["id"], "destination"),
        way.mappings,
    ]
    for step in steps:
        way.take(step)
    return way.explanation()


class _Way:
    """The event on its way."""

    def __init__(self, around: Surroundings, event: Object) -> None:
        self._around = around
        self._given = event
        self._now: Object | None = event
        self._steps: list[Step] = []
        self._sent: list[Sent] = []
        self._share = 1.0

    def take(self, step: Callable[[Object], Step | None]) -> None:
        """One step further, if the event still is there."""
        if self._now is None:
            return
        found = step(self._now)
        if found is not None:
            self._steps.append(found)
            self._now = found.event

    def filters(self, now: Object) -> Step:
        """The step of the filters."""
        step, self._share = filters(self._around, now)
        return step

    def mappings(self, now: Object) -> Step:
        """The step of the mappings."""
        step, self._sent = mappings(self._around, now)
        return step

    def explanation(self) -> Explanation:
        """All of it, with the answer."""
        arrives, answer = self._answer()
        return Explanation(
            self._given,
            named(self._around.source),
            named(self._around.destination),
            self._steps,
            self._sent,
            arrives,
            answer,
            self._share if arrives is not False else 0.0,
        )

    def _answer(self) -> tuple[bool | None, str]:
        last = self._steps[-1]
        if last.outcome == "dropped":
            doubts = [step for step in self._steps if step.outcome == "unknown"]
            words = f"It does not arrive: {last.words}"
            return (
                False,
                f"{words} (if {doubts[0].name} left it as it is)." if doubts else f"{words}.",
            )
        unknown = [step for step in self._steps if step.outcome == "unknown"]
        if unknown:
            return None, f"Whether it arrives is not known here: {unknown[0].words}."
        if self._share < 1:
            return None, f"{percent(self._share)} of such events arrive, drawn at random."
        count = sum(one.problem is None for one in self._sent)
        changed = [step.name for step in self._steps if step.outcome == "changed"]
        how = f", changed by {' and '.join(changed)}" if changed else ", as it is"
        if last.outcome == "skipped":
            return True, f"It gets to the destination{how}; {last.words}."
        requests = f", as {count} request{'s' * (count > 1)}" if count else ""
        return True, f"It arrives{requests}{how}."
