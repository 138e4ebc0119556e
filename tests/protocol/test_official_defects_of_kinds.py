"""The rest of the official provider's 32 defects: not here, and a mutant proves each test.

See `defects` for the frame; the others are in `test_official_defects.py`. Ctrl-C, which belongs to
the 22nd, needs a process of its own: `tests/chaos/test_kills.py`.
"""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from segform import Segment, errors
from segform.lifecycle import service, state
from segform.lifecycle.hooks import function, loading, tracking_plan, user
from segform.lifecycle.service import Lifecycle
from segform.resources import registry
from segform.transport import encode, exchange, lately
from segform_provider.halting import Halt

from .core import Config, CoreError, DiagnosticsError
from .defects import Defect, Patch, Ring, changed_answers, each, fails, sent_bodies
from .shop import OBJECT, SOURCE_READER, shop
from .six import SIX, six

ANN = "segment_user.ann"
TIDY = "segment_transformation.tidy"
LOADS = "segment_source_warehouse_connection.web"
CLEAN = "segment_function.clean"
PLAN = "segment_tracking_plan.shop"
FILTER = "segment_destination_filter.sample"


def _some(*addresses: str, **changes: Any) -> Config:
    """Those of the workspace of all kinds, and the six that they hang on."""
    found = shop(**changes)
    return {at: found[at] for at in found if at in (*SIX, *addresses)}


# 4: an invited person gets more than what the labels leave


def an_invitation_keeps_its_labels(ring: Ring) -> None:
    label = {"key": "environment", "value": "prod"}
    own = {"id": ring.emulator.workspaces[0].id, "type": "WORKSPACE", "labels": [label]}
    scoped = [{"role_id": SOURCE_READER, "resources": [own]}]
    ring.core.apply(_some(ANN, user={"permissions": scoped}))
    [invite] = ring.held("invites")
    assert invite["permissions"][0].get("labels") == [label], "the access is not limited"


def _without_labels(patch: Patch) -> None:
    real = user.invited

    def invited(run: Any) -> list[dict[str, Any]]:
        return [{k: v for k, v in one.items() if k != "labels"} for one in real(run)]

    patch.setattr(user, "invited", invited)


# 9: what a token may not read is taken for gone


def what_may_not_be_read_is_not_gone(ring: Ring) -> None:
    config = _some(TIDY)
    ring.core.apply(config)
    ring.core.restart()
    for operation in ("getTransformation", "listTransformations"):
        ring.emulator.fault("error_before", operation=operation, status=403, count=0)
    with contextlib.suppress(DiagnosticsError):
        ring.core.refresh()
    assert TIDY in ring.core.state, "it left the state, and would be made twice"


def _gone(patch: Patch) -> None:
    both = (errors.NotFoundError, errors.PermissionDeniedError)
    patch.setattr(errors, "NotFoundError", both)


# 10: a deleted invitation asks for the deletion of a user without an id


def a_deleted_invitation_is_one_request(ring: Ring) -> None:
    ring.core.apply(_some(ANN))
    ring.emulator.recorder.clear()
    ring.core.apply(_some())
    assert ring.sent("deleteInvites") == 1
    assert ring.sent("deleteUsers") == 0, "a user is deleted too"


def _and_the_user(patch: Patch) -> None:
    real = user.remove

    def remove(run: Any) -> None:
        real(run)
        run.request("deleteUsers", path={}, query={"userIds": [""]})

    patch.setattr(user, "remove", remove)


# 11: a connection that is gone gets ids that nothing has


def a_lost_connection_is_made_again(ring: Ring) -> None:
    config = _some("segment_warehouse.main", LOADS)
    ring.core.apply(config)
    pair = ring.core.values(LOADS)
    path = {"warehouseId": pair["warehouse_id"], "sourceId": pair["source_id"]}
    ring.elsewhere("removeSourceConnectionFromWarehouse", path)
    ring.emulator.recorder.clear()
    found = [(change.address, change.action) for change in ring.core.apply(config)]
    assert found == [(LOADS, "create")], f"planned otherwise: {found}"
    assert not any("not_found" in str(entry["path"]) for entry in ring.emulator.recorder.entries)
    assert ring.core.plan(config) == []


def _not_found(patch: Patch) -> None:
    real = loading.Loading.read
    nothing = {"source_id": "not_found", "warehouse_id": "not_found"}
    patch.setattr(loading.Loading, "read", staticmethod(lambda run: real(run) or nothing))
    # The official provider reads the pair from the answer.
    values_of = state.values_of

    def found(run: Any, catalog: Any) -> dict[str, Any]:
        if run.live == nothing:
            return dict(nothing)
        return values_of(run, catalog)

    patch.setattr(service, "values_of", found)


