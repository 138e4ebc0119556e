"""The same shop without Terraform: what `segform plan` and `segform apply` take.

    export SEGMENT_API_TOKEN=... AMPLITUDE_API_KEY=... AMPLITUDE_SECRET_KEY=... BRAZE_API_KEY=...
    export GOOGLE_ANALYTICS_API_SECRET=... WEBHOOK_SHARED_SECRET=...
    segform apply workspace.py

The events are the classes of Segment's e-commerce spec that come with segform. `SHOP=without-web`
leaves the website out, and `SHOP=gone` everything; that is for the demo.
"""

from __future__ import annotations

import os

from segform.resources.destination import Destination
from segform.resources.destination_filter import DestinationFilter
from segform.resources.label import Label
from segform.resources.source import Source
from segform.resources.source_tracking_plan_connection import SourceTrackingPlanConnection
from segform.resources.tracking_plan import TrackingPlan
from segform.tracking.rules import rule_key
from segform.tracking.spec import ecommerce
from segform.workspace import Desired

JAVASCRIPT, APPLE, PYTHON = "IqDTy1TpoU", "dZeHygTSD4", "XRksQPCr7X"
AMPLITUDE = "5f7dd6d21ad74f3842b1fc47"
BRAZE = "60f9d0d048950c356be2e4da"
GOOGLE_ANALYTICS_4 = "60ad61f9ff47a16b8fb7b5d9"
WEBHOOK = "614a3c7d791c91c41bae7599"
AWS_S3 = "60be92c8dabdd561bf6c9130"


PRODUCTION: dict[str, str] = {"key": "environment", "value": "production"}
GROWTH: dict[str, str] = {"key": "owner", "value": "growth"}
BACKEND: dict[str, str] = {"key": "owner", "value": "backend"}


def shop(*, with_web: bool = True) -> Desired:
    """The workspace."""
    made = Desired()
    for name, label in (
        ("environment_production", PRODUCTION),
        ("owner_growth", GROWTH),
        ("owner_backend", BACKEND),
    ):
        made.add(Label(key=label["key"], value=label["value"]), name)
    events = [event.rule() for event in ecommerce.EVENTS]
    plan = TrackingPlan(
        name="Shop",
        type="LIVE",
        description="What visitors and customers do in the shop",
        rules_by_key={
            **{
                rule_key(rule["type"], rule["key"], rule["version"]): {
                    "json_schema": rule["json_schema"]
                }
                for rule in events
            },
            "IDENTIFY": {
                "json_schema": {
                    "type": "object",
                    "properties": {
                        "traits": {
                            "type": "object",
                            "properties": {"email": {"type": "string", "format": "email"}},
                        }
                    },
                }
            },
        },
    )
    made.add(plan, "plan")
    if with_web:
        _web(made, plan)
    _ios(made, plan)
    _server(made, plan)
    return made


