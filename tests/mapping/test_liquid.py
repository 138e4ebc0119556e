"""Liquid templates against Segment's own code, which runs liquidjs, and by themselves."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segform.mapping import MappingError, check, evaluate
from segform.mapping.liquid.filters import FILTERS

from .test_actions_core import asked

EVENT: dict[str, Any] = {
    "event": "Order Completed",
    "userId": None,
    "text": "  a <b>&amp; c</b> \n d,e  ",
    "at": "2024-03-05T06:07:08Z",
    "n": 7,
    "half": 2.5,
    "minus": -3,
    "flag": True,
    "no": False,
    "empty": "",
    "list": [1, "b", None, 2.5],
    "objects": [{"n": 1}, {"n": 2.5}, {}],
    "deep": {"a b": "c", "list": ["x", "y"], "n": {"m": 1}},
}
CASES = 1500
# No limit of Liquid's own clock is tested, nor what depends on chance.
VALUES = (
    *("event", "userId", "text", "n", "half", "minus", "flag", "no", "empty", "list", "objects"),
    *("deep", 'deep["a b"]', "deep.list", "deep.n.m", "list[1]", "list[-1]", "list.first"),
    *("list.last", "list.size", "deep.size", "event.size", "none", "none.deeper", "deep.none"),
    *('"text"', "'a b'", '""', "5", "-2", "1.50", "true", "false", "nil", "(1..3)", '"10"', '"x"'),
)
TAKES_NUMBERS = (
    *("abs", "at_least", "at_most", "ceil", "divided_by", "floor", "minus", "modulo", "plus"),
    *("round", "times"),
)
PLAIN = (
    *("upcase", "downcase", "capitalize", "strip", "lstrip", "rstrip", "escape", "escape_once"),
    *("strip_html", "strip_newlines", "size", "first", "last", "compact", "json", "url_encode"),
    *("cgi_escape", "uri_escape", "squish", "normalize_whitespace", "number_of_words", "slugify"),
    *("base64_encode", "sha256", "to_integer", "raw", "pop", "shift", "sum", "join", "nofilter"),
)
TEXTS = ("append", "prepend", "remove", "remove_first", "remove_last", "split", "strip", "join")
PATTERNS = ('"e"', '" "', '","', '"Order"', '""', "n")
TWO = ("replace", "replace_first", "replace_last")
OPERATORS = ("==", "!=", "<", ">", "<=", ">=", "contains", "and", "or")


class Maker:
    """Random templates."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)

    def filter(self) -> str:
        pick = self.dice.choice
        kind = self.dice.random()
        if kind < 0.4:
            return pick(PLAIN)
        if kind < 0.6:
            name = pick(TAKES_NUMBERS)
            if name in ("abs", "ceil", "floor", "round"):
                return name
            return f"{name}: {pick(('2', '3', '-1', 'half', '0.5', 'n'))}"
        if kind < 0.8:
            return f"{pick(TEXTS)}: {pick(PATTERNS)}"
        if kind < 0.87:
            return f'{pick(TWO)}: {pick(PATTERNS)}, "_"'
        if kind < 0.94:
            return pick(('truncate: 8', 'truncate: 6, "~"', "truncatewords: 1", "slice: 1, 2",
                         "slice: -2", 'default: "d"', "default: n, allow_false: true"))  # fmt: skip
        return pick(('push: "z"', "unshift: 0", 'hmac_sha256: "k"', 'split: "" | join: "-"'))

    def value(self) -> str:
        found = self.dice.choice(VALUES)
        return found + "".join(
            f" | {self.filter()}" for _ in range(self.dice.choice((0, 0, 1, 1, 2)))
        )

    def condition(self) -> str:
        pick = self.dice.choice
        parts = [pick(VALUES)]
        for _ in range(self.dice.randint(0, 2)):
            parts += [pick(OPERATORS), pick((*VALUES, "empty", "blank"))]
        return ("not " if self.dice.random() < 0.1 else "") + " ".join(parts)

    def part(self, depth: int) -> str:
        dice = self.dice
        dash = dice.choice(("", "", "", "-"))
        kind = dice.random()
        if kind < 0.2:
            return dice.choice((" text ", "\n", "a", "} ", "{ "))
        if kind < 0.6 or not depth:
            return f"{{{{{dash} {self.value()} {dash}}}}}"
        inside = self.parts(depth - 1)
        if kind < 0.75:
            name = dice.choice(("if", "unless"))
            other = dice.choice(("", f"{{% else %}}{self.parts(depth - 1)}"))
            if name == "if" and dice.random() < 0.3:
                other = f"{{% elsif {self.condition()} %}}x{other}"
            return f"{{%{dash} {name} {self.condition()} {dash}%}}{inside}{other}{{% end{name} %}}"
        if kind < 0.85:
            return f"{{% assign v = {self.value()} %}}{{{{ v }}}}"
        if kind < 0.9:
            return f"{{% capture w %}}{inside}{{% endcapture %}}{{{{ w | upcase }}}}"
        return dice.choice((
            "{% increment c %}", "{% decrement d %}", '{% cycle "a", n %}', "{% echo event %}",
            "{% comment %}{{ x }}{% endcomment %}", "{% raw %}{{ x }}{% endraw %}", "{% # note %}",
        ))  # fmt: skip

    def parts(self, depth: int) -> str:
        return "".join(self.part(depth) for _ in range(self.dice.randint(0, 3)))


