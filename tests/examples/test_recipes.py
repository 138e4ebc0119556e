"""The guide of ten scripts: each is run as it stands, and has done what its section says."""

from __future__ import annotations

import json
import re
import runpy
import shlex
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from segform import (
    AuthenticationError,
    PermissionDeniedError,
    ReadOnlyError,
    Segment,
    WorkspaceMismatchError,
)
from segform_emulator import Emulator

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "guides" / "recipes.md"
SECTIONS = re.findall(
    r"^## (\d+)\. .*?^```python\n(.*?)^```", GUIDE.read_text(), re.MULTILINE | re.DOTALL
)
RECIPES = {int(number): block for number, block in SECTIONS}
JAVASCRIPT = "IqDTy1TpoU"
READS = (1, 6, 7, 8, 9)  # the scripts that write nothing

Run = Callable[..., str]


@pytest.fixture
def emulator() -> Emulator:
    made = Emulator()
    made.seed(sources=3, destinations=4, filters=3, plans=2, rules=5)
    return made


@pytest.fixture
def url(emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setenv("SEGMENT_API_TOKEN", emulator.token)
    with emulator.serve() as server:
        monkeypatch.setenv("SEGMENT_API_URL", server.url)
        yield server.url


@pytest.fixture
def run(
    url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Run:
    """Run a script with variables; what it printed."""

    def run_it(number: int, **variables: str) -> str:
        script = tmp_path / f"recipe_{number}.py"
        script.write_text(RECIPES[number])
        with monkeypatch.context() as patched:
            patched.chdir(tmp_path)  # what a script writes where it stands is the test's own
            for name, value in variables.items():
                patched.setenv(name, value)
            capsys.readouterr()
            runpy.run_path(str(script), run_name="__main__")
        return capsys.readouterr().out

    return run_it


@pytest.fixture
def segment(url: str) -> Iterator[Segment]:
    with Segment(url=url) as made:
        yield made


@pytest.fixture
def web(segment: Segment) -> str:
    """The id of a source `web-shop`."""
    return segment.sources.create(slug="web-shop", metadata_id=JAVASCRIPT)["id"]


def feed(url: str, *events: dict[str, Any]) -> None:
    """Let events arrive."""
    httpx.post(f"{url}/_emulator/events", json={"events": list(events)}).raise_for_status()


def writes(emulator: Emulator) -> list[str]:
    """What was sent that is no GET, by the emulator's own log."""
    return [one["operation"] for one in emulator.recorder.entries if one["method"] != "GET"]


def test_there_are_ten() -> None:
    assert sorted(RECIPES) == list(range(1, 11))


@pytest.mark.parametrize("number", READS)
def test_what_reads_sends_no_write(
    run: Run, web: str, url: str, emulator: Emulator, number: int
) -> None:
    feed(url, {"source": web, "type": "track", "event": "Order Completed"})
    emulator.recorder.clear()
    run(number)
    assert len(emulator.recorder.entries) > 0
    assert writes(emulator) == []


@pytest.mark.parametrize("number", RECIPES)
def test_each_is_fenced_in_from_outside(
    run: Run, web: str, segment: Segment, emulator: Emulator, tmp_path: Path, number: int
) -> None:
    assert web
    destinations = [one["id"] for one in segment.destinations.list()]
    destinations.sort(key=lambda one: -len(list(segment.destination_filters.list(one))))
    emulator.recorder.clear()
    variables = {
        "SLUG": "web-shop",
        "WRITE_KEY_FILE": str(tmp_path / "key"),
        "FROM_DESTINATION": destinations[0],
        "TO_DESTINATION": destinations[-1],
        "SEGMENT_READ_ONLY": "1",
    }
    # Of those that write, the second has nothing to do where its source is there.
    with pytest.raises(ReadOnlyError) if number in (3, 4, 5, 10) else nullcontext():
        run(number, **variables)
    assert writes(emulator) == []
    emulator.recorder.clear()
    with pytest.raises(WorkspaceMismatchError, match="elsewhere"):
        run(number, **variables, SEGMENT_WORKSPACE="elsewhere")
    assert [one["operation"] for one in emulator.recorder.entries] == ["getWorkspace"]


def test_the_commands_of_the_guide(run: Run, url: str, emulator: Emulator) -> None:
    """What they make is enough for each script to have something to do."""
    emulator.reset()
    with pytest.raises(SystemExit, match="no plan to connect"):
        run(4)
    commands = GUIDE.read_text().partition("## 1.")[0].replace("\\\n", " ")
    posts = re.findall(r"curl -X POST (.+)", commands)
    assert len(posts) == 2
    for line in posts:
        target, *data = shlex.split(line)
        content = data[1] if data else None
        httpx.post(target.replace("$SEGMENT_API_URL", url), content=content).raise_for_status()
    run(2)
    found = json.loads(run(1))
    origin = next(one["id"] for one in found["destinations"] if one["filters"])
    target = next(one["id"] for one in found["destinations"] if not one["filters"])
    assert len(run(3)) == 32
    assert run(4) == "connected\n"
    assert "copied:" in run(5, FROM_DESTINATION=origin, TO_DESTINATION=target)
    assert "source-11\n" in run(6)
    assert run(7).startswith("source-0 ")
    assert "Source Created: web-shop" in run(8)
    assert run(9).startswith("source-0 5 ")
    assert "is disabled now" in run(10, SLUG="web-shop")


def test_what_is_missing_is_said_and_no_traceback(run: Run, emulator: Emulator) -> None:
    for number, said in (
        (3, "no source web-shop"),
        (4, "no source web-shop"),
        (5, "Set FROM_DESTINATION and TO_DESTINATION"),
        (10, "Set SLUG"),
    ):
        with pytest.raises(SystemExit, match=said):
            run(number)
    assert writes(emulator) == []


def test_list_all(run: Run, segment: Segment, emulator: Emulator) -> None:
    segment.labels.create(key="environment", value="prod")
    segment.groups.create(name="Analysts")
    segment.functions.create(code="// one", display_name="Receive", resource_type="SOURCE")
    found = json.loads(run(1))
    assert {one["slug"] for one in found["sources"]} == {"source-0", "source-1", "source-2"}
    assert sum(len(one["filters"]) for one in found["destinations"]) == 3
    assert [one["rules"] for one in found["plans"]] == [5, 5]
    assert "environment:prod" in found["labels"]
    assert found["groups"] == [{"name": "Analysts", "members": 0}]
    assert found["functions"] == ["SOURCE: Receive"]
    # A plan without functions is no failure of the whole.
    emulator.features.switch(emulator.at(0), {"Functions": False})
    assert json.loads(run(1))["functions"] is None


def test_create_a_source_and_hand_out_its_key(
    run: Run, segment: Segment, tmp_path: Path, emulator: Emulator
) -> None:
    target = tmp_path / "key.txt"
    said = run(2, WRITE_KEY_FILE=str(target))
    source = next(one for one in segment.sources.list() if one["slug"] == "web-shop")
    assert source.get("name") == "Web shop"
    (key,) = source["writeKeys"]
    target.chmod(0o644)  # as others may have left it
    run(2, WRITE_KEY_FILE=str(target))
    assert target.read_text() == f"{key}\n"
    assert target.stat().st_mode & 0o777 == 0o600
    assert key not in said
    # A second run, and one whose answer is lost, make no second source.
    run(2, WRITE_KEY_FILE=str(target))
    segment.sources.delete(source["id"])
    emulator.fault("drop_after_commit", operation="createSource")
    run(2, WRITE_KEY_FILE=str(target))
    assert [one["slug"] for one in segment.sources.list()].count("web-shop") == 1
    with pytest.raises(SystemExit, match="source admin"):
        run(2, SEGMENT_API_TOKEN=emulator.tokens["member"])


def test_a_key_goes_where_the_script_stands_unless_told(run: Run, tmp_path: Path) -> None:
    assert run(2).strip().endswith("write-key.txt")
    assert (tmp_path / "write-key.txt").stat().st_mode & 0o777 == 0o600
    assert not (GUIDE.parents[2] / "write-key.txt").exists()


def test_rotate_a_write_key(run: Run, segment: Segment, web: str) -> None:
    (old,) = segment.sources.get(web)["writeKeys"]
    new = run(3)
    assert sorted(segment.sources.get(web)["writeKeys"]) == sorted([old, new])
    with pytest.raises(SystemExit, match="nothing was removed"):
        run(3, NEW_WRITE_KEY="mistyped")
    assert len(segment.sources.get(web)["writeKeys"]) == 2
    assert run(3, NEW_WRITE_KEY=new) == "1 removed\n"
    assert segment.sources.get(web)["writeKeys"] == [new]


def test_connect_a_plan(run: Run, segment: Segment, web: str, tmp_path: Path) -> None:
    assert run(4) == "connected\n"
    plan_id = segment.sources.get(web).get("trackingPlanId")
    assert plan_id
    assert run(4) == "connected already\n"
    other = next(one["id"] for one in segment.tracking_plans.list() if one["id"] != plan_id)
    segment.tracking_plans.sources.remove(plan_id, source_id=web)
    segment.tracking_plans.sources.add(other, source_id=web)
    with pytest.raises(SystemExit, match=other):
        run(4)
    assert segment.sources.get(web).get("trackingPlanId") == other
    script = functions_of(4, tmp_path)
    assert script["connect"](segment, plan_id, web, replace=True) == "moved"
    assert segment.sources.get(web).get("trackingPlanId") == plan_id


def functions_of(number: int, folder: Path) -> dict[str, Any]:
    """What a script defines, without its last block, which would run it."""
    path = folder / f"functions_{number}.py"
    path.write_text(RECIPES[number].partition("\n\nwith Segment(")[0])
    return runpy.run_path(str(path), run_name="recipe")


def test_copy_filters(run: Run, segment: Segment) -> None:
    destinations = [one["id"] for one in segment.destinations.list()]
    origin = next(one for one in destinations if list(segment.destination_filters.list(one)))
    target = next(one for one in destinations if not list(segment.destination_filters.list(one)))
    variables = {"FROM_DESTINATION": origin, "TO_DESTINATION": target}
    said = run(5, **variables)
    before = list(segment.destination_filters.list(origin))
    copies = list(segment.destination_filters.list(target))
    assert said.count("copied:") == len(before) > 0
    for one, copy in zip(before, copies, strict=True):
        assert (copy["title"], copy["if"], copy["actions"]) == (
            one["title"],
            one["if"],
            one["actions"],
        )
        assert copy["enabled"] is False
    assert run(5, **variables) == ""


def test_find_sources_with_no_plan(run: Run, segment: Segment, web: str) -> None:
    plan = next(segment.tracking_plans.list())["id"]
    segment.tracking_plans.sources.add(plan, source_id=web)
    lonely = segment.sources.create(slug="lonely", metadata_id=JAVASCRIPT)["id"]
    assert "lonely" in run(6).splitlines()
    assert "web-shop" not in run(6).splitlines()
    segment.sources.update(lonely, enabled=False)
    assert "lonely" not in run(6).splitlines()


def test_report_usage(run: Run, url: str, web: str) -> None:
    feed(
        url,
        {"source": web, "type": "track", "event": "A", "count": 41, "userId": "ada"},
        {"source": web, "type": "track", "event": "A", "userId": "grace"},
    )
    (line,) = [one for one in run(7).splitlines() if one.startswith("web-shop")]
    assert line.split() == ["web-shop", "42", "calls", "2", "users"]


def test_audit_who_changed_what(run: Run, segment: Segment, web: str, tmp_path: Path) -> None:
    segment.sources.update(web, name="Renamed")
    lines = run(8).splitlines()
    assert web in lines[0]
    assert "Renamed" in lines[0]
    assert re.match(r"\d{4}-\d\d-\d\d \d\d:\d\d  \S+  Source ", lines[0])
    script = functions_of(8, tmp_path)
    since = datetime.now(UTC) - timedelta(days=1)
    own = list(script["changes"](segment, since, web))
    assert len(own) == 2  # made and renamed
    assert all(web in line for line in own)


def test_volumes_of_an_event(run: Run, url: str, web: str) -> None:
    yesterday = (datetime.now(UTC) - timedelta(days=1)).isoformat()
    feed(
        url,
        {"source": web, "type": "track", "event": "Order Completed", "count": 5},
        {
            "source": "source-0",
            "type": "track",
            "event": "Order Completed",
            "count": 3,
            "timestamp": yesterday,
        },
        {"source": web, "type": "track", "event": "Another", "count": 9},
    )
    said = run(9).splitlines()
    assert [line.split()[:2] for line in said] == [["web-shop", "5"], ["source-0", "3"]]
    assert f"'{yesterday[:10]}': 3" in said[1]


def test_delete_safely(run: Run, segment: Segment, web: str) -> None:
    assert "is disabled now" in run(10, SLUG="web-shop", CONFIRM="web-shop")
    assert segment.sources.get(web)["enabled"] is False
    assert "confirm with CONFIRM=web-shop" in run(10, SLUG="web-shop")
    assert "confirm with" in run(10, SLUG="web-shop", CONFIRM="another")
    assert segment.sources.get(web)["id"] == web
    assert run(10, SLUG="web-shop", CONFIRM="web-shop") == "web-shop and 0 destinations are gone\n"
    assert "web-shop" not in {one["slug"] for one in segment.sources.list()}
    assert run(10, SLUG="web-shop", CONFIRM="web-shop") == "web-shop is not there\n"


def test_delete_refuses_what_is_in_use(
    run: Run, segment: Segment, url: str, web: str, emulator: Emulator
) -> None:
    feed(url, {"source": web, "type": "track", "event": "A", "count": 7})
    emulator.recorder.clear()
    assert "still receives events: 7" in run(10, SLUG="web-shop", CONFIRM="web-shop")
    assert writes(emulator) == []
    assert segment.sources.get(web)["enabled"] is True


def test_a_token_that_is_too_small_is_told_and_writes_nothing(
    run: Run, web: str, emulator: Emulator
) -> None:
    before = emulator.dump()
    with pytest.raises((AuthenticationError, PermissionDeniedError)):
        run(10, SLUG="web-shop", SEGMENT_API_TOKEN=emulator.tokens["member"])
    assert emulator.dump() == before
