"""What can be wrong with a template."""

from __future__ import annotations

# Ours: tags in tags and values in values, so that no template can exhaust the stack.
MAX_DEPTH = 50


class LiquidError(ValueError):
    """A template that cannot be carried out. `mend`: what to do about it."""

    def __init__(self, message: str, mend: str = "") -> None:
        super().__init__(message)
        self.mend = mend

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (str(self), self.mend)
