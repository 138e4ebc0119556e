"""How a project wants its plans: `[tool.segform.lint]` of pyproject.toml.

[tool.segform.lint]
ignore = ["SEG016"]
events = "Title Case"          # Title Case, snake_case, camelCase, PascalCase, any
properties = "snake_case"
personal = ["customer_number"] # names of yours that are personal data
allow = ["email"]              # names that are not, here

[tool.segform.lint.severity]
SEG003 = "error"

[tool.segform.lint.per-event]
"TRACK:page_viewed" = ["SEG001"]
"""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .finding import SEVERITIES, Severity
from .naming import CASES


class ConfigError(ValueError):
    """A setting of `[tool.segform.lint]` that is none. Names the setting and the mend."""


@dataclass(frozen=True, slots=True)
class Config:
    """What is linted and how. `select` empty stands for all rules that are on by default."""

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    events: str = "Title Case"
    properties: str = "snake_case"
    personal: tuple[str, ...] = ()
    allow: tuple[str, ...] = ()
    severity: Mapping[str, Severity] = field(default_factory=dict)
    per_event: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def is_on(self, rule: str, event: str, *, default: bool) -> bool:
        """Whether a rule is asked about an event."""
        if rule in self.ignore or rule in self.per_event.get(event, ()):
            return False
        return rule in self.select if self.select else default or rule in self.severity


_SETTINGS = {
    "select": "a list of ids",
    "ignore": "a list of ids",
    "events": "a case",
    "properties": "a case",
    "personal": "a list of names",
    "allow": "a list of names",
    "severity": "a table of ids and severities",
    "per-event": "a table of events' keys and lists of ids",
}


def read_config(folder: Path | str = ".") -> Config:
    """The settings of the nearest pyproject.toml, in the folder or above it; else the defaults.

    Raises ConfigError for a setting that does not exist or has a wrong value.
    """
    start = Path(folder).resolve()
    for parent in (start, *start.parents):
        file = parent / "pyproject.toml"
        if file.is_file():
            return parse_config(_table(file), str(file))
    return Config()


def _table(file: Path) -> Mapping[str, Any]:
    try:
        found: Any = tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        raise ConfigError(f"{file}: {problem}") from None
    for key in ("tool", "segform", "lint"):
        found = found.get(key, {}) if isinstance(found, Mapping) else {}
    if not isinstance(found, Mapping):
        raise ConfigError(f"{file}: [tool.segform.lint] has to be a table")
    return found


def parse_config(table: Mapping[str, Any], file: str = "pyproject.toml") -> Config:
    """The settings of a table `[tool.segform.lint]`."""
    at = f"{file}: [tool.segform.lint]"
    made: dict[str, Any] = {}
    for name, value in table.items():
        if name not in _SETTINGS:
            raise ConfigError(f"{at} has no setting {name!r}{_nearest(name, _SETTINGS)}")
        made[name.replace("-", "_")] = _value(name, value, at)
    return Config(**made)


def _value(name: str, value: Any, at: str) -> Any:
    if name in ("events", "properties"):
        if value not in CASES:
            raise ConfigError(f"{at} {name} is {value!r}; cases: {', '.join(CASES)}")
        return value
    if name == "severity":
        return _severities(value, at)
    if name == "per-event":
        if not isinstance(value, Mapping):
            raise ConfigError(f"{at} {name} has to be {_SETTINGS[name]}")
        return {key: _ids(ids, f"{at} {name}.{key}") for key, ids in value.items()}
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise ConfigError(f"{at} {name} has to be {_SETTINGS[name]}")
    return _ids(value, f"{at} {name}") if name in ("select", "ignore") else tuple(value)


def _severities(value: Any, at: str) -> dict[str, Severity]:
    if not isinstance(value, Mapping):
        raise ConfigError(f"{at} severity has to be {_SETTINGS['severity']}")
    _ids(list(value), f"{at} severity")
    for key, one in value.items():
        if one not in SEVERITIES:
            raise ConfigError(f"{at} severity.{key} is {one!r}; one of {', '.join(SEVERITIES)}")
    return dict(value)


def _ids(value: Any, at: str) -> tuple[str, ...]:
    from .registry import RULES

    known = {rule.id for rule in RULES}
    if not isinstance(value, list):
        raise ConfigError(f"{at} has to be a list of ids such as SEG001")
    for one in value:
        if one not in known:
            raise ConfigError(f"{at} names {one!r}, which is no rule{_nearest(str(one), known)}")
    return tuple(value)


def _nearest(name: str, known: Any) -> str:
    found = difflib.get_close_matches(name, list(known), 1)
    return f"; did you mean {found[0]!r}?" if found else f"; there are {', '.join(sorted(known))}"
