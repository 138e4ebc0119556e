"""What the commands over a workspace share: client, bindings, files, progress, exit codes."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from . import _profiles, why

if TYPE_CHECKING:
    from segform.workspace import Desired, Plan, Workspace
    from segform.workspace.policy import Policy


REFUSED = 3


def client(**options: Any) -> Any:
    """A client for what the environment says. One place, so that tests can stand in for it."""
    from segform import Segment

    return Segment(**options)


def wire(**options: Any) -> Any:
    """A client for what the profile says and, where that is silent, the environment."""
    profile = _profiles.chosen()
    return client(**{**(profile.client if profile else {}), **_given(options)})


def _given(options: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in options.items() if value is not None}


@contextmanager
def told() -> Iterator[None]:
    """Errors in words: 1 for what went wrong, 3 for what is refused with nothing written."""
    from segform.errors import SegformError
    from segform.workspace import Refused

    try:
        yield
    except Refused as problem:
        say(str(problem), "Refused, nothing was written: ")
        raise click.exceptions.Exit(REFUSED) from None
    except (SegformError, ValueError, OSError) as problem:
        notes = "".join(f"\n  {note}" for note in getattr(problem, "__notes__", ()))
        words = why(problem) if isinstance(problem, OSError) else problem
        raise click.ClickException(f"{plain(words)}{notes}") from None


@contextmanager
def opened(
    bindings: Path | None = None,
    *,
    read_only: bool = True,
    let_go: tuple[str, ...] = (),
    terraform: tuple[Path, ...] = (),
) -> Iterator[Workspace]:
    """The workspace of the token, with errors in words; only `apply` and its like may write."""
    from segform.workspace import Workspace, owned

    profile = _profiles.chosen() or _profiles.Profile("")
    more: dict[str, Any] = dict(profile.thresholds)
    if profile.protect is not None:
        more["protect"] = profile.protect
    with told(), wire(read_only=read_only or None) as sender:
        engine = Workspace(
            sender,
            bindings=bindings or profile.bindings or bindings_file,
            let_go=let_go,
            terraform=owned.read(terraform or profile.terraform),
            **more,
        )
        _elsewhere(engine)
        yield engine


def _elsewhere(engine: Workspace) -> None:
    """Say that other workspaces have bindings here and that of the token has none."""
    path = engine.bindings.path
    others = sorted(path.parent.glob("*.bindings.json")) if path else []
    if path is None or path.exists() or not others:
        return
    names = ", ".join(one.name for one in others[:3]) + (", …" if len(others) > 3 else "")
    say(
        f"the token belongs to the workspace {engine.name} ({engine.slug}), which has no bindings "
        f"here; there are {names}. If another workspace is meant, SEGMENT_WORKSPACE tells it",
        "note: ",
    )


def snapshot_in(path: Path) -> dict[str, Any]:
    """The snapshot of a file or folder; what a folder of Git Sync does not hold is said."""
    from segform.workspace import files

    for words in files.lacking(path):
        say(f"not in {path}: {words}")
    return files.read(path)


def bindings_file(slug: str) -> Path:
    """Where the bindings of a workspace are unless somebody says otherwise."""
    name = "".join(char if char.isalnum() or char in "-_" else "-" for char in slug)
    return Path(f"{name or 'workspace'}.bindings.json")


def desired_of(
    path: Path,
    engine: Workspace,
    python: bool,
    complete: tuple[str, ...],
    *,
    adopting: bool = True,
    children: bool = False,
    targets: tuple[str, ...] = (),
) -> Desired:
    """What a file wants: a snapshot, or a Python file that declares `desired`.

    Going back to a snapshot is not `adopting`: what was never ours stays nobody's.
    """
    from segform.workspace import files
    from segform.workspace.snapshot import to_desired

    if python or path.suffix == ".py":
        wanted = files.of_python(path)
    else:
        snapshot = snapshot_in(path)
        _of_this_workspace(snapshot, path, engine)
        wanted = to_desired(snapshot, engine.bindings, adopting=adopting)
    wanted.widen(complete)
    wanted.children = wanted.children or children
    for address in targets:
        if address not in wanted:
            from difflib import get_close_matches

            near = get_close_matches(address, (one.address for one in wanted), n=1, cutoff=0.8)
            hint = f". Did you mean {near[0]}?" if near else ""
            raise ValueError(f"--target {address}: it is not declared in {path}{hint}")
    return wanted


def _of_this_workspace(snapshot: Mapping[str, Any], path: Path, engine: Workspace) -> None:
    """Raise Refused for a snapshot of another workspace: nothing there would be known again."""
    from segform.workspace import Refused

    for one in snapshot["workspaces"]:
        own = one.get("id") if isinstance(one, Mapping) else None
        if own and own != engine.id:
            raise Refused(
                f"{path} is of the workspace {one.get('name') or own} ({one.get('slug') or own}), "
                f"and the token's is {engine.name} ({engine.slug}). Use a token of that one, or "
                f"`segform promote {path}`, which brings what one workspace has to another"
            )


def say(words: str, before: str = "") -> None:
    """A line for people, on stderr."""
    click.echo(before + plain(words), err=True)


_PAINT = {"+ ": "green", "~ ": "yellow", "± ": "magenta", "- ": "red", "    ! ": "red"}


def show(words: object) -> None:
    """What was found, on stdout; on a terminal changes have colours, unless NO_COLOR is set."""
    lines = plain(words).split("\n")
    if not _coloured():
        click.echo("\n".join(lines))
        return
    for line in lines:
        colour = next((name for sign, name in _PAINT.items() if line.startswith(sign)), None)
        click.echo(click.style(line, fg=colour) if colour else line, color=True)


def _coloured() -> bool:
    return (
        not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb" and sys.stdout.isatty()
    )


def plain(words: object) -> str:
    """Text in which nothing steers the terminal; names come from whoever made the objects."""
    return "".join(
        char if char.isprintable() or char == "\n" else f"\\x{ord(char):02x}" for char in str(words)
    )


class Progress:
    """How far a reading is, on stderr: one line that changes on a terminal, one per kind else."""

    def __init__(self) -> None:
        self._live = sys.stderr.isatty() and os.environ.get("TERM") != "dumb"
        # A line that wraps could not be written over.
        self._most = max(shutil.get_terminal_size().columns - 1, 10)
        self._told = ""

    def __call__(self, kind: str, done: int, of: int) -> None:
        """Called from many threads; what it misses does no harm."""
        words = kind.replace("_", " ")
        if self._live:
            count = f" {done} of {of}" if of else ""
            line = f"reading: {words}{count}"[: self._most]
            click.echo(f"\r\033[K{line}", err=True, nl=False)
        elif words != self._told:
            click.echo(f"reading: {words}", err=True)
        self._told = words

    def end(self) -> None:
        """Leave the line."""
        if self._live and self._told:
            click.echo("\r\033[K", err=True, nl=False)


@contextmanager
def progress() -> Iterator[Progress]:
    """Progress that ends with the reading."""
    one = Progress()
    try:
        yield one
    finally:
        one.end()


def foretold(engine: Workspace, wanted: Desired | None = None) -> None:
    """Say what a reading of all, or of what a plan compares, will take; nothing is listed twice."""
    from segform.workspace.outlook import outlook

    found = outlook(engine, None if wanted is None else engine.compared(wanted))
    what = "all of it" if wanted is None else "what is compared"
    requests = counted(found.requests, "request")
    say(
        f"{engine.name} ({engine.slug}): about {requests} to read {what}, {duration(found.seconds)}"
    )


def counted(number: int, word: str) -> str:
    """A number of things: `1 file`, `2 files`."""
    return f"{number} {word}{'' if number == 1 else 's'}"


def duration(seconds: float) -> str:
    """A time in words: `40 s`, `3.5 min`, `26 min`."""
    if seconds < 1:
        return "under 1 s"
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.1f} min" if seconds < 600 else f"{seconds / 60:.0f} min"


def unseen(found: Any) -> None:
    """Say what the token could not see."""
    for one in found:
        say(f"not seen: {one.what}: {one.why}")


def as_json(value: Mapping[str, Any]) -> str:
    """A value as JSON for machines; what would steer a terminal is escaped."""
    from segform.resources.exact import pretty

    return escaped(pretty(value))


def escaped(text: str) -> str:
    """A JSON document in which nothing steers a terminal; it says the same."""
    import json

    return "".join(
        char if char.isprintable() or char == "\n" else json.dumps(char)[1:-1] for char in text
    )


def one_of(file: Path | None, to: Path | None) -> Path:
    """FILE or --to, whichever was given, else the profile's. Raises UsageError for both."""
    if file is not None and to is not None:
        raise click.UsageError("give FILE or --to, not both: --to goes back to its own snapshot")
    given = file or to or declared()
    if given is None:
        raise click.UsageError("give FILE, or --to with a snapshot to go back to")
    return given


