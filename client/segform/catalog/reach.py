"""Which sources reach which destinations, and how: methods, platforms, modes, regions, counts.

The Public API has no table of connection modes. They are read from what an entry has: the
components (BROWSER, IOS, ANDROID, SERVER), the platforms of the actions (WEB, MOBILE, CLOUD), the
counts of instances; a table `connectionModes`, as Segment's documentation has it, is believed
where it is there. What nothing tells, or one fact denies of another, is None: unknown.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from segform.resources.parts import Problem

from .entries import Catalog, Entry

# Category of a source -> platform in a destination's `supportedPlatforms`.
_PLATFORMS = {
    "website": "browser",
    "mobile": "mobile",
    "server": "server",
    "warehouse": "warehouse",
    "reverse etl": "warehouse",
}
_WORDS = {
    "browser": "websites",
    "mobile": "mobile apps",
    "server": "servers",
    "warehouse": "warehouses",
    "cloud": "cloud apps",
}
_CALLS = ("track", "identify", "group", "alias", "page")
_NONE = ("0", "NONE")
_ONE = ("1", "SINGLE")
_GONE = ("DEPRECATED", "UNAVAILABLE")


class Reach(NamedTuple):
    """One destination of a workspace, as the catalogue sees it.

    `modes`: "cloud" and "device" -> whether events of its source can go that way; `methods`: call
    -> whether it is taken; `regions`: where it is offered. None is unknown. `known`: the catalogue
    has its entry.
    """

    id: str
    name: str
    entry_id: str
    tool: str
    source: str
    platform: str | None
    enabled: bool
    modes: dict[str, bool | None]
    methods: dict[str, bool | None]
    regions: tuple[str, ...]
    known: bool


def platform_of(source: Entry) -> str | None:
    """Where a source's events come from: browser, mobile, server, warehouse, cloud; or None."""
    if source.get("isCloudEventSource"):
        return "cloud"
    for category in source.get("categories") or ():
        found = _PLATFORMS.get(str(category).lower())
        if found:
            return found
    return None


def methods_of(destination: Entry) -> dict[str, bool | None]:
    """Call -> whether the destination takes it. `page` is the catalogue's `pageview`."""
    given = destination.get("supportedMethods") or {}
    return {
        call: given.get("pageview", given.get("page")) if call == "page" else given.get(call)
        for call in _CALLS
    }


def modes_of(destination: Entry, platform: str | None) -> dict[str, bool | None]:
    """Whether events of a platform can go by `cloud` and by `device`."""
    place = {"browser": "web", "mobile": "mobile", "server": "server"}.get(platform or "")
    table = destination.get("connectionModes")
    if isinstance(table, Mapping) and place is not None:
        return {mode: (table.get(mode) or {}).get(place) for mode in ("cloud", "device")}
    features = destination.get("supportedFeatures") or {}
    components = {str(one.get("type")).upper() for one in destination.get("components") or ()}
    actions = {str(one.get("platform")).upper() for one in destination.get("actions") or ()}
    listed = bool(components or actions)
    cloud = _mode(
        features.get("cloudModeInstances"), "SERVER" in components or "CLOUD" in actions, listed
    )
    device: bool | None
    if place == "web":
        here = "BROWSER" in components or "WEB" in actions
        device = _mode(features.get("deviceModeInstances"), here, listed)
    elif place == "mobile":
        here = not components.isdisjoint(("IOS", "ANDROID")) or "MOBILE" in actions
        device = _mode(features.get("deviceModeInstances"), here, listed)
    else:
        # Servers and cloud apps have no device.
        device = None if platform is None else False
    if (destination.get("supportedPlatforms") or {}).get(platform) is False:
        # The entry contradicts itself: nobody knows.
        cloud, device = cloud and None, device and None
    return {"cloud": cloud, "device": device}


def _mode(instances: Any, part: bool, listed: bool) -> bool | None:
    """A mode: there is a part for it, or a count that is not 0; unknown where nothing is listed."""
    if part:
        return True
    count = str(instances).upper() if instances is not None else None
    if count in _NONE:
        return False
    if listed:
        return False
    return True if count is not None else None


def regions_of(entry: Entry) -> tuple[str, ...]:
    """Where an entry is offered: `us`, `eu`. Empty: the catalogue does not say."""
    given = entry.get("supportedRegions") or ()
    return tuple(sorted({str(one).lower().partition("-")[0] for one in given}))