def _web(made: Desired, plan: TrackingPlan) -> None:
    """The website: analytics, without staff and without personal data."""
    web = Source(
        slug="web",
        name="Shop website",
        enabled=True,
        metadata={"id": JAVASCRIPT},
        settings={"websiteUrl": "https://shop.example"},
        labels=[PRODUCTION, GROWTH],
    )
    made.add(web, "web")
    made.add(
        SourceTrackingPlanConnection(
            source_id=web,
            tracking_plan_id=plan,
            schema_settings={
                "track": {
                    "allow_unplanned_events": False,
                    "allow_unplanned_event_properties": False,
                    "allow_event_on_violations": False,
                    "allow_properties_on_violations": True,
                    "common_event_on_violations": "ALLOW",
                },
                "identify": {"allow_unplanned_traits": False, "allow_traits_on_violations": True},
            },
        ),
        "web_plan",
    )
    amplitude = Destination(
        name="Amplitude",
        enabled=True,
        source_id=web,
        metadata={"id": AMPLITUDE},
        settings={
            "apiKey": os.environ["AMPLITUDE_API_KEY"],
            "secretKey": os.environ["AMPLITUDE_SECRET_KEY"],
            "endpoint": "north_america",
        },
    )
    made.add(amplitude, "amplitude")
    made.add(
        DestinationFilter(
            title="Drop internal traffic",
            description="Staff and test orders would spoil the funnels.",
            enabled=True,
            source_id=web,
            destination_id=amplitude,
            when='match(context.traits.email, "*@shop.example") or properties.internal = true',
            actions=[{"type": "DROP"}],
        ),
        "no_staff",
    )
    made.add(
        DestinationFilter(
            title="Sample page calls",
            description="One visitor in ten is enough to see where people go.",
            enabled=True,
            source_id=web,
            destination_id=amplitude,
            when='type = "page"',
            actions=[{"type": "SAMPLE", "percent": 0.1, "path": "anonymousId"}],
        ),
        "sample_pages",
    )
    analytics = Destination(
        name="Google Analytics 4",
        enabled=True,
        source_id=web,
        metadata={"id": GOOGLE_ANALYTICS_4},
        settings={
            "measurementId": "G-SHOP000001",
            "apiSecret": os.environ["GOOGLE_ANALYTICS_API_SECRET"],
        },
    )
    made.add(analytics, "google_analytics")
    made.add(
        DestinationFilter(
            title="Drop personal data",
            description="Google Analytics must not get names, addresses and numbers.",
            enabled=True,
            source_id=web,
            destination_id=analytics,
            when='type = "identify" or type = "track" or type = "page"',
            actions=[
                {
                    "type": "DROP_PROPERTIES",
                    "fields": {
                        "traits": ["email", "first_name", "last_name", "phone"],
                        "context": ["ip"],
                        "properties": ["recipient", "share_message"],
                    },
                }
            ],
        ),
        "no_personal_data",
    )


def _ios(made: Desired, plan: TrackingPlan) -> None:
    """The app: messages to customers."""
    ios = Source(
        slug="ios",
        name="Shop app (iOS)",
        enabled=True,
        metadata={"id": APPLE},
        settings={},
        labels=[PRODUCTION, GROWTH],
    )
    made.add(ios, "ios")
    made.add(SourceTrackingPlanConnection(source_id=ios, tracking_plan_id=plan), "ios_plan")
    made.add(
        Destination(
            name="Braze",
            enabled=True,
            source_id=ios,
            metadata={"id": BRAZE},
            settings={
                "api_key": os.environ["BRAZE_API_KEY"],
                "app_id": "shop-ios",
                "endpoint": "https://rest.iad-01.braze.com",
            },
        ),
        "braze",
    )


def _server(made: Desired, plan: TrackingPlan) -> None:
    """The backend: orders to the warehouse system, everything to the archive."""
    server = Source(
        slug="server",
        name="Shop backend",
        enabled=True,
        metadata={"id": PYTHON},
        settings={},
        labels=[PRODUCTION, BACKEND],
    )
    made.add(server, "server")
    made.add(SourceTrackingPlanConnection(source_id=server, tracking_plan_id=plan), "server_plan")
    webhook = Destination(
        name="Fulfilment webhook",
        enabled=True,
        source_id=server,
        metadata={"id": WEBHOOK},
        settings={"sharedSecret": os.environ["WEBHOOK_SHARED_SECRET"]},
    )
    made.add(webhook, "fulfilment")
    made.add(
        DestinationFilter(
            title="Only what an order needs",
            description="Fulfilment gets the order itself and nothing else about the customer.",
            enabled=True,
            source_id=server,
            destination_id=webhook,
            when='event in ["Order Completed", "Order Updated", "Order Cancelled"]',
            actions=[
                {
                    "type": "ALLOW_PROPERTIES",
                    "fields": {"properties": ["order_id", "currency", "total", "products"]},
                }
            ],
        ),
        "orders_only",
    )
    made.add(
        Destination(
            name="Archive",
            enabled=True,
            source_id=server,
            metadata={"id": AWS_S3},
            settings={
                "awsRegion": "eu-west-1",
                "bucket": "shop-events",
                "iamRoleArn": "arn:aws:iam::123456789012:role/segment-archive",
            },
        ),
        "archive",
    )


change = os.environ.get("SHOP", "")
desired = Desired() if change == "gone" else shop(with_web=change != "without-web")
