"""What every operation shares: pages, tokens, versions, limits, faults, the log."""

from __future__ import annotations

from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from segform_emulator import Emulator
from segform_emulator.exact import dumps, loads

from .api import WEB, Api


def slugs(answer: Any) -> list[str]:
    return [source["slug"] for source in answer["sources"]]


@pytest.mark.parametrize(
    "form",
    [
        "pagination[count]={count}&pagination[cursor]={cursor}",
        "pagination.count={count}&pagination.cursor={cursor}",
        'pagination={{"count":{count},"cursor":"{cursor}"}}',
    ],
)
def test_pages_in_three_forms(api: Api, form: str) -> None:
    for number in range(7):
        api.source(f"s{number}")
    found: list[str] = []
    cursor: str | None = ""
    pages = 0
    while cursor is not None:
        query = quote(form.format(count=3, cursor=cursor), safe="=&")
        answer = api.get(f"/sources?{query}")
        found += slugs(answer)
        assert answer["pagination"]["totalEntries"] == 7
        cursor = answer["pagination"].get("next")
        pages += 1
    assert (found, pages) == ([f"s{number}" for number in range(7)], 3)
    assert answer["pagination"]["previous"]


def test_a_page_without_a_count_has_200(api: Api) -> None:
    api.control("POST", "seed?sources=205")
    assert len(api.get("/sources")["sources"]) == 200
    assert len(api.get("/sources?pagination[count]=1000")["sources"]) == 205
    for wrong in ("0", "1001", "many", "-1"):
        assert api.refused("GET", f"/sources?pagination[count]={wrong}").status == 422
    wrong = "/sources?pagination[count]=1&pagination[cursor]=?"
    assert api.refused("GET", wrong).status == 422


def test_tokens(emulator: Emulator, api: Api) -> None:
    source = api.source()
    for header in ("", "Bearer", "Bearer nonsense", f"Basic {emulator.token}"):
        answer = api.send("GET", "/", headers={"authorization": header})
        assert answer.status_code == 401
    assert Api(emulator, "revoked").refused("GET", "/").status == 401
    other = Api(emulator, "other_workspace")
    assert other.get("/")["workspace"]["id"] != api.get("/")["workspace"]["id"]
    assert other.refused("GET", f"/sources/{source['id']}").status == 404
    assert other.get("/sources")["sources"] == []


def test_regions_know_their_own_tokens(emulator: Emulator) -> None:
    us, eu = "api.segmentapis.com", "eu1.api.segmentapis.com"
    assert Api(emulator, "owner", us).get("/")["workspace"]["slug"] == "acme"
    assert Api(emulator, "eu", eu).get("/")["workspace"]["slug"] == "acme-eu"
    assert Api(emulator, "eu", us).refused("GET", "/").status == 401
    assert Api(emulator, "owner", eu).refused("GET", "/").status == 401
    assert Api(Emulator(region="eu"), "owner").refused("GET", "/").status == 401


def test_a_member_reads_without_keys_and_writes_nothing(emulator: Emulator, api: Api) -> None:
    source = api.source()
    member = Api(emulator, "member")
    assert member.get(f"/sources/{source['id']}")["source"]["writeKeys"] == []
    assert member.refused("PATCH", f"/sources/{source['id']}", {"name": "x"}).status == 403
    weak = Api(emulator, "no_source_admin")
    assert weak.get("/sources")["sources"][0]["writeKeys"] == []
    assert weak.plan()["id"]
    assert weak.refused("DELETE", f"/sources/{source['id']}").status == 403
    admin = Api(emulator, "source_admin")
    assert admin.get("/sources")["sources"][0]["writeKeys"] == source["writeKeys"]
    assert admin.destination(source["id"])
    body = {"name": "x", "type": "LIVE"}
    assert admin.refused("POST", "/tracking-plans", body).status == 403


def test_a_role_for_a_label_sees_its_sources_only(emulator: Emulator, api: Api) -> None:
    label = {"key": "environment", "value": "production"}
    api.post("/labels", {"label": label})
    inside, outside = api.source("inside"), api.source("outside")
    api.put(f"/sources/{inside['id']}/labels", {"labels": [label]})
    mine, others = api.destination(inside["id"]), api.destination(outside["id"])
    scoped = Api(emulator, "label_scoped")
    assert slugs(scoped.get("/sources")) == ["inside"]
    assert [one["id"] for one in scoped.get("/destinations")["destinations"]] == [mine["id"]]
    # What belongs to no source is seen by everyone.
    plan = api.plan()
    assert scoped.get("/tracking-plans")["trackingPlans"] == [plan]
    assert scoped.get("/catalog/sources")["sourcesCatalog"]
    assert scoped.refused("GET", f"/sources/{outside['id']}").status == 403
    assert scoped.refused("GET", f"/destinations/{others['id']}").status == 403
    assert scoped.patch(f"/sources/{inside['id']}", {"name": "x"})["source"]["name"] == "x"
    body = {"slug": "new", "enabled": True, "metadataId": WEB}
    assert scoped.refused("POST", "/sources", body).status == 403


