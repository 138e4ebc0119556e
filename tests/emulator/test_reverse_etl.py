"""Reverse ETL: models, syncs that run on the emulator's clock, and pages of their own kind."""

from __future__ import annotations

from typing import Any

import pytest

from segform_emulator import Emulator

from .api import Api
from .test_subscriptions import model, subscription


class Connected:
    """A model, and a subscription through which it is sent."""

    def __init__(self, api: Api) -> None:
        self.api = api
        self.source = api.source()
        self.model = model(api, self.source)
        self.destination = api.destination(self.source["id"])
        self.subscription = subscription(api, self.destination, modelId=self.model["id"])

    def body(self, **more: str) -> dict[str, str]:
        ids = {
            "sourceId": self.source["id"],
            "modelId": self.model["id"],
            "subscriptionId": self.subscription["id"],
        }
        return {**ids, **more}

    def sync(self) -> str:
        made = self.api.post("/reverse-etl-syncs", self.body())["reverseETLManualSync"]
        assert set(made) == {"syncId", "startedAt"}
        return str(made["syncId"])

    def path(self, sync_id: str) -> str:
        return f"/reverse-etl-models/{self.model['id']}/syncs/{sync_id}"

    def status(self, sync_id: str) -> Any:
        return self.api.get(self.path(sync_id))["reverseETLSyncStatus"]

    def cancel(self, sync_id: str, body: Any = None) -> Any:
        return self.api.post(f"{self.path(sync_id)}/cancel", body or {})

    @property
    def listing(self) -> str:
        model_id, one = self.model["id"], self.subscription["id"]
        return f"/reverse-etl-models/{model_id}/subscriptionId/{one}/syncs"


@pytest.fixture
def connected(api: Api) -> Connected:
    api.emulator.clock.stop(True)
    return Connected(api)


def test_a_model_from_creation_to_deletion(api: Api) -> None:
    source = api.source()
    given = {
        "sourceId": source["id"],
        "name": "Customers",
        "description": " ",
        "enabled": True,
        "query": "SELECT 1 AS id",
        "queryIdentifierColumn": "id",
    }
    answer = api.send("POST", "/reverse-etl-models", given)
    assert answer.status_code == 201
    made = answer.json()["data"]["reverseEtlModel"]
    assert {name: made[name] for name in given} == given
    path = f"/reverse-etl-models/{made['id']}"
    assert api.get(path)["reverseEtlModel"] == made
    assert api.get("/reverse-etl-models")["models"] == [made]
    change = {"enabled": False, "query": "SELECT 2 AS id", "sourceId": "other"}
    after = api.patch(path, change)["reverseEtlModel"]
    assert after == {**made, "enabled": False, "query": "SELECT 2 AS id"}
    assert api.delete(path) == {"status": "SUCCESS"}
    assert api.refused("DELETE", path).status == 404


def test_what_a_model_needs(api: Api) -> None:
    source = api.source()
    made = model(api, source)
    given = {name: made[name] for name in made if name != "id"}
    for name in given:
        lacking = {key: value for key, value in given.items() if key != name}
        assert api.refused("POST", "/reverse-etl-models", lacking).status == 422
    unknown = {**given, "sourceId": "none"}
    assert api.refused("POST", "/reverse-etl-models", unknown).status == 404
    for name in ("name", "query", "queryIdentifierColumn"):
        wrong = {name: " "}
        assert api.refused("POST", "/reverse-etl-models", {**given, **wrong}).status == 422
        assert api.refused("PATCH", f"/reverse-etl-models/{made['id']}", wrong).status == 422
    assert api.get("/reverse-etl-models")["models"] == [made]


def test_models_go_with_their_source(api: Api) -> None:
    source, other = api.source(), api.source("other")
    model(api, source)
    kept = model(api, other)
    api.delete(f"/sources/{source['id']}")
    assert api.get("/reverse-etl-models")["models"] == [kept]


def test_a_sync_runs_and_succeeds(connected: Connected) -> None:
    sync_id = connected.sync()
    running = connected.status(sync_id)
    assert (running["syncStatus"], running["duration"]) == ("IN_PROGRESS", "0s")
    assert not {"finishedAt", "extractPhase", "loadPhase"} & set(running)
    connected.api.emulator.clock.advance(6)
    done = connected.status(sync_id)
    assert (done["syncStatus"], done["duration"]) == ("SUCCESS", "5s")
    assert done["startedAt"] == running["startedAt"] < done["finishedAt"]
    assert done["extractPhase"]["finishedAt"] == done["loadPhase"]["startedAt"]
    assert done["extractPhase"]["extractCount"] == "0"
    assert connected.status(sync_id) == done


