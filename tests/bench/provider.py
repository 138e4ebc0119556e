"""What the provider costs: its start, its requests, its share of a plan."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from segform_emulator import Emulator
from segform_provider import install
from tests.terraform.harness import Terraform

from . import constructs
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


def plan() -> list[Figure]:
    """A plan without changes of 500 destinations, against a provider that only echoes."""
    with _workspace() as (emulator, tf):
        _adopted(emulator, tf, sources=50, destinations=500)
        arguments = [tf.terraform, "plan", "-no-color", "-input=false"]
        with tempfile.TemporaryDirectory() as echo, tempfile.TemporaryDirectory() as builtin:
            _echo_folder(Path(echo), tf)
            _builtin_folder(Path(builtin), tf)
            ours = whole(arguments, tf.folder, tf.env)
            echoed = whole(arguments, Path(echo), tf.env)
            bare = whole(arguments, Path(builtin), tf.env)
            mine, its, ratio = paired(ours, echoed, 5)
            its_again, floor, floor_ratio = paired(echoed, bare, 3)
    return [
        Figure("provider: plan, 500 destinations unchanged", mine, its, "echo", ratio, 1.3, "ms"),
        Figure(
            "  the echo provider itself",
            its_again,
            floor,
            "terraform_data",
            floor_ratio,
            None,
            "ms",
        ),
    ]


def _echo_folder(folder: Path, tf: Terraform) -> None:
    """The same configuration and state, with the echo provider in place of ours."""
    for name in ("main.tf", "terraform.tfstate"):
        shutil.copyfile(tf.folder / name, folder / name)
    below = install.package_folder().relative_to(install.package_folder().parents[4])
    target = folder / "terraform.d" / "plugins" / below
    target.mkdir(parents=True)
    launcher = target / install.executable_name()
    launcher.write_text(
        f"#!/bin/sh\nPYTHONPATH='{ROOT}' exec '{sys.executable}' -m tests.bench.echo_provider\n"
    )
    launcher.chmod(0o755)
    subprocess.run(
        [tf.terraform, "init", "-no-color"], cwd=folder, env=tf.env, capture_output=True, check=True
    )


def _builtin_folder(folder: Path, tf: Terraform) -> None:
    resources = "\n".join(
        f'resource "terraform_data" "d{i}" {{\n  input = "{i}"\n}}' for i in range(500)
    )
    (folder / "main.tf").write_text(resources)
    for command in (["init"], ["apply", "-auto-approve"]):
        subprocess.run(
            [tf.terraform, *command, "-no-color"],
            cwd=folder,
            env=tf.env,
            capture_output=True,
            check=True,
        )


def _needs_terraform(name: str, figure: Any) -> Any:
    def taken() -> list[Figure]:
        if not shutil.which("terraform"):
            return [missing(f"provider: {name}", "terraform is not on PATH")]
        found: list[Figure] = figure()
        return found

    return taken


FIGURES = [
    handshake,
    _needs_terraform("requests of a refresh", refresh),
    _needs_terraform("requests to create the example", example),
    _needs_terraform("plan of 500 destinations", plan),
    *constructs.FIGURES,
]
