"""The command line. Commands of other packages are found by entry point, when they are called.

click is imported by whoever calls a command; the list of commands is printed without it.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from ._group import group as group

_GROUP = "segform.commands"
# Commands of this package -> the module with each, imported when it is called.
_OWN = {
    "apply": "apply",
    "check": "check",
    "codeowners": "codeowners",
    "compare": "compare",
    "completion": "completion",
    "disable": "disable",
    "doctor": "doctor",
    "drift": "drift",
    "events": "events",
    "explain": "explain",
    "export": "export",
    "plan": "plan",
    "promote": "promote",
    "pull": "pull",
    "report": "report",
    "test": "test",
    "validate": "check",
}
# What the list of commands says of each, so that it need not be imported for that. One that is not
# here is imported; `tests/cli/test_help.py` holds them against the commands' own words.
_WORDS = {
    "apply": "Make the workspace what FILE says.",
    "check": "Check snapshots and event files, offline.",
    "codeowners": "Write CODEOWNERS from the owners of the event files in FOLDER.",
    "compare": "Say what differs between A and B.",
    "completion": "Print the completion for a shell: bash, zsh or fish.",
    "disable": "Switch off one source, destination or filter.",
    "doctor": "Look at token, workspace, versions, Terraform, provider.",
    "drift": "Say where the workspace is no longer what FILE declares.",
    "emulate": "Serve an emulator of the Segment Public API on this machine.",
    "events": "Render the event files in FOLDER as a catalogue for people.",
    "explain": "Say step by step what becomes of an event on its way to a destination, offline.",
    "export": "Write SNAPSHOT (a file, or `live`: what there is now) as code that plans empty.",
    "plan": "Compare what FILE wants with the workspace.",
    "promote": "Bring what FROM has to the workspace of the token.",
    "provider": "Put the provider where Terraform finds it.",
    "pull": "Read the whole workspace into a snapshot.",
    "report": "A plan or a workspace in words.",
    "test": "Send example events through a workspace, offline.",
}
# Other names of commands, which the help does not list.
_ALIASES = frozenset({"validate"})


def __getattr__(name: str) -> Any:
    """The group of commands, which needs click; `segform --help` does not."""
    if name != "group":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from ._group import group

    return group


def main() -> NoReturn:
    """The `segform` command. Exit codes: 0 done, 1 not, 130 interrupted; commands add theirs.

    click's own code for a wrong argument is 2, which here means "there are changes".
    """
    _open_streams()
    try:
        code = _run()
        sys.stdout.flush()
    except KeyboardInterrupt:
        # Ctrl-C while the commands are still being imported.
        code = 130
    except OSError as problem:
        # A file that cannot be written, a disk that is full: nothing that a traceback explains.
        _forget_output()
        sys.stderr.write(f"Error: {repr(why(problem))[1:-1]}\n")
        code = 1
    sys.exit(code)


def why(problem: OSError) -> str:
    """What the system says of a file, without its numbers."""
    name = f"{problem.filename}: " if problem.filename else ""
    return f"{name}{problem.strerror or problem}"


def _open_streams() -> None:
    """Let streams that the caller closed (`>&-`) lead nowhere.

    Else a file or a connection that is opened later would get their number.
    """
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, name) is not None:
            continue
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # the lowest number that is free: this one
        mode = "w" if number else "r"
        stream = open(number, mode, encoding="utf-8", closefd=False)  # noqa: SIM115 - until the end
        setattr(sys, name, stream)


def _forget_output() -> None:
    """Keep Python from trying once more, at its end, to write what could not be written."""
    with open(os.devnull, "w", encoding="utf-8") as nowhere:  # noqa: PTH123 - without pathlib
        try:
            os.dup2(nowhere.fileno(), sys.stdout.fileno())
        except (OSError, ValueError, AttributeError):
            return


def _run() -> int:
    if sys.argv[1:] in (["--help"], ["-h"]) and "_SEGFORM_COMPLETE" not in os.environ:
        from ._help import text

        words = text()
        if words is not None:
            sys.stdout.write(f"{words}\n")
            return 0
    import click

    from ._group import group

    try:
        code = group(prog_name="segform", standalone_mode=False)
    except click.ClickException as problem:
        from ._place import plain

        # Names are in it that come from whoever made the objects. click means it to be final.
        vars(problem)["message"] = plain(problem.message)
        problem.show()
        code = 1
    except click.Abort:
        code = 130
    return code if isinstance(code, int) else 0
