"""What must not be shown, taken out of the texts and values that errors carry."""

from __future__ import annotations

import re
from collections.abc import Iterable
from json.encoder import encode_basestring, encode_basestring_ascii
from typing import Any, Final
from urllib.parse import quote, quote_plus

from .masked import told

HIDDEN: Final = "***"

# Fields whose text is a secret by its name, wherever they stand.
_SECRET_NAME = re.compile(
    r"pass|secret|token|api_?key|private|credential|cipher|encrypted|write_?keys?|auth", re.I
)
# Below these lengths a value could be an ordinary word, and taking it out would garble the text.
_MIN_BY_NAME = 3
_MIN_IN_SETTINGS = 6
_BEARER = re.compile(r"(?i)\b(bearer|basic)\s+[\w.~+/=-]+")


class Redactor:
    """Takes known secrets, and what looks like credentials, out of text and JSON values."""

    def __init__(self, secrets: Iterable[str]) -> None:
        forms: set[str] = set()
        for secret in secrets:
            forms.update(_forms(secret))
        # The longest first, so that a secret that holds another goes as a whole.
        ordered = sorted(filter(None, forms), key=len, reverse=True)
        self._known = re.compile("|".join(map(re.escape, ordered))) if ordered else None

    def text(self, text: str) -> str:
        """`text` without secrets."""
        if self._known is not None:
            text = self._known.sub(HIDDEN, text)
        return _BEARER.sub(rf"\1 {HIDDEN}", text)

    def value(self, value: Any, *, by_name: bool = False) -> Any:
        """A JSON value without secrets, in its texts and its keys.

        * `by_name`: it stands under a name of secrets, so that no text of it is shown.
        """
        if isinstance(value, str):
            return HIDDEN if by_name else self.text(value)
        if isinstance(value, dict):
            return {
                self.text(str(key)): self.value(
                    item, by_name=by_name or bool(_SECRET_NAME.search(str(key)))
                )
                for key, item in value.items()
            }
        if isinstance(value, list):
            return [self.value(item, by_name=by_name) for item in value]
        return value


def secrets_of(given: Any) -> set[str]:
    """The texts that may be secret, of what a request was given.

    By the name of their field, and everything under `settings`: the catalogue does not say which
    settings are secret, and the API's words may quote what it was sent.
    """
    found = told(given)
    _collect(given, found, in_settings=False, by_name=False)
    return found


def _collect(value: Any, found: set[str], *, in_settings: bool, by_name: bool) -> None:
    if isinstance(value, str):
        least = _MIN_BY_NAME if by_name else _MIN_IN_SETTINGS
        if (by_name or in_settings) and len(value) >= least:
            found.add(value)
    elif isinstance(value, dict):
        for key, item in value.items():
            _collect(
                item,
                found,
                in_settings=in_settings or key == "settings",
                by_name=by_name or bool(_SECRET_NAME.search(str(key))),
            )
    elif isinstance(value, (list, tuple)):
        for item in value:
            _collect(item, found, in_settings=in_settings, by_name=by_name)


def _forms(secret: str) -> set[str]:
    """The ways in which a text may be written in an answer."""
    return {
        secret,
        encode_basestring(secret)[1:-1],
        encode_basestring_ascii(secret)[1:-1],
        quote(secret, safe="", errors="replace"),
        quote_plus(secret, errors="replace"),
    }