def bound() -> Path | None:
    """The bindings file that the profile names."""
    profile = _profiles.chosen()
    return profile.bindings if profile else None


def profiled() -> list[Any]:
    """What `doctor` says of the profile; nothing where there is none to be chosen."""
    from segform.workspace.examination import Finding

    profile, found = _profiles.chosen(), _profiles.profile_file()
    if profile is not None and found is not None:
        return [Finding("profile", "well", f"{profile.name}, of {found[0]}")]
    names = _profiles.names()
    if found is None or not names:
        return []
    mend = f"Choose by --profile or {_profiles.VARIABLE}: {', '.join(names)}."
    return [Finding("profile", "absent", "none is chosen", mend)]


def declared() -> Path | None:
    """The file that the profile names. Raises UsageError for one that is not there."""
    profile = _profiles.chosen()
    if profile is None or profile.file is None:
        return None
    if not profile.file.exists():
        raise click.UsageError(f"profile {profile.name}: there is no {profile.file}")
    return profile.file


def remarks(found: Plan) -> None:
    """What a plan warns of, and what speaks against it, on stderr."""
    for words in found.warnings:
        say(words, "note: ")
    for words in found.problems:
        say(words, "problem: ")


def snapshot_of(name: str, file: Path | None = None) -> dict[str, Any] | Desired:
    """A workspace by what a command was given.

    A path (a snapshot, or Python that declares `desired`); `live`, `live:VARIABLE`,
    `live:@PROFILE`; a git revision with a path, `HEAD~1:shop.json`, or alone where `file` says
    which file is meant.
    """
    if Path(name).exists():
        return _of_path(Path(name))
    if not is_live(name):
        return _of_revision(name, file)
    variable = name.partition(":")[2]
    with _sender(variable) as sender:
        from ._reading import reading

        engine = reading(sender)
        with progress() as seen:
            found = engine.pull(seen)
        unseen(engine.unseen)
    return found


