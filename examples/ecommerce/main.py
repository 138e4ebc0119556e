"""An online shop's Segment workspace: sources, destinations, filters and the tracking plan.

export SEGMENT_API_TOKEN=...
cdktf deploy
"""

from __future__ import annotations

from collections.abc import Sequence

from cdktf import App, TerraformOutput, TerraformStack
from constructs import Construct

import shop
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

        self.plan = TrackingPlan(self, "plan", **shop.PLAN, events=shop.ALL_EVENTS)
        if with_web:
            self.web()
        self.ios()
        self.server()

    def web(self) -> None:
        """The website: analytics, without staff and without personal data."""
        source = Source(
            self,
            "web",
            **shop.WEB,
            metadata_id=shop.JAVASCRIPT,
            labels=self.labels(self.growth),
        )
        SourceTrackingPlanConnection(
            self,
            "web_plan",
            source_id=source.id,
            tracking_plan_id=self.plan.id,
            schema_settings=shop.ONLY_PLANNED,
        )
        amplitude = Destination(
            self,
            "amplitude",
            name="Amplitude",
            enabled=True,
            source_id=source.id,
            metadata_id=shop.AMPLITUDE,
            settings={
                **shop.AMPLITUDE_SETTINGS,
                "apiKey": secret(self, "amplitude_api_key"),
                "secretKey": secret(self, "amplitude_secret_key"),
            },
        )
        DestinationFilter(
            self,
            "no_staff",
            **shop.NO_STAFF,
            source_id=source.id,
            destination_id=amplitude.id,
        )
        DestinationFilter(
            self,
            "sample_pages",
            **shop.SAMPLE_PAGES,
            source_id=source.id,
            destination_id=amplitude.id,
        )
        analytics = Destination(
            self,
            "google_analytics",
            name="Google Analytics 4",
            enabled=True,
            source_id=source.id,
            metadata_id=shop.GOOGLE_ANALYTICS_4,
            settings={
                **shop.GOOGLE_ANALYTICS_SETTINGS,
                "apiSecret": secret(self, "google_analytics_api_secret"),
            },
        )
        DestinationFilter(
            self,
            "no_personal_data",
            **shop.NO_PERSONAL_DATA,
            source_id=source.id,
            destination_id=analytics.id,
        )
        TerraformOutput(self, "web_write_keys", value=source.write_keys, sensitive=True)

    def ios(self) -> None:
        """The app: messages to customers."""
        source = Source(
            self,
            "ios",
            **shop.IOS,
            metadata_id=shop.APPLE,
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
            metadata_id=shop.BRAZE,
            settings={**shop.BRAZE_SETTINGS, "api_key": secret(self, "braze_api_key")},
        )

    def server(self) -> None:
        """The backend: orders to the warehouse system, everything to the archive."""
        source = Source(
            self,
            "server",
            **shop.SERVER,
            metadata_id=shop.PYTHON,
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
            metadata_id=shop.WEBHOOK,
            settings={"sharedSecret": secret(self, "webhook_shared_secret")},
        )
        DestinationFilter(
            self,
            "orders_only",
            **shop.ORDERS_ONLY,
            source_id=source.id,
            destination_id=webhook.id,
        )
        Destination(
            self,
            "archive",
            name="Archive",
            enabled=True,
            source_id=source.id,
            metadata_id=shop.AWS_S3,
            settings=shop.ARCHIVE_SETTINGS,
        )

    def labels(self, owner: Label) -> list[SourceLabel]:
        """The environment and the owner, as references: labels are made before what bears them."""
        return [{"key": label.key, "value": label.value} for label in (self.production, owner)]


if __name__ == "__main__":
    app = App()
    Shop(app, "shop")
    app.synth()
