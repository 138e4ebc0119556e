"""`segform emulate`, also `python -m segform_emulator`."""

from __future__ import annotations

import ipaddress
import os
import resource
import signal
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

# A server under load checks a share of its answers; `GET /_emulator/violations` tells it.
_CHECKED = 50
_FILES = 65_536
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=0,
    show_default="a free one",
    help="Port to listen on.",
)
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    help="Address to listen on. Beyond loopback, whoever reaches it can read and write everything.",
)
@click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder in which the state is kept; without it, in memory.",
)
@click.option("--catalog", multiple=True, type=_FILE, help="JSON file with more catalogue entries.")
@click.option("--seed", type=_FILE, help="Snapshot to start from.")
@click.option(
    "--region",
    type=click.Choice(["us", "eu"]),
    help="Take tokens of this region only; without it, of both.",
)
@click.option(
    "--ids", type=int, help="A number from which ids are made: the same one gives the same ids."
)
@click.option(
    "--workspaces",
    type=click.IntRange(3, 1000),
    default=3,
    show_default=True,
    help="How many there are; GET /_emulator/tokens has a token for each.",
)
@click.option(
    "--exit-with-parent", is_flag=True, help="End when the process that started this one ends."
)
def command(
    port: int,
    host: str,
    data: Path | None,
    catalog: tuple[Path, ...],
    seed: Path | None,
    region: str | None,
    ids: int | None,
    workspaces: int,
    exit_with_parent: bool,
) -> None:
    """Serve an emulator of the Segment Public API on this machine.

    Prints its URL and a token of the owner of its first workspace.
    """
    from .core import Emulator
    from .errors import Fault
    from .server import bind, configured

    try:
        snapshot = _seed(seed) if seed else None
        emulator = Emulator(
            catalog=catalog,
            data=data,
            region=region,
            check=_CHECKED,
            ids=ids,
            workspaces=workspaces,
            seed=snapshot,
        )
    except OSError as problem:
        raise click.ClickException(
            f"cannot start: {problem.filename}: {problem.strerror}"
        ) from None
    except (ValueError, KeyError, Fault) as problem:
        raise click.ClickException(f"cannot start: {problem}") from None
    try:
        listening = bind(port, host)
    except OSError as problem:
        click.echo(
            f"Error: port {port} of {host} cannot be used ({problem.strerror}). Give another "
            "one, or leave --port out for a free one.",
            err=True,
        )
        sys.exit(1)
    _open_many()
    server = configured(emulator)

    def end(*_: object) -> None:
        server.should_exit = True

    # uvicorn would raise what it caught once more; this ends quietly.
    server.install_signal_handlers = lambda: None  # type: ignore[attr-defined]  # uvicorn has it, its types do not
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, end)
    if exit_with_parent:
        threading.Thread(target=_watch, args=(os.getppid(), end), daemon=True).start()
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    while not server.started and thread.is_alive():
        time.sleep(0.005)
    shown = f"[{host}]" if ":" in host else host
    click.echo(f"url: http://{shown}:{listening.getsockname()[1]}")
    click.echo(f"token: {emulator.token}")
    if not _is_loopback(host):
        click.echo(
            f"Warning: listening on {host}, not on loopback only. Whoever reaches this port can "
            "use the control plane, which asks for no token.",
            err=True,
        )
    sys.stdout.flush()
    while thread.is_alive():
        thread.join(0.2)
    listening.close()
    emulator.close()


def _seed(path: Path) -> dict[str, Any]:
    """The snapshot of a file. Raises ClickException, which names it."""
    from .exact import loads

    try:
        found = loads(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError:
        raise click.ClickException(f"cannot start: {path} is not UTF-8") from None
    except (ValueError, RecursionError) as problem:
        raise click.ClickException(f"cannot start: {path} is not JSON: {problem}") from None
    if not isinstance(found, dict):
        raise click.ClickException(f"cannot start: {path} is no snapshot: it is no JSON object")
    return found


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _open_many() -> None:
    """Take as many connections as the system allows."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _FILES if hard == resource.RLIM_INFINITY else min(_FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def _watch(parent: int, end: Callable[[], None]) -> None:
    while os.getppid() == parent:
        time.sleep(0.2)
    end()
