"""What a change of a plan does at each source that is connected to it.

A change that breaks has a witness: an event that was valid. Here it is sent, so to say, through the
schema settings of each source, against the new rules: on one source it is dropped, on another it
only shows as a violation.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from .comparing.plans import Change
from .controls import Outcome, apply
from .rules import Rule
from .violations import Validator

_WORDS = {
    "unplanned": "will be dropped",
    "violation": "will be dropped",
    "common": "will be dropped",
}


class ConnectedSource(NamedTuple):
    """A source that uses the plan: its name, and its schema settings as the API gives them."""

    name: str
    settings: Mapping[str, Any]
    id: str = ""


class Effect(NamedTuple):
    """What becomes of a change's witness at one source; `text` is such as `will be dropped`."""

    source: ConnectedSource
    outcome: Outcome
    text: str


class Effects:
    """The effects of changes that lead to one set of rules."""

    def __init__(self, rules: Iterable[Rule], sources: Iterable[ConnectedSource]) -> None:
        self._plan = Validator(rules)
        self._sources = list(sources)

    def of(self, change: Change) -> list[Effect]:
        """The effects of one change, source by source; none for one without a witness."""
        if change.witness is None:
            return []
        found = []
        for source in self._sources:
            outcome = apply(self._plan, source.settings, change.witness)
            found.append(Effect(source, outcome, _text(outcome)))
        return found

    def sentence(self, change: Change) -> str:
        """The effects of a change in a sentence: `on web it will be dropped, on iOS only flagged`.

        Sources with the same effect stand together; empty where there is nothing to tell.
        """
        together: dict[str, list[str]] = {}
        for effect in self.of(change):
            together.setdefault(effect.text, []).append(effect.source.name)
        parts = [
            f"on {_listed(names)} it {text}" if not index else f"on {_listed(names)} {_short(text)}"
            for index, (text, names) in enumerate(together.items())
        ]
        return ", ".join(parts)


def _text(outcome: Outcome) -> str:
    if outcome.blocked is not None:
        return _WORDS[outcome.blocked]
    gone = [*outcome.omitted, *outcome.omitted_on_violation]
    if gone:
        return f"will lose {_listed([f'`{name}`' for name in gone])}"
    if outcome.violations:
        return "will only be flagged"
    return "will only be marked as unplanned" if outcome.unplanned else "will pass"


def _short(text: str) -> str:
    return (
        text.removeprefix("will ").replace("be ", "", 1) if text.startswith("will only") else text
    )


def _listed(names: list[str]) -> str:
    several = list(dict.fromkeys(names))
    return several[0] if len(several) == 1 else f"{', '.join(several[:-1])} and {several[-1]}"
