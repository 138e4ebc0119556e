"""Schemas made ready for validation, with the regular expressions that the service knows."""

from __future__ import annotations

import re
from typing import Any

from .comparing.patterns import pattern
from .comparing.regex import TooComplex

_UUID = re.compile(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")
MISSING = 'validating events needs jsonschema-rs: pip install "segform[tracking]"'


def compile_schema(schema: Any) -> Any:
    """A jsonschema-rs validator of draft 7. Raises ValueError for what is no schema."""
    try:
        import jsonschema_rs
    except ImportError as problem:
        raise ImportError(MISSING) from problem

    told_apart, keywords = _flagged(schema)
    try:
        return jsonschema_rs.Draft7Validator(
            told_apart,
            validate_formats=True,
            # Draft 7 has no such format; the service's validator is of a family that knows it.
            formats={"uuid": _is_uuid},
            pattern_options=jsonschema_rs.RegexOptions(),
            retriever=_nothing_from_elsewhere,
            **keywords,
        )
    except jsonschema_rs.ValidationError as problem:
        raise ValueError(problem.message) from None
    except jsonschema_rs.ReferencingError as problem:
        raise ValueError(str(problem)) from None


def _is_uuid(text: str) -> bool:
    return _UUID.fullmatch(text) is not None


_FLAGS = re.compile(r"\(\?[a-zA-Z-]+[:)]")
FLAGGED = "segform-pattern"


class _FlaggedPattern:
    """A pattern with flags such as `(?i)`, which RE2 knows and patterns of JavaScript have not."""

    def __init__(self, _parent: Any, value: str, _path: Any) -> None:
        self._pattern, self._text = pattern(value), value

    def validate(self, instance: Any) -> None:
        """Raise ValueError for a text that does not match."""
        if isinstance(instance, str) and not self._pattern.search(instance):
            raise ValueError(f"Does not match the pattern {self._text}")


def _flagged(schema: Any) -> tuple[Any, dict[str, Any]]:
    """A schema with its flagged patterns under a keyword of their own, and that keyword."""
    if not _has_flags(schema):
        return schema, {}
    return _moved(schema), {"keywords": {FLAGGED: _FlaggedPattern}}


def _has_flags(value: Any) -> bool:
    if isinstance(value, dict):
        said = value.get("pattern")
        found = isinstance(said, str) and _FLAGS.search(said) is not None
        return found or any(map(_has_flags, value.values()))
    return isinstance(value, list) and any(map(_has_flags, value))


def _moved(value: Any) -> Any:
    if isinstance(value, list):
        return [_moved(one) for one in value]
    if not isinstance(value, dict):
        return value
    made = {key: _moved(one) for key, one in value.items()}
    said = made.get("pattern")
    if isinstance(said, str) and _FLAGS.search(said):
        try:
            pattern(said)
        except (TooComplex, ValueError) as problem:
            raise ValueError(f"the pattern {said!r}: {problem}") from None
        made[FLAGGED] = made.pop("pattern")
    return made


def _nothing_from_elsewhere(uri: str) -> Any:
    raise ValueError(f"{uri} is not looked up")
