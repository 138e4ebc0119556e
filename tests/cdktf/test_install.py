"""Package folder, links and lock file: what Terraform has to find."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from segform_provider import install
from segform_provider.command import command

RANDOM = """\
provider "registry.terraform.io/hashicorp/random" {
  version     = "3.6.0"
  constraints = "~> 3.6"
  hashes = [
    "h1:p6WG1IPHnqx1fnJVKNjv733FBaArIugqy58HRZnpPCk=",
    "zh:03360ed3ecd31e8c5dac9c95fe0858be50f3e9a0d0c654b5e504109c2159287d",
  ]
}
"""
HEAD = '# This file is maintained automatically by "terraform init".\n'


@pytest.fixture
def old(monkeypatch: pytest.MonkeyPatch) -> str:
    """A lock file as an older version of ours left it, between entries of others."""
    with monkeypatch.context() as patch:
        patch.setattr(install, "version", lambda: "0.0.9")
        entry = install.lock_entry("0.0.9")
    return f"{HEAD}\n{RANDOM}\n{entry}\n{RANDOM.replace('registry', 'zzz')}"


def test_hash_of_a_listing_sorted_by_name() -> None:
    # The expected value: `sha256sum a b | sha256sum | cut -d' ' -f1 | xxd -r -p | base64`.
    content = {"b": b"two\n", "a": b"one\n"}
    assert install.directory_hash(content) == "h1:c9kx41MfEyR7vDoBCPzQwO9IAmCl51mA23+m4LxTGsQ="


def test_the_entry_is_the_same_on_every_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    first = install.lock_entry("0.1.0")
    monkeypatch.setattr(sys, "prefix", "/somewhere/else")
    monkeypatch.setattr(sys, "executable", "/somewhere/else/bin/python")
    assert install.lock_entry("0.1.0") == first


def test_merge_into_nothing_is_what_terraform_writes() -> None:
    text, change = install.merge_lock("", constraint=install.version())
    assert change == "added"
    assert text.startswith(HEAD)
    assert text.endswith(
        f'provider "{install.SOURCE}" {{\n'
        f'  version     = "{install.version()}"\n'
        f'  constraints = "{install.version()}"\n'
        f'  hashes = [\n    "{install.package_hash()}",\n  ]\n}}\n'
    )


def test_merge_keeps_the_others_byte_for_byte_and_mends_ours(old: str) -> None:
    text, change = install.merge_lock(old, constraint=install.version())
    assert change == "mended"
    before, after = install.lock_blocks(old), install.lock_blocks(text)
    assert list(before) == list(after)
    assert "0.0.9" not in text
    for address in before:
        assert (before[address] == after[address]) == (address != install.SOURCE)
    assert text.partition('provider "segform')[0] == old.partition('provider "segform')[0]


def test_merge_twice_changes_nothing(old: str) -> None:
    once, _ = install.merge_lock(old, constraint=install.version())
    assert install.merge_lock(once, constraint=install.version()) == (once, "kept")


def test_entries_of_the_committed_file_win_and_windows_line_ends_stay() -> None:
    older = RANDOM.replace("3.6.0", "3.5.0")
    committed = RANDOM.replace("\n", "\r\n")
    text, _ = install.merge_lock(HEAD + "\n" + older, others=committed)
    assert "3.5.0" not in text
    assert committed in text
    assert install.package_hash() in text


def test_a_new_entry_stands_where_terraform_sorts_it() -> None:
    after = RANDOM.replace("registry.terraform.io", "zzz.example")
    before = RANDOM
    text, _ = install.merge_lock(f"{HEAD}\n{before}\n{after}")
    assert list(install.lock_blocks(text)) == sorted(install.lock_blocks(text))


def test_hashes_of_the_packaged_provider_stay() -> None:
    packaged = install.lock_entry("0.1.0").replace(
        install.package_hash(), "h1:0000000000000000000000000000000000000000000="
    )
    text, change = install.merge_lock(packaged, constraint=install.version())
    assert change == "mended"
    assert "h1:000" in text
    assert install.package_hash() in text


def test_the_committed_constraint_is_not_lost_without_one() -> None:
    known = install.lock_entry(">= 0.1.0")
    assert install.merge_lock(known) == (known, "kept")


@pytest.mark.parametrize("broken", [RANDOM[:-2], RANDOM + RANDOM])
def test_a_broken_lock_file_is_refused_with_the_mend(broken: str) -> None:
    with pytest.raises(install.InstallError, match="Delete the file"):
        install.merge_lock(broken)


def test_link_is_a_link_and_mends_what_is_old(elsewhere: Path) -> None:
    plugins = elsewhere / "terraform.d" / "plugins" / install.SOURCE
    stale = plugins / "0.0.9" / install.target_platform()
    stale.parent.mkdir(parents=True)
    stale.symlink_to(elsewhere / "gone")
    place = install.link(elsewhere)
    assert place.is_symlink()
    assert os.access(place / install.executable_name(), os.X_OK)
    assert sorted(path.name for path in plugins.iterdir()) == [install.version()]
    assert install.link(elsewhere) == place


def test_link_leaves_another_installation_alone(elsewhere: Path) -> None:
    plugins = elsewhere / "terraform.d" / "plugins" / install.SOURCE
    other = plugins / install.version() / install.target_platform()
    other.mkdir(parents=True)
    with pytest.raises(install.InstallError, match="another installation"):
        install.link(elsewhere)


def test_install_goes_to_the_home_folder(tmp_path: Path) -> None:
    place = install.install(tmp_path)
    assert place.is_relative_to(tmp_path / ".terraform.d" / "plugins" / install.SOURCE)


def test_an_environment_that_cannot_be_written_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "prefix", str(tmp_path / "locked"))
    monkeypatch.setattr(os, "access", lambda path, mode: mode != os.W_OK)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    assert install.package_folder().is_relative_to(tmp_path / "data" / "segform")


def test_a_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(install, "_NEEDED", ("no_such_module", "no_such.module"))
    with pytest.raises(install.InstallError, match=re.escape("pip install 'segform[provider]'")):
        install.package_folder()


def launch(executable: Path) -> subprocess.CompletedProcess[str]:
    """The launcher, run as Terraform runs it."""
    return subprocess.run(
        [str(executable)], capture_output=True, text=True, timeout=30, check=False
    )


def test_the_launcher_runs_the_python_that_linked_it_and_in_isolation(
    elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    python = elsewhere / "bin" / "python"
    python.parent.mkdir()
    python.write_text('#!/bin/sh\necho "$@"\n')
    python.chmod(0o755)
    monkeypatch.setattr(sys, "prefix", str(elsewhere))
    monkeypatch.setattr(sys, "executable", str(python))
    place = install.link(elsewhere)
    done = launch(place / install.executable_name())
    assert (done.returncode, done.stdout) == (0, "-I -X utf8 -m segform_provider\n")
    python.unlink()
    assert "segform provider link DIR" in launch(place / install.executable_name()).stdout


def test_a_copied_launcher_says_what_to_do(elsewhere: Path) -> None:
    copied = elsewhere / install.executable_name()
    copied.write_bytes(install.launcher_bytes())
    copied.chmod(0o755)
    done = launch(copied)
    assert done.returncode == 1
    assert "segform provider link DIR" in done.stdout


def test_the_command_links_and_locks(elsewhere: Path) -> None:
    done = CliRunner().invoke(command, ["link", "."])
    assert done.exit_code == 0, done.output
    assert "entry added" in done.output
    assert install.locked_providers(elsewhere) == {install.SOURCE}
    assert "entry kept" in CliRunner().invoke(command, ["link", "."]).output


def test_the_command_names_what_hinders_terraform(
    elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    configuration = elsewhere / "with mirror.tfrc"
    configuration.write_text("provider_installation {\n  direct {}\n}\n")
    monkeypatch.setenv("TF_CLI_CONFIG_FILE", str(configuration))
    done = CliRunner().invoke(command, ["link", "."])
    assert done.exit_code == 1
    assert "filesystem_mirror" in done.output
    assert str(configuration) in done.output


@pytest.mark.parametrize("arguments", [["link", "missing"], ["link", "file"]])
def test_the_command_fails_in_words(elsewhere: Path, arguments: list[str]) -> None:
    (elsewhere / "file").touch()
    done = CliRunner().invoke(command, arguments)
    assert done.exit_code == 1
    assert "is not a folder" in done.output


def init() -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["terraform", "init", "-no-color", "-lockfile=readonly"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.terraform
def test_terraform_takes_link_and_lock_and_a_stale_entry_is_mended(elsewhere: Path) -> None:
    (elsewhere / "main.tf").write_text(
        f'terraform {{\n required_providers {{\n  segment = {{ source = "{install.SOURCE}" }}\n'
        " }\n}\n"
    )
    lock = elsewhere / install.LOCK_FILE
    assert CliRunner().invoke(command, ["link", "."]).exit_code == 0
    right = lock.read_text()
    done = init()
    assert done.returncode == 0, done.stderr
    assert lock.read_text() == right
    for stale in (
        right.replace(install.version(), "0.0.1"),
        right.replace(install.package_hash(), "h1:0000000000000000000000000000000000000000000="),
    ):
        lock.write_text(stale)
        assert init().returncode != 0
        assert "entry mended" in CliRunner().invoke(command, ["link", "."]).output
        done = init()
        assert done.returncode == 0, done.stderr


def test_the_link_in_the_working_folder_stands_above_a_cached_one(tmp_path: Path) -> None:
    """Terraform's plugin cache keeps the link of whichever environment came first."""
    below = Path("segform.internal/segform/segment/0.1.0/linux_amd64")
    name = "terraform-provider-segment_v0.1.0"
    for which in ("first", "meant"):
        folder = tmp_path / which / "plugins"
        (folder / below).mkdir(parents=True)
        (folder / below / name).write_bytes(install.launcher_bytes())
        (folder / below / name).chmod(0o755)
        fake = tmp_path / which / "python"
        fake.write_text(f"#!/bin/sh\necho {which}\n")
        fake.chmod(0o755)
        (folder / "python").write_text(f"{fake}\n")
    cached = tmp_path / "cache" / below
    cached.parent.mkdir(parents=True)
    cached.symlink_to(tmp_path / "first" / "plugins" / below)
    stack = tmp_path / "a stack"
    (stack / "terraform.d" / "plugins" / below).parent.mkdir(parents=True)

    def started() -> str:
        done = subprocess.run(
            [cached / name], cwd=stack, capture_output=True, text=True, check=True
        )
        return done.stdout.strip()

    assert started() == "first"
    (stack / "terraform.d" / "plugins" / below).symlink_to(tmp_path / "meant" / "plugins" / below)
    assert started() == "meant"
