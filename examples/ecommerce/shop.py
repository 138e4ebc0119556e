"""What the shop has in Segment, said once.

`main.py` makes constructs of it, for Terraform; `workspace.py` makes definitions of it, for
`segform apply`. Both say what belongs to what, and where the secrets come from.
"""

from __future__ import annotations

from typing import Any, TypedDict

from events import CUSTOMER, EVENTS

# Ids of the catalogue: `segform.catalog`, or a destination's page in Segment's documentation.
JAVASCRIPT, APPLE, PYTHON = "IqDTy1TpoU", "dZeHygTSD4", "XRksQPCr7X"
AMPLITUDE = "5f7dd6d21ad74f3842b1fc47"
BRAZE = "60f9d0d048950c356be2e4da"
GOOGLE_ANALYTICS_4 = "60ad61f9ff47a16b8fb7b5d9"
WEBHOOK = "614a3c7d791c91c41bae7599"
AWS_S3 = "60be92c8dabdd561bf6c9130"

ALL_EVENTS = [*EVENTS, CUSTOMER]


class Plan(TypedDict):
    """A tracking plan, without its rules."""

    name: str
    type: str
    description: str


class Source(TypedDict):
    """A source, without its labels."""

    slug: str
    name: str
    enabled: bool
    settings: dict[str, Any]


class Filter(TypedDict):
    """A destination filter, without what it stands between."""

    title: str
    description: str
    enabled: bool
    when: str
    actions: list[Any]


PLAN: Plan = {
    "name": "Shop",
    "type": "LIVE",
    "description": "What visitors and customers do in the shop",
}

WEB: Source = {
    "slug": "web",
    "name": "Shop website",
    "enabled": True,
    "settings": {"websiteUrl": "https://shop.example"},
}
IOS: Source = {"slug": "ios", "name": "Shop app (iOS)", "enabled": True, "settings": {}}
SERVER: Source = {"slug": "server", "name": "Shop backend", "enabled": True, "settings": {}}

# What the website sends and the plan does not know is blocked.
ONLY_PLANNED: Any = {
    "track": {
        "allow_unplanned_events": False,
        "allow_unplanned_event_properties": False,
        "allow_event_on_violations": False,
        "allow_properties_on_violations": True,
        "common_event_on_violations": "ALLOW",
    },
    "identify": {"allow_unplanned_traits": False, "allow_traits_on_violations": True},
}

NO_STAFF: Filter = {
    "title": "Drop internal traffic",
    "description": "Staff and test orders would spoil the funnels.",
    "enabled": True,
    "when": 'match(context.traits.email, "*@shop.example") or properties.internal = true',
    "actions": [{"type": "DROP"}],
}
SAMPLE_PAGES: Filter = {
    "title": "Sample page calls",
    "description": "One visitor in ten is enough to see where people go.",
    "enabled": True,
    "when": 'type = "page"',
    "actions": [{"type": "SAMPLE", "percent": 0.1, "path": "anonymousId"}],
}
NO_PERSONAL_DATA: Filter = {
    "title": "Drop personal data",
    "description": "Google Analytics must not get names, addresses and numbers.",
    "enabled": True,
    "when": 'type = "identify" or type = "track" or type = "page"',
    "actions": [
        {
            "type": "DROP_PROPERTIES",
            "fields": {
                "traits": ["email", "first_name", "last_name", "phone"],
                "context": ["ip"],
                "context.traits": ["email", "first_name", "last_name", "phone"],
                "properties": ["recipient", "share_message"],
            },
        }
    ],
}
ORDERS_ONLY: Filter = {
    "title": "Only what an order needs",
    "description": "Fulfilment gets the order itself and nothing else about the customer.",
    "enabled": True,
    "when": 'event in ["Order Completed", "Order Updated", "Order Cancelled"]',
    "actions": [
        {
            "type": "ALLOW_PROPERTIES",
            "fields": {"properties": ["order_id", "currency", "total", "products"]},
        }
    ],
}

# Settings of destinations, without their secrets.
AMPLITUDE_SETTINGS = {"endpoint": "north_america"}
GOOGLE_ANALYTICS_SETTINGS = {"measurementId": "G-SHOP000001"}
BRAZE_SETTINGS = {"app_id": "shop-ios", "endpoint": "https://rest.iad-01.braze.com"}
ARCHIVE_SETTINGS = {
    "awsRegion": "eu-west-1",
    "bucket": "shop-events",
    "iamRoleArn": "arn:aws:iam::123456789012:role/segment-archive",
}
