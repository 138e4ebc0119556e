"""Findings as text, as JSON and as SARIF."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from typing import Any

from .finding import SEVERITIES, Finding
from .registry import RULES

_PAGE = "docs/reference/lint.md"


def to_text(findings: Iterable[Finding]) -> str:
    """A line for each finding, and how many there are of which severity."""
    several = list(findings)
    counted = Counter(one.severity for one in several)
    parts = [
        f"{counted[name]} {name}{'' if counted[name] == 1 else 's'}"
        for name in SEVERITIES
        if counted[name]
    ]
    return "\n".join([*(_line(one) for one in several), ", ".join(parts) or "nothing found"]) + "\n"


def _line(finding: Finding) -> str:
    # A name with a line break in it must not look like another finding.
    return "".join(letter if letter.isprintable() else " " for letter in str(finding))


def to_json(findings: Iterable[Finding]) -> str:
    """The findings as a JSON list of objects."""
    return json.dumps([_object(one) for one in findings], indent=2, ensure_ascii=False) + "\n"


def _object(finding: Finding) -> dict[str, Any]:
    place = finding.place
    return {
        "rule": finding.rule,
        "severity": finding.severity,
        "event": finding.event,
        "path": finding.path,
        "message": finding.message,
        "mend": finding.mend,
        "file": place.file if place else None,
        "line": place.line if place else None,
        "column": place.column if place else None,
    }


def to_sarif(findings: Iterable[Finding], version: str = "") -> str:
    """The findings in SARIF 2.1.0, which code hosts show beside the lines of a review."""
    several = list(findings)
    driver: dict[str, Any] = {
        "name": "segform",
        "rules": [
            {
                "id": rule.id,
                "name": rule.name,
                "shortDescription": {"text": rule.summary},
                "fullDescription": {"text": rule.why},
                "help": {"text": f"{_PAGE}: {rule.id}"},
                "defaultConfiguration": {"level": rule.severity, "enabled": rule.default},
            }
            for rule in RULES
        ],
    }
    if version:
        driver["version"] = version
    run = {"tool": {"driver": driver}, "results": [_result(one) for one in several]}
    made = {"version": "2.1.0", "runs": [run]}
    return json.dumps(made, indent=2, ensure_ascii=False) + "\n"


def _result(finding: Finding) -> dict[str, Any]:
    name = finding.event if finding.path is None else f"{finding.event} {finding.path}"
    text = f"{finding.event}: {finding.message}. {finding.mend}".strip()
    location: dict[str, Any] = {
        "logicalLocations": [{"fullyQualifiedName": name, "kind": "object"}]
    }
    if finding.place is not None:
        location["physicalLocation"] = {
            "artifactLocation": {"uri": finding.place.file.replace("\\", "/")},
            "region": {"startLine": finding.place.line, "startColumn": finding.place.column},
        }
    return {
        "ruleId": finding.rule,
        "level": finding.severity,
        "message": {"text": text},
        "locations": [location],
    }
