"""Delivery overview, and the summary of a destination: how far events got, and why no further."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from typing import Any

from segform_emulator.errors import forbidden, not_found
from segform_emulator.moments import moment, stamp
from segform_emulator.traffic import (
    DAY,
    HOUR,
    Group,
    Hit,
    Reach,
    fed,
    grouped,
    grouping,
    passing,
    window,
)
from segform_emulator.workspace import Object

from . import events
from .call import Call, Handler

_REACHES = {
    "MINUTE": Reach(4 * HOUR, 48 * HOUR),
    "HOUR": Reach(14 * DAY, 30 * DAY),
    "DAY": Reach(30 * DAY, 30 * DAY),
}
# Documented: where a summary starts that is not told; for days further back than one may ask for.
_DEFAULTS = {"MINUTE": HOUR, "HOUR": 7 * DAY, "DAY": 30 * DAY}
_RECEIVED = ("eventName", "eventType", "appVersion")
_SOURCE = (*_RECEIVED, "discardReason")
_DESTINATION = (*_SOURCE, "subscriptionId", "activationId", "audienceId", "spaceId")


def _source(call: Call) -> Object:
    """The source that the query names. Raises `Fault` 404 or 403."""
    source = call.workspace.sources.get(str(call.query["sourceId"]))
    if source is None:
        raise not_found(f"The source {call.query['sourceId']!r}")
    if not call.role.sees(source):
        raise forbidden("The role of this token does not reach this source.")
    return source


def _destination(call: Call, source: Object, wanted: str) -> Object:
    """A destination of the source, or `Fault` 404 (unknown for one of another source)."""
    found = call.workspace.destinations.get(wanted)
    if found is None or found["sourceId"] != source["id"]:
        raise not_found(f"The destination {wanted!r}")
    return found


def _arrivals(call: Call, source: Object, results: tuple[str, ...]) -> Iterator[Hit]:
    """What came in from a source."""
    for row in fed(call):
        if row["sourceId"] == source["id"] and row["result"] in results:
            yield events.hit(row)


def _deliveries(call: Call, destination: Object, result: str) -> Iterator[Hit]:
    """What became of events at a destination."""
    for row in fed(call):
        for part in row["destinations"]:
            if (part["destinationId"], part["result"]) == (destination["id"], result):
                retried = part["count"] if result == "delivered" and part["attempts"] > 1 else 0
                facts = {**row, **part}
                yield Hit(moment(row["at"], "timestamp"), part["count"], facts, retried)


def _at_source(results: tuple[str, ...], known: tuple[str, ...]) -> Handler:
    def metrics(call: Call) -> dict[str, Any]:
        return _metrics(call, _arrivals(call, _source(call), results), known)

    return metrics


def _at_destination(result: str) -> Handler:
    def metrics(call: Call) -> dict[str, Any]:
        wanted = str(call.query["destinationConfigId"])
        destination = _destination(call, _source(call), wanted)
        hits = _deliveries(call, destination, result)
        return _metrics(call, hits, _DESTINATION, retries=result == "delivered")

    return metrics


def _metrics(
    call: Call, hits: Iterator[Hit], known: tuple[str, ...], *, retries: bool = False
) -> dict[str, Any]:
    within = window(call, _REACHES)
    by = grouping(call, known)
    given = call.query.get("filter")
    filters = {name: given.get(name) for name in known} if isinstance(given, dict) else {}
    found = grouped(passing(hits, filters), within, by)
    steps = within.steps()
    dataset = [_dataset(group, steps, retries) for group in found]
    return {"total": sum(group.total for group in found), **call.page(dataset, "dataset")}


def _dataset(group: Group, steps: list[dt.datetime], retries: bool) -> Object:
    series: list[Object] = []
    for step in steps:
        point: Object = {"time": stamp(step), "count": group.counts.get(step, 0)}
        if retries:
            point["retryCount"] = group.retried.get(step, 0)
        series.append(point)
    made: Object = {**group.facts, "total": group.total, "series": series}
    if retries:
        made["totalRetryCount"] = sum(group.retried.values())
    return made


def summary(call: Call) -> dict[str, Any]:
    """`GET /destinations/{destinationId}/delivery-metrics`.

    The names of the metrics are not published (unknown).
    """
    source = _source(call)
    destination = _destination(call, source, call.path["destinationId"])
    within = window(call, events.REACHES, _DEFAULTS)
    metrics: list[Object] = []
    for name, result in (("successes", "delivered"), ("failures", "failed"), ("filtered",) * 2):
        reasons: Counter[str] = Counter()
        for hit in _deliveries(call, destination, result):
            if within.start <= hit.at < within.end:
                reasons[hit.facts["discardReason"]] += hit.events
        breakdown = [{"metricName": reason, "value": n} for reason, n in sorted(reasons.items())]
        metrics.append({"metricName": name, "total": reasons.total(), "breakdown": breakdown})
    return {
        "deliveryMetricsSummary": {
            "sourceId": source["id"],
            "destinationMetadataId": destination["metadataId"],
            "metrics": metrics,
        }
    }


HANDLERS: dict[str, Handler] = {
    "getIngressSuccessMetricsFromDeliveryOverview": _at_source(("received", "filtered"), _RECEIVED),
    "getIngressFailedMetricsFromDeliveryOverview": _at_source(("failed",), _SOURCE),
    "getFilteredAtSourceMetricsFromDeliveryOverview": _at_source(("filtered",), _SOURCE),
    "getFilteredAtDestinationMetricsFromDeliveryOverview": _at_destination("filtered"),
    "getEgressFailedMetricsFromDeliveryOverview": _at_destination("failed"),
    "getEgressSuccessMetricsFromDeliveryOverview": _at_destination("delivered"),
    "listDeliveryMetricsSummaryFromDestination": summary,
}
