"""`python -m segform_emulator`."""

from __future__ import annotations

from .command import command

if __name__ == "__main__":
    command(prog_name="segform emulate")
