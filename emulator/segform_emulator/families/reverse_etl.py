"""Reverse ETL: models, and syncs of a model through a subscription.

A sync runs for a few seconds of the emulator's clock and then succeeds; what it moves is nothing.
One that was canceled ends as a failure (unknown: the service has no status for it).
"""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from segform_emulator.errors import bad_request, invalid, not_found
from segform_emulator.moments import moment, stamp
from segform_emulator.workspace import Object

from .call import SUCCESS, Call, Handler

_FIELDS = ("name", "description", "enabled", "query", "queryIdentifierColumn")
# How long a sync takes, and the part of it in which rows are read.
LASTS, EXTRACTS = dt.timedelta(seconds=5), dt.timedelta(seconds=2)
_REASONS = range(5)
_PAGE, _LARGEST_PAGE = 10, 100


def create(call: Call) -> dict[str, Any]:
    """`POST /reverse-etl-models`: answers 201."""
    source = call.workspace.source(call.body["sourceId"])
    _check(call.body)
    made: Object = {
        "id": call.make.base58(),
        "sourceId": source["id"],
        **{name: call.body[name] for name in _FIELDS},
    }
    call.workspace.more["models"][made["id"]] = made
    return {"reverseEtlModel": made}


def _check(body: Object) -> None:
    for name in ("name", "query", "queryIdentifierColumn"):
        if name in body and not body[name].strip():
            raise invalid(name, f'"{name}" is not allowed to be empty')


def _model(call: Call, wanted: str) -> Object:
    return call.workspace.one("models", wanted, "The reverse ETL model")


def every(call: Call) -> dict[str, Any]:
    """`GET /reverse-etl-models`."""
    return call.page(list(call.workspace.more["models"].values()), "models")


def get(call: Call) -> dict[str, Any]:
    """`GET /reverse-etl-models/{modelId}`."""
    return {"reverseEtlModel": _model(call, call.path["modelId"])}


def update(call: Call) -> dict[str, Any]:
    """`PATCH /reverse-etl-models/{modelId}`: the source stays."""
    model = _model(call, call.path["modelId"])
    _check(call.body)
    model.update({name: call.body[name] for name in _FIELDS if name in call.body})
    return {"reverseEtlModel": model}


def delete(call: Call) -> dict[str, Any]:
    """`DELETE /reverse-etl-models/{modelId}`: its subscriptions and syncs go too (inferred)."""
    call.workspace.drop("models", _model(call, call.path["modelId"])["id"])
    return SUCCESS


def sync(call: Call) -> dict[str, Any]:
    """`POST /reverse-etl-syncs`: none for a model that is switched off (400, inferred)."""
    body = call.body
    source = call.workspace.source(body["sourceId"])
    model = _model(call, body["modelId"])
    if model["sourceId"] != source["id"]:
        raise not_found(f"The model {model['id']!r} of this source")
    subscription = _subscription(call, model, body["subscriptionId"])
    if not (model["enabled"] and subscription["enabled"]):
        raise bad_request("The model or its subscription is disabled.")
    made: Object = {
        "id": call.make.ksuid(),
        "modelId": model["id"],
        "subscriptionId": subscription["id"],
        "sourceId": source["id"],
        "startedAt": call.clock.stamp(),
    }
    call.workspace.more["syncs"][made["id"]] = made
    return {"reverseETLManualSync": {"syncId": made["id"], "startedAt": made["startedAt"]}}


def _subscription(call: Call, model: Object, wanted: str) -> Object:
    found = call.workspace.one("subscriptions", wanted, "The subscription")
    if found.get("modelId") != model["id"]:
        raise not_found(f"The subscription {wanted!r} of this model")
    return found


def _sync(call: Call) -> Object:
    model = _model(call, call.path["modelId"])
    found = call.workspace.one("syncs", call.path["syncId"], "The sync")
    if found["modelId"] != model["id"]:
        raise not_found(f"The sync {call.path['syncId']!r}")
    return found


def _ended(call: Call, one: Object) -> dt.datetime | None:
    """When a sync ended; None while it runs."""
    if "canceledAt" in one:
        return moment(one["canceledAt"], "canceledAt")
    end = moment(one["startedAt"], "startedAt") + LASTS
    return end if end <= call.clock.now() else None


