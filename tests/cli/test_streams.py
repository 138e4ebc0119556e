"""Streams that are closed, and interrupts: neither is an error of the program."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from segform.errors import SegformError
from segform.lifecycle.service import Lifecycle
from segform.transport.bulk import GivenUp, wait
from segform.workspace.stopping import Stop

from .conftest import Desk


@pytest.mark.parametrize("closed", [">&-", "2>&-", "<&-", ">&- 2>&- <&-"])
def test_a_stream_that_is_closed_is_no_error(tmp_path: Path, closed: str) -> None:
    workspace = {"id": "w1", "slug": "acme", "name": "Acme"}
    held = {"format": "segform.snapshot", "version": 1, "workspaces": [workspace]}
    (tmp_path / "ours.json").write_text(json.dumps(held))
    for command in ("report ours.json", "report ours.json --output told.txt", "--version"):
        ended = subprocess.run(
            ["/bin/sh", "-c", f'"$0" -m segform {command} {closed}', sys.executable],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert ended.returncode == 0, ended
        assert ended.stderr == ""
    assert "Acme" in (tmp_path / "told.txt").read_text()


def test_an_interrupt_while_a_command_is_imported_is_one(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted() -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr("segform.cli._run", interrupted)
    ended = desk.run("plan")
    assert ended.code == 130
    assert ended.err == ""


def test_an_interrupt_does_not_wait_for_a_place_under_a_limit(tmp_path: Path) -> None:
    """What has not written anything yet is let go; what is left is made by the next apply."""
    never, sent = threading.Event(), list[str]()

    class Client:
        def request(self, name: str, **_: Any) -> dict[str, Any]:
            if name == "createLabel" and sent.count(name) == 1:
                wait(never, 60)
            sent.append(name)
            return {}

    life, stop = Lifecycle(Client()), Stop()  # type: ignore[arg-type]  # no more of a client is asked for
    with stop.over(life):
        with stop.change():
            life.client.request("getSource")
            life.client.request("createLabel")
            stop.set()
            wait(threading.Event(), 0.01)  # it has written: a wait of it is one
        with stop.change(), pytest.raises(GivenUp):
            life.client.request("createLabel")
    assert sent == ["getSource", "createLabel"]
    assert not issubclass(GivenUp, SegformError)
