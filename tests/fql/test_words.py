"""What statements say in plain words: a golden list, read by people who write no code."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from segform import fql
from segform.fql.syntax import Expression

from .trees import trees

_LINES = Path(__file__).with_name("golden.txt").read_text(encoding="utf-8").splitlines()
# Statement and, below it, its sentence.
GOLDEN = [(text, words.strip()) for text, words in zip(_LINES[::2], _LINES[1::2], strict=True)]


@pytest.mark.parametrize(("text", "words"), GOLDEN)
def test_golden(text: str, words: str) -> None:
    assert fql.describe(text) == words


def test_there_are_enough_of_them() -> None:
    assert len({text for text, _ in GOLDEN}) > 50


@settings(max_examples=200, deadline=None)
@given(trees)
def test_any_tree_is_one_sentence(tree: Expression) -> None:
    words = fql.describe(tree)
    assert words.startswith(("Events where ", "Every event"))
    assert words.endswith(".")
    assert fql.describe(fql.parse(fql.format(tree))) == words


@pytest.mark.parametrize(
    ("actions", "words"),
    [
        ([{"type": "DROP"}], "they are not sent"),
        ([], "nothing is done"),
        (
            [{"type": "SAMPLE", "percent": Decimal("0.1")}],
            "10 % of them, drawn at random, are sent",
        ),
        (
            [{"type": "SAMPLE", "percent": 0.125, "path": "userId"}],
            "12.5 % of them are sent, the same ones for the same user ID",
        ),
        (
            [{"type": "DROP_PROPERTIES", "fields": {"properties": ["email", "phone"], "": ["x"]}}],
            "they are sent without “email”, “phone” in the properties, “x” in the event itself",
        ),
        (
            [
                {"type": "ALLOW_PROPERTIES", "fields": {"context.page": ["url"]}},
                {"type": "DROP_PROPERTIES", "fields": {"traits": []}},
            ],
            (
                "they are sent with nothing but “url” in the context field “page”, "
                "then they are sent without no key in the traits"
            ),
        ),
    ],
)
def test_actions(actions: list[dict[str, Any]], words: str) -> None:
    found = fql.describe_filter({"if": 'event = "A"', "actions": actions})
    assert found == f"Events where the event name is “A”: {words}."


def test_a_filter_of_all() -> None:
    found = fql.describe_filter({"if": "all", "actions": [{"type": "DROP"}]})
    assert found == "Every event: they are not sent."


def test_what_does_not_parse_is_refused() -> None:
    with pytest.raises(fql.FQLSyntaxError):
        fql.describe("a ==")
