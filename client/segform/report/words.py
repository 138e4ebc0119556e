"""Sentences that hold other people's names, which stay apart until a renderer writes them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Name:
    """A name that somebody else chose: of an object, an event, a person."""

    text: str


@dataclass(frozen=True, slots=True)
class Said:
    """A longer text with names in it that other parts of segform wrote."""

    text: str


Part: TypeAlias = str | Name | Said
Sentence: TypeAlias = tuple[Part, ...]


def sentence(*parts: Part | Sentence) -> Sentence:
    """Parts and sentences as one."""
    found: list[Part] = []
    for part in parts:
        if isinstance(part, tuple):
            found += part
        else:
            found.append(part)
    return tuple(found)


def names(given: Iterable[str], most: int = 5) -> Sentence:
    """`a, b and c`, or `a, b and 7 more`."""
    unique = list(dict.fromkeys(given))
    shown: list[Part] = []
    cut = unique[:most] if len(unique) > most + 1 else unique
    rest = len(unique) - len(cut)
    for index, one in enumerate(cut):
        if index:
            shown.append(" and " if index == len(cut) - 1 and not rest else ", ")
        shown.append(Name(one))
    if rest:
        shown.append(f" and {rest} more")
    return tuple(shown)


def plain(parts: Sentence) -> str:
    """A sentence as one text."""
    return "".join(part if isinstance(part, str) else part.text for part in parts)


def count(number: int, noun: str, plural: str = "") -> str:
    """`1 change`, `2 changes`."""
    return f"{number:,} {noun if number == 1 else plural or f'{noun}s'}"
