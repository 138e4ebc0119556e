"""A secret that does not show itself: not in repr, str, logs, pickles, nor in tracebacks."""

from __future__ import annotations

from typing import Any, Final

from segform.errors import ConfigurationError

MASK: Final = "***"


class Secret:
    """A text that is only told when asked for, with `reveal()`.

    Pass it wherever the client takes text: in `settings`, in a body, in a path. It is revealed as
    the request is written and is taken out of every error.

        client.destinations.update(id, settings={"apiKey": Secret(os.environ["AMPLITUDE_KEY"])})

    A pickled secret has lost its text: what reads it gets one whose `reveal` raises
    ConfigurationError.
    """

    __slots__ = ("__text",)

    def __init__(self, text: str) -> None:
        if not isinstance(text, str):
            raise ConfigurationError(f"a secret is text, not a {type(text).__name__}")
        self.__text: str | None = text

    def reveal(self) -> str:
        """The text itself."""
        if self.__text is None:
            raise ConfigurationError("This secret was pickled or copied, and lost its text there.")
        return self.__text

    def __repr__(self) -> str:
        return f"{type(self).__name__}({MASK})"

    def __str__(self) -> str:
        return MASK

    def __format__(self, spec: str) -> str:
        return MASK

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        from hmac import compare_digest

        return compare_digest(self.reveal().encode(), other.reveal().encode())

    def __hash__(self) -> int:
        return hash((Secret, self.reveal()))

    def __reduce__(self) -> tuple[Any, ...]:
        return (_lost, (type(self),))


def _lost(kind: type[Secret]) -> Secret:
    """What remains of a secret that was written somewhere."""
    found = kind("x")
    found._Secret__text = None  # type: ignore[attr-defined]  # the private name of `Secret`, which takes no None
    return found


def revealed(value: Any) -> Any:
    """A JSON value with every secret in it told; the value itself where there is none."""
    if isinstance(value, Secret):
        return value.reveal()
    if isinstance(value, dict):
        return {key: revealed(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [revealed(item) for item in value]
    return value


def told(value: Any) -> set[str]:
    """The texts of the secrets in a value."""
    if isinstance(value, Secret):
        return {value.reveal()}
    if isinstance(value, dict):
        return {text for item in value.values() for text in told(item)}
    if isinstance(value, (list, tuple)):
        return {text for item in value for text in told(item)}
    return set()
