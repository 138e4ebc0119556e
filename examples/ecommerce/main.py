"""An online shop's Segment workspace: sources, destinations, filters and the tracking plan.

export SEGMENT_API_TOKEN=...
cdktf deploy
"""

from __future__ import annotations

from collections.abc import Sequence

from cdktf import App, TerraformOutput, TerraformStack
from constructs import Construct

from events import CUSTOMER, EVENTS
from segform_cdktf import (
    Destination,
    DestinationFilter,
    Label,
    SegmentProvider,
    Source,
    SourceLabel,
    SourceTrackingPlanConnection,
    TrackingPlan,
    secret,
)

# Ids of the catalogue. `DataDestinationMetadata(self, "ga4", slug="…")` looks one up by its slug.
JAVASCRIPT, APPLE, PYTHON = "IqDTy1TpoU", "dZeHygTSD4", "XRksQPCr7X"
AMPLITUDE = "5f7dd6d21ad74f3842b1fc47"
BRAZE = "60f9d0d048950c356be2e4da"
GOOGLE_ANALYTICS_4 = "60ad61f9ff47a16b8fb7b5d9"
WEBHOOK = "614a3c7d791c91c41bae7599"
AWS_S3 = "60be92c8dabdd561bf6c9130"


class Shop(TerraformStack):
    """The workspace. `with_web` and `protect` are what the demo turns."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        with_web: bool = True,
        protect: Sequence[str] | None = None,
    ) -> None:
        super().__init__(scope, id_)
        SegmentProvider(self, "segment", protect=protect)

        self.production = Label(
            self, "environment_production", key="environment", value="production"
        )
        self.growth = Label(self, "owner_growth", key="owner", value="growth")
        self.backend = Label(self, "owner_backend", key="owner", value="backend")

        self.plan = TrackingPlan(
            self,
            "plan",
            name="Shop",
            type="LIVE",
            description="What visitors and customers do in the shop",
            events=[*EVENTS, CUSTOMER],
        )
        if with_web:
            self.web()
        self.ios()
        self.server()

    def web(self) -> None:
        """The website: analytics, without staff and without personal data."""
        source = Source(
            self,
            "web",
            slug="web",
            name="Shop website",
            enabled=True,
            metadata_id=JAVASCRIPT,
            settings={"websiteUrl": "https://shop.example"},
            labels=self.labels(self.growth),
        )
        SourceTrackingPlanConnection(
            self,
            "web_plan",
            source_id=source.id,
            tracking_plan_id=self.plan.id,
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
        )
        amplitude = Destination(
            self,
            "amplitude",
            name="Amplitude",
            enabled=True,
            source_id=source.id,
            metadata_id=AMPLITUDE,
            settings={
                "apiKey": secret(self, "amplitude_api_key"),
                "secretKey": secret(self, "amplitude_secret_key"),
                "endpoint": "north_america",
            },
        )
        DestinationFilter(
            self,
            "no_staff",
            title="Drop internal traffic",
            description="Staff and test orders would spoil the funnels.",
            enabled=True,
            source_id=source.id,
            destination_id=amplitude.id,
            when='match(context.traits.email, "*@shop.example") or properties.internal = true',
            actions=[{"type": "DROP"}],
        )
        DestinationFilter(
            self,
            "sample_pages",
            title="Sample page calls",
            description="One visitor in ten is enough to see where people go.",
            enabled=True,
            source_id=source.id,
            destination_id=amplitude.id,
            when='type = "page"',
            actions=[{"type": "SAMPLE", "percent": 0.1, "path": "anonymousId"}],
        )
        analytics = Destination(
            self,
            "google_analytics",
            name="Google Analytics 4",
            enabled=True,
            source_id=source.id,
            metadata_id=GOOGLE_ANALYTICS_4,
            settings={
                "measurementId": "G-SHOP000001",
                "apiSecret": secret(self, "google_analytics_api_secret"),
            },
        )
        DestinationFilter(
            self,
            "no_personal_data",
            title="Drop personal data",
            description="Google Analytics must not get names, addresses and numbers.",
            enabled=True,
            source_id=source.id,
            destination_id=analytics.id,
            when='type = "identify" or type = "track" or type = "page"',
            actions=[
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
        )
        TerraformOutput(self, "web_write_keys", value=source.write_keys, sensitive=True)

    def ios(self) -> None:
        """The app: messages to customers."""
        source = Source(
            self,
            "ios",
            slug="ios",
            name="Shop app (iOS)",
            enabled=True,
            metadata_id=APPLE,
            settings={},
            labels=self.labels(self.growth),
        )
        SourceTrackingPlanConnection(
            self, "ios_plan", source_id=source.id, tracking_plan_id=self.plan.id
        )
        Destination(
            self,
            "braze",
            name="Braze",
            enabled=True,
            source_id=source.id,
            metadata_id=BRAZE,
            settings={
                "api_key": secret(self, "braze_api_key"),
                "app_id": "shop-ios",
                "endpoint": "https://rest.iad-01.braze.com",
            },
        )

    def server(self) -> None:
        """The backend: orders to the warehouse system, everything to the archive."""
        source = Source(
            self,
            "server",
            slug="server",
            name="Shop backend",
            enabled=True,
            metadata_id=PYTHON,
            settings={},
            labels=self.labels(self.backend),
        )
        SourceTrackingPlanConnection(
            self, "server_plan", source_id=source.id, tracking_plan_id=self.plan.id
        )
        webhook = Destination(
            self,
            "fulfilment",
            name="Fulfilment webhook",
            enabled=True,
            source_id=source.id,
            metadata_id=WEBHOOK,
            settings={"sharedSecret": secret(self, "webhook_shared_secret")},
        )
        DestinationFilter(
            self,
            "orders_only",
            title="Only what an order needs",
            description="Fulfilment gets the order itself and nothing else about the customer.",
            enabled=True,
            source_id=source.id,
            destination_id=webhook.id,
            when='event in ["Order Completed", "Order Updated", "Order Cancelled"]',
            actions=[
                {
                    "type": "ALLOW_PROPERTIES",
                    "fields": {"properties": ["order_id", "currency", "total", "products"]},
                }
            ],
        )
        Destination(
            self,
            "archive",
            name="Archive",
            enabled=True,
            source_id=source.id,
            metadata_id=AWS_S3,
            settings={
                "awsRegion": "eu-west-1",
                "bucket": "shop-events",
                "iamRoleArn": "arn:aws:iam::123456789012:role/segment-archive",
            },
        )

    def labels(self, owner: Label) -> list[SourceLabel]:
        """The environment and the owner, as references: labels are made before what bears them."""
        return [{"key": label.key, "value": label.value} for label in (self.production, owner)]


if __name__ == "__main__":
    app = App()
    Shop(app, "shop")
    app.synth()
