"""What all tests share."""

from __future__ import annotations

import pytest


@pytest.fixture
def terraform() -> str:
    """The real terraform."""
    import shutil

    found = shutil.which("terraform")
    if found is None:
        pytest.skip("terraform is not on PATH")
    return found
