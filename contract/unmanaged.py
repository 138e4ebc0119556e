"""Generates `docs/reference/not-managed.md`: what Segment's API does not manage.

What it has no operation for is kept in `not-managed.json`, with the words that would be in the
path if it had one: `wrong` finds the entries that a newer contract has overtaken. What can only be
read, not changed or not deleted follows from the operations.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from . import words
from .facts import ROOT, Contract, Facts
from .families import Method
from .typed import Types

SOURCE = ROOT / "contract" / "not-managed.json"

HEAD = """# What Segment's API does not manage

Generated from `contract/not-managed.json` and `contract/segment-public-api.json` by
`contract/generate.py`, for version {version} of the Public API. Nothing on this page can be done
with the client, the provider or any other tool that speaks the API.

## There is no operation for it

| what | what to do instead |
|---|---|
"""
READ_ONLY = """
## It can only be read

| what | operations |
|---|---|
"""
UNCHANGED = """
## It can be made, and never be changed

To change one, delete it and make another; what refers to it has to be told.

| what | made by |
|---|---|
"""
UNDELETED = """
## It can be made, and never be deleted

| what | made by | what to do instead |
|---|---|---|
"""
FIXED = """
## It is given once, at creation

These fields are in the body that creates the object and not in the one that changes it. Another
value means another object: in Terraform, a replacement.

| object | fields |
|---|---|
"""
UNSEEN = """
## It is listed, and not read by its id

Its absence from a list can be a page that shifted. Ask twice before you believe it.

| what | operation |
|---|---|
"""
# What there is instead of deleting, by family and part.
INSTEAD = {
    "audiences.previews": "nothing: a preview is a result",
    "customer_insights": "nothing: the links end by themselves",
    "dbt": "nothing: a sync that was asked for runs",
    "deletion_and_suppression": "nothing: a regulation cannot be called back",
    "deletion_and_suppression.cloud_sources": "nothing: a regulation cannot be called back",
    "deletion_and_suppression.sources": "nothing: a regulation cannot be called back",
    "functions.versions": "nothing: versions stay",
    "groups.permissions": "`replace` with the ones that remain",
    "reverse_etl.syncs": "`cancel` one that is running",
    "sources.labels": "`replace` with the ones that remain",
    "users.permissions": "`replace` with the ones that remain",
}
_MAKES = ("create", "add", "create_download", "trigger_model_sync", "restore")
_CHANGES = ("update", "replace")
_DELETES = ("delete", "remove", "delete_code")


def known() -> list[dict[str, Any]]:
    """The entries of `not-managed.json`."""
    found: list[dict[str, Any]] = json.loads(SOURCE.read_text(encoding="utf-8"))["missing"]
    return found


def wrong(contract: Contract, entries: list[dict[str, Any]]) -> list[str]:
    """What is no longer so: an operation that there is now, or one that is gone."""
    there: dict[str, str] = {}
    for op in contract.operations:
        fixed = re.sub(r"{[^}]*}", "", op.path).lower()
        for word in re.split(r"[^a-z]+", fixed):
            there.setdefault(word, op.id)
    ids = {op.id for op in contract.operations}
    found = [
        f"{entry['what']}: {there[word]} has {word!r} in its path"
        for entry in entries
        for word in entry["absent"]
        if word in there
    ]
    found += [
        f"{entry['what']}: there is no {one}"
        for entry in entries
        for one in entry.get("use", ())
        if one not in ids
    ]
    return found


def unmanaged_page(contract: Contract, types: Types) -> str:
    """The text of the page. Raises ValueError where an entry is no longer so."""
    entries = known()
    problems = wrong(contract, entries)
    if problems:
        raise ValueError("; ".join(problems))
    by_id = {op.id: op for op in contract.operations}
    parts = [HEAD.format(version=contract.document["version"])]
    for entry in entries:
        calls = ", ".join(_call(by_id[one]) for one in entry.get("use", ()))
        parts.append(f"| {entry['what']} | {entry['instead']}{f' {calls}' if calls else ''} |\n")
    parts.append(READ_ONLY)
    parts += [f"| {what} | {', '.join(map(_call, ops))} |\n" for what, ops in _read_only(contract)]
    parts.append(UNCHANGED)
    parts += [f"| {what} | {', '.join(map(_call, ops))} |\n" for what, ops in _unchanged(contract)]
    parts.append(UNDELETED)
    for key, what, ops in _undeleted(contract):
        parts.append(f"| {what} | {', '.join(map(_call, ops))} | {INSTEAD[key]} |\n")
    parts.append(FIXED)
    parts += [f"| {what} | {', '.join(names)} |\n" for what, names in _fixed(contract, types)]
    parts.append(UNSEEN)
    parts += [f"| {what} | {_call(op)} |\n" for what, op in _unseen(contract)]
    return "".join(parts)


def _call(op: Facts) -> str:
    return f"`{op.family}.{op.call}`"


def _parts(contract: Contract) -> Iterator[tuple[str, str, list[Facts]]]:
    """Key, words and operations of each part of each family."""
    for family in sorted(contract.families):
        grouped: dict[str, list[Facts]] = {}
        for op in contract.of_family(family):
            grouped.setdefault(op.part, []).append(op)
        for part, ops in grouped.items():
            what = words.part_of(family, part) if part else _family(family)
            yield f"{family}.{part}" if part else family, what, ops


def _family(family: str) -> str:
    if family not in words.NOUNS:
        return words.FAMILIES[family].partition(":")[0]
    many = words.plural(words.NOUNS[family])
    return many[0].upper() + many[1:]


def _having(ops: list[Facts], verbs: tuple[str, ...]) -> list[Facts]:
    return [op for op in ops if op.verb in verbs]


def _read_only(contract: Contract) -> Iterator[tuple[str, list[Facts]]]:
    for _, what, ops in _parts(contract):
        if all(op.effect == "read" for op in ops):
            yield what, ops


def _unchanged(contract: Contract) -> Iterator[tuple[str, list[Facts]]]:
    for _, what, ops in _parts(contract):
        made = _having(ops, _MAKES)
        if made and _having(ops, _DELETES) and not _having(ops, _CHANGES):
            yield what, made


def _undeleted(contract: Contract) -> Iterator[tuple[str, str, list[Facts]]]:
    for key, what, ops in _parts(contract):
        made = _having(ops, _MAKES)
        if made and not _having(ops, _DELETES):
            yield key, what, made


def _fixed(contract: Contract, types: Types) -> Iterator[tuple[str, list[str]]]:
    for _, what, ops in _parts(contract):
        made, changed = _having(ops, ("create", "add")), _having(ops, ("update",))
        if not made or not changed or made[0].body_name is None:
            continue
        bodies = [
            {a.name for a in Method(op, types).arguments if a.place == "body"}
            for op in (made[0], changed[0])
        ]
        names = sorted(bodies[0] - bodies[1])
        if names:
            yield what, [f"`{name}`" for name in names]


def _unseen(contract: Contract) -> Iterator[tuple[str, Facts]]:
    for _, what, ops in _parts(contract):
        lists = _having(ops, ("list",))
        if lists and _having(ops, _MAKES) and not _having(ops, ("get",)):
            yield what, lists[0]
