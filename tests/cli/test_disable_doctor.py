"""`segform disable` in at most two requests, and `segform doctor`."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from .conftest import Desk


@pytest.mark.parametrize("named", ["address", "name", "id"])
@pytest.mark.parametrize("what", ["source", "destination", "filter"])
def test_at_most_two_requests(desk: Desk, what: str, named: str) -> None:
    desk.has()
    held = desk.place.held()
    family = f"{what}s"
    [one] = held[family]
    on = ("--destination", held["destinations"][0]["id"]) if what == "filter" else ()
    if named == "address":
        given: tuple[str, ...] = ({"source": "web", "destination": "hook"}.get(what, "no-pages"),)
    elif named == "name":
        [file] = desk.folder.glob("*.bindings.json")
        file.unlink()
        given = (one.get("title") or one["name"], *on)
    else:
        given = (one["id"], "--id", *on)
    ended = desk.run("disable", what, *given)
    assert ended.code == 0, ended
    assert len(desk.place.sent()) == (2 if named == "name" else 1)
    assert desk.place.held()[family][0]["enabled"] is False


def test_a_pin_is_one_request_more(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.has()
    monkeypatch.setenv("SEGMENT_WORKSPACE", desk.place.held()["slug"])
    desk.place.sent()
    assert desk.run("disable", "source", "web").code == 0
    assert desk.place.sent() == ["getWorkspace", "updateSource"]
    [file] = desk.folder.glob("*.bindings.json")
    file.unlink()
    assert desk.run("disable", "source", desk.place.held()["sources"][0]["name"]).code == 0
    assert desk.place.sent() == ["getWorkspace", "listSources", "updateSource"]
    monkeypatch.setenv("SEGMENT_WORKSPACE", "another")
    assert desk.run("disable", "source", "web", "--id").code == 1
    assert desk.place.sent() == ["getWorkspace"]


def test_which_one_is_never_guessed(desk: Desk) -> None:
    desk.has()
    source = desk.place.held()["sources"][0]["id"]
    for _ in range(2):
        body = {"sourceId": source, "metadataId": "614a3c7d791c91c41bae7599", "name": "Twin"}
        desk.place.client.request("createDestination", body={**body, "settings": {}})
    desk.place.sent()
    ended = desk.run("disable", "destination", "Twin")
    assert ended.code == 1
    assert "could be any of" in ended.err
    assert desk.run("disable", "destination", "Nobody").code == 1
    assert "--destination" in desk.run("disable", "filter", "Twin").err
    assert desk.place.writes() == []


def test_at_most_two_requests_however_many_there_are(desk: Desk) -> None:
    """The look-up is one page; what is not on it has to be named by its id."""
    transport = desk.place.emulator.transport()
    with httpx.Client(base_url="https://emulator.example", transport=transport) as wire:
        wire.post("/_emulator/seed?sources=450")
    last = desk.place.held()["sources"][-1]
    desk.place.sent()
    ended = desk.run("disable", "source", last["slug"])
    assert ended.code == 1
    assert "among the first 200: give its id, with --id" in ended.err
    assert desk.place.sent() == ["listSources"]
    assert desk.run("disable", "source", last["id"], "--id").code == 0
    assert desk.place.sent() == ["updateSource"]


def test_an_address_in_two_files_of_bindings_is_asked_about(desk: Desk) -> None:
    """Which workspace is meant is not guessed while something burns."""
    desk.has()
    [mine] = desk.folder.glob("*.bindings.json")
    other = json.loads(mine.read_text())
    other["bindings"]["source.web"] = "another"
    (desk.folder / "other.bindings.json").write_text(json.dumps(other))
    desk.place.sent()
    ended = desk.run("disable", "source", "web")
    assert ended.code == 1
    assert "in more than one bindings file here: say which by --bindings" in ended.err
    assert desk.place.sent() == []
    assert desk.run("disable", "source", "web", "--bindings", mine).code == 0


def test_all_is_well(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.has()
    ended = desk.run("doctor", "--json")
    checks = {one["what"]: one for one in json.loads(ended.out)["checks"]}
    assert ended.code == 0
    assert desk.place.writes() == []
    for what in ("segform", "token", "workspace", "region", "role", "bindings"):
        assert checks[what]["state"] == "well", checks[what]
    assert {"terraform", "node", "provider"} <= set(checks)
    assert all(one["mend"] for one in checks.values() if one["state"] != "well")


def test_no_token(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    from segform import Segment
    from segform.cli import _place

    for name in ("SEGMENT_API_TOKEN", "PUBLIC_API_TOKEN", "SEGMENT_API_TOKEN_FILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(_place, "client", Segment)
    monkeypatch.setenv("PATH", "")
    ended = desk.run("doctor")
    assert ended.code == 1
    assert "wrong   token" in ended.out
    assert "SEGMENT_API_TOKEN" in ended.out
    assert "absent  terraform" in ended.out


def test_a_wrong_token_says_what_to_do(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    from segform import Segment
    from segform.cli import _place

    def client(**options: Any) -> Segment:
        transport = desk.place.emulator.transport()
        return Segment("wrong", url="https://emulator.example", transport=transport, **options)

    monkeypatch.setattr(_place, "client", client)
    ended = desk.run("doctor")
    assert ended.code == 1
    assert "SEGMENT_REGION" in ended.out


def test_a_token_of_the_other_region(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The emulator's workspace is in the region us, and its token is not known in the other."""
    from segform import Segment
    from segform.cli import _place
    from segform.contract import SERVERS

    def client(region: str = "eu", **options: Any) -> Segment:
        emulator = desk.place.emulator
        options |= {"url": SERVERS[region], "transport": emulator.transport()}
        return Segment(emulator.token, **options)

    monkeypatch.setattr(_place, "client", client)
    ended = desk.run("doctor")
    assert ended.code == 1
    assert "-> It is a token of the region us: set SEGMENT_REGION=us." in ended.out
    monkeypatch.setattr(_place, "client", lambda **options: client("us", **options))
    checks = {one["what"]: one for one in json.loads(desk.run("doctor", "--json").out)["checks"]}
    assert checks["region"]["found"] == f"us ({SERVERS['us']})"


