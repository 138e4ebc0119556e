"""The emulator as a server and as a program: start, stop, faults on a real connection."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from segform_emulator import Emulator

from .api import WEB, Api

PROGRAM = [sys.executable, "-m", "segform_emulator"]


@contextmanager
def program(*arguments: str) -> Iterator[tuple[subprocess.Popen[str], str, str]]:
    """The emulator as a program: (process, url, token); killed at the end at the latest."""
    with subprocess.Popen(
        [*PROGRAM, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None
            lines = [process.stdout.readline().strip() for _ in range(2)]
            assert re.fullmatch(r"url: http://127\.0\.0\.1:\d+", lines[0]), lines
            assert re.fullmatch(r"token: \S+", lines[1]), lines
            yield process, lines[0].removeprefix("url: "), lines[1].removeprefix("token: ")
        finally:
            process.kill()


@pytest.mark.parametrize("name", ["SIGTERM", "SIGINT"])
def test_it_serves_and_stops_without_a_word(name: str, tmp_path: Path) -> None:
    with program("--port", "0", "--data", str(tmp_path)) as (process, url, token):
        head = {"authorization": f"Bearer {token}"}
        assert httpx.get(f"{url}/", headers=head).json()["data"]["workspace"]["slug"]
        process.send_signal(getattr(signal, name))
        out, errors = process.communicate(timeout=10)
        assert (process.returncode, out, errors) == (0, "", "")


def test_a_port_in_use_is_one_line_and_exit_1() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        ended = subprocess.run(
            [*PROGRAM, "--port", port], capture_output=True, text=True, timeout=20, check=False
        )
    assert ended.returncode == 1
    assert ended.stdout == ""
    assert port in ended.stderr
    assert len(ended.stderr.strip().splitlines()) == 1


def test_it_listens_on_loopback_unless_told_otherwise_and_says_so() -> None:
    with program() as (process, url, _token):
        assert url.startswith("http://127.0.0.1:")
        process.terminate()
        assert process.communicate(timeout=10) == ("", "")
    with subprocess.Popen(
        [*PROGRAM, "--host", "0.0.0.0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as made:
        try:
            assert made.stdout is not None
            assert made.stdout.readline().startswith("url: http://0.0.0.0:")
            made.stdout.readline()
            made.terminate()
            _, errors = made.communicate(timeout=10)
        finally:
            made.kill()
    assert len(errors.splitlines()) == 1
    assert "asks for no token" in errors


def test_a_seed_that_is_none_is_one_line(tmp_path: Path) -> None:
    seed = tmp_path / "seed.json"
    seed.write_text('{"format": "other"}', encoding="utf-8")
    ended = subprocess.run(
        [*PROGRAM, "--seed", str(seed)], capture_output=True, text=True, timeout=20, check=False
    )
    assert ended.returncode == 1
    assert len(ended.stderr.strip().splitlines()) == 1
    assert "Traceback" not in ended.stderr


def test_it_ends_with_its_parent(tmp_path: Path) -> None:
    starter = (
        "import subprocess, sys\n"
        "made = subprocess.Popen([sys.executable, '-m', 'segform_emulator', "
        "'--exit-with-parent'], stdout=subprocess.PIPE, text=True)\n"
        "print(made.stdout.readline().strip(), flush=True)\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", starter], capture_output=True, text=True, timeout=20, check=True
    )
    url = httpx.URL(ended.stdout.strip().removeprefix("url: "))
    for _ in range(100):
        with socket.socket() as asked:
            asked.settimeout(0.1)
            if asked.connect_ex((url.host, url.port or 0)):
                return
        with socket.socketpair()[0] as still:
            still.settimeout(0.05)
            with pytest.raises(TimeoutError):
                still.recv(1)
    pytest.fail("the emulator outlived its parent")


def test_faults_on_a_connection() -> None:
    emulator = Emulator()
    head = {"authorization": f"Bearer {emulator.token}"}
    body = {"slug": "web", "enabled": True, "metadataId": WEB}
    with emulator.serve() as server, httpx.Client(base_url=server.url, headers=head) as client:
        emulator.fault("drop_after_commit", operation="createSource")
        with pytest.raises(httpx.RemoteProtocolError):
            client.post("/sources", json=body)
        emulator.fault("disconnect", operation="getWorkspace")
        with pytest.raises(httpx.RemoteProtocolError):
            client.get("/")
        emulator.fault("slow", seconds=0.3, operation="getWorkspace")
        with pytest.raises(httpx.ReadTimeout):
            client.get("/", timeout=0.05)
        emulator.fault("truncated", operation="listSources")
        assert client.get("/sources").status_code == 200
        found = client.get("/sources").json()["data"]["sources"]
        assert [source["slug"] for source in found] == ["web"]
        # An encoded slash stays inside its segment on the way through the server too.
        assert client.delete("/labels/a%2Fb/c").json()["errors"][0]["message"].count("a/b") == 1


def test_a_path_may_hold_any_byte() -> None:
    emulator = Emulator()
    head = {"authorization": f"Bearer {emulator.token}"}
    with emulator.serve() as server, httpx.Client(base_url=server.url, headers=head) as client:
        for path in ("/sources/%0A", "/sources/a%0Ab%00%FF", "/sources/%"):
            answer = client.get(path)
            assert answer.status_code == 404, path
            assert answer.json()["errors"][0]["type"] == "not-found"


def test_many_threads_at_once() -> None:
    emulator = Emulator()
    api = Api(emulator)
    with ThreadPoolExecutor(128) as pool:
        list(pool.map(lambda number: api.source(f"s{number}"), range(256)))
        codes = set(pool.map(lambda _: api.send("GET", "/sources").status_code, range(64)))
    assert codes == {200}
    found = api.get("/sources?pagination[count]=1000")["sources"]
    assert {source["slug"] for source in found} == {f"s{number}" for number in range(256)}
    assert len({source["id"] for source in found}) == 256


async def _async_answer(emulator: Emulator) -> int:
    transport = emulator.transport()
    assert isinstance(transport, httpx.AsyncBaseTransport)
    head = {"authorization": f"Bearer {emulator.token}"}
    async with httpx.AsyncClient(
        transport=transport, base_url="http://emulator", headers=head
    ) as client:
        return (await client.get("/")).status_code


async def _asgi_answer(emulator: Emulator) -> int:
    head = {"authorization": f"Bearer {emulator.token}"}
    transport = httpx.ASGITransport(emulator.app)
    async with httpx.AsyncClient(
        transport=transport, base_url="http://emulator", headers=head
    ) as client:
        return (await client.get("/")).status_code


def test_from_asyncio() -> None:
    import asyncio

    assert asyncio.run(_async_answer(Emulator())) == 200
    assert asyncio.run(_asgi_answer(Emulator())) == 200


def test_help_loads_no_server() -> None:
    code = (
        "import sys\n"
        "from segform_emulator.command import command\n"
        "found = [m for m in ('uvicorn', 'starlette', 'httpx', 'jsonschema_rs') "
        "if m in sys.modules]\n"
        "assert not found, found\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=20)


def test_it_shares_nothing_with_the_client() -> None:
    code = (
        "import sys, segform_emulator\n"
        "made = segform_emulator.Emulator(); made.transport(); made.app; made.seed(sources=1)\n"
        "found = [m for m in sys.modules if m == 'segform' or m.startswith('segform.')]\n"
        "assert not found, found\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=20)
