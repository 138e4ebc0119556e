"""Bad input: each has a documented status and body; no traceback, no leak, and it goes on.

Which answer each has: `docs/guides/emulator.md`, "Bad input".
"""

from __future__ import annotations

import base64
import json
import resource
import socket
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from click.testing import CliRunner

from segform_emulator import Emulator
from segform_emulator.command import command
from segform_emulator.server import Server
from segform_emulator.trip import LARGEST_BODY, LONGEST_TARGET

from .api import WEB, Api
from .test_server import program

PATIENCE = 0.4


def body(**more: Any) -> dict[str, Any]:
    return {"slug": "web", "enabled": True, "metadataId": WEB, **more}


# What is sent in a body


@pytest.mark.parametrize(
    "content",
    [
        b"{",
        b"{'slug': 'web'}",
        b'{"slug": NaN}',
        b'{"slug": Infinity}',
        b"\xff\xfe",
        b'{"slug": "\xed\xa0\x80"}',
        b'{"slug": "\\ud800"}',
        b"[" * 100_000,
        b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
        b"9" * 100_000,
        b'{"settings": {"n": 1E+999999999}}',
        b'{"settings": {"n": 1e-999999999}}',
        b"\x00",
        b'"text"',
        b"[]",
        b"null",
        b"1",
    ],
    ids=lambda content: repr(content[:20]),
)
@pytest.mark.parametrize("path", ["/sources", "/_emulator/seed", "/v1beta/workspaces/acme/sources"])
def test_what_is_no_json_object_is_400(api: Api, path: str, content: bytes) -> None:
    answer = api.send("POST", path, content)
    assert answer.status_code == 400, answer.text
    told = answer.json()
    assert told["error"] if path.startswith("/v1beta") else told["errors"][0]["type"]
    assert "Traceback" not in answer.text
    assert api.get("/sources")["sources"] == []


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"slug": 1}, "slug"),
        ({"slug": None}, "slug"),
        ({"slug": ""}, "slug"),
        ({"slug": ["web"]}, "slug"),
        ({"enabled": "true"}, "enabled"),
        ({"enabled": 1}, "enabled"),
        ({"metadataId": {}}, "metadataId"),
        ({"metadataId": "none"}, "metadataId"),
        ({"settings": []}, "settings"),
        ({"settings": "{}"}, "settings"),
        ({"disconnectAllWarehouses": 0}, "disconnectAllWarehouses"),
    ],
)
def test_a_wrong_type_is_422_and_names_the_field(api: Api, wrong: Any, field: str) -> None:
    refused = api.refused("POST", "/sources", body(**wrong))
    assert (refused.status, refused.type) == (422, "input-validation")
    assert refused.errors[0]["field"] == field
    assert api.get("/sources")["sources"] == []


def test_unknown_attributes_are_ignored_and_not_kept(api: Api) -> None:
    made = api.post("/sources", body(other=1, __proto__={"a": 1}, id="mine"))["source"]
    assert made["id"] != "mine"
    assert not {"other", "__proto__"} & set(made)
    assert not {"other", "__proto__"} & set(
        api.control("GET", "dump")["workspaces"][0]["sources"][0]
    )


def test_a_body_over_the_limit_is_413(api: Api) -> None:
    exactly = json.dumps(body(settings={"a": ""}))
    fill = "x" * (LARGEST_BODY - len(exactly))
    assert api.post("/sources", json.dumps(body(settings={"a": fill})))
    refused = api.refused("POST", "/sources", json.dumps(body(settings={"a": fill + "x"})))
    assert (refused.status, refused.type) == (413, "payload-too-large")


# What is in an address


def test_an_address_that_is_too_long_is_414(api: Api) -> None:
    fits = "/sources?x=" + "y" * (LONGEST_TARGET - len("/sources") - len("x="))
    assert api.get(fits)
    refused = api.refused("GET", fits + "y")
    assert (refused.status, refused.type) == (414, "uri-too-long")


