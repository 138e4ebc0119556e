"""Sums, manifest, mirror and the form of a package, on small folders in place of a real one."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import zipfile
from pathlib import Path

import pytest
import yaml

import release_archive as archive
import release_files as files
from segform_provider import install

ROOT = Path(__file__).resolve().parents[2]
VERSION = install.version()


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package of two files."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    folder = tmp_path / "folder"
    (folder / "_internal").mkdir(parents=True)
    (folder / install.executable_name()).write_text("#!/bin/sh\n")
    (folder / "_internal" / "lib.so").write_bytes(b"\x7fELF\0GLIBC_2.9\0GLIBC_2.34\0GLIBC_2.4\0")
    target = tmp_path / "release" / archive.archive_name(VERSION, "linux_amd64")
    archive.pack(folder, {"LICENSE": b"MIT"}, target)
    return target


def test_a_package_has_modes_times_and_an_order_of_its_own(package: Path) -> None:
    with zipfile.ZipFile(package) as held:
        found = {
            entry.filename: (oct(entry.external_attr >> 16 & 0o777), entry.date_time)
            for entry in held.infolist()
        }
    assert found == {
        "LICENSE": ("0o644", (2023, 11, 14, 22, 13, 20)),
        "_internal/lib.so": ("0o644", (2023, 11, 14, 22, 13, 20)),
        install.executable_name(): ("0o755", (2023, 11, 14, 22, 13, 20)),
    }
    assert list(found) == sorted(found)
    assert archive.needed_glibc(package) == "2.34"


def test_a_link_in_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "lib.so").symlink_to("lib.so.1")
    with pytest.raises(archive.ReleaseError, match=r"lib\.so is a link"):
        archive.pack(tmp_path, {}, tmp_path / "out.zip")


def test_sums_are_what_sha256sum_checks(package: Path) -> None:
    files.manifest(package.parent, VERSION)
    listing = files.sums(package.parent, VERSION)
    # A signature beside it is not summed, neither are older sums.
    (package.parent / f"{listing.name}.sig").write_text("")
    assert files.sums(package.parent, VERSION).read_text().count("\n") == 2
    command = ["sha256sum", "--check", "--strict", listing.name]
    subprocess.run(command, cwd=package.parent, check=True, capture_output=True)
    package.write_bytes(b"other")
    assert subprocess.run(command, cwd=package.parent, check=False, capture_output=True).returncode


def test_the_manifest_says_which_protocol_is_spoken(tmp_path: Path) -> None:
    told = json.loads(files.manifest(tmp_path, VERSION).read_text())
    assert told == {"version": 1, "metadata": {"protocol_versions": ["6.0"]}}


def test_the_mirror_has_all_platforms_and_keeps_older_versions(
    package: Path, tmp_path: Path
) -> None:
    other = package.with_name(archive.archive_name(VERSION, "darwin_arm64"))
    other.write_bytes(package.read_bytes())
    found = files.packages(package.parent, VERSION)
    older = tmp_path / "mirror" / install.SOURCE / "0.0.9.json"
    older.parent.mkdir(parents=True)
    older.write_text('{"archives": {}}')
    ours = files.mirror(tmp_path / "mirror", found, VERSION)
    assert json.loads((ours / "index.json").read_text()) == {"versions": {"0.0.9": {}, VERSION: {}}}
    archives = json.loads((ours / f"{VERSION}.json").read_text())["archives"]
    assert sorted(archives) == ["darwin_arm64", "linux_amd64"]
    for one in archives.values():
        held = (ours / one["url"]).read_bytes()
        assert one["hashes"][1] == "zh:" + hashlib.sha256(held).hexdigest()
        assert one["hashes"][0].startswith("h1:")


def test_packages_of_another_version_are_refused(package: Path) -> None:
    with pytest.raises(archive.ReleaseError, match=r"no package of version 9\.9\.9"):
        files.packages(package.parent, "9.9.9")
    with pytest.raises(archive.ReleaseError, match="there is no package"):
        files.packages(package.parent / "none", VERSION)


def test_the_workflow_builds_for_every_platform_that_has_a_launcher() -> None:
    text = (ROOT / ".github" / "workflows" / "release.yml").read_text()
    jobs = yaml.safe_load(text)["jobs"]
    told = {one["platform"] for one in jobs["build"]["strategy"]["matrix"]["include"]}
    assert told == {
        f"{system}_{cpu}" for system in ("linux", "darwin") for cpu in ("amd64", "arm64")
    }
    commands = "\n".join(step.get("run", "") for job in jobs.values() for step in job["steps"])
    named = set(re.findall(r"make ([a-z-]+)", commands))
    assert named <= set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.M))
    assert re.findall(r"release\.py (\w+)", commands) == ["build", "assemble"]
    assert "secrets." not in text
