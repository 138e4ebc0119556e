"""What each way in loads, and above all what it does not: start-up is paid for each time."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

HEAVY = ("httpx", "pydantic", "tenacity", "cdktf", "cdktn", "click", "starlette", "uvicorn")


def _loaded(code: str) -> set[str]:
    program = f"import sys\n{code}\nimport json\nprint(json.dumps(sorted(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-I", "-c", program], capture_output=True, text=True, check=True
    )
    return set(json.loads(done.stdout.splitlines()[-1]))


@pytest.mark.parametrize(
    ("code", "absent"),
    [
        ("import segform", (*HEAVY, "segform.transport", "segform.resources", "asyncio")),
        ("import segform.resources as r; r.registry(); r.data_sources()", (*HEAVY, "dataclasses")),
        (
            # A filter's FQL is read by who has one.
            "import segform.resources.checks, segform.resources.kind_checks",
            (*HEAVY, "segform.fql", "segform.mapping", "segform.catalog"),
        ),
        ("from segform.catalog import Catalog, check_settings", (*HEAVY, "segform.transport")),
        ("import segform.report", (*HEAVY, "segform.lifecycle", "segform.transport")),
        (
            "import segform.cli.check, segform.cli.test, segform.cli.report",
            ("httpx", "pydantic", "segform.workspace", "segform.report", "segform.transport"),
        ),
        (
            # What `segform compare` works with: it reads files, and no workspace.
            "import segform.workspace.comparing, segform.workspace.files",
            (*HEAVY, "segform.lifecycle.service", "segform.workspace.live", "segform.transport"),
        ),
        (
            "import segform.export",
            (*HEAVY, "segform.lifecycle.service", "segform.workspace.git_sync"),
        ),
        ("import segform.contract", HEAVY),
        ("import segform.tracking.rules", HEAVY),
        ("import segform.fql; segform.fql.matches('a', {})", (*HEAVY, "dataclasses")),
        (
            "from segform.mapping import evaluate; evaluate({'a': {'@path': '$.b'}}, {})",
            (*HEAVY, "dataclasses", "segform.fql"),
        ),
        ("import segform.explain.way", (*HEAVY, "dataclasses", "segform.tracking")),
        (
            "from segform.tracking import affects, diff, lint, select, validate",
            (*HEAVY, "jsonschema_rs", "jsonschema", "yaml"),
        ),
        ("import segform.tracking.spec", HEAVY),
        ("import segform.tracking.files", (*HEAVY, "yaml", "jsonschema_rs")),
        ("from segform import Segment; Segment('x')", ("httpx", "pydantic", "tenacity", "asyncio")),
        (
            # A first request: who awaits nothing does not load what awaits.
            (
                "from segform import APIConnectionError, Segment\n"
                "try:\n    Segment('x', url='http://127.0.0.1:9').with_options(attempts=1).labels.list()\n"
                "except APIConnectionError: pass\n"
                "else: raise AssertionError('something listens on port 9')"
            ),
            ("asyncio", "tenacity", "pydantic", "click"),
        ),
        (
            "from segform.config_api import names; names.source('acme', 'js')",
            (*HEAVY, "segform.transport", "segform.api", "asyncio"),
        ),
        (
            "from segform.config_api import ConfigAPI; ConfigAPI('x').sources",
            ("httpx", "pydantic", "tenacity", "asyncio", "segform.api"),
        ),
        (
            # All that is there when the handshake line is printed.
            (
                "import segform_provider.protocol.serve, segform_provider.protocol.certificate\n"
                "segform_provider.protocol.certificate.make()"
            ),
            (*HEAVY, "segform", "google.protobuf", "msgpack"),
        ),
        (
            (
                "from segform_provider.rpc import handlers\n"
                "handlers()['GetProviderSchema'](None)\n"
                "import segform_provider.rpc.validation, segform_provider.rpc.upgrades"
            ),
            (*HEAVY, "segform.transport", "segform.lifecycle", "grpc"),
        ),
        (
            "import segform_cdktf",
            (*HEAVY, "segform_provider.protocol", "segform.transport", "segform.lifecycle"),
        ),
        (
            "import segform_emulator; segform_emulator.Emulator()",
            ("segform", "segform_provider", "httpx", "starlette", "uvicorn", "click"),
        ),
        ("import segform.cli", ("httpx", "segform.transport", "segform_emulator")),
    ],
)
def test_not_loaded(code: str, absent: tuple[str, ...]) -> None:
    loaded = _loaded(code)
    assert sorted(set(absent) & loaded) == []


def test_no_telemetry() -> None:
    """No module of ours names a host but Segment's, the loopback, and examples."""
    import re
    from pathlib import Path

    root = Path(__file__).resolve().parents[2]
    hosts = set()
    for folder in ("client", "provider", "emulator"):
        for path in (root / folder).rglob("*.py"):
            hosts |= set(re.findall(r"https?://([\w.-]+)", path.read_text(encoding="utf-8")))
    allowed = re.compile(
        r"host|(eu1\.)?api\.segmentapis\.com|127\.0\.0\.1|localhost|json-schema\.org|logos\.example"
        r"|platform\.segmentapis\.com|[\w.-]*developer\.hashicorp\.com|[\w.-]*\.example"
    )
    assert sorted(host for host in hosts if not allowed.fullmatch(host)) == []
