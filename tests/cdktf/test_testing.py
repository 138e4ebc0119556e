"""The helpers that an app's own tests use."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from cdktf import TerraformStack

from segform_cdktf import (
    Destination,
    DestinationFilter,
    SegmentProvider,
    Source,
    Synthesized,
    Testing,
    TrackingPlan,
    secret,
    track,
)


@pytest.fixture
def found() -> Synthesized:
    stack: TerraformStack = Testing.stack()
    SegmentProvider(stack, "segment")
    for slug in ("web", "app"):
        settings = {"site": "a${b}", "deep": [{"n": 1}]}
        made = Source(stack, slug, slug=slug, enabled=True, metadata_id="js", settings=settings)
    tool = Destination(
        stack,
        "tool",
        name="Tool",
        enabled=True,
        source_id=made.id,
        metadata_id="t",
        settings={"key": secret(stack, "k"), "token": "abc"},
    )
    DestinationFilter(
        stack,
        "filter",
        title="All",
        enabled=True,
        source_id=made.id,
        destination_id=tool.id,
        when="all",
        actions=[{"type": "DROP"}],
    )
    TrackingPlan(stack, "plan", name="Shop", type="LIVE", events=[track("A")])
    return Testing.synth(stack)


def test_an_object_by_its_values(found: Synthesized) -> None:
    web = found.resource("source", slug="web")
    assert web["settings"] == {"site": "a${b}", "deep": [{"n": 1}]}
    assert found.resource("segment_source", slug="app", metadata_id="js")["slug"] == "app"
    rules = found.resource("tracking_plan")["rules_by_key"]
    assert rules["TRACK:A"]["json_schema"]["type"] == "object"


def test_what_terraform_computes_stays_as_it_is(found: Synthesized) -> None:
    settings = found.resource("destination")["settings"]
    assert settings == '${jsonencode({"key" = var.k, "token" = "abc"})}'


def test_references(found: Synthesized) -> None:
    tool = found.resource("destination", name="Tool")
    assert tool["source_id"] == found.reference("source", slug="app")
    assert found.resource("destination_filter", when="all")["source_id"] == tool["source_id"]
    assert found.reference("source", "slug", slug="web") == "${segment_source.web.slug}"


def test_what_is_not_there_is_told_with_what_is(found: Synthesized) -> None:
    with pytest.raises(AssertionError, match=r"no source\(slug='x'\): of source there is app, web"):
        found.resource("source", slug="x")
    with pytest.raises(AssertionError, match=r"more than one \(app, web\) source"):
        found.resource("source")
    with pytest.raises(KeyError):
        found.resources("sauce")


def test_counts(found: Synthesized) -> None:
    found.assert_count("source", 2)
    found.assert_count("source", 1, slug="web")
    found.assert_none("function")
    with pytest.raises(AssertionError, match=r"2 of source\(enabled=True\) in place of 3"):
        found.assert_count("source", 3, enabled=True)
    with pytest.raises(AssertionError, match="in place of 0"):
        found.assert_none("destination")


def test_warnings_and_errors_are_those_of_the_constructs(found: Synthesized) -> None:
    (warning,) = found.warnings
    assert warning.startswith("stack/tool: settings.token looks like a secret")
    assert found.errors == []
    stack = Testing.stack("other")
    SegmentProvider(stack, "segment", token="literal")
    (error,) = Testing.synth(stack).errors
    assert error.startswith("other/segment: token is written in the code")


def test_data_sources(found: Synthesized) -> None:
    assert found.data("source") == {}


def test_no_folder_is_left_behind(tmp_path: Path) -> None:
    code = (
        "import cdktf\nfrom segform_cdktf import Testing\n"
        "print([Testing.synth(Testing.stack()).json for _ in range(2)])"
    )
    env = {**os.environ, "TMPDIR": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        env=env,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip()
    assert "segform" not in done.stderr, done.stderr
    assert [one.name for one in tmp_path.iterdir() if one.name.startswith("segform-")] == []
