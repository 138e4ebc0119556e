"""A legacy workspace becomes a snapshot that makes the same workspace; what is not told is said."""

from __future__ import annotations

import asyncio
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import segform
from segform.config_api import Migration, catalogue, migrate, migrate_async
from segform.config_api.migration import UNREAD
from segform.resources import exact
from segform_emulator import Emulator
from segform_emulator.exact import dumps, loads

from .both import async_legacy, legacy, public, state
from .stub import client as scripted
from .stub import no, ok

W = "workspaces/acme"
SNAPSHOT = jsonschema.Draft202012Validator(
    json.loads(
        (Path(__file__).resolve().parents[2] / "contract/schemas/snapshot.schema.json").read_text()
    )
)


def _catalogue(emulator: Emulator) -> dict[str, str]:
    with public(emulator) as segment:
        return catalogue(
            sources=segment.catalog.sources.list(), destinations=segment.catalog.destinations.list()
        )


CATALOGUE = _catalogue(Emulator())


def _migrated(emulator: Emulator) -> Migration:
    with legacy(emulator) as client:
        found = migrate(client, catalog=CATALOGUE)
    SNAPSHOT.validate(json.loads(found.to_json()))
    return found


def _seeded(found: Migration) -> Emulator:
    fresh = Emulator()
    fresh.seed(loads(found.to_json()))
    return fresh


def _comparable(held: dict[str, Any]) -> dict[str, Any]:
    """A workspace by names instead of ids: what two workspaces that are the same agree in."""
    slugs = {one["id"]: one["slug"] for one in held["sources"]}
    kinds = {one["id"]: (slugs[one["sourceId"]], one["metadataId"]) for one in held["destinations"]}

    def schema(source: dict[str, Any]) -> dict[str, Any]:
        found = source.get("schemaSettings", {})
        return {
            key: slugs.get(value, value) if isinstance(value, str) else value
            for key, value in found.items()
            if value not in ({}, "")
        }

    return {
        "slug": held["slug"],
        "name": held["name"],
        "sources": {
            one["slug"]: (one["metadataId"], one["name"], one["writeKeys"], schema(one))
            for one in held["sources"]
        },
        "destinations": {
            kinds[one["id"]]: (one["name"], one["enabled"], _written(one["settings"]))
            for one in held["destinations"]
        },
        "filters": sorted(
            (
                kinds[one["destinationId"]],
                one["title"],
                one["if"],
                one["enabled"],
                one.get("description", ""),
                _written(one["actions"]),
            )
            for one in held["filters"]
        ),
        "plans": sorted(
            (
                one["name"],
                sorted(slugs[source] for source in one["sourceIds"]),
                sorted(
                    (
                        rule["type"],
                        rule.get("key", ""),
                        str(rule["version"]),
                        _written(rule["jsonSchema"]),
                    )
                    for rule in one["rules"]
                ),
            )
            for one in held["trackingPlans"]
        ),
    }


def _written(value: Any) -> str:
    """One text for one value: 0.10 is 0.1."""
    return exact.dumps(loads(dumps(value)))


TEXT = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=12)
SLUGS = st.from_regex(r"[a-z][a-z0-9_-]{0,8}", fullmatch=True)
FIELDS = st.lists(st.sampled_from(("a", "b.c", "e-mail")), min_size=1, max_size=2, unique=True)
ACTIONS = st.one_of(
    st.just({"type": "DROP"}),
    st.builds(
        lambda percent, path: {"type": "SAMPLE", "percent": percent, **path},
        st.decimals(0, 1, places=2),
        st.sampled_from(({}, {"path": "userId"})),
    ),
    st.builds(
        lambda kind, fields: {"type": kind, "fields": fields},
        st.sampled_from(("ALLOW_PROPERTIES", "DROP_PROPERTIES")),
        st.dictionaries(
            st.sampled_from(("context", "properties", "traits")), FIELDS, min_size=1, max_size=3
        ),
    ),
)
SCHEMAS = st.fixed_dictionaries(
    {"type": st.just("object")},
    # An empty description is none there.
    optional={"description": TEXT.filter(bool), "required": st.just(["properties"])},
)
# Options that are no secrets, and values of their types.
OPTIONS: dict[str, st.SearchStrategy[dict[str, Any]]] = {
    "54521fd525e721e32a72ee91": st.fixed_dictionaries(
        {}, optional={"batchEvents": st.booleans(), "endpoint": TEXT.filter(bool)}
    ),
    "56f6ce7280412f644ff12fb2": st.fixed_dictionaries(
        {},
        optional={
            "delayTime": st.integers(0, 10**17) | st.decimals(0, 9, places=2),
            "customEvents": st.dictionaries(TEXT, TEXT, max_size=2),
        },
    ),
    "5f7dd8e302173ff732db5cc4": st.just({}),
}
SCHEMA_SETTINGS = st.fixed_dictionaries(
    {},
    optional={
        "track": st.fixed_dictionaries(
            {},
            optional={
                "allowUnplannedEvents": st.just(False),
                "allowPropertiesOnViolations": st.just(False),
                "commonEventOnViolations": st.sampled_from(("BLOCK", "OMIT_PROPERTIES")),
            },
        ),
        "group": st.fixed_dictionaries({}, optional={"allowUnplannedTraits": st.just(False)}),
    },
)


