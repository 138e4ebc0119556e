"""What the destination's filters make of the event, in the order that is documented today."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from segform.fql.checks import check
from segform.fql.errors import FQLError
from segform.fql.evaluation import compile_statement, matches
from segform.fql.filters import apply_filter
from segform.fql.ir import to_rule
from segform.fql.readings import other_reading
from segform.fql.words import actions_of, condition_of

from .differences import differences
from .model import Step
from .surroundings import Object, Surroundings, named

# By type: this is how the service orders the filters of a destination.
_RANKS = ("SAMPLE", "DROP", "DROP_PROPERTIES", "ALLOW_PROPERTIES")
_OPEN = (
    (
        "filters need the Business tier, and are not run by the Event Tester, nor for events that "
        "are sent again after a failure from before"
    ),
    (
        "in device mode they run only where the source has them switched on, and never on what the "
        "destination's own code collects"
    ),
)
_NOT_FILTERED = ("s3", "warehouse")


class Result(NamedTuple):
    """What filters make of an event: the event or None, what each did, the share that is kept."""

    event: dict[str, Any] | None
    done: list[str]
    share: float
    dropped_by: str
    doubtful: bool


def filters(around: Surroundings, event: Object) -> tuple[Step, float]:
    """The step, and how many of such events random samples keep (0 to 1)."""
    several = around.filters
    if not several:
        return Step("filters", "passes", "the destination has none", event=event), 1
    slug = str((around.entry or {}).get("slug", "")).lower()
    if any(word in slug for word in _NOT_FILTERED):
        words = "filters are not applied for S3 and warehouses"
        return Step("filters", "passes", words, event=event), 1
    on = [one for one in several if one.get("enabled") is not False]
    off = [f"“{named(one)}” is off" for one in several if one not in on]
    ordered = sorted(on, key=_rank)
    found = run(ordered, event)
    warnings = [*_orders(on, ordered, event, found), *_readings(on, event)]
    details = [*off, *found.done]
    if found.event is None:
        words = found.dropped_by
        return Step(
            "filters", "dropped", words, details=details, warnings=warnings, open_=_OPEN
        ), found.share
    changed = differences(event, found.event)
    outcome: Any = "unknown" if found.doubtful else "changed" if changed else "passes"
    words = "they let it through as it is" if not changed else "they change it"
    if found.share < 1:
        words = f"{percent(found.share)} of such events are kept, drawn at random; {words}"
    open_ = [*_OPEN, *_in_browsers(on)]
    step = Step(
        "filters",
        outcome,
        words,
        details=[*details, *changed],
        warnings=warnings,
        open_=open_,
        event=found.event,
    )
    return step, found.share


def percent(share: float) -> str:
    """A share in words."""
    return f"{share * 100:.6g} %"


def _rank(one: Object) -> int:
    actions = one.get("actions") or ()
    kinds = [action.get("type") for action in actions if isinstance(action, Mapping)]
    return min([_RANKS.index(kind) for kind in kinds if kind in _RANKS], default=len(_RANKS))


def run(several: Sequence[Object], event: Object) -> Result:
    """Filters in the order in which they are given. A filter that fails drops the event."""
    found: dict[str, Any] = dict(event)
    done: list[str] = []
    share, doubtful = 1.0, False
    for one in several:
        title = named(one)
        try:
            if not compile_statement(one["if"])(found):
                done.append(f"“{title}” is for other events ({condition_of(one['if'])})")
                continue
            after = apply_filter({**one, "if": "all"}, found, draw=_kept)
        except (FQLError, KeyError, TypeError, AttributeError, ValueError) as problem:
            shown = problem if isinstance(problem, FQLError) else repr(problem)
            done.append(f"“{title}” cannot be carried out: {shown}")
            words = f"the filter “{title}” fails, and the service drops the event then"
            return Result(None, done, share, words, doubtful)
        done.append(f"“{title}” is for it ({condition_of(one['if'])}): {actions_of(one)}")
        if after is None:
            return Result(None, done, share, f"the filter “{title}” drops it", doubtful)
        for action in one["actions"]:
            if action["type"] == "SAMPLE":
                if action.get("path"):
                    doubtful = True
                    done.append(
                        f"“{title}”: how the service draws by the value of {action['path']} is "
                        "not documented; here the event is kept"
                    )
                else:
                    share *= min(float(action["percent"]), 1.0)
        found = after
    return Result(found, done, share, "", doubtful)


def _kept() -> float:
    """A draw that keeps every event of which some are kept."""
    return 0.0


def _orders(listed: list[Object], ordered: list[Object], event: Object, found: Result) -> list[str]:
    """Whether the order of the workspace, of which an older page speaks, has another outcome."""
    if listed == ordered:
        return []
    other = run(listed, event)
    if other.event == found.event and other.share == found.share:
        return []
    said = "it is dropped" if other.event is None else "it passes"
    if other.event is not None and found.event is not None:
        said = "it comes out different"
    return [
        (
            "filters run by their type, says the documentation of today; an older page says in the "
            f"order of the workspace, and in that order {said}"
        )
    ]


def _readings(several: list[Object], event: Object) -> list[str]:
    """Statements that Segment may read in another way than they are read here."""
    found = []
    for one in several:
        text = one.get("if")
        if not isinstance(text, str):
            continue
        if _decides_otherwise(text, event):
            found.append(
                f"“{named(one)}” mixes `and` and `or` without parentheses: read in the other way "
                "it decides differently for this event"
            )
        never = [note for note in check(text) if note.code in ("never", "always")]
        found += [f"“{named(one)}”: {note.message}" for note in never]
    return found


def _decides_otherwise(text: str, event: Object) -> bool:
    """Whether a statement decides differently where neither word binds tighter."""
    try:
        other = other_reading(text)
        return other is not None and matches(other, event) is not matches(text, event)
    except FQLError:
        return False


def _in_browsers(several: list[Object]) -> list[str]:
    """Filters that the evaluator in browsers cannot carry out."""
    found = []
    for one in several:
        try:
            to_rule(one)
        except (FQLError, KeyError, TypeError, AttributeError) as problem:
            why = problem.message if isinstance(problem, FQLError) else repr(problem)
            found.append(f"in device mode “{named(one)}” cannot be carried out: {why}")
    return found
