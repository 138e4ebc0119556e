"""Tracking plans: which changes of rules break what is sent, and what each source does then."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from . import outcomes
from .context import Context, Item
from .model import Subject
from .outcomes import Effect
from .rules import rules, rules_of
from .words import Name, Said, Sentence, names, sentence

if TYPE_CHECKING:
    from segform.tracking.usage import Use

_UNPLANNED = frozenset({"event-removed", "property-removed", "property-forgotten"})


def tracking_plan(subject: Subject, context: Context) -> Iterator[Item]:
    """The rules of a plan, compared and graded."""
    if subject.action == "delete":
        # That it is gone is told once, with what it means, and not rule by rule.
        return
    old, new = rules(subject.before), rules(subject.after)
    if new is None:
        new = old
    yield from _graded(subject, context, old or [], new or [])
    if subject.action == "create" and new:
        named = [str(rule.get("key") or rule["type"].title()) for rule in new]
        said = sentence("The tracking plan ", Name(subject.name), " is new; it names ")
        yield Item("behaviour", sentence(said, names(named), "."), subject.address)


def single_rule(subject: Subject, context: Context) -> Iterator[Item]:
    """One rule that is an object of its own."""
    old, new = (rules_of([values or {}]) for values in (subject.before, subject.after))
    yield from _graded(subject, context, old, new)


def _graded(
    subject: Subject,
    context: Context,
    old: Sequence[dict[str, Any]],
    new: Sequence[dict[str, Any]],
) -> Iterator[Item]:
    from segform.tracking import diff
    from segform.tracking.rules import identity, rule_key

    owned = {rule_key(*identity(rule)): _owners(rule) for rule in (*old, *new)}
    plan = _plan(subject, context)
    connected = context.connections(plan)
    judge = outcomes.Judge(new)
    sources = [source for _, source in connected]
    groups: dict[_Group, list[tuple[str, str | None]]] = {}
    used: dict[_Group, dict[tuple[str, str], Use]] = {}
    try:
        changes = diff(old, new)
    except (AttributeError, KeyError, TypeError, ValueError, RecursionError):
        # Schemas that are none. Better one line too much than a change that nobody sees.
        said = sentence("The rules of the plan ", Name(plan.name), _INCOMPARABLE)
        yield Item("breaking", said, subject.address, context.owners(subject), weight=10)
        return
    for change in changes:
        key = rule_key(*change.rule)
        call, name, _ = change.rule
        effects: tuple[tuple[str, Effect], ...] = ()
        if change.breaking:
            effects = tuple(
                (
                    source.name if source else "a source of another configuration",
                    judge.effect(_settings(one, context), change.witness),
                )
                for one, source in connected
            )
        group = _Group(
            call,
            change.path,
            change.reason.rstrip("."),
            change.breaking,
            change.kind in _UNPLANNED,
            effects,
            (context.event_owners[key],) if context.event_owners.get(key) else owned.get(key, ()),
        )
        groups.setdefault(group, []).append((key, name))
        if change.breaking:
            used.setdefault(group, {}).update(
                ((use.kind, use.id), use) for use in context.uses(change, sources)
            )
    for group, members in groups.items():
        owners = dict.fromkeys((*group.owners, *context.owners(subject, *sources)))
        uses = tuple(_uses(used.get(group, {}).values()))
        yield _told(subject, plan, group, members, tuple(owners), uses)


class _Group(NamedTuple):
    """What several events of a plan have in common that change in one way."""

    call: str
    path: str | None
    reason: str
    breaking: bool
    unplanned: bool
    effects: tuple[tuple[str, Effect], ...]
    owners: tuple[str, ...]


def _told(
    subject: Subject,
    plan: Subject,
    group: _Group,
    members: Sequence[tuple[str, str | None]],
    owners: tuple[str, ...],
    uses: tuple[Sentence, ...],
) -> Item:
    several = len(members) > 1
    head = sentence(_rule_name(group.call, [name for _, name in members if name]))
    head = sentence(head, " in the plan ", Name(plan.name))
    where = "" if group.path is None else sentence(", ", _path(group.path))
    who = "" if group.path is not None else "each of them " if several else "it "
    said = sentence(head, where, ": ", Said(f"{who}{group.reason}"), ".")
    keys = tuple(key for key, _ in members)
    if not group.breaking:
        return Item("other", said, subject.address, owners, count=len(members), rules=keys)
    worst = max((outcomes.WEIGHT[effect] for _, effect in group.effects), default=0)
    return Item(
        "breaking",
        said,
        subject.address,
        owners,
        (*(tuple(_effects(group.effects, unplanned=group.unplanned)) or (_NO_SOURCE,)), *uses),
        10 + worst if group.effects else 1,
        len(members),
        keys,
    )


def _uses(found: Iterable[Use]) -> Iterator[Sentence]:
    """Where the events go, and which filters, mappings and transformations use what changes."""
    told = list(found)
    fed = [use.name for use in told if use.kind == "destination"]
    if fed:
        verb = "gets" if len(fed) == 1 else "get"
        yield sentence(names(fed, 8), f" {verb} the events of such sources.")
    ways: dict[tuple[str, str], list[str]] = {}
    for use in told:
        if use.kind in ("filter", "mapping", "transformation"):
            ways.setdefault((use.kind, use.how), []).append(use.name)
    for (kind, how), given in ways.items():
        if len(given) == 1:
            yield sentence(f"The {kind} ", Name(given[0]), f" uses it: {how}.")
        else:
            each = _EACH.sub(lambda one: _OF_EACH[one[0]], how)
            yield sentence(f"The {kind}s ", names(given, 8), f" use it: {each}.")


_OF_EACH = {"its condition": "the condition of each", "it ": "each "}
_EACH = re.compile("^(its condition|it )")


_INCOMPARABLE = " change, and their schemas cannot be compared: ask who wrote them."
_NO_SOURCE: Sentence = ("Which sources use the plan is not part of this change set.",)


def _plan(subject: Subject, context: Context) -> Subject:
    found = context.lookup.target(subject, "tracking_plan_id", "tracking_plan")
    return found or subject


def _rule_name(call: str, given: Sequence[str]) -> Sentence:
    one, several = _CALLS[call]
    if not given:
        return (one,)
    return sentence(f"{one if len(given) == 1 else several} ", names(given, 8))


_CALLS = {
    "TRACK": ("The event", "The events"),
    "PAGE": ("The page call", "The page calls"),
    "SCREEN": ("The screen call", "The screen calls"),
    "IDENTIFY": ("The identify call", "The identify calls"),
    "GROUP": ("The group call", "The group calls"),
    "COMMON": ("The rule for all events", "The rules for all events"),
}


def _path(path: str) -> Sentence:
    for prefix, words in (("properties.", "the property “"), ("traits.", "the trait “")):
        if path.startswith(prefix):
            return (
                words,
                Name(path.removeprefix(prefix).replace(".$", "").replace("\\.", ".")),
                "”",
            )
    return ("the field “", Name(path), "”")


def _effects(found: Sequence[tuple[str, Effect]], *, unplanned: bool) -> Iterator[Sentence]:
    """One sentence for each thing that happens, the worst first, with the sources that do it."""
    by_effect: dict[Effect, list[str]] = {}
    for name, effect in found:
        by_effect.setdefault(effect, []).append(name)
    for effect in sorted(by_effect, key=lambda one: -outcomes.WEIGHT[one]):
        yield sentence(
            "On ", names(by_effect[effect]), f", {outcomes.words(effect, unplanned=unplanned)}."
        )


_BLOCKS = ("track", "identify", "group")


def _settings(connection: Subject, context: Context) -> Mapping[str, Any] | None:
    """The schema settings of a connected source, wherever they are declared."""
    found = connection.value("schema_settings")
    if isinstance(found, Mapping):
        return found
    source = context.source_of(connection)
    if source is None:
        return None
    apart = context.referring("source_schema_settings", "source_id", source, old=False)
    return _blocks(apart[0].after) if apart else None


def _blocks(values: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """The settings of a `source_schema_settings`, in the form that a connection has them in."""
    return None if values is None else {name: values.get(name) for name in _BLOCKS}


def _owners(rule: Mapping[str, Any]) -> tuple[str, ...]:
    """Who owns an event: the label `owner` of its schema."""
    schema = rule.get("jsonSchema")
    labels = schema.get("labels") if isinstance(schema, Mapping) else None
    if not isinstance(labels, Mapping):
        return ()
    return tuple(str(labels[key]) for key in ("owner", "team") if labels.get(key))


# Connections


def connection(subject: Subject, context: Context) -> Iterator[Item]:
    """A source that begins or ends to be checked, and what its schema settings do now."""
    old = subject.action == "delete"
    plan = context.lookup.target(subject, "tracking_plan_id", "tracking_plan", old=old)
    source = context.source_of(subject, old=old)
    owners = context.owners(source, plan)
    source_name = Name(source.name if source else subject.name)
    plan_name = Name(plan.name if plan else "of another configuration")
    if old:
        said = sentence(
            "Events of ",
            source_name,
            " are not checked against the plan ",
            plan_name,
            " any more: nothing is dropped, blocked or flagged by it.",
        )
        yield Item("behaviour", said, subject.address, owners, weight=6)
        return
    clauses = list(
        _clauses((subject.before or {}).get("schema_settings"), subject.value("schema_settings"))
    )
    if subject.action in ("create", "replace"):
        said = sentence(
            "Events of ", source_name, " are checked against the plan ", plan_name, " from now on."
        )
        notes = tuple((f"{clause[:1].upper()}{clause[1:]}.",) for clause, _ in clauses) or (
            ("What happens to events that break it is up to the source's schema settings.",),
        )
        yield Item("behaviour", said, subject.address, owners, notes, 6)
        return
    yield from _turned(subject, source_name, clauses, owners)


def schema_settings(subject: Subject, context: Context) -> Iterator[Item]:
    """The schema settings of a source, where they are an object of their own."""
    source = context.source_of(subject, old=subject.action == "delete")
    name = Name(source.name if source else subject.name)
    if subject.action == "delete":
        said = sentence("The schema settings of ", name, " are not managed any more.")
        yield Item("other", said, subject.address, context.owners(source))
        return
    clauses = list(_clauses(_blocks(subject.before), _blocks(subject.after)))
    yield from _turned(subject, name, clauses, context.owners(source))


def _turned(
    subject: Subject, source: Name, clauses: Sequence[tuple[str, bool]], owners: tuple[str, ...]
) -> Iterator[Item]:
    tighter = [one for one, loosens in clauses if not loosens]
    looser = [one for one, loosens in clauses if loosens]
    if tighter:
        said = sentence("On ", source, ", ", f"{_joined(tighter)} from now on.")
        yield Item("breaking", said, subject.address, owners, weight=12)
    if looser:
        said = sentence("On ", source, ", ", f"{_joined(looser)} from now on.")
        yield Item("behaviour", said, subject.address, owners, weight=5)


def _joined(clauses: Sequence[str]) -> str:
    *most, last = clauses
    return f"{', '.join(most)} and {last}" if most else last


def _clauses(before: Any, after: Any) -> Iterator[tuple[str, bool]]:
    """(clause, whether it lets more through) for each schema setting that differs."""
    for block, flags in after.items() if isinstance(after, Mapping) else ():
        if not isinstance(flags, Mapping):
            continue
        held = before.get(block) if isinstance(before, Mapping) else None
        for flag, value in flags.items():
            was = held.get(flag) if isinstance(held, Mapping) else None
            said = outcomes.in_words(block, flag, value)
            if said is not None and value != was:
                yield said, outcomes.loosens(flag, value)
