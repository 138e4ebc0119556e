"""Where Terraform finds the provider: package folder, links to it, and the lock file's entry.

Terraform runs an executable `terraform-provider-segment_v<version>` out of a *package folder*
`<host>/<namespace>/<type>/<version>/<os>_<arch>/` below one of the directories that it searches
by itself. Here the executable is a launcher of three lines of shell which starts the Python of the
environment that segform is installed in. The package folder is made once per environment and
linked (never copied) to where it is needed:

* `link(DIR)` puts it under `DIR/terraform.d/plugins`, for the one configuration in `DIR`;
* `install()` puts it under `~/.terraform.d/plugins`, for all configurations of this user.

The launcher's bytes do not depend on the machine, so neither does the `h1:` hash of the folder,
and a lock file can be written without asking Terraform.

Standard library only, and our errors: the constructs call this at every synth.
"""

from __future__ import annotations

import base64
import hashlib
import os
import platform
import re
import stat
import sys
import tempfile
from collections.abc import Mapping
from importlib import resources, util
from pathlib import Path
from typing import Final, Literal

from segform import __version__
from segform.errors import ConfigurationError

SOURCE: Final = "segform.internal/segform/segment"
"""Source address of the provider. Nobody can register the host, so nothing is ever downloaded."""

LOCK_FILE: Final = ".terraform.lock.hcl"
_LOCK_HEAD: Final = (
    '# This file is maintained automatically by "terraform init".\n'
    "# Manual edits may be lost in future updates.\n"
)
_ARCHITECTURES: Final = {"x86_64": "amd64", "amd64": "amd64", "aarch64": "arm64", "arm64": "arm64"}
_SYSTEMS: Final = {"linux": "linux", "darwin": "darwin"}
# What the provider imports beyond the client; the extra `provider` brings it.
_NEEDED: Final = ("grpc", "google.protobuf", "msgpack", "cryptography")

LockChange = Literal["added", "kept", "mended"]


class InstallError(ConfigurationError):
    """The provider cannot be put where Terraform looks for it; the message says the mend."""


def version() -> str:
    """Version of the installed distribution, which is the provider's."""
    return __version__


def target_platform() -> str:
    """The machine as Terraform names it, such as `linux_amd64`.

    Raises `InstallError` on a system for which there is no launcher (Windows).
    """
    system = _SYSTEMS.get(sys.platform)
    machine = _ARCHITECTURES.get(platform.machine().lower())
    if system is None or machine is None:
        raise InstallError(
            f"The provider runs on Linux and macOS (amd64, arm64), not on {sys.platform} "
            f"{platform.machine()}. On Windows use WSL."
        )
    return f"{system}_{machine}"


def missing_requirements() -> list[str]:
    """Modules that the provider needs and this environment lacks."""
    return [name for name in _NEEDED if not _is_importable(name)]


def _is_importable(name: str) -> bool:
    try:
        return util.find_spec(name) is not None
    except ModuleNotFoundError:
        return False


def package_folder() -> Path:
    """The package folder of this environment, made or mended where needed.

    It lies in the environment itself (`share/segform/plugins`), or in the user's data folder when
    the environment cannot be written to.
    """
    if not sys.executable:
        raise InstallError("Python does not know its own path (sys.executable is empty).")
    lacking = missing_requirements()
    if lacking:
        raise InstallError(
            f"The provider needs {', '.join(lacking)}, which {sys.executable} does not have. "
            "Run: pip install 'segform[provider]'"
        )
    root = _root()
    folder = root / SOURCE / version() / target_platform()
    launcher = folder / executable_name()
    content = launcher_bytes()
    _write_where_different(root / "python", f"{sys.executable}\n".encode(), mode=0o644)
    _write_where_different(launcher, content, mode=0o755)
    for other in folder.iterdir():
        # A stray file would change the folder's hash; half-written ones are another process's.
        if other != launcher and not other.name.startswith("."):
            other.unlink()
    return folder


def executable_name() -> str:
    """Name of the executable in the package folder."""
    return f"terraform-provider-segment_v{version()}"


def launcher_bytes() -> bytes:
    """The launcher: the same bytes on every machine."""
    return (resources.files("segform_provider.package") / "launcher.sh").read_bytes()