@st.composite
def workspaces(draw: st.DrawFn) -> dict[str, Any]:
    """A workspace with nothing in it that the legacy API cannot tell."""
    kinds = [entry for name, entry in CATALOGUE.items() if name.startswith("catalog/sources/")]
    slugs = draw(st.lists(SLUGS, unique=True, max_size=4))
    sources: list[dict[str, Any]] = []
    destinations: list[dict[str, Any]] = []
    filters: list[dict[str, Any]] = []
    for place, slug in enumerate(slugs):
        schema = draw(SCHEMA_SETTINGS)
        if draw(st.booleans()):
            schema["forwardingViolationsTo"] = f"s{draw(st.integers(0, len(slugs) - 1))}"
        name = draw(TEXT) or slug
        made = {
            "id": f"s{place}",
            "slug": slug,
            "name": name,
            "metadataId": draw(st.sampled_from(kinds)),
        }
        sources.append({**made, "schemaSettings": schema})
        for kind in draw(st.lists(st.sampled_from(sorted(OPTIONS)), unique=True, max_size=2)):
            one = {
                "id": f"d{len(destinations)}",
                "name": draw(TEXT.filter(bool)),
                "sourceId": f"s{place}",
                "metadataId": kind,
                "enabled": draw(st.booleans()),
                "settings": draw(OPTIONS[kind]),
            }
            destinations.append(one)
            for _ in range(draw(st.integers(0, 2))):
                given_filter = {
                    "id": f"f{len(filters)}",
                    "sourceId": one["sourceId"],
                    "destinationId": one["id"],
                    "if": draw(st.sampled_from(("all", "type = 'track'"))),
                    "actions": draw(st.lists(ACTIONS, min_size=1, max_size=2)),
                    "title": draw(TEXT.filter(bool)),
                    "enabled": draw(st.booleans()),
                }
                if draw(st.booleans()):
                    given_filter["description"] = draw(TEXT.filter(bool))
                filters.append(given_filter)
    free = [source["id"] for source in sources]
    plans = []
    for number in range(draw(st.integers(0, 2))):
        mine = free[: draw(st.integers(0, len(free)))]
        free = free[len(mine) :]
        events = draw(
            st.lists(
                st.tuples(TEXT.filter(bool), st.integers(1, 3) | st.just(Decimal("1.1")), SCHEMAS),
                unique_by=lambda one: (one[0], Decimal(str(one[1]))),
                max_size=3,
            )
        )
        rules = [
            {"type": "TRACK", "key": key, "version": version, "jsonSchema": schema}
            for key, version, schema in events
        ]
        rules += [
            {"type": kind, "version": 1, "jsonSchema": draw(SCHEMAS)}
            for kind in draw(
                st.lists(st.sampled_from(("COMMON", "IDENTIFY", "GROUP")), unique=True, max_size=3)
            )
        ]
        plans.append(
            {
                "id": f"tp_{number}",
                "name": draw(TEXT) or "Plan",
                "type": "LIVE",
                "rules": rules,
                "sourceIds": mine,
            }
        )
    return {
        "slug": "acme",
        "name": draw(TEXT) or "Acme",
        "region": "us",
        "sources": sources,
        "destinations": destinations,
        "filters": filters,
        "trackingPlans": plans,
    }


def _round(workspace: dict[str, Any]) -> None:
    before = Emulator()
    before.seed({"format": "segform.snapshot", "version": 1, "workspaces": [workspace]})
    found = _migrated(before)
    after = _seeded(found)
    assert _comparable(state(after)) == _comparable(state(before))
    # All that is dropped are times; all that is unknown is said.
    dropped = {note.field for note in found.notes if note.kind == "dropped"}
    assert dropped <= {"create_time", "update_time"}
    assert not [note for note in found.notes if note.kind == "unknown"]
    again = _migrated(after)
    assert _comparable(state(_seeded(again))) == _comparable(state(before))


