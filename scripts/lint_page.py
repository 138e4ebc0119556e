"""Writes docs/reference/lint.md from the lint rules.

    python scripts/lint_page.py [--check]

What a rule is for, its severity and its examples are those that the tests run. `--check` writes
nothing and exits with 1 where the page is not what the rules give.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from segform.tracking.files import dump
from segform.tracking.linting import RULES, LintRule

PAGE = Path(__file__).resolve().parent.parent / "docs" / "reference" / "lint.md"
_FAMILIES = {"0": "Names", "1": "Data", "2": "Words"}
_HEAD = """\
# Lint rules of tracking plans

`segform.tracking.lint(events)` takes rules of the API, event classes and event files, mixed as you
like. This page is made of the rules; each example is run by
`tests/tracking/test_lint.py::test_the_bad_example_is_found_and_the_good_one_is_clean`.

Settings stand in `pyproject.toml`:

```toml
[tool.segform.lint]
ignore = ["SEG106"]            # rules that are off
events = "Title Case"          # or snake_case, camelCase, PascalCase, any
properties = "snake_case"
personal = ["customer_number"] # names of yours that are personal data
allow = ["email"]              # names that are not, here

[tool.segform.lint.severity]   # error, warning, note
SEG201 = "error"

[tool.segform.lint.per-event]
"TRACK:Page Viewed" = ["SEG005"]
```

`select` names the only rules that are asked. An event file excuses its event with
`ignore: [SEG005]`. Findings are rendered by `to_text`, `to_json` and `to_sarif` of
`segform.tracking.linting`.
"""


def page() -> str:
    """The page as Markdown."""
    parts = [_HEAD]
    family = ""
    for rule in RULES:
        if rule.id[3] != family:
            family = rule.id[3]
            parts.append(f"## {_FAMILIES[family]}\n")
        parts.append(_rule(rule))
    return "\n".join(parts).rstrip() + "\n"


def _rule(rule: LintRule) -> str:
    return "\n".join(
        [
            f"### {rule.id}: {rule.name}\n",
            f"{rule.summary} Severity: {rule.severity}.\n",
            f"{rule.why}\n",
            f"Good:\n\n{_example(rule.good)}",
            f"Bad:\n\n{_example(rule.bad)}",
        ]
    )


def _example(events: list[Any]) -> str:
    texts = [dump(event) for event in events]
    shown = "---\n".join(texts)
    lines = shown.splitlines()
    if len(lines) > 40:
        shown = "\n".join([*lines[:8], f"# … and {len(lines) - 8} lines more"]) + "\n"
    return f"```yaml\n{shown}```\n"


def main(arguments: list[str]) -> int:
    """Write the page, or look whether it is up to date."""
    text = page()
    if "--check" in arguments:
        if PAGE.exists() and PAGE.read_text(encoding="utf-8") == text:
            return 0
        print(f"{PAGE.name} is not up to date: make generate", file=sys.stderr)
        return 1
    PAGE.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
