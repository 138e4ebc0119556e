"""CODEOWNERS from the owners of event files: who is asked when a file of theirs changes.

Teams of a plan are names such as `growth`; `[tool.segform.owners]` of pyproject.toml says who that
is to the code host:

    [tool.segform.owners]
    growth = "@acme/growth"
    payments = ["@acme/payments", "ann@acme.example"]

What is written stands between two marks, so that the rest of the file stays whose it is.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from .planned import PlannedEvent

BEGIN = "# segform: owners of event files. Written by `segform codeowners`; do not edit."
END = "# segform: end"
_OWNER = re.compile(r"@[\w.-]+(?:/[\w.-]+)?|[^\s@]+@[^\s@]+\.[^\s@]+")


class OwnersError(ValueError):
    """Owners that cannot be written: names the event or the setting, and the mend."""


def read_owners(folder: Path) -> dict[str, tuple[str, ...]]:
    """`[tool.segform.owners]` of the nearest pyproject.toml. Raises OwnersError."""
    for parent in (folder.resolve(), *folder.resolve().parents):
        file = parent / "pyproject.toml"
        if file.is_file():
            try:
                table: Any = tomllib.loads(file.read_text(encoding="utf-8"))
            except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
                raise OwnersError(f"{file}: {problem}") from None
            for key in ("tool", "segform", "owners"):
                table = table.get(key, {}) if isinstance(table, Mapping) else {}
            return _owners(table, f"{file}: [tool.segform.owners]")
    return {}


def _owners(table: Any, at: str) -> dict[str, tuple[str, ...]]:
    if not isinstance(table, Mapping):
        raise OwnersError(f"{at} has to be a table of teams")
    found = {}
    for team, said in table.items():
        several = said if isinstance(said, list) else [said]
        for one in several:
            if not isinstance(one, str) or not _OWNER.fullmatch(one):
                raise OwnersError(
                    f"{at} {team} is {one!r}; write @user, @organisation/team or an email address"
                )
        found[team] = tuple(several)
    return found


def codeowners(
    events: Iterable[PlannedEvent], root: Path, owners: Mapping[str, tuple[str, ...]]
) -> str:
    """The lines of a CODEOWNERS file for events that were read from files below `root`.

    Raises OwnersError for an owner that nobody is said to be, and for a file outside of `root`.
    """
    lines = []
    for event in events:
        if event.owner and event.place is not None:
            who = " ".join(_who(event, owners))
            lines.append(f"{_path(event.place.file, root)} {who}")
    return "\n".join([BEGIN, *sorted(lines), END]) + "\n"


def _who(event: PlannedEvent, owners: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    if event.owner in owners:
        return owners[event.owner]
    if _OWNER.fullmatch(event.owner):
        return (event.owner,)
    near = difflib.get_close_matches(event.owner, list(owners), 1)
    mend = f"Did you mean {near[0]!r}? Else say who that is" if near else "Say who that is"
    raise OwnersError(
        f"{event.place}: nobody is {event.owner!r}. {mend}: "
        f'[tool.segform.owners] {event.owner} = "@organisation/team"'
    )


def _path(file: str, root: Path) -> str:
    try:
        inside = Path(file).resolve().relative_to(root.resolve())
    except ValueError:
        raise OwnersError(f"{file} is not below {root}. Give the root of the repository") from None
    text = str(PurePosixPath(*inside.parts))
    if re.search(r"[\[\]!\n]", text):
        raise OwnersError(f"{file}: CODEOWNERS cannot say such a path. Rename the file")
    return "/" + re.sub(r"([ #*?\\])", r"\\\1", text)


def merged(text: str, block: str) -> str:
    """A CODEOWNERS file with the block in it: where it stood, else at the end, which wins."""
    start, end = text.find(BEGIN), text.find(END)
    if start < 0 or end < start:
        before = text if not text or text.endswith("\n") else text + "\n"
        return before + ("\n" if before else "") + block
    rest = text[end + len(END) :]
    return text[:start] + block + rest.removeprefix("\n")
