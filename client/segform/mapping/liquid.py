"""Liquid templates, as far as mappings have them: the service has switched off much of Liquid."""

from __future__ import annotations

import re

DISABLED_TAGS = ("case", "for", "include", "layout", "render", "tablerow")
DISABLED_FILTERS = (
    *("array_to_sentence_string", "concat", "find", "find_exp", "find_index", "find_index_exp"),
    *("group_by", "group_by_exp", "has", "has_exp", "map", "newline_to_br", "reject"),
    *("reject_exp", "reverse", "sort", "sort_natural", "uniq", "where_exp", "type"),
)
_TAG = re.compile(r"\{%-?\s*(\w+)")
_FILTER = re.compile(r"\|\s*(\w+)")
_MARKUP = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)


class LiquidError(ValueError):
    """A template that cannot be carried out. `mend`: what to do about it."""

    def __init__(self, message: str, mend: str = "") -> None:
        super().__init__(message)
        self.mend = mend


def parse(template: str) -> None:
    """Refuse what is switched off."""
    for markup in _MARKUP.findall(template):
        tag = _TAG.match(markup)
        if tag and tag[1] in DISABLED_TAGS:
            raise LiquidError(f"the tag {tag[1]} is switched off", "Use if, assign and filters")
        for name in _FILTER.findall(markup):
            if name in DISABLED_FILTERS:
                raise LiquidError(f"the filter {name} is switched off", "Use another one")


def render(template: str, event: object) -> str:
    """What a template gives for an event."""
    raise LiquidError("Liquid templates are not evaluated")