def told(template: str, event: Any = EVENT) -> Any:
    try:
        return evaluate({"a": {"@liquid": template}}, event)["a"]
    except MappingError:
        return None


def compared(modules: Path, templates: list[str]) -> list[tuple[str, Any, Any]]:
    """Templates of which the two make different texts."""
    cases = [{"mapping": {"a": {"@liquid": one}}, "event": EVENT} for one in templates]
    found = []
    for template, theirs in zip(templates, asked(modules, cases), strict=True):
        ours, its = told(template), theirs.get("result", {}).get("a")
        if ours != its:
            found.append((template, ours, theirs))
    return found


@pytest.mark.peers
@pytest.mark.parametrize("kept", [True, False], ids=["kept", "fresh"])
def test_templates_make_the_same(modules: Path, kept: bool) -> None:
    seed = 1 if kept else random.SystemRandom().randint(2, 10**6)
    print(f"seed: {seed}")  # shown where it fails
    maker = Maker(seed)
    templates = [maker.parts(2) for _ in range(CASES)]
    assert compared(modules, templates)[:3] == []
    made = [told(one) for one in templates]
    assert sum(one is not None for one in made) > CASES * 0.8


DATES = [
    f'{{{{ {value} | date: "{form}" }}}}'
    for value in ("at", "1700000000", '"2020-02-29"', '"1704067200"', '"2024-12-31T23:59:59.123Z"')
    for form in (
        "%Y-%m-%dT%H:%M:%S%z %:z",
        "%a %A %b %B %h %C %e %-d %_d %j %I %l %k %p %P %y %u %w %U %W %q %s %L %N %3N %t%n%%",
        "%^a %#p %05d %_m %-m %E %Q %",
    )
]


@pytest.mark.peers
def test_moments_are_written_the_same(modules: Path) -> None:
    assert (
        compared(modules, [*DATES, "{{ at | date }}", "{{ none | date }}", "{{ nil | date }}"])
        == []
    )


NAMED_DATES = [
    f"{{{{ {value} | {form} }}}}"
    for value in ("at", "1700000000", '"2020-02-29"', '"2024-12-31T23:59:59.123Z"', "none", "list")
    for form in (
        "date_to_xmlschema",
        "date_to_rfc822",
        *(
            f"{name}{how}"
            for name in ("date_to_string", "date_to_long_string")
            for how in ("", ': "ordinal"', ': "ordinal", "US"', ': "other"')
        ),
    )
]
WHERE = [
    f"{{{{ {value} | where: {how} | json }}}}"
    for value in ("objects", "deep", "none", "nil", "people")
    for how in (
        *('"n"', '"n", 1', '"n", "1"', '"n", 2.5', '"none"', '"none", nil', '"name", "Ann"'),
        *('"team.name", "growth"', '"tags.size", 2', '"n", nil', '"n", empty', '"tags", blank'),
    )
]
PEOPLE = [
    {"name": "Ann", "team": {"name": "growth"}, "tags": ["a", "b"], "n": 0},
    {"name": "Bob", "team": None, "tags": [], "n": False},
    {"name": "", "tags": "ab"},
]


@pytest.mark.peers
def test_named_dates_and_where_are_the_same(modules: Path) -> None:
    event = {**EVENT, "people": PEOPLE}
    templates = [*NAMED_DATES, *WHERE]
    cases = [{"mapping": {"a": {"@liquid": one}}, "event": event} for one in templates]
    found = [
        (template, told(template, event), theirs.get("result", {}).get("a"))
        for template, theirs in zip(templates, asked(modules, cases), strict=True)
    ]
    assert [one for one in found if one[1] != one[2]] == []
    assert sum(one[1] is not None for one in found) > len(found) * 0.9


