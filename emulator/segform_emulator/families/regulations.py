"""Deletion and suppression: regulations, carried out by the clock, and whom they suppress.

A regulation is initialized when it is made, runs after a while and finishes later; turning the
clock is enough. How long each takes differs by days on the service (unknown).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from email.utils import format_datetime
from typing import Any

from segform_emulator.errors import Fault, invalid, not_found
from segform_emulator.moments import moment, stamp
from segform_emulator.query import listed
from segform_emulator.workspace import Object, Workspace

from .call import Call, Handler

RUNS_AFTER = dt.timedelta(minutes=1)
FINISHED_AFTER = dt.timedelta(minutes=10)
# Documented: older ones are forgotten.
REMEMBERED = dt.timedelta(days=90)
# Documented: subjects of one request, and of a calendar month for each class of types.
MOST_SUBJECTS = 5_000
MONTHLY = 110_000

# Documented: what goes on to destinations is counted apart.
_WITH_DESTINATIONS = ("DELETE_ONLY", "SUPPRESS_WITH_DELETE")
_SUPPRESSES = ("SUPPRESS_ONLY", "SUPPRESS_WITH_DELETE", "SUPPRESS_WITH_DELETE_INTERNAL")
_TYPES = (*_WITH_DESTINATIONS, *_SUPPRESSES, "DELETE_ARCHIVE_ONLY", "DELETE_INTERNAL", "UNSUPPRESS")
_FAILURE = "The subject is suppressed for the whole workspace."


def _create(scope: Callable[[Call], str]) -> Handler:
    """An operation that makes a regulation, of a source or with an empty `scope` of all."""

    def create(call: Call) -> dict[str, Any]:
        source_id = scope(call)
        subjects = _subjects(call)
        _spend(call, len(subjects))
        body = call.body
        made: Object = {
            "id": call.make.ksuid(),
            "regulationType": body["regulationType"],
            "subjectType": body["subjectType"],
            "subjects": subjects,
            "createdAt": call.clock.stamp(),
            "streams": _streams(call.workspace, source_id, body["regulationType"]),
        }
        if source_id:
            made["sourceId"] = source_id
        if "collection" in body:
            made["collection"] = body["collection"]
        if _suppress(call.workspace, made, source_id):
            made["failed"] = True
        call.workspace.more["regulations"][made["id"]] = made
        return {"regulateId": made["id"]}

    return create


def _subjects(call: Call) -> list[str]:
    """Those of the body, each once. Raises `Fault` 422."""
    given: list[str] = call.body["subjectIds"]
    if not given:
        raise invalid("subjectIds", '"subjectIds" must contain at least 1 items')
    if len(given) > MOST_SUBJECTS:
        raise invalid(
            "subjectIds",
            f'"subjectIds" must contain less than or equal to {MOST_SUBJECTS} items',
        )
    for index, one in enumerate(given):
        if not one:
            raise invalid("subjectIds", f'"subjectIds[{index}]" is not allowed to be empty')
    return list(dict.fromkeys(given))


def _spend(call: Call, count: int) -> None:
    """Take subjects off the month's quota; its rest is in the headers. Raises `Fault` 429.

    That the headers tell of the quota is documented, that the answer beyond it is 429 inferred.
    """
    now = call.clock.now()
    month = now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    following = (month + dt.timedelta(days=32)).replace(day=1)
    kind = "destinations" if call.body["regulationType"] in _WITH_DESTINATIONS else "segment"
    quotas = call.workspace.more["regulation_quotas"]
    key = f"{month:%Y-%m}/{kind}"
    used = quotas.get(key, {"used": 0})["used"]
    headers = {
        "X-RateLimit-Consumed": str(used + count),
        "X-RateLimit-Remaining": str(max(0, MONTHLY - used - count)),
        "X-RateLimit-Reset": format_datetime(following, usegmt=True),
    }
    if used + count > MONTHLY:
        headers["X-RateLimit-Consumed"] = str(used)
        data = {
            "remainingPoints": MONTHLY - used,
            "msBeforeNext": int((following - now).total_seconds() * 1000),
            "consumedPoints": used,
        }
        headers["Retry-After"] = str(data["msBeforeNext"] // 1000 + 1)
        raise Fault(429, "RequestError", "Too many requests", data=data, headers=headers)
    quotas[key] = {"id": key, "used": used + count}
    call.headers.update(headers)


def _streams(workspace: Workspace, source_id: str, kind: str) -> list[Object]:
    """The sources that a regulation is carried out in, and the destinations that it goes on to."""
    return [
        {
            "id": one,
            "destinations": [
                {"id": destination["id"], "name": destination.get("name", destination["id"])}
                for destination in workspace.destinations.values()
                if destination["sourceId"] == one and kind in _WITH_DESTINATIONS
            ],
        }
        for one in ([source_id] if source_id else workspace.sources)
    ]


def _suppress(workspace: Workspace, made: Object, source_id: str) -> bool:
    """Suppress the subjects, or lift it, at once (unknown); whether that is not possible.

    Documented: what the workspace suppresses a source cannot lift, and such a request fails.
    """
    held = workspace.more["suppressions"]
    kind = made["subjectType"]
    if made["regulationType"] in _SUPPRESSES:
        for subject in made["subjects"]:
            one: Object = {"id": _key(source_id, kind, subject), "subject": [kind, subject]}
            held[one["id"]] = {**one, "sourceId": source_id} if source_id else one
    if made["regulationType"] != "UNSUPPRESS":
        return False
    if source_id and any(_key("", kind, subject) in held for subject in made["subjects"]):
        return True
    for subject in made["subjects"]:
        key = _key(source_id, kind, subject)
        if key in held:
            del held[key]
    return False


def _key(source_id: str, kind: str, subject: str) -> str:
    return f"{source_id}/{kind}/{subject}"


def _all(_call: Call) -> str:
    return ""


def _source(call: Call) -> str:
    return str(call.workspace.source(call.path["sourceId"])["id"])


def _progress(call: Call, regulation: Object) -> Object:
    """Its status by the clock, and when it finished."""
    created = moment(regulation["createdAt"], "createdAt")
    age = call.clock.now() - created
    if age >= FINISHED_AFTER:
        status = "FAILED" if regulation.get("failed") else "FINISHED"
        return {"status": status, "finishedAt": stamp(created + FINISHED_AFTER)}
    return {"status": "RUNNING" if age >= RUNS_AFTER else "INITIALIZED"}


def _kept(call: Call) -> Iterator[Object]:
    oldest = call.clock.now() - REMEMBERED
    for one in call.workspace.more["regulations"].values():
        if moment(one["createdAt"], "createdAt") > oldest:
            yield one


def _list(call: Call, found: Iterator[Object]) -> dict[str, Any]:
    """Those that a query asks for, in the order in which they were made (unknown)."""
    types = [
        part for one in listed(call.query.get("regulationTypes")) for part in str(one).split(",")
    ]
    for one in types:
        if one not in _TYPES:
            known = ", ".join(sorted(_TYPES))
            raise invalid("regulationTypes", f'"regulationTypes" must be one of [{known}]')
    status = call.query.get("status")
    wanted = [
        one
        for one in found
        if (not types or one["regulationType"] in types)
        and status in (None, _progress(call, one)["status"])
    ]
    return call.page(wanted, "regulations", _entry)


def _entry(call: Call, regulation: Object) -> Object:
    facts = ("id", "subjectType", "subjects", "createdAt", "regulationType")
    return {**{name: regulation[name] for name in facts}, **_progress(call, regulation)}


def every(call: Call) -> dict[str, Any]:
    """`GET /regulations`: those of the whole workspace."""
    return _list(call, (one for one in _kept(call) if "sourceId" not in one))


def of_source(call: Call) -> dict[str, Any]:
    """`GET /regulations/sources/{sourceId}`."""
    source_id = _source(call)
    return _list(call, (one for one in _kept(call) if one.get("sourceId") == source_id))


def get(call: Call) -> dict[str, Any]:
    """`GET /regulations/{regulateId}`."""
    for one in call.role.visible(call.workspace, _kept(call)):
        if one["id"] == call.path["regulateId"]:
            progress = _progress(call, one)
            made: Object = {
                "id": one["id"],
                "workspaceId": call.workspace.id,
                "overallStatus": progress.pop("status"),
                "createdAt": one["createdAt"],
                "streamStatus": [_stream(call, one, stream) for stream in one["streams"]],
            }
            return {"regulation": {**made, **progress}}
    raise not_found(f"The regulation {call.path['regulateId']!r}")


def _stream(call: Call, regulation: Object, stream: Object) -> Object:
    progress = _progress(call, regulation)
    facts = {
        "status": progress["status"],
        "errString": _FAILURE if progress["status"] == "FAILED" else "",
        "finishedAt": progress.get("finishedAt", ""),
    }
    return {
        "id": stream["id"],
        "destinationStatus": [{**one, **facts} for one in stream["destinations"]],
    }


def suppressions(call: Call) -> dict[str, Any]:
    """`GET /suppressions`: an entry for each subject, of the workspace or of a source (unknown)."""
    held = call.role.visible(call.workspace, call.workspace.more["suppressions"].values())
    found = {tuple(one["subject"]): None for one in held}
    entries = [{"subjectType": kind, "subjectIds": [subject]} for kind, subject in found]
    return call.page(entries, "suppressed")


HANDLERS: dict[str, Handler] = {
    "createWorkspaceRegulation": _create(_all),
    "createSourceRegulation": _create(_source),
    "createCloudSourceRegulation": _create(_source),
    "listWorkspaceRegulations": every,
    "listRegulationsFromSource": of_source,
    "getRegulation": get,
    "listSuppressions": suppressions,
}
