"""What an explanation is made of: steps, what is sent at the end, and the answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

Outcome = Literal["passes", "changed", "dropped", "unknown", "skipped"]
FORMAT = "segform.explanation"
VERSION = 1


class Step:
    """One step on an event's way.

    `name`: which; `outcome`: the event "passes" as it was, is "changed" or "dropped", what becomes
    of it is "unknown" here, or the step is "skipped" because the event no longer gets there or
    nothing is set up; `words`: a sentence; `details`: what was looked at and did what; `warnings`:
    what is hardly meant so; `open`: what the documentation leaves open or where the step does not
    apply; `event`: the event behind the step, None for a dropped one.
    """

    __slots__ = ("details", "event", "name", "open", "outcome", "warnings", "words")

    def __init__(
        self,
        name: str,
        outcome: Outcome,
        words: str,
        *,
        details: Sequence[str] = (),
        warnings: Sequence[str] = (),
        open_: Sequence[str] = (),
        event: Mapping[str, Any] | None = None,
    ) -> None:
        self.name = name
        self.outcome = outcome
        self.words = words
        self.details = tuple(details)
        self.warnings = tuple(warnings)
        self.open = tuple(open_)
        self.event = event

    def __repr__(self) -> str:
        return f"<{self.name}: {self.outcome}: {self.words}>"


class Sent:
    """What one mapping sends: the `payload` of its action, or why there is none (`problem`)."""

    __slots__ = ("action", "mapping", "payload", "problem")

    def __init__(self, mapping: str, action: str, payload: Any, problem: str | None = None) -> None:
        self.mapping = mapping
        self.action = action
        self.payload = payload
        self.problem = problem

    def __repr__(self) -> str:
        return f"<{self.mapping} ({self.action}): {self.problem or self.payload!r}>"


class Explanation:
    """The whole way of one event.

    `arrives`: True, False, or None where that cannot be known here (a random sample, code that is
    not run, settings that the API does not show); `answer`: the same as a sentence; `share`: how
    many of such events are kept by random samples, 0 to 1; `event`: what gets to the destination's
    mappings, None if nothing does; `sent`: what the mappings send.
    """

    __slots__ = (
        "answer",
        "arrives",
        "destination",
        "event",
        "given",
        "sent",
        "share",
        "source",
        "steps",
    )

    def __init__(
        self,
        given: Mapping[str, Any],
        source: str,
        destination: str,
        steps: Sequence[Step],
        sent: Sequence[Sent],
        arrives: bool | None,
        answer: str,
        share: float,
    ) -> None:
        self.given = given
        self.source = source
        self.destination = destination
        self.steps = list(steps)
        self.sent = list(sent)
        self.arrives = arrives
        self.answer = answer
        self.share = share
        self.event = steps[-1].event if steps else given

    def step(self, name: str) -> Step:
        """The step of a name. Raises KeyError."""
        for one in self.steps:
            if one.name == name:
                return one
        raise KeyError(name)

    @property
    def warnings(self) -> list[str]:
        """All warnings, in the order of the steps."""
        return [warning for step in self.steps for warning in step.warnings]

    def to_text(self) -> str:
        """The explanation for a terminal."""
        from .text import text

        return text(self)

    def to_json(self) -> dict[str, Any]:
        """The explanation as plain values, in a versioned form."""
        return {
            "format": FORMAT,
            "version": VERSION,
            "source": self.source,
            "destination": self.destination,
            "arrives": self.arrives,
            "answer": self.answer,
            "share": self.share,
            "steps": [
                {
                    "name": step.name,
                    "outcome": step.outcome,
                    "words": step.words,
                    "details": list(step.details),
                    "warnings": list(step.warnings),
                    "open": list(step.open),
                }
                for step in self.steps
            ],
            "event": self.event,
            "sent": [
                {
                    "mapping": one.mapping,
                    "action": one.action,
                    "payload": one.payload,
                    "problem": one.problem,
                }
                for one in self.sent
            ],
        }

    def __repr__(self) -> str:
        return f"<Explanation: {self.answer}>"
