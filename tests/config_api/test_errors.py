"""Errors: every documented code, what is repeated and what never is, nothing secret in any."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

import segform
from segform.config_api.answer import CODES

from .stub import TOKEN, async_client, client, no, ok

DOCUMENTED = [
    (400, 3, "INVALID_ARGUMENT", segform.BadRequestError),
    (401, 16, "UNAUTHENTICATED", segform.AuthenticationError),
    (403, 7, "PERMISSION_DENIED", segform.PermissionDeniedError),
    (404, 5, "NOT_FOUND", segform.NotFoundError),
    (409, 6, "ALREADY_EXISTS", segform.ConflictError),
    (501, 12, "UNIMPLEMENTED", segform.ServerError),
]
PASSING = [(429, 8), (500, 13), (503, 14)]


@pytest.mark.parametrize(("status", "code", "name", "kind"), DOCUMENTED)
def test_every_documented_code(
    status: int, code: int, name: str, kind: type[segform.APIStatusError]
) -> None:
    made, script = client(no(status, code, "the reason"))
    with pytest.raises(kind) as caught:
        made.sources.get("js")
    error = caught.value
    assert error.errors == [segform.ErrorItem(name, "the reason", data={"code": code})]
    assert error.status_code == status
    assert error.operation == "legacy.getSource"
    assert error.path == "/workspaces/acme/sources/js"
    assert "the reason" in str(error)
    assert "legacy" in str(error)
    assert len(script.requests) == 1


@pytest.mark.parametrize(("status", "code"), PASSING)
def test_what_may_pass_is_tried_again(status: int, code: int) -> None:
    made, script = client(no(status, code), ok(name="workspaces/acme/sources/js"))
    assert made.sources.get("js")["name"] == "workspaces/acme/sources/js"
    assert len(script.requests) == 2


def test_what_does_not_pass_is_told_in_the_end() -> None:
    made, _ = client(*[no(429, 8, "slow down") for _ in range(20)])
    with pytest.raises(segform.RateLimitError, match="200 requests a minute") as caught:
        made.sources.get("js")
    assert caught.value.errors[0].type == "RESOURCE_EXHAUSTED"
    assert caught.value.attempts > 1
    # How long the client waited is its own guess: the service named nothing.
    assert caught.value.retry_after is None
    assert "asks to wait" not in str(caught.value)


def test_the_server_names_a_delay() -> None:
    answers = [no(429, 8, **{"Retry-After": "600"})]
    made, script = client(*answers)
    with pytest.raises(segform.RateLimitError) as caught:
        made.sources.get("js")
    assert caught.value.retry_after == 600
    assert len(script.requests) == 1


CREATES: list[Any] = [
    lambda c: c.sources.create("js", catalog_name="javascript"),
    lambda c: c.destinations.create("sources/js/destinations/braze"),
    lambda c: c.tracking_plans.create(display_name="P"),
    lambda c: c.tracking_plans.sources.create("rs_1", "js"),
]


@pytest.mark.parametrize("create", CREATES)
@pytest.mark.parametrize(
    "answer",
    [
        no(500, 13),
        no(503, 14),
        httpx.ReadError("gone"),
        httpx.ReadTimeout("late"),
        httpx.Response(200, content=b'{"name": "works'),
    ],
)
def test_a_create_is_never_repeated_blindly(create: Any, answer: Any) -> None:
    made, script = client(answer)
    with pytest.raises(segform.APIError) as caught:
        create(made)
    assert caught.value.ambiguous
    assert len(script.requests) == 1


def test_a_create_that_surely_did_not_happen_is_repeated() -> None:
    made, script = client(
        no(429, 8), httpx.ConnectError("no"), ok(name="workspaces/acme/sources/js")
    )
    made.sources.create("js", catalog_name="javascript")
    assert len(script.requests) == 3


def test_deletes_and_updates_are_repeated() -> None:
    made, script = client(no(503, 14), ok(), no(500, 13), ok(name="x"))
    made.sources.delete("js")
    made.destinations.update("sources/js/destinations/braze", enabled=True)
    assert [method for method, _ in script.sent] == ["DELETE", "DELETE", "PATCH", "PATCH"]


def test_codes_beyond_the_documented() -> None:
    made, _ = client(no(400, 9), no(400, 99), httpx.Response(404, json={"error": "gone"}))
    seen = []
    for _ in range(3):
        with pytest.raises(segform.APIStatusError) as caught:
            made.sources.get("js")
        seen.append(caught.value.errors[0].type)
    assert seen == [CODES[9], "UNKNOWN", "NOT_FOUND"]


def test_the_words_of_a_gateway() -> None:
    text = "upstream connect error or disconnect/reset before headers"
    made, _ = client(*[httpx.Response(503, text=text) for _ in range(6)])
    with pytest.raises(segform.ServerError, match="an address it does not know") as caught:
        made.sources.get("js")
    assert text in str(caught.value)
    assert caught.value.errors == []
    made, _ = client(httpx.Response(400, json={"error": {"code": 3, "message": "words"}}))
    with pytest.raises(segform.BadRequestError, match="words"):
        made.sources.get("js")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"<html>hello</html>", "an HTML page"),
        (b'{"name": "a', "cut short"),
        (b'["a"]', "no object"),
        (b"hello", "not JSON"),
        (b'{"error": "no", "code": 3}', "an answer of success"),
    ],
)
def test_a_success_that_is_none(content: bytes, words: str) -> None:
    made, _ = client(*[httpx.Response(200, content=content) for _ in range(6)])
    with pytest.raises(segform.ResponseDecodeError, match=words):
        made.sources.get("js")


def test_an_answer_without_the_object() -> None:
    made, _ = client(ok(hello="world"), httpx.Response(200))
    with pytest.raises(segform.ResponseDecodeError, match="without `name`"):
        made.sources.get("js")
    with pytest.raises(segform.ResponseDecodeError, match="empty"):
        made.sources.get("js")


def test_an_empty_answer_to_a_create_may_have_been_one() -> None:
    made, _ = client(httpx.Response(200))
    with pytest.raises(segform.ResponseDecodeError) as caught:
        made.sources.create("js", catalog_name="javascript")
    assert caught.value.ambiguous


@pytest.mark.parametrize("answer", [httpx.Response(200), httpx.Response(204), ok()])
def test_deletes_may_answer_nothing(answer: httpx.Response) -> None:
    made, _ = client(answer)
    assert made.sources.delete("js") is None


def test_redirects_are_not_followed() -> None:
    made, script = client(httpx.Response(302, headers={"Location": "https://elsewhere.example"}))
    with pytest.raises(segform.APIStatusError, match="redirect") as caught:
        made.sources.get("js")
    assert "SEGMENT_CONFIG_API_URL" in str(caught.value)
    assert len(script.requests) == 1


def test_the_mends_are_those_of_this_api() -> None:
    made, _ = client(*[httpx.ConnectError("no")] * 6, no(401, 16), no(403, 7), no(404, 5))
    texts = []
    for _ in range(4):
        with pytest.raises(segform.APIError) as caught:
            made.sources.get("js")
        texts.append(str(caught.value))
    assert "SEGMENT_CONFIG_API_URL" in texts[0]
    assert "never one of the Public API" in texts[1]
    assert "legacy token that may write" in texts[2]
    assert "resource name" in texts[3]
    for text in texts:
        assert "SEGMENT_API" not in text
        assert "SEGMENT_REGION" not in text


def test_read_only() -> None:
    made, script = client(ok(sources=[]), read_only=True)
    for create in CREATES:
        with pytest.raises(segform.ReadOnlyError, match="legacy"):
            create(made)
    with pytest.raises(segform.ReadOnlyError):
        made.tracking_plans.update("rs_1", display_name="x")
    assert list(made.sources.list()) == []
    assert len(script.requests) == 1


def test_read_only_by_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEGMENT_READ_ONLY", "1")
    made, _ = client(read_only=False)
    assert made.read_only
    with pytest.raises(segform.ReadOnlyError):
        made.sources.delete("js")


def test_secrets_are_in_no_error() -> None:
    """Texts of a config and the token are taken out, wherever the API's words quote them."""
    words = f"bad value 'k3y-of-braze' with {TOKEN} and ['deep-secret-1']"
    made, _ = client(no(400, 3, words))
    with pytest.raises(segform.BadRequestError) as caught:
        made.destinations.create(
            "sources/js/destinations/braze",
            config={"apiKey": "k3y-of-braze", "keys": ["deep-secret-1"], "site": "eu"},
        )
    shown = f"{caught.value} {caught.value.errors!r}"
    for secret in ("k3y-of-braze", TOKEN, "deep-secret-1"):
        assert secret not in shown
    assert "bad value" in shown


async def _caught(call: Any) -> segform.APIError:
    with pytest.raises(segform.APIError) as caught:
        await call
    return caught.value


def test_the_asynchronous_client_errs_alike() -> None:
    import asyncio

    async def run() -> None:
        made, script = async_client(no(403, 7, "no"), httpx.Response(200), no(500, 13))
        error = await _caught(made.sources.get("js"))
        assert isinstance(error, segform.PermissionDeniedError)
        assert "legacy token that may write" in str(error)
        assert isinstance(await _caught(made.sources.get("js")), segform.ResponseDecodeError)
        error = await _caught(made.sources.create("js", catalog_name="javascript"))
        assert error.ambiguous
        assert len(script.requests) == 3
        await made.close()

    asyncio.run(run())
