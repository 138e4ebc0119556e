"""The example shop in plain HCL, planned by the real terraform: three plans as it prints them.

`tests/terraform/test_report.py` makes them anew each time; with GOLDEN=write it also
keeps them in `tests/report/data`, without what a report does not read.
"""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "examples" / "terraform"
DATA = Path(__file__).with_name("data")
NAMES = ("shop_new", "shop_edited", "shop_gone")
# What a report does not read, and what would make the files large.
_UNREAD = ("planned_values", "prior_state", "relevant_attributes", "variables", "output_changes")

# (file, old, new): what a pull request changes in the shop.
EDITS = (
    # Totals become texts.
    ("events.tf", 'total    = { type = "number"', 'total    = { type = "string"'),
    # An event is not planned any more.
    ("events.tf", '"Order Refunded" = {', '"Order Given Back" = {'),
    # The staff of the app is not filtered any more.
    (
        "main.tf",
        'match(context.traits.email, \\"*@shop.example\\") or properties.internal = true',
        "properties.internal = true",
    ),
    ("main.tf", "percent = 0.1", "percent = 0.5"),
    # The archive is switched off.
    (
        "main.tf",
        'name      = "Archive"\n  enabled   = true',
        'name      = "Archive"\n  enabled   = false',
    ),
    ("main.tf", 'name     = "Shop website"', 'name     = "Shop web site"'),
)


def copy(folder: Path) -> dict[str, str]:
    """Put the example into a folder; the variables that it needs, secrets as markers."""
    for path in EXAMPLE.glob("*.tf"):
        shutil.copy(path, folder)
    variables = re.findall(r'variable "(\w+)"', (EXAMPLE / "variables.tf").read_text())
    return {f"TF_VAR_{name}": f"hush-{name}" for name in variables}


def edit(folder: Path) -> None:
    """Make the changes of the pull request."""
    for name, old, new in EDITS:
        path = folder / name
        text = path.read_text(encoding="utf-8")
        assert old in text, (name, old)
        path.write_text(text.replace(old, new), encoding="utf-8")


def unguarded(folder: Path) -> None:
    """Let a plan delete what the shop protects."""
    path = folder / "main.tf"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('protect = ["source", "tracking_plan"]', ""), encoding="utf-8")


def kept(document: dict[str, Any]) -> str:
    """A plan as it is kept: what a report reads, keys in order, no ids that change."""
    small = {key: value for key, value in document.items() if key not in _UNREAD}
    small.pop("timestamp", None)
    return json.dumps(small, sort_keys=True, indent=1, ensure_ascii=False) + "\n"


def stored(name: str) -> Any:
    """A plan as it was kept."""
    return json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"))
