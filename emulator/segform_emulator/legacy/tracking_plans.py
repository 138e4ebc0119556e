"""Tracking plans with their rules as one object, and the sources that they are connected to."""

from __future__ import annotations

from segform_emulator.workspace import Object

from . import names, reading, rules
from .context import Context
from .errors import invalid

_FIELDS = ("display_name", "rules", *(f"rules.{part}" for part in rules.PARTS))


def shown(context: Context, plan: Object) -> Object:
    """A plan as the Config API shows it, rules included."""
    return {
        "name": f"{context.name}/tracking-plans/{names.plan_last(plan['id'])}",
        "display_name": plan["name"],
        "rules": rules.shown(context.workspace, plan["id"]),
        "create_time": plan["createdAt"],
        "update_time": plan["updatedAt"],
    }


def create(context: Context) -> Object:
    """`POST workspaces/W/tracking-plans`. Two plans may have one name."""
    given = reading.wrapped(context.body(), "tracking_plan")
    called = reading.text(given, "display_name", "tracking_plan")
    if not called:
        raise invalid("tracking_plan.display_name is required")
    wanted = rules.wanted(given, ["rules"])
    body = {"name": called, "type": "LIVE"}
    made = context.public("createTrackingPlan", body=body)["trackingPlan"]
    rules.replace(context, made["id"], wanted)
    return shown(context, context.workspace.plan(made["id"]))


def every(context: Context) -> Object:
    """`GET workspaces/W/tracking-plans`."""
    return context.page(list(context.workspace.plans.values()), "tracking_plans", shown)


def get(context: Context) -> Object:
    """`GET …/tracking-plans/P`."""
    return shown(context, context.plan())


def update(context: Context) -> Object:
    """`PATCH` or `PUT …/tracking-plans/P`: the mask decides with both."""
    plan = context.plan()
    given = context.body()
    changed = reading.changes(given, "tracking_plan", _FIELDS)
    called = reading.text(changed, "display_name", "tracking_plan")
    wanted = rules.wanted(reading.wrapped(given, "tracking_plan"), list(changed))
    if "display_name" in changed:
        path = {"trackingPlanId": plan["id"]}
        context.public("updateTrackingPlan", path, {"name": called})
    rules.replace(context, plan["id"], wanted)
    return shown(context, plan)


def delete(context: Context) -> Object:
    """`DELETE …/tracking-plans/P`: its rules and connections go with it."""
    context.public("deleteTrackingPlan", {"trackingPlanId": context.plan()["id"]})
    return {}


def _connection(context: Context, source: Object) -> Object:
    return {
        "source_name": f"{context.name}/sources/{source['slug']}",
        "tracking_plan_id": names.plan_last(context.workspace.connected[source["id"]]),
    }


def connections(context: Context) -> Object:
    """`GET …/tracking-plans/P/source-connections`."""
    plan_id = context.plan()["id"]
    held = context.workspace
    mine = [one for one_id, one in held.sources.items() if held.connected.get(one_id) == plan_id]
    return context.page(mine, "connections", _connection)


def connect(context: Context) -> Object:
    """`POST …/tracking-plans/P/source-connections`: `{"source_name": "workspaces/W/sources/S"}`."""
    plan_id = context.plan()["id"]
    slug = names.below(context.body().get("source_name"), f"{context.name}/sources", "source_name")
    source = names.source(context.workspace, slug)
    if source is None:
        raise invalid(f"source_name: there is no source {slug!r}")
    path = {"trackingPlanId": plan_id}
    context.public("addSourceToTrackingPlan", path, {"sourceId": source["id"]})
    return _connection(context, source)


def disconnect(context: Context) -> Object:
    """`DELETE …/tracking-plans/P/source-connections/S`."""
    path = {"trackingPlanId": context.plan()["id"]}
    query = {"sourceId": context.source()["id"]}
    context.public("removeSourceFromTrackingPlan", path, query=query)
    return {}
