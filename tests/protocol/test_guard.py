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


@pytest.mark.parametrize("refresh", [True, False])
@pytest.mark.parametrize("kind", GUARDED)
def test_what_was_tainted_is_told(start: Start, kind: str, refresh: bool) -> None:
    """Refused where nothing else can be meant, else a warning."""
    core = _held(start, kind, protect=[kind])
    core.replacing, core.tainted = set(), {ADDRESSES[kind]}
    if registry()[kind].about.key_unique:
        with pytest.raises(DiagnosticsError, match="would be replaced by a new one"):
            core.plan(shop(), refresh=refresh)
    else:
        [change] = [
            one
            for one in core.plan(shop(), refresh=refresh)
            if any("`terraform untaint`" in told.detail for told in one.said)
        ]
        assert change.address == ADDRESSES[kind]


def test_a_second_object_of_a_name_takes_nobodys_place(start: Start) -> None:
    core = _held(start, "tracking_plan", protect=["tracking_plan"])
    core.replacing = set()
    second = {"segment_tracking_plan.z": {**shop()["segment_tracking_plan.shop"]}}
    [change] = core.plan({**shop(), **second})
    assert (change.action, change.said) == ("create", ())


def test_a_key_that_another_object_gives_up_is_free(start: Start) -> None:
    core = _held(start, "source", protect=["source"])
    core.replacing = set()
    config = shop(source={"slug": "other", "labels": []})
    new = {**shop()["segment_source.web"], "labels": []}
    [made] = [
        one for one in core.plan({**config, "segment_source.z": new}) if one.address[-1] == "z"
    ]
    assert (made.action, made.said) == ("create", ())


@pytest.mark.parametrize("kind", GUARDED)
def test_what_is_gone_may_be_made_again(start: Start, kind: str) -> None:
    """Deleted behind our back, it has nothing more to lose."""
    core = _held(start, kind, protect=[kind])
    core.replacing = set()
    other = Core(core._start, {**core._provider, "protect": []})
    address = ADDRESSES[kind]
    other.state[address] = core.state[address]
    other.order.append(address)
    other.destroy()
    config = shop(source={"labels": []}) if kind == "source" else shop()
    [change] = [one for one in core.plan(config) if one.address == address]
    assert change.action == "create"
    assert not any("would be" in one.detail for one in change.said)


EDGES = [
    kind
    for kind, definition in registry().items()
    if definition.about.attach and definition.about.operations.delete
]


@pytest.mark.parametrize("kind", EDGES)
def test_what_is_no_object_of_its_own_is_not_made_before_the_old_one_goes(
    start: Start, kind: str
) -> None:
    """With `create_before_destroy` the two would be one, and the second step would remove it."""
    core = _held(start, kind, protect=[])
    address = ADDRESSES[kind]
    [change] = [one for one in core.plan(shop()) if one.address == address]
    assert change.action == "replace"
    core.restart()
    held = core.state.pop(address)
    with pytest.raises(DiagnosticsError, match=r"is still there.*Remove `create_before_destroy`"):
        core._write(change, shop())
    core.state[address] = held
    # The usual order goes on as ever, also where it was refused before.
    core.apply(shop())
    core.replacing = set()
    assert core.plan(shop()) == []
