"""Regulations of the workspace: read here, made through the Public API."""

from __future__ import annotations

from segform_emulator.workspace import Object

from .context import NO_TIME, Context
from .errors import invalid

# Words of this API -> of the Public API.
_TYPES = {
    "Suppress_With_Delete": "SUPPRESS_WITH_DELETE",
    "Suppress_With_Delete_Internal": "SUPPRESS_WITH_DELETE_INTERNAL",
    "Suppress": "SUPPRESS_ONLY",
    "Unsuppress": "UNSUPPRESS",
    "Delete": "DELETE_ONLY",
    "Delete_Internal": "DELETE_INTERNAL",
}
_STATUSES = ("initialized", "running", "finished", "failed")
_SUBJECTS = {"USER_ID": "userId", "OBJECT_ID": "objectId", "ANONYMOUS_ID": "anonymousId"}


def every(context: Context) -> Object:
    """`GET workspaces/W/regulations?status=…&regulation_types=…`, as often as there are types."""
    query: Object = {}
    status = context.asked("status")
    if status:
        if status not in _STATUSES:
            raise invalid(f"status is one of {', '.join(_STATUSES)}")
        query["status"] = status.upper()
    types = context.asked_each("regulation_types")
    if types:
        if not set(types) <= set(_TYPES):
            raise invalid(f"regulation_types are of {', '.join(_TYPES)}")
        query["regulationTypes"] = [_TYPES[one] for one in types]
    return context.page_of_public(
        "listWorkspaceRegulations", query, "regulations", "entries", _entry
    )


def _entry(_context: Context, one: Object) -> Object:
    made = {
        "regulate_id": one["id"],
        "attributes": {"name": _SUBJECTS[one["subjectType"]], "values": list(one["subjects"])},
        "status": one["status"].lower(),
        "created_at": one["createdAt"],
    }
    if "finishedAt" in one:
        made["finished_at"] = one["finishedAt"]
    return made


def get(context: Context) -> Object:
    """`GET workspaces/W/regulations/R`: how far it has come in each source."""
    path = {"regulateId": context.path["regulation"]}
    one = context.public("getRegulation", path)["regulation"]
    made = {
        "workspace_id": one["workspaceId"],
        "overall_status": one["overallStatus"].lower(),
        "stream_status": [_stream(stream) for stream in one["streamStatus"]],
        "created_at": one["createdAt"],
    }
    if "finishedAt" in one:
        made["finished_at"] = one["finishedAt"]
    return made


def _stream(stream: Object) -> Object:
    return {
        "id": stream["id"],
        "destination_status": [
            {
                "name": one["name"],
                "id": one["id"],
                "status": one["status"].lower(),
                "err_string": one["errString"],
                "finished_at": one["finishedAt"] or NO_TIME,
            }
            for one in stream["destinationStatus"]
        ],
    }