@pytest.mark.parametrize(
    "path",
    [
        "/sources/%00",
        "/sources/..%2f..%2fetc%2fpasswd",
        "/sources/%2e%2e",
        "/sources/%ff%fe",
        "/sources/%",
        "/sources/%zz",
        "/sources/'%20OR%201=1--",
        "/sources/%E2%80%AE",
        "/sources/" + quote("a/b" * 50, safe=""),
        "/sources/a/b/c/d/e/f",
        "/" + "a/" * 4000,
        "/%5f%65mulator/none",
        "/labels/%2F/%2F",
    ],
)
@pytest.mark.parametrize("method", ["GET", "DELETE", "PATCH", "TRACE", "HEAD"])
def test_a_hostile_path_is_404(api: Api, path: str, method: str) -> None:
    answer = api.send(method, path, {} if method == "PATCH" else None)
    assert answer.status_code in (404, 422), answer.text
    assert api.get("/")


def test_an_id_that_is_too_long_is_422(api: Api) -> None:
    assert api.refused("GET", "/sources/" + "a" * 255).status == 404
    assert api.refused("GET", "/sources/" + "a" * 256).status == 422


def cursor(content: bytes) -> str:
    return quote(base64.b64encode(content).decode())


@pytest.mark.parametrize(
    "query",
    [
        "count]=0",
        "count]=-1",
        "count]=1001",
        "count]=99999999999999999999999999",
        "count]=1e3",
        "count]=0x10",
        "count]=%D9%A3",
        "count]=true",
        "count][a]=1",
        "cursor]=%00",
        "cursor]=not-base64!",
        "cursor]=" + cursor(b"-5"),
        "cursor]=" + cursor(b"1e9"),
        "cursor]=" + cursor(b"9" * 5000),
        "cursor]=" + cursor("²".encode()),
        "cursor][x]=1",
    ],
)
def test_a_page_that_cannot_be_is_422(api: Api, query: str) -> None:
    for path in ("/sources", "/audit-events", "/roles"):
        refused = api.refused("GET", f"{path}?pagination[{query}")
        assert (refused.status, refused.type) == (422, "input-validation")


@pytest.mark.parametrize(
    "given",
    ['{"count":1E+99999999}', '{"count":true}', '{"count":[1]}', '{"count":1.5}', "[1]", "x"],
)
def test_a_page_in_json_that_cannot_be_is_422(api: Api, given: str) -> None:
    assert api.refused("GET", f"/sources?pagination={quote(given)}").status == 422


def test_a_cursor_behind_the_end_is_an_empty_page(api: Api) -> None:
    api.source()
    found = api.get(f"/sources?pagination[cursor]={cursor(b'999999999999')}")
    assert found["sources"] == []
    assert "next" not in found["pagination"]


@pytest.mark.parametrize(
    "query",
    [
        "a" + "[a]" * 3000,
        "a" + ".a" * 3000,
        "&".join(f"a[{number}]=1" for number in range(1, 1000)),
        "&".join(["x=1"] * 2500),
        "rules[²][type]=TRACK",
        "rules[%31%30%30%30%30%30%30%30%30%30%30][type]=TRACK",
        "=1&[]=1&.=1&&&",
        "a=" + quote("[" * 4000),
        "a=" + quote('{"a":"\\ud800"}'),
        "groupBy[0]=a&groupBy=b&groupBy[x]=c",
        "%00=%00&%ff=%ff",
    ],
    ids=lambda query: query[:20],
)
def test_a_hostile_query_is_answered(api: Api, query: str) -> None:
    plan = api.plan()
    paths = ("/sources", f"/tracking-plans/{plan['id']}/rules", "/events/volume")
    for path, method in (*((path, "GET") for path in paths), (paths[1], "DELETE")):
        answer = api.send(method, f"{path}?{query}")
        assert answer.status_code in (200, 422), answer.text
    assert api.get("/")


@pytest.mark.parametrize(
    "header",
    ["", "Bearer", "Bearer  ", "Basic eDp5", "Bearer a b", "bearer\tx", "Bearer " + "x" * 8000],
)
def test_a_token_that_is_none_is_401(api: Api, header: str) -> None:
    answer = api.send("GET", "/sources", headers={"authorization": header})
    assert answer.status_code == 401
    assert answer.json()["errors"][0]["type"] == "unauthorized"
    assert "xxxx" not in answer.text


