"""The Segment Public API on your own machine: stateful, with the service's rules and quirks.

    from segform_emulator import Emulator

    with Emulator().serve() as server:
        print(server.url)

It stands on the other side of the wire and shares nothing with the client but the contract, of
which it keeps a byte copy of its own. What it knows and does not know is in
`docs/reference/emulator.md`.
"""

from __future__ import annotations

from .core import Emulator

__all__ = ["Emulator"]
