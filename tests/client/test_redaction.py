"""No secret in any error, log line or representation, whatever the API says."""

from __future__ import annotations

import logging
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segform import APIError, APIStatusError, Secret, Segment
from segform.transport.secret import HIDDEN, Redactor, secrets_of

from .stub import TOKEN, Script, client, no, ok

SECRETS = st.text(st.characters(codec="utf-8"), min_size=6).filter(
    lambda text: text.strip() == text and text not in HIDDEN
)


def everything(error: APIError) -> str:
    parts = [str(error), repr(error), error.path]
    if isinstance(error, APIStatusError):
        parts += [str(error.request_id)]
        for item in error.errors:
            parts += [str(item), repr(item), item.type, str(item.message), str(item.field)]
            parts += [repr(item.data), str(item.data)]
    return "\n".join(parts)


@settings(max_examples=60)
@given(secret=SECRETS, name=st.sampled_from(["password", "apiKey", "x", "private_key"]))
def test_a_setting_that_the_api_quotes_is_not_repeated(secret: str, name: str) -> None:
    item = {
        "type": f"bad {secret}",
        "message": f'"{name}" with value "{secret}" is wrong',
        "field": f"settings.{secret}",
        "data": {"sent": [secret], secret: 1, "token": "zz"},
    }
    made, _ = client(no(422, item, headers={"x-request-id": "r"}))
    body = {"name": "w", "settings": {"deep": [{name: secret}]}}
    with pytest.raises(APIStatusError) as caught:
        made.request("createWarehouse", body=body)
    error = caught.value
    assert secret not in str(error.errors[0].message)
    assert secret not in error.errors[0].type
    assert secret not in str(error.errors[0].field)
    assert secret not in error.errors[0].data
    assert secret not in error.errors[0].data["sent"]
    assert error.errors[0].data["token"] == HIDDEN


@pytest.mark.parametrize("status", [400, 401, 403, 409, 422, 429, 500])
def test_the_token_is_in_no_error(status: int) -> None:
    item = {"type": TOKEN, "message": f"bad token {TOKEN}", "field": TOKEN, "data": {"t": TOKEN}}
    made, _ = client(no(status, item, headers={"x-request-id": TOKEN}), repeat_last=True)
    with pytest.raises(APIStatusError) as caught:
        made.request("getSource", path={"sourceId": TOKEN})
    assert TOKEN not in everything(caught.value)


def test_the_token_is_in_no_plain_text_error() -> None:
    text = "x" * 190 + TOKEN  # cut after redaction, so that no half of it remains either
    made, _ = client(httpx.Response(403, text=f"Authorization: Bearer {TOKEN} {text}"))
    with pytest.raises(APIStatusError) as caught:
        made.request("getWorkspace")
    assert TOKEN[:12] not in everything(caught.value)


def test_a_write_key_in_an_answer_that_cannot_be_read_is_not_shown() -> None:
    made, _ = client(httpx.Response(201, content=b'{"data":{"source":{"writeKeys":["wk_canary"'))
    with pytest.raises(APIError) as caught:
        made.request("createSource", body={"slug": "x"})
    assert "canary" not in everything(caught.value)


def test_connection_errors_are_redacted_too() -> None:
    made, _ = client(httpx.ConnectError(f"cannot reach {TOKEN}"), repeat_last=True)
    with pytest.raises(APIError) as caught:
        made.request("getWorkspace")
    assert TOKEN not in everything(caught.value)


def test_secrets_of_a_body() -> None:
    body = {
        "name": "My warehouse",
        "settings": {"host": "db.example", "port": "5439", "auth": {"user": "root"}},
        "password": "abc",
        "credentials": [{"key": "k-1"}],
        "rules": [{"key": "Order Completed"}],
    }
    assert secrets_of(body) == {"db.example", "abc", "root", "k-1"}


def test_the_escaped_forms_of_a_secret_are_known() -> None:
    key = '-----BEGIN\n"quoted" / ä+ü\n'
    redactor = Redactor([key])
    for form in (
        key,
        '-----BEGIN\\n\\"quoted\\" / ä+ü\\n',
        '-----BEGIN\\n\\"quoted\\" / \\u00e4+\\u00fc\\n',
        "-----BEGIN%0A%22quoted%22%20%2F%20%C3%A4%2B%C3%BC%0A",
    ):
        assert redactor.text(f"<{form}>") == f"<{HIDDEN}>"


