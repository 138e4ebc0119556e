"""Regular expressions as the service knows them (RE2), as automata.

Two patterns are compared by walking both at once, which gives the shortest text that one takes and
the other does not, or says that there is none. Matching takes linear time, whatever the pattern.
What is beyond it (word boundaries, Unicode classes, automata that grow too large) raises
`TooComplex`; a caller then says that it cannot tell.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from .regex import Alternation, Anchor, Chars, Concat, Node, Repeat, TooComplex, parse

_STATES = 4000
_STEPS = 15_000
_LAST = 0x10FFFF
# What a class of characters is shown as, if it is in it.
_NICE = "aA0 -_.@/:é"


class _Edge(NamedTuple):
    chars: tuple[tuple[int, int], ...]
    to: int


class Pattern:
    """One pattern, matched anywhere in a text unless it is anchored."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._free: list[list[int]] = []
        self._bound: list[list[tuple[str, int]]] = []
        self._edges: list[list[_Edge]] = []
        start, end = self._build(parse(text))
        self._start, self._end = start, end
        self._moves: dict[tuple[frozenset[int], int], frozenset[int]] = {}
        self.first = self._close({start}, at_start=True)

    # building

    def _state(self) -> int:
        if len(self._edges) >= _STATES:
            raise TooComplex("the pattern is too large")
        self._free.append([])
        self._bound.append([])
        self._edges.append([])
        return len(self._edges) - 1

    def _build(self, node: Node) -> tuple[int, int]:
        if isinstance(node, Concat):
            start = end = self._state()
            for item in node.items:
                first, last = self._build(item)
                self._free[end].append(first)
                end = last
            return start, end
        start, end = self._state(), self._state()
        if isinstance(node, Chars):
            self._edges[start].append(_Edge(node.ranges, end))
        elif isinstance(node, Anchor):
            self._bound[start].append((node.kind, end))
        elif isinstance(node, Alternation):
            for item in node.items:
                first, last = self._build(item)
                self._free[start].append(first)
                self._free[last].append(end)
        else:
            self._repeat(node, start, end)
        return start, end

    def _repeat(self, node: Repeat, start: int, end: int) -> None:
        at = start
        for _ in range(node.least):
            first, last = self._build(node.item)
            self._free[at].append(first)
            at = last
        if node.most is None:
            first, last = self._build(node.item)
            loop = self._state()
            self._free[at].append(loop)
            self._free[loop] += [first, end]
            self._free[last].append(loop)
            return
        for _ in range(node.most - node.least):
            self._free[at].append(end)
            first, last = self._build(node.item)
            self._free[at].append(first)
            at = last
        self._free[at].append(end)

    # walking

    def _close(self, states: set[int], *, at_start: bool = False, at_end: bool = False) -> Any:
        todo, found = list(states), set(states)
        while todo:
            state = todo.pop()
            reached = list(self._free[state])
            for kind, to in self._bound[state]:
                if (kind == "^" and at_start) or (kind == "$" and at_end):
                    reached.append(to)
            for to in reached:
                if to not in found:
                    found.add(to)
                    todo.append(to)
        return frozenset(found)

    def after(self, states: frozenset[int], code: int) -> frozenset[int]:
        """The states behind one more character. Once matched, a text stays matched."""
        key = (states, code)
        known = self._moves.get(key)
        if known is None:
            if self._end in states:
                known = states
            else:
                moved = {
                    edge.to
                    for state in states
                    for edge in self._edges[state]
                    if any(low <= code <= high for low, high in edge.chars)
                }
                # A match may begin at each place of the text.
                moved.add(self._start)
                known = self._close(moved)
            if len(self._moves) < _STEPS:
                self._moves[key] = known
        return known

    def accepts(self, states: frozenset[int], *, empty: bool) -> bool:
        """Whether a text that ends in these states matches."""
        return self._end in states or self._end in self._close(
            set(states), at_start=empty, at_end=True
        )

    def search(self, text: str) -> bool:
        """Whether the pattern is found in a text."""
        states = self.first
        for letter in text:
            states = self.after(states, ord(letter))
        return self.accepts(states, empty=not text)

    def bounds(self) -> set[int]:
        """Where the classes of characters that it tells apart begin."""
        found = set()
        for edges in self._edges:
            for edge in edges:
                for low, high in edge.chars:
                    found |= {low, high + 1}
        return found


@lru_cache(maxsize=1024)
def pattern(text: str) -> Pattern:
    """A pattern, remembered. Raises TooComplex, and ValueError for what is none."""
    return Pattern(text)


def shortest(
    takes: Sequence[Pattern],
    refuses: Pattern | None = None,
    *,
    least: int = 0,
    most: int | None = None,
) -> str | None:
    """The shortest text that all of `takes` match and `refuses` does not; None if there is none.

    Its length is from `least` to `most` characters. Raises TooComplex where that would take long.
    """
    if least > 300:
        raise TooComplex("the text would be long")
    several = [*takes, *([] if refuses is None else [refuses])]
    letters = _letters(several)
    start = tuple(one.first for one in several)
    counted = max(least, 0 if most is None else min(most, 300))
    seen = {(start, 0)}
    todo: deque[tuple[tuple[frozenset[int], ...], str]] = deque([(start, "")])
    steps = 0
    while todo:
        states, text = todo.popleft()
        if len(text) >= least and _fits(several, states, len(takes), empty=not text):
            return text
        if most is not None and len(text) >= most:
            continue
        for code in letters:
            steps += 1
            if steps > _STEPS:
                raise TooComplex("too many texts to try")
            moved = tuple(
                one.after(state, code) for one, state in zip(several, states, strict=True)
            )
            key = (moved, min(len(text) + 1, counted))
            if key not in seen:
                seen.add(key)
                todo.append((moved, text + chr(code)))
    return None


def _fits(
    several: Sequence[Pattern], states: Sequence[frozenset[int]], taking: int, *, empty: bool
) -> bool:
    return all(
        one.accepts(state, empty=empty) is (index < taking)
        for index, (one, state) in enumerate(zip(several, states, strict=True))
    )


def _letters(several: Sequence[Pattern]) -> list[int]:
    """One character of each class that the patterns tell apart; nice ones where there are."""
    edges = sorted({0, *(bound for one in several for bound in one.bounds())})
    found = []
    for index, low in enumerate(edges):
        high = (edges[index + 1] if index + 1 < len(edges) else _LAST + 1) - 1
        if low > _LAST:
            continue
        nice = next((ord(one) for one in _NICE if low <= ord(one) <= high), None)
        if nice is None:
            # Surrogates are no characters of a text; below the blank nothing can be read.
            nice = next(
                (c for c in (max(low, 0x20), low, high) if low <= c <= high and not _odd(c)), None
            )
        if nice is not None:
            found.append(nice)
    return sorted(found, key=lambda code: (chr(code) not in _NICE, code))


def _odd(code: int) -> bool:
    return 0xD800 <= code <= 0xDFFF
