"""What may differ from call to call: how long, how often, through whose hands."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from segform.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Awaitable
    from typing import TypeAlias

    from .answer import Fault, Reply
    from .encode import Prepared

    # Around every attempt: takes what is sent and the function that sends it on, and returns what
    # that function returned: a Reply, or a Fault where none came.
    Middleware: TypeAlias = Callable[[Prepared, Callable[[Prepared], Reply | Fault]], Reply | Fault]
    AsyncMiddleware: TypeAlias = Callable[
        [Prepared, Callable[[Prepared], Awaitable[Reply | Fault]]], Awaitable[Reply | Fault]
    ]

TIMEOUT: Final = 30.0
DEADLINE: Final = 600.0
# Pages of one list that may be under way at once, at most.
MOST_AHEAD: Final = 32
# Those that a list has under way by itself while it is awaited, once as many were read.
AHEAD: Final = 3


class Options(NamedTuple):
    """The options of a client, or of a view of one made by `with_options`.

    * `timeout`: seconds of silence allowed within one attempt;
    * `deadline`: seconds for a whole call from the moment it is first sent: repeats and the waits
      between them included;
    * `attempts`: how often a call is sent at most, or None for what the kind of failure deserves;
    * `read_only`: raise before anything but a declared read;
    * `ahead`: pages of a list fetched at once, where the cursors are offsets; None for what suits
      the client;
    * `middleware`: functions around every attempt, the first outermost.
    """

    timeout: float = TIMEOUT
    deadline: float = DEADLINE
    attempts: int | None = None
    read_only: bool = False
    ahead: int | None = None
    middleware: tuple[Callable[..., Any], ...] = ()


class Patience(NamedTuple):
    """Seconds one attempt may be `silent`, and seconds it may take in all: `whole`."""

    silent: float
    whole: float


def is_count(value: object, most: int = sys.maxsize, *, least: int = 1) -> bool:
    """Whether a value is a whole number within these bounds."""
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


def checked(options: Options) -> Options:
    """The same options, or ConfigurationError for what makes no sense."""
    for name in ("timeout", "deadline"):
        seconds = getattr(options, name)
        if not isinstance(seconds, (int, float)) or not 0 < seconds < float("inf"):
            raise ConfigurationError(f"{name} is {seconds!r}; give a number of seconds above 0")
    if options.attempts is not None and not is_count(options.attempts):
        raise ConfigurationError(f"attempts is {options.attempts!r}; give 1 or more")
    if options.ahead is not None and not is_count(options.ahead, MOST_AHEAD):
        raise ConfigurationError(f"ahead is {options.ahead!r}; give 1 to {MOST_AHEAD}")
    if not all(map(callable, options.middleware)):
        raise ConfigurationError("middleware is a list of functions")
    return options
