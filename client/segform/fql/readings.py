"""The other way in which a statement could be read where nothing says which word binds tighter.

The service nests `and` and `or` to the right. Where a text mixes them without parentheses, that
could also mean that neither binds tighter: `a and b or c` as `a and (b or c)`.
"""

from __future__ import annotations

from .lexer import AND, OR
from .parser import Parser
from .syntax import And, Everything, Expression, Or, Statement


def other_reading(text: str) -> Statement | None:
    """The tree of a text in which neither word binds tighter; None where that changes nothing.

    Raises FQLSyntaxError for what does not parse.
    """
    parser = Parser(text)
    tree = parser.statement()
    if isinstance(tree, Everything) or not parser.mixed:
        return None
    return _RightToLeft(text).statement()


class _RightToLeft(Parser):
    """Reads conditions of one level from the right, whatever joins them."""

    def either(self) -> Expression:
        """Conditions joined by `and` and `or`."""
        items, words = [self.single()], []
        while self.tokens[self.next][0] in (AND, OR):
            words.append(self.tokens[self.next][0])
            self.next += 1
            items.append(self.single())
        found = [items.pop()]
        joined = words[-1] if words else ""
        while words:
            word = words.pop()
            if word != joined:
                found = [_group(joined, found)]
                joined = word
            found.insert(0, items.pop())
        return found[0] if len(found) == 1 else _group(joined, found)


def _group(word: str, items: list[Expression]) -> Expression:
    return (And if word == AND else Or)(tuple(items), items[0].at)
