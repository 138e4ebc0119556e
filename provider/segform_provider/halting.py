"""What a token does not reach is told once, not once for each object of the state.

Terraform reads object by object, many at a time, and goes on after an error: the token of another
workspace, or one that sees little, would be hundreds of equal errors. So the first says it wholly.
After it nothing is read any more: what the state has stays as it was, and so does the workspace,
for a plan with an error is never carried out.
"""

from __future__ import annotations

import threading
from typing import Any

from segform.errors import (
    APIError,
    AuthenticationError,
    NotVisibleError,
    PermissionDeniedError,
    SegformError,
    WorkspaceMismatchError,
)
from segform_provider.protocol.diagnostics import diagnostic
from segform_provider.protocol.log import log

_OF_THE_TOKEN = (
    AuthenticationError,
    NotVisibleError,
    PermissionDeniedError,
    WorkspaceMismatchError,
)


class Halt:
    """Whether a run is over, because its token does not reach what the state has.

    `workspace`: whose the token is, in words; empty where nobody could ask.
    """

    def __init__(self, workspace: str = "") -> None:
        self._workspace = workspace
        self._lock = threading.Lock()
        self._on = self._told = False

    @property
    def on(self) -> bool:
        """Whether the error was told, so that there is nothing left to find out."""
        return self._on

    def reading(self, summary: str, problem: SegformError, what: str = "") -> list[Any]:
        """An error of a plan or a refresh as diagnostics; none where it was told before.

        `what`: the object that was read. Of what is no longer configured Terraform says no address.
        """
        if not isinstance(problem, _OF_THE_TOKEN):
            return [_error(summary, str(problem))]
        with self._lock:
            first, self._on = not self._on, True
        if not first:
            log("warn", summary, error=type(problem).__name__, about=_about(problem))
            return []
        text = [str(problem)]
        if isinstance(problem, NotVisibleError):
            text.append(
                "If it is really gone, take it out of the state: `terraform state rm` with its "
                "address."
            )
        if self._workspace and not isinstance(problem, WorkspaceMismatchError):
            text.append(f"The token belongs to the workspace {self._workspace}.")
        if what and isinstance(problem, APIError):
            text.append(f"It was asked for {what} of the state.")
        text.append(
            "This is told once, for the whole run: nothing else was read, and whatever else the "
            "state has stays as it is."
        )
        return [_error(summary, "\n\n".join(text))]

    def each(
        self, summary: str, problem: BaseException, path: tuple[str | int, ...] = ()
    ) -> list[Any]:
        """An error where each object has to have one: only the first says it all.

        So it is with what an apply has not done, and with data sources. `path`: the attribute that
        it is about, where it is about one.
        """
        with self._lock:
            first = not self._told
            self._told = self._told or isinstance(problem, _OF_THE_TOKEN)
        if first or not isinstance(problem, _OF_THE_TOKEN):
            return [_error(summary, str(problem), path)]
        what = f" ({problem.operation})" if isinstance(problem, APIError) else ""
        return [_error(summary, f"Nor does the token reach this{what}; the first error says more.")]


def _about(problem: SegformError) -> str:
    """What an error is about, without a value of a state."""
    return str(getattr(problem, "object_id", "") or getattr(problem, "path", ""))


def _error(summary: str, detail: str, path: tuple[str | int, ...] = ()) -> Any:
    return diagnostic("error", summary, detail, path)
