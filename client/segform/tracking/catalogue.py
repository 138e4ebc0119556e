"""The events of a plan as a page that people read: Markdown, or HTML that stands alone.

Names and descriptions are other people's text: nothing in them can become a link, a tag or a table.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from .comparing.words import types, value
from .linting.subjects import properties_of
from .planned import PlannedEvent, planned_events

_CALLS = {
    "TRACK": "Events",
    "PAGE": "Pages",
    "SCREEN": "Screens",
    "IDENTIFY": "Users",
    "GROUP": "Groups",
    "COMMON": "All calls",
}
_HEADS = ("property", "what it is", "required", "what it holds")
_SPECIAL = re.compile(r"([\\`*_{}\[\]()<>#+!|~&$@:-])")


class Row(NamedTuple):
    """One property: path, what it is, whether it has to be there, what it holds."""

    path: str
    kind: str
    required: bool
    description: str


def markdown(events: Iterable[Any], title: str = "Events") -> str:
    """The catalogue in Markdown, grouped by call, events by name."""
    lines = [f"# {_md(title)}", ""]
    for heading, several in _groups(events):
        lines += [f"## {heading}", ""]
        for event in several:
            lines += _markdown_event(event)
    return "\n".join(lines).rstrip() + "\n"


def page(events: Iterable[Any], title: str = "Events") -> str:
    """The catalogue as one HTML page, without scripts and without anything from elsewhere."""
    body = []
    for heading, several in _groups(events):
        body.append(f"<h2>{_html(heading)}</h2>")
        body += [_html_event(event) for event in several]
    return _PAGE.replace("{title}", _html(title)).replace("{body}", "\n".join(body))


def _groups(events: Iterable[Any]) -> Iterator[tuple[str, list[PlannedEvent]]]:
    plan = planned_events(events)
    for call, heading in _CALLS.items():
        found = [event for event in plan if event.call == call]
        if found:
            yield heading, sorted(found, key=lambda event: ((event.name or "").lower(), event.key))


def _named(event: PlannedEvent) -> str:
    name = event.name or f"{event.call.capitalize()} calls"
    return name if event.version == 1 else f"{name} (version {event.version})"


def _answers(event: PlannedEvent) -> list[tuple[str, str]]:
    said = [("Why", event.why), ("Owner", event.owner), ("Goes to", ", ".join(event.destinations))]
    return [(name, text) for name, text in said if text]


def _rows(event: PlannedEvent) -> list[Row]:
    found = []
    for one in properties_of(event):
        needed = one.name in (one.holder.get("required") or ())
        described = one.schema.get("description")
        text = described if isinstance(described, str) else ""
        found.append(Row(one.path.partition(".")[2], _kind(one.schema), needed, text))
    return found


def _kind(schema: Mapping[str, Any]) -> str:
    """What a property is, in words: `a number, at least 0`, `one of “EUR”, “USD”`."""
    if isinstance(schema.get("enum"), list):
        return f"one of {', '.join(value(one) for one in schema['enum'][:12])}"
    parts = [types(schema.get("type"))]
    if "format" in schema:
        parts.append(f"format {schema['format']}")
    if "pattern" in schema:
        parts.append(f"pattern {schema['pattern']}")
    if "minimum" in schema:
        parts.append(f"at least {schema['minimum']}")
    if "maximum" in schema:
        parts.append(f"at most {schema['maximum']}")
    return ", ".join(parts)


def _markdown_event(event: PlannedEvent) -> list[str]:
    lines = [f"### {_md(_named(event))}", ""]
    if event.description:
        lines += [_md(event.description), ""]
    for name, text in _answers(event):
        lines.append(f"- {name}: {_md(text)}")
    if lines[-1]:
        lines.append("")
    rows = _rows(event)
    if rows:
        lines += [f"| {' | '.join(_HEADS)} |", "|---|---|---|---|"]
        lines += [
            f"| {_md(row.path)} | {_md(row.kind)} | {'yes' if row.required else ''} "
            f"| {_md(row.description)} |"
            for row in rows
        ]
        lines.append("")
    return lines


def _md(text: str) -> str:
    """A text that Markdown takes as it is: one line, nothing in it special."""
    return _SPECIAL.sub(r"\\\1", _line(text))


def _line(text: str) -> str:
    # Line breaks would end a table's row; what cannot be seen can mislead.
    return " ".join("".join(c if c.isprintable() else " " for c in str(text)).split())


def _html(text: str) -> str:
    return html.escape(_line(text))


def _html_event(event: PlannedEvent) -> str:
    parts = [f'<section id="{_anchor(event)}"><h3>{_html(_named(event))}</h3>']
    if event.description:
        parts.append(f"<p>{_html(event.description)}</p>")
    answers = _answers(event)
    if answers:
        told = "".join(f"<dt>{name}</dt><dd>{_html(text)}</dd>" for name, text in answers)
        parts.append(f"<dl>{told}</dl>")
    rows = _rows(event)
    if rows:
        cells = "".join(
            f"<tr><td><code>{_html(row.path)}</code></td><td>{_html(row.kind)}</td>"
            f"<td>{'yes' if row.required else ''}</td><td>{_html(row.description)}</td></tr>"
            for row in rows
        )
        heads = "".join(f"<th>{name}</th>" for name in _HEADS)
        parts.append(f"<table><tr>{heads}</tr>{cells}</table>")
    return "".join([*parts, "</section>"])


def _anchor(event: PlannedEvent) -> str:
    return html.escape(json.dumps(event.key)[1:-1].replace(" ", "-"))


_PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
table { border-collapse: collapse; width: 100% }
td, th { border-bottom: 1px solid #ccc; padding: .3rem .5rem }
td, th { text-align: left; vertical-align: top }
dt { font-weight: 600; float: left; clear: left; width: 6rem } dd { margin-left: 6.5rem }
</style></head><body>
<h1>{title}</h1>
{body}
</body></html>
"""
