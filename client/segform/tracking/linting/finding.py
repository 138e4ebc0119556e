"""What a lint rule finds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from segform.tracking.planned import Place

Severity: TypeAlias = Literal["error", "warning", "note"]
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "note")


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding. `rule` is the lint rule's id, `event` the key of the event that it is about.

    `path` is the place in the event (`properties.total`), None for the event as a whole; `place`
    is the file, where the event was read from one.
    """

    rule: str
    severity: Severity
    event: str
    path: str | None
    message: str
    mend: str
    place: Place | None = None

    def __str__(self) -> str:
        where = f"{self.place}: " if self.place else ""
        path = f" {self.path}" if self.path else ""
        mend = f" {self.mend}" if self.mend else ""
        return f"{where}{self.severity} {self.rule} {self.event}{path}: {self.message}.{mend}"