@pytest.mark.parametrize(
    ("template", "made"),
    [
        ("", ""),
        ("{{ at | date_to_xmlschema }}", "2024-03-05T06:07:08+00:00"),
        ("{{ at | date_to_rfc822 }}", "Tue, 05 Mar 2024 06:07:08 +0000"),
        (
            '{{ at | date_to_string }}; {{ at | date_to_long_string: "ordinal", "US" }}',
            "05 Mar 2024; March 5th, 2024",
        ),
        ('{{ objects | where: "n", 2.5 | json }}', '[{"n":2.5}]'),
        ("plain { text }", "plain { text }"),
        ("{{ event | upcase }}!", "ORDER COMPLETED!"),
        (
            "{{ n | plus: 1 }} {{ half }} {{ list }} {{ deep }} {{ none }}",
            "8 2.5 1b2.5 [object Object] ",
        ),
        ("{% if n > 5 and flag %}big{% else %}small{% endif %}", "big"),
        ("{% unless userId %}nobody{% endunless %}", "nobody"),
        ('{{ list | join: "," }} {{ list.first }} {{ list[-1] }}', "1,b,,2.5 1 2.5"),
        ('{{ at | date: "%Y-%m-%d" }}', "2024-03-05"),
        ('{{ none | default: "x" }}', "x"),
        ("{% assign a = n | times: 2 %}{{ a }}", "14"),
        ("a {{- n -}} b", "a7b"),
        ("a{% break %}b", "a"),
    ],
)
def test_what_templates_make(template: str, made: str) -> None:
    assert told(template) == made
    assert check({"a": {"@liquid": template}}) == []


@pytest.mark.parametrize(
    ("template", "words"),
    [
        ("{{ event", "is not closed"),
        ("{% if n %}x", "endif is missing"),
        ("{% nope %}", "there is no tag nope"),
        ("{% for a in list %}{% endfor %}", "the tag for is switched off"),
        ("{{ list | map: 'n' }}", "the filter map is switched off"),
        ("{{ }}", "the end stands where a value is due"),
        ("{% raw %}", "raw is not closed"),
        ("{% comment %}", "endcomment is missing"),
        ("{% assign %}", "assign has no name"),
        ("{% assign a %}", "= is missing"),
        ("{{ (1..2 }}", ") is missing"),
        ("{{ " + "a[" * 60 + "1" + "]" * 60 + " }}", "nested too deep"),
        ("{%if a%}" * 55 + "{%endif%}" * 55, "nested too deep"),
        ("{{ " + "not " * 3 + " }}", "stands where a value"),
    ],
)
def test_what_cannot_be_read(template: str, words: str) -> None:
    [found] = check({"a": {"@liquid": template}})
    assert (found.severity, found.code) == ("warning", "fails")
    assert words in found.message
    with pytest.raises(MappingError, match="@liquid"):
        evaluate({"a": {"@liquid": template}}, EVENT)


@pytest.mark.parametrize(
    "template",
    [
        "{{ 'now' | date: '%Y' }}",
        "{{ 'March 5, 2024' | date: '%Y' }}",
        "{{ at | date: '%c' }}",
        "{{ list | sample }}",
        "{{ list | where: 'n' }}",
        "{{ 'now' | date_to_string }}",
        "{{ (1..100000) | size }}",
        "{{ event | append }}",
        "{{ 'a%' | url_decode }}",
        "{{ 'a' | base64_decode }}",
    ],
)
def test_what_cannot_be_known_fails_loudly(template: str) -> None:
    with pytest.raises(MappingError, match="@liquid"):
        evaluate({"a": {"@liquid": template}}, EVENT)


def test_filters_that_do_not_exist_are_told() -> None:
    [found] = check({"a": {"@liquid": "{% if n | plos: 1 %}{{ n | plus: 1 }}{% endif %}"}})
    assert (found.code, found.mend) == ("option", "Did you mean plus?")


def test_an_item_that_is_no_object_is_refused() -> None:
    mapping = {"a": {"@arrayPath": ["$.list", {"b": {"@liquid": "{{ x }}"}}]}}
    with pytest.raises(MappingError, match="no object"):
        evaluate(mapping, EVENT)


_pieces = st.sampled_from(
    [
        *("{{", "}}", "{%", "%}", "-", " ", "|", ":", ",", ".", "..", "[", "]", "(", ")", "'", '"'),
        *("if", "endif", "else", "elsif", "unless", "assign", "=", "==", "and", "not", "contains"),
        *("a", "n", "5", "-1", "raw", "endraw", "comment", "liquid", "\n", "é", "\\", "empty"),
        *FILTERS,
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.lists(_pieces, max_size=20).map("".join))
def test_any_template_is_answered(template: str) -> None:
    mapping = {"a": {"@liquid": template}}
    check(mapping)
    told(template)
    json.dumps(told(template, {"n": [[["x"]]], "a": {"n": None}}))
