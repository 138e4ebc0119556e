"""Liquid templates as mappings have them: without loops, for the service has switched those off.

`parse` reads a template and says what cannot be carried out; `render` gives its text for an event.
Moments are in UTC. What depends on chance or on the time of day is refused.
"""

from __future__ import annotations

from typing import Any

from .errors import LiquidError
from .reading import Template, parsed, used_filters


def parse(template: str) -> Template:
    """The template, read. Raises LiquidError."""
    return parsed(template)


def render(template: str, event: Any) -> str:
    """What a template gives for an event. Raises LiquidError."""
    from .rendering import rendered

    return rendered(parsed(template), event)


def unknown_filters(template: Template) -> list[tuple[str, tuple[str, ...]]]:
    """Each filter that does not exist, and those that do."""
    from .filters import FILTERS, UNSURE

    known = (*FILTERS, *UNSURE)
    return [(name, known) for name in used_filters(template) if name not in known]


__all__ = ["LiquidError", "Template", "parse", "render", "unknown_filters"]