# 15: the wait for what does not show yet is none, and what is refused is asked again


def what_does_not_show_yet_is_waited_for(ring: Ring) -> None:
    ring.emulator.fault("hidden", operation="addSourceToTrackingPlan", count=3)
    ring.core.apply(six())
    assert ring.sent("addSourceToTrackingPlan") == 4
    waited = sum(ring.pauses)
    assert waited >= 1.5, f"{waited} s are no wait"


def _at_once(patch: Patch) -> None:
    patch.setattr(exchange, "PAUSES", tuple(pause * 1e-6 for pause in lately.PAUSES))


def what_is_refused_is_not_asked_again(ring: Ring) -> None:
    ring.emulator.fault("error_before", operation="addSourceToTrackingPlan", status=422, count=0)
    with pytest.raises(DiagnosticsError, match="422"):
        ring.core.apply(six())
    assert ring.sent("addSourceToTrackingPlan") == 1, "asked again"


def _stubborn(patch: Patch) -> None:
    patch.setattr(errors, "BadRequestError", errors.APIStatusError)


# 17: a data source shows the first page alone


def a_data_source_shows_all_pages(ring: Ring) -> None:
    ring.emulator.seed(None, plans=1, rules=450)
    plan_id = ring.held("trackingPlans")[0]["id"]
    found = ring.core.data("segment_tracking_plan", id=plan_id)["rules"]
    assert len(found) == 450, "not all"


def _first_page(patch: Patch) -> None:
    real = Segment.pages

    def pages(self: Any, *given: Any, **more: Any) -> Any:
        return itertools.islice(real(self, *given, **more), 1)

    patch.setattr(Segment, "pages", pages)


# 18: a page whose `next` is null has no end


def a_null_cursor_is_the_end(ring: Ring) -> None:
    def null(body: dict[str, Any]) -> None:
        pagination = body.get("data", {}).get("pagination")
        if pagination is not None:
            pagination.setdefault("next", None)
            pagination.setdefault("previous", None)

    changed_answers(ring.emulator, null)
    config = _some("segment_warehouse.main", LOADS, ANN, "segment_user_group.shop")
    ring.core.apply(config)
    assert ring.core.plan(config) == []


def _null_is_a_cursor(patch: Patch) -> None:
    from segform.transport.paging import Walk

    real = Walk._move

    def move(self: Any, pagination: Any, size: int) -> None:
        if pagination and "next" in pagination and pagination["next"] is None:
            pagination = {**pagination, "next": "null"}
        real(self, pagination, size)

    patch.setattr(Walk, "_move", move)


# 22: a service that says nothing is waited for without an end


def silence_ends(ring: Ring) -> None:
    ring.core.apply(six())
    real = ring.emulator.transport

    class Silent(httpx.BaseTransport):
        def __init__(self) -> None:
            self.inner = real()

        def handle_request(self, request: httpx.Request) -> httpx.Response:
            if not request.url.path.startswith("/sources"):
                return self.inner.handle_request(request)
            allowed = request.extensions["timeout"]
            assert all(allowed[name] for name in ("connect", "read", "write", "pool")), (
                "it would wait for ever"
            )
            raise httpx.ReadTimeout("nothing came", request=request)

    vars(ring.emulator)["transport"] = Silent
    with pytest.raises(DiagnosticsError, match="time"):
        ring.core.plan(six())
    assert set(ring.core.state) == set(six())


def _patient(patch: Patch) -> None:
    never = dict.fromkeys(("connect", "read", "write", "pool"))
    patch.setattr("segform.transport.http._waits", lambda _: never)


# 23: new code of a source function is saved and does not run


def _source_function(code: str) -> Config:
    values = {"code": code, "display_name": "Pull", "resource_type": "SOURCE"}
    return {CLEAN: values}


def new_code_is_deployed(ring: Ring) -> None:
    ring.core.apply(_source_function("async function onRequest() {}"))
    new = _source_function("async function onRequest() { return }")
    # The code is saved, then its deployment fails: the next apply mends that.
    ring.emulator.fault("error_before", operation="createFunctionDeployment", status=422)
    with pytest.raises(DiagnosticsError, match="422"):
        ring.core.apply(new)
    ring.core.apply(new)
    assert ring.core.plan(new) == []
    [held] = ring.held("functions")
    assert held["isLatestVersion"], "the new code does not run"


def _saved(patch: Patch) -> None:
    patch.setattr(function, "finish", lambda run: None)


# 24: the name of a function is lost by an import, and its drift is not seen


