"""The catalogue for commands that need none but are better with one."""

from __future__ import annotations

import json
from pathlib import Path

import click

from segform.catalog import Catalog
from segform.lifecycle import catalog_cache


def at_hand(path: Path | None, *, refresh: bool) -> tuple[Catalog | None, list[str]]:
    """The catalogue of a file, of the API (`refresh`), or of the cache; and what to say of it."""
    if path is not None:
        try:
            return Catalog.from_document(json.loads(path.read_text(encoding="utf-8"))), []
        except (ValueError, RecursionError) as bad:
            raise click.ClickException(f"{path} is no catalogue: {bad}") from None
    if refresh:
        return _fetched(), []
    cached = catalog_cache.file_of(_address())
    try:
        found = catalog_cache.load(cached)
    except ValueError as bad:
        return None, [str(bad)]
    if found is None:
        return None, []
    age = catalog_cache.age(found)
    if age is not None and age > catalog_cache.OLD:
        return found, [f"the catalogue at hand is {age.days} days old; `--refresh` asks again"]
    return found, []


def _address() -> str:
    """The address of the API that this environment names."""
    import os

    named = os.environ.get("SEGMENT_API_URL") or os.environ.get("PUBLIC_API_URL")
    if named:
        return named
    eu = os.environ.get("SEGMENT_REGION", "").lower() == "eu"
    return catalog_cache.US.replace("api.", "eu1.api.", 1) if eu else catalog_cache.US


def _fetched() -> Catalog:
    from segform import Segment
    from segform.errors import SegformError

    url = _address()
    try:
        with Segment(read_only=True) as client:
            found = catalog_cache.fetch(client, url)
        catalog_cache.save(found, catalog_cache.file_of(url))
    except (SegformError, OSError) as bad:
        raise click.ClickException(f"the catalogue could not be fetched: {bad}") from None
    return found
