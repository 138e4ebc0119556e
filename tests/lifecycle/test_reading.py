"""What a read takes from the service, what it keeps, and what it never believes."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from segform import Segment
from segform.errors import PermissionDeniedError
from segform.lifecycle.keys import parse_import_id
from segform.lifecycle.reading import MANY, _Begun
from segform.lifecycle.service import Lifecycle, LookUpError
from segform.resources import registry
from segform.resources.exact import dumps, loads

from .configs import LABEL, PLAN, of, source
from .conftest import Shop

KINDS = list(registry())


def test_a_weak_token_does_not_empty_the_write_keys(shop: Shop) -> None:
    made = source(shop)
    weak = Segment(
        shop.emulator.tokens["no_source_admin"], url="https://emulator.example", transport=shop.wire
    )
    found = Lifecycle(weak).read("source", made.values, made.private)
    assert found is not None
    assert found.values["write_keys"] == made.values["write_keys"] != []


def test_settings_that_others_set_are_no_drift_and_ours_are(shop: Shop) -> None:
    made = shop.create("destination", **of(shop, "destination"))
    text = made.values["settings"]
    path = {"destinationId": made.values["id"]}
    client = shop.life.client
    client.request("updateDestination", path=path, body={"settings": {"theirs": 1}})
    assert shop.read("destination", made).values["settings"] == text
    client.request("updateDestination", path=path, body={"settings": {"sharedSecret": None}})
    drifted = shop.read("destination", made)
    assert not loads(drifted.values["settings"]).get("sharedSecret")


def test_a_secret_is_kept_behind_its_mask(shop: Shop) -> None:
    made = shop.create("destination", **of(shop, "destination"))
    live = shop.life.client.request("getDestination", path={"destinationId": made.values["id"]})[
        "destination"
    ]
    assert "•" in live["settings"]["sharedSecret"]
    assert shop.read("destination", made).values["settings"] == '{"sharedSecret":"hush"}'


def test_an_import_knows_the_mask_and_never_sends_it(shop: Shop) -> None:
    config = of(shop, "destination")
    made = shop.create("destination", **config)
    values, private = shop.life.import_stub("destination", made.values["id"])
    imported = shop.life.read("destination", values, private)
    assert imported is not None
    run = shop.plan("destination", imported, **config)
    assert run.planned["settings"] == imported.values["settings"]
    changed = shop.update("destination", imported, **{**config, "enabled": False})
    assert changed.values["enabled"] is False
    [held] = shop.held("destinations")
    assert held["settings"]["sharedSecret"] == "hush"


@pytest.mark.parametrize("name", KINDS)
def test_an_import_reproduces_the_state(shop: Shop, name: str) -> None:
    made = shop.create(name, **of(shop, name))
    text = registry()[name].about.import_id.format(**made.values)
    if name == "tracking_plan":
        text += "#rules_by_key"
    values, private = shop.life.import_stub(name, text)
    found = shop.life.read(name, values, private)
    assert found is not None
    # What the API does not show of an open invitation is not known after an import.
    special: dict[str, dict[str, Any]] = {
        "function": {"display_name": "Clean (Acme)"},
        "user": {"permissions": None},
    }
    if name == "destination":
        # Nobody knows what a configuration says of it, so that it is what the API shows.
        special[name] = {"metadata": {**made.values["metadata"], "partner_owned": False}}
    for attribute, given in made.values.items():
        value = special.get(name, {}).get(attribute, given)
        if attribute not in (
            "settings",
            "rules_by_key",
            "description",
            "schema_settings",
            "json_schema",
        ):
            assert found.values[attribute] == value, attribute


# Settings of a source cannot be deleted.
@pytest.mark.parametrize("name", [name for name in KINDS if name != "source_schema_settings"])
def test_what_is_gone_is_gone(shop: Shop, name: str) -> None:
    made = shop.create(name, **of(shop, name))
    shop.life.delete(name, made.values, made.private)
    shop.start()
    assert shop.life.read(name, made.values, made.private) is None
    # And deleting it once more is no error.
    shop.life.delete(name, made.values, made.private)


def test_what_may_not_be_read_is_not_gone(shop: Shop) -> None:
    made = source(shop)
    inner = shop.wire.inner

    class Closed(httpx.BaseTransport):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            if request.method == "GET" and "/sources" in request.url.path:
                return httpx.Response(403, json={"errors": [{"type": "forbidden"}]})
            return inner.handle_request(request)

    client = Segment(shop.emulator.token, url="https://emulator.example", transport=Closed())
    with pytest.raises(PermissionDeniedError):
        Lifecycle(client).read("source", made.values, made.private)


def test_the_consent_rule_of_the_service_is_no_drift(shop: Shop) -> None:
    made = shop.create("tracking_plan", **PLAN)
    consent = {
        "type": "TRACK",
        "key": "Segment Consent Preference Updated",
        "version": 1,
        "jsonSchema": {"description": "DO NOT EDIT"},
    }
    shop.life.client.request(
        "updateRulesInTrackingPlan",
        path={"trackingPlanId": made.values["id"]},
        body={"rules": [consent]},
    )
    found = shop.read("tracking_plan", made)
    assert found.values["rules_by_key"] == made.values["rules_by_key"]


def test_a_label_that_one_list_lacks_is_not_gone(shop: Shop) -> None:
    made = shop.create("label", **LABEL)
    shop.start()
    lists = 0
    inner = shop.wire.inner

    class Forgetful(httpx.BaseTransport):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            nonlocal lists
            lists += 1
            if lists == 1:
                return httpx.Response(200, json={"data": {"labels": []}})
            return inner.handle_request(request)

    client = Segment(shop.emulator.token, url="https://emulator.example", transport=Forgetful())
    assert Lifecycle(client).read("label", made.values, made.private) is not None
    assert lists == 2


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("destination_filter", "only-one"),
        ("destination_filter", ":x"),
        ("source", ""),
        ("tracking_plan", "tp_x#map"),
    ],
)
def test_import_ids_that_cannot_be_are_refused_with_their_form(
    shop: Shop, name: str, text: str
) -> None:
    with pytest.raises(LookUpError, match=r"write `"):
        shop.life.import_stub(name, text)


def test_a_colon_in_the_last_part_of_an_import_id_is_part_of_it() -> None:
    about = registry()["label"].about
    assert parse_import_id(about, "a:b:c") == {"key": "a", "value": "b:c"}


def test_data_sources_name_what_is_near(shop: Shop) -> None:
    def data(**config: Any) -> dict[str, Any]:
        return shop.life.data("source_metadata", config)

    assert data(slug="javascript")["id"] == "IqDTy1TpoU"
    assert data(id="IqDTy1TpoU")["name"] == "Javascript"
    with pytest.raises(LookUpError, match="nearest: javascript"):
        data(slug="javascrip")
    with pytest.raises(LookUpError, match="no entry has the id"):
        data(id="zzz")


def _asked(shop: Shop, life: Lifecycle, name: str, made: Any, times: int) -> list[str]:
    """The requests of so many reads of one object."""
    shop.wire.seen.clear()
    for _ in range(times):
        assert life.read(name, made.values, made.private) is not None
    return list(shop.wire.seen)


def test_what_has_one_parent_is_listed_at_once(shop: Shop) -> None:
    made = shop.create("destination_filter", **of(shop, "destination_filter"))
    life = Lifecycle(shop.life.client)
    parent = made.values["destination_id"]
    assert _asked(shop, life, "destination_filter", made, 5) == [
        f"GET /destination/{parent}/filters"
    ]


def test_a_process_that_reads_much_lists_what_is_light_at_once(shop: Shop) -> None:
    label = shop.create("label", **LABEL)
    model = shop.create("transformation", **of(shop, "transformation"))
    heavy = shop.create(
        "destination",
        name="Hook",
        enabled=True,
        source_id=model.values["source_id"],
        metadata={"id": "614a3c7d791c91c41bae7599"},
        settings="{}",
    )
    life = Lifecycle(shop.life.client)
    _asked(shop, life, "label", label, MANY)
    assert _asked(shop, life, "transformation", model, 4) == ["GET /transformations"]
    # Each of these carries an entry of the catalogue: there the first few go singly as ever.
    one = f"GET /destinations/{heavy.values['id']}"
    assert _asked(shop, life, "destination", heavy, 4) == [one, one, one, "GET /destinations"]
    fresh = Lifecycle(shop.life.client)
    one = f"GET /transformations/{model.values['id']}"
    assert _asked(shop, fresh, "transformation", model, 4) == [
        one,
        one,
        one,
        "GET /transformations",
    ]


def test_instances_of_one_function_become_one_list(shop: Shop) -> None:
    made = shop.create("insert_function_instance", **of(shop, "insert_function_instance"))
    one = f"GET /insert-function-instances/{made.values['id']}"
    life = Lifecycle(shop.life.client)
    asked = _asked(shop, life, "insert_function_instance", made, 6)
    assert asked == [one, one, one, "GET /insert-function-instances"]
    # Imported by its id alone it does not say of which function it is, and no list has it.
    life = Lifecycle(shop.life.client)
    shop.wire.seen.clear()
    prior = {**dict.fromkeys(made.values), "id": made.values["id"]}
    for _ in range(6):
        found = life.read("insert_function_instance", prior, {"importing": True})
        assert found is not None
        assert found.values["function_id"] == made.values["function_id"]
    assert "GET /insert-function-instances" not in shop.wire.seen


@pytest.mark.parametrize(("told", "pages"), [(5, 3), (None, 2), ("many", 2), (5.5, 2), ({}, 2)])
def test_a_list_that_was_begun_takes_any_total(shop: Shop, told: Any, pages: int) -> None:
    client = Segment(
        shop.emulator.token,
        transport=httpx.MockTransport(
            lambda _: httpx.Response(
                200,
                content=dumps(
                    {
                        "data": {
                            "filters": [{"id": "a"}, {"id": "b"}],
                            "pagination": {"next": "c", "totalEntries": told},
                        }
                    }
                ),
            )
        ),
    )
    begun = _Begun(client, "listFiltersFromDestination", {"destinationId": "d"})
    assert begun.pages == pages
