"""A shop as objects, for the engine."""

from __future__ import annotations

from typing import Any

from segform.resources.destination import Destination
from segform.resources.destination_filter import DestinationFilter
from segform.resources.destination_subscription import DestinationSubscription
from segform.resources.function import Function
from segform.resources.insert_function_instance import InsertFunctionInstance
from segform.resources.label import Label
from segform.resources.profiles_warehouse import ProfilesWarehouse
from segform.resources.source import Source
from segform.resources.source_tracking_plan_connection import SourceTrackingPlanConnection
from segform.resources.source_warehouse_connection import SourceWarehouseConnection
from segform.resources.tracking_plan import TrackingPlan
from segform.resources.transformation import Transformation
from segform.resources.user import User
from segform.resources.user_group import UserGroup
from segform.resources.warehouse import Warehouse
from segform.workspace import Desired

WEB, WEBHOOK = "IqDTy1TpoU", "614a3c7d791c91c41bae7599"
SOURCE_ADMIN = "47kgVak2VczEP8Ew6NapMZQqz7V"


def shop(
    *, slug: str = "web", without: tuple[str, ...] = (), space: str = "", **changes: Any
) -> Desired:
    """The shop; `changes` are attributes of the last object of a kind: `destination_enabled=…`.

    `space`: the id of a space, which no request of the API makes; with it there is a profiles
    warehouse too. A `Place` has the space `SPACE`.
    """
    made = Desired()

    def of(kind: str, **values: Any) -> dict[str, Any]:
        mine = {
            key.removeprefix(f"{kind}_"): value
            for key, value in changes.items()
            if key.startswith(f"{kind}_")
        }
        return {**values, **mine}

    made.add(Label(key="environment", value="prod"), "prod")
    web = Source(
        **of(
            "source",
            slug=slug,
            name="Website",
            enabled=True,
            metadata={"id": WEB},
            settings={"websiteUrl": "https://shop.example"},
            labels=[{"key": "environment", "value": "prod"}],
        )
    )
    made.add(web, "web")
    plan = TrackingPlan(
        **of(
            "plan",
            name="Shop",
            type="LIVE",
            rules_by_key={
                "TRACK:Order Completed": {"json_schema": {"type": "object"}},
                "IDENTIFY": {"json_schema": {"type": "object"}},
            },
        )
    )
    made.add(plan)
    made.add(
        SourceTrackingPlanConnection(
            source_id=web,
            tracking_plan_id=plan,
            schema_settings={"track": {"allow_unplanned_events": False}},
        ),
        "web",
    )
    hook = Destination(
        **of(
            "destination",
            name="Hook",
            enabled=True,
            source_id=web,
            metadata={"id": WEBHOOK},
            settings={"sharedSecret": "hush-hush"},
        )
    )
    made.add(hook)
    if "filter" not in without:
        made.add(
            DestinationFilter(
                **of(
                    "filter",
                    title="No pages",
                    enabled=True,
                    source_id=web,
                    destination_id=hook,
                    when='type = "page"',
                    actions=[{"type": "DROP"}],
                )
            )
        )
    made.add(
        DestinationSubscription(
            destination_id=hook,
            action_id="nFPnRozhz1mh4Gbx4MLvT5",
            name="Orders",
            trigger='type = "track"',
            enabled=True,
            settings={"url": "https://hooks.example", "data": {"@path": "$.properties"}},
        )
    )
    made.add(
        Transformation(
            source_id=web, name="Tidy", enabled=True, when='event = "a"', new_event_name="A"
        )
    )
    main = Warehouse(
        name="Main",
        metadata={"id": "55d3d3aea3c"},
        settings={"hostname": "db.example", "password": "hush-hush"},
    )
    made.add(main)
    made.add(SourceWarehouseConnection(source_id=web, warehouse_id=main), "web")
    if space:
        made.add(
            ProfilesWarehouse(
                space_id=space,
                metadata_id="55d3d3aea3c",
                name="People",
                schema_name="people",
                settings={"hostname": "db.example", "password": "hush-hush"},
            )
        )
    clean = Function(
        code="async function onTrack(event) { return event }",
        display_name="Clean",
        resource_type="INSERT_DESTINATION",
    )
    made.add(clean)
    made.add(
        InsertFunctionInstance(
            function_id=clean, integration_id=hook, name="Clean", enabled=True, settings={}
        )
    )
    permissions: Any = [
        {"role_id": SOURCE_ADMIN, "resources": [{"id": web, "type": "SOURCE", "labels": []}]}
    ]
    made.add(User(email="ann@shop.example", permissions=permissions), "ann")
    made.add(UserGroup(name="Team", members=["ann@shop.example"], permissions=permissions))
    return made
