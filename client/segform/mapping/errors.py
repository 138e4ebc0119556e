"""What can be wrong with a mapping, and where."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

# Ours: objects inside objects, so that no mapping can exhaust the stack.
MAX_DEPTH = 64
# The service's: characters of a Liquid template, and of what @replace looks for and puts in.
MAX_LIQUID = 1000
MAX_REPLACE = 10


class Diagnostic:
    """One thing that `check` found.

    `severity`: "error" (the service refuses the mapping, or drops what it makes) or "warning" (it
    takes it, but it fails for events or is hardly what was meant); `code`: a short name that stays
    the same; `path`: where, as a JSON pointer into the mapping ("/" for the mapping itself).
    """

    __slots__ = ("code", "mend", "message", "path", "severity")

    def __init__(
        self,
        severity: Literal["error", "warning"],
        code: str,
        message: str,
        mend: str,
        path: str,
    ) -> None:
        self.severity = severity
        self.code = code
        self.message = message
        self.mend = mend
        self.path = path

    def __str__(self) -> str:
        text = f"{self.severity} at {self.path}: {self.message}"
        return f"{text}. {self.mend}" if self.mend else text

    def __repr__(self) -> str:
        return f"<{self.code}: {self}>"


class MappingError(ValueError):
    """A mapping that cannot be evaluated. `diagnostics`: what `check` says of it, if it is that.

    The service sends nothing then, for this event or, with a mapping it refuses, for any.
    """

    def __init__(self, message: str, diagnostics: Sequence[Diagnostic] = ()) -> None:
        super().__init__(message)
        self.diagnostics = list(diagnostics)

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (str(self), self.diagnostics)


def pointer(keys: Sequence[str]) -> str:
    """Keys as a JSON pointer; "/" for none."""
    return "/" + "/".join([key.replace("~", "~0").replace("/", "~1") for key in keys])