def instances_allowed(destination: Entry) -> int | None:
    """How many instances one source may have of it; None: several, or unknown.

    A device counts for itself, so that the larger of both modes is the answer.
    """
    features = destination.get("supportedFeatures") or {}
    cloud = str(features.get("cloudModeInstances") or "").upper()
    device = str(features.get("deviceModeInstances") or "").upper()
    if cloud in _ONE or (cloud in _NONE and device in (*_ONE, *_NONE, "")):
        return 1
    return None


def check_status(entry: Entry, kind: str) -> list[Problem]:
    """Whether a new object should still be made of an entry."""
    status = str(entry.get("status", "")).upper()
    if status not in _GONE:
        return []
    return [
        Problem(
            ("metadata", "id"),
            f"the {kind} catalogue calls {entry.get('name')} {status.lower()}",
            "Look for its successor in the catalogue.",
            "warning",
        )
    ]


def check_connection(
    source: Entry | None,
    destination: Entry,
    *,
    region: str | None = None,
    others: int = 0,
) -> list[Problem]:
    """What speaks against a destination on a source; paths are those of the destination.

    `region`: of the workspace, `us` or `eu`. `others`: how many destinations of the same entry
    the source has beside this one; the service refuses one too many.
    """
    problems: list[Problem] = []
    name = destination.get("name")
    allowed = instances_allowed(destination)
    if allowed is not None and others >= allowed:
        problems.append(
            Problem(
                ("metadata", "id"),
                f"the source has {name} already, and a source takes only {allowed} of it",
                "Change the one that is there, or connect another source.",
            )
        )
    offered = regions_of(destination)
    if region and offered and region.lower() not in offered:
        problems.append(
            Problem(
                ("metadata", "id"),
                f"{name} is offered in {' and '.join(one.upper() for one in offered)}, and this "
                f"workspace is in {region.upper()}",
                "Ask Segment before you rely on it.",
                "warning",
            )
        )
    return [*problems, *_platform(source, destination)]


def _platform(source: Entry | None, destination: Entry) -> Iterator[Problem]:
    platform = platform_of(source) if source else None
    platforms = destination.get("supportedPlatforms") or {}
    if platform is None or platform == "cloud" or platforms.get(platform) is not False:
        return
    # A browser's or an app's events can still go through Segment's servers.
    if modes_of(destination, platform)["cloud"] is not False and platforms.get("server"):
        return
    taken = ", ".join(_WORDS[one] for one in _WORDS if platforms.get(one)) or "none of ours"
    yield Problem(
        ("source_id",),
        f"{destination.get('name')} takes no events of {_WORDS[platform]}; it takes those of "
        f"{taken}",
        "Connect a source of that platform.",
        "warning",
    )


def inventory(
    catalog: Catalog,
    *,
    sources: Iterable[Mapping[str, Any]],
    destinations: Iterable[Mapping[str, Any]],
) -> list[Reach]:
    """Every destination of a workspace with the modes, methods and regions that it accepts.

    Objects as the API gives them (`metadata.id`), or as a snapshot does (`metadataId`).
    """
    by_id = {str(one.get("id")): one for one in sources}
    found = []
    for one in destinations:
        entry_id = entry_id_of(one)
        entry = catalog.entry("destination", entry_id)
        source = by_id.get(str(one.get("sourceId")), {})
        own = catalog.entry("source", entry_id_of(source)) or source.get("metadata") or {}
        platform = platform_of(own)
        given = entry or one.get("metadata") or {}
        found.append(
            Reach(
                id=str(one.get("id")),
                name=str(one.get("name") or given.get("name") or one.get("id")),
                entry_id=entry_id,
                tool=str(given.get("name") or entry_id),
                source=str(source.get("slug") or one.get("sourceId")),
                platform=platform,
                enabled=bool(one.get("enabled", True)),
                modes=modes_of(given, platform),
                methods=methods_of(given),
                regions=regions_of(given),
                known=len(given) > 1,
            )
        )
    return found


def entry_id_of(thing: Mapping[str, Any]) -> str:
    """The catalogue id of an object, as the API or as a snapshot has it."""
    return str(thing.get("metadataId") or (thing.get("metadata") or {}).get("id") or "")


def counts(destinations: Iterable[Mapping[str, Any]]) -> Counter[tuple[str, str]]:
    """(source id, catalogue id) -> how many destinations there are."""
    return Counter((str(one.get("sourceId")), entry_id_of(one)) for one in destinations)
