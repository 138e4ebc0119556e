"""The provider as a self-contained package in the form of Terraform's registry, for this machine.

PyInstaller puts the interpreter, the libraries and our modules into one folder, and the folder
becomes `terraform-provider-segment_<version>_<os>_<arch>.zip`: the executable
`terraform-provider-segment_v<version>`, `_internal` beside it, our licence and everybody else's.
Terraform unpacks it once; the program runs from where it lies and writes nothing there.

The same sources with the same requirements give the same bytes: names are sorted, times are those
of the sources' last commit (or `SOURCE_DATE_EPOCH`), and Python's hashes are not salted.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import stat
import subprocess
import sys
import sysconfig
import time
import zipfile
from collections.abc import Iterator, Mapping
from importlib import metadata
from pathlib import Path
from typing import Any

from segform_provider import install

ROOT = Path(__file__).resolve().parent.parent
NAME = "terraform-provider-segment"
# What decides the bytes of a package, besides the Python that builds it.
SOURCES = (
    "client/segform",
    "provider/segform_provider",
    "requirements/release.txt",
    "scripts/provider.spec",
    "scripts/release_archive.py",
    "scripts/release_sbom.py",
)
# What zip files can say at the earliest.
_OLDEST = 315_532_800
_LICENCES = re.compile(r"(?:^|/)(?:LICEN[CS]E|COPYING|NOTICE|AUTHORS)[^/]*$|/licenses/", re.I)


class ReleaseError(Exception):
    """A release cannot be made here; the message says the mend."""


def archive_name(version: str, platform: str) -> str:
    """Name of the package, as the registry wants it."""
    return f"{NAME}_{version}_{platform}.zip"


def epoch() -> int:
    """Seconds since 1970 that every file gets: when the sources were last committed.

    `SOURCE_DATE_EPOCH` says otherwise.
    """
    given = os.environ.get("SOURCE_DATE_EPOCH", "")
    if not given:
        done = subprocess.run(
            ["git", "log", "-1", "--format=%ct", "--", *SOURCES],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        given = done.stdout.strip()
    return max(int(given or 0), _OLDEST)


def build(work: Path) -> Path:
    """Run PyInstaller; the folder with the program. `contents.json` is in `work` after it."""
    if sys.platform == "linux" and not sysconfig.get_config_var("Py_ENABLE_SHARED"):
        raise ReleaseError(
            f"{sys.base_prefix} has no shared libpython, which PyInstaller needs. Take another "
            "Python: make PYTHON=/usr/bin/python3 release (pyenv: PYTHON_CONFIGURE_OPTS="
            "--enable-shared)."
        )
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    done = subprocess.run(
        [
            *(sys.executable, "-m", "PyInstaller", "--noconfirm", "--log-level=WARN"),
            *("--distpath", str(work / "out"), "--workpath", str(work)),
            str(ROOT / "scripts" / "provider.spec"),
        ],
        cwd=work,
        env={
            **os.environ,
            "PYTHONHASHSEED": "0",
            "PYTHONPATH": "",
            "SOURCE_DATE_EPOCH": str(epoch()),
            "PYINSTALLER_CONFIG_DIR": str(ROOT / ".tools" / "cache" / "pyinstaller"),
        },
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        raise ReleaseError(f"PyInstaller ended with {done.returncode}\n{done.stdout}")
    # It makes a folder of that name for each spec.
    [contents] = work.rglob("contents.json")
    if contents.parent != work:
        contents.replace(work / "contents.json")
    return work / "out" / "provider"


def distributions(contents: Path) -> list[str]:
    """Names of the foreign distributions that are in the folder, by its modules and files.

    PyInstaller is among them: its loader is what starts the program.
    """
    held = json.loads(contents.read_text())
    owners = metadata.packages_distributions()
    tops = {name.partition(".")[0] for name in held["modules"]}
    tops |= {re.split(r"[./]", name)[0] for name, _ in held["files"]}
    found = {owner for top in tops for owner in owners.get(top, ())}
    # Of namespaces such as `google` only those of whom there is something.
    return sorted({"pyinstaller", *(name for name in found if _is_held(name, held))})


def _is_held(name: str, held: Mapping[str, Any]) -> bool:
    modules = set(held["modules"])
    binaries = {str(item[0]) for item in held["files"]}
    for file in metadata.distribution(name).files or ():
        path = str(file)
        module = path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        if (path.endswith(".py") and module in modules) or path in binaries:
            return True
    return False


def system_files(contents: Path) -> dict[str, str]:
    """Shared libraries that belong to no Python package: name in the folder -> where it was."""
    held = json.loads(contents.read_text())
    return {
        name: origin
        for name, origin in held["files"]
        if "site-packages" not in origin and "lib-dynload" not in origin
    }


def system_package(origin: str) -> tuple[str, str, str] | None:
    """The Debian package that a file of the system is of: name, version, architecture.

    None where the system has other packages, or none for this file.
    """
    # Since /lib became a link to /usr/lib, either may be what the packages' lists say.
    for path in dict.fromkeys((os.path.realpath(origin), origin, origin.removeprefix("/usr"))):
        try:
            owner = _asked("dpkg-query", "--search", path).partition(": ")[0].split(",")[0]
            facts = _asked("dpkg-query", "-Wf", "${Package} ${Version} ${Architecture}", owner)
        except (FileNotFoundError, subprocess.CalledProcessError):
            continue
        name, version, machine = facts.split()
        return name, version, machine
    return None


def _asked(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def licences(contents: Path) -> dict[str, bytes]:
    """Our licence, and those of all that is in the folder: path in the archive -> text."""
    found = {"LICENSE": (ROOT / "LICENSE").read_bytes()}
    for name in distributions(contents):
        for file in metadata.distribution(name).files or ():
            if ".dist-info/" in str(file) and _LICENCES.search(str(file)):
                path = Path(str(file.locate()))
                found[f"licenses/{name}/{path.name}"] = path.read_bytes()
    for origin in system_files(contents).values():
        known = system_package(origin)
        copyright = Path("/usr/share/doc") / (known[0] if known else "-") / "copyright"
        if known and copyright.is_file():
            found[f"licenses/{known[0]}/copyright"] = copyright.read_bytes()
    for own in (
        Path(sysconfig.get_path("stdlib")) / "LICENSE.txt",
        Path("/usr/share/doc") / f"python3.{sys.version_info.minor}" / "copyright",
    ):
        if own.is_file():
            found["licenses/Python/LICENSE.txt"] = own.read_bytes()
            break
    return found


def pack(folder: Path, more: Mapping[str, bytes], target: Path) -> None:
    """The folder, and further files, as a package."""
    stamp = time.gmtime(epoch())[:6]
    program = install.executable_name()
    entries = {**dict(_read(folder)), **more}
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f".{target.name}.part")
    with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as package:
        for name in sorted(entries):
            entry = zipfile.ZipInfo(name, stamp)
            entry.create_system = 3
            mode = 0o755 if name == program else 0o644
            entry.external_attr = (stat.S_IFREG | mode) << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            package.writestr(entry, entries[name])
    part.replace(target)


def _read(folder: Path) -> Iterator[tuple[str, bytes]]:
    for path in folder.rglob("*"):
        if path.is_symlink():
            # Terraform's unpacking would write the link's target as a file's text.
            raise ReleaseError(f"{path.relative_to(folder)} is a link, which a package cannot hold")
        if path.is_file():
            yield path.relative_to(folder).as_posix(), path.read_bytes()


def needed_glibc(package: Path) -> str:
    """The newest version of glibc that anything in a package asks for; empty where none does."""
    found: set[tuple[int, ...]] = set()
    with zipfile.ZipFile(package) as held:
        for entry in held.namelist():
            content = held.read(entry)
            if content.startswith(b"\x7fELF"):
                found |= {
                    tuple(map(int, version.split(b".")))
                    for version in re.findall(rb"\0GLIBC_(\d+(?:\.\d+)+)(?=\0)", content)
                }
    return ".".join(map(str, max(found))) if found else ""
