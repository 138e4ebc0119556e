"""Writes what is generated from the contract; `--check` only says whether it is up to date.

    python -m contract.generate [--check]

Exit code 1 with `--check` when a generated file differs from what the contract gives now.
"""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

if not __package__:  # run as `python contract/generate.py`
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from contract.facts import ROOT, Contract
from contract.families import family_module, mixin_module
from contract.reference import reference_page
from contract.tables import operations_module
from contract.typed import Types

CLIENT = ROOT / "client" / "segform"
PAGE = ROOT / "docs" / "reference" / "operations.md"


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
    with ThreadPoolExecutor() as pool:
        done = dict(zip(python, pool.map(formatted, python, python.values()), strict=True))
    return {**done, PAGE: reference_page(contract, types)}


def formatted(path: Path, text: str) -> str:
    """`text` as the formatter leaves it, with imports sorted and none too many."""
    ruff = [sys.executable, "-m", "ruff"]
    for command in (
        [
            *ruff,
            "check",
            "--quiet",
            "--select=I,F401",
            "--fix-only",
            f"--stdin-filename={path}",
            "-",
        ],
        [*ruff, "format", "--quiet", f"--stdin-filename={path}", "-"],
    ):
        done = subprocess.run(
            command, input=text, capture_output=True, text=True, check=True, cwd=ROOT
        )
        text = done.stdout
    return text


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
