"""A request's path, query and body as they go on the wire; exact numbers, no I/O."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from math import isfinite
from typing import Any, Final
from urllib.parse import quote

from segform.contract import Operation
from segform.errors import ConfigurationError
from segform.resources import exact
from segform.resources.values import is_known

from .given import given, given_within
from .masked import Secret, revealed

# How the API shows a secret: ten bullets, and perhaps its last characters.
MASKED: Final = "•" * 10
# Path and query together; nothing on the way takes more.
_LONGEST: Final = 60_000


class Prepared:
    """A request ready to be sent: an operation with its path, query and body.

    * `target`: path and query, percent-encoded; `path`: the path alone, for messages;
    * `body`: bytes or None; `values`: the body before encoding, for redaction;
    * `headers`: what middleware adds; the client's own headers, the token's first, stay its own.
    """

    __slots__ = ("_path", "_query", "body", "headers", "operation", "path", "target", "values")

    def __init__(
        self,
        operation: Operation,
        path: Mapping[str, Any] | None = None,
        query: Mapping[str, Any] | None = None,
        body: Any = None,
    ) -> None:
        self.operation = operation
        self._path, self._query = given(path), given(query)
        self.path = _path(operation, self._path)
        try:
            pairs = "&".join(f"{_quoted(k, '[]')}={_quoted(v)}" for k, v in _query(self._query))
            self.values = given_within(body)
            self.body = _body(operation, self.values)
        except RecursionError:
            raise ConfigurationError(
                f"What {operation.id} was given is nested too deeply, or holds itself."
            ) from None
        self.target = f"{self.path}?{pairs}" if pairs else self.path
        if len(self.target) > _LONGEST:
            raise ConfigurationError(
                f"The address of {operation.id} would have {len(self.target)} characters, and "
                f"{_LONGEST} can be sent. Look at the ids and names that it is given."
            )
        self.headers: dict[str, str] = {}

    @property
    def ids(self) -> list[Any]:
        """What it may name: the values of its path, and those at the top of its body."""
        body = self.values if isinstance(self.values, dict) else {}
        return [*self._path.values(), *body.values()]

    @property
    def everything(self) -> list[Any]:
        """What it was given, by the names: path, query, body; secrets in it are still masked."""
        return [self._path, self._query, self.values]


def _path(operation: Operation, values: dict[str, Any]) -> str:
    wanted = operation.path_parameters
    if set(wanted) != set(values):
        needs = ", ".join(wanted) or "none"
        got = ", ".join(sorted(values)) or "none"
        raise ConfigurationError(f"{operation.id} takes the path parameters {needs}; got {got}.")
    path = operation.path
    for name in wanted:
        value = revealed(values[name])
        if value is not None and not isinstance(value, (str, int)):
            raise ConfigurationError(
                f"{operation.id} takes text for {name}, not a {type(value).__name__}."
            )
        text = str(value) if value is not None else ""
        # A dot alone would be a step in the path to some servers and proxies.
        if not text or text in (".", ".."):
            raise ConfigurationError(
                f"{operation.id} needs a value for {name}; {text!r} is none. "
                "Sent like that, the request would mean another address."
            )
        path = path.replace(f"{{{name}}}", _quoted(text))
    return path


def _quoted(text: str, safe: str = "") -> str:
    try:
        return quote(text, safe=safe)
    except UnicodeEncodeError:
        # Not the text itself, which may be a secret.
        raise ConfigurationError(
            "A path or a query holds half of a surrogate pair, which is no text that can be sent."
        ) from None


def _query(query: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in query.items():
        yield from _pairs(name, value)


def _pairs(name: str, value: Any) -> Iterator[tuple[str, str]]:
    """Bracket form: `a[b]=1`; objects in arrays by index, plain arrays repeat the name."""
    if value is None:
        return
    if isinstance(value, dict):
        for key, item in given(value).items():
            yield from _pairs(f"{name}[{key}]", item)
    elif isinstance(value, (list, tuple, set, frozenset)):
        for index, item in enumerate(value):
            nested = isinstance(item, (dict, list, tuple))
            yield from _pairs(f"{name}[{index}]" if nested else name, item)
    else:
        yield name, _scalar(name, revealed(value))


def _scalar(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (str, int)):
        return str(value)
    if isinstance(value, (Decimal, float)) and isfinite(value):
        return exact.number(Decimal(str(value)))
    raise ConfigurationError(f"{name} is a {type(value).__name__}, which no query can carry.")


def _refuse_masks(operation: Operation, values: Any) -> None:
    """A mask that is sent back would take the place of the secret it stands for."""
    found = values.get("settings") if isinstance(values, dict) else None
    path = _masked(found, "settings")
    if path:
        raise ConfigurationError(
            f"{operation.id} would send the mask of {path} as its value, and the secret behind it "
            "would be lost; nothing was sent. Leave the key out to keep the secret as it is."
        )


def _masked(value: Any, path: str) -> str:
    if isinstance(value, str):
        return path if MASKED in value else ""
    pairs: Iterator[tuple[Any, Any]] = iter(())
    if isinstance(value, dict):
        pairs = iter(value.items())
    elif isinstance(value, (list, tuple)):
        pairs = iter(enumerate(value))
    return next(filter(None, (_masked(item, f"{path}.{key}") for key, item in pairs)), "")


def _body(operation: Operation, values: Any) -> bytes | None:
    if values is None:
        return b"{}" if operation.body else None
    if not is_known(values):
        raise ConfigurationError(f"{operation.id} was given a value that is not known yet.")
    _refuse_masks(operation, values)
    try:
        return exact.dumps(revealed(values)).encode()
    except (TypeError, UnicodeEncodeError):
        raise ConfigurationError(
            f"{operation.id} cannot send {_odd(values) or 'its body'}, which has no JSON form."
        ) from None


def _odd(value: Any, path: str = "") -> str:
    """Where the first value without a JSON form stands, and of which type it is."""
    here = path or "a body"
    if isinstance(value, dict):
        for key, item in value.items():
            if not isinstance(key, str):
                return f"the key {key!r} of {here}"
            found = _odd(item, f"{path}.{key}" if path else key)
            if found:
                return found
    elif isinstance(value, (list, tuple)):
        return next(filter(None, (_odd(one, f"{path}[{n}]") for n, one in enumerate(value))), "")
    elif isinstance(value, str):
        return "" if _encodes(value) else f"{here} (half of a surrogate pair)"
    elif isinstance(value, (float, Decimal)):
        return "" if Decimal(value).is_finite() else f"{here} ({value})"
    elif value is not None and not isinstance(value, (int, Secret)):
        return f"{here} (a {type(value).__name__})"
    return ""


def _encodes(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