def a_functions_name_is_read(ring: Ring) -> None:
    config = _some(CLEAN)
    ring.core.apply(config)
    function_id = ring.id(CLEAN)
    del ring.core.state[CLEAN]
    ring.core.import_(CLEAN, function_id)
    assert ring.core.values(CLEAN)["display_name"], "the name is lost"
    assert ring.core.plan(config) == []
    ring.elsewhere("updateFunction", {"functionId": function_id}, {"displayName": "Theirs"})
    assert [c.address for c in ring.core.plan(config)] == [CLEAN], "the new name is not seen"


def _echo(kind: str, *names: str) -> Callable[[Patch], None]:
    """A mutant whose read says of some attributes what the state says."""

    def mutant(patch: Patch) -> None:
        real = Lifecycle.read

        def read(self: Lifecycle, name: str, prior: Any, *given: Any, **more: Any) -> Any:
            found = real(self, name, prior, *given, **more)
            if found is None or name != kind:
                return found
            return found._replace(values={**found.values, **{one: prior[one] for one in names}})

        patch.setattr(Lifecycle, "read", read)

    return mutant


# 25: what the model of a transformation lacks is not seen


def an_edited_transformation_shows(ring: Ring) -> None:
    config = _some(TIDY, transformation={"allow_properties": ["properties.total"]})
    ring.core.apply(config)
    path = {"transformationId": ring.id(TIDY)}
    for body in (
        {"allowProperties": ["properties.total", "properties.email"]},
        {
            "hashPropertiesConfiguration": {
                "algorithm": "sha256",
                "encoding": "HEX",
                "paths": ["properties.email"],
            }
        },
    ):
        ring.elsewhere("updateTransformation", path, body)
        drifted = ring.core.refresh()
        assert list(drifted) == [TIDY], "the edit is not seen"
    assert [c.address for c in ring.core.plan(config)] == [TIDY]


# 26: a revoked invitation is not noticed


def a_revoked_invitation_is_made_again(ring: Ring) -> None:
    config = _some(ANN)
    ring.core.apply(config)
    ring.elsewhere("deleteInvites", {}, query={"emails": ["Ann@shop.example"]})
    found = [(change.address, change.action) for change in ring.core.plan(config)]
    assert found == [(ANN, "create")], "it is not noticed"


def _trusting(patch: Patch) -> None:
    real = Lifecycle.live

    def live(self: Lifecycle, run: Any, **more: Any) -> Any:
        found = real(self, run, **more)
        if found is None and run.about.name == "user" and run.prior is not None:
            return user.shape(run.prior["email"])
        return found

    patch.setattr(Lifecycle, "live", live)


# 27: a change of one rule is a change of all


def one_changed_rule_is_one_change(ring: Ring) -> None:
    keys = [f"TRACK:Event {number}" for number in range(20)]
    rules = {key: {"json_schema": OBJECT} for key in keys}
    config = {PLAN: {"name": "Shop", "type": "LIVE", "rules_by_key": rules}}
    ring.core.apply(config)
    rules[keys[7]] = {"json_schema": '{"type":"object","required":["a"]}'}
    [change] = ring.core.plan(config)
    before, after = change.before["rules_by_key"], change.after["rules_by_key"]
    assert [key for key in keys if before[key] != after[key]] == [keys[7]], "more than one differs"
    sent = sent_bodies(ring.emulator)
    ring.core.apply(config)
    assert [len(body["rules"]) for body in sent] == [1], "more than one is sent"


def _all_rules(patch: Patch) -> None:
    patch.setattr(tracking_plan, "_before", lambda run, owns: [])


# 30: errors that do not say of what


def an_error_names_its_object(ring: Ring) -> None:
    ring.core.apply(six())
    source_id = ring.id("segment_source.web")
    ring.emulator.fault("error_before", operation="updateSource", status=422)
    with pytest.raises(DiagnosticsError) as caught:
        ring.core.apply(six(source={"name": "Other"}))
    assert source_id in str(caught.value), "the error does not say of what"
    for name, kind in registry().items():
        for attribute, item in kind.attributes.items():
            if attribute == "metadata":
                words = item.description.lower()
                others = {"source", "destination", "warehouse"} - {name}
                assert not any(f"{other} metadata" in words for other in others)


def _nameless(patch: Patch) -> None:
    real = Halt.each

    def each_one(halt: Halt, summary: str, problem: Any, *more: Any) -> Any:
        return real(halt, summary, ValueError(str(problem).partition(" (")[0]), *more)

    patch.setattr(Halt, "each", each_one)


# 31: a colon or a slash in a key


