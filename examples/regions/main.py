"""One app over three workspaces, two in the US and one in the EU.

A workspace is a stack: its own state, its own token, its own plan. `cdktf deploy shop-us` deploys
one, `cdktf deploy '*'` all. Tokens are variables (TF_VAR_token_shop_us, …), and each provider is
pinned to its workspace: no URL and no id says which workspace a token belongs to, so that without
the pin a token in the wrong place would fill the wrong workspace.
"""

from __future__ import annotations

import os
from typing import Literal, NamedTuple

from cdktf import App, TerraformStack
from constructs import Construct

from segform.resources.label import Label
from segform.resources.source import Source as SourceObject
from segform_cdktf import (
    DeclaredWorkspace,
    SegmentProvider,
    Source,
    SourceTrackingPlanConnection,
    TrackingPlan,
    secret,
    track,
)

JAVASCRIPT = "IqDTy1TpoU"


class Place(NamedTuple):
    """A workspace: its slug, its region, and the brands that send to it."""

    workspace: str
    region: Literal["us", "eu"]
    brands: tuple[str, ...] = ()


PLACES = {
    "shop-us": Place("acme", "us", ("north", "south")),
    "lab-us": Place("umbrella", "us"),
    "shop-eu": Place("acme-eu", "eu", ("nord", "sud", "ost")),
}


class Shop(TerraformStack):
    """What every workspace has."""

    def __init__(self, scope: Construct, id_: str, place: Place) -> None:
        super().__init__(scope, id_)
        SegmentProvider(
            self,
            "segment",
            region=place.region,
            workspace=place.workspace,
            token=secret(self, f"token_{id_.replace('-', '_')}"),
            # For emulators; without it, the region's own.
            url=os.environ.get(f"SEGMENT_URL_{place.region.upper()}"),
        )
        plan = TrackingPlan(
            self,
            "plan",
            name="Shop",
            type="LIVE",
            events=[track("Order Completed", properties={"total": {"type": "number"}})],
        )
        web = Source(
            self,
            "web",
            slug="web",
            enabled=True,
            metadata_id=JAVASCRIPT,
            settings={"websiteUrl": f"https://{place.region}.shop.example"},
        )
        SourceTrackingPlanConnection(self, "web_plan", source_id=web.id, tracking_plan_id=plan.id)
        # As many as there are: data, and so one construct.
        label = Label(key="owner", value="brands")
        brands = [
            SourceObject(
                slug=f"brand-{brand}",
                enabled=True,
                metadata={"id": JAVASCRIPT},
                settings={},
                labels=[{"key": "owner", "value": "brands"}],
            )
            for brand in place.brands
        ]
        wanted: dict[str, Label | SourceObject] = {"owner": label}
        wanted |= dict(zip(place.brands, brands, strict=True))
        DeclaredWorkspace(self, "brands", workspace=wanted)


if __name__ == "__main__":
    app = App()
    for name, place in PLACES.items():
        Shop(app, name, place)
    app.synth()
