"""A review as Markdown, text or JSON."""

from __future__ import annotations

import json
from typing import Any

from segform.inert import printable

from .context import LEVELS
from .reviewing import Review
from .words import Name, Said, Sentence, count, plain

TITLES = {
    "breaking": "Breaks what is sent today",
    "irreversible": "Cannot be undone",
    "behaviour": "Changes what happens to events",
    "other": "Everything else",
}
_DONE = {
    "create": "new",
    "update": "changed",
    "replace": "made anew",
    "delete": "deleted",
    "import": "taken over",
    "forget": "not managed any more",
}
_MOST = 600


def render(review: Review, form: str = "markdown") -> str:
    """A review as `markdown` (at most 60,000 characters), `text` or `json`."""
    if form == "markdown":
        from .markdown import markdown

        return markdown(review)
    return as_json(review) if form == "json" else as_text(review)


def headline(review: Review) -> str:
    """What a reviewer reads if nothing else."""
    numbers = {level: review.number(level) for level in LEVELS}
    if not review.changes.changes:
        return "Nothing changes."
    said = []
    if numbers["breaking"]:
        verb = "breaks" if numbers["breaking"] == 1 else "break"
        said.append(f"{count(numbers['breaking'], 'change')} {verb} what is sent today.")
    else:
        said.append("Nothing breaks what is sent today.")
    if numbers["irreversible"]:
        said.append(f"{count(numbers['irreversible'], 'change')} cannot be undone.")
    else:
        said.append("Everything can be undone.")
    if numbers["behaviour"]:
        verb = "changes" if numbers["behaviour"] == 1 else "change"
        said.append(f"{count(numbers['behaviour'], 'thing')} {verb} what happens to events.")
    return " ".join(said)


def counted(review: Review) -> str:
    """`12 objects: 3 new, 8 changed, 1 deleted.`"""
    total = sum(review.counts.values())
    parts = [f"{review.counts[one]:,} {word}" for one, word in _DONE.items() if review.counts[one]]
    said = f"{count(total, 'object')}: {', '.join(parts)}." if parts else ""
    if review.changes.others:
        several = count(review.changes.others, "change")
        said += f" {several} of other providers {'is' if review.changes.others == 1 else 'are'}"
        said += " not described here."
    return said.strip()


def as_text(review: Review) -> str:
    """For a terminal: nothing in it moves the cursor."""
    lines = [headline(review), counted(review), *review.changes.warnings]
    if review.owners:
        lines.append(f"Ask: {', '.join(printable(one) for one in review.owners)}")
    for level in LEVELS:
        items = review.of(level)
        if items:
            lines += ["", f"{TITLES[level]} ({review.number(level)})"]
        for item in items:
            owners = ", ".join(printable(one) for one in item.owners)
            lines.append(f"  - {_text(item.said)}{f' [{owners}]' if owners else ''}")
            lines += [f"      {_text(note)}" for note in item.notes]
    return "\n".join(line for line in lines if line is not None).strip()


def _text(parts: Sentence) -> str:
    return "".join(
        part
        if isinstance(part, str)
        else printable(part.text, _MOST if isinstance(part, Said) else 120)
        for part in parts
    )


def as_json(review: Review) -> str:
    """`{"format": "segform.report", "version": 1, …}`; names are as they are."""
    document: dict[str, Any] = {
        "format": "segform.report",
        "version": 1,
        "headline": headline(review),
        "workspace": review.changes.workspace,
        "counts": dict(review.counts),
        "others": review.changes.others,
        "owners": list(review.owners),
        "warnings": list(review.changes.warnings),
        "events": review.events,
        "items": [
            {
                "level": item.level,
                "address": item.address,
                "said": plain(item.said),
                "names": [part.text for part in item.said if isinstance(part, Name)],
                "notes": [plain(note) for note in item.notes],
                "owners": list(item.owners),
                "count": item.count,
                "rules": list(item.rules),
            }
            for item in review.items
        ],
    }
    return json.dumps(document, indent=2, ensure_ascii=True)