@pytest.mark.parametrize(
    ("method", "path", "given"),
    [
        ("POST", "seed?sources=99999999999", None),
        ("POST", "seed?sources=-1", None),
        ("POST", "seed?sources=%C2%B2", None),
        ("POST", "clock", {"advance": "x"}),
        ("POST", "clock", {"advance": 1e300}),
        ("POST", "limits", {"default": "x"}),
        ("POST", "limits", {"operations": [1]}),
        ("POST", "faults", {"kind": "slow", "seconds": 1e9}),
        ("POST", "faults", {"kind": "html", "status": 99999}),
        ("POST", "faults", {"kind": "html", "probability": 2}),
        ("POST", "faults", []),
        ("POST", "consistency", {"seconds": -1}),
        ("POST", "consistency", {"seconds": "x"}),
        ("POST", "timestamps", {"form": "x"}),
        ("POST", "consent", {"on": 1}),
        ("POST", "consent", {"workspace": ["x"]}),
        ("POST", "events", {"events": [{"source": {}}]}),
        ("POST", "accept-invite", {"email": 1}),
        ("POST", "features", {"workspace": {}}),
    ],
)
def test_a_control_that_is_none_is_400(api: Api, method: str, path: str, given: Any) -> None:
    refused = api.refused(method, f"/_emulator/{path}", given)
    assert (refused.status, refused.type) == (400, "bad-request")
    assert api.refused("GET", "/_emulator/none").status == 404


# On a connection


@pytest.fixture
def server() -> Iterator[tuple[Server, Emulator]]:
    emulator = Emulator()
    with emulator.serve(patience=PATIENCE) as made:
        yield made, emulator
    assert emulator.checks.violations == []


