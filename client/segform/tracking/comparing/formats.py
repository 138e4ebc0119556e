"""The formats of draft 7: texts that keep to them, and a pattern that every such text matches."""

from __future__ import annotations

from typing import Any

from .patterns import pattern

# Format -> texts that are in it, whoever checks.
EXAMPLES: dict[str, tuple[str, ...]] = {
    "date-time": ("2026-01-31T12:00:00Z", "2026-01-31T12:00:00.250+01:00"),
    "date": ("2026-01-31",),
    "time": ("12:00:00Z",),
    "email": ("ann@shop.example",),
    "idn-email": ("ann@shop.example",),
    "hostname": ("shop.example",),
    "idn-hostname": ("shop.example",),
    "ipv4": ("192.0.2.1",),
    "ipv6": ("2001:db8::1",),
    "uri": ("https://shop.example/a?b=1",),
    "uri-reference": ("https://shop.example/a?b=1", "/a"),
    "iri": ("https://shop.example/a?b=1",),
    "iri-reference": ("https://shop.example/a?b=1", "/a"),
    "uuid": ("6f1d1c9e-6f0b-4f4e-9a57-1c6f0ab3f3f0",),
    "json-pointer": ("/a/b",),
    "relative-json-pointer": ("0/a",),
    "regex": ("^a+$",),
}
# Format -> what every text in it matches. None of these patterns says that a text is in it.
_SHAPES = {
    "date-time": r"^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}",
    "date": r"^\d{4}-\d{2}-\d{2}$",
    "time": r"^\d{2}:\d{2}:\d{2}",
    "email": r"^[^@ ]+@[^@ ]+$|^\"",
    "hostname": r"^[A-Za-z0-9.-]+$",
    "ipv4": r"^[0-9]{1,3}(\.[0-9]{1,3}){3}$",
    "ipv6": r"^[0-9A-Fa-f:.]+$",
    "uri": r"^[A-Za-z][A-Za-z0-9+.-]*:",
    "iri": r"^[A-Za-z][A-Za-z0-9+.-]*:",
    "uri-reference": r"^[^ ]*$",
    "uuid": r"^[0-9A-Fa-f-]{36}$",
    "json-pointer": r"^(/|$)",
    "relative-json-pointer": r"^[0-9]",
}


def is_known(name: str) -> bool:
    """Whether a format is one of draft 7 (`uuid` is a later one that validators know)."""
    return name in EXAMPLES


def is_surely(name: str, text: str) -> bool:
    """Whether a text is certainly in a format."""
    return text in EXAMPLES.get(name, ())


def is_surely_not(name: str, text: str) -> bool:
    """Whether a text is certainly not in a format."""
    shape = _SHAPES.get(name)
    return shape is not None and not pattern(shape).search(text)


def shape(name: Any) -> str | None:
    """A pattern that every text of a format matches; None where there is none to tell."""
    return _SHAPES.get(name) if isinstance(name, str) else None
