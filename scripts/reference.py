"""Writes the reference of the provider: docs/index.md, resources, data-sources, functions.

    python scripts/reference.py [--check]

What is on the pages is in `reference_pages.py`, the examples in `reference_examples.py`. `--check`
writes nothing and exits with 1 where a page is not what the definitions give, is missing or is left
over.
"""

from __future__ import annotations

import sys
from pathlib import Path

from reference_pages import MADE, pages

DOCS = Path(__file__).resolve().parent.parent / "docs"
FOLDERS = ("resources", "data-sources", "functions")


def main(arguments: list[str]) -> int:
    """Write the pages, or with `--check` compare them."""
    if set(arguments) - {"--check"}:
        print("usage: python scripts/reference.py [--check]", file=sys.stderr)
        return 2
    wanted = pages()
    there = {
        path.relative_to(DOCS).as_posix(): path.read_text(encoding="utf-8")
        for path in (DOCS / "index.md", *(p for f in FOLDERS for p in (DOCS / f).glob("*.md")))
        if path.exists()
    }
    changed = sorted(name for name in {*wanted, *there} if wanted.get(name) != there.get(name))
    if "--check" in arguments:
        for name in changed:
            print(f"docs/{name} is stale: run `make generate`", file=sys.stderr)
        return 1 if changed else 0
    for name in changed:
        path = DOCS / name
        if name in wanted:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(wanted[name], encoding="utf-8")
        elif MADE in there[name]:
            path.unlink()
        else:
            print(f"docs/{name} is no page of ours: move it elsewhere", file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
