"""The self-contained archive through the real terraform: no Python anywhere, nothing written to it.

A sample of `tests/terraform` here; all of it with `--archive`, in `make test-full`.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import stat
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import release_archive as archive
from segform_emulator import Emulator
from segform_provider import install
from tests.protocol.shop import with_space
from tests.provider.test_socket import COOKIE, ends_with_its_parent
from tests.terraform import test_all_kinds
from tests.terraform.harness import Terraform

from .web import serve

ROOT = Path(__file__).resolve().parents[2]
# The first test of a worker builds the archive.
pytestmark = [pytest.mark.terraform, pytest.mark.timeout(400)]


@pytest.fixture
def package(release: Path) -> Path:
    """The archive."""
    [found] = (release / "release").glob("*.zip")
    return found


@pytest.fixture
def program(plugins: Path) -> Path:
    """The executable in the unpacked archive."""
    return (
        plugins
        / install.SOURCE
        / install.version()
        / install.target_platform()
        / install.executable_name()
    )


@pytest.fixture
def tf(plugins: Path, tmp_path: Path, terraform: str) -> Iterator[Terraform]:
    """Terraform with the unpacked archive, and nothing else on PATH."""
    emulator = with_space(Emulator())
    with emulator.serve() as server:
        made = Terraform(tmp_path / "a shop", server.url, emulator.token, terraform, plugins)
        alone = tmp_path / "bin"
        alone.mkdir()
        (alone / "terraform").symlink_to(terraform)
        made.env = {
            key: value
            for key, value in made.env.items()
            if not key.startswith(("PYTHON", "VIRTUAL_ENV", "PYENV"))
        } | {"PATH": str(alone)}
        yield made
        made.close()


def test_its_form_is_the_registrys(package: Path) -> None:
    assert re.fullmatch(
        r"terraform-provider-segment_0\.\d+\.\d+_[a-z]+_[a-z0-9]+\.zip", package.name
    )
    assert package.stat().st_size <= 40_000_000
    with zipfile.ZipFile(package) as held:
        modes = {entry.filename: entry.external_attr >> 16 for entry in held.infolist()}
        texts = {name for name in modes if name.startswith("licenses/")}
    runnable = [name for name, mode in modes.items() if mode & 0o111]
    assert runnable == [install.executable_name()]
    assert all(stat.S_ISREG(mode) for mode in modes.values())
    assert "LICENSE" in modes
    for name in ("Python", "grpcio", "cryptography", "pyinstaller"):
        assert any(text.startswith(f"licenses/{name}/") for text in texts), name


def test_every_module_that_is_loaded_by_name_is_in_it(release: Path) -> None:
    held = set(json.loads((release / "build" / "contents.json").read_text())["modules"])
    for package in ("api", "catalog", "contract", "lifecycle", "resources", "transport"):
        folder = ROOT / "client" / "segform" / package
        for file in folder.rglob("*.py"):
            name = ".".join(file.relative_to(ROOT / "client").with_suffix("").parts)
            assert name.removesuffix(".__init__") in held
    for file in (ROOT / "provider" / "segform_provider").rglob("*.py"):
        name = ".".join(file.relative_to(ROOT / "provider").with_suffix("").parts)
        assert name.removesuffix(".__init__") in held or name.endswith("__main__")
    # And what is for people or for tests is not.
    assert not {"pydantic", "click", "pytest", "segform.cli", "segform_emulator"} & held


@pytest.fixture
def open_place() -> Iterator[Path]:
    """A folder that anybody may enter: pytest closes its own to others, again at each start."""
    with tempfile.TemporaryDirectory() as made:
        place = Path(made)
        place.chmod(0o755)
        yield place


def test_it_starts_without_python_as_anybody_and_writes_nothing(
    program: Path, open_place: Path
) -> None:
    folder = shutil.copytree(program.parent, open_place / "plugin")
    before = {path: path.stat().st_mtime_ns for path in (folder, *folder.rglob("*"))}
    sockets = open_place / "sockets"
    sockets.mkdir()
    somebody: dict[str, Any] = {}
    if os.getuid() == 0:
        somebody = {"user": 65534, "group": 65534, "extra_groups": []}
        sockets.chmod(0o777)
    with subprocess.Popen(
        [str(folder / program.name)],
        env={
            "PATH": str(sockets),
            "PYTHONHOME": "/nowhere",
            "PYTHONPATH": "/nowhere",
            "TF_PLUGIN_MAGIC_COOKIE": COOKIE,
            "PLUGIN_PROTOCOL_VERSIONS": "6",
            "PLUGIN_CLIENT_CERT": "-",
            "PLUGIN_UNIX_SOCKET_DIR": str(sockets),
        },
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **somebody,
    ) as process:
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            # Without a line it has ended: what it said, and by what it ended, are the reason.
            said = "" if line else (*process.communicate(timeout=20), process.returncode)
            assert line.startswith("1|6|unix|"), said
            if sys.platform == "linux":
                maps = Path(f"/proc/{process.pid}/maps").read_text()
                loaded = {word for word in maps.split() if word.startswith("/")}
                foreign = {name for name in loaded if not Path(name).is_relative_to(folder)}
                # Of the system's only the C library.
                assert all(re.search(r"/(?:ld-|lib[a-z]+)[^/]*\.so", name) for name in foreign)
                assert not [name for name in foreign if "python" in name or "ssl" in name]
        finally:
            process.terminate()
            process.communicate(timeout=20)
    assert before == {path: path.stat().st_mtime_ns for path in (folder, *folder.rglob("*"))}


def test_it_ends_with_its_parent(program: Path, tmp_path: Path) -> None:
    ends_with_its_parent([str(program)], tmp_path)


def test_all_kinds_live_their_life(tf: Terraform) -> None:
    test_all_kinds.test_made_unchanged_and_gone(tf)


def test_imports_plan_empty(tf: Terraform) -> None:
    test_all_kinds.test_imports_plan_empty(tf, "#rules_by_key")


def test_functions_and_refusals(tf: Terraform) -> None:
    tf.write('output "good" {\n  value = provider::segment::fql_valid("type = \\"track\\"")\n}\n')
    tf.plan()
    assert tf.last_plan["planned_values"]["outputs"]["good"]["value"] is True
    tf.write('resource "segment_label" "bad" {\n  key   = "1"\n  value = "x"\n}\n')
    assert "Start with a letter" in tf.refused()


def test_one_changed_byte_is_refused(tf: Terraform, tmp_path: Path) -> None:
    assert tf.plugins is not None
    copy = tmp_path / "copy"
    shutil.copytree(tf.plugins, copy)
    tf.plugins = copy
    tf.write("")
    tf.run("plan", "-no-color")
    # Our code is in the executable: it is what the lock file's hash is of.
    [changed] = copy.rglob(install.executable_name())
    content = bytearray(changed.read_bytes())
    content[len(content) // 2] ^= 1
    changed.chmod(0o755)
    changed.write_bytes(content)
    for command in ("init", "plan"):
        told = tf.run(command, "-no-color", "-input=false", code=1)
        assert "checksums" in told


@pytest.mark.parametrize("form", ["filesystem", "network"])
def test_it_is_installed_from_the_mirror(
    release: Path, package: Path, tmp_path: Path, terraform: str, form: str
) -> None:
    mirror = release / "mirror"
    emulator = Emulator()
    with emulator.serve() as server, serve(mirror, tmp_path) as (url, authority):
        tf = Terraform(tmp_path / "a shop", server.url, emulator.token, terraform)
        tf.env["SSL_CERT_FILE"] = str(authority)
        where = f'path = "{mirror}"' if form == "filesystem" else f'url = "{url}/"'
        (tf.folder / "terraform.rc").write_text(
            f"provider_installation {{\n  {form}_mirror {{\n    {where}\n  }}\n}}\n"
        )
        (tf.folder / "terraform.d").mkdir()  # nothing is linked there
        tf.write('resource "segment_label" "one" {\n  key   = "team"\n  value = "web"\n}\n')
        tf.run("init", "-no-color", "-input=false")
        locked = (tf.folder / ".terraform.lock.hcl").read_text()
        facts = json.loads((mirror / install.SOURCE / f"{install.version()}.json").read_text())
        assert facts["archives"][install.target_platform()]["hashes"][0] in locked
        tf.apply()
        assert tf.plan() == {}
        # Somebody who works with the launcher brings its hash in, and ours stays.
        assert install.write_lock(tf.folder) == "mended"
        locked = (tf.folder / ".terraform.lock.hcl").read_text()
        assert facts["archives"][install.target_platform()]["hashes"][0] in locked
        assert install.package_hash() in locked
        tf.run("init", "-no-color", "-input=false")
        assert tf.plan() == {}
        tf.close()


def test_the_bill_of_materials_tells_what_is_in_it(release: Path, package: Path) -> None:
    text = package.with_suffix(".cdx.json").read_text()
    assert not re.search(r"/(?:work|root|home|tmp|usr|opt)/|\bsimple\b|file:/|packages\.", text)
    told = json.loads(text)
    parts = {one["name"]: one for one in told["components"]}
    pins = dict(
        re.findall(
            r"^([a-z0-9-]+)==([^\s;]+)", (ROOT / "requirements" / "release.txt").read_text(), re.M
        )
    )
    for name in ("grpcio", "protobuf", "msgpack", "cryptography", "httpx", "tenacity"):
        assert parts[name]["version"] == pins[name]
        assert parts[name]["purl"] == f"pkg:pypi/{name}@{pins[name]}"
    assert parts["CPython"]["version"].startswith("3.")
    # What builds the archive and what checks the bill is not in the archive.
    assert not {"cyclonedx-bom", "hatchling", "lxml", "pydantic", "setuptools"} & parts.keys()
    assert all(one.get("licenses") for one in parts.values() if one["bom-ref"].count("=="))
    digest = hashlib.sha256(package.read_bytes()).hexdigest()
    assert told["metadata"]["component"]["hashes"] == [{"alg": "SHA-256", "content": digest}]
    # Each shared library of the system is the one in the archive.
    with zipfile.ZipFile(package) as held:
        for one in told["components"]:
            if one["bom-ref"].startswith("file:"):
                content = held.read("_internal/" + one["bom-ref"].removeprefix("file:"))
                assert one["hashes"][0]["content"] == hashlib.sha256(content).hexdigest()


def test_sums_are_those_of_the_published_files(release: Path) -> None:
    [listing] = (release / "release").glob("*_SHA256SUMS")
    told = {line.split()[1] for line in listing.read_text().splitlines()}
    assert told == {path.name for path in listing.parent.iterdir()} - {listing.name}
    command = ["sha256sum", "--check", "--strict", "--quiet", listing.name]
    subprocess.run(command, cwd=listing.parent, check=True)


@pytest.mark.full
def test_the_same_sources_give_the_same_bytes(release: Path, tmp_path: Path) -> None:
    command = [str(ROOT / ".venv-release" / "bin" / "python"), "scripts/release.py"]
    subprocess.run([*command, "--out", str(tmp_path), "--fresh"], cwd=ROOT, check=True)
    for path in (release / "release").iterdir():
        assert path.read_bytes() == (tmp_path / "release" / path.name).read_bytes(), path.name
    assert archive.needed_glibc(next((tmp_path / "release").glob("*.zip"))) or os.name != "posix"