def test_a_role_that_sees_less_and_an_api_that_breaks(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    from segform import Segment, ServerError

    desk.has()
    desk.hide("listUsers")
    ended = desk.run("doctor")
    assert ended.code == 0
    assert "absent  role         may not see users and groups" in ended.out

    def pages(client: Any, name: str, **options: Any) -> Any:
        raise ServerError("it broke", status_code=500)

    monkeypatch.setattr(Segment, "pages", pages)
    ended = desk.run("doctor")
    assert ended.code == 1
    assert "wrong   role         it broke" in ended.out


def test_profile_journal_and_bindings(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    (desk.folder / "segform.toml").write_text(
        '[profiles.prod]\nbindings = "prod.json"\n[profiles.dev]\n'
    )
    ended = desk.run("doctor")
    assert "absent  profile      none is chosen" in ended.out
    assert "-> Choose by --profile or SEGFORM_PROFILE: dev, prod." in ended.out
    monkeypatch.setenv("SEGFORM_JOURNAL", "off")
    monkeypatch.setenv("SEGMENT_READ_ONLY", "1")
    ended = desk.run("doctor", "--profile", "prod")
    assert f"well    profile      prod, of {desk.folder / 'segform.toml'}" in ended.out
    assert "absent  journal      SEGFORM_JOURNAL is off" in ended.out
    assert f"absent  bindings     there is no {desk.folder / 'prod.json'}" in ended.out
    assert "SEGMENT_READ_ONLY lets nothing be written" in ended.out
    (desk.folder / "way").write_text("")
    monkeypatch.setenv("SEGFORM_JOURNAL", str(desk.folder / "way" / "deeper"))
    assert "The journal cannot be used" in desk.run("doctor").out
