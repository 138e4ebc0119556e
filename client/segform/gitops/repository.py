"""The repository that a run of CI stands in."""

from __future__ import annotations

import subprocess

_WHO = ("-c", "user.name=segform", "-c", "user.email=segform@localhost")
_TRIES = 3


class GitError(Exception):
    """A git command failed; the message is what git said."""


def git(*arguments: str) -> str:
    """What a git command prints, without the line break at its end. Raises `GitError`."""
    done = subprocess.run(  # noqa: S603 -- arguments of our own, no shell
        ["git", *arguments],  # noqa: S607 -- the git of PATH is the one that CI checked out with
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise GitError(f"git {arguments[0]}: {(done.stderr or done.stdout).strip()}")
    return done.stdout.strip()


def tree() -> str:
    """The tree of HEAD: what the files are, whatever commit brought them.

    A merge, a squash and a rebase of one pull request all lead to the tree that its checks saw,
    unless the branch it went to had moved on.
    """
    return git("rev-parse", "HEAD^{tree}")


def keep_bindings(branch: str) -> bool:
    """Commit and push what an apply wrote to bindings files; whether there was something."""
    changed = ("ls-files", "--modified", "--others", "--exclude-standard", "-z")
    # Also what `segform export --format python` calls it, in any folder.
    named = ("*.bindings.json", ":(glob)**/bindings.json")
    files = [name for name in git(*changed, "--", *named).split("\0") if name]
    if not files:
        return False
    git("add", "--", *files)
    git(*_WHO, "commit", "--quiet", "-m", "Bindings of the last apply [skip ci]", "--", *files)
    for last in range(_TRIES):
        try:
            git("push", "--quiet", "origin", f"HEAD:refs/heads/{branch}")
            return True
        except GitError:
            if last == _TRIES - 1:
                raise
            git(*_WHO, "pull", "--quiet", "--rebase", "origin", branch)
    return True
