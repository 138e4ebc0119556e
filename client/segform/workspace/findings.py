"""What was found in files: one form, shown as text, as JSON and as SARIF."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Literal, NamedTuple

from segform.inert import printable

Severity = Literal["error", "warning", "note"]
_ORDER = ("error", "warning", "note")
_RULES = {
    "file": "A file can be read and is what it says it is.",
    "definition": "An object keeps to the definition of its kind.",
    "language": "FQL, mappings and schemas are sound.",
    "reference": "What an object refers to is there.",
    "unique": "What only one object can have, only one has.",
    "catalog": "Settings and connections are those of Segment's catalogue.",
    "secret": "No secret stands in a file in the clear.",
    "event": "A file of an event is sound.",
    "answer": "Owners and destinations that an event names are there.",
}


class Finding(NamedTuple):
    """One thing that is wrong. `rule` is a short name that stays the same between releases."""

    file: Path
    line: int
    column: int
    severity: Severity
    rule: str
    where: str
    message: str
    mend: str

    def __str__(self) -> str:
        at = f"{self.file}:{self.line}:{self.column}"
        text = f"{printable(at)}: {self.severity}: {printable(self.where)}: "
        mend = f" {printable(self.mend, 1000)}" if self.mend else ""
        body = printable(self.message, 2000)
        return f"{text}{body}{'' if body.endswith(('.', '?', '!')) else '.'}{mend} [{self.rule}]"

    def as_dict(self) -> dict[str, Any]:
        """What the JSON form has of it."""
        return {**self._asdict(), "file": str(self.file)}


def ordered(findings: Iterable[Finding]) -> list[Finding]:
    """By file and place; each thing once."""
    unique = dict.fromkeys(findings)
    return sorted(unique, key=lambda one: (str(one.file), one.line, one.column, one.rule))


def counted(findings: Iterable[Finding]) -> str:
    """`2 errors, 1 warning`, or `nothing found`."""
    counts: Counter[str] = Counter(one.severity for one in findings)
    said = [
        f"{counts[name]} {name}{'' if counts[name] == 1 else 's'}"
        for name in _ORDER
        if counts[name]
    ]
    return ", ".join(said) or "nothing found"


def as_text(findings: Sequence[Finding], notes: Sequence[str] = ()) -> str:
    """One line for each, then what was looked at and what was not."""
    lines = [str(one) for one in findings]
    lines += [f"note: {note}" for note in notes]
    return "\n".join([*lines, counted(findings)])


def as_json(findings: Sequence[Finding], notes: Sequence[str] = ()) -> str:
    """`{"format": "segform.findings", "version": 1, "findings": […], "notes": […]}`."""
    document = {
        "format": "segform.findings",
        "version": 1,
        "findings": [one.as_dict() for one in findings],
        "notes": list(notes),
    }
    return json.dumps(document, indent=2, ensure_ascii=True)


def as_sarif(findings: Sequence[Finding], notes: Sequence[str] = ()) -> str:
    """SARIF 2.1.0, as code scanners take it."""
    from segform import __version__

    known = sorted({one.rule for one in findings})
    results = [
        {
            "ruleId": one.rule,
            "ruleIndex": known.index(one.rule),
            "level": one.severity,
            "message": {"text": f"{one.message}. {one.mend}".strip()},
            "locations": [
                {
                    "physicalLocation": {
                        "artifactLocation": {"uri": _uri(one.file)},
                        "region": {"startLine": one.line, "startColumn": one.column},
                    },
                    "logicalLocations": [{"fullyQualifiedName": one.where}],
                }
            ],
        }
        for one in findings
    ]
    rules = [{"id": rule, "shortDescription": {"text": _RULES.get(rule, rule)}} for rule in known]
    driver = {"name": "segform", "semanticVersion": __version__, "rules": rules}
    said = [{"level": "note", "message": {"text": note}} for note in notes]
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": results,
        "invocations": [{"executionSuccessful": True, "toolExecutionNotifications": said}],
    }
    return json.dumps({"version": "2.1.0", "runs": [run]}, indent=2, ensure_ascii=True)


def _uri(path: Path) -> str:
    from urllib.parse import quote

    return quote(path.as_posix(), safe="/")


FORMATS = {"text": as_text, "json": as_json, "sarif": as_sarif}
