"""Sources and destinations: whether events flow, from where and to where."""

from __future__ import annotations

from collections.abc import Iterator

from .context import Context, Item, Level
from .model import Subject
from .values import differing
from .words import Name, Sentence, names, sentence


def source(subject: Subject, context: Context) -> Iterator[Item]:
    """A source that is switched, comes, or gets another slug."""
    owners = context.owners(subject)
    if subject.action == "create":
        off = subject.value("enabled") is False
        more = " It is switched off." if off else " It gets a write key of its own."
        yield _item(subject, "behaviour", (f" is new.{more}",), owners)
    if subject.action == "delete":
        there = context.referring("destination", "source_id", subject, old=True)
        fed = [one.name for one in there]
        if fed:
            said = sentence("Nothing of it reaches ", names(fed), " any more.")
            yield _item(subject, "breaking", (" is deleted. ", *said), owners, weight=20)
    if subject.action != "update":
        return
    if subject.changed("enabled") and subject.value("enabled") is False:
        said = (" is switched off: events that are sent to it are not accepted any more.",)
        yield _item(subject, "breaking", said, owners, weight=20)
    elif subject.changed("enabled"):
        yield _item(subject, "behaviour", (" is switched on: its events are accepted.",), owners)
    if subject.changed("slug"):
        old, new = subject.value("slug", old=True), subject.value("slug")
        said = (" gets another slug: “", Name(str(old)), "” becomes “", Name(str(new)), "”.")
        yield _item(subject, "behaviour", said, owners)


def destination(subject: Subject, context: Context) -> Iterator[Item]:
    """A destination that begins, or ends, to get events."""
    before, after = context.source_of(subject, old=True), context.source_of(subject)
    owners = context.owners(subject, before, after)
    if subject.action == "create" and subject.value("enabled") is not False:
        yield _item(subject, "behaviour", (" is new and gets events", *_of(after), "."), owners)
    if subject.action == "delete" and subject.value("enabled", old=True) is not False:
        said = (" gets no events", *_of(before), " any more.")
        yield _item(subject, "behaviour", said, owners, weight=4)
    if subject.action == "update" and subject.changed("enabled"):
        on = subject.value("enabled") is True
        word = "on and gets events" if on else "off: it gets no events"
        said = (f" is switched {word}", *_of(after), "." if on else " any more.")
        yield _item(subject, "behaviour", said, owners, weight=4)
    if subject.action == "update" and subject.changed("settings"):
        keys = differing((subject.before or {}).get("settings"), subject.value("settings"))
        if keys:
            said = (" gets other settings: ", *names(keys, 8), ". Values are not shown.")
            yield _item(subject, "behaviour", said, owners)


def _of(source: Subject | None) -> Sentence:
    return () if source is None else (" of the source ", Name(source.name))


def _item(
    subject: Subject,
    level: Level,
    said: Sentence,
    owners: tuple[str, ...],
    weight: int = 0,
) -> Item:
    head = sentence(f"The {subject.words} ", Name(subject.name))
    return Item(level, sentence(head, said), subject.address, owners, weight=weight)