@given(workspaces())
@settings(max_examples=30, deadline=None)
def test_the_same_workspace(workspace: dict[str, Any]) -> None:
    """Read by the legacy API, seeded into a fresh emulator: nothing is another."""
    _round(workspace)


@pytest.mark.full
@pytest.mark.timeout(900)
@given(workspaces())
@settings(max_examples=1000, deadline=None)
def test_the_same_workspace_in_full(workspace: dict[str, Any]) -> None:
    """The same, often."""
    _round(workspace)


def test_a_workspace_of_several_pages() -> None:
    emulator = Emulator()
    emulator.seed(sources=130, destinations=40, filters=30, plans=3, rules=250)
    found = _migrated(emulator)
    made = found.snapshot["workspaces"][0]
    assert len(made["sources"]) == 130
    assert [len(plan["rules"]) for plan in made["trackingPlans"]] == [250] * 3
    before, after = state(emulator), state(_seeded(found))
    assert len(after["destinations"]) == len(before["destinations"])
    assert len(after["filters"]) == 30
    assert sorted(one["slug"] for one in after["sources"]) == sorted(
        one["slug"] for one in before["sources"]
    )


def test_nothing_is_written_and_it_is_told_what_is_missing() -> None:
    emulator = Emulator()
    emulator.seed(sources=2, destinations=3, filters=2, plans=1, rules=2, warehouses=1)
    with legacy(emulator, read_only=True) as client:
        found = migrate(client, catalog=CATALOGUE)
    assert {one["method"] for one in emulator.recorder.entries} == {"GET"}
    home = {note.field: note.text for note in found.notes if note.name == W}
    assert set(UNREAD) <= set(home)
    for what, text in home.items():
        assert "segform.Segment()" in text, what
    # Where the words send the user there is something to call.
    segment = segform.Segment(token="t")
    for text in UNREAD.values():
        call = text.partition("segform.Segment().")[2].split("(")[0].split("[")[0].split()[0]
        where: Any = segment
        for step in call.strip(".").split("."):
            where = getattr(where, step)


def test_secrets_are_not_read_and_not_shown() -> None:
    emulator = Emulator()
    with legacy(emulator) as client:
        source = client.sources.create("js", catalog_name="javascript")
        name = "sources/js/destinations/actions-webhook"
        client.destinations.create(name, config={"sharedSecret": "s3cr3t-key"})
        found = migrate(client, catalog=CATALOGUE)
    report = found.report()
    assert "sharedSecret" in report
    assert "set it anew" in report
    everything = f"{report} {found.notes!r} {found.to_json()}"
    assert "s3cr3t-key" not in everything
    assert "•" not in found.to_json()
    key = source["write_keys"][0]
    assert key in found.to_json()
    assert key not in report
    assert key not in repr(found.notes)


def test_the_report_begins_with_what_is_most_urgent() -> None:
    emulator = Emulator()
    with legacy(emulator) as client:
        client.sources.create("js", catalog_name="javascript")
        found = migrate(client)
    report = found.report()
    assert report.startswith("To fill in (1)\n")
    headings = [line for line in report.splitlines() if line and not line.startswith(" ")]
    assert headings == [
        "To fill in (1)",
        f"Not read ({len(UNREAD)})",
        "Left out (1)",
        "Taken for granted (1)",
        "Kept, with a catch (1)",
        "Made up (1)",
    ]
    lines = [line for line in report.splitlines() if line.startswith("  ")]
    assert len(lines) == len(found.notes)
    assert (
        found.snapshot["workspaces"][0]["sources"][0]["metadataId"] == "catalog/sources/javascript"
    )
    assert found.ids[f"{W}/sources/js"] == found.snapshot["workspaces"][0]["sources"][0]["id"]


def test_awaited_it_is_the_same() -> None:
    emulator = Emulator()
    emulator.seed(sources=3, destinations=5, filters=4, plans=2, rules=3)

    async def run() -> Migration:
        async with async_legacy(emulator) as client:
            return await migrate_async(client, catalog=CATALOGUE)

    assert asyncio.run(run()) == _migrated(emulator)


