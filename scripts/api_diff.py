"""What of the public surface has changed since the last release: `python scripts/api_diff.py`.

Compares the packages with their last tag (`v*`) and prints every change that could break a caller.
Exit code 1 where there is one and the changelog's next release does not tell of it under `Changed`
or `Removed`; without a tag there is nothing to compare with, which is said.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import griffe

ROOT = Path(__file__).resolve().parent.parent
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
PACKAGES = {"segform": "client", "segform_cdktf": "provider"}


def last_tag(root: Path) -> str | None:
    """The newest release's tag; None before the first."""
    command = ["git", "tag", "--list", "v*", "--sort=-version:refname"]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True)
    return next(iter(done.stdout.split()), None)


def breakages(root: Path, tag: str) -> list[str]:
    """A line for each change that could break a caller."""
    found: list[str] = []
    for package, folder in PACKAGES.items():
        if not (root / folder / package).is_dir():
            continue
        old = griffe.load_git(package, ref=tag, repo=root, search_paths=[folder])
        new = griffe.load(package, search_paths=[root / folder])
        found += [
            _COLOUR.sub("", one.explain(griffe.ExplanationStyle.ONE_LINE))
            for one in griffe.find_breaking_changes(old, new)
        ]
    return found


def told(root: Path) -> bool:
    """Whether the changelog's next release has a section on what changed or went."""
    text = (root / "CHANGELOG.md").read_text(encoding="utf-8")
    following = text.partition("## [Unreleased]")[2].partition("\n## [")[0]
    return "### Changed" in following or "### Removed" in following


def main(root: Path = ROOT) -> int:
    """Compare and tell."""
    tag = last_tag(root)
    if tag is None:
        print("no release yet: no tag v* to compare the public surface with")
        return 0
    found = breakages(root, tag)
    for line in found:
        print(line)
    print(f"{len(found)} changes since {tag} could break a caller")
    if found and not told(root):
        print("Tell of them in CHANGELOG.md, under Unreleased: `### Changed` or `### Removed`.")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
