"""What the Public API's contract says about each operation; standard library only.

`operation("createSource")` gives the facts by which it is sent, paced, repeated and paged. The
table behind it is generated from `contract/segment-public-api.json`.
"""

from __future__ import annotations

from typing import Final

from ._operations import FAMILIES, SERVERS, TABLE, VERSION

READ: Final = "read"
REPEATABLE: Final = "repeatable"
ONCE: Final = "once"

_MEDIA = {
    "stable": "application/vnd.segment.v1+json",
    "beta": "application/vnd.segment.v1beta+json",
    "alpha": "application/vnd.segment.v1alpha+json",
}
_table: dict[str, str] = {}
_known: dict[str, Operation] = {}


class Operation:
    """One operation of the Public API.

    * `id`, `family`, `call`: `updateRulesInTrackingPlan`, `tracking_plans`, `rules.update`;
    * `method`, `path`: `path` has its parameters in braces;
    * `effect`: `read` (changes nothing), `repeatable` (twice does what once does) or `once`
      (creates or triggers something: never repeated blindly);
    * `stability`: stable, beta or alpha; `accept`, `content_type`: media types to send;
    * `status`: the status of success;
    * `per_minute`: the endpoint's own limit, 0 where the shared default holds;
    * `query`, `body`: names, and whether each is required;
    * `result`: the property of `data` that is the answer, None where all of it is;
    * `pages`: `pagination`, `top` or empty (not paged); `max_count`: its largest page.
    """

    __slots__ = (
        "body",
        "call",
        "effect",
        "family",
        "id",
        "max_count",
        "method",
        "pages",
        "path",
        "per_minute",
        "query",
        "result",
        "stability",
        "status",
    )

    def __init__(self, row: str) -> None:
        fields = row.split(" | ")
        self.id = fields[0]
        self.family, _, self.call = fields[1].partition(".")
        self.method, self.path = fields[2].split(" ")
        self.effect, self.stability, status = fields[3].split(" ")
        self.status = int(status)
        self.per_minute = int(fields[4])
        self.query = _names(fields[5])
        self.body = _names(fields[6])
        self.result = None if fields[7] == "-" else fields[7]
        self.pages, count = ("", "0") if fields[8] == "-" else fields[8].split(" ")
        self.max_count = int(count)

    @property
    def accept(self) -> str:
        """The media type of its most stable version."""
        return _MEDIA[self.stability]

    @property
    def content_type(self) -> str:
        """Plain JSON; the vendor's type where only that is documented (alpha and beta)."""
        return "application/json" if self.stability == "stable" else _MEDIA[self.stability]

    @property
    def reads(self) -> bool:
        """True when it changes nothing, so that a read-only client may send it."""
        return self.effect == READ

    @property
    def path_parameters(self) -> list[str]:
        """The names in braces, in their order."""
        return [part.split("}")[0] for part in self.path.split("{")[1:]]

    def __repr__(self) -> str:
        return f"Operation({self.id}: {self.method} {self.path})"


def _names(text: str) -> dict[str, bool]:
    if text == "-":
        return {}
    return {name.rstrip("*"): name.endswith("*") for name in text.split()}


def _rows() -> dict[str, str]:
    if not _table:
        lines = TABLE.splitlines()[1:]
        _table.update((line[: line.index(" ")], line) for line in lines)
    return _table


def operation(op_id: str) -> Operation:
    """The operation with this id; raises KeyError with the nearest ids for an unknown one."""
    found = _known.get(op_id)
    if found is None:
        row = _rows().get(op_id)
        if row is None:
            from difflib import get_close_matches

            near = ", ".join(get_close_matches(op_id, _rows())) or "none is near"
            raise KeyError(f"no operation {op_id!r} in Public API {VERSION} (near: {near})")
        found = _known[op_id] = Operation(row)
    return found


def operations() -> list[str]:
    """Every operation id, sorted."""
    return list(_rows())


__all__ = [
    "FAMILIES",
    "ONCE",
    "READ",
    "REPEATABLE",
    "SERVERS",
    "VERSION",
    "Operation",
    "operation",
    "operations",
]