def test_a_token_that_sees_little() -> None:
    """Parts that are closed become notes; what has to be there is an error."""
    emulator = Emulator()
    emulator.seed(sources=2, destinations=2, filters=2)
    for operation in ("legacy.getSchemaConfig", "legacy.listDestinationFilters"):
        emulator.fault("error_before", operation=operation, status=403)
    found = _migrated(emulator)
    closed = [note for note in found.notes if "403" in note.text]
    assert sorted(note.field for note in closed) == ["filters", "schema_config"]
    assert len(found.snapshot["workspaces"][0]["filters"]) == 1
    emulator.fault("error_before", operation="legacy.listDestinations", status=403)
    with legacy(emulator) as client, pytest.raises(segform.PermissionDeniedError):
        migrate(client)


def test_filters_that_are_not_implemented_are_asked_for_once() -> None:
    emulator = Emulator()
    emulator.seed(sources=2, destinations=3)
    emulator.fault("error_before", operation="legacy.listDestinationFilters", status=501, count=0)
    found = _migrated(emulator)
    asked = [one["operation"] for one in emulator.recorder.entries]
    assert asked.count("legacy.listDestinationFilters") == 1
    assert [note.name for note in found.notes if note.field == "destination filters"] == [W]
    with legacy(emulator) as client:
        found = migrate(client, filters=False)
    assert "not asked for" in next(
        note.text for note in found.notes if note.field == "destination filters"
    )


def test_which_workspace() -> None:
    emulator = Emulator()
    with legacy(emulator, workspace=None) as client:
        assert migrate(client).snapshot["workspaces"][0]["slug"] == "acme"
        assert (
            migrate(client, workspace="workspaces/acme").snapshot["workspaces"][0]["name"] == "Acme"
        )
    with (
        legacy(emulator) as client,
        pytest.raises(segform.ConfigurationError, match="for the work"),
    ):
        migrate(client, workspace="other")
    several, _ = scripted(ok(workspaces=[{"name": "a"}, {"name": "workspaces/b"}]), workspace=None)
    with pytest.raises(segform.ConfigurationError, match=r"sees 2 workspaces \(a, b\)"):
        migrate(several)
    nothing, _ = scripted(ok(workspaces=[]), workspace=None)
    with pytest.raises(segform.ConfigurationError, match="none"):
        migrate(nothing)


def test_names_that_are_none_are_left_out_with_a_note() -> None:
    js = f"{W}/sources/js"
    answers = [
        ok(name="acme", display_name="Acme", id="w1"),
        ok(
            sources=[
                {"name": js, "catalog_name": "catalog/sources/go"},
                {"name": js},
                {"name": 7},
                {},
                {"name": "workspaces/other/sources/go"},
            ]
        ),
        ok(name=f"{js}/schema-config"),
        # A list that is thinner than the single object, and one of another source.
        ok(
            destinations=[
                {"name": f"{js}/destinations/a"},
                {"name": f"{W}/sources/b/destinations/a"},
            ]
        ),
        ok(name="x", enabled=True, config=[]),
        ok(filters=[{"name": "nonsense"}]),
        ok(tracking_plans=[{"name": f"{W}/tracking-plans/rs_1"}]),
        ok(name="x", display_name="P", rules={}),
        ok(
            connections=[
                {"source_name": js},
                {"source_name": js},
                {"source_name": 7},
                {},
                {"source_name": "gone"},
            ]
        ),
    ]
    made, script = scripted(*answers)
    found = migrate(made, catalog=lambda _: "id")
    assert script.answers == []
    workspace = found.snapshot["workspaces"][0]
    assert (workspace["id"], workspace["name"]) == ("w1", "Acme")
    assert [one["slug"] for one in workspace["sources"]] == ["js"]
    assert [one["enabled"] for one in workspace["destinations"]] == [True]
    assert workspace["filters"] == []
    assert workspace["trackingPlans"][0]["sourceIds"] == [found.ids[js]]
    left = sorted(note.field for note in found.notes if "left out" in note.text)
    assert left == ["destination filters", "destinations", "sources", "sources", "sources"]
    gone = [note.text for note in found.notes if note.field == "source_connections"]
    assert len(gone) == 3
    assert all("not listed" in text for text in gone)


@pytest.mark.parametrize("answer", [no(500, 13), no(503, 14), httpx.ConnectError("gone")])
def test_no_half_of_a_workspace(answer: Any) -> None:
    """An outage on the way is an error, not a snapshot that lacks something."""
    answers = [ok(name="acme"), ok(sources=[{"name": f"{W}/sources/js"}]), *[answer] * 6]
    made, _ = scripted(*answers)
    with pytest.raises(segform.APIError):
        migrate(made)
