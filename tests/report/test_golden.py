"""Twelve change sets as comments: kept word for word, and asked what a reviewer asks.

GOLDEN=write keeps the comments anew.
"""

from __future__ import annotations

import html
import os
import re
from functools import cache
from pathlib import Path

import pytest

from segform.report import Review, load, render, review
from segform.report.markdown import LIMIT

from .plans import Case, cases
from .questions import ANSWERS, QUESTIONS

GOLDEN = Path(__file__).with_name("golden")
NAMES = sorted(ANSWERS)


@cache
def _cases() -> dict[str, Case]:
    return cases()


@cache
def _review(name: str) -> Review:
    case = _cases()[name]
    return review(load(case.document, snapshot=case.snapshot), events=case.events)


@cache
def _comment(name: str) -> str:
    return render(_review(name))


def _above(text: str) -> str:
    return text.partition("<details>")[0]


def test_there_are_twelve_with_ten_questions_each() -> None:
    assert sorted(_cases()) == NAMES
    assert len(NAMES) == 12
    assert all(len(answers) == len(QUESTIONS) == 10 for answers in ANSWERS.values())


@pytest.mark.parametrize("name", NAMES)
def test_a_comment_is_as_it_was_kept(name: str) -> None:
    path = GOLDEN / f"{name}.md"
    if os.environ.get("GOLDEN") == "write":
        path.write_text(f"{_comment(name)}\n", encoding="utf-8")
    assert f"{_comment(name)}\n" == path.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "number"), [(name, number) for name in NAMES for number in range(len(QUESTIONS))]
)
def test_the_reviewers_questions_are_answered(name: str, number: int) -> None:
    question, about = QUESTIONS[number]
    text = _comment(name) if number == 9 else _above(_comment(name))
    answer = ANSWERS[name][number]
    if answer is None:
        assert about not in text, question
    else:
        assert answer in html.unescape(text), (question, html.unescape(text)[:3000])


@pytest.mark.parametrize("name", NAMES)
def test_no_code_above_the_fold_and_no_secret_anywhere(name: str) -> None:
    text = _comment(name)
    above = _above(text)
    shown = html.unescape(above) if name != "hostile_names" else above
    assert not re.search(r'[{}\\]|==|!=|"|\bjsonencode\b|\bproperties\.\w|@path', shown), shown
    assert "hush-" not in text
    for form in ("text", "json"):
        assert "hush-" not in render(_review(name), form)


@pytest.mark.parametrize("name", NAMES)
def test_nothing_but_our_own_markup(name: str) -> None:
    text = _comment(name)
    assert len(text) <= LIMIT
    tags = re.findall(r"<[^>]*>", text)
    allowed = {
        "<!-- segform report -->",
        "<details>",
        "</details>",
        "<summary>",
        "</summary>",
        "<code>",
        "</code>",
    }
    assert set(tags) <= allowed
    for tag in ("details", "summary", "code"):
        assert text.count(f"<{tag}>") == text.count(f"</{tag}>")
    assert text.isprintable() or set(re.findall(r"[^ -~]", text)) <= set("\n“”…")


def test_the_order_is_breaking_then_lost_then_behaviour() -> None:
    titles = re.findall(r"^### (.*)$", _comment("two_thousand"), re.MULTILINE)
    assert titles == [
        "Breaks what is sent today",
        "Cannot be undone",
        "Changes what happens to events",
    ]


def test_what_has_no_room_is_counted() -> None:
    """Shown and counted are all that there is."""
    text = html.unescape(_comment("two_thousand"))
    folded = sum(
        int(one.replace(",", "")) for one in re.findall(r"and ([\d,]+) more, folded", text)
    )
    found = _review("two_thousand")
    shown = len(re.findall(r"^- The ", _above(text), re.MULTILINE))
    assert shown + folded == sum(
        found.number(level) for level in ("breaking", "irreversible", "behaviour")
    )


def test_json_has_everything() -> None:
    import json

    document = json.loads(render(_review("two_thousand"), "json"))
    assert (document["format"], document["version"]) == ("segform.report", 1)
    assert sum(one["count"] for one in document["items"]) >= 2000
    edited = json.loads(render(_review("shop_edited"), "json"))
    assert next(one["rules"] for one in edited["items"] if one["rules"]) == [
        "TRACK:Checkout Started",
        "TRACK:Order Cancelled",
        "TRACK:Order Completed",
        "TRACK:Order Updated",
    ]


def test_text_moves_no_cursor() -> None:
    text = render(_review("hostile_names"), "text")
    assert all(line.isprintable() for line in text.splitlines())
    assert "\x1b" not in text
