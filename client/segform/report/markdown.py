"""A review as a comment on a pull request: words above the fold, everything else folded.

At most 60,000 characters, whatever the size of the plan (GitHub takes 65,536). What has no room is
counted, never dropped without a word. Above the fold there is no JSON, no HCL and no FQL.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from segform.inert import markdown as inert

from .context import Item, Level
from .model import Subject
from .rendering import TITLES, counted, headline
from .reviewing import Review
from .words import Name, Said, Sentence, count

LIMIT = 60_000
# A line by which a program finds its own comment again.
MARK = "<!-- segform report -->"
_NAME, _SAID = 120, 600
# Level -> (characters, items) above the fold. What a level leaves is for the next.
_ROOM: dict[Level, tuple[int, int]] = {
    "breaking": (18_000, 60),
    "irreversible": (8_000, 30),
    "behaviour": (12_000, 40),
}
_FOLDED = 10_000
_DETAILS = 6_000


def markdown(review: Review) -> str:
    """The comment."""
    parts = [MARK, "## What this changes in Segment", "", f"**{headline(review)}**"]
    number = counted(review)
    parts += [number] if number else []
    parts += [f"\n**{warning}**" for warning in review.changes.warnings]
    if review.owners:
        shown = [f"**{inert(one, 40)}**" for one in review.owners[:10]]
        rest = len(review.owners) - len(shown)
        more = f" and {rest} more" if rest > 0 else ""
        parts += ["", f"Who should know: {', '.join(shown)}{more}."]
    spare = 0
    left: list[tuple[str, list[Item]]] = []
    for level, (room, most) in _ROOM.items():
        items = review.of(level)
        if not items:
            spare += room // 2
            continue
        lines, used, shown_items = _lines(items, room + spare, most)
        spare = max(0, room + spare - used) // 2
        parts += ["", f"### {TITLES[level]}", "", *lines]
        rest_items = items[shown_items:]
        if rest_items:
            parts.append(f"- … and {_number(rest_items):,} more, folded below.")
            left.append((TITLES[level], rest_items))
    if not any(review.of(level) for level in _ROOM) and review.changes.changes:
        parts += ["", "What changes is names, descriptions and the like."]
    others = review.of("other")
    folds = [*left, *([(TITLES["other"], others)] if others else [])]
    room = _FOLDED
    for title, items in folds:
        share = room // max(1, len(folds))
        lines, _, shown_count = _lines(items, share, 10**6)
        rest = _number(items[shown_count:])
        if rest:
            lines.append(f"- … and {rest:,} more, for which there is no room here.")
        parts += ["", *_folded(f"{title}: {count(_number(items), 'change')}", lines)]
    details = list(_details(review))
    if details:
        parts += ["", *_folded("Technical details, for those who write code", details)]
    text = "\n".join(parts)
    # The rooms above leave a margin; a comment that is too long would not be posted at all.
    return text if len(text) <= LIMIT else f"{text[: LIMIT - 20].rpartition(chr(10))[0]}\n\n…"


def _number(items: Sequence[Item]) -> int:
    return sum(one.count for one in items)


def _lines(items: Sequence[Item], room: int, most: int) -> tuple[list[str], int, int]:
    """Items as lines while there is room: the lines, their length, how many items they are."""
    lines: list[str] = []
    used = 0
    for index, item in enumerate(items):
        made = list(_item(item))
        size = sum(len(line) + 1 for line in made)
        if index >= most or (used + size > room):
            return lines, used, index
        lines += made
        used += size
    return lines, used, len(items)


def _item(item: Item) -> Iterator[str]:
    owners = ", ".join(inert(one, 60) for one in item.owners[:4])
    yield f"- {_sentence(item.said)}{f' Owner: {owners}.' if owners else ''}"
    for note in item.notes[:8]:
        yield f"  - {_sentence(note)}"


def _sentence(parts: Sentence) -> str:
    return "".join(map(_part, parts))


def _part(part: str | Name | Said) -> str:
    if isinstance(part, Name):
        # Bold needs something to be bold, and no blank at its ends.
        shown = inert(part.text, _NAME).strip()
        return f"**{shown}**" if shown else "(without a name)"
    return inert(part.text, _SAID) if isinstance(part, Said) else part


def _folded(title: str, lines: Sequence[str]) -> list[str]:
    return ["<details>", f"<summary>{title}</summary>", "", *lines, "", "</details>"]


# Below the fold


def _details(review: Review) -> Iterator[str]:
    """Addresses, ids and conditions as they are written; nothing of it is markup."""
    used = 0
    changes = review.changes.changes
    for index, subject in enumerate(changes):
        lines = list(_of(subject))
        used += sum(map(len, lines)) + len(lines)
        if used > _DETAILS:
            yield f"- … and {len(changes) - index:,} more; `segform report --format json` has all."
            return
        yield from lines


def _of(subject: Subject) -> Iterator[str]:
    known = f", id {_code(subject.id)}" if subject.id else ""
    yield f"- {subject.action}: {_code(subject.address)}{known}"
    for name in ("if", "trigger"):
        before = (subject.before or {}).get(name)
        after = (subject.after or {}).get(name)
        for label, text in (("before", before), ("after", after)):
            if isinstance(text, str) and (before != after or label == "after"):
                yield f"  - {name}, {label}: {_code(text)}"


def _code(text: object) -> str:
    return f"<code>{inert(text, 300)}</code>"
