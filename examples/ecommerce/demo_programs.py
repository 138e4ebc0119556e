"""Programs of the demo that never outlive it: the emulator and the CDK's command line.

Each is started through `python demo_programs.py COMMAND...`, which waits for it in a process group
of its own. The demo holds the other end of that process's stdin; when the demo ends, in whatever
way, stdin closes and all that was started is ended.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

_PATIENCE = 5.0  # seconds between asking a program to end and ending it


def watch(command: Sequence[str]) -> int:
    """Run `command` and return its exit code; end it, and what it started, when stdin closes."""
    child = subprocess.Popen(list(command), stdin=subprocess.DEVNULL)
    alone = threading.Event()

    def wait_for_the_demo() -> None:
        while os.read(0, 1):
            pass
        alone.set()
        end(child.pid)
        os._exit(1)

    watcher = threading.Thread(target=wait_for_the_demo, daemon=True)
    watcher.start()
    code = child.wait()
    if alone.is_set():
        watcher.join()  # its last act is to end this process
    return code


def end(process: int) -> None:
    """End a process with all its descendants, which may have sessions of their own (terminals)."""
    members = {process, *descendants(process)}
    for sent in (signal.SIGTERM, signal.SIGKILL):
        for member in members:
            with contextlib.suppress(ProcessLookupError):
                os.kill(member, sent)
        deadline = time.monotonic() + _PATIENCE
        while time.monotonic() < deadline:
            if not members & {pid for pid, _ in processes()}:
                return
            time.sleep(0.05)


def descendants(process: int) -> list[int]:
    """Ids of all processes below `process`, nearest first."""
    table = processes()
    found = [process]
    for known in found:
        found += [pid for pid, parent in table if parent == known]
    return found[1:]


def processes() -> list[tuple[int, int]]:
    """Id and parent's id of every process that still runs."""
    if not Path("/proc/self/stat").exists():
        listing = subprocess.run(
            ["ps", "-A", "-o", "pid=,ppid=,stat="], capture_output=True, text=True, check=True
        ).stdout
        rows = [line.split() for line in listing.splitlines()]
        return [(int(pid), int(parent)) for pid, parent, state in rows if state[0] != "Z"]
    found: list[tuple[int, int]] = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                # The name stands in brackets and may hold anything.
                state, parent = (entry / "stat").read_text().rpartition(")")[2].split()[:2]
                if state not in "ZX":
                    found.append((int(entry.name), int(parent)))
    return found


@contextmanager
def program(
    command: Sequence[str], *, cwd: Path, env: Mapping[str, str]
) -> Generator[subprocess.Popen[str], None, None]:
    """A running program with its output as a pipe; at the end of the block it is gone."""
    process = subprocess.Popen(
        [sys.executable, str(Path(__file__).resolve()), *command],
        cwd=cwd,
        env=dict(env),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,  # Ctrl-C is for the demo, which then ends its programs in order
    )
    try:
        yield process
    finally:
        if process.stdin is not None:
            process.stdin.close()
        try:
            process.wait(timeout=3 * _PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if process.stdout is not None:
            process.stdout.close()


def run(
    command: Sequence[str], *, cwd: Path, env: Mapping[str, str], timeout: float = 300
) -> tuple[int, str]:
    """Run a program to its end: exit code and output. Raises `TimeoutError` after `timeout` s."""
    with program(command, cwd=cwd, env=env) as process:
        too_long = threading.Event()

        def stop() -> None:
            too_long.set()
            if process.stdin is not None:
                process.stdin.close()

        clock = threading.Timer(timeout, stop)
        clock.start()
        try:
            output = process.stdout.read() if process.stdout is not None else ""
            code = process.wait()
        finally:
            clock.cancel()
        if too_long.is_set():
            raise TimeoutError(f"{' '.join(command)} took longer than {timeout:.0f} s")
        return code, output


if __name__ == "__main__":
    sys.exit(watch(sys.argv[1:]))
