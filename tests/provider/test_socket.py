"""The provider's process as Terraform starts it: where its socket is, and who can reach it."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

COOKIE = "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2"


def test_the_socket_is_in_a_folder_of_its_owner_alone_and_goes_with_the_process(
    tmp_path: Path,
) -> None:
    ends_with_its_parent([sys.executable, "-I", "-m", "segform_provider"], tmp_path)


def ends_with_its_parent(command: list[str], tmp_path: Path) -> None:
    """What holds for the provider's process in each form that it is started in."""
    environment = {
        **os.environ,
        "TF_PLUGIN_MAGIC_COOKIE": COOKIE,
        "PLUGIN_PROTOCOL_VERSIONS": "6",
        "PLUGIN_CLIENT_CERT": "-",
        "PLUGIN_UNIX_SOCKET_DIR": str(tmp_path),
    }
    # A parent of its own, whose end the provider has to notice; whatever umask it was given.
    parent = subprocess.Popen(
        ["/bin/sh", "-c", 'umask 0; "$@" & wait', "sh", *command],
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
    )
    with parent:
        try:
            assert parent.stdout is not None
            line = parent.stdout.readline().split("|")
            assert line[:3] == ["1", "6", "unix"]
            assert line[5].strip(), "no certificate"
            socket = Path(line[3])
            assert socket.is_socket()
            assert stat.S_IMODE(socket.parent.stat().st_mode) == 0o700
            assert socket.parent.stat().st_uid == os.getuid()
        finally:
            parent.kill()
        # The pipe ends with the last process that holds it: the provider.
        assert parent.stdout.read() == ""
    assert list(tmp_path.iterdir()) == []


def test_started_by_hand_it_says_what_it_is() -> None:
    environment = {k: v for k, v in os.environ.items() if k != "TF_PLUGIN_MAGIC_COOKIE"}
    done = subprocess.run(
        [sys.executable, "-I", "-m", "segform_provider"],
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )
    assert done.returncode == 1
    assert "Terraform" in done.stderr
    assert "Traceback" not in done.stderr
