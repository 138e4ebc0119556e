"""What `segform doctor` looks at: reads only, each with what to do where it is not well."""

from __future__ import annotations

import json
import platform
import shutil
import subprocess
from collections.abc import Callable, Iterator
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

from segform.errors import ConfigurationError, PermissionDeniedError, SegformError

# What a token needs for the reading of everything, and what it is for.
_PROBES = (
    ("listSources", "sources"),
    ("listLabels", "labels"),
    ("listTrackingPlans", "tracking plans"),
    ("listUsers", "users and groups"),
    ("listAuditEvents", "the audit trail, for who and when"),
)
_TERRAFORM = (1, 5)
_NODE = 22


class Finding(NamedTuple):
    """One look: `well`, `wrong` (it is needed), or `absent` (only some uses need it)."""

    what: str
    state: str
    found: str
    mend: str = ""


def examine(client: Callable[..., Any]) -> Iterator[Finding]:
    """All findings; `client` makes a client that may only read."""
    from segform import __version__

    yield Finding("segform", "well", f"{__version__}, Python {platform.python_version()}")
    yield from _workspace(client)
    yield _terraform()
    yield _node()
    yield _provider()
    yield _bindings()


def _workspace(client: Callable[..., Any]) -> Iterator[Finding]:
    try:
        wire = client(read_only=True)
    except ConfigurationError as problem:
        yield Finding("token", "wrong", str(problem), "Set SEGMENT_API_TOKEN.")
        return
    with wire:
        try:
            found = wire.request("getWorkspace")["workspace"]
        except SegformError as problem:
            mend = "Check SEGMENT_API_TOKEN, and SEGMENT_REGION (us or eu): a token of one region "
            yield Finding("token", "wrong", str(problem), f"{mend}is unknown in the other.")
            return
        yield Finding("token", "well", "the API knows it")
        yield Finding("workspace", "well", f"{found['name']} ({found['slug']}, {found['id']})")
        yield Finding("region", "well", str(wire.url))
        hidden = [words for operation, words in _PROBES if not _may(wire, operation)]
        if hidden:
            mend = "A token of a Workspace Owner sees everything; a snapshot by this one lists "
            yield Finding(
                "role", "absent", f"may not see {', '.join(hidden)}", f"{mend}what it lacks."
            )
        else:
            yield Finding("role", "well", "may read what a snapshot needs")


def _may(wire: Any, operation: str) -> bool:
    try:
        next(iter(wire.pages(operation)), None)
    except PermissionDeniedError:
        return False
    return True


def _output(program: str, *arguments: str) -> str | None:
    place = shutil.which(program)
    if place is None:
        return None
    try:
        done = subprocess.run(  # noqa: S603 - found on PATH, with fixed arguments
            [place, *arguments], capture_output=True, text=True, timeout=20, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.lstrip("v").split(".")[:2] if part.isdigit())


def _terraform() -> Finding:
    text = _output("terraform", "version", "-json")
    if text is None:
        return Finding(
            "terraform", "absent", "not on PATH", "Only the provider needs it: install it, 1.5 on."
        )
    try:
        version = str(json.loads(text)["terraform_version"])
    except (ValueError, KeyError, TypeError):
        return Finding("terraform", "absent", "it does not tell its version", "Try it by itself.")
    if _numbers(version) < _TERRAFORM:
        return Finding("terraform", "absent", version, "Import blocks need 1.5 or newer.")
    return Finding("terraform", "well", version)


def _node() -> Finding:
    text = _output("node", "--version")
    if not text:
        return Finding(
            "node", "absent", "not on PATH", "Only cdktf and cdktn need it: 22 or newer."
        )
    version = text.strip()
    if _numbers(version) < (_NODE,):
        return Finding("node", "absent", version, "cdktf and cdktn want 22 or newer.")
    return Finding("node", "well", version)


def _provider() -> Finding:
    mend = "Only Terraform needs it: pip install 'segform[provider]'."
    if find_spec("segform_provider") is None:
        return Finding("provider", "absent", "not installed", mend)
    install = import_module("segform_provider.install")
    missing = install.missing_requirements()
    if missing:
        return Finding("provider", "absent", f"lacks {', '.join(missing)}", mend)
    plugins = Path.home() / ".terraform.d" / "plugins" / "segform.internal"
    if not plugins.exists():
        return Finding(
            "provider",
            "absent",
            "Terraform does not find it",
            "Run `segform provider install`, or `segform provider link DIR` for one configuration.",
        )
    return Finding("provider", "well", str(plugins))


def _bindings() -> Finding:
    files = sorted(Path().glob("*.bindings.json"))
    if not files:
        return Finding("bindings", "absent", "none here", "`segform pull --bind` writes the file.")
    return Finding("bindings", "well", ", ".join(file.name for file in files))
