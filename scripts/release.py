"""Builds a release of the provider in `dist`: `make release`.

    .venv-release/bin/python scripts/release.py [build] [assemble] [--out DIR] [--fresh]

* `build`: this machine's package and its bill of materials, in `DIR/release`. Where nothing that
  goes into it has changed since the last time, that one stays (`--fresh` builds in any case);
* `assemble`: the manifest, `SHA256SUMS`, and the mirror in `DIR/mirror`, over the packages of all
  platforms that lie in `DIR/release`;
* both without a word.

Nothing is uploaded and nothing is signed: the guide to releasing says what is left to do.
"""

from __future__ import annotations

import argparse
import fcntl
import hashlib
import sys
from pathlib import Path

import release_archive as archive
import release_files as files
import release_sbom as sbom
from segform_provider import install

_PARTS = ("build", "assemble")


def main() -> int:
    """Do what is asked for."""
    parser = argparse.ArgumentParser(description="Build a release of the provider.")
    parser.add_argument("parts", nargs="*", choices=(*_PARTS, []), help="both without")
    parser.add_argument("--out", type=Path, default=archive.ROOT / "dist")
    parser.add_argument("--fresh", action="store_true", help="build also what has not changed")
    arguments = parser.parse_args()
    parts = arguments.parts or list(_PARTS)
    out: Path = arguments.out.resolve()
    out.mkdir(parents=True, exist_ok=True)
    try:
        with (out / ".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if "build" in parts:
                build(out, fresh=arguments.fresh)
            if "assemble" in parts:
                assemble(out)
    except (archive.ReleaseError, install.InstallError) as problem:
        print(problem, file=sys.stderr)
        return 1
    return 0


def build(out: Path, *, fresh: bool = False) -> Path:
    """The package of this machine."""
    version, platform = install.version(), install.target_platform()
    package = out / "release" / archive.archive_name(version, platform)
    bill = package.with_suffix(".cdx.json")
    work = out / "build"
    stamp = work / "stamp"
    wanted = fingerprint()
    whole = package.exists() and bill.exists() and stamp.exists()
    if not fresh and whole and stamp.read_text() == wanted:
        print(f"{package}: nothing has changed")
        return package
    folder = archive.build(work)
    contents = work / "contents.json"
    archive.pack(folder, archive.licences(contents), package)
    bill.write_text(sbom.bill(folder, contents, package, version), encoding="utf-8")
    stamp.write_text(wanted)
    glibc = archive.needed_glibc(package)
    print(
        f"{package}: {package.stat().st_size / 1e6:.1f} MB"
        + (f", for glibc {glibc} or newer" if glibc else "")
    )
    return package


def assemble(out: Path) -> None:
    """What goes beside the packages."""
    version = install.version()
    found = files.packages(out / "release", version)
    files.manifest(out / "release", version)
    print(files.sums(out / "release", version))
    print(files.mirror(out / "mirror", found, version))


def fingerprint() -> str:
    """Everything that decides the bytes of a package."""
    found = hashlib.sha256(f"{sys.version}{sys.base_prefix}{archive.epoch()}".encode())
    for source in archive.SOURCES:
        path = archive.ROOT / source
        inside = sorted(path.rglob("*")) if path.is_dir() else [path]
        for file in inside:
            if file.is_file() and "__pycache__" not in file.parts:
                found.update(f"\0{file.relative_to(archive.ROOT)}\0".encode())
                found.update(file.read_bytes())
    return found.hexdigest()


if __name__ == "__main__":
    sys.exit(main())
