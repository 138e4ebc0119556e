"""What the provider costs: its start, its requests, its share of a plan."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from segform_emulator import Emulator
from segform_provider import install
from tests.terraform.harness import Terraform

from . import constructs, medium, plans
from .figure import Figure, missing
from .timing import paired, to_first_line, whole

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "examples" / "terraform"
SECRETS = (
    "amplitude_api_key",
    "amplitude_secret_key",
    "braze_api_key",
    "google_analytics_api_secret",
    "webhook_shared_secret",
)
_COOKIE = "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2"
_PLUGIN = {
    "TF_PLUGIN_MAGIC_COOKIE": _COOKIE,
    "PLUGIN_PROTOCOL_VERSIONS": "5,6",
    "PLUGIN_CLIENT_CERT": "-",
}


def handshake() -> list[Figure]:
    """From the start of the executable to its handshake line."""
    launcher = install.package_folder() / install.executable_name()
    env = {**os.environ, **_PLUGIN}
    ours, bare, ratio = paired(
        to_first_line([str(launcher)], env, "1|6|unix|"),
        whole([sys.executable, "-I", "-c", "pass"]),
        15,
    )
    loaded = subprocess.run(
        [
            sys.executable,
            "-I",
            "-c",
            (
                "import sys, segform_provider.protocol.serve\n"
                "import segform_provider.protocol.certificate as c; c.make()\n"
                "print([m for m in ('httpx', 'pydantic') if m in sys.modules])"
            ),
        ],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    note = "httpx and pydantic not loaded" if loaded == "[]" else f"loaded: {loaded}"
    return [Figure("provider: start to handshake", ours, bare, "bare start", ratio, 13, "ms", note)]


def archive() -> list[Figure]:
    """The same of the self-contained archive, against the environment's launcher."""
    python = ROOT / ".venv-release" / "bin" / "python"
    name = "provider: start to handshake, archive"
    if not python.exists():
        return [missing(name, "no .venv-release: make setup-release")]
    subprocess.run([str(python), "scripts/release.py"], cwd=ROOT, capture_output=True, check=True)
    [package] = (ROOT / "dist" / "release").glob("*.zip")
    launcher = install.package_folder() / install.executable_name()
    env = {**os.environ, **_PLUGIN}
    with tempfile.TemporaryDirectory() as folder:
        program = Path(folder) / install.executable_name()
        with zipfile.ZipFile(package) as held:
            held.extractall(folder)
        program.chmod(0o755)
        ours, its, ratio = paired(
            to_first_line([str(program)], env, "1|6|unix|"),
            to_first_line([str(launcher)], env, "1|6|unix|"),
            15,
        )
    size = package.stat().st_size / 1e6
    return [
        Figure(name, ours, its, "launcher", ratio, 1.3, "ms"),
        Figure("provider: size of the archive", size, None, "", size, 40, "MB"),
    ]


@contextmanager
def _workspace() -> Iterator[tuple[Emulator, Terraform]]:
    terraform = shutil.which("terraform")
    assert terraform
    emulator = Emulator()
    with tempfile.TemporaryDirectory() as folder, emulator.serve() as server:
        made = Terraform(Path(folder) / "shop", server.url, emulator.token, terraform)
        yield emulator, made
        made.close()


def _adopted(emulator: Emulator, tf: Terraform, **sizes: int) -> None:
    """A state of everything that a seeded workspace holds, made by importing it."""
    emulator.seed(None, **sizes)
    held = emulator.snapshots.dump()["workspaces"][0]
    blocks = [
        _block("label", f"l{i}", f"{x['key']}:{x['value']}", {"key": x["key"], "value": x["value"]})
        for i, x in enumerate(held["labels"])
    ]
    names = {}
    for index, source in enumerate(held["sources"]):
        names[source["id"]] = f"s{index}"
        values = {
            "slug": source["slug"],
            "enabled": True,
            "metadata": {"id": source["metadataId"]},
            "settings": "{}",
        }
        blocks.append(_block("source", f"s{index}", source["id"], values))
    for index, one in enumerate(held["destinations"]):
        values = {
            "name": one["name"],
            "enabled": one["enabled"],
            "source_id": one["sourceId"],
            "metadata": {"id": one["metadataId"]},
            "settings": "{}",
        }
        blocks.append(_block("destination", f"d{index}", one["id"], values))
    imports, resources = zip(*blocks, strict=True)
    tf.write("\n".join([*imports, *resources]))
    tf.apply()
    tf.write("\n".join(resources))


def _block(kind: str, name: str, import_id: str, values: dict[str, Any]) -> tuple[str, str]:
    lines = "\n".join(f"  {key} = {json.dumps(value)}" for key, value in values.items())
    return (
        f'import {{\n  to = segment_{kind}.{name}\n  id = "{import_id}"\n}}\n',
        f'resource "segment_{kind}" "{name}" {{\n{lines}\n}}\n',
    )


def refresh() -> list[Figure]:
    """Requests of a refresh of 200 sources and 800 destinations, labels and catalogue included."""
    with _workspace() as (emulator, tf):
        _adopted(emulator, tf, sources=200, destinations=800)
        tf.requests()
        assert tf.plan() == {}
        sent = sum(tf.requests().values())
    name = "provider: requests of a refresh, 1,000 objects"
    return [Figure(name, sent, 1000, "one for each", float(sent), 30, "", "official: 1,000")]


def example() -> list[Figure]:
    """Requests of the create of the e-commerce example, over the writes that the API demands."""
    with _workspace() as (_, tf):
        for file in EXAMPLE.glob("*.tf"):
            (tf.folder / file.name).write_text(file.read_text())
        tf.env.update({f"TF_VAR_{name}": f"bench-{name}" for name in SECRETS})
        tf.link()
        tf.run("plan", "-no-color", "-out=plan.bin")
        tf.requests()
        tf.run("apply", "-no-color", "plan.bin")
        sent = tf.requests()
    reads = sum(n for op, n in sent.items() if op.startswith(("get", "list")))
    total = sum(sent.values())
    name = "provider: requests to create the example"
    return [Figure(name, total, total - reads, "writes at least", total / (total - reads), 1.1)]


def _needs_terraform(name: str, figure: Any) -> Any:
    def taken() -> list[Figure]:
        if not shutil.which("terraform"):
            return [missing(f"provider: {name}", "terraform is not on PATH")]
        found: list[Figure] = figure()
        return found

    return taken


FIGURES = [
    handshake,
    archive,
    _needs_terraform("requests of a refresh", refresh),
    _needs_terraform("requests to create the example", example),
    _needs_terraform("requests of a refresh, medium", medium.refresh),
    _needs_terraform("plans of destinations", plans.destinations),
    _needs_terraform("plans with the catalogue", plans.catalogue),
    _needs_terraform("plans of rules", plans.rules),
    _needs_terraform("memory after a refresh", plans.memory),
    *constructs.FIGURES,
]
