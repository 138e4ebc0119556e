"""Conventions of tracking plans: rules with ids, each with a good and a bad example that are run.

from segform.tracking import lint

for finding in lint(rules):
    print(finding)
"""

from __future__ import annotations

from .config import Config, ConfigError, read_config
from .finding import Finding
from .registry import RULES, LintRule, lint
from .rendering import to_json, to_sarif, to_text

__all__ = [
    "RULES",
    "Config",
    "ConfigError",
    "Finding",
    "LintRule",
    "lint",
    "read_config",
    "to_json",
    "to_sarif",
    "to_text",
]
