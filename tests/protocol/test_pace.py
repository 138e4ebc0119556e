"""An apply respects the service: paced by endpoint, one request for one thing, time left told."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from segform.lifecycle import pace
from segform.lifecycle.pace import Pace
from segform.resources import registry
from segform.transport import exchange
from segform_emulator import Emulator
from segform_provider.session import Current

from .conftest import Start
from .core import Config, Core, Ref
from .shop import SEND, SOURCE_READER, shop
from .six import six

HOOK = "segment_destination.hook"


def _mappings(count: int) -> Config:
    return {
        f"segment_destination_subscription.m{number}": {
            "destination_id": Ref(HOOK, "id"),
            "action_id": SEND,
            "name": f"Mapping {number}",
            "trigger": 'type = "track"',
            "enabled": True,
            "settings": '{"url": "https://hooks.example"}',
        }
        for number in range(count)
    }


def _labels(count: int) -> Config:
    return {
        f"segment_label.l{number}": {"key": f"k{number}", "value": "v"} for number in range(count)
    }


class Clock:
    """A clock that only waiting moves."""

    def __init__(self) -> None:
        self.now = 1000.0

    def monotonic(self) -> float:
        """What `time.monotonic` tells."""
        return self.now

    def sleep(self, seconds: float) -> None:
        """What the client does while it waits."""
        self.now += seconds


def _seconds(core: Core, config: Config, monkeypatch: pytest.MonkeyPatch) -> float:
    """Apply, and how long the requests have waited for their place."""
    changes = core.plan(config)
    clock = Clock()
    monkeypatch.setattr(exchange, "time", clock)
    core.restart()
    session = Current.session
    assert session is not None
    session.client._sleep = clock.sleep
    for change in changes:
        core._write(change, config)
    return clock.now - 1000.0


@pytest.mark.parametrize(("made", "count", "minutes"), [(_mappings, 12, 2), (_labels, 62, 1)])
def test_writes_are_paced_by_their_endpoints_limit(
    core: Core,
    emulator: Emulator,
    monkeypatch: pytest.MonkeyPatch,
    made: Any,
    count: int,
    minutes: int,
) -> None:
    """Mappings 5 a minute, most of IAM 60: the next ones wait beforehand, not after a 429."""
    core.apply(six())
    emulator.recorder.clear()
    waited = _seconds(core, {**six(), **made(count)}, monkeypatch)
    assert 60 * minutes <= waited < 60 * (minutes + 2)
    statuses = {entry["status"] for entry in emulator.recorder.entries}
    # Nobody really waited here, so that the service may have had to refuse; never before us.
    assert statuses <= {200, 201, 429}
    first = [entry for entry in emulator.recorder.entries if entry["method"] == "POST"]
    assert len(first) >= count


# What the official provider takes two requests for, and what we take.
ONCE = [
    ("destination_subscription", "createDestinationSubscription", 1),
    ("user", "createInvites", 1),
    ("function", "createFunction", 1),
    ("destination", "createDestination", 1),
]


@pytest.mark.parametrize(("kind", "operation", "writes"), ONCE)
def test_one_thing_is_one_request(
    core: Core, emulator: Emulator, kind: str, operation: str, writes: int
) -> None:
    config = shop(
        ("insert_function_instance",),
        destination_subscription={"reverse_etl_schedule": None, "model_id": None},
    )
    [address] = [one for one in config if one.startswith(f"segment_{kind}.")]
    without = {at: one for at, one in config.items() if at != address and address not in str(one)}
    core.apply(without)
    emulator.recorder.clear()
    core.apply({**without, address: config[address]})
    sent = [e["operation"] for e in emulator.recorder.entries if e["method"] != "GET"]
    assert sent == [operation] * writes


def test_deleting_an_open_invitation_is_one_request(core: Core, emulator: Emulator) -> None:
    given = {
        "email": "bob@shop.example",
        "permissions": [{"role_id": SOURCE_READER, "resources": []}],
    }
    core.apply({"segment_user.bob": given})
    emulator.recorder.clear()
    core.destroy()
    sent = [e["operation"] for e in emulator.recorder.entries if e["method"] != "GET"]
    assert sent == ["deleteInvites"]


def test_the_time_that_is_left_is_told(start: Start, capsys: pytest.CaptureFixture[str]) -> None:
    core = start()
    core.apply(six())
    capsys.readouterr()
    core.apply({**six(), **_mappings(12)})
    said = [json.loads(line)["@message"] for line in capsys.readouterr().err.splitlines()]
    planned = [text for text in said if "planned so far" in text]
    assert planned[0] == (
        "10 requests of createDestinationSubscription are planned so far: at 5 a minute they take "
        "at least 1 minute"
    )
    left = [text for text in said if "are left" in text]
    assert len(left) == 12
    assert left[0].startswith("12 of 12 requests of createDestinationSubscription are left")
    assert left[0].endswith("at 5 a minute about 2 minutes")
    assert left[-1].startswith("1 of 12")


def test_what_is_few_is_not_worth_a_line(core: Core, capsys: pytest.CaptureFixture[str]) -> None:
    core.apply({**six(), **_mappings(3)})
    assert "are left" not in capsys.readouterr().err


def test_a_count_that_is_old_or_broken_is_done_without(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    about = registry()["destination_subscription"].about
    path = tmp_path / "cache" / "w.pace"
    first = Pace(path)
    for _ in range(7):
        first.planned(about, "create")
    assert Pace(path).applies(about, "create").startswith("7 of 7")
    with monkeypatch.context() as later:
        later.setattr(pace, "SECONDS", -1.0)
        assert Pace(path).applies(about, "create") == ""
    # The next plan begins anew.
    Pace(path).planned(about, "update")
    assert len(path.read_text().splitlines()) == 1
    for text in ("nonsense", "[]", '{"planned": 1}', "\0"):
        path.write_text(text)
        assert Pace(path).applies(about, "create") == ""
    blocked = Pace(tmp_path / "cache" / "w.pace" / "below")
    assert blocked.planned(about, "create") == ""
    # A kind without a limit of its own is never counted.
    assert Pace(path).planned(registry()["source"].about, "create") == ""
