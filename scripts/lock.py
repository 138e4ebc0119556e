"""Pins what is installed, anew: `make lock`. The only command here that looks for newer versions.

* `requirements/dev.txt`: the newest that pyproject.toml allows, `requirements/lowest.txt`: the
  oldest, `requirements/release.txt`: the newest of what the provider's archive is made of and with,
  as tested; all with hashes and for every platform;
* `package-lock.json`: the CDK's command lines that package.json names.

None of them holds an address to download from: that is for the package clients' own settings.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import bootstrap

ROOT = bootstrap.ROOT
REQUIREMENTS = {
    "dev.txt": ("--extra", "dev", "--upgrade"),
    "lowest.txt": ("--extra", "test", "--resolution", "lowest-direct"),
    # What is released is what was tested.
    "release.txt": ("--extra", "release", "--constraint", "requirements/dev.txt"),
}


def main() -> int:
    """Write the four files. Without the old ones: uv would keep what they pin."""
    for name, arguments in REQUIREMENTS.items():
        (ROOT / "requirements" / name).unlink(missing_ok=True)
        bootstrap.run(
            Path(sys.executable),
            *("-m", "uv", "pip", "compile", "pyproject.toml", *arguments),
            *("--universal", "--python-version", "3.11", "--generate-hashes"),
            *("--no-header", "--no-annotate", "--quiet"),
            *("--cache-dir", ROOT / ".tools" / "cache" / "uv"),
            *("--output-file", ROOT / "requirements" / name),
        )
    lock_node()
    return 0


def lock_node() -> None:
    """The lock of package.json, made in a folder of its own."""
    node = bootstrap.find_node()
    if node is None:
        raise SystemExit(bootstrap.NO_NODE)
    with tempfile.TemporaryDirectory(dir=ROOT / ".tools") as folder:
        shutil.copyfile(ROOT / "package.json", Path(folder, "package.json"))
        program, *arguments = bootstrap.npm(node)
        bootstrap.run(
            program,
            *arguments,
            *("install", "--package-lock-only", "--omit-lockfile-registry-resolved"),
            *("--prefix", folder, "--no-audit", "--no-fund", "--loglevel=error"),
        )
        shutil.copyfile(Path(folder, "package-lock.json"), ROOT / "package-lock.json")


if __name__ == "__main__":
    try:
        sys.exit(main())
    except subprocess.CalledProcessError as problem:
        sys.exit(f"This failed ({problem.returncode}): {' '.join(map(str, problem.cmd))}")