def test_a_sync_that_is_canceled_fails(connected: Connected) -> None:
    sync_id = connected.sync()
    connected.api.emulator.clock.advance(1.5)
    named = {"modelId": connected.model["id"], "syncId": sync_id}
    assert connected.cancel(sync_id, {"reasonForCanceling": 2}) == {
        **named,
        "status": "CANCELLING",
    }
    status = connected.status(sync_id)
    assert (status["syncStatus"], status["duration"]) == ("FAIL", "1s")
    assert connected.cancel(sync_id)["errorCode"] == "SyncAlreadyCanceled"
    connected.api.emulator.clock.advance(60)
    assert connected.status(sync_id) == status
    assert "status" not in connected.cancel(sync_id)


def test_a_sync_that_is_over_stays(connected: Connected) -> None:
    sync_id = connected.sync()
    connected.api.emulator.clock.advance(6)
    answer = connected.cancel(sync_id)
    assert answer["errorCode"] == "SyncFinishedCannotCancel"
    assert answer["errorMessage"] == "sync already finished"
    assert connected.status(sync_id)["syncStatus"] == "SUCCESS"


@pytest.mark.parametrize("reason", [-1, 5, 1.5, "2"])
def test_reasons_are_numbers_from_0_to_4(connected: Connected, reason: Any) -> None:
    sync_id = connected.sync()
    path = f"{connected.path(sync_id)}/cancel"
    refused = connected.api.refused("POST", path, {"reasonForCanceling": reason})
    assert refused.status == 422
    assert connected.status(sync_id)["syncStatus"] == "IN_PROGRESS"


def test_what_a_sync_refers_to_has_to_fit(connected: Connected) -> None:
    api = connected.api
    other = subscription(api, connected.destination)
    source = api.source("other")
    for wrong in (
        {"sourceId": "none"},
        {"sourceId": source["id"]},
        {"modelId": "none"},
        {"subscriptionId": "none"},
        {"subscriptionId": other["id"]},
    ):
        assert api.refused("POST", "/reverse-etl-syncs", connected.body(**wrong)).status == 404
    api.patch(f"/reverse-etl-models/{connected.model['id']}", {"enabled": False})
    assert api.refused("POST", "/reverse-etl-syncs", connected.body()).status == 400
    assert api.get(connected.listing)["syncStatuses"] == []


def test_a_sync_is_found_below_its_own_model(connected: Connected) -> None:
    sync_id = connected.sync()
    other = model(connected.api, connected.source)
    path = f"/reverse-etl-models/{other['id']}/syncs/{sync_id}"
    assert connected.api.refused("GET", path).status == 404
    assert connected.api.refused("POST", f"{path}/cancel", {}).status == 404
    assert connected.api.refused("GET", connected.path("none")).status == 404


def test_statuses_have_count_and_cursor_of_their_own(connected: Connected) -> None:
    made = [connected.sync() for _ in range(12)]
    api = connected.api
    first = api.get(connected.listing)
    assert [one["syncId"] for one in first["syncStatuses"]] == made[:1:-1]
    assert first["pagination"]["totalEntries"] == 12
    rest = api.get(f"{connected.listing}?cursor={first['pagination']['next']}")
    assert [one["syncId"] for one in rest["syncStatuses"]] == made[1::-1]
    assert "next" not in rest["pagination"]
    assert len(api.get(f"{connected.listing}?count=100")["syncStatuses"]) == 12
    # What other lists take means nothing here.
    assert len(api.get(f"{connected.listing}?pagination.count=3")["syncStatuses"]) == 10
    for wrong in ("count=0", "count=101", "count=x", "cursor=x"):
        assert api.refused("GET", f"{connected.listing}?{wrong}").status == 422


def test_twenty_syncs_a_minute(emulator: Emulator, connected: Connected) -> None:
    emulator.limits.configure({"enforce": True})
    for _ in range(20):
        connected.sync()
    refused = connected.api.refused("POST", "/reverse-etl-syncs", connected.body())
    assert refused.status == 429
