"""The filters of Liquid that the service has not switched off."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from segform.mapping.values import UNDEFINED, get, number, to_json

from .dates import date
from .errors import LiquidError
from .expressions import Empty, Nil
from .values import SPACES, falsy, stringified, to_number

# What depends on chance or on the machine, or has forms of its own.
UNSURE = ("sample", "inspect", "summarize", "latin")
# These take `empty`, `blank` and `nil` as what they are; to the others they are a text and null.
AS_THEY_ARE = ("where",)
_HTML = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&#34;", "'": "&#39;"}
_UNHTML = {escaped: char for char, escaped in _HTML.items()}
_SPACE = re.compile(f"[{SPACES}]+")


def _one(change: Callable[[str], Any]) -> Callable[..., Any]:
    """A filter that takes a text and nothing else."""
    return lambda value, *_, **__: change(stringified(value))


def _numbers(change: Callable[..., Any]) -> Callable[..., Any]:
    """A filter that takes numbers."""
    return lambda *values, **_: change(*[to_number(value) for value in values])


# Texts


def _escaped(text: str) -> str:
    return re.sub("[&<>\"']", lambda found: _HTML[found[0]], text)


def _unescaped(text: str) -> str:
    return re.sub("&(?:amp|lt|gt|#34|#39);", lambda found: _UNHTML[found[0]], text)


def _without_html(text: str) -> str:
    """A text without tags, comments, scripts and styles; what is not closed stays."""
    blocks = {"<script": "</script>", "<style": "</style>", "<!--": "-->", "<": ">"}
    found: list[str] = []
    at = 0
    while True:
        start = text.find("<", at)
        if start < 0:
            return "".join([*found, text[at:]])
        found.append(text[at:start])
        end = -1
        for opener in [one for one in blocks if text.startswith(one, start)]:
            closer = blocks[opener]
            end = text.find(closer, start + len(opener))
            if end >= 0:
                at = end + len(closer)
                break
            del blocks[opener]
        if end < 0:
            return "".join([*found, text[start:]])


def _append(value: Any, more: Any) -> str:
    return stringified(value) + stringified(more)


def _prepend(value: Any, more: Any) -> str:
    return stringified(more) + stringified(value)


def _stripped(value: Any, chars: Any = None) -> str:
    return stringified(value).strip(SPACES if falsy(chars) or chars == "" else stringified(chars))


def _left(value: Any, chars: Any = None) -> str:
    return stringified(value).lstrip(SPACES if falsy(chars) or chars == "" else stringified(chars))


def _right(value: Any, chars: Any = None) -> str:
    return stringified(value).rstrip(SPACES if falsy(chars) or chars == "" else stringified(chars))


def _parts(text: str, at: str) -> list[str]:
    return text.split(at) if at else list(text)


def _replaced(value: Any, old: Any, new: Any = None) -> str:
    text, old = stringified(value), stringified(old)
    return stringified(new).join(_parts(text, old)) if text or not old else text


def _replaced_first(value: Any, old: Any, new: Any = None) -> str:
    return stringified(value).replace(stringified(old), stringified(new), 1)


def _replaced_last(value: Any, old: Any, new: Any = None) -> str:
    text, old = stringified(value), stringified(old)
    at = text.rfind(old)
    return text if at < 0 else text[:at] + stringified(new) + text[at + len(old) :]


def _split(value: Any, at: Any = None) -> list[str]:
    if at is None or at is UNDEFINED:
        at = ""
    found = _parts(stringified(value), stringified(at))
    while found and not found[-1]:
        found.pop()
    return found


def _truncated(value: Any, most: Any = 50, end: Any = "...") -> Any:
    text, end, most = stringified(value), stringified(end), int(to_number(most))
    return value if len(text) <= most else text[: max(most - len(end), 0)] + end


def _truncated_words(value: Any, most: Any = 15, end: Any = "...") -> str:
    words = _SPACE.split(stringified(value).lstrip(SPACES))
    most = max(int(to_number(most)), 1)
    return " ".join(words[:most]) + (stringified(end) if len(words) >= most else "")


def _words(value: Any) -> int:
    text = stringified(value).strip(SPACES)
    return len(_SPACE.split(text)) if text else 0


def _capitalised(text: str) -> str:
    return text[:1].upper() + text[1:].lower()


# URLs


def _encoded(safe: str, *, plus: bool) -> Callable[[str], str]:
    def encode(text: str) -> str:
        from urllib.parse import quote

        found = quote(text, safe=safe)
        return found.replace("%20", "+") if plus else found

    return encode


def _decoded(text: str) -> str:
    from urllib.parse import unquote

    text = text.replace("+", " ")
    if re.search(r"%(?![0-9A-Fa-f]{2})", text):
        raise LiquidError("the filter url_decode fails: it is not encoded")
    return unquote(text, errors="strict")


def _slug(value: Any, mode: Any = "default", cased: Any = None) -> str:
    text, mode = stringified(value), stringified(mode)
    if mode == "latin":
        raise LiquidError("what the filter slugify gives in this mode cannot be known here")
    kept = {"raw": lambda char: char not in SPACES, "ascii": str.isascii}
    if mode in ("raw", "ascii", "default", "pretty"):
        plain = kept.get(mode) or _letter(mode)
        keep = (lambda char: plain(char) and char.isalnum()) if mode == "ascii" else plain
        text = re.sub("\0+", "-", "".join([char if keep(char) else "\0" for char in text]))
        text = text.removeprefix("-").removesuffix("-")
    return text if not falsy(cased) else text.lower()


def _letter(mode: str) -> Callable[[str], bool]:
    import unicodedata

    more = "._~!$&'()+,;=@" if mode == "pretty" else ""

    def keep(char: str) -> bool:
        category = unicodedata.category(char)
        return category[0] in "LM" or category == "Nd" or char in more

    return keep


# Numbers


def _divided(value: Any, by: Any, whole: Any = 0) -> Any:
    endless = math.nan if value == 0 else math.copysign(math.inf, value)
    found = endless if by == 0 else value / by
    return math.floor(found) if whole and math.isfinite(found) else found


def _modulo(value: Any, by: Any) -> Any:
    if by == 0:
        return math.nan
    return math.fmod(math.fmod(value, by) + by, by)


def _rounded(value: Any, digits: Any = 0) -> Any:
    exact = Decimal(number(abs(value))).scaleb(int(digits))
    if not exact <= 2**53 - 1:
        return value
    found = exact.to_integral_value(ROUND_HALF_UP).scaleb(-int(digits))
    signed = -found if value < 0 else found
    return int(signed) if signed == signed.to_integral_value() else float(signed)


# Lists


def _list(value: Any) -> list[Any]:
    if value is None or value is UNDEFINED:
        return []
    return value if isinstance(value, list) else [value]


def _joined(value: Any, between: Any = UNDEFINED) -> str:
    at = " " if between is None or between is UNDEFINED else stringified(between)
    from segform.mapping.values import text

    return at.join(["" if one is None or one is UNDEFINED else text(one) for one in _list(value)])


def _first(value: Any) -> Any:
    return _end(value, 0)


def _last(value: Any) -> Any:
    return _end(value, -1)


def _end(value: Any, place: int) -> Any:
    if not isinstance(value, (list, str)) or value == "":
        return ""
    return value[place] if value else UNDEFINED


def _size(value: Any) -> int:
    from segform.mapping.values import item

    return item(value, "length") if isinstance(value, (list, str)) else 0


def _slice(value: Any, begin: Any, length: Any = 1) -> Any:
    if value is None or value is UNDEFINED:
        return []
    found = value if isinstance(value, list) else stringified(value)
    start, count = int(to_number(begin)), int(to_number(length))
    start = start + len(found) if start < 0 else start
    if start < 0 or count < 0:
        return found[:0]
    return found[start : start + count]


def _sum(value: Any, key: Any = None) -> Any:
    total: Any = 0
    for one in _list(value):
        data = one if falsy(key) or key == "" else get(one, stringified(key))
        total += to_number(data)
    return total


# Names that Liquid reads as a path, and not as a word of its own.
_NAME = re.compile(
    r"(?!(?:true|false|nil|null|empty|blank)\b)[A-Za-z_][\w-]*(?:\.[A-Za-z_][\w-]*)*\Z"
)


def _where(value: Any, name: Any, expected: Any = UNDEFINED) -> list[Any]:
    """The objects of a list whose property has a value (`expected` left out: any that counts)."""
    from .rendering import equal, property_of

    path, found = stringified(name), []
    for one in _list(value):
        if not _NAME.match(path) or not isinstance(one, Mapping):
            raise LiquidError("what the filter where gives here cannot be known here")
        inner: Any = one
        for step in path.split("."):
            inner = inner if inner is None or inner is UNDEFINED else property_of(inner, step)
        if not falsy(inner) if expected is UNDEFINED else equal(inner, expected):
            found.append(one)
    return found


def _day(month: str) -> Callable[..., Any]:
    """`05 Mar 2024`; with `ordinal` also `5th Mar 2024`, and `Mar 5th, 2024` with `US`."""

    def written(value: Any, kind: Any = None, style: Any = None) -> Any:
        if kind != "ordinal":
            return date(value, f"%d {month} %Y")
        return date(value, f"{month} %-d%q, %Y" if style == "US" else f"%-d%q {month} %Y")

    return written


def _compact(value: Any) -> list[Any]:
    return [one for one in _list(value) if one is not None and one is not UNDEFINED]


# Others


def _default(value: Any, otherwise: Any = UNDEFINED, *, allow_false: Any = False) -> Any:
    if isinstance(value, (list, str)):
        return value or otherwise
    if value is False and not falsy(allow_false):
        return False
    return otherwise if falsy(value) else value


def _json(value: Any, space: Any = 0) -> Any:
    if space not in (0, "", None):
        raise LiquidError("JSON with blanks is not written here")
    # What stands for nothing or for what is empty is an object to the service.
    return "{}" if isinstance(value, (Empty, Nil)) else to_json(value)


def _base64(text: str) -> str:
    from base64 import b64encode

    return b64encode(text.encode("utf-8", "replace")).decode()


def _from_base64(text: str) -> str:
    from base64 import b64decode

    plain = re.sub(r"[\t\n\f\r ]", "", text)
    if len(plain) % 4 == 0:
        plain = re.sub("==?$", "", plain)
    if len(plain) % 4 == 1 or not re.fullmatch("[A-Za-z0-9+/]*", plain):
        raise LiquidError("the filter base64_decode fails: it is no base64")
    return b64decode(plain + "=" * (-len(plain) % 4)).decode("utf-8", "replace")


def _sha256(text: str) -> str:
    from hashlib import sha256

    return sha256(text.encode("utf-8", "replace")).hexdigest()


def _hmac_sha256(value: Any, key: Any = None) -> str:
    from hmac import digest

    secret, text = stringified(key).encode(), stringified(value).encode("utf-8", "replace")
    return digest(secret, text, "sha256").hex()


def _to_integer(value: Any) -> Any:
    return to_number(value, nan=True)


FILTERS: Mapping[str, Callable[..., Any]] = {
    "abs": _numbers(lambda value, *_: abs(value)),
    "append": _append,
    "at_least": _numbers(max),
    "at_most": _numbers(min),
    "base64_decode": _one(_from_base64),
    "base64_encode": _one(_base64),
    "capitalize": _one(_capitalised),
    "ceil": _numbers(lambda value, *_: math.ceil(value)),
    "cgi_escape": _one(_encoded("-._~", plus=True)),
    "compact": _compact,
    "date": date,
    "date_to_long_string": _day("%B"),
    "date_to_rfc822": lambda value: date(value, "%a, %d %b %Y %H:%M:%S %z"),
    "date_to_string": _day("%b"),
    "date_to_xmlschema": lambda value: date(value, "%Y-%m-%dT%H:%M:%S%:z"),
    "default": _default,
    "divided_by": _numbers(_divided),
    "downcase": _one(str.lower),
    "escape": _one(_escaped),
    "escape_once": _one(lambda text: _escaped(_unescaped(text))),
    "first": _first,
    "floor": _numbers(lambda value, *_: math.floor(value)),
    "hmac_sha256": _hmac_sha256,
    "join": _joined,
    "json": _json,
    "jsonify": _json,
    "last": _last,
    "lstrip": _left,
    "minus": _numbers(lambda value, less: value - less),
    "modulo": _numbers(_modulo),
    "normalize_whitespace": _one(lambda text: _SPACE.sub(" ", text)),
    "number_of_words": _words,
    "plus": _numbers(lambda value, more: value + more),
    "pop": lambda value: _list(value)[:-1],
    "prepend": _prepend,
    "push": lambda value, more: [*_list(value), more],
    "raw": lambda value, *_: value,
    "remove": lambda value, old: _replaced(value, old, ""),
    "remove_first": lambda value, old: _replaced_first(value, old, ""),
    "remove_last": lambda value, old: _replaced_last(value, old, ""),
    "replace": _replaced,
    "replace_first": _replaced_first,
    "replace_last": _replaced_last,
    "round": _numbers(_rounded),
    "rstrip": _right,
    "sha256": _one(_sha256),
    "shift": lambda value: _list(value)[1:],
    "size": _size,
    "slice": _slice,
    "slugify": _slug,
    "split": _split,
    "squish": _one(lambda text: _SPACE.sub(" ", text).strip(SPACES)),
    "strip": _stripped,
    "strip_html": _one(_without_html),
    "strip_newlines": _one(lambda text: re.sub("\r?\n", "", text)),
    "sum": _sum,
    "times": _numbers(lambda value, by: value * by),
    "to_integer": _to_integer,
    "truncate": _truncated,
    "truncatewords": _truncated_words,
    "unshift": lambda value, more: [more, *_list(value)],
    "upcase": _one(str.upper),
    "uri_escape": _one(_encoded(";/?:@&=+$,#-_.!~*'()[]", plus=False)),
    "url_decode": _one(_decoded),
    "url_encode": _one(_encoded("!'()*-._~", plus=True)),
    "where": _where,
    "xml_escape": _one(_escaped),
}
