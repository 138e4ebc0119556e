"""Everything that looks at the code without running it: `make check`.

Lint and format, types (mypy strict on all, pyright strict on the public surface and the examples,
both on the Python of the README and the guides), the floors of the house, and whether generated
files are what their generators write. Each step prints one line; the first that fails prints its
output and ends the run.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

from reference_examples import everything_python

ROOT = Path(__file__).resolve().parent.parent
PYTHON = sys.executable
README = ROOT / "build" / "guides"
_BLOCK = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)
_NAMED = re.compile(r"# (\w+\.py)\n")

STEPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("lint", ("-m", "ruff", "check", ".")),
    ("format", ("-m", "ruff", "format", "--check", "--quiet", ".")),
    ("types", ("-m", "mypy")),
    ("types of the guides", ("-m", "mypy", "build/guides")),
    ("types, as users see them", ("-m", "pyright")),
    (
        "floors of the house",
        ("-c", "from importlinter.cli import lint_imports_command as run; run()"),
    ),
    ("generated: client", ("-m", "contract.generate", "--check")),
    ("generated: protocol", ("-m", "contract.generate_protocol", "--check")),
    ("generated: constructs", ("-m", "segform_cdktf.generate", "--check")),
    ("generated: reference", ("scripts/reference.py", "--check")),
    ("generated: lint rules", ("scripts/lint_page.py", "--check")),
    ("public surface", ("scripts/api_diff.py",)),
)


def main() -> int:
    """Run all steps."""
    write_readme_examples()
    for name, arguments in STEPS:
        started = time.monotonic()
        done = subprocess.run(
            [PYTHON, *arguments],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        state = "ok" if done.returncode == 0 else "FAILED"
        print(f"{name:<28} {state:<8} {time.monotonic() - started:5.1f} s", flush=True)
        if done.returncode != 0:
            print(done.stdout)
            return 1
    return 0


def write_readme_examples() -> None:
    """Each Python block of the README and of the guides as a file, for the type checkers.

    A block that begins with its own name, `# shop.py`, is in a folder with the others of its page,
    which may import it.
    """
    shutil.rmtree(README, ignore_errors=True)
    README.mkdir(parents=True)
    for page in (ROOT / "README.md", *sorted((ROOT / "docs" / "guides").glob("*.md"))):
        blocks = _BLOCK.findall(page.read_text(encoding="utf-8"))
        for index, block in enumerate(blocks):
            named = _NAMED.match(block)
            file = README / f"{page.stem.lower()}_{index}.py"
            if named:
                file = README / page.stem.lower() / named[1]
                file.parent.mkdir(exist_ok=True)
            file.write_text(block, encoding="utf-8")
    (README / "reference_all.py").write_text(everything_python(), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
