"""Lint rules: each one's examples, settings, and the forms of output."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segform.tracking.linting import (
    RULES,
    Config,
    ConfigError,
    Finding,
    LintRule,
    lint,
    read_config,
    to_json,
    to_sarif,
    to_text,
)
from segform.tracking.linting.config import parse_config
from segform.tracking.linting.examples import NUMBER, TEXT, track
from segform.tracking.planned import Place, PlannedEvent


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_the_bad_example_is_found_and_the_good_one_is_clean(rule: LintRule) -> None:
    found = lint(rule.bad, Config(select=(rule.id,)))
    assert {one.rule for one in found} == {rule.id}
    assert all(one.message and one.mend.endswith((".", "`.")) for one in found)
    assert lint(rule.good) == []


def test_ids_are_there_once_and_in_order() -> None:
    ids = [rule.id for rule in RULES]
    assert ids == sorted(set(ids))
    assert len({rule.name for rule in RULES}) == len(RULES)


def test_findings_name_the_event_the_place_and_the_mend() -> None:
    schema = track("Signed Up", {"email": TEXT})["jsonSchema"]
    event = PlannedEvent(
        "TRACK", "Signed Up", 1, schema, "a", "b", ("c",), place=Place("e.yaml", 3, 5)
    )
    [found] = lint([event])
    assert found == Finding(
        "SEG102",
        "warning",
        "TRACK:Signed Up",
        "properties.email",
        "`email` is personal data",
        "Send it once, as a trait of identify(), or allow the name in `allow`.",
        Place("e.yaml", 3, 5),
    )
    assert str(found).startswith("e.yaml:3:5: warning SEG102 TRACK:Signed Up properties.email: ")


def test_rules_are_told_off_turned_and_excused() -> None:
    plan = [track("order_completed", {"email": TEXT})]
    assert {one.rule for one in lint(plan)} == {"SEG001", "SEG102"}
    assert {one.rule for one in lint(plan, Config(ignore=("SEG001",)))} == {"SEG102"}
    assert [one.severity for one in lint(plan, Config(severity={"SEG102": "error"}))] == [
        "warning",
        "error",
    ]
    excused = Config(per_event={"TRACK:order_completed": ("SEG001", "SEG102")})
    assert lint(plan, excused) == []
    assert lint(plan, Config(events="snake_case", allow=("email",))) == []
    own = Config(events="any", allow=("email",), personal=("customer_number",))
    assert [one.path for one in lint([track("x", {"customerNumber": TEXT})], own)][-1:] == [
        "properties.customerNumber"
    ]


def test_an_event_excuses_itself() -> None:
    schema = track("x y", {"email": TEXT})["jsonSchema"]
    event = PlannedEvent("TRACK", "x y", 1, schema, "a", "b", ("c",), ignore=("SEG001", "SEG102"))
    assert lint([event]) == []


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ({"ignor": []}, "has no setting 'ignor'; did you mean 'ignore'"),
        ({"ignore": ["SEG20"]}, "names 'SEG20', which is no rule; did you mean 'SEG20"),
        ({"events": "title"}, "events is 'title'; cases: Title Case"),
        ({"severity": {"SEG001": "fatal"}}, "severity.SEG001 is 'fatal'; one of error"),
        ({"allow": "email"}, "allow has to be a list of names"),
        ({"per-event": {"TRACK:x": "SEG001"}}, "per-event.TRACK:x has to be a list of ids"),
        ({"per-event": []}, "per-event has to be a table"),
        ({"severity": []}, "severity has to be a table"),
    ],
)
def test_settings_that_are_none(table: dict[str, Any], said: str) -> None:
    with pytest.raises(ConfigError, match=said.replace("(", r"\(")):
        parse_config(table)


def test_settings_come_from_the_nearest_pyproject(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(
        '[tool.segform.lint]\nignore = ["SEG001"]\nproperties = "camelCase"\n'
        '[tool.segform.lint.severity]\nSEG003 = "note"\n'
        '[tool.segform.lint.per-event]\n"TRACK:x" = ["SEG002"]\n'
    )
    below = tmp_path / "events" / "shop"
    below.mkdir(parents=True)
    config = read_config(below)
    assert config.ignore == ("SEG001",)
    assert config.properties == "camelCase"
    assert config.severity == {"SEG003": "note"}
    assert config.per_event == {"TRACK:x": ("SEG002",)}
    (tmp_path / "pyproject.toml").write_text("[tool.segform.lint\n")
    with pytest.raises(ConfigError, match=r"pyproject\.toml: "):
        read_config(below)
    (tmp_path / "pyproject.toml").write_text("[tool.segform]\nlint = 5\n")
    with pytest.raises(ConfigError, match="has to be a table"):
        read_config(below)


def test_the_three_forms_of_output() -> None:
    schema = track("order\ncompleted")["jsonSchema"]
    event = PlannedEvent("TRACK", "a\nb", 1, schema, place=Place("plan/a b.yaml", 4, 2))
    found = lint([event, track("Signed Up", {"email": TEXT})])
    text = to_text(found)
    assert len(text.splitlines()) == len(found) + 1
    assert text.splitlines()[-1] == "1 error, 1 warning, 3 notes"
    assert to_text([]) == "nothing found\n"
    told = json.loads(to_json(found))
    assert [one["rule"] for one in told] == [one.rule for one in found]
    assert (told[0]["file"], told[0]["line"], told[0]["column"]) == ("plan/a b.yaml", 4, 2)
    sarif = json.loads(to_sarif(found, "1.2"))
    run = sarif["runs"][0]
    assert sarif["version"] == "2.1.0"
    assert run["tool"]["driver"]["version"] == "1.2"
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == [rule.id for rule in RULES]
    assert {result["ruleId"] for result in run["results"]} <= {rule.id for rule in RULES}
    [first, *_] = run["results"]
    where = first["locations"][0]["physicalLocation"]
    assert where["artifactLocation"]["uri"] == "plan/a b.yaml"
    assert where["region"] == {"startLine": 4, "startColumn": 2}
    assert "physicalLocation" not in run["results"][-1]["locations"][0]


@pytest.mark.parametrize(
    ("names", "near"),
    [
        (("Order Completed", "order_completed"), True),
        (("Order Completed", "Completed Order"), True),
        (("Order Completed", "Order Complted"), True),
        (("Order Completed", "Order Refunded"), False),
        (("Checkout Step 1 Viewed", "Checkout Step 2 Viewed"), False),
        (("Product Viewed", "Products Viewed"), True),
        (("Coupon Entered", "Coupon Removed"), False),
    ],
)
def test_names_that_are_nearly_the_same(names: tuple[str, str], near: bool) -> None:
    plan = [track(name) for name in names]
    assert bool(lint(plan, Config(select=("SEG006",)))) is near


def test_versions_of_one_event_are_no_duplicates() -> None:
    plan = [track("Order Completed"), track("Order Completed", version=2)]
    assert lint(plan, Config(select=("SEG006",))) == []


def test_one_event_and_a_list_of_them_are_two_properties() -> None:
    plan = [track("Order Completed", {"product": TEXT, "products": {**TEXT, "type": "array"}})]
    assert lint(plan, Config(select=("SEG007",))) == []


def test_what_is_no_plan_is_refused() -> None:
    with pytest.raises(TypeError, match="no event class, planned event or rule"):
        lint([5])
    with pytest.raises(ValueError, match="TRACK:x: its schema is not valid JSON"):
        lint([{"type": "TRACK", "key": "x", "version": 1, "json_schema": "{"}])


_ODD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["type", "properties", "items", "enum", "required", "description", "x"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(
    st.text(max_size=30),
    _ODD.filter(lambda one: not isinstance(one, str)),
    st.sampled_from(["TRACK", "PAGE", "IDENTIFY", "COMMON"]),
)
def test_odd_rules_do_no_harm(name: str, schema: Any, kind: str) -> None:
    rule = {"type": kind, "key": name, "version": 1, "jsonSchema": schema}
    found = lint([rule, track("Order Completed", {"total": NUMBER})])
    assert to_text(found).count("\n") == len(found) + 1
    json.loads(to_sarif(found))


def test_the_page_about_the_rules_is_as_generated() -> None:
    script = Path(__file__).parents[2] / "scripts" / "lint_page.py"
    assert subprocess.run([sys.executable, script, "--check"], check=False).returncode == 0
    page = (script.parents[1] / "docs" / "reference" / "lint.md").read_text()
    assert all(f"### {rule.id}: {rule.name}" in page for rule in RULES)
