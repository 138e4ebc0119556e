"""Which hosts are spoken to: the one that the user named, and no other.

Python tells an audit hook of every name that is looked up and every address that is connected to.
The hook writes them down, and nothing but the emulator's address may be there in the end.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from segform_emulator import Emulator
from segform_provider import install
from tests.terraform.harness import Terraform

WATCH = """
import json, os, runpy, sys

log = os.open(sys.argv.pop(1), os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)


def watch(event, arguments):
    if event == "socket.connect" and isinstance(arguments[1], tuple):
        where = list(arguments[1][:2])
    elif event in ("socket.getaddrinfo", "socket.gethostbyname"):
        where = [*arguments, None][:2]
    else:
        return
    os.write(log, (json.dumps(where, default=str) + "\\n").encode())


sys.addaudithook(watch)
os.write(log, b'"started"\\n')
"""
CLIENT = """
import asyncio
from segform import AsyncSegment, NotFoundError, Segment, SegformError

with Segment() as segment:
    assert segment.sources.list()
    segment.labels.create(key="environment", value="prod")
    try:
        segment.request("getSource", path={"sourceId": "missing"})
    except NotFoundError:
        pass


async def main():
    async with AsyncSegment() as segment:
        assert [source async for source in segment.sources.list()]


asyncio.run(main())
"""
EMULATOR = """
from segform_emulator import Emulator
with Emulator().serve() as server:
    pass
"""


@pytest.fixture
def watched(tmp_path: Path) -> Path:
    """A program that runs another one under the hook: `watched.py LOG`."""
    return tmp_path / "watched.py"


def contacted(log: Path) -> set[str]:
    """`host:port` of all that was looked up or connected to."""
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    assert "started" in lines
    return {f"{line[0]}:{line[1]}" for line in lines if line != "started"}


def address(url: str) -> str:
    return urlsplit(url).netloc


@pytest.mark.parametrize("code", [CLIENT, EMULATOR], ids=["client", "emulator"])
def test_no_other_host_is_contacted(watched: Path, tmp_path: Path, code: str) -> None:
    watched.write_text(WATCH + code)
    emulator = Emulator()
    emulator.seed(sources=1)
    log = tmp_path / "log"
    with emulator.serve() as server:
        env = {**os.environ, "SEGMENT_API_TOKEN": emulator.token, "SEGMENT_API_URL": server.url}
        subprocess.run([sys.executable, str(watched), str(log)], env=env, check=True, timeout=60)
    assert contacted(log) == ({address(server.url)} if code == CLIENT else set())


def test_the_hook_sees_what_it_should(watched: Path, tmp_path: Path) -> None:
    watched.write_text(
        WATCH + "import socket\n"
        "for ask in (lambda: socket.getaddrinfo('nobody.invalid', 443),\n"
        "            lambda: socket.create_connection(('127.0.0.1', 9), 1)):\n"
        "    try: ask()\n"
        "    except OSError: pass\n"
    )
    log = tmp_path / "log"
    subprocess.run([sys.executable, str(watched), str(log)], check=True, timeout=60)
    assert contacted(log) == {"nobody.invalid:443", "127.0.0.1:9"}


@pytest.fixture
def tf(tmp_path: Path, terraform: str, watched: Path) -> Iterator[Terraform]:
    """Terraform, with a provider that is started by its own launcher and runs under the hook."""
    watched.write_text(
        WATCH + "runpy.run_module('segform_provider', run_name='__main__', alter_sys=True)\n"
    )
    emulator = Emulator()
    with emulator.serve() as server:
        made = Terraform(tmp_path / "a shop", server.url, emulator.token, terraform)
        package = install.package_folder()
        plugins = made.folder / "terraform.d" / "plugins"
        shutil.copytree(package, plugins / package.relative_to(package.parents[4]))
        # The launcher's note of which Python it is.
        python = made.folder / "python"
        command = f"exec '{sys.executable}' -I -X utf8 '{watched}' '{tmp_path / 'log'}'"
        python.write_text(f"#!/bin/sh\n{command}\n")
        python.chmod(0o755)
        (plugins / "python").write_text(f"{python}\n")
        yield made
        made.close()


@pytest.mark.terraform
@pytest.mark.timeout(120)
def test_the_provider_contacts_no_other_host(tf: Terraform, tmp_path: Path) -> None:
    tf.write('resource "segment_label" "a" {\n  key = "environment"\n  value = "prod"\n}\n')
    tf.run("init", "-no-color", "-input=false")
    tf.apply()
    assert tf.plan() == {}
    tf.destroy()
    assert contacted(tmp_path / "log") == {address(tf.url)}
