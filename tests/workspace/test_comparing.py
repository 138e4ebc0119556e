"""What two workspaces, or a declaration and a snapshot, are said to differ in."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from segform.resources import registry
from segform.resources.destination import Destination
from segform.resources.source import Source
from segform.workspace import Desired
from segform.workspace.comparing import compare

from .conftest import Place
from .shop import WEB, WEBHOOK, shop


def declared(**more: Any) -> Desired:
    """One source."""
    made = Desired()
    given = {"slug": "web", "enabled": True, "metadata": {"id": WEB}, "settings": {}, **more}
    made.add(Source(**given), "web")
    return made


@pytest.mark.parametrize(
    ("one", "other", "told"),
    [
        ({"name": "A"}, {"name": "B"}, "name: A | B"),
        ({"name": "A"}, {}, "name: A | null"),
        ({}, {"name": "B"}, "name: null | B"),
        ({"settings": {"x": 1, "y": 2}}, {"settings": {"y": 2}}, "settings: x (values are not"),
        ({"settings": {"y": True}}, {"settings": {"y": 1}}, "settings: y (values are not"),
        ({"settings": {"y": None}}, {"settings": {}}, "settings: y (values are not"),
        ({"settings": {"y": 2}}, {"settings": {"x": 1, "y": 3}}, "settings: y, x (values are"),
        ({"labels": []}, {"labels": [{"key": "a", "value": "b"}]}, "labels: [] | "),
    ],
)
def test_two_declarations(one: dict[str, Any], other: dict[str, Any], told: str) -> None:
    found = compare(declared(**one), declared(**other))
    assert str(found).startswith(f"differs: source.web\n    {told}")
    assert len(list(found)) == 1
    assert found.to_dict()["differences"][0]["how"] == "differs"


def test_what_one_side_has_alone() -> None:
    found = compare(declared(), Desired())
    assert (bool(found), str(found)) == (True, "only in A: source.web")
    assert str(compare(Desired(), declared())) == "only in B: source.web"
    assert str(compare(Desired(), declared(), without=["source"])) == "No difference."
    assert not compare(declared(), declared())


def secrets(**settings: Any) -> Desired:
    """A source with a destination."""
    made = declared()
    made.add(
        Destination(
            source_id="abc", name="Hook", metadata={"id": WEBHOOK}, settings=settings, enabled=True
        ),
        "hook",
    )
    return made


def test_a_secret_is_told_by_its_hash_alone() -> None:
    found = compare(secrets(sharedSecret="hush"), secrets(sharedSecret="hash"))
    assert (
        str(found) == "differs: destination.hook\n    settings: sharedSecret (values are not shown)"
    )
    [told] = found.to_dict()["differences"][0]["attributes"]
    assert (told["path"], told["secret"]) == (["settings"], True)
    assert told["a"].startswith("sha256:")
    assert told["b"].startswith("sha256:")
    assert told["a"] != told["b"]
    assert "hush" not in str(found.to_dict())


MASK = "•••"


@pytest.mark.parametrize(
    ("one", "other", "differ"),
    [
        ({"sharedSecret": MASK}, {"sharedSecret": "hush"}, False),
        ({"sharedSecret": "hush"}, {"sharedSecret": MASK}, False),
        ({"sharedSecret": MASK, "x": 1}, {"sharedSecret": "hush", "x": 1}, False),
        ({"sharedSecret": MASK, "x": 1}, {"sharedSecret": "hush", "x": 2}, True),
        ({"sharedSecret": MASK, "x": [1]}, {"sharedSecret": "hush", "x": [2]}, True),
        ({"sharedSecret": "hash"}, {"sharedSecret": "hush"}, True),
        ({"x": {"sharedSecret": MASK, "y": 1}}, {"x": {"sharedSecret": "a", "y": 1}}, False),
        ({"x": {"sharedSecret": MASK, "y": 1}}, {"x": {"sharedSecret": "a", "y": 2}}, True),
    ],
)
def test_a_mask_is_equal_to_any_secret(
    one: dict[str, Any], other: dict[str, Any], differ: bool
) -> None:
    assert bool(compare(secrets(**one), secrets(**other))) is differ


def test_a_declaration_is_silent_about_what_it_does_not_name(place: Place) -> None:
    engine = place.engine()
    engine.apply(engine.plan(shop()), shop())
    now = engine.pull()
    bare = declared()
    others = [kind for kind in registry() if kind != "source"]
    assert not compare(bare, now, without=others)
    assert not compare(now, bare, without=others)
    told = compare(now, declared(name="Other", settings={"websiteUrl": "x"}), without=others)
    assert str(told) == (
        "differs: source.web\n    name: Website | Other\n"
        "    settings: websiteUrl (values are not shown)"
    )
    told = compare(declared(name="Other"), now, without=others)
    assert str(told) == "differs: source.web\n    name: Other | Website"


@pytest.mark.parametrize(
    ("change", "same"),
    [
        (lambda workspace: None, True),
        (lambda workspace: workspace.update(id="other"), False),
        (lambda workspace: workspace.pop("id"), False),
    ],
)
def test_in_one_workspace_objects_are_known_by_their_ids(
    place: Place, change: Callable[[dict[str, Any]], object], same: bool
) -> None:
    """In two, by their names: ids say nothing there."""
    engine = place.engine()
    engine.apply(engine.plan(shop()), shop())
    now = engine.pull()
    later = copy.deepcopy(now)
    later["workspaces"][0]["sources"][0]["slug"] = "site"
    change(later["workspaces"][0])
    told = {(one.how, one.address) for one in compare(now, later) if one.kind == "source"}
    if same:
        assert told == {("differs", "source.web")}
    else:
        assert told == {("only in A", "source.web"), ("only in B", "source.site")}
    if not same and "id" not in later["workspaces"][0]:
        now["workspaces"][0].pop("id")  # two that do not say which they are
        assert {one.how for one in compare(now, later) if one.kind == "source"} != {"differs"}
