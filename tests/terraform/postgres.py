"""A PostgreSQL of a test's own: the `pg` backend keeps states in it, a database for each folder.

Its data and its socket are in a folder of its own, nothing listens on the network, and it ends with
whoever started it. As root the server runs under another account, for it refuses to run as root.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

_ACCOUNTS = ("postgres", "nobody")
_SECONDS = 30.0
# What a throw-away server need not do: it is not there after a power cut.
_QUICK = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}
_SETTINGS = {**_QUICK, "listen_addresses": "", "max_connections": "50"}


class Postgres:
    """A server that answers on a socket in `folder`."""

    def __init__(self, folder: Path, process: subprocess.Popen[bytes]) -> None:
        self.folder = folder
        self.pid = process.pid
        self._names = count(1)

    def backend(self, schema: str = "") -> str:
        """HCL of a backend with a schema of its own: states in it see no others.

        Two folders with the same `schema` share one state; left out, it is a new one.
        """
        given = self.arguments(schema)["pg"]
        lines = "".join(f'    {name} = "{value}"\n' for name, value in given.items())
        return f'terraform {{\n  backend "pg" {{\n{lines}  }}\n}}\n'

    def arguments(self, schema: str = "") -> dict[str, dict[str, str]]:
        """The same in Terraform's JSON syntax: what stands below `backend`."""
        return {
            "pg": {
                "conn_str": f"postgres://segform@/postgres?host={self.folder}&sslmode=disable",
                "schema_name": schema or f"state_{next(self._names)}",
            }
        }


@contextmanager
def postgres() -> Iterator[Postgres]:
    """Start a server, and stop it when the context ends."""
    account = _account()
    folder = Path(tempfile.mkdtemp(prefix="segform-pg-", dir="/tmp"))
    process = None
    try:
        if account:
            os.chown(folder, account["user"], account["group"])
        data = folder / "data"
        _run(
            ["initdb", "-D", str(data), "-U", "segform", "-A", "trust", "--no-sync", "-E", "UTF8"],
            account,
        )
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(
                # With the process that started it, the server goes too.
                ["setpriv", "--pdeathsig", "INT", _path("postgres"), "-D", str(data)]
                + [f"--{name}={value}" for name, value in _SETTINGS.items()]
                + [f"--unix_socket_directories={folder}"],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=_env(),
                cwd="/",
                **account,
            )
        _wait(folder, process)
        yield Postgres(folder, process)
    finally:
        if process is not None:
            process.terminate()
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                # Somebody is still connected: end those sessions too.
                process.send_signal(2)
                process.wait(20)
        shutil.rmtree(folder, ignore_errors=True)


def _account() -> dict[str, Any]:
    """Who the server runs as: ourselves, or for root somebody with fewer rights."""
    if os.geteuid() != 0:
        return {}
    for name in _ACCOUNTS:
        try:
            found = pwd.getpwnam(name)
        except KeyError:
            continue
        return {"user": found.pw_uid, "group": found.pw_gid, "extra_groups": []}
    raise AssertionError("PostgreSQL does not run as root, and there is nobody else")


def _path(program: str) -> str:
    found = shutil.which(program)
    assert found, f"{program} is not on PATH"
    # Its files are found beside the program itself, not beside a link to it.
    return str(Path(found).resolve())


def _env() -> dict[str, str]:
    return {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C"}


def _run(command: list[str], account: dict[str, Any]) -> None:
    done = subprocess.run(
        [_path(command[0]), *command[1:]],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=_env(),
        cwd="/",
        timeout=60,
        check=False,
        **account,
    )
    assert done.returncode == 0, done.stdout


def _wait(folder: Path, process: subprocess.Popen[bytes]) -> None:
    """Until it takes connections: the last line of its lock file says so."""
    lock = folder / "data" / "postmaster.pid"
    end = time.monotonic() + _SECONDS
    while time.monotonic() < end:
        assert process.poll() is None, (folder / "log").read_text()
        if lock.exists() and lock.read_text().rstrip().endswith("ready"):
            return
        time.sleep(0.05)
    raise AssertionError((folder / "log").read_text())
