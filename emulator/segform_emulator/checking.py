"""Holds answers against the contract: all of them, or under load a share that is told."""

from __future__ import annotations

from typing import Any

from . import contract
from .errors import Fault

# Of each operation, so many answers are checked before a share of them is enough.
_FIRST = 50


class Checks:
    """Counts answers, and checks those that are due.

    * `every`: 1 for all answers; n for the first 50 of an operation and each n-th after them;
      0 for none;
    * `violations`: what broke the contract; `answers`, `checked`: how many there were.
    """

    def __init__(self, every: int = 1) -> None:
        self.every = every
        self.violations: list[str] = []
        self.answers = 0
        self.checked = 0
        self._seen: dict[str, int] = {}

    def check(self, operation: contract.Operation, data: Any) -> None:
        """Raises `Fault` 500 for an answer of ours that the contract does not know."""
        self.answers += 1
        if not self._due(operation.id):
            return
        self.checked += 1
        try:
            contract.check_answer(operation, data)
        except Fault as fault:
            self.violations.append(str(fault))
            raise

    def defect(self, what: str, problem: Exception) -> str:
        """Note what must not happen: an error of ours. What to tell of it."""
        told = f"The emulator failed at {what}: {type(problem).__name__}"
        where = problem.__traceback__
        while where is not None and where.tb_next is not None:
            where = where.tb_next
        line = f" at line {where.tb_lineno}" if where is not None else ""
        self.violations.append(f"{told}: {problem}{line}")
        return told

    def _due(self, op_id: str) -> bool:
        if self.every <= 1:
            return self.every == 1
        seen = self._seen[op_id] = self._seen.get(op_id, 0) + 1
        return seen <= _FIRST or seen % self.every == 0

    def told(self) -> dict[str, Any]:
        """For the control plane."""
        return {
            "violations": self.violations,
            "answers": self.answers,
            "checked": self.checked,
        }

    def clear(self) -> None:
        """Begin anew."""
        self.violations.clear()
        self._seen.clear()
        self.answers = self.checked = 0
