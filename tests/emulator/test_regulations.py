"""Regulations and suppressions, carried out by the clock."""

from __future__ import annotations

from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import pytest

from segform_emulator import Emulator

from .api import Api


def regulate(
    api: Api, kind: str = "SUPPRESS_ONLY", *subjects: str, path: str = "", **more: Any
) -> str:
    """A regulation; its id."""
    body = {"regulationType": kind, "subjectType": "USER_ID", "subjectIds": subjects or ["ann"]}
    found: str = api.post(f"/regulations{path}", {**body, **more})["regulateId"]
    return found


def turn(api: Api, **given: Any) -> None:
    """Turn the clock."""
    api.control("POST", "clock", given)


def suppressed(api: Api) -> list[str]:
    """Who is suppressed."""
    return [one["subjectIds"][0] for one in api.get("/suppressions")["suppressed"]]


def test_it_is_carried_out_by_the_clock(api: Api) -> None:
    turn(api, stopped=True)
    source = api.source()
    destination = api.destination(source["id"])
    made = regulate(api, "DELETE_ONLY", "ann", "bob", "ann")
    assert len(made) == 27
    found = api.get(f"/regulations/{made}")["regulation"]
    assert (found["overallStatus"], "finishedAt" in found) == ("INITIALIZED", False)
    (stream,) = found["streamStatus"]
    assert stream["id"] == source["id"]
    assert [(one["id"], one["status"]) for one in stream["destinationStatus"]] == [
        (destination["id"], "INITIALIZED")
    ]
    turn(api, advance=120)
    assert api.get(f"/regulations/{made}")["regulation"]["overallStatus"] == "RUNNING"
    turn(api, advance=600)
    found = api.get(f"/regulations/{made}")["regulation"]
    assert found["overallStatus"] == "FINISHED"
    assert found["finishedAt"] > found["createdAt"]
    assert found["streamStatus"][0]["destinationStatus"][0]["status"] == "FINISHED"
    (entry,) = api.get("/regulations")["regulations"]
    assert (entry["subjects"], entry["status"]) == (["ann", "bob"], "FINISHED")
    assert api.refused("GET", "/regulations/none").status == 404


def test_types_for_segment_only_touch_no_destination(api: Api) -> None:
    api.destination(api.source()["id"])
    made = regulate(api, "DELETE_INTERNAL")
    (stream,) = api.get(f"/regulations/{made}")["regulation"]["streamStatus"]
    assert stream["destinationStatus"] == []


def test_lists_are_apart_and_filtered(api: Api) -> None:
    turn(api, stopped=True)
    web, app = api.source("web"), api.source("app")
    whole = regulate(api, "DELETE_INTERNAL")
    turn(api, advance=3_600)
    suppress = regulate(api, "SUPPRESS_ONLY")
    mine = regulate(api, "DELETE_ARCHIVE_ONLY", path=f"/sources/{web['id']}")
    cloud = regulate(
        api,
        "DELETE_ONLY",
        path=f"/cloudsources/{web['id']}",
        subjectType="OBJECT_ID",
        collection="contacts",
    )

    def ids(path: str) -> list[str]:
        return [one["id"] for one in api.get(f"/regulations{path}")["regulations"]]

    assert ids("") == [whole, suppress]
    assert ids(f"/sources/{web['id']}") == [mine, cloud]
    assert ids(f"/sources/{app['id']}") == []
    assert ids("?status=FINISHED") == [whole]
    assert ids("?regulationTypes.0=SUPPRESS_ONLY&regulationTypes.1=UNSUPPRESS") == [suppress]
    assert ids("?regulationTypes=SUPPRESS_ONLY,DELETE_INTERNAL") == [whole, suppress]
    assert ids("?pagination.count=1") == [whole]
    for wrong in ("status=DONE", "regulationTypes=NONE"):
        assert api.refused("GET", f"/regulations?{wrong}").status == 422
    assert api.refused("GET", "/regulations/sources/none").status == 404


@pytest.mark.parametrize(
    ("path", "change"),
    [
        ("", {"subjectIds": []}),
        ("", {"subjectIds": [""]}),
        ("", {"subjectIds": [f"u{number}" for number in range(5_001)]}),
        ("", {"regulationType": "DELETE_ARCHIVE_ONLY"}),
        ("", {"subjectType": "ANONYMOUS_ID"}),
        ("/cloudsources/{}", {"subjectType": "OBJECT_ID"}),
        ("/cloudsources/{}", {"collection": "x"}),
    ],
)
def test_what_is_refused(api: Api, path: str, change: dict[str, Any]) -> None:
    body = {"regulationType": "DELETE_ONLY", "subjectType": "USER_ID", "subjectIds": ["ann"]}
    where = f"/regulations{path}".format(api.source()["id"])
    assert api.refused("POST", where, {**body, **change}).status == 422