def a_colon_is_a_part_of_an_import_id(ring: Ring) -> None:
    # The service's own labels take no colon; a key of a rule and the last part of an id do.
    rule = {"type": "TRACK", "key": "Cart: viewed", "version": 1, "jsonSchema": {"type": "object"}}
    ring.core.apply(six())
    plan_id = ring.id(PLAN)
    ring.elsewhere("updateRulesInTrackingPlan", {"trackingPlanId": plan_id}, {"rules": [rule]})
    address = "segment_tracking_plan_rule.cart"
    ring.core.import_(address, f"{plan_id}:TRACK:Cart: viewed")
    assert ring.core.values(address)["key"] == "Cart: viewed"
    with pytest.raises((DiagnosticsError, CoreError), match="there is no environment:a:b"):
        ring.core.import_("segment_label.odd", "environment:a:b")


def _split_at_all(patch: Patch) -> None:
    def parse(about: Any, text: str) -> dict[str, str]:
        parts = text.split(":")
        if len(parts) != 2:
            raise ValueError(f"{text!r} is no import id")
        return dict(zip(("key", "value"), parts, strict=True))

    patch.setattr(service, "parse_import_id", parse)


def an_id_is_one_step_of_a_path(ring: Ring) -> None:
    ring.core.apply(six())
    hook = ring.id("segment_destination.hook")
    ring.emulator.recorder.clear()
    with pytest.raises((DiagnosticsError, CoreError), match="there is no"):
        ring.core.import_(FILTER, f"{hook}:x/../../../sources/{ring.id('segment_source.web')}")
    asked = {entry["operation"] for entry in ring.emulator.recorder.entries}
    filters = {"getFilterInDestination", "listFiltersFromDestination"}
    assert asked <= filters, f"another object is asked for: {asked}"


def _as_it_is(patch: Patch) -> None:
    patch.setattr(encode, "_quoted", lambda text, safe="": text.replace(" ", "%20"))


# 32: what cannot be imported


def every_kind_is_imported_by_id_and_has_an_identity(ring: Ring) -> None:
    config = _some("segment_warehouse.main", LOADS)
    ring.core.apply(config)
    pair = ring.core.values(LOADS)
    del ring.core.state[LOADS]
    ring.core.import_(LOADS, f"{pair['source_id']}:{pair['warehouse_id']}")
    assert ring.core.plan(config) == []
    assert set(ring.core.identity_schemas) == {f"segment_{kind}" for kind in registry()}


def _no_import(patch: Patch) -> None:
    real = Lifecycle.import_stub

    def stub(self: Lifecycle, name: str, text: str) -> Any:
        if name == "source_warehouse_connection":
            raise service.LookUpError("Resource Import Not Implemented")
        return real(self, name, text)

    patch.setattr(Lifecycle, "import_stub", stub)


DEFECTS = [
    Defect(an_invitation_keeps_its_labels, _without_labels, "the access is not limited"),
    Defect(what_may_not_be_read_is_not_gone, _gone, "would be made twice"),
    Defect(a_deleted_invitation_is_one_request, _and_the_user, "."),
    Defect(a_lost_connection_is_made_again, _not_found, "planned otherwise|is still there"),
    Defect(what_does_not_show_yet_is_waited_for, _at_once, "are no wait"),
    Defect(what_is_refused_is_not_asked_again, _stubborn, "asked again"),
    Defect(a_data_source_shows_all_pages, _first_page, "not all"),
    Defect(a_null_cursor_is_the_end, _null_is_a_cursor, "cursor|the list would never end"),
    Defect(silence_ends, _patient, "it would wait for ever"),
    Defect(new_code_is_deployed, _saved, "DID NOT RAISE|the new code does not run"),
    Defect(a_functions_name_is_read, _echo("function", "display_name"), "the name is lost"),
    Defect(
        an_edited_transformation_shows,
        _echo("transformation", "drop", "allow_properties", "hash_properties_configuration"),
        "the edit is not seen",
    ),
    Defect(a_revoked_invitation_is_made_again, _trusting, "it is not noticed"),
    Defect(one_changed_rule_is_one_change, _all_rules, "more than one is sent"),
    Defect(an_error_names_its_object, _nameless, "does not say of what"),
    Defect(a_colon_is_a_part_of_an_import_id, _split_at_all, "is no import id"),
    Defect(an_id_is_one_step_of_a_path, _as_it_is, "another object is asked for|regex"),
    Defect(every_kind_is_imported_by_id_and_has_an_identity, _no_import, "Not Implemented"),
]


@each(DEFECTS)
def test_ours_has_not(defect: Defect, ring: Ring) -> None:
    defect.check(ring)


@each(DEFECTS)
def test_the_mutant_has(defect: Defect, ring: Ring, monkeypatch: Patch) -> None:
    fails(defect, ring, monkeypatch)
