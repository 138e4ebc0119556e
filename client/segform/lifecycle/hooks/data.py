"""What data sources of single objects show beyond the object itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from segform.lifecycle.catalog import Requests


def source(client: Requests, found: dict[str, Any], data: Mapping[str, Any]) -> dict[str, Any]:
    """Its schema settings, where it has a tracking plan. Op.: `listSchemaSettingsInSource`."""
    if not data.get("trackingPlanId"):
        return found
    path = {"sourceId": found["id"]}
    settings = client.request("listSchemaSettingsInSource", path=path)["settings"]
    return {**found, "schemaSettings": settings}


def tracking_plan(
    client: Requests, found: dict[str, Any], _data: Mapping[str, Any]
) -> dict[str, Any]:
    """Its rules, all pages of them. Operation: `listRulesFromTrackingPlan`."""
    pages = client.pages("listRulesFromTrackingPlan", path={"trackingPlanId": found["id"]})
    return {**found, "rules": [rule for page in pages for rule in page]}