def test_5000_subjects_are_not_too_many(api: Api) -> None:
    regulate(api, "SUPPRESS_ONLY", *[f"u{number}" for number in range(5_000)])
    assert len(api.get("/suppressions?pagination.count=1000")["suppressed"]) == 1_000
    assert (
        api.refused(
            "POST",
            "/regulations/sources/none",
            {"regulationType": "DELETE_ONLY", "subjectType": "USER_ID", "subjectIds": ["ann"]},
        ).status
        == 404
    )


def test_suppressing_and_lifting_it(api: Api) -> None:
    source = api.source()
    below = f"/sources/{source['id']}"
    regulate(api, "SUPPRESS_ONLY", "ann", "bob")
    regulate(api, "SUPPRESS_WITH_DELETE", "cy", path=below)
    regulate(api, "DELETE_INTERNAL", "dan")
    assert suppressed(api) == ["ann", "bob", "cy"]
    regulate(api, "UNSUPPRESS", "ann", "nobody")
    regulate(api, "UNSUPPRESS", "cy", path=below)
    assert suppressed(api) == ["bob"]
    # What the workspace suppresses, a source cannot lift.
    failed = regulate(api, "UNSUPPRESS", "bob", path=below)
    turn(api, advance=3_600)
    assert api.get(f"/regulations/{failed}")["regulation"]["overallStatus"] == "FAILED"
    assert suppressed(api) == ["bob"]
    regulate(api, "SUPPRESS_ONLY", "bob", path=below)
    assert suppressed(api) == ["bob"]


def test_it_is_forgotten_after_90_days(api: Api) -> None:
    made = regulate(api)
    turn(api, advance=89 * 86_400)
    assert api.get("/regulations")["regulations"]
    turn(api, advance=2 * 86_400)
    assert api.get("/regulations")["regulations"] == []
    assert api.refused("GET", f"/regulations/{made}").status == 404
    assert suppressed(api) == ["ann"]


def test_the_headers_tell_of_the_months_quota(api: Api) -> None:
    turn(api, stopped=True)
    body = {"regulationType": "DELETE_ONLY", "subjectType": "USER_ID"}

    def send(kind: str, count: int) -> Any:
        subjects = [f"u{number}" for number in range(count)]
        return api.send(
            "POST", "/regulations", {**body, "regulationType": kind, "subjectIds": subjects}
        )

    for number in range(1, 23):
        answer = send("DELETE_ONLY", 5_000)
        assert answer.headers["X-RateLimit-Remaining"] == str(110_000 - 5_000 * number)
    refused = send("SUPPRESS_WITH_DELETE", 1)
    assert (refused.status_code, refused.headers["X-RateLimit-Remaining"]) == (429, "0")
    assert parsedate_to_datetime(refused.headers["X-RateLimit-Reset"]).day == 1
    assert refused.json()["errors"][0]["data"]["consumedPoints"] == 110_000
    # The other class of types has its own, and so has the next month.
    assert send("SUPPRESS_ONLY", 1).headers["X-RateLimit-Remaining"] == "109999"
    turn(api, advance=32 * 86_400)
    assert send("DELETE_ONLY", 1).status_code == 200


def test_only_owners_regulate(emulator: Emulator, api: Api) -> None:
    label = {"key": "environment", "value": "production"}
    api.post("/labels", {"label": label})
    inside, outside = api.source("inside"), api.source("outside")
    api.put(f"/sources/{inside['id']}/labels", {"labels": [label]})
    seen = regulate(api, "SUPPRESS_ONLY", "ann", path=f"/sources/{inside['id']}")
    hidden = regulate(api, "SUPPRESS_ONLY", "bob", path=f"/sources/{outside['id']}")
    for who in ("member", "no_source_admin", "source_admin", "label_scoped"):
        body = {"regulationType": "DELETE_ONLY", "subjectType": "USER_ID", "subjectIds": ["a"]}
        assert Api(emulator, who).refused("POST", "/regulations", body).status == 403
    scoped = Api(emulator, "label_scoped")
    assert suppressed(scoped) == ["ann"]
    assert scoped.get(f"/regulations/{seen}")
    assert scoped.refused("GET", f"/regulations/{hidden}").status == 404
    assert scoped.refused("GET", f"/regulations/sources/{outside['id']}").status == 403


def test_a_folder_keeps_them(tmp_path: Path) -> None:
    before = Emulator(data=tmp_path)
    made = regulate(Api(before))
    before.close()
    after = Emulator(data=tmp_path)
    api = Api(after)
    assert api.get(f"/regulations/{made}")["regulation"]["id"] == made
    assert suppressed(api) == ["ann"]
    regulate(api, "UNSUPPRESS")
    assert suppressed(api) == []
    after.close()