@pytest.mark.parametrize("name", ["v1", "v1beta", "v1alpha", "stable", "beta", "alpha"])
def test_versions_are_media_types_in_both_spellings(api: Api, name: str) -> None:
    accept = {"accept": f"application/vnd.segment.{name}+json"}
    assert api.send("GET", "/sources", headers=accept).status_code == 200


def test_an_operation_that_only_alpha_has(api: Api) -> None:
    path = f"/sources/{api.source()['id']}/writekey"
    stable = {"accept": "application/vnd.segment.v1+json"}
    alpha = {"accept": "application/vnd.segment.v1alpha+json"}
    assert api.send("POST", path, headers=stable).status_code == 404
    assert api.send("POST", path, headers=alpha).status_code == 200


def test_bodies_that_are_none(api: Api) -> None:
    for body in ("{", "[]", "NaN", '{"slug": NaN}', "\xff"):
        assert api.refused("POST", "/sources", body).status == 400
    assert api.send("GET", f"/sources/{'x' * 300}").status_code == 422
    assert api.send("GET", f"/sources?x={'x' * 20_000}").status_code == 414
    assert api.send("POST", "/sources", b" " * (11 * 1024 * 1024)).status_code == 413


def test_an_encoded_slash_is_part_of_an_id(api: Api) -> None:
    assert "a/b" in api.refused("GET", "/sources/a%2Fb").message


