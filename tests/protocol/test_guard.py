"""The deletion guard and replacements that somebody asked for (`-replace`, `replace_triggered_by`).

Terraform shows the provider of such a one an object that stays as it is, and then a create.
"""

from __future__ import annotations

from typing import Any

import pytest

from segform.resources import registry

from .conftest import Start
from .core import Core, DiagnosticsError
from .shop import shop

# A sweep over all guarded kinds.
pytestmark = pytest.mark.slow

GUARDED = [kind for kind, definition in registry().items() if definition.about.guard]
ADDRESSES = {address.partition(".")[0].removeprefix("segment_"): address for address in shop()}


def _held(start: Start, kind: str, **provider: Any) -> Core:
    core = start()
    core.apply(shop())
    core.restart({**core._provider, **provider})
    core.replacing = {ADDRESSES[kind]}
    return core


@pytest.mark.parametrize("refresh", [True, False])
@pytest.mark.parametrize("kind", GUARDED)
def test_what_is_asked_to_be_replaced_is_protected(start: Start, kind: str, refresh: bool) -> None:
    core = _held(start, kind, protect=[kind])
    with pytest.raises(DiagnosticsError, match="would be replaced by a new one") as caught:
        core.plan(shop(), refresh=refresh)
    assert "protect_except" in str(caught.value)
    # Let go by its key it may be replaced.
    key = str(caught.value).partition('protect_except = ["')[2].partition('"]')[0]
    core.restart({**core._provider, "protect_except": [key]})
    assert (ADDRESSES[kind], "replace") in [(c.address, c.action) for c in core.plan(shop())]


@pytest.mark.parametrize("kind", GUARDED)
def test_without_protect_it_is_warned_of_once(start: Start, kind: str) -> None:
    core = _held(start, kind)
    [change] = [one for one in core.plan(shop()) if one.address == ADDRESSES[kind]]
    assert ["would be replaced" in one.detail for one in change.said].count(True) == 1


def test_what_hangs_on_it_is_still_asked(start: Start) -> None:
    """A plan that no source uses is not guarded, whoever has it replaced."""
    core = _held(start, "tracking_plan", protect=["tracking_plan"])
    lonely = {"segment_tracking_plan.alone": {"name": "Alone", "type": "LIVE"}}
    core.replacing = set()
    core.apply({**shop(), **lonely})
    core.replacing = set(lonely)
    assert [one.action for one in core.plan({**shop(), **lonely})] == ["replace"]


def test_a_replacement_of_ours_is_told_once(start: Start) -> None:
    core = _held(start, "source")
    core.replacing = set()
    changed = shop(source={"metadata": {"id": "dZeHygTSD4"}})
    [change] = [one for one in core.plan(changed) if one.address == ADDRESSES["source"]]
    # The first answer's warnings are not the change's; the second one has none of its own.
    assert not any("would be replaced" in one.detail for one in change.said)
