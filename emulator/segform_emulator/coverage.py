"""What the emulator covers, as a page: operations that keep state, and how well each fact is known.

`python -m segform_emulator.coverage` writes it to standard output.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from .contract import document, operations
from .example import HEADER
from .families import HANDLERS
from .injection import KINDS

BADGES = {
    "documented": "the service's documents say so",
    "seen in SDK": "the official SDKs or the official provider show it",
    "inferred": "it follows from something else that is known",
    "unknown": "nobody says; this is our choice, and tolerant clients do not depend on it",
}


class Fact(NamedTuple):
    """One thing that the emulator does as the service does, and how well that is known."""

    topic: str
    what: str
    badge: str


FACTS = (
    Fact("wire", "success is `data`, failure is `errors`, never both", "documented"),
    Fact(
        "wire", "media types `v1`, `v1beta`, `v1alpha` and `stable`, `beta`, `alpha`", "documented"
    ),
    Fact("wire", "an operation asked for in a version that it lacks: 404", "unknown"),
    Fact("wire", "401 for a missing, unknown or revoked token", "documented"),
    Fact("wire", "403 for a role that is too small", "inferred"),
    Fact("wire", "404 for an id of another workspace", "inferred"),
    Fact("wire", "a token of one region is refused by the other", "inferred"),
    Fact("wire", '422 with `"field" is required`', "documented"),
    Fact("wire", "413 above 10 MiB of body, 414 above 16 KiB of address", "unknown"),
    Fact("wire", "unknown attributes of a body are ignored", "unknown"),
    Fact("wire", "400 for a body that is no JSON object in UTF-8", "unknown"),
    Fact("wire", "400 for JSON nested deeper than 200, and exponents above 1,000", "unknown"),
    Fact("wire", "408 for a request that is not complete in 30 seconds", "unknown"),
    Fact("wire", "400 for what is no HTTP, 431 above 64 KiB of head", "unknown"),
    Fact("wire", "times in ISO 8601 with milliseconds", "seen in SDK"),
    Fact("wire", "times as `2006-01-02 15:04:05+00:00`, when asked for", "documented"),
    Fact("wire", "eventual consistency, when asked for: what was just made is 404", "seen in SDK"),
    Fact("wire", "eventual consistency: what was just deleted is still listed", "unknown"),
    Fact("pages", "dotted, bracket and JSON form of `pagination`", "seen in SDK"),
    Fact("pages", "200 objects where no count is given, 1000 at most", "documented"),
    Fact("pages", "`next` and `previous` are absent where there is none", "documented"),
    Fact(
        "pages", "cursors are offsets: a concurrent delete shifts the pages that follow", "inferred"
    ),
    Fact("limits", "`X-RateLimit-*` headers and the body of a 429", "documented"),
    Fact("limits", "`Retry-After` in whole seconds on a 429", "seen in SDK"),
    Fact("limits", "limits of single endpoints", "seen in SDK"),
    Fact("limits", "fixed windows of a minute", "inferred"),
    Fact(
        "limits", "120 downloads a day and workspace, 700 previews a month and space", "seen in SDK"
    ),
    Fact("limits", "days and months are those of UTC", "unknown"),
    Fact("limits", "a shared default of 1,000 a minute", "unknown"),
    Fact("sources", "201 on creation; destinations, plans and filters answer 200", "seen in SDK"),
    Fact("sources", "the stable creation takes no name, the alpha one does", "seen in SDK"),
    Fact("sources", "one write key is made with the source", "inferred"),
    Fact("sources", "no write keys without source admin", "seen in SDK"),
    Fact("sources", "409 for a slug that is taken", "inferred"),
    Fact(
        "sources",
        "new ones load into all warehouses unless `disconnectAllWarehouses`",
        "seen in SDK",
    ),
    Fact("sources", "destinations, filters and connections go with their source", "inferred"),
    Fact("sources", "settings are merged by key; null removes", "inferred"),
    Fact("sources", "422 for labels that do not exist, or two values of one key", "inferred"),
    Fact("sources", "422 for an empty or unknown source to forward to", "documented"),
    Fact("destinations", "the whole catalogue entry is in every answer", "seen in SDK"),
    Fact("destinations", "settings hold every option with its default", "seen in SDK"),
    Fact("destinations", "ten bullets and the last four characters of a secret", "documented"),
    Fact("destinations", "which options are secrets: by type and by name", "inferred"),
    Fact("destinations", "a mask that is sent back replaces the secret", "inferred"),
    Fact("destinations", "400 for a second instance where the catalogue allows one", "seen in SDK"),
    Fact("filters", "`/destination/{id}/filters` in the singular", "seen in SDK"),
    Fact("filters", "422 for a source that is not the destination's", "unknown"),
    Fact("filters", "at most ten for a destination", "documented"),
    Fact("filters", "400 for the eleventh", "unknown"),
    Fact("filters", "a preview is null for an event that is dropped", "inferred"),
    Fact("FQL", "422 for what does not parse, in filters, triggers, transformations", "unknown"),
    Fact("FQL", "triggers that the catalogue proposes are taken, whatever they are", "inferred"),
    Fact("FQL", "`AND`, `OR` and `==` are taken", "seen in SDK"),
    Fact("FQL", "at most 5 KB", "documented"),
    Fact("tracking plans", "updates and rule writes answer a status only", "seen in SDK"),
    Fact("tracking plans", "two plans may have one name", "unknown"),
    Fact("tracking plans", "at most 200 rules in a request", "documented"),
    Fact("tracking plans", "400 for PUT on a plan that holds more than 200", "seen in SDK"),
    Fact("tracking plans", "a rule is its type, key and version; versions are exact", "inferred"),
    Fact("tracking plans", "no key for IDENTIFY, GROUP and COMMON", "seen in SDK"),
    Fact(
        "tracking plans", "schemas come back with `id`, `labels` and types as lists", "seen in SDK"
    ),
    Fact("tracking plans", "removing a rule that is gone succeeds", "unknown"),
    Fact("tracking plans", "400 for a source that has another plan", "inferred"),
    Fact("tracking plans", "connections and rules go with their plan", "inferred"),
    Fact("tracking plans", "the rule of Consent Management is in every plan", "documented"),
    Fact("tracking plans", "writes neither change nor remove it", "inferred"),
    Fact("labels", "start with a letter; letters, digits and dashes", "documented"),
    Fact("labels", "one in use stays (400)", "inferred"),
    Fact("warehouses", "their name is `settings.name`; updates need `settings`", "seen in SDK"),
    Fact("warehouses", "passwords are never answered", "seen in SDK"),
    Fact(
        "warehouses", "`ciphertext` and `encrypted` in place of BigQuery's secrets", "seen in SDK"
    ),
    Fact("warehouses", "hosts below `.invalid` cannot be reached, all others can", "unknown"),
    Fact("selective sync", "an update answers UPDATED or UNCHANGED, and warnings", "seen in SDK"),
    Fact("selective sync", "collections follow from events and overrides", "inferred"),
    Fact("selective sync", "the shape of `properties`; a report for each hour", "unknown"),
    Fact("credentials", "409 for one in use, type kept, settings merged by key", "seen in SDK"),
    Fact("credentials", "which roles may use which operation", "documented"),
    Fact("credentials", "who uses one names it in `settings.credentialId`", "inferred"),
    Fact("spaces", "there is no request that makes one", "seen in SDK"),
    Fact("audiences", "pages of 200 at most", "seen in SDK"),
    Fact("audiences", "locked while they compute", "documented"),
    Fact("audiences", "the lock is a 409, on another definition, for 30 seconds", "unknown"),
    Fact("audiences", "schedules are for linked ones", "documented"),
    Fact("audiences", "400 for a schedule of another one", "unknown"),
    Fact("audiences", "names and keys are unique in a space", "inferred"),
    Fact("audiences", "nobody is ever in one", "unknown"),
    Fact(
        "space filters",
        "ten for a space, in pages of ten with a number for a cursor",
        "seen in SDK",
    ),
    Fact("profiles sync", "no read of a single one", "seen in SDK"),
    Fact("profiles sync", "the schema is the space's slug, and new", "seen in SDK"),
    Fact("profiles sync", "409 for a schema that is there", "unknown"),
    Fact("people", "a user appears when an invitation is accepted", "seen in SDK"),
    Fact("people", "an invitation is known by its address", "seen in SDK"),
    Fact("people", "which roles there are, and that their ids are the same everywhere", "inferred"),
    Fact("people", "at most 200 people, permissions or resources in a request", "documented"),
    Fact("people", "labels of a permission belong to the workspace only", "documented"),
    Fact("people", "422 for a role, resource or member that does not exist", "inferred"),
    Fact("people", "the last owner can be neither removed nor made less", "inferred"),
    Fact("people", "only owners write users, invitations and groups; every role reads", "inferred"),
    Fact("people", "409 for an invitation of who is invited or a user", "unknown"),
    Fact("people", "404 for a user or an invitation to delete that is not there", "unknown"),
    Fact("people", "adding a role that is there already adds its resources", "unknown"),
    Fact("people", "addresses are the same whatever their case", "unknown"),
    Fact("groups", "a name and nothing else on creation", "seen in SDK"),
    Fact(
        "groups", "members are replaced and removed below `/group` in the singular", "seen in SDK"
    ),
    Fact("groups", "users and invited people can be members; who leaves is none", "documented"),
    Fact("groups", "`memberCount` counts invited members", "unknown"),
    Fact("groups", "two groups may have one name; removing who is no member succeeds", "unknown"),
    Fact("audit trail", "which events an operation may leave", "documented"),
    Fact("audit trail", "which of them it leaves; events of operations without any", "inferred"),
    Fact("audit trail", "one event for each object of a write, the newest first", "unknown"),
    Fact(
        "audit trail", "the actor is `tokens/` and the token's role, types are as here", "unknown"
    ),
    Fact("audit trail", "a page goes on where it stopped, whatever happens between", "documented"),
    Fact("audit trail", "the newest 10,000 are kept", "unknown"),
    Fact("events", "dimensions, filters and at most 5,000 series of volumes", "documented"),
    Fact("events", "a series has a point for each step, those without events too", "inferred"),
    Fact(
        "events", "windows: 4 hours, 7 and 14 days, and as far back but for minutes", "documented"
    ),
    Fact("delivery", "windows of the overview: 4 hours, 14 and 30 days", "documented"),
    Fact("delivery", "the attempt of a success is its `discardReason`", "documented"),
    Fact("delivery", "404 for a destination of another source", "unknown"),
    Fact("delivery", "names of the metrics in a destination's summary", "unknown"),
    Fact("usage", "a cumulative entry for each day of the month", "documented"),
    Fact("usage", "who counts as identified, anonymous, and so on", "inferred"),
    Fact("regulations", "asynchronous, forgotten after 90 days", "documented"),
    Fact("regulations", "running after a minute, finished after ten", "unknown"),
    Fact("regulations", "at most 5,000 subjects in a request", "documented"),
    Fact("regulations", "110,000 subjects a month for each class, told in headers", "documented"),
    Fact("regulations", "429 beyond that", "inferred"),
    Fact("regulations", "a source cannot lift what the workspace suppresses", "documented"),
    Fact("regulations", "suppression starts and ends at once; one entry for a subject", "unknown"),
)


def page() -> str:
    """The page, as Markdown."""
    return "\n".join([*_operations(), *_facts(), *_faults(), *_legacy()])


def _operations() -> list[str]:
    families: dict[str, str] = document()["families"]
    every = Counter(operation.family for operation in operations().values())
    here = Counter(operations()[op_id].family for op_id in HANDLERS)
    lines = [
        "# The emulator: what it covers",
        "",
        (
            f"{len(HANDLERS)} of {len(operations())} operations keep state. The others answer from "
            "the contract: every field with a value of its type, nothing remembered, and the "
            f"header `{HEADER}: example` on each."
        ),
        "",
        "| family | keep state | answer from the contract |",
        "|---|---|---|",
    ]
    for family, name in families.items():
        lacking = [
            f"`{operation.id}`"
            for operation in operations().values()
            if operation.family == family and operation.id not in HANDLERS
        ]
        told = ", ".join(lacking) if here[family] else "all" if lacking else ""
        lines.append(f"| {name} | {here[family]} of {every[family]} | {told} |")
    return [*lines, ""]


def _facts() -> list[str]:
    lines = ["## How well each fact is known", ""]
    lines += [f"* **{badge}**: {meaning}" for badge, meaning in BADGES.items()]
    return [*lines, "", *_table(FACTS), ""]


def _table(facts: Iterable[Fact]) -> list[str]:
    rows = [f"| {fact.topic} | {fact.what} | {fact.badge} |" for fact in facts]
    return ["| topic | fact | known |", "|---|---|---|", *rows]


def _faults() -> list[str]:
    lines = ["## Faults (`POST /_emulator/faults`)", "", "| kind | what happens |", "|---|---|"]
    return [*lines, *(f"| `{kind}` | {what} |" for kind, what in KINDS.items()), ""]


def _legacy() -> list[str]:
    """What there is of the Config API, on the same state."""
    from .legacy.facts import FACTS as LEGACY_FACTS
    from .legacy.routes import routes

    lines = [
        "## The legacy Config API (`/v1beta`)",
        "",
        "Over the same workspaces: what is made through one API is seen through the other.",
        "",
        "| operation | request | in the Public API |",
        "|---|---|---|",
    ]
    lines += [
        f"| `{own.id}` | `{own.method} {own.path}` | `{public.id}` |"
        for own, _handler, public in routes()
    ]
    return [*lines, "", *_table(LEGACY_FACTS), ""]


if __name__ == "__main__":
    sys.stdout.write(page())
