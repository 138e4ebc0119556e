"""A create is done, undone or unfinished; killed runs leave no orphan and no duplicate."""

from __future__ import annotations

from typing import Any

import pytest

from segform.errors import APIConnectionError, APIError, UnprocessableEntityError
from segform.lifecycle.creating import AlreadyExistsError
from segform.resources.values import is_known

from .configs import EDGES, FAMILY, LABEL, PLAN, WEB, of, source
from .conftest import Killed, Shop


@pytest.mark.parametrize("name", [*FAMILY, *EDGES])
def test_done_and_read_back_as_it_was(shop: Shop, name: str) -> None:
    made = shop.create(name, **of(shop, name))
    assert is_known(made.values)
    assert made.warnings == []
    assert shop.read(name, made).values == made.values


@pytest.mark.parametrize("step", ["PATCH /sources/", "PUT /sources/.*/labels"])
def test_a_source_that_cannot_be_finished_stays_and_is_healed(shop: Shop, step: str) -> None:
    shop.wire.cut(step, "broken")
    made = source(shop)
    assert made.private["unfinished"]
    assert "not finished" in made.warnings[0][0]
    # As planned, and fully known: Terraform takes nothing else.
    assert made.values["name"] == "Website"
    assert made.values["labels"] == WEB["labels"]
    assert is_known(made.values)
    assert made.values["write_keys"]
    shop.wire.mend()
    truth = shop.read("source", made)
    assert "unfinished" not in truth.private
    assert truth.values != made.values
    healed = shop.update("source", truth, **WEB)
    assert healed.values["id"] == made.values["id"]
    assert shop.read("source", healed).values == healed.values
    assert (healed.values["name"], healed.values["labels"]) == ("Website", WEB["labels"])


def test_what_can_be_undone_is_undone_and_said(shop: Shop) -> None:
    shop.wire.cut("PATCH /tracking-plans/.*/rules", "refused")
    with pytest.raises(UnprocessableEntityError, match="not today"):
        shop.create("tracking_plan", **PLAN)
    assert shop.held("trackingPlans") == []


def test_what_cannot_be_undone_is_unfinished_not_lost(shop: Shop) -> None:
    shop.wire.cut("PATCH /tracking-plans/.*/rules", "refused")
    shop.wire.cut("DELETE /tracking-plans/", "broken")
    made = shop.create("tracking_plan", **PLAN)
    assert made.private["unfinished"] == ["write its rules"]
    shop.wire.mend()
    truth = shop.read("tracking_plan", made)
    assert truth.values["rules_by_key"] == {}
    healed = shop.update("tracking_plan", truth, **PLAN)
    assert shop.read("tracking_plan", healed).values == healed.values
    assert len(shop.held("trackingPlans")[0]["rules"]) == 1


@pytest.mark.parametrize("name", FAMILY)
def test_an_answer_that_was_lost_makes_no_duplicate(shop: Shop, name: str) -> None:
    config = of(shop, name)
    shop.wire.cut("POST ", "unanswered", times=1)
    made = shop.create(name, **config)
    assert len(shop.held(FAMILY[name])) == 1
    assert shop.read(name, made).values == made.values


@pytest.mark.parametrize("name", FAMILY)
def test_a_request_that_never_arrived_leaves_nothing(shop: Shop, name: str) -> None:
    config = of(shop, name)
    shop.wire.cut("POST ", "lost")
    with pytest.raises(APIConnectionError):
        shop.create(name, **config)
    assert shop.held(FAMILY[name]) == []
    shop.wire.mend()
    shop.start()
    made = shop.create(name, **config)
    assert shop.read(name, made).values == made.values


@pytest.mark.parametrize("name", [*FAMILY, *EDGES])
def test_killed_at_every_request_and_run_again_there_is_one(shop: Shop, name: str) -> None:
    """Also the runs after the first may be killed, each a request later."""
    config = of(shop, name)
    for position in range(1, 12):
        shop.start()
        before = len(shop.wire.seen)
        how = "killed" if position % 2 else "kill"
        shop.wire.cuts = [(_nth(shop, before + position), how, 1)]
        try:
            made = shop.create(name, **config)
        except Killed:
            continue
        break
    else:
        pytest.fail("the create never came to its end")
    shop.wire.mend()
    if name in FAMILY:
        assert len(shop.held(FAMILY[name])) == 1
    assert shop.read(name, made).values == made.values


def _nth(shop: Shop, position: int) -> Any:
    """A pattern that matches the request at a position, whatever it is."""

    class Nth:
        def search(self, _line: str) -> bool:
            return len(shop.wire.seen) == position

    return Nth()


@pytest.mark.parametrize("name", FAMILY)
def test_what_somebody_else_made_is_never_taken(shop: Shop, name: str) -> None:
    config = of(shop, name)
    theirs = shop.create(name, **config)
    for journal in (True, False):
        shop.folder = shop.folder / "elsewhere"
        shop.start(journal=journal)
        with pytest.raises(AlreadyExistsError) as caught:
            shop.create(name, **config)
        assert "import {" in str(caught.value)
        assert f"segment_{name}" in str(caught.value)
        if "id" in theirs.values:
            assert theirs.values["id"] in str(caught.value)
        assert len(shop.held(FAMILY[name])) == 1


def test_what_this_configuration_holds_already_is_no_rival(shop: Shop) -> None:
    first = shop.create("tracking_plan", **PLAN)
    shop.start()
    shop.read("tracking_plan", first)
    second = shop.create("tracking_plan", **PLAN)
    assert second.values["id"] != first.values["id"]


def test_a_namesake_from_before_a_killed_create_is_not_adopted(shop: Shop) -> None:
    """The run after has not met it in a state (`-refresh=false`), and the two look the same."""
    first = shop.create("tracking_plan", **PLAN)
    shop.start()
    shop.read("tracking_plan", first)
    shop.wire.cut("POST /tracking-plans$", "kill", times=1)
    with pytest.raises(Killed):
        shop.create("tracking_plan", **PLAN)
    shop.start()
    with pytest.raises(AlreadyExistsError, match=first.values["id"]):
        shop.create("tracking_plan", **PLAN)
    assert [one["id"] for one in shop.held("trackingPlans")] == [first.values["id"]]


def test_adopted_objects_are_brought_up_to_date(shop: Shop) -> None:
    shop.create("label", **LABEL)
    shop.wire.cut("POST /sources$", "killed", times=1)
    with pytest.raises(Killed):
        shop.create("source", **WEB)
    shop.start()
    made = shop.create("source", **WEB)
    [source] = shop.held("sources")
    assert (source["name"], source["labels"]) == ("Website", [LABEL])
    assert made.values["write_keys"] == source["writeKeys"]
    retired = shop.start()
    shop.read("source", made)
    assert retired.journal is not None
    assert retired.journal.open_intents("source", "web") == []


def test_no_error_hides_behind_a_success(shop: Shop) -> None:
    """Whatever fails in a create, it ends in one of the three ways."""
    shop.create("label", **LABEL)
    for count in range(6):
        shop.wire.mend()
        before = len(shop.wire.seen)
        shop.wire.cuts = [(_nth(shop, before + 1 + count), "broken", 1)]
        slug = f"web{count}"
        try:
            made = shop.create("source", **{**WEB, "slug": slug})
        except APIError:
            assert not [s for s in shop.held("sources") if s["slug"] == slug]
            continue
        [source] = [s for s in shop.held("sources") if s["slug"] == slug]
        finished = source["name"] == "Website" and source["labels"] == [LABEL]
        assert finished or made.private["unfinished"]
