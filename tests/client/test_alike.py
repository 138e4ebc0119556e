"""Answers whose catalogue entries are decoded once: the same values, shared."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segform.transport import alike, answer
from segform.transport.alike import Alike


def entry(number: int, **more: Any) -> dict[str, Any]:
    """A catalogue entry that is worth it."""
    return {"id": f"entry-{number}", "slug": "x", "text": "y" * 600, "share": 0.1, **more}


def page(*entries: Any, **more: Any) -> bytes:
    """A page of objects, long enough to be looked at."""
    objects = [{"id": f"o{at}", "metadata": one, **more} for at, one in enumerate(entries)]
    return json.dumps({"data": {"destinations": objects, "filler": "z" * 40_000}}).encode()


def test_equal_entries_are_one_object_also_from_page_to_page() -> None:
    reads = Alike()
    body = page(entry(1), entry(2), entry(1))
    found = reads.document(body)
    assert found == answer.document(body)
    first, _, third = (one["metadata"] for one in found["data"]["destinations"])
    assert first is third
    assert first["share"] == Decimal("0.1")
    again = reads.document(page(entry(2), entry(1)))
    assert again["data"]["destinations"][1]["metadata"] is first


def test_an_entry_that_changed_is_decoded_anew() -> None:
    reads = Alike()
    reads.document(page(entry(1)))
    body = page(entry(1, text="n" * 600), entry(1), entry(1, more=[{"metadata": {"id": "inner"}}]))
    assert reads.document(body) == answer.document(body)


@pytest.mark.parametrize(
    "odd",
    [
        {'foo"metadata': {"id": "a", "text": "b" * 600}},
        {"text": '"metadata":{"id":"a"}', "metadata": None},
        {"name": "NaN", "metadata": [], "other": {"metadata": {}}},
        {"back": "\\", "metadata": {"id": "\\", "quote": '"}', "text": "b" * 600}},
    ],
)
def test_what_looks_like_an_entry_and_is_none(odd: Any) -> None:
    body = page(entry(1), odd, entry(1), settings=odd)
    assert Alike().document(body) == answer.document(body)


@pytest.mark.parametrize(
    "broken",
    [
        page(entry(1), entry(1))[:-1],
        page(entry(1)).replace(b"entry-1", b"entry-\xff"),
        b'{"data": {"a": NaN, "metadata": {"id": ' + b"[" * 100_000,
        b"<html>" + b" " * 40_000,
        b"",
    ],
)
def test_what_is_no_json_is_none_as_ever(broken: bytes) -> None:
    assert Alike().document(broken) is None
    assert answer.document(broken) is None


def test_words_that_python_alone_takes_for_numbers_move_nothing() -> None:
    body = page(entry(1), entry(2)).replace(b'"filler"', b'"not": NaN, "filler"')
    found = Alike().document(body)
    assert found["data"].pop("not") != found["data"].get("not")
    ids = [one["metadata"]["id"] for one in found["data"]["destinations"]]
    assert ids == ["entry-1", "entry-2"]


_LEAVES = st.none() | st.booleans() | st.integers() | st.text(max_size=6)
_VALUES = st.recursive(
    _LEAVES,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["metadata", "id", 'x"metadata', "NaN", "\\"]), inner, max_size=3
        )
    ),
    max_leaves=12,
)


@given(st.lists(_VALUES, max_size=6))
def test_any_answer_is_read_the_same(values: list[Any]) -> None:
    body = page(*values, entry(1), *values, entry(1))
    reads = Alike()
    assert reads.document(body) == answer.document(body)
    assert reads.document(body) == answer.document(body)


def test_what_is_remembered_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alike, "_MOST", 5)
    reads = Alike()
    for number in range(20):
        reads.document(page(entry(number)))
        assert len(reads._known) <= 5
