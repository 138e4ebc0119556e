"""Blocks of code into files: by kind or by team, none longer than a reader wants."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from .model import Item, Model

LIMIT = 480


class Part(NamedTuple):
    """A file to be: its name without suffix, its items and the text of each."""

    name: str
    items: list[Item]
    blocks: list[str]


def parts(model: Model, render: Callable[[Item], str], limit: int = LIMIT) -> list[Part]:
    """The items of a model, rendered, in files of at most `limit` lines where that can be."""
    grouped: dict[str, list[Item]] = {}
    for item in model.items:
        grouped.setdefault(f"team_{item.team}" if item.team else f"{item.kind}s", []).append(item)
    made: list[Part] = []
    for name, items in grouped.items():
        made += _split(name, [(item, render(item)) for item in items], limit)
    return made


def _split(name: str, rendered: list[tuple[Item, str]], limit: int) -> list[Part]:
    files: list[Part] = []
    length = 0
    for item, block in rendered:
        lines = block.count("\n") + 2
        if not files or length + lines > limit:
            files.append(Part(name, [], []))
            length = 0
        files[-1].items.append(item)
        files[-1].blocks.append(block)
        length += lines
    if len(files) == 1:
        return files
    return [part._replace(name=f"{name}_{at:02}") for at, part in enumerate(files, 1)]


def paged(stem: str, suffix: str, blocks: Iterable[str], limit: int = LIMIT) -> dict[str, str]:
    """Blocks of text as one file, or as many as the limit asks for."""
    pages: list[list[str]] = []
    length = 0
    for block in blocks:
        lines = block.count("\n") + 1
        if not pages or length + lines > limit:
            pages.append([])
            length = 0
        pages[-1].append(block)
        length += lines
    if len(pages) == 1:
        return {f"{stem}{suffix}": "".join(pages[0])}
    return {f"{stem}_{at:02}{suffix}": "".join(page) for at, page in enumerate(pages, 1)}