def _root() -> Path:
    own = Path(sys.prefix) / "share" / "segform" / "plugins"
    probe = own
    while not probe.exists():
        probe = probe.parent
    if os.access(probe, os.W_OK):
        return own
    data = os.environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    # Several environments of one user must not share one `python` file.
    name = hashlib.sha256(sys.prefix.encode()).hexdigest()[:12]
    return Path(data) / "segform" / name / "plugins"


def _write_where_different(path: Path, content: bytes, *, mode: int) -> None:
    try:
        if path.read_bytes() == content and stat.S_IMODE(path.stat().st_mode) == mode:
            return
    except FileNotFoundError:
        pass
    path.parent.mkdir(parents=True, exist_ok=True)
    _replace(path, content, mode)


def _replace(path: Path, content: bytes, mode: int) -> None:
    """Write in one step: another process sees the old file or the new one, never a part."""
    handle, name = tempfile.mkstemp(prefix=".", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(name).chmod(mode)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def directory_hash(files: Mapping[str, bytes]) -> str:
    """The `h1:` hash that Terraform's lock file has for a package of these files.

    It is the SHA-256 of a listing (`sha256  name`, sorted by name), in base64. `files` maps paths
    relative to the package folder, with forward slashes, to contents.
    """
    listing = "".join(
        f"{hashlib.sha256(files[name]).hexdigest()}  {name}\n" for name in sorted(files)
    )
    return "h1:" + base64.b64encode(hashlib.sha256(listing.encode()).digest()).decode()


def package_hash() -> str:
    """The hash of this version's package folder: the same on every machine."""
    return directory_hash({executable_name(): launcher_bytes()})


def lock_entry(constraint: str = "", hashes: tuple[str, ...] = ()) -> str:
    """Our block of the lock file, as Terraform writes it.

    `constraint` is the configuration's version constraint, `hashes` are further ones to name.
    """
    lines = "".join(f'    "{item}",\n' for item in sorted({package_hash(), *hashes}))
    stated = f'  constraints = "{constraint}"\n' if constraint else ""
    pad = " " * 4 if constraint else ""
    return (
        f'provider "{SOURCE}" {{\n  version{pad} = "{version()}"\n{stated}'
        f"  hashes = [\n{lines}  ]\n}}\n"
    )


_BLOCK = re.compile(
    r'^provider "(?P<address>[^"\n]+)" \{[^\n]*\n.*?^\}[^\S\n]*(?:\n|\Z)', re.M | re.S
)
_OPENING = re.compile(r'^provider "([^"\n]+)"', re.M)


def lock_blocks(text: str) -> dict[str, str]:
    """The blocks of a lock file by source address, byte for byte.

    Raises `InstallError` when the text is not a lock file (a block that never ends).
    """
    found = {match["address"]: match[0] for match in _BLOCK.finditer(text)}
    if sorted(found) != sorted(_OPENING.findall(text)):
        raise InstallError(
            f"{LOCK_FILE} cannot be read: a provider block is not closed or stands there twice. "
            "Delete the file, or restore it from version control, and run the command again."
        )
    return found


def merge_lock(text: str, *, others: str = "", constraint: str = "") -> tuple[str, LockChange]:
    """A lock file's text with our entry right and everything else as it was.

    `others` is a second lock file whose blocks of other providers are carried in; where both have
    one, the second wins (it is the reviewed one). A stale entry of ours (another version) is
    replaced. One of this version keeps its hashes, which may be those of the packaged provider,
    and, where `constraint` is empty, its constraint.
    """
    text = text or _LOCK_HEAD
    carried = lock_blocks(others)
    for address, block in carried.items():
        if address != SOURCE:
            text = _put(text, address, block)
    old = lock_blocks(text).get(SOURCE) or carried.get(SOURCE)
    if old is None:
        return _put(text, SOURCE, lock_entry(constraint)), "added"
    hashes = tuple(re.findall(r'"((?:h1|zh):[^"]+)"', old)) if _says(old) == version() else ()
    if package_hash() in hashes and constraint in ("", _says(old, "constraints")):
        return _put(text, SOURCE, old), "kept"
    new = lock_entry(constraint or (_says(old, "constraints") if hashes else ""), hashes)
    return _put(text, SOURCE, new), "kept" if package_hash() in hashes else "mended"


def _says(block: str, name: str = "version") -> str:
    found = re.search(rf'^\s*{name}\s*=\s*"([^"]*)"', block, re.M)
    return found[1] if found else ""


def _put(text: str, address: str, block: str) -> str:
    """Replace the block of `address`, or add it where Terraform's sorting would have it."""
    present = list(_BLOCK.finditer(text))
    for match in present:
        if match["address"] == address:
            return text[: match.start()] + block + text[match.end() :]
    for match in present:
        if match["address"] > address:
            return f"{text[: match.start()]}{block}\n{text[match.start() :]}"
    gap = "" if text.endswith("\n\n") else "\n" if text.endswith("\n") else "\n\n"
    return f"{text}{gap}{block}"


def _read(path: Path) -> str:
    try:
        # Line ends stay what they are: the others' entries are kept byte for byte.
        with path.open(encoding="utf-8", newline="") as file:
            return file.read()
    except FileNotFoundError:
        return ""


def write_lock(directory: Path, *, beside: Path | None = None, constraint: str = "") -> LockChange:
    """Bring `directory`'s lock file up to date; entries of the one in `beside` are carried in."""
    path = directory / LOCK_FILE
    before = _read(path)
    others = _read(beside / LOCK_FILE) if beside is not None else ""
    after, change = merge_lock(before, others=others, constraint=constraint)
    if after != before:
        mode = stat.S_IMODE(path.stat().st_mode) if path.exists() else 0o644
        _replace(path, after.encode(), mode)
    return change


def locked_providers(directory: Path) -> set[str]:
    """Source addresses that the lock file in `directory` has an entry for."""
    return set(lock_blocks(_read(directory / LOCK_FILE)))


def link(directory: Path) -> Path:
    """Link the package folder into `directory/terraform.d/plugins`; returns the link.

    Terraform looks there by itself when it runs in `directory`. Links of other versions of ours
    are removed, so that a folder of an environment that is gone does not stay in the way.
    """
    if not directory.is_dir():
        raise InstallError(f"{directory} is not a folder.")
    return _link_below(directory / "terraform.d" / "plugins")


def install(home: Path | None = None) -> Path:
    """Link the package folder into the user's `~/.terraform.d/plugins`; returns the link."""
    return _link_below((home or Path.home()) / ".terraform.d" / "plugins")


def _link_below(plugins: Path) -> Path:
    folder = package_folder()
    place = plugins / SOURCE / version() / folder.name
    if place.exists() and not place.is_symlink():
        raise InstallError(
            f"{place} is a folder, not a link: another installation of the provider lies there. "
            "Remove it first if it shall be replaced."
        )
    if not (place.is_symlink() and place.readlink() == folder):
        place.parent.mkdir(parents=True, exist_ok=True)
        fresh = place.with_name(f".{place.name}.{os.getpid()}")
        fresh.unlink(missing_ok=True)
        fresh.symlink_to(folder, target_is_directory=True)
        fresh.replace(place)
    _remove_other_links(plugins / SOURCE, place)
    return place


def _remove_other_links(ours: Path, keep: Path) -> None:
    for old in ours.glob("*/*"):
        if old.is_symlink() and old != keep and old.parent != keep.parent:
            old.unlink()
            if not any(old.parent.iterdir()):
                old.parent.rmdir()


def obstacle() -> str | None:
    """Why Terraform would not look into the linked folder, in words; None when it will.

    A `provider_installation` block in the user's CLI configuration switches the implied folders
    off.
    """
    named = os.environ.get("TF_CLI_CONFIG_FILE")
    path = Path(named) if named else Path.home() / ".terraformrc"
    text = _read(path) if path.is_file() else ""
    if not re.search(r"^\s*provider_installation\s*\{", text, re.M):
        return None
    return (
        f"{path} has a `provider_installation` block, so Terraform does not look into "
        "terraform.d/plugins. Add to that block:\n"
        f'  filesystem_mirror {{\n    path    = "{_root()}"\n'
        f'    include = ["{SOURCE}"]\n  }}'
    )
