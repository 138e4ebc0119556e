"""Keeps a first request quick: what httpx would load for its command line is not loaded."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from types import ModuleType
from typing import Any

_COMMAND = "httpx._main"


@contextmanager
def httpx_without_its_command() -> Iterator[None]:
    """While it lasts, `import httpx` takes a stand-in for its command line.

    Where click and rich are installed, httpx imports both for a command that nobody calls here,
    which takes as long as all the rest of it. `httpx.main` works all the same: the stand-in loads
    the real one when it is called. Nothing is done where httpx is loaded already.
    """
    if "httpx" in sys.modules or _COMMAND in sys.modules:
        yield
        return
    stand_in = ModuleType(_COMMAND)

    def main(*arguments: Any, **options: Any) -> Any:
        return import_module(_COMMAND).main(*arguments, **options)

    stand_in.main = main  # type: ignore[attr-defined]  # a module has what is put into it
    sys.modules[_COMMAND] = stand_in
    try:
        yield
    finally:
        # Whoever asks for the module itself gets the real one.
        if sys.modules.get(_COMMAND) is stand_in:
            del sys.modules[_COMMAND]
