"""Generates `docs/reference/roles.md`: what role a token's operations need, where that is known.

What the contract says of an operation is documented. Where it is silent, `roles.json` has what the
descriptions of the roles say of a family: followed, not documented. All else is unknown.
"""

from __future__ import annotations

import json
from typing import Any

from . import words
from .facts import ROOT, Contract, Facts

SOURCE = ROOT / "contract" / "roles.json"
# A role of each list is needed.
Needs = list[list[str]]

HEAD = """# Operations by the role that they need

Generated from `contract/segment-public-api.json` and `contract/roles.json` by
`contract/generate.py`. Of {documented} of the {count} operations the roles are documented, of
{followed} they follow from what Segment's documentation says of the roles, of {unknown} they are
unknown.

* **documented**: the operation's own documentation names the roles
* **follows**: the description of the role covers it; the operation itself names none
* **unknown**: nothing says; try it with the smallest role, on a workspace that is not in use

A `Workspace Owner` may use every operation. A role that is too small is answered with 401 or 403
(`AuthenticationError`, `PermissionDeniedError`), or with less: without source admin, write keys are
missing from what is read. [Which token to take](../guides/onboarding.md).
"""


def known() -> dict[str, Any]:
    """What `roles.json` holds."""
    found: dict[str, Any] = json.loads(SOURCE.read_text(encoding="utf-8"))
    return found


def needs(op: Facts, facts: dict[str, Any]) -> tuple[str, Needs]:
    """How it is known what an operation needs, and what: a role out of each list."""
    documented = op.entry.get("permissions")
    if documented:
        return "documented", [documented]
    exact: Needs | None = facts["operations"].get(op.id)
    if exact:
        return "follows", exact
    family: dict[str, Needs] = facts["families"].get(op.family, {})
    found = family.get("reads" if op.effect == "read" else "writes")
    return ("follows", found) if found else ("unknown", [])


def roles_page(contract: Contract) -> str:
    """The text of the page: a section for each need, the smallest first, the unknown last."""
    facts = known()
    groups: dict[str, list[tuple[Facts, str]]] = {}
    counts = dict.fromkeys(("documented", "follows", "unknown"), 0)
    for op in contract.operations:
        how, needed = needs(op, facts)
        counts[how] += 1
        groups.setdefault(_words(needed, facts["owner"]), []).append((op, how))
    head = HEAD.format(
        count=len(contract.operations),
        documented=counts["documented"],
        followed=counts["follows"],
        unknown=counts["unknown"],
    )
    parts = [head]
    for title in sorted(groups, key=lambda one: (one == UNKNOWN, one)):
        parts.append(f"\n## {title}\n\n| call | operation | what it does | known |")
        parts.append("\n|---|---|---|---|")
        for op, how in sorted(groups[title], key=lambda one: (one[0].family, one[0].call)):
            cells = [f"`{op.family}.{op.call}`", f"`{op.id}`", words.purpose(op), how]
            parts.append("\n| " + " | ".join(cells) + " |")
        parts.append("\n")
    return "".join(parts)


UNKNOWN = "Unknown"


def _words(needed: Needs, owner: str) -> str:
    if not needed:
        return UNKNOWN
    if needed == [[owner]]:
        return f"{owner} alone"
    return ", and ".join(" or ".join(one for one in some if one != owner) for some in needed)
