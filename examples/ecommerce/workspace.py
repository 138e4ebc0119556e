"""The same shop without Terraform: what `segform plan` and `segform apply` take.

    export SEGMENT_API_TOKEN=... AMPLITUDE_API_KEY=... AMPLITUDE_SECRET_KEY=... BRAZE_API_KEY=...
    export GOOGLE_ANALYTICS_API_SECRET=... WEBHOOK_SHARED_SECRET=...
    segform apply workspace.py

`SHOP=without-web` leaves the website out, and `SHOP=gone` everything; that is for the demo.
"""

from __future__ import annotations

import os

import shop
from segform.resources.destination import Destination
from segform.resources.destination_filter import DestinationFilter
from segform.resources.label import Label
from segform.resources.source import Source
from segform.resources.source_tracking_plan_connection import SourceTrackingPlanConnection
from segform.resources.tracking_plan import TrackingPlan
from segform.tracking.declaring import rules_by_key
from segform.workspace import Desired

PRODUCTION: dict[str, str] = {"key": "environment", "value": "production"}
GROWTH: dict[str, str] = {"key": "owner", "value": "growth"}
BACKEND: dict[str, str] = {"key": "owner", "value": "backend"}


def workspace(*, with_web: bool = True) -> Desired:
    """The workspace."""
    made = Desired()
    for name, label in (
        ("environment_production", PRODUCTION),
        ("owner_growth", GROWTH),
        ("owner_backend", BACKEND),
    ):
        made.add(Label(key=label["key"], value=label["value"]), name)
    plan = TrackingPlan(**shop.PLAN, rules_by_key=rules_by_key(shop.ALL_EVENTS))
    made.add(plan, "plan")
    if with_web:
        _web(made, plan)
    _ios(made, plan)
    _server(made, plan)
    return made


def _web(made: Desired, plan: TrackingPlan) -> None:
    """The website: analytics, without staff and without personal data."""
    web = Source(**shop.WEB, metadata={"id": shop.JAVASCRIPT}, labels=[PRODUCTION, GROWTH])
    made.add(web, "web")
    made.add(
        SourceTrackingPlanConnection(
            source_id=web,
            tracking_plan_id=plan,
            schema_settings=shop.ONLY_PLANNED,
        ),
        "web_plan",
    )
    amplitude = Destination(
        name="Amplitude",
        enabled=True,
        source_id=web,
        metadata={"id": shop.AMPLITUDE},
        settings={
            **shop.AMPLITUDE_SETTINGS,
            "apiKey": os.environ["AMPLITUDE_API_KEY"],
            "secretKey": os.environ["AMPLITUDE_SECRET_KEY"],
        },
    )
    made.add(amplitude, "amplitude")
    made.add(
        DestinationFilter(**shop.NO_STAFF, source_id=web, destination_id=amplitude),
        "no_staff",
    )
    made.add(
        DestinationFilter(**shop.SAMPLE_PAGES, source_id=web, destination_id=amplitude),
        "sample_pages",
    )
    analytics = Destination(
        name="Google Analytics 4",
        enabled=True,
        source_id=web,
        metadata={"id": shop.GOOGLE_ANALYTICS_4},
        settings={
            **shop.GOOGLE_ANALYTICS_SETTINGS,
            "apiSecret": os.environ["GOOGLE_ANALYTICS_API_SECRET"],
        },
    )
    made.add(analytics, "google_analytics")
    made.add(
        DestinationFilter(**shop.NO_PERSONAL_DATA, source_id=web, destination_id=analytics),
        "no_personal_data",
    )


def _ios(made: Desired, plan: TrackingPlan) -> None:
    """The app: messages to customers."""
    ios = Source(**shop.IOS, metadata={"id": shop.APPLE}, labels=[PRODUCTION, GROWTH])
    made.add(ios, "ios")
    made.add(SourceTrackingPlanConnection(source_id=ios, tracking_plan_id=plan), "ios_plan")
    made.add(
        Destination(
            name="Braze",
            enabled=True,
            source_id=ios,
            metadata={"id": shop.BRAZE},
            settings={**shop.BRAZE_SETTINGS, "api_key": os.environ["BRAZE_API_KEY"]},
        ),
        "braze",
    )


def _server(made: Desired, plan: TrackingPlan) -> None:
    """The backend: orders to the warehouse system, everything to the archive."""
    server = Source(**shop.SERVER, metadata={"id": shop.PYTHON}, labels=[PRODUCTION, BACKEND])
    made.add(server, "server")
    made.add(SourceTrackingPlanConnection(source_id=server, tracking_plan_id=plan), "server_plan")
    webhook = Destination(
        name="Fulfilment webhook",
        enabled=True,
        source_id=server,
        metadata={"id": shop.WEBHOOK},
        settings={"sharedSecret": os.environ["WEBHOOK_SHARED_SECRET"]},
    )
    made.add(webhook, "fulfilment")
    made.add(
        DestinationFilter(**shop.ORDERS_ONLY, source_id=server, destination_id=webhook),
        "orders_only",
    )
    made.add(
        Destination(
            name="Archive",
            enabled=True,
            source_id=server,
            metadata={"id": shop.AWS_S3},
            settings=shop.ARCHIVE_SETTINGS,
        ),
        "archive",
    )


change = os.environ.get("SHOP", "")
desired = Desired() if change == "gone" else workspace(with_web=change != "without-web")