def test_limits_count_in_headers_and_refuse_when_asked_to(emulator: Emulator, api: Api) -> None:
    emulator.clock.stop(True)
    settings = {"enforce": True, "default": 3, "operations": {"listLabels": 1}}
    api.control("POST", "limits", settings)
    answers = [api.send("GET", "/sources") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert [answer.headers["x-ratelimit-consumed"] for answer in answers] == ["1", "2", "3", "4"]
    assert answers[1].headers["x-ratelimit-remaining"] == "1"
    (item,) = answers[3].json()["errors"]
    assert (item["type"], item["message"]) == ("RequestError", "Too many requests")
    data = item["data"]
    assert (data["remainingPoints"], data["consumedPoints"]) == (0, 4)
    assert 0 < data["msBeforeNext"] <= 60_000
    assert 0 <= int(answers[3].headers["retry-after"]) * 1000 - data["msBeforeNext"] < 1000
    assert "retry-after" not in answers[2].headers
    reset = parsedate_to_datetime(answers[3].headers["x-ratelimit-reset"])
    assert reset > emulator.clock.now()
    # Endpoints with a limit of their own and other tokens have their own windows.
    assert api.send("GET", "/labels").status_code == 200
    assert api.send("GET", "/labels").status_code == 429
    assert Api(emulator, "member").get("/sources")
    api.control("POST", "clock", {"advance": data["msBeforeNext"] / 1000})
    assert api.send("GET", "/sources").status_code == 200


def test_documented_limits_hold_when_enforced(api: Api) -> None:
    api.emulator.clock.stop(True)
    api.control("POST", "limits", {"enforce": True})
    bodies = [{"label": {"key": "k", "value": f"v{number}"}} for number in range(61)]
    codes = [api.send("POST", "/labels", body).status_code for body in bodies]
    assert codes == [201] * 60 + [429]


def test_limits_refuse_nothing_by_default(api: Api) -> None:
    bodies = [{"label": {"key": "k", "value": f"v{number}"}} for number in range(61)]
    assert {api.send("POST", "/labels", body).status_code for body in bodies} == {201}


@pytest.mark.parametrize(
    ("kind", "exists"),
    [
        ("disconnect", False),
        ("drop_after_commit", True),
        ("error_before", False),
        ("error_after", True),
        ("html", False),
        ("truncated", True),
        ("hidden", False),
    ],
)
def test_faults_strike_once_and_truly_happen(api: Api, kind: str, exists: bool) -> None:
    api.control("POST", "faults", {"kind": kind, "operation": "createSource"})
    body = {"slug": "web", "enabled": True, "metadataId": WEB}
    if kind in ("disconnect", "drop_after_commit"):
        with pytest.raises(httpx.RemoteProtocolError):
            api.send("POST", "/sources", body)
    else:
        answer = api.send("POST", "/sources", body)
        codes = {"html": 502, "truncated": 201, "hidden": 404}
        assert answer.status_code == codes.get(kind, 500)
        if kind in ("html", "truncated"):
            with pytest.raises(ValueError):
                answer.json()
    assert slugs(api.get("/sources")) == (["web"] if exists else [])
    assert api.control("GET", "faults") == {"faults": []}


def test_a_fault_is_aimed(api: Api) -> None:
    source = api.source()
    path = f"/sources/{source['id']}"
    aim = {"kind": "error_before", "status": 503, "method": "GET", "path": "/sources/*"}
    api.control("POST", "faults", {**aim, "after": 1, "count": 2})
    assert api.get("/sources")
    assert [api.send("GET", path).status_code for _ in range(4)] == [200, 503, 503, 200]
    api.control("POST", "faults", {**aim, "count": 0})
    assert [api.send("GET", path).status_code for _ in range(3)] == [503] * 3
    api.control("DELETE", "faults")
    assert api.get(path)
    for wrong in ({"kind": "none"}, {"kind": "slow", "seconds": "1"}, {"kind": "slow", "x": 1}):
        assert api.refused("POST", "/_emulator/faults", wrong).status == 400


def test_a_slow_answer_outlasts_a_short_patience(api: Api) -> None:
    api.control("POST", "faults", {"kind": "slow", "seconds": 600, "operation": "createSource"})
    body = {"slug": "web", "enabled": True, "metadataId": WEB}
    with pytest.raises(httpx.ReadTimeout):
        api.send("POST", "/sources", body, timeout=1)
    assert slugs(api.get("/sources")) == ["web"]


def test_pages_that_shift_and_pages_that_lack(api: Api) -> None:
    for number in range(4):
        api.source(f"s{number}")
    api.control("POST", "faults", {"kind": "missing_from_page", "operation": "listSources"})
    assert slugs(api.get("/sources")) == ["s1", "s2", "s3"]
    assert slugs(api.get("/sources")) == ["s0", "s1", "s2", "s3"]
    shift = {"kind": "shifted_page", "operation": "listSources", "after": 1}
    api.control("POST", "faults", shift)
    first = api.get("/sources?pagination[count]=2")
    cursor = quote(first["pagination"]["next"])
    second = api.get(f"/sources?pagination[count]=2&pagination[cursor]={cursor}")
    assert (slugs(first), slugs(second)) == (["s0", "s1"], ["s3"])
    assert slugs(api.get("/sources")) == ["s1", "s2", "s3"]


def test_the_log_counts_by_operation(api: Api) -> None:
    api.source()
    api.get("/sources")
    api.get("/sources")
    api.refused("GET", "/nothing")
    log = api.control("GET", "log")
    assert log["operations"] == {"createSource": 1, "listSources": 2, "unknown": 1}
    assert [entry["status"] for entry in log["requests"]] == [201, 200, 200, 404]
    told = api.control("GET", "requests")
    assert (told["count"], told["writes"]) == (4, 1)
    api.control("DELETE", "requests")
    assert api.control("GET", "requests") == {"count": 0, "writes": 0, "operations": {}}
    assert len(api.control("GET", "log")["requests"]) == 4
    api.control("DELETE", "log")
    assert api.control("GET", "log")["requests"] == []


def test_answers_that_break_the_contract_are_errors_of_ours(emulator: Emulator, api: Api) -> None:
    source = api.source()
    emulator.workspaces[0].sources[source["id"]]["enabled"] = "perhaps"
    found = api.refused("GET", f"/sources/{source['id']}")
    assert (found.status, found.type) == (500, "emulator-contract")
    assert "/source/enabled" in found.message
    assert api.control("GET", "violations")["violations"] == [found.message]
    emulator.checks.clear()


def test_numbers_keep_every_digit() -> None:
    text = '{"a":0.1,"b":9007199254740993,"c":1.1,"d":"1.10","e":[1E+400,-2.5]}'
    assert dumps(loads(text)) == text
    assert dumps(loads("[1.0,2.50,1e2,0.0,-0.0]")) == "[1,2.5,100,0,0]"
