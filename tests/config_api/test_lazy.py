"""Importing the package costs next to nothing, and its names are what they say."""

from __future__ import annotations

import subprocess
import sys

import pytest

from segform import config_api


def test_nothing_is_imported_before_it_is_used() -> None:
    code = (
        "import sys, segform.config_api as c; "
        "assert 'segform.transport' not in sys.modules, 'transport'; "
        "from segform.config_api import names; names.source('a', 'b'); "
        "assert 'segform.transport' not in sys.modules, 'transport'; "
        "c.ConfigAPI('t'); assert 'httpx' not in sys.modules, 'httpx'"
    )
    subprocess.run([sys.executable, "-c", code], check=True, env={"PYTHONSAFEPATH": "1"})


@pytest.mark.parametrize("first", config_api.__all__)
def test_names_do_not_hide_each_other(first: str) -> None:
    """Whatever is imported first, the functions stay functions."""
    code = (
        f"from segform.config_api import {first}; "
        "from segform.config_api import migrate, catalogue, Note; "
        "assert callable(migrate) and callable(catalogue) and isinstance(Note, type)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, env={"PYTHONSAFEPATH": "1"})


def test_unknown_names() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        _ = config_api.nothing
    assert set(config_api.__all__) <= set(dir(config_api))
    assert all(getattr(config_api, name) is not None for name in config_api.__all__)
