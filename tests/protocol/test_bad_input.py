"""Bad input: an error at its attribute, with the mend, while nothing has been written.

Which object it is, Terraform says itself (`tests/terraform/test_bad_input.py`).
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from segform.resources.values import UNKNOWN
from segform_emulator import Emulator

from .conftest import Start
from .core import Config, Core, DiagnosticsError
from .shop import OBJECT, RULES_SET
from .six import six

SCHEMA = "rules_by_key.TRACK:A.json_schema"


def _rules(text: str) -> dict[str, Any]:
    return {"rules_by_key": {"TRACK:A": {"json_schema": text}}}


def _as_set(*more: dict[str, Any]) -> dict[str, Any]:
    return {"rules_by_key": None, "rules": [*RULES_SET, *more]}


def _map(**elements: Any) -> dict[str, Any]:
    return {"rules_by_key": {key: {"json_schema": OBJECT, **e} for key, e in elements.items()}}


# kind, what is given, path, what is said, the mend
CASES: list[tuple[str, dict[str, Any], str, str, str]] = [
    (
        "source",
        {"metadata": {"id": "javascriptt"}},
        "metadata.id",
        "no entry 'javascriptt'; nearest: javascript",
        "segment_source_metadata",
    ),
    (
        "destination",
        {"metadata": {"id": "amplitud"}},
        "metadata.id",
        "nearest: amplitude (Amplitude), id 54521fd525e721e32a72ee91",
        "segment_destination_metadata",
    ),
    ("destination_filter", {"if": " "}, "if", "it is empty", "`all`"),
    (
        "destination_filter",
        {"if": "(a = 1"},
        "if",
        "FQL, line 1, column 1: ( is not closed",
        "Close it",
    ),
    ("destination_filter", {"if": "a = 'b"}, "if", "line 1, column 5", "Close it"),
    ("tracking_plan", _rules("{"), SCHEMA, "not valid JSON", "jsonencode"),
    ("tracking_plan", _rules("[]"), SCHEMA, "a JSON object", "jsonencode"),
    ("tracking_plan", _rules('{"type":"objekt"}'), SCHEMA, "/type is 'objekt'", "object"),
    (
        "tracking_plan",
        _rules('{"properties":{"a":{"minimum":"1"}}}'),
        SCHEMA,
        "TRACK:A: /properties/a/minimum",
        "number",
    ),
    ("tracking_plan", _as_set(RULES_SET[0]), "rules", "TRACK:Order Completed is given", "Keep"),
    (
        "tracking_plan",
        _as_set({**RULES_SET[1], "version": Decimal("2.0")}),
        "rules",
        "TRACK:Order Completed@2 is given twice",
        "another version",
    ),
    (
        "tracking_plan",
        _map(**{"TRACK:A": {"key": "B"}}),
        "rules_by_key.TRACK:A.key",
        "says key A, the element says B",
        "Leave `key` out",
    ),
    (
        "tracking_plan",
        _map(**{"TRACK:A": {"version": Decimal(2)}}),
        "rules_by_key.TRACK:A.version",
        "says version 1, the element says 2",
        "Leave `version` out",
    ),
    (
        "tracking_plan",
        _map(**{"TRACK:A@1": {}}),
        "rules_by_key.TRACK:A@1",
        "not in its one form",
        "'TRACK:A'",
    ),
    ("tracking_plan", {"rules": RULES_SET}, "rules", "both given", "Keep `rules_by_key`"),
    ("tracking_plan", {"rules": [], "rules_by_key": {}}, "rules", "both given", "none to leave"),
    ("source", {"settings": "[1]"}, "settings", "a JSON object, not an array", "jsonencode"),
    ("source", {"slug": ""}, "slug", "it is empty", "Give a value"),
    ("label", {"key": "1st"}, "key", "'1st' is no label key", "Start with a letter"),
]


def _nothing_written(emulator: Emulator) -> None:
    assert [e["operation"] for e in emulator.recorder.entries if e["method"] != "GET"] == []


def _refused(core: Core, config: Config) -> DiagnosticsError:
    with pytest.raises(DiagnosticsError) as caught:
        core.plan(config)
    return caught.value


@pytest.mark.parametrize(("kind", "given", "path", "words", "mend"), CASES)
def test_a_configuration_is_refused_at_its_attribute_with_the_mend(
    core: Core, emulator: Emulator, kind: str, given: Any, path: str, words: str, mend: str
) -> None:
    problem = _refused(core, six(**{kind: given}))
    assert problem.paths[0] == path
    message, _, how = problem.diagnostics[0].detail.partition("\n\n")
    assert words.lower() in message.lower()
    assert mend in how
    _nothing_written(emulator)


@pytest.mark.parametrize("version", ["1.1", "0.1", "9007199254740993", "-1", "123456789.123456789"])
@pytest.mark.parametrize("form", ["rules", "rules_by_key"])
def test_a_rules_version_is_kept_exactly(
    core: Core, emulator: Emulator, version: str, form: str
) -> None:
    element = {"type": "TRACK", "key": "A", "version": Decimal(version), "json_schema": OBJECT}
    rules: Any = [element] if form == "rules" else {f"TRACK:A@{version}": {"json_schema": OBJECT}}
    config = {"segment_tracking_plan.p": {"name": "P", "type": "LIVE", form: rules}}
    core.apply(config)
    assert core.plan(config) == []
    [held] = emulator.dump()["workspaces"][0]["trackingPlans"][0]["rules"]
    assert str(held["version"]) == version


def test_a_second_plan_on_a_source_is_refused(core: Core, emulator: Emulator) -> None:
    core.apply(six())
    source_id = core.values("segment_source.web")["id"]
    emulator.recorder.clear()
    second = {"source_id": source_id, "tracking_plan_id": "tp_other"}
    rival = {**six(), "segment_source_tracking_plan_connection.second": second}
    problem = _refused(core, rival)
    assert problem.paths == ["source_id"]
    assert source_id in str(problem)
    assert "Keep one of them" in str(problem)
    _nothing_written(emulator)


def test_a_plan_that_a_source_has_from_elsewhere_is_named(core: Core, emulator: Emulator) -> None:
    core.apply(six())
    source_id = core.values("segment_source.web")["id"]
    core.state.clear()
    core.order.clear()
    emulator.recorder.clear()
    second = {"source_id": source_id, "tracking_plan_id": "tp_other"}
    problem = _refused(core, {"segment_source_tracking_plan_connection.second": second})
    assert problem.paths == ["source_id"]
    assert "a source has one plan" in str(problem)
    assert "import it" in str(problem)
    _nothing_written(emulator)


# The provider's own arguments and the environment: what is wrong, path, words, mend.
TOKENS = [
    ({"token": None}, {}, "token", "No Segment API token", "SEGMENT_API_TOKEN"),
    ({"token": ""}, {}, "token", "is empty", "SEGMENT_API_TOKEN"),
    # Where the token stands in the configuration Terraform would quote its line.
    ({"token": "sgp_nobodys"}, {}, "", "answered with 401", "Check the token"),
    (
        {"token": None},
        {"SEGMENT_API_TOKEN": "sgp_nobodys"},
        "token",
        "answered with 401",
        "Check the token",
    ),
    (
        {"token": None},
        {"SEGMENT_API_TOKEN": "sgp_a", "PUBLIC_API_TOKEN": "sgp_b"},
        "token",
        "SEGMENT_API_TOKEN and PUBLIC_API_TOKEN hold different tokens",
        "unset all but one",
    ),
    ({"url": ""}, {}, "url", "is empty", "leave it out"),
    ({"url": "https://me:hush@api.example"}, {}, "", "user name or password", "leave them out"),
    ({"workspace": ""}, {}, "workspace", "is empty", "leave it out"),
    ({"protect": ["source", UNKNOWN]}, {}, "protect", "not known yet", "from a variable"),
    ({"protect": ["source", None]}, {}, "protect", "an element is null", "Remove it"),
    ({"workspace": "theirs"}, {}, "workspace", "not to 'theirs'", "Use a token of that workspace"),
]


@pytest.mark.parametrize(("given", "environment", "path", "words", "mend"), TOKENS)
def test_a_token_is_refused_before_anything_is_planned(
    start: Start,
    emulator: Emulator,
    monkeypatch: pytest.MonkeyPatch,
    given: dict[str, Any],
    environment: dict[str, str],
    path: str,
    words: str,
    mend: str,
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(DiagnosticsError) as caught:
        start(**given)
    assert caught.value.paths == [path]
    assert words in str(caught.value)
    assert mend in str(caught.value)
    assert "sgp_" not in str(caught.value)
    assert "hush" not in str(caught.value)
    _nothing_written(emulator)


def test_a_token_of_another_workspace_writes_nothing_there(
    start: Start, emulator: Emulator
) -> None:
    with pytest.raises(DiagnosticsError, match="belongs to workspace"):
        start(token=emulator.tokens["other_workspace"], workspace="acme")
    _nothing_written(emulator)


def test_a_token_of_a_member_writes_nothing(start: Start, emulator: Emulator) -> None:
    """The API tells no role beforehand, so it is the first write that is refused, with the mend."""
    before = emulator.dump()
    core = start(token=emulator.tokens["member"])
    with pytest.raises(DiagnosticsError) as caught:
        core.apply(six())
    assert "The role of this token may not use" in str(caught.value)
    assert "Ask a Workspace Owner" in str(caught.value)
    assert core.state == {}
    after = emulator.dump()["workspaces"]
    assert [w["sources"] for w in after] == [w["sources"] for w in before["workspaces"]]


@pytest.mark.parametrize(
    ("fault", "words", "mend"),
    [
        ("disconnect", "lost its connection", "Check SEGMENT_API_URL"),
        ("html", "502: an HTML page, not the API's JSON", "Try again later"),
        ("truncated", "cut short", ""),
    ],
)
def test_an_api_out_of_order_is_named(
    core: Core, emulator: Emulator, fault: str, words: str, mend: str
) -> None:
    emulator.fault(fault, count=0)
    problem = _refused(core, six())
    assert words in str(problem)
    assert mend in str(problem)
    assert "<html>" not in str(problem)
    _nothing_written(emulator)


def test_a_hostile_name_is_shown_and_not_obeyed(core: Core, emulator: Emulator) -> None:
    """Names in a workspace are anybody's; the terminal that Terraform prints to is ours."""
    core.apply(six(tracking_plan={"name": "Shop\x1b[2J\x1b]0;owned\x07"}))
    core.restart({**core._provider, "protect": ["tracking_plan"]})
    with pytest.raises(DiagnosticsError) as caught:
        core.plan({})
    said = str(caught.value)
    assert "owned" in said
    assert "\x1b" not in said
    assert "\x07" not in said
