"""A plan on its way from the pull request to the apply: bound to the files it was made from.

Sealed where `SEGFORM_PLAN_KEY` is set, so that whoever may read or write the place where it waits
can neither read nor forge it. A plan of Terraform holds secrets and is run as it is: it is always
sealed.
"""

from __future__ import annotations

import base64
import hashlib
import json
from pathlib import Path
from typing import Any, NamedTuple

_FORMAT, _VERSION = "segform.reviewed", 1
_SHORTEST = 20


class NotReviewedError(Exception):
    """There is no such plan that may be applied; nothing was done."""


class Reviewed(NamedTuple):
    """A plan, the engine that made it, and the tree that it was made from."""

    tree: str
    engine: str
    plan: bytes


def write(path: Path, reviewed: Reviewed, key: str) -> None:
    """Write a plan (0600), sealed unless `key` is empty. Raises ValueError for a short key."""
    document = {
        "format": _FORMAT,
        "version": _VERSION,
        "tree": reviewed.tree,
        "engine": reviewed.engine,
        "plan": base64.b64encode(reviewed.plan).decode("ascii"),
    }
    content = json.dumps(document).encode("ascii")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.write_bytes(_cipher(key).encrypt(content) if key else content)


def read(path: Path, key: str, *, tree: str, engine: str) -> bytes:
    """The plan that was reviewed for this tree. Raises `NotReviewedError`."""
    if not path.exists():
        raise NotReviewedError(
            "there is no reviewed plan for these files: the branch moved on after the pull request "
            "was planned, or its plan has expired. Plan again, in a pull request of its own"
        )
    try:
        content = path.read_bytes()
        found = json.loads(_cipher(key).decrypt(content) if key else content)
        if (found["format"], found["version"]) != (_FORMAT, _VERSION):
            raise ValueError("another format")
        reviewed = Reviewed(found["tree"], found["engine"], base64.b64decode(found["plan"]))
    except Exception as problem:
        if isinstance(problem, ModuleNotFoundError):
            raise
        raise NotReviewedError(
            f"{path} is no reviewed plan, or SEGFORM_PLAN_KEY is not the one that sealed it"
        ) from None
    if reviewed.engine != engine:
        raise NotReviewedError(f"{path} was made by {reviewed.engine}, not by {engine}")
    if reviewed.tree != tree:
        raise NotReviewedError(
            f"the plan was made for the files {reviewed.tree[:12]}, and these are {tree[:12]}: "
            "plan again"
        )
    return reviewed.plan


def _cipher(key: str) -> Any:
    from cryptography.fernet import Fernet

    if len(key) < _SHORTEST:
        raise ValueError(f"SEGFORM_PLAN_KEY has {len(key)} characters; give a random one of 32")
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(key.encode()).digest()))
