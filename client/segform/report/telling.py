"""The change of one object in words, kind by kind; the rest is told plainly.

Deletions and replacements speak with the words of the definition's guard, so that the report and
the provider's refusal say the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from segform.workspace.families import LINKS

from . import tell_filters, tell_flow, tell_plans
from .context import Context, Item
from .model import LATER, Hidden, Subject
from .values import differing
from .words import Name, Sentence, names, sentence

Teller = Callable[[Subject, Context], Iterator[Item]]

_DONE = {
    "create": "is new",
    "update": "changes",
    "replace": "is deleted and made anew",
    "delete": "is deleted",
    "import": "is taken over as it is",
    "forget": "is not managed any more and stays as it is",
}
_SHOWN = 60


def tell(subject: Subject, context: Context) -> Iterator[Item]:
    """The items of one change."""
    told = False
    if subject.action in ("import", "forget"):
        yield plainly(subject, context)
        return
    if subject.action in ("delete", "replace"):
        for item in _lost(subject, context):
            told = True
            yield item
    teller = _TELLERS.get(subject.kind)
    for item in teller(subject, context) if teller else ():
        told = True
        yield item
    rest = [name for name in changed(subject) if name not in _HANDLED.get(subject.kind, ())]
    if not told or (subject.action == "update" and rest):
        yield plainly(subject, context, rest)


def _head(subject: Subject) -> Sentence:
    return sentence(f"The {subject.words} ", Name(subject.name), " ")


def _lost(subject: Subject, context: Context) -> Iterator[Item]:
    """What goes with a deleted object and cannot come back."""
    about = subject.about
    consequence = subject.consequence or (about.guard if about else "")
    if not consequence or (about and about.guard_when and not _linked(subject, context)):
        return
    source = context.source_of(subject, old=True)
    yield Item(
        "irreversible",
        sentence(_head(subject), f"{_DONE[subject.action]}: {consequence.rstrip('.')}."),
        subject.address,
        owners=context.owners(subject, source),
        notes=tuple(_because(subject)),
        weight=10 if about and about.worth else 5,
    )


def _linked(subject: Subject, context: Context) -> bool:
    """Whether a link led to an object until now: a plan that sources use."""
    return any(
        context.referring(kind, end.attribute, subject, old=True)
        for kind, link in LINKS.items()
        for end in (link.member, link.owner)
        if end.kind == subject.kind
    )


def _because(subject: Subject) -> Iterator[Sentence]:
    if subject.replaced_for:
        yield sentence(
            "It cannot be changed in place: ", names(subject.replaced_for), " would be another."
        )


def plainly(subject: Subject, context: Context, only: Sequence[str] | None = None) -> Item:
    """A change as it is: what is done, and which attributes (`only` some of them) differ."""
    said = sentence(_head(subject), _DONE[subject.action])
    update = subject.action == "update"
    given = list(changed(subject) if only is None else only) if update else []
    if given:
        said = sentence(said, ": ", names(name.replace("_", " ") for name in given))
    source = context.source_of(subject)
    return Item(
        "other",
        sentence(said, "."),
        subject.address,
        owners=context.owners(subject, source),
        notes=tuple(_values(subject, given)),
    )


def changed(subject: Subject) -> Iterator[str]:
    """The attributes of an update that differ."""
    for name in {**(subject.before or {}), **(subject.after or {})}:
        if subject.changed(name):
            yield name


def _values(subject: Subject, given: Iterable[str]) -> Iterator[Sentence]:
    """Old and new values that can be shown in a line: texts, numbers, true and false."""
    for name in given:
        label = name.replace("_", " ")
        before, after = (subject.before or {}).get(name), (subject.after or {}).get(name)
        if name == "settings":
            keys = differing(before, after)
            if keys:
                yield sentence("settings: ", names(keys, 8), " (values are not shown)")
        elif all(_short(one) for one in (before, after)):
            yield sentence(f"{label}: ", *_shown(before), " becomes ", *_shown(after))


def _short(value: object) -> bool:
    if isinstance(value, str):
        return len(value) <= _SHOWN and "\n" not in value
    return value is not LATER and not isinstance(value, (dict, list, Hidden))


def _shown(value: object) -> Sentence:
    if value is None or value == "":
        return ("nothing",)
    if isinstance(value, bool):
        return ("yes" if value else "no",)
    return ("“", Name(str(value)), "”") if isinstance(value, str) else (str(value),)


# What the tellers below tell themselves; other attributes are told plainly beside it.
_HANDLED: dict[str, tuple[str, ...]] = {
    "source": ("enabled", "slug"),
    "destination": ("enabled", "settings", "source_id"),
    "warehouse": ("enabled", "settings"),
    "destination_filter": ("if", "actions", "enabled", "source_id", "destination_id"),
    "destination_subscription": ("trigger", "enabled"),
    "transformation": ("if", "enabled"),
    "source_tracking_plan_connection": ("schema_settings",),
    "source_schema_settings": ("track", "identify", "group"),
    "tracking_plan": ("rules", "rules_by_key", "updated_at"),
    "tracking_plan_rule": ("json_schema",),
}


_TELLERS: dict[str, Teller] = {
    "source": tell_flow.source,
    "destination": tell_flow.destination,
    "warehouse": tell_flow.destination,
    "destination_filter": tell_filters.destination_filter,
    "destination_subscription": tell_filters.subscription,
    "transformation": tell_filters.transformation,
    "source_tracking_plan_connection": tell_plans.connection,
    "tracking_plan": tell_plans.tracking_plan,
    "tracking_plan_rule": tell_plans.single_rule,
    "source_schema_settings": tell_plans.schema_settings,
}