def shown(call: Call, one: Object) -> Object:
    """How a sync stands at this moment; counts are texts."""
    started = moment(one["startedAt"], "startedAt")
    ended = _ended(call, one)
    seconds = ((ended or call.clock.now()) - started).total_seconds()
    made: Object = {
        "syncId": one["id"],
        "modelId": one["modelId"],
        "sourceId": one["sourceId"],
        "syncStatus": "SUCCESS" if ended else "IN_PROGRESS",
        "duration": f"{max(0, int(seconds))}s",
        "startedAt": one["startedAt"],
    }
    if ended is None:
        return made
    made["finishedAt"] = stamp(ended)
    if "canceledAt" in one:
        made.update(syncStatus="FAIL", error="The sync was canceled.", errorCode="SyncCanceled")
        return made
    counts = ("addedCount", "updatedCount", "deletedCount", "extractCount")
    between = stamp(started + EXTRACTS)
    made["extractPhase"] = {
        **dict.fromkeys(counts, "0"),
        "errorCode": "",
        "startedAt": one["startedAt"],
        "finishedAt": between,
    }
    made["loadPhase"] = {
        **dict.fromkeys(("deliverSuccessCount", "deliverFailureCount"), "0"),
        "errorCode": "",
        "startedAt": between,
        "finishedAt": made["finishedAt"],
    }
    return made


def status(call: Call) -> dict[str, Any]:
    """`GET /reverse-etl-models/{modelId}/syncs/{syncId}`."""
    return {"reverseETLSyncStatus": shown(call, _sync(call))}


def statuses(call: Call) -> dict[str, Any]:
    """`GET …/{modelId}/subscriptionId/{subscriptionId}/syncs`: the newest first (inferred).

    Its `count` (1 to 100, 10 where none is given) and `cursor` are not in `pagination`.
    """
    model = _model(call, call.path["modelId"])
    subscription = _subscription(call, model, call.path["subscriptionId"])
    call.query = {"pagination": {"count": _count(call), "cursor": call.query.get("cursor")}}
    held = call.workspace.more["syncs"]
    mine = [one for one in held.values() if one["subscriptionId"] == subscription["id"]]
    return call.page(mine[::-1], "syncStatuses", shown)


def _count(call: Call) -> int:
    given = call.query.get("count", _PAGE)
    text = str(given)
    if isinstance(given, bool) or not re.fullmatch(r"-?[0-9]{1,9}", text):
        raise invalid("count", '"count" must be a number')
    count = int(text)
    if not 1 <= count <= _LARGEST_PAGE:
        raise invalid("count", f'"count" must be between 1 and {_LARGEST_PAGE}')
    return count


def cancel(call: Call) -> dict[str, Any]:
    """`POST …/syncs/{syncId}/cancel`: what is too late is told in the answer, with 200."""
    found = _sync(call)
    reason = call.body.get("reasonForCanceling", _REASONS[-1])
    if reason not in _REASONS:
        raise invalid("reasonForCanceling", '"reasonForCanceling" must be one of 0, 1, 2, 3, 4')
    made: Object = {"modelId": found["modelId"], "syncId": found["id"]}
    if "canceledAt" in found:
        return {
            **made,
            "errorCode": "SyncAlreadyCanceled",
            "errorMessage": "sync already canceled",
        }
    if _ended(call, found):
        return {
            **made,
            "errorCode": "SyncFinishedCannotCancel",
            "errorMessage": "sync already finished",
        }
    found.update(canceledAt=call.clock.stamp(), reasonForCanceling=int(reason))
    return {**made, "status": "CANCELLING"}


HANDLERS: dict[str, Handler] = {
    "createReverseEtlModel": create,
    "listReverseEtlModels": every,
    "getReverseEtlModel": get,
    "updateReverseEtlModel": update,
    "deleteReverseEtlModel": delete,
    "createReverseETLManualSync": sync,
    "getReverseETLSyncStatus": status,
    "listReverseETLSyncStatusesFromModelAndSubscriptionId": statuses,
    "cancelReverseETLSyncForModel": cancel,
}
