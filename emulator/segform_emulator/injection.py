"""Faults that tests ask for: what goes wrong, with which requests, and how often."""

from __future__ import annotations

import random
from decimal import Decimal
from fnmatch import fnmatchcase
from typing import Any

from .errors import Dropped, Fault, bad_request, forbidden, not_found

KINDS = {
    "disconnect": "the connection ends before anything was carried out",
    "drop_after_commit": "the request is carried out, then the connection ends without an answer",
    "error_before": "`status` (500) with an error body; nothing was carried out",
    "error_after": "`status` (500) with an error body, though the request was carried out",
    "html": "`status` (502) with a page of HTML; nothing was carried out",
    "truncated": "carried out, and half of the answer's body, with a length that fits",
    "slow": "the answer comes `seconds` (0.2) late",
    "shifted_page": "somebody deletes the list's first object (or `id`) before this page is read",
    "missing_from_page": "the first object (or `id`) of this page is left out, though it exists",
    "hidden": "what the request names is not found, as right after its creation",
}
_LONGEST = 3_600
PAGE = b"<html><head><title>502 Bad Gateway</title></head><body>502 Bad Gateway</body></html>"
_BEFORE = ("disconnect", "error_before", "html", "hidden")
_NUMBERS = ("count", "after", "status", "seconds", "probability", "random")
_NUMBER = (int, float, Decimal)
_TEXTS = ("kind", "method", "path", "operation", "id")


class Injection:
    """One fault.

    * `operation`, `method`, `path` (with `*`) narrow down what it meets;
    * `after` requests pass first; then it meets `count` (1), or with 0 all that follow;
    * `probability` (1): of the requests that it is meant for, so many are met, by a die that falls
      the same way in every run (`random`, 0, says which way);
    * `status`, `seconds`, `id` as its kind says.
    """

    def __init__(self, given: dict[str, Any]) -> None:
        for name, value in given.items():
            expected = str if name in _TEXTS else _NUMBER if name in _NUMBERS else ()
            if not isinstance(value, expected) or isinstance(value, bool):
                raise bad_request(f"A fault has no {name!r} like {value!r}.")
        if given.get("kind") not in KINDS:
            raise bad_request(f"The kind of a fault is one of {', '.join(KINDS)}.")
        self.given = dict(given)
        self.kind: str = given["kind"]
        self.before = self.kind in _BEFORE
        self.status = int(given.get("status", 502 if self.kind == "html" else 500))
        self.seconds = float(given.get("seconds", 0.2))
        self.id: str | None = given.get("id")
        self.after = int(given.get("after", 0))
        self.count = int(given.get("count", 1))
        self.probability = float(given.get("probability", 1))
        if not 0 <= self.probability <= 1:
            raise bad_request("The probability of a fault is a number from 0 to 1.")
        if not 0 <= self.seconds <= _LONGEST:
            raise bad_request(f"The seconds of a fault are a number from 0 to {_LONGEST}.")
        if not 200 <= self.status <= 599:
            raise bad_request("The status of a fault is a number from 200 to 599.")
        self._die = random.Random(int(given.get("random", 0)))  # noqa: S311 - no secret
        self.met = 0

    def matches(self, method: str, path: str, operation: str) -> bool:
        """Whether it is meant for such a request."""
        wanted = self.given
        return (
            wanted.get("method", method).upper() == method
            and wanted.get("operation", operation) == operation
            and fnmatchcase(path, wanted.get("path", path))
        )

    def falls(self) -> bool:
        """Whether the die says so this time."""
        return self.probability >= 1 or self._die.random() < self.probability

    def told(self) -> dict[str, Any]:
        """What was asked for, and how many requests it has met."""
        return {**self.given, "met": self.met}


class Injections:
    """The faults that wait, in the order in which they were asked for."""

    def __init__(self) -> None:
        self.waiting: list[Injection] = []

    def add(self, given: dict[str, Any]) -> Injection:
        """One more. Raises `Fault` 400 for what is none."""
        made = Injection(given)
        self.waiting.append(made)
        return made

    def clear(self) -> None:
        """Nothing goes wrong any more."""
        self.waiting.clear()

    def take(self, method: str, path: str, operation: str) -> Injection | None:
        """The fault that meets this request, if one does."""
        for one in self.waiting:
            if not one.matches(method, path, operation):
                continue
            if one.after > 0:
                one.after -= 1
                continue
            if not one.falls():
                continue
            one.met += 1
            if one.met == one.count:
                self.waiting.remove(one)
            return one
        return None


class Page(Exception):
    """A page of HTML instead of an answer."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


_KINDS = {
    400: "bad-request",
    401: "unauthorized",
    403: "forbidden",
    404: "not-found",
    409: "conflict",
    422: "input-validation",
    429: "RequestError",
}


def strike(fault: Injection) -> None:
    """Raises what stands for an answer of the service: `Fault`, `Page` or `Dropped`."""
    if fault.kind == "disconnect":
        raise Dropped
    if fault.kind == "html":
        raise Page(fault.status)
    if fault.kind == "hidden":
        raise not_found("The object")
    if fault.status == 403:
        raise forbidden("The role of this token is too small.")
    data = {"remainingPoints": 0, "msBeforeNext": 20, "consumedPoints": 1}
    raise Fault(
        fault.status,
        _KINDS.get(fault.status, "internal"),
        "An unexpected error occurred." if fault.status >= 500 else "Refused on request.",
        data=data if fault.status == 429 else None,
    )
