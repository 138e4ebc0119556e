"""Start-up: what is imported when, asserted in fresh interpreters."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

HEAVY = ("httpx", "httpcore", "tenacity", "pydantic", "ssl", "asyncio", "logging", "socket")


def loaded_after(code: str) -> dict[str, bool]:
    probe = (
        f"{code}\nimport json, sys\nprint(json.dumps([m for m in {HEAVY!r} if m in sys.modules]))"
    )
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    assert done.stderr == ""
    found = json.loads(done.stdout)
    return {name: name in found for name in HEAVY}


@pytest.mark.parametrize(
    "code",
    [
        "import segform",
        "import segform.errors",
        "import segform.contract; segform.contract.operation('listSources')",
        "from segform import Segment; Segment(token='x')",
        "from segform import Segment; Segment(token='x').sources.list()",
        "import segform.api.types",
    ],
)
def test_nothing_heavy_before_the_first_request(code: str) -> None:
    assert not any(loaded_after(code).values())


REQUEST = (
    "import httpx\n"
    "from segform import Segment\n"
    "answer = httpx.MockTransport(lambda r: httpx.Response({}, json={{'data': {{}}}}))\n"
    "made = Segment(token='x', transport=answer)\n"
    "made.request('getWorkspace')"
)


def test_the_first_request_loads_httpx_and_still_no_pydantic() -> None:
    loaded = loaded_after(REQUEST.format("200"))
    assert loaded["httpx"]
    assert not loaded["tenacity"]  # nothing is repeated
    assert not loaded["pydantic"]


def test_a_repeat_loads_tenacity() -> None:
    assert loaded_after(REQUEST.format("503 if made.requests_sent < 2 else 200"))["tenacity"]


def test_every_module_of_the_client_is_imported_without_a_connection() -> None:
    code = (
        "import socket\n"
        "def refuse(*a, **k): raise AssertionError('network at import')\n"
        "socket.socket.connect = socket.getaddrinfo = refuse\n"
        "import importlib, pkgutil, segform.api, segform.transport, segform.contract\n"
        "for package in (segform.api, segform.transport, segform.contract):\n"
        "    for found in pkgutil.iter_modules(package.__path__, package.__name__ + '.'):\n"
        "        importlib.import_module(found.name)\n"
    )
    assert loaded_after(code)["httpx"]


def test_memory_of_a_client_that_has_sent_nothing() -> None:
    code = (
        "def used(): return int(open('/proc/self/statm').read().split()[1]) * 4 / 1024\n"
        "before = used()\n"
        "from segform import Segment\n"
        "client = Segment(token='x')\n"
        "print(used() - before)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert float(done.stdout) < 35


def test_the_public_names_are_what_they_say() -> None:
    import segform
    from segform import errors

    names = segform.__all__
    assert set(names) == set(segform._HOMES)
    for name in names:
        assert getattr(segform, name) is not None
    tree = {
        name
        for name, x in vars(errors).items()
        if isinstance(x, type) and x.__module__ == errors.__name__
    }
    assert tree <= set(names)
    with pytest.raises(AttributeError, match="Nonsense"):
        segform.Nonsense  # noqa: B018 - asking is the test


def test_the_version_is_the_projects() -> None:
    from importlib.metadata import version

    import segform

    assert segform.__version__ == version("segform")


def test_a_first_request_does_not_load_httpxs_command_line() -> None:
    code = (
        "import sys; from segform.transport.http import Wire; import httpx\n"
        "assert 'rich' not in sys.modules and 'pygments' not in sys.modules\n"
        "assert 'httpx._main' not in sys.modules\n"
        # What others find is whole all the same.
        "import httpx._main; assert callable(httpx._main.main)\n"
    )
    subprocess.run([sys.executable, "-I", "-c", code], check=True)


def test_httpx_that_was_there_before_is_left_alone() -> None:
    code = (
        "import httpx, sys; before = httpx.main\n"
        "from segform.transport.http import Wire\n"
        "assert httpx.main is before and sys.modules['httpx._main']\n"
    )
    subprocess.run([sys.executable, "-I", "-c", code], check=True)
