"""Documents of a catalogue, its cache, and the nearest entries."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from segform import Segment
from segform.catalog import Catalog, nearest
from segform.lifecycle import catalog_cache
from segform_emulator import Emulator


def test_a_document_is_read_back(catalog: Catalog) -> None:
    again = Catalog.from_document(json.loads(json.dumps(catalog.document())))
    assert again.document() == catalog.document()
    assert repr(again) == "<Catalog of 12 sources, 23 destinations, 7 warehouses>"
    # What the emulator takes is a document too.
    assert Catalog.from_document([{"id": "x", "name": "X"}]).entry("destination", "x")
    assert Catalog.from_document({"sources": [{"id": "x"}]}).entry("source", "x")


@pytest.mark.parametrize(
    ("document", "words"),
    [
        (7, "a JSON object"),
        ({}, "none of sources"),
        ({"format": "segform.plan", "sources": []}, "'segform.plan'"),
        ({"version": 2, "sources": []}, "version 2"),
        ({"sources": {}}, "not a list"),
        ({"sources": [{"name": "no id"}]}, "has no id"),
        ({"sources": ["text"]}, "has no id"),
    ],
)
def test_what_is_no_catalogue_is_refused(document: object, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        Catalog.from_document(document)


def test_the_nearest_entries(catalog: Catalog) -> None:
    found = nearest(catalog.entries("source"), "javascriptt")
    assert found[0]["slug"] == "javascript"
    assert nearest(catalog.entries("source"), "qqqqqqqq") == []


def test_fetched_once_kept_and_read_with_its_age(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    path = catalog_cache.file_of("https://eu1.api.segmentapis.com")
    assert path == tmp_path / "segform" / "catalog-eu1.api.segmentapis.com.json"
    assert catalog_cache.load(path) is None

    emulator = Emulator()
    client = Segment(emulator.token, url="https://emulator.example", transport=emulator.transport())
    catalog_cache.save(catalog_cache.fetch(client), path)
    found = catalog_cache.load(path)
    assert found is not None
    assert len(found.entries("destination")) == 23
    age = catalog_cache.age(found)
    assert age is not None
    assert timedelta(0) <= age < timedelta(minutes=5)
    assert [one.name for one in path.parent.iterdir()] == [path.name]


@pytest.mark.parametrize("text", ["{", "[[]]", "{}", "[" * 100_000])
def test_a_broken_cache_is_named_with_the_mend(tmp_path: Path, text: str) -> None:
    path = tmp_path / "catalog.json"
    path.write_text(text)
    with pytest.raises(ValueError, match=r"holds no catalogue: .*Remove it"):
        catalog_cache.load(path)


def test_a_catalogue_that_does_not_say_when_has_no_age() -> None:
    assert catalog_cache.age(Catalog()) is None
    assert catalog_cache.age(Catalog(fetched="yesterday")) is None
