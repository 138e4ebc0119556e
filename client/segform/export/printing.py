"""Values as source text: one line where it fits, else an entry a line.

`Printer` knows how a value is laid out; a language says how scalars, keys and brackets look.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from segform.resources.exact import number

WIDTH = 96


class Printer:
    """JSON; the languages are its subclasses."""

    step = "  "
    trailing = ""

    def scalar(self, value: Any) -> str:
        """A value that is no collection."""
        if isinstance(value, str):
            return self.quoted(value)
        if isinstance(value, Decimal):
            return number(value)
        return json.dumps(value)

    def quoted(self, text: str) -> str:
        """Text as a literal."""
        if text.isprintable() and '"' not in text and "\\" not in text:
            return f'"{text}"'
        return f'"{"".join(_ESCAPES.get(char) or self.shown(char) for char in text)}"'

    def shown(self, char: str) -> str:
        """A character as it is, where it can be seen for what it is; an escape otherwise."""
        return char if char.isprintable() else json.dumps(char)[1:-1]

    def key(self, key: str) -> str:
        """A key of an object, with what stands behind it."""
        return f"{self.quoted(key)}: "

    def special(self, value: Any) -> str | None:
        """The text of a value of the model, or None for plain data."""
        return None

    def text(self, value: Any, *, indent: int = 0, before: int = 0, width: int = WIDTH) -> str:
        """A value; `indent`: steps of the lines it stands on, `before`: what precedes it there."""
        found = self.special(value)
        if found is not None:
            return found
        if not isinstance(value, (Mapping, list)):
            return self.scalar(value)
        flat = self.flat(value)
        if len(flat) + before + indent * len(self.step) <= width:
            return flat
        inner = self.step * (indent + 1)
        lines = self.lines(value, indent + 1, width)
        opened, closed = "[]" if isinstance(value, list) else "{}"
        body = self.joined([inner + line for line in lines], isinstance(value, list))
        return f"{opened}\n{body}\n{self.step * indent}{closed}"

    def lines(self, value: Any, indent: int, width: int) -> list[str]:
        """The entries of a collection over several lines."""
        if isinstance(value, list):
            return [self.text(one, indent=indent, width=width) for one in value]
        return [
            self.key(key) + self.text(one, indent=indent, before=len(self.key(key)), width=width)
            for key, one in value.items()
        ]

    def joined(self, lines: list[str], is_list: bool) -> str:
        """Entries below each other."""
        return ",\n".join(lines) + self.trailing

    def flat(self, value: Any) -> str:
        """A value in one line."""
        found = self.special(value)
        if found is not None:
            return found
        if isinstance(value, list):
            return f"[{', '.join(map(self.flat, value))}]"
        if isinstance(value, Mapping):
            inner = ", ".join(self.key(key) + self.flat(one) for key, one in value.items())
            return f"{{{inner}}}"
        return self.scalar(value)


_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def escaped(char: str) -> str:
    """A character as HCL and Python write it; half a surrogate pair is no text in either."""
    if char.isprintable():
        return char
    if "\ud800" <= char <= "\udfff":
        return "\\ufffd"
    return f"\\u{ord(char):04x}" if ord(char) <= 0xFFFF else f"\\U{ord(char):08x}"
