"""What a definition names beside its attributes: operations, checks, and what checks find."""

from __future__ import annotations

from typing import Literal, NamedTuple


class Operations:
    """The operations of the Public API that a kind uses, by operation id."""

    __slots__ = ("create", "delete", "list", "read", "update")

    def __init__(
        self,
        *,
        create: str | None = None,
        read: str | None = None,
        update: str | None = None,
        delete: str | None = None,
        list: str | None = None,
    ) -> None:
        self.create = create
        self.read = read
        self.update = update
        self.delete = delete
        self.list = list


class Check:
    """A rule on a configuration: `run` names `check(values) -> list[Problem]`.

    `pure` checks see the configuration alone and do no I/O (they run before a token is known);
    `live` ones may ask the catalogue and the workspace, at plan time. `unchanged`: a live check
    that is asked also where an object stays as it is.
    """

    __slots__ = ("run", "stage", "unchanged")

    def __init__(
        self, stage: Literal["pure", "live"], run: str, *, unchanged: bool = False
    ) -> None:
        self.stage = stage
        self.run = run
        self.unchanged = unchanged


class Foreign(NamedTuple):
    """A prefix of ids that are something else's: what they are, and what to give instead."""

    prefix: str
    message: str
    mend: str
    severity: Literal["error", "warning"] = "error"


class Problem:
    """What a check found: where (attribute names, keys and indexes), what, and the mend.

    `unquoted`: a secret stands at that place, so that nobody may quote the line it is in.
    """

    __slots__ = ("mend", "message", "path", "severity", "unquoted")

    def __init__(
        self,
        path: tuple[str | int, ...],
        message: str,
        mend: str = "",
        severity: Literal["error", "warning"] = "error",
        *,
        unquoted: bool = False,
    ) -> None:
        self.path = path
        self.message = message
        self.mend = mend
        self.severity = severity
        self.unquoted = unquoted

    def __repr__(self) -> str:
        return f"<{self.severity} at {'.'.join(map(str, self.path))}: {self.message}>"


# So much of a value is repeated where it is wrong.
SHOWN = 100


def short(value: object) -> str:
    """A value as people are shown it: a long one is not repeated whole."""
    shown = repr(value)
    return shown if len(shown) <= SHOWN else f"{shown[:SHOWN]}…"
