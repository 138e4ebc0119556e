"""The emulator's own catalogue, and the large one where it lies beside the checkout."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from segform.catalog import Catalog
from segform_emulator.catalog import Catalog as Stored

LARGE = Path(__file__).resolve().parents[3] / "shared" / "catalog"


@pytest.fixture(scope="session")
def catalog() -> Catalog:
    """What the emulator answers."""
    stored = Stored()
    return Catalog(
        sources=stored.all("sources"),
        destinations=stored.all("destinations"),
        warehouses=stored.all("warehouses"),
    )


@pytest.fixture(scope="session")
def large() -> Catalog:
    """503 destinations; the project does not contain them."""
    if not LARGE.is_dir():
        pytest.skip("NOT RUN: the large catalogue (../shared/catalog) is not beside this checkout")
    lists = {
        name: json.loads((LARGE / f"{name}.json").read_text(encoding="utf-8"))
        for name in ("sources", "destinations", "warehouses")
    }
    return Catalog(**lists)
