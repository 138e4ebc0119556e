"""Two hundred pairs, graded by hand; the breaking ones' witnesses run against the validator."""

from __future__ import annotations

from typing import Any

import pytest

from segform.tracking import diff, unplanned, validate

from .pairs import INSIDE, PLANS, PROPERTY
from .plans import rule


def _whole(inner: Any) -> list[dict[str, Any]]:
    found = rule()
    found["jsonSchema"]["properties"]["properties"] = inner
    if isinstance(inner, dict) and inner.get("required"):
        found["jsonSchema"]["required"] = ["properties"]
    return [found]


def _property(schema: Any) -> list[dict[str, Any]]:
    return _whole({"type": "object", "properties": {"x": schema}})


ALL = [
    *((name, _property(old), _property(new), grade) for name, old, new, grade in PROPERTY),
    *((name, _whole(old), _whole(new), grade) for name, old, new, grade in INSIDE),
    *PLANS,
]


def test_there_are_two_hundred() -> None:
    assert len(ALL) >= 200


def _is_good(rules: Any, event: Any) -> bool:
    return validate(rules, event) == []


@pytest.mark.parametrize(("name", "old", "new", "grade"), ALL, ids=[pair[0] for pair in ALL])
def test_a_pair(name: str, old: Any, new: Any, grade: str) -> None:
    changes = diff(old, new)
    breaking = [one for one in changes if one.breaking]
    if grade == "0":
        assert changes == []
        return
    assert changes, name
    assert bool(breaking) is grade.startswith("<"), [str(one) for one in changes]
    for one in breaking:
        assert one.certain or grade == "<?", str(one)
        if one.witness is None:
            continue
        assert _is_good(old, one.witness), one.witness
        before, after = unplanned(old, one.witness), unplanned(new, one.witness)
        worse = set(after.properties) - set(before.properties) or after.event > before.event
        assert worse or not _is_good(new, one.witness), one.witness
    assert all(one.witness is None for one in changes if not one.breaking)
    # The way back of a breaking pair never says that nothing changed.
    assert diff(new, old)
