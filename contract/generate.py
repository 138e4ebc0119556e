"""Writes what is generated from the contract; `--check` only says whether it is up to date.

    python -m contract.generate [--check]

Exit code 1 with `--check` when a generated file differs from what the contract gives now.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

if not __package__:  # run as `python contract/generate.py`
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from contract.facts import ROOT, Contract
from contract.families import family_module, mixin_module
from contract.reference import reference_page
from contract.roles import roles_page
from contract.tables import operations_module
from contract.typed import Types
from contract.unmanaged import unmanaged_page

CLIENT = ROOT / "client" / "segform"
PAGES = ROOT / "docs" / "reference"


def texts(contract: Contract) -> dict[Path, str]:
    """Every generated file and its text, formatted."""
    types = Types(contract)
    python = {
        CLIENT / "contract" / "_operations.py": operations_module(contract),
        CLIENT / "api" / "types.py": types.module(),
        CLIENT / "api" / "_families.py": mixin_module(contract),
    }
    for family in contract.families:
        python[CLIENT / "api" / f"{family}.py"] = family_module(contract, types, family)
    pages = {
        PAGES / "operations.md": reference_page(contract, types),
        PAGES / "roles.md": roles_page(contract),
        PAGES / "not-managed.md": unmanaged_page(contract, types),
    }
    return {**formatted(python), **pages}


def formatted(python: dict[Path, str]) -> dict[Path, str]:
    """The texts as the formatter leaves them, with imports sorted and none too many."""
    with tempfile.TemporaryDirectory() as folder:
        copies = {path: Path(folder) / path.relative_to(CLIENT) for path in python}
        for path, copy in copies.items():
            copy.parent.mkdir(exist_ok=True)
            copy.write_text(python[path], encoding="utf-8")
        settings = ["--quiet", "--no-cache", "--config", str(ROOT / "pyproject.toml"), folder]
        for command in (["check", "--select=I,F401", "--fix-only"], ["format"]):
            subprocess.run(  # noqa: S603 - our own formatter on our own text
                [sys.executable, "-m", "ruff", *command, *settings], check=True
            )
        return {path: copy.read_text(encoding="utf-8") for path, copy in copies.items()}


def main(arguments: list[str]) -> int:
    """Write, or check; the exit code."""
    check = arguments == ["--check"]
    if arguments and not check:
        print(__doc__, file=sys.stderr)
        return 2
    stale = []
    for path, text in texts(Contract()).items():
        if path.exists() and path.read_text(encoding="utf-8") == text:
            continue
        stale.append(path.relative_to(ROOT).as_posix())
        if not check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    for name in stale:
        print(f"{'differs' if check else 'written'}: {name}")
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
