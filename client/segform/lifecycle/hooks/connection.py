"""Connection of a source to its tracking plan: an edge, and the source's schema settings.

The API knows no object for it: a plan lists its sources, a source names its plan, and what
happens to violations are settings of the source.
"""

from __future__ import annotations

import time
from typing import Any

from segform.lifecycle.collections import SINGLE, Collection
from segform.lifecycle.mapping import from_api, to_api
from segform.lifecycle.meaning import respell
from segform.lifecycle.run import Run
from segform.resources.source_tracking_plan_connection import SCHEMA_SETTINGS
from segform.resources.values import UNKNOWN

# A plan or a source that was made a moment ago may not be visible everywhere yet.
_TRIES = 5
_PAUSE = 0.4


class Connection:
    """Create, read and delete of the edge, in place of the calls of an ordinary object."""

    @staticmethod
    def create(run: Run) -> dict[str, Any]:
        """Add the source to the plan. Operation: `addSourceToTrackingPlan`; may be repeated."""
        from segform.errors import BadRequestError

        path = {"trackingPlanId": run.planned["tracking_plan_id"]}
        body = {"sourceId": run.planned["source_id"]}
        for attempt in range(_TRIES):
            try:
                run.request("addSourceToTrackingPlan", path=path, body=body)
                break
            except BadRequestError:
                if attempt == _TRIES - 1:
                    raise
                # An old connection of the source may be about to go in this very run. (That what
                # was just made does not show yet is the client's to wait for.)
                time.sleep(_PAUSE * 2**attempt)
        return {"source_id": body["sourceId"], "tracking_plan_id": path["trackingPlanId"]}

    @staticmethod
    def every(run: Run) -> list[dict[str, Any]]:
        """The edges of one plan. Operation: `listSourcesFromTrackingPlan`."""
        plan_id = (run.prior or {})["tracking_plan_id"]
        shared = _shared(run, plan_id)
        return [{"source_id": one["id"], "tracking_plan_id": plan_id} for one in shared.all()]

    @staticmethod
    def delete(run: Run) -> None:
        """Take the source out of the plan. Operation: `removeSourceFromTrackingPlan`."""
        prior = run.prior or run.planned
        run.request(
            "removeSourceFromTrackingPlan",
            path={"trackingPlanId": prior["tracking_plan_id"]},
            query={"sourceId": prior["source_id"]},
        )

    @staticmethod
    def read(run: Run) -> dict[str, Any] | None:
        """The edge: a few by their source, many by the plan's list.

        Operations: `getSource` (which names the plan), `listSourcesFromTrackingPlan`.
        """
        prior = run.prior or run.planned
        source_id, plan_id = prior["source_id"], prior["tracking_plan_id"]
        if run.reader is None:
            found = _by_source(run, source_id, plan_id)
        else:
            found = _shared(run, plan_id).read(source_id)
        if found is None:
            return None
        return {"source_id": source_id, "tracking_plan_id": plan_id}


def _shared(run: Run, plan_id: str) -> Collection:
    if run.reader is None:
        return _of_plan(run, plan_id)
    return run.reader.shared((run.about.name, plan_id), lambda: _of_plan(run, plan_id))


def _by_source(run: Run, source_id: str, plan_id: str) -> dict[str, Any] | None:
    from segform.errors import NotFoundError

    try:
        data = run.request("getSource", path={"sourceId": source_id})
    except NotFoundError:
        return None
    found: dict[str, Any] = data["source"]
    return found if data.get("trackingPlanId") == plan_id else None


def _of_plan(run: Run, plan_id: str) -> Collection:
    def every() -> list[dict[str, Any]]:
        return run.pages("listSourcesFromTrackingPlan", path={"trackingPlanId": plan_id})

    def one(source_id: str) -> dict[str, Any] | None:
        return _by_source(run, source_id, plan_id)

    few = run.reader.few if run.reader is not None else lambda: SINGLE
    return Collection(every, lambda source: str(source["id"]), one, single=few)


def plan(run: Run) -> None:
    """A connection that says nothing of the schema settings leaves them alone."""
    if run.config.get("schema_settings") is None and run.prior is None:
        run.planned["schema_settings"] = None


def finish(run: Run) -> None:
    """Write the schema settings that the configuration names and that differ.

    Operation: `updateSchemaSettingsInSource`, which leaves alone what it is not given.
    """
    planned = run.planned_value("schema_settings")
    if planned is None:
        return
    prior = None if run.prior is None else run.prior.get("schema_settings")
    body = to_api(SCHEMA_SETTINGS, differing(planned, prior or {}))
    if body:
        with run.step("write the schema settings of the source"):
            data = run.request(
                "updateSchemaSettingsInSource",
                path={"sourceId": run.planned["source_id"]},
                body=body,
            )
        run.values["schema_settings"] = from_api(SCHEMA_SETTINGS, data["settings"])


def differing(planned: dict[str, Any], prior: dict[str, Any]) -> dict[str, Any]:
    """What is planned and not so before, at every depth."""
    found = {}
    for name, value in planned.items():
        if value is None or value is UNKNOWN:
            continue
        if isinstance(value, dict):
            inner = differing(value, prior.get(name) or {})
            if inner:
                found[name] = inner
        elif value != prior.get(name):
            found[name] = value
    return found


def complete(run: Run) -> None:
    """Read the schema settings where they are managed. Op.: `listSchemaSettingsInSource`."""
    prior = (run.prior or {}).get("schema_settings")
    if prior is None and not run.importing:
        run.values["schema_settings"] = None
        return
    source_id = (run.prior or run.planned)["source_id"]
    data = run.request("listSchemaSettingsInSource", path={"sourceId": source_id})
    live = from_api(SCHEMA_SETTINGS, data["settings"])
    run.values["schema_settings"] = respell(SCHEMA_SETTINGS, prior, live)
