"""Sources, by slug. They are made and deleted here, not changed."""

from __future__ import annotations

from segform_emulator.workspace import Object

from . import names, reading
from .context import NO_TIME, Context
from .errors import invalid

_LIBRARY = {
    "metrics_enabled": False,
    "retry_queue": False,
    "cross_domain_id_enabled": False,
    "api_host": "",
}


def shown(context: Context, source: Object) -> Object:
    """A source as the Config API shows it; `source` as stored."""
    facts = context.facts(source["id"])
    entry = context.catalog.get("sources", source["metadataId"]) or {}
    return {
        "name": f"{context.name}/sources/{source['slug']}",
        "parent": context.name,
        "display_name": source["name"],
        "catalog_name": f"catalog/sources/{entry.get('slug', '')}",
        "write_keys": list(source["writeKeys"]) if context.role.source_admin else [],
        "library_config": {**_LIBRARY, **facts.get("libraryConfig", {})},
        "create_time": facts.get("createTime", NO_TIME),
    }


def create(context: Context) -> Object:
    """`POST workspaces/W/sources`: enabled, and called as its slug where no name is given."""
    given = reading.wrapped(context.body(), "source")
    slug = names.below(given.get("name"), f"{context.name}/sources", "source.name")
    catalog = names.below(given.get("catalog_name"), "catalog/sources", "source.catalog_name")
    entry = names.entry(context, "sources", catalog)
    if entry is None:
        raise invalid(f"source.catalog_name: there is no catalog/sources/{catalog}")
    library = _library(given)
    body: Object = {"slug": slug, "enabled": True, "metadataId": entry["id"]}
    called = reading.text(given, "display_name", "source")
    if called:
        # The stable operation of the Public API takes no name.
        body["name"] = called
    version = "alpha" if called else ""
    made = context.public("createSource", body=body, version=version)["source"]
    context.note(made["id"], createTime=context.clock.stamp(), libraryConfig=library)
    return shown(context, context.workspace.source(made["id"]))


def _library(given: Object) -> Object:
    wanted = reading.wrapped(given, "library_config")
    made: Object = {}
    for name, default in _LIBRARY.items():
        if name in wanted and type(wanted[name]) is not type(default):
            raise invalid(f"source.library_config.{name} has to be a {type(default).__name__}")
        if name in wanted:
            made[name] = wanted[name]
    return made


def every(context: Context) -> Object:
    """`GET workspaces/W/sources`."""
    return context.page(list(context.workspace.sources.values()), "sources", shown)


def get(context: Context) -> Object:
    """`GET workspaces/W/sources/S`."""
    return shown(context, context.source())


def delete(context: Context) -> Object:
    """`DELETE workspaces/W/sources/S`: what hangs below it goes with it."""
    context.public("deleteSource", {"sourceId": context.source()["id"]})
    context.forget()
    return {}
