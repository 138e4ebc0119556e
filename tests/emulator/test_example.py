"""Operations without state: an answer from the contract, labelled so."""

from __future__ import annotations

import httpx
import pytest

from segform_emulator import Emulator, contract, example
from segform_emulator.families import HANDLERS

STATELESS = [op_id for op_id in contract.operations() if op_id not in HANDLERS]


@pytest.fixture(scope="module")
def client() -> httpx.Client:
    emulator = Emulator()
    headers = {"Authorization": f"Bearer {emulator.token}"}
    return httpx.Client(
        transport=emulator.transport(), base_url="http://127.0.0.1", headers=headers
    )


def test_there_is_something_to_test() -> None:
    assert set(STATELESS) | set(HANDLERS) == set(contract.operations())


@pytest.mark.parametrize("op_id", STATELESS)
def test_it_is_labelled_and_keeps_to_the_contract(client: httpx.Client, op_id: str) -> None:
    operation = contract.operations()[op_id]
    path = operation.path
    for name in operation.parameters:
        path = path.replace(f"{{{name}}}", "anything")
    query = {name: "2026-01" for name, of in operation.query.items() if of.get("required")}
    body = None if operation.body is None else example.body(operation)
    found = client.request(operation.method, path, params=query, json=body)
    if found.status_code == 422:  # a required query of another form: also by the contract
        assert found.json()["errors"][0]["field"] in operation.query
        return
    assert found.status_code == operation.status, found.text
    assert found.headers[example.HEADER] == "example"
    contract.check_answer(operation, found.json()["data"])


def test_what_keeps_state_is_not_labelled(client: httpx.Client) -> None:
    assert example.HEADER not in client.get("/sources").headers


def test_the_echo_and_paths_that_are_none(client: httpx.Client) -> None:
    assert client.get("/echo?message=hello").json()["data"]["message"] == "hello"
    assert client.get("/echo?message=x&triggerError=true&statusCode=409").status_code == 409
    assert client.get("/no/such/path").status_code == 404