def is_live(name: str) -> bool:
    """Whether a name means what a workspace has now, and no file."""
    return name.partition(":")[0] == "live" and not Path(name).exists()


def _sender(named: str) -> Any:
    """A client for reading what `live`, `live:VARIABLE` or `live:@PROFILE` names."""
    if named.startswith("@"):
        return client(**{**_profiles.load(named[1:]).client, "read_only": True})
    if named:
        return client(read_only=True, token=_from_environment(named))
    return wire(read_only=True)


def _of_path(path: Path) -> dict[str, Any] | Desired:
    from segform.workspace import files

    return files.of_python(path) if path.suffix == ".py" else snapshot_in(path)


def _of_revision(name: str, file: Path | None) -> dict[str, Any] | Desired:
    from segform.workspace.revisions import Revision, split

    parts = split(name)
    if parts is None:
        try:
            revision = Revision(name)
        except ValueError as problem:
            raise ValueError(f"there is no file {name}, and {problem}") from None
        if file is None:
            raise ValueError(
                f"which file of {name} is meant? Write `{name}:FILE`, or give --file FILE"
            )
        path = revision.place(str(file))
    else:
        revision = Revision(parts[0])
        # As git has it: from the root of the repository, unless it begins with a dot.
        path = revision.place(parts[1]) if parts[1].startswith(".") else parts[1].rstrip("/")
    with revision.written(path) as found:
        return _of_path(found)


def policy_of(path: Path | None) -> Policy | None:
    """The policy in a file of JSON or YAML. Raises ValueError."""
    from segform.workspace.documents import read
    from segform.workspace.policy import Policy

    if path is None:
        profile = _profiles.chosen()
        path = profile.policy if profile else None
    if path is None:
        return None
    given = read(path).value
    try:
        return Policy.of(given)
    except ValueError as problem:
        raise ValueError(f"{path}: {problem}") from None


def _from_environment(variable: str) -> str:
    found = os.environ.get(variable, "").strip()
    if not found:
        raise click.UsageError(f"the environment variable {variable} holds no token")
    return found
