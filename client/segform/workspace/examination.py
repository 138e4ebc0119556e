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

from segform.contract import SERVERS
from segform.errors import (
    AuthenticationError,
    ConfigurationError,
    PermissionDeniedError,
    SegformError,
)

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


def examine(client: Callable[..., Any], bindings: Path | None = None) -> Iterator[Finding]:
    """All findings; `client` makes a client that may only read.

    `bindings`: the bindings file that is meant; those of this folder where it is None.
    """
    from segform import __version__

    yield Finding("segform", "well", f"{__version__}, Python {platform.python_version()}")
    yield _packages()
    yield from _workspace(client)
    yield _journal()
    yield _terraform()
    yield _node()
    yield _provider()
    yield _bindings(bindings)


def _workspace(client: Callable[..., Any]) -> Iterator[Finding]:
    try:
        wire = client(read_only=True)
    except ConfigurationError as problem:
        yield Finding("token", "wrong", str(problem), "Set SEGMENT_API_TOKEN.")
        return
    with wire:
        try:
            found = wire.request("getWorkspace")["workspace"]
        except AuthenticationError as problem:
            yield Finding("token", "wrong", str(problem), _elsewhere(client, str(wire.url)))
            return
        except SegformError as problem:
            mend = f"Check that {wire.url} can be reached from here, and SEGMENT_WORKSPACE."
            yield Finding("token", "wrong", str(problem), mend)
            return
        yield Finding("token", "well", "the API knows it" + _fence(wire))
        yield Finding("workspace", "well", f"{found['name']} ({found['slug']}, {found['id']})")
        yield Finding("region", "well", _region(str(wire.url)))
        yield _role(wire)


def _fence(wire: Any) -> str:
    import os

    fenced = os.environ.get("SEGMENT_READ_ONLY", "").strip() not in ("", "0")
    return "; SEGMENT_READ_ONLY lets nothing be written" if fenced and wire.read_only else ""


def _region(url: str) -> str:
    """The region by its name, or the address of something else."""
    named = next((name for name, server in SERVERS.items() if server == url), "")
    return f"{named} ({url})" if named else f"{url} (not Segment's own address)"


def _elsewhere(client: Callable[..., Any], url: str) -> str:
    """What to do about a token that is not known here: it may be of the other region."""
    for name, server in SERVERS.items():
        if server == url or url not in SERVERS.values():
            continue
        try:
            with client(read_only=True, region=name) as wire:
                wire.request("getWorkspace")
        except SegformError:
            continue
        return f"It is a token of the region {name}: set SEGMENT_REGION={name}."
    return (
        "Check SEGMENT_API_TOKEN and SEGMENT_REGION (us or eu), or what the profile says in their "
        "place: a token of one region is unknown in the other. A new one is made in the Segment "
        "app: Settings, Access management, Tokens."
    )


def _role(wire: Any) -> Finding:
    try:
        hidden = [words for operation, words in _PROBES if not _may(wire, operation)]
    except SegformError as problem:
        return Finding(
            "role", "wrong", str(problem), "Try again; if it persists, look at SEGMENT_LOG=info."
        )
    if hidden:
        return Finding(
            "role",
            "absent",
            f"may not see {', '.join(hidden)}",
            "A token of a Workspace Owner sees everything; a snapshot by this one lists what it "
            "lacks.",
        )
    return Finding("role", "well", f"may read what a snapshot needs{_limits(wire)}")


def _limits(wire: Any) -> str:
    """What speaks for a role that is limited to a label: lists are shorter then, and say nothing.

    The first page of the sources is looked at.
    """
    sources: list[dict[str, Any]] = next(iter(wire.pages("listSources")), [])
    if not sources:
        return "; it sees no source"
    labels = [
        {f"{one.get('key')}:{one.get('value')}" for one in source.get("labels") or ()}
        for source in sources
    ]
    common = sorted(set.intersection(*labels))
    if not common:
        return ""
    return (
        f"; every source that it sees has the label {', '.join(common)}: others are missing if the "
        "role is limited to that"
    )


def _may(wire: Any, operation: str) -> bool:
    try:
        next(iter(wire.pages(operation)), None)
    except PermissionDeniedError:
        return False
    return True


def _packages() -> Finding:
    """Versions of what does the work, and which extras are there."""
    from importlib.metadata import PackageNotFoundError, version

    found = []
    for name in ("httpx", "pydantic", "PyYAML", "grpcio", "cdktf", "cdktn", "starlette"):
        try:
            words = " (archived December 2025)" if name == "cdktf" else ""
            found.append(f"{name} {version(name)}{words}")
        except PackageNotFoundError:
            continue
    return Finding("packages", "well", ", ".join(found))


def _journal() -> Finding:
    from segform.lifecycle.journal import Journal

    journal = Journal.open("doctor")
    if journal.warning:
        return Finding(
            "journal", "absent", journal.warning, "Without it a killed run may leave one."
        )
    if journal.path is None:
        mend = "Unset SEGFORM_JOURNAL, so that a run that was killed can go on without duplicates."
        return Finding("journal", "absent", "SEGFORM_JOURNAL is off", mend)
    return Finding("journal", "well", f"can be written: {journal.path.parent}")


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


def _bindings(named: Path | None) -> Finding:
    files = [named] if named else sorted(Path().glob("*.bindings.json"))
    if named and not named.exists():
        mend = "`segform pull --bind` with this profile writes it."
        return Finding("bindings", "absent", f"there is no {named}", mend)
    if not files:
        return Finding("bindings", "absent", "none here", "`segform pull --bind` writes the file.")
    return Finding("bindings", "well", ", ".join(file.name for file in files))