def raw(server: Server, *parts: bytes) -> bytes:
    """Everything that comes back for what is sent."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as made:
        for part in parts:
            made.sendall(part)
        found = b""
        while piece := _received(made):
            found += piece
        return found


def _received(made: socket.socket) -> bytes:
    try:
        return made.recv(65536)
    except ConnectionResetError:
        return b""


def told(answer: bytes) -> tuple[int, str]:
    """Status and type of an answer as it was on the wire."""
    head, _, content = answer.partition(b"\r\n\r\n")
    return int(head.split()[1]), json.loads(content)["errors"][0]["type"]


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        (b"nonsense\r\n\r\n", (400, "bad-request")),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", (400, "bad-request")),
        (b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", (400, "bad-request")),
        (b"GET / HTTP/1.1\r\n\r\n", (400, "bad-request")),
        (b"GET /\xc3\xa9 HTTP/1.1\r\nHost: a\r\n\r\n", (400, "bad-request")),
        (
            b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
            (400, "bad-request"),
        ),
        (b"GET /" + b"a" * 100_000, (414, "uri-too-long")),
        (
            b"GET /" + b"a" * 20_000 + b" HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
            (414, "uri-too-long"),
        ),
        (b"GET / HTTP/1.1\r\nX: " + b"a" * 100_000, (431, "headers-too-large")),
        # Nothing, half a head, and half a body: too slow.
        (b"", (408, "request-timeout")),
        (b"GET / HTTP/1.1\r\nHost:", (408, "request-timeout")),
        (
            b"POST /sources HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n{",
            (408, "request-timeout"),
        ),
    ],
    ids=lambda given: repr(given[:30]) if isinstance(given, bytes) else "",
)
def test_what_is_no_request_and_who_is_too_slow(
    server: tuple[Server, Emulator], sent: bytes, expected: tuple[int, str]
) -> None:
    assert told(raw(server[0], sent)) == expected
    head = {"authorization": f"Bearer {server[1].token}"}
    assert httpx.get(f"{server[0].url}/", headers=head).status_code == 200


def test_a_client_that_trickles_is_cut_off(server: tuple[Server, Emulator]) -> None:
    made = socket.create_connection(("127.0.0.1", server[0].port), timeout=20)
    with made:
        made.sendall(b"GET / HTTP/1.1\r\n")
        for _ in range(200):
            try:
                made.sendall(b"X: y\r\n")
                made.settimeout(0.02)
                found = made.recv(4096)
            except TimeoutError:
                continue
            except ConnectionError:
                break
            made.settimeout(20)
            while piece := _received(made):
                found += piece
            assert told(found) == (408, "request-timeout")
            break
        else:
            pytest.fail("it was never cut off")


def test_a_large_body_is_told_so_and_not_kept(server: tuple[Server, Emulator]) -> None:
    size = LARGEST_BODY * 3
    head = f"POST /sources HTTP/1.1\r\nHost: a\r\nContent-Length: {size}\r\n".encode()
    token = f"Authorization: Bearer {server[1].token}\r\nConnection: close\r\n\r\n".encode()
    assert told(raw(server[0], head + token, b"x" * size)) == (413, "payload-too-large")
    assert server[1].recorder.entries[-1]["bytes"] < LARGEST_BODY * 2


def test_a_body_in_broken_chunks_is_400(server: tuple[Server, Emulator]) -> None:
    head = b"POST /sources HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
    assert told(raw(server[0], head, b"5\r\nabc\r\nzz\r\n")) == (400, "bad-request")


def test_who_hangs_up_is_no_error(server: tuple[Server, Emulator]) -> None:
    head = b"POST /sources HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n{"
    for _ in range(20):
        with socket.create_connection(("127.0.0.1", server[0].port)) as made:
            made.sendall(head)
    token = {"authorization": f"Bearer {server[1].token}"}
    assert httpx.get(f"{server[0].url}/", headers=token).status_code == 200
    assert server[1].recorder.counts["createSource"] == 0


def test_who_does_not_read_stops_nobody(server: tuple[Server, Emulator]) -> None:
    """Answers that nobody takes wait on their own connection."""
    server[1].seed(sources=500)
    token = f"Authorization: Bearer {server[1].token}\r\n".encode()
    request = b"GET /sources?pagination.count=1000 HTTP/1.1\r\nHost: a\r\n" + token + b"\r\n"
    with ExitStack() as held:
        for _ in range(20):
            made = socket.create_connection(("127.0.0.1", server[0].port))
            held.enter_context(made).sendall(request)
        head = {"authorization": f"Bearer {server[1].token}"}
        for _ in range(5):
            assert httpx.get(f"{server[0].url}/", headers=head).status_code == 200


def test_a_thousand_open_connections(tmp_path: Path) -> None:
    """They stay open, half a request on each; others are served, and then they are too."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 4096
    if soft != resource.RLIM_INFINITY and soft < wanted:
        assert hard == resource.RLIM_INFINITY or hard >= wanted, "the system allows too few files"
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    with program() as (process, url, token), ExitStack() as held:
        address = httpx.URL(url)
        assert address.port is not None
        connections = [
            held.enter_context(socket.create_connection((address.host, address.port), timeout=20))
            for _ in range(1000)
        ]
        for made in connections:
            made.sendall(b"GET / HTTP/1.1\r\nHost: a\r\n")
        head = {"authorization": f"Bearer {token}"}
        with httpx.Client(base_url=url, headers=head, timeout=20) as client:
            assert {client.get("/").status_code for _ in range(20)} == {200}
        rest = f"Authorization: Bearer {token}\r\nConnection: close\r\n\r\n".encode()
        for made in connections:
            made.sendall(rest)
        answers = {made.recv(65536)[:12] for made in connections}
        assert answers == {b"HTTP/1.1 200"}
        files = Path(f"/proc/{process.pid}/fd")
        held.close()
        for _ in range(200):
            if len(list(files.iterdir())) < 50:
                break
            httpx.get(f"{url}/_emulator/requests")
        assert len(list(files.iterdir())) < 50
        process.terminate()
        out, errors = process.communicate(timeout=20)
        assert (out, errors, process.returncode) == ("", "", 0)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"{", "seed.json is not JSON: "),
        (b"[1]", "seed.json is no snapshot: it is no JSON object"),
        (b"\xff", "seed.json is not UTF-8"),
        (b"[" * 100_000, "seed.json is not JSON: "),
    ],
)
def test_a_seed_that_is_none_is_named(content: bytes, words: str, tmp_path: Path) -> None:
    seed = tmp_path / "seed.json"
    seed.write_bytes(content)
    ended = CliRunner().invoke(command, ["--seed", str(seed)])
    assert ended.exit_code == 1
    assert words in ended.output
    assert len(ended.output.splitlines()) == 1
