"""What is known of every event: its fields at the top, its types of call, and near misses."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from .functions import ANY, FUNCTIONS, Types
from .syntax import Bool, Call, Expression, List, Null, Number, Path, String

# What a check found: severity, code, message, mend, offset in the text.
Found = tuple[Literal["error", "warning"], str, str, str, int]

# The types of call.
CALLS = ("track", "identify", "page", "screen", "group", "alias", "delete")
_TEXTS = (
    "type",
    "event",
    "userId",
    "anonymousId",
    "groupId",
    "previousId",
    "messageId",
    "name",
    "category",
    "channel",
    "projectId",
    "timestamp",
    "originalTimestamp",
    "sentAt",
    "receivedAt",
    "writeKey",
)
_OBJECTS = ("properties", "traits", "context", "integrations", "_metadata", "metadata", "options")
FIELDS = frozenset((*_TEXTS, *_OBJECTS, "version"))
_TEXT: Types = frozenset(("string", "null"))


def types_of(node: Expression) -> Types:
    """The types that the value of an expression can have."""
    if isinstance(node, Path):
        return _TEXT if node.segments[0] in _TEXTS and len(node.segments) == 1 else ANY
    if isinstance(node, Call):
        function = FUNCTIONS.get(node.name)
        return ANY if function is None else function.gives
    for kind, name in _LITERALS:
        if isinstance(node, kind):
            return frozenset((name,))
    return frozenset(("bool",))


_LITERALS: tuple[tuple[type[Expression], str], ...] = (
    (String, "string"),
    (Number, "number"),
    (Bool, "bool"),
    (Null, "null"),
    (List, "list"),
)


def near(word: str, known: Iterable[str]) -> str | None:
    """The known word that was probably meant, None for none."""
    import difflib

    by_case = {name.lower(): name for name in known}
    found = difflib.get_close_matches(word.lower(), by_case, n=1, cutoff=0.75)
    return by_case[found[0]] if found else None
