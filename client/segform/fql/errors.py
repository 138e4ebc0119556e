"""What can be wrong with an FQL text, and where."""

from __future__ import annotations

from typing import Literal

# The service takes queries of at most 5 KB.
MAX_BYTES = 5 * 1024
# Ours: parentheses and conditions inside conditions, so that no input can exhaust the stack.
MAX_DEPTH = 64


def position(text: str, at: int) -> tuple[int, int]:
    """Line and column of an offset, both from 1; the column counts characters."""
    return text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)


class FQLError(ValueError):
    """An FQL statement that cannot be used, with the mend. Base of what this package raises."""

    def __init__(self, message: str, mend: str = "") -> None:
        super().__init__(f"{message}. {mend}" if mend else message)
        self.message = message
        self.mend = mend

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self.message, self.mend)


class FQLSyntaxError(FQLError):
    """A text that is no FQL: `line` and `column` from 1, `message`, `mend`.

    `kind` is a short name of the mistake that stays the same between releases.
    """

    def __init__(
        self, message: str, mend: str = "", line: int = 1, column: int = 1, kind: str = "syntax"
    ) -> None:
        super().__init__(message, mend)
        self.line = line
        self.column = column
        self.kind = kind

    def __str__(self) -> str:
        return f"FQL, line {self.line}, column {self.column}: {super().__str__()}"

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self.message, self.mend, self.line, self.column, self.kind)


class Diagnostic:
    """One thing that `check` found.

    `severity`: "error" (the service cannot do what is written) or "warning" (it can, but it is
    hardly what was meant); `code`: a short name that stays the same; `line`, `column` from 1.
    """

    __slots__ = ("code", "column", "line", "mend", "message", "severity")

    def __init__(
        self,
        severity: Literal["error", "warning"],
        code: str,
        message: str,
        mend: str,
        line: int,
        column: int,
    ) -> None:
        self.severity = severity
        self.code = code
        self.message = message
        self.mend = mend
        self.line = line
        self.column = column

    def __str__(self) -> str:
        where = f"{self.severity} at line {self.line}, column {self.column}"
        return f"{where}: {self.message}. {self.mend}" if self.mend else f"{where}: {self.message}"

    def __repr__(self) -> str:
        return f"<{self.code}: {self}>"
