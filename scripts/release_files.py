"""What goes beside the packages of a release: sums, the registry's manifest, a mirror.

`release/` holds what is published: the packages, their bills of materials, the manifest and
`SHA256SUMS` over all of them, which the owner of the key signs. `mirror/` is a folder that any web
server can hand out as Terraform's network mirror, and that Terraform reads as a filesystem mirror.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import zipfile
from pathlib import Path
from typing import Any

from release_archive import NAME, ReleaseError
from segform_provider.install import SOURCE, directory_hash
from segform_provider.protocol.serve import PROTOCOL

_PACKAGE = re.compile(rf"{NAME}_(?P<version>[^_]+)_(?P<platform>[a-z0-9]+_[a-z0-9]+)\.zip")


def packages(folder: Path, version: str) -> dict[str, Path]:
    """Platform -> package of this version. Packages of other versions are refused."""
    found = {}
    for path in sorted(folder.glob("*.zip")):
        match = _PACKAGE.fullmatch(path.name)
        if match is None or match["version"] != version:
            raise ReleaseError(
                f"{path} is no package of version {version}. Remove it, or empty {folder}, and "
                "run this again."
            )
        found[match["platform"]] = path
    if not found:
        raise ReleaseError(f"there is no package of version {version} in {folder}")
    return found


def hashes(package: Path) -> list[str]:
    """Both hashes that Terraform's lock file can hold of a package: of its files, and of itself."""
    with zipfile.ZipFile(package) as held:
        files = {name: held.read(name) for name in held.namelist()}
    return [directory_hash(files), f"zh:{hashlib.sha256(package.read_bytes()).hexdigest()}"]


def manifest(folder: Path, version: str) -> Path:
    """The registry's manifest: which plugin protocol is spoken."""
    path = folder / f"{NAME}_{version}_manifest.json"
    _write(path, {"version": 1, "metadata": {"protocol_versions": [f"{PROTOCOL}.0"]}})
    return path


def sums(folder: Path, version: str) -> Path:
    """`SHA256SUMS` over everything else of this version, in the form of `sha256sum`."""
    path = folder / f"{NAME}_{version}_SHA256SUMS"
    lines = [
        f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.name}\n"
        for file in sorted(folder.glob(f"{NAME}_{version}_*"))
        if not file.name.startswith(path.name)
    ]
    path.write_text("".join(lines))
    return path


def mirror(folder: Path, found: dict[str, Path], version: str) -> Path:
    """The mirror's folder of our provider; other versions that are there stay."""
    ours = folder / SOURCE
    ours.mkdir(parents=True, exist_ok=True)
    archives = {}
    for platform, package in found.items():
        shutil.copyfile(package, ours / package.name)
        archives[platform] = {"url": package.name, "hashes": hashes(package)}
    _write(ours / f"{version}.json", {"archives": archives})
    versions = sorted(path.stem for path in ours.glob("*.json") if path.stem != "index")
    _write(ours / "index.json", {"versions": {one: {} for one in versions}})
    return ours


def _write(path: Path, value: Any) -> None:
    path.write_text(json.dumps(value, indent=2) + "\n", encoding="utf-8")
