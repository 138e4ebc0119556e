"""Queries of audiences: carried as text, and nothing claimed about them."""

from __future__ import annotations

from segform import fql
from segform.fql.errors import MAX_BYTES


def test_any_text_is_carried() -> None:
    for text in (
        "event('Shoes Bought').count() >= 1",
        "trait('total_spend') > 200 AND event('x').within(7 days).count() = 0",
        "this is no query (((",
    ):
        assert fql.check_query(text) == []


def test_it_has_to_be_there() -> None:
    for text in ("", " \n"):
        [found] = fql.check_query(text)
        assert (found.severity, found.code) == ("error", "empty")


def test_its_length_is_told() -> None:
    assert fql.check_query("a" * MAX_BYTES) == []
    for text in ("a" * (MAX_BYTES + 1), "é" * MAX_BYTES):
        [found] = fql.check_query(text)
        assert (found.severity, found.code) == ("warning", "size")
        assert str(MAX_BYTES) in found.message
