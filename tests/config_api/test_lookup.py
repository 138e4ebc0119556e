"""From the legacy catalogue's names to ids of the Public API."""

from __future__ import annotations

from segform.config_api import catalogue
from segform.config_api.lookup import looked_up
from segform_emulator import Emulator

from .both import public


def test_a_catalogue_of_the_public_api() -> None:
    with public(Emulator()) as segment:
        made = catalogue(
            sources=segment.catalog.sources.list(), destinations=segment.catalog.destinations.list()
        )
    assert made["catalog/sources/javascript"] == "IqDTy1TpoU"
    assert made["catalog/destinations/amplitude"] == "54521fd525e721e32a72ee91"


def test_the_first_of_one_slug_counts_and_none_is_left_out() -> None:
    entries = [
        {"id": "1", "slug": "a"},
        {"id": "2", "slug": "a"},
        {"id": "3", "slug": ""},
        {"id": "4"},
    ]
    assert catalogue(sources=entries) == {"catalog/sources/a": "1"}
    assert catalogue() == {}


def test_forms_of_a_lookup() -> None:
    assert looked_up(None, "catalog/sources/a") is None
    assert looked_up({"catalog/sources/a": "1"}, "catalog/sources/a") == "1"
    assert looked_up({"a": "1"}, "catalog/sources/a") == "1"
    assert looked_up({"a": ""}, "catalog/sources/a") is None
    assert looked_up(lambda name: name[-1:], "catalog/sources/a") == "a"
    assert looked_up(lambda _: None, "catalog/sources/a") is None
