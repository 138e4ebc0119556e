"""Files as they were in a git revision: `HEAD~1:shop.json`, read without touching the work tree.

`git` itself resolves the revision and gives the contents. A snapshot (file or folder) is read from
its objects; a Python file needs what it imports, so that the whole revision is written to a
temporary folder, with an index of its own.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

_SECONDS = 120


class Revision:
    """A commit of the repository that a folder is in. Raises ValueError where it is none."""

    def __init__(self, name: str, folder: Path | None = None) -> None:
        self.name = name
        self._folder = folder or Path.cwd()
        git = shutil.which("git")
        if git is None:
            raise ValueError("a revision is read by git, which is not on PATH")
        self._git = git
        # Ending with `^{commit}` makes a name that begins with a dash no option either.
        found = self._run("rev-parse", "--verify", "--quiet", f"{name}^{{commit}}", missing=True)
        if not found:
            raise ValueError(f"{name} is no revision here: `git log` shows those that are")
        self.commit = found.decode().strip()

    def _run(
        self, *arguments: str, missing: bool = False, env: Mapping[str, str] | None = None
    ) -> bytes:
        try:
            done = subprocess.run(  # noqa: S603 - git, with arguments that are no options
                [self._git, *arguments],
                cwd=self._folder,
                capture_output=True,
                timeout=_SECONDS,
                check=False,
                env={**os.environ, **env} if env else None,
            )
        except (OSError, subprocess.TimeoutExpired) as problem:
            raise ValueError(f"git could not be run: {problem}") from None
        if done.returncode and missing:
            return b""
        if done.returncode:
            words = done.stderr.decode(errors="replace").strip()
            raise ValueError(f"{self.name} cannot be read: {words}")
        return done.stdout

    def place(self, path: str) -> str:
        """A path from here as one from the root of the repository. Raises ValueError."""
        prefix = self._run("rev-parse", "--show-prefix").decode().strip()
        parts: list[str] = []
        for part in PurePosixPath(prefix, path).parts:
            if part == "..":
                if not parts:
                    raise ValueError(f"{path} is outside of the repository")
                parts.pop()
            elif part not in (".", ""):
                parts.append(part)
        return "/".join(parts)

    @contextmanager
    def written(self, path: str) -> Iterator[Path]:
        """The file or folder at a path from the root, as it was then, in a temporary folder."""
        kind = self._run("cat-file", "-t", f"{self.commit}:{path}", missing=True).decode().strip()
        if not kind:
            raise ValueError(f"{self.name} has no {path or 'files'}")
        with tempfile.TemporaryDirectory(prefix="segform-") as base:
            target = Path(base) / "tree" / path
            if kind == "tree":
                self._folder_at(path, target)
            elif path.endswith(".py"):
                self._all(Path(base))
            else:
                target.parent.mkdir(parents=True)
                target.write_bytes(self._run("cat-file", "blob", f"{self.commit}:{path}"))
            yield target

    def _folder_at(self, path: str, target: Path) -> None:
        """The files of one folder; a snapshot has no folders inside."""
        target.mkdir(parents=True)
        listed = self._run("ls-tree", "-z", f"{self.commit}:{path}")
        for row in listed.split(b"\0"):
            facts, _, name = row.decode(errors="surrogateescape").partition("\t")
            if name and facts.split()[1] == "blob" and "/" not in name:
                content = self._run("cat-file", "blob", facts.split()[2])
                (target / name).write_bytes(content)

    def _all(self, base: Path) -> None:
        """All files of the revision; the index of the repository stays as it is."""
        env = {"GIT_INDEX_FILE": str(base / "index")}
        self._run("read-tree", self.commit, env=env)
        top = Path(self._run("rev-parse", "--show-toplevel").decode().strip())
        inside, self._folder = self._folder, top
        try:
            self._run("checkout-index", "--all", f"--prefix={base / 'tree'}/", env=env)
        finally:
            self._folder = inside


def split(name: str) -> tuple[str, str] | None:
    """`HEAD~1:shop.json` as revision and path; None for what has no such form."""
    revision, colon, path = name.partition(":")
    return (revision, path) if colon and revision and path else None