def test_a_secret_that_holds_another_goes_as_a_whole() -> None:
    assert Redactor(["abc", "abcdef"]).text("xabcdefx abc") == f"x{HIDDEN}x {HIDDEN}"


TEXTS = st.text() | st.builds("{}canary-0{}".format, st.text(), st.text())


def shape(value: Any) -> Any:
    """The value without its texts."""
    if isinstance(value, dict):
        return sorted((shape(item) for item in value.values()), key=repr)
    return [shape(item) for item in value] if isinstance(value, list) else type(value)


@given(
    st.recursive(
        st.none() | st.booleans() | TEXTS,
        lambda x: st.lists(x) | st.dictionaries(TEXTS, x, max_size=1),
        max_leaves=10,
    )
)
def test_redaction_keeps_the_shape(value: Any) -> None:
    redacted = Redactor(["canary-0"]).value(value)
    assert shape(redacted) == shape(value)
    assert "canary-0" not in repr(redacted)


CALLS: list[tuple[str, dict[str, Any]]] = [
    ("getSource", {"path": {"sourceId": Secret("canary/1234")}}),
    ("listSources", {"query": {"q": Secret("canary/1234")}}),
    ("listSources", {"query": {"q": [{"deep": Secret("canary/1234")}]}}),
    ("removeWriteKeyFromSource", {"path": {"sourceId": "s", "writeKey": "canary/1234"}}),
]


@pytest.mark.parametrize(("operation", "given"), CALLS)
def test_a_secret_of_a_path_or_a_query_is_in_no_error_and_no_log(
    operation: str, given: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    def quotes(request: httpx.Request) -> httpx.Response:
        words = f"no {request.url.raw_path.decode()} {request.url.path}"
        return httpx.Response(404, json={"errors": [{"type": "x", "message": words}]})

    made, script = client(quotes)
    with caplog.at_level(logging.DEBUG), pytest.raises(APIStatusError) as caught:
        made.request(operation, **given)
    assert "canary" in str(script.requests[0].url)
    shown = f"{caught.value} {caught.value.errors} {vars(caught.value)} {caplog.text}"
    assert "canary" not in shown
    assert HIDDEN in shown


def test_what_stands_under_a_name_of_secrets_is_not_shown_however_deep() -> None:
    told = {"apiKey": ["a", {"id": "b", "n": 1}], "token": {"value": "c"}, "field": "d", "limit": 2}
    assert Redactor([]).value(told) == {
        "apiKey": [HIDDEN, {"id": HIDDEN, "n": 1}],
        "token": {"value": HIDDEN},
        "field": "d",
        "limit": 2,
    }


def test_other_libraries_logs_tell_no_token_either(
    caplog: pytest.LogCaptureFixture, slow_server: str
) -> None:
    """A program that logs all it can: httpcore's own lines name what is sent."""
    with caplog.at_level(logging.DEBUG), Segment(token=TOKEN, url=slow_server) as made:
        made.sources.get("quick")
    assert "httpcore" in {record.name.partition(".")[0] for record in caplog.records}
    assert TOKEN not in "".join(
        f"{record.getMessage()} {vars(record)}" for record in caplog.records
    )


@pytest.mark.parametrize("level", ["info", "debug"])
def test_the_log_names_operations_and_no_token(
    level: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SEGMENT_LOG", level)
    log = logging.getLogger("segform.transport")
    monkeypatch.setattr(log, "handlers", [])
    monkeypatch.setattr(log, "filters", [])
    monkeypatch.setattr(log, "level", log.level)
    script = Script(no(404), ok(labels=[]))
    made = Segment(token=TOKEN, transport=httpx.MockTransport(script))
    with pytest.raises(APIStatusError):
        made.request("getSource", path={"sourceId": TOKEN})
    made.request("listLabels")
    shown = capsys.readouterr().err
    log.setLevel(logging.NOTSET)
    assert "listLabels GET /labels -> 200" in shown
    assert "getSource GET /sources/*** -> 404" in shown
    assert TOKEN not in shown
