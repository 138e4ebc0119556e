"""What the catalogue has against a planned source or destination.

The questions are those of `segform.catalog`, which `segform check` asks of a file; here they are
asked of the workspace's own catalogue, at plan time, and only of what a change touches.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from segform.resources.exact import parsed_object
from segform.resources.parts import Problem
from segform.resources.values import UNKNOWN

from .keys import key_of
from .mapping import secrets_changed
from .run import Run
from .state import MASKED

if TYPE_CHECKING:
    from .service import Lifecycle


def source(life: Lifecycle, run: Run) -> list[Problem]:
    """A source's catalogue id exists, and its settings are options of that entry.

    Operations: `getSourceMetadata`, `getSourcesCatalog`.
    """
    return _check(life, run)


def destination(life: Lifecycle, run: Run) -> list[Problem]:
    """As `source`; and the source can have it: platform, region, number of instances.

    Operations: `getDestinationMetadata`, `getDestinationsCatalog`, `getSource`,
    `listConnectedDestinationsFromSource`.
    """
    return _check(life, run)


def warehouse(life: Lifecycle, run: Run) -> list[Problem]:
    """As `source`. Operations: `getWarehouseMetadata`, `getWarehousesCatalog`."""
    return _check(life, run)


def subscription(life: Lifecycle, run: Run) -> list[Problem]:
    """A mapping's action is one of its destination's, and takes what the mapping gives it.

    Operation: `getDestination`, which answers with the catalogue entry.
    """
    from segform.catalog import check_action

    destination_id, action_id = run.planned_value("destination_id"), run.planned_value("action_id")
    settings = run.planned_value("settings")
    if not isinstance(destination_id, str) or not isinstance(action_id, str):
        return []
    if destination_id in life.created or not any(map(run.changed, ("settings", "action_id"))):
        return []
    facts = (run.about.name, destination_id, action_id, str(settings))
    if life.passed.recently(*facts):
        return []
    live = life.live(life.run("destination", prior={"id": destination_id})) or {}
    problems = check_action(settings, action_id, live.get("metadata") or {})
    if not problems:
        life.passed.note(*facts)
    return problems


def _check(life: Lifecycle, run: Run) -> list[Problem]:
    kind = run.about.catalog
    data_source = f"{kind}_metadata"
    entry_id = _entry_id(run.planned)
    if entry_id is None:
        return []
    prior = run.prior or {}
    fresh = _entry_id(prior) != entry_id
    wanted = parsed_object(run.planned_value("settings"))
    held = parsed_object(prior.get("settings"))
    touched = {key for key, value in wanted.items() if key not in held or held[key] != value}
    # Write-only settings are given as well, whatever they hold.
    hidden = _hidden(run)
    wanted = {**dict.fromkeys(hidden, MASKED), **wanted}
    touched |= hidden.keys() if secrets_changed(run) else set()
    if not fresh and not touched:
        return []
    # What follows depends on the kinds of the values alone; no secret is remembered, not hashed.
    source_id = run.planned_value("source_id")
    if source_id in life.created:
        # Of a source that this very apply made nothing is asked, as when it was not there yet: so
        # the plan's answers hold for the apply, which knows the source's id by now.
        source_id = None
    before = _before(life, run, source_id, entry_id)
    asked = "all" if run.prior is None else ",".join(sorted(touched))
    facts = (data_source, entry_id, str(source_id), str(before), asked, _shape(wanted))
    if life.passed.recently(*facts):
        return []
    entry = life.catalog.entry(data_source, entry_id)
    if entry is None:
        return [_no_entry(life, run, data_source, entry_id)]

    from segform.catalog import check_settings, check_status

    problems = [
        Problem(
            (hidden.get(str(one.path[0]), "settings"), *one.path),
            one.message,
            one.mend,
            one.severity,
        )
        for one in check_settings(wanted, entry, complete=_whole(run), only=touched)
    ]
    if fresh:
        problems += check_status(entry, kind)
    if fresh and run.about.below:
        problems += _connection(life, run, entry)
    if not problems:
        life.passed.note(*facts)
    return problems


def _whole(run: Run) -> bool:
    """Whether the settings are all that a new object will have, none of them unknown yet."""
    given = [run.config.get(name) for name, item in run.kind.attributes.items() if item.into]
    return run.prior is None and UNKNOWN not in (run.planned.get("settings"), *given)


def _hidden(run: Run) -> dict[str, str]:
    """The keys of write-only settings, each with the attribute that it stands in."""
    found: dict[str, str] = {}
    for name, item in run.kind.attributes.items():
        given = run.config.get(name)
        if item.into and isinstance(given, dict):
            found |= {key: name for key, value in given.items() if value is not None}
    return found


def _entry_id(values: Mapping[str, Any]) -> str | None:
    """The catalogue entry that a state names: in an object, or as an attribute of its own."""
    given = values.get("metadata")
    found = given.get("id") if isinstance(given, dict) else values.get("metadata_id")
    return found if isinstance(found, str) else None


def _no_entry(life: Lifecycle, run: Run, data_source: str, entry_id: str) -> Problem:
    nested = "metadata" in run.kind.attributes
    return Problem(
        ("metadata", "id") if nested else ("metadata_id",),
        f"the {data_source.removesuffix('_metadata')} catalogue has no entry {entry_id!r}"
        f"{life.suggestion(data_source, entry_id)}",
        f"Give the id of a catalogue entry; the data source `segment_{data_source}` finds it by "
        "slug or name.",
    )


def _connection(life: Lifecycle, run: Run, entry: Mapping[str, Any]) -> list[Problem]:
    """What speaks against the new destination on its source, where that is there already."""
    from segform.catalog import check_connection, instances_allowed
    from segform.catalog.reach import entry_id_of

    source_id = run.planned_value("source_id")
    if not isinstance(source_id, str) or source_id in life.created:
        return []
    others = 0
    if instances_allowed(entry) is not None:
        pages = life.client.pages(
            "listConnectedDestinationsFromSource", path={"sourceId": source_id}
        )
        # One that a state holds may be on its way out.
        others = sum(
            entry_id_of(one) == entry["id"] and (run.about.name, str(one.get("id"))) not in life.met
            for page in pages
            for one in page
        )
        # And the new ones of this very plan, none of which can be on its way out.
        others += _before(life, run, source_id, str(entry["id"]))
    live = life.live(life.run("source", prior={"id": source_id}))
    return check_connection((live or {}).get("metadata"), entry, others=others)


def _before(life: Lifecycle, run: Run, source_id: Any, entry_id: str) -> int:
    """How many other new destinations of this entry the plan has put on the source before."""
    if run.prior is not None or not isinstance(source_id, str):
        return 0
    return life.rank(("instance", source_id, entry_id), key_of(run))


def _shape(settings: Mapping[str, Any]) -> str:
    """The kinds of the values, by key: what the options are held against."""
    return ",".join(f"{key}={_kind(settings[key])}" for key in sorted(settings))


def _kind(value: Any) -> str:
    if isinstance(value, str):
        if not value:
            return "empty"
        digits = value.lstrip("-").replace(".", "", 1).isdigit()
        return "digits" if digits else "flag" if value.lower() in ("true", "false") else "text"
    return type(value).__name__
