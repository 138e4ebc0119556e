"""Generates `docs/reference/operations.md`: every operation, its call, limit and stability."""

from __future__ import annotations

from . import words
from .facts import Contract, Facts
from .families import Method
from .typed import Types

HEAD = """# Operations

Generated from `contract/segment-public-api.json` by `contract/generate.py`: {count} operations of
the Public API {version} in {families} families. Each is a method of `Segment` and, awaited, of
`AsyncSegment`; `client.request("operationId", path=, query=, body=)` sends any of them by its id.

* **limit**: requests the endpoint takes in the time named; "default" is the shared limit, which
  is not published and is learned from the answers' headers.
* **repeat**: after a failure, `read` and `yes` are sent again; `no` only when it surely was not
  carried out, otherwise the error has `.ambiguous` set.
"""


def reference_page(contract: Contract, types: Types) -> str:
    """The text of the page."""
    parts = [
        HEAD.format(
            count=len(contract.operations),
            version=contract.document["version"],
            families=len(contract.families),
        )
    ]
    for family in sorted(contract.families):
        parts.append(f"\n## {family}\n\n{words.FAMILIES[family]}.\n")
        parts.append("\n| call | operation | sends | stability | limit | repeat |")
        parts.append("\n|---|---|---|---|---|---|")
        parts += [_row(op, types) for op in contract.of_family(family)]
        parts.append("\n")
    return "".join(parts)


def _row(op: Facts, types: Types) -> str:
    arguments = Method(op, types).arguments
    taken = [a.name for a in arguments if a.place == "path"]
    taken += [f"{a.name}=" for a in arguments if a.place != "path" and a.required]
    more = ", …" if any(not a.required for a in arguments) else ""
    call = f"`{op.family}.{op.call}({', '.join(taken)}{more})`".replace("(, …", "(…")
    repeat = {"read": "read", "repeatable": "yes", "once": "no"}[op.effect]
    limit = words.limit(op) if op.limits else "default"
    cells = [
        f"{call}<br>{words.purpose(op)}",
        f"`{op.id}`",
        f"`{op.method} {op.path}`",
        op.stability,
        limit,
        repeat,
    ]
    return "\n| " + " | ".join(cells) + " |"
