"""The Segment Public API on your own machine: stateful, with the service's rules and quirks.

    from segform_emulator import Emulator

    with Emulator().serve() as server:
        print(server.url)

It stands on the other side of the wire and shares nothing with the client but the contract, of
which it keeps a byte copy of its own. What it knows and does not know is in
`docs/reference/emulator.md`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .core import Emulator

__all__ = ["Emulator"]


def __getattr__(name: str) -> Any:
    # The command line answers --help without loading the emulator.
    if name == "Emulator":
        from .core import Emulator

        return Emulator
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
