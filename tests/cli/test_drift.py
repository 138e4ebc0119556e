"""`segform drift`: what others changed, who, and when."""

from __future__ import annotations

import html
import json
from pathlib import Path

from segform.workspace.drifting import escaped

from .conftest import Desk


def _edit(desk: Desk) -> None:
    """Three edits by somebody: one changed, one deleted, one added."""
    held, client = desk.place.held(), desk.place.client
    [one], [other] = held["destinations"], held["filters"]
    path = {"destinationId": one["id"]}
    client.request("updateDestination", path=path, body={"name": "The|irs <b>\x1b[2J"})
    client.request("removeFilterFromDestination", path={**path, "filterId": other["id"]})
    client.request("createLabel", body={"label": {"key": "their", "value": "s"}})
    desk.place.sent()


def test_no_drift(desk: Desk) -> None:
    desk.has()
    ended = desk.run("drift", desk.snapshot(), "--exit-code")
    assert (ended.code, ended.out) == (0, "No drift.\n")


def test_what_went_with_its_parent_was_deleted_by_who_deleted_that(desk: Desk) -> None:
    desk.has()
    now = desk.snapshot()
    [source] = desk.place.held()["sources"]
    desk.place.client.request("deleteSource", path={"sourceId": source["id"]})
    ended = desk.run("drift", now, "--format", "json")
    found = {one["address"]: one for one in json.loads(ended.out)["drift"]}
    for gone in ("source.web", "destination.hook", "destination_filter.no-pages"):
        assert found[gone]["how"] == "deleted"
        assert found[gone]["by"]["what"] == "Source Deleted"


def test_who_and_when(desk: Desk) -> None:
    desk.has()
    now = desk.snapshot()
    _edit(desk)
    ended = desk.run("drift", now, "--exit-code", "--format", "json")
    assert ended.code == 2
    assert desk.place.writes() == []
    found = {one["address"]: one for one in json.loads(ended.out)["drift"]}
    assert {at: one["how"] for at, one in found.items()} == {
        "destination.hook": "changed",
        "destination_filter.no-pages": "deleted",
        "label.their": "added",
    }
    [name] = found["destination.hook"]["attributes"]
    assert (name["path"], name["declared"]) == (["name"], "Hook")
    by = found["destination.hook"]["by"]
    assert by["who"] == "tokens/owner"
    assert by["what"] == "Destination Modified"
    assert by["when"].startswith("20")
    assert found["destination_filter.no-pages"]["by"]["what"] == "Destination Filter Deleted"


def test_settings_are_told_by_their_names(desk: Desk) -> None:
    """Their values are nobody's business: any of them may be a secret."""
    desk.has()
    now = desk.snapshot()
    [source] = desk.place.held()["sources"]
    desk.place.client.request(
        "updateSource",
        path={"sourceId": source["id"]},
        body={"settings": {"websiteUrl": "https://theirs.example"}},
    )
    ended = desk.run("drift", now)
    assert "    settings: websiteUrl (values are not shown)\n" in ended.out
    assert "theirs" not in ended.out


def test_who_deleted_what_has_no_id_of_its_own(desk: Desk) -> None:
    """A label is known by its key and its value, in the audit trail too."""
    desk.has()
    desk.place.client.request("createLabel", body={"label": {"key": "team", "value": "a"}})
    now = desk.snapshot()
    assert desk.run("apply", now, "--yes").code == 0
    desk.place.client.request("deleteLabel", path={"key": "team", "value": "a"})
    ended = desk.run("drift", now, "--format", "json")
    [found] = json.loads(ended.out)["drift"]
    assert (found["kind"], found["how"]) == ("label", "deleted")
    assert found["by"]["what"] == "Label Deleted"


def test_markdown_says_each_character_once() -> None:
    said = escaped("a -> <b>&amp; | `x` @team #1 www.evil.example")
    assert html.unescape(said) == "a -> <b>&amp; | `x` @team #1 www.evil.example"
    assert not set(said) & set("<>|`@*_[]")
    assert "www.evil" not in said


def test_text_and_markdown_are_plain(desk: Desk) -> None:
    desk.has()
    now = desk.snapshot()
    _edit(desk)
    text = desk.run("drift", now)
    assert text.code == 0
    assert "changed destination.hook: tokens/owner, " in text.out
    assert desk.run("drift", now, "--format", "markdown", "--output", "drift.md").code == 0
    table = Path("drift.md").read_text()
    for told in (text.out, table):
        assert "\x1b" not in told
    assert "<b>" not in table
    rows = [line for line in table.splitlines() if line.startswith("| destination&#46;hook")]
    assert len(rows) == 1
    assert rows[0].count("|") == 5


def test_a_token_that_may_not_read_the_trail_gets_a_note(desk: Desk) -> None:
    desk.has()
    now = desk.snapshot()
    _edit(desk)
    desk.hide("listAuditEvents")
    ended = desk.run("drift", now)
    assert ended.code == 0
    assert "who and when is not known" in ended.err


def test_what_a_killed_run_may_have_left_is_listed(desk: Desk) -> None:
    """With the journal: what was set out on. Without: what nobody declares, in every form."""
    from segform.lifecycle.journal import Journal

    desk.has()
    now = desk.snapshot()
    workspace = desk.place.held()["id"]
    Journal.open(workspace).intend("destination", "s1/braze/Braze", "0af3", ["d0"])
    words = "a run that was killed may have made a destination 's1/braze/Braze'"
    assert words in desk.run("drift", now).err
    told = json.loads(desk.run("drift", now, "--format", "json").out)
    assert [one for one in told["notes"] if words in one]
    assert "may have made a destination" in desk.run("drift", now, "--format", "markdown").out
    [hook] = desk.place.held()["destinations"]
    body = {"sourceId": hook["sourceId"], "metadataId": hook["metadataId"], "name": "Orphan"}
    desk.place.client.request("createDestination", body={**body, "settings": {}})
    ended = desk.run("drift", now, "--format", "markdown")
    assert "| destination.orphan | added | tokens/owner" in html.unescape(ended.out)


_BRANDS = """
from segform.resources.destination import Destination
from segform.resources.source import Source
from segform.workspace import Desired
desired = Desired()
source = Source(slug="north", enabled=True, metadata={"id": "IqDTy1TpoU"}, settings={})
desired.add(source, "north")
desired.add(
    Destination(
        name="Hook",
        enabled=True,
        source_id=source,
        metadata={"id": "614a3c7d791c91c41bae7599"},
        settings={},
    ),
    "north-hook",
)
"""


def test_beside_python_the_rest_of_a_workspace_is_no_drift(desk: Desk) -> None:
    """Others have objects of the same kinds: they are named, and a scheduler sleeps on."""
    desk.has()
    Path("brands.py").write_text(_BRANDS)
    mine = ("brands.py", "--bindings", "brands.json")
    assert desk.run("apply", *mine, "--yes").code == 0
    ended = desk.run("drift", *mine, "--exit-code")
    assert ended.code == 0, ended
    assert ended.out.startswith("No drift.\n")
    assert "There, and not declared here, kind source: web." in ended.out
    assert "kind source: web." in html.unescape(
        desk.run("drift", *mine, "--format", "markdown").out
    )
    told = json.loads(desk.run("drift", *mine, "--format", "json").out)
    assert told["drift"] == []
    assert {one["address"] for one in told["beside"]} == {"source.web", "destination.hook"}

    complete = desk.run("drift", *mine, "--exit-code", "--complete", "source")
    assert complete.code == 2
    assert "added source.web" in complete.out
    assert "added destination.hook" not in complete.out

    bound = json.loads(Path("brands.json").read_text())["bindings"]
    body = {
        "sourceId": bound["source.north"],
        "title": "Theirs",
        "if": 'event = "Paid"',
        "actions": [{"type": "DROP"}],
        "enabled": True,
    }
    path = {"destinationId": bound["destination.north-hook"]}
    desk.place.client.request("createFilterForDestination", path=path, body=body)
    below = desk.run("drift", *mine, "--exit-code")
    assert below.code == 2
    assert "added destination_filter.theirs: tokens/owner" in below.out


def test_what_is_protected_is_no_matter_of_drift(desk: Desk) -> None:
    Path("brands.py").write_text(_BRANDS)
    mine = ("brands.py", "--bindings", "brands.json")
    assert desk.run("apply", *mine, "--yes").code == 0
    Path("brands.py").write_text("from segform.workspace import Desired\ndesired = Desired()\n")
    ended = desk.run("drift", *mine)
    assert "would be deleted" in desk.run("plan", *mine).err
    assert "would be deleted" not in ended.err + ended.out


def test_the_first_of_a_kind_is_drift_from_a_snapshot(desk: Desk) -> None:
    """A snapshot that has no label says that there was none; one that has no `labels` does not."""
    now = desk.snapshot()
    said = json.loads(now.read_text())
    assert said["workspaces"][0]["labels"] == []
    assert desk.run("drift", now, "--exit-code").code == 0
    desk.place.client.request("createLabel", body={"label": {"key": "their", "value": "s"}})
    ended = desk.run("drift", now, "--exit-code")
    assert ended.code == 2
    assert "added label.their" in ended.out
    del said["workspaces"][0]["labels"]
    now.write_text(json.dumps(said))
    assert desk.run("drift", now, "--exit-code").code == 0


def test_without_bindings_the_audit_trail_says_what_a_snapshot_had(desk: Desk) -> None:
    """What was there and was deleted, and what was never made, whatever id somebody wrote."""
    desk.has()
    now = desk.snapshot()
    for file in Path().glob("*.bindings.json"):
        file.unlink()
    said = json.loads(now.read_text())
    workspace = said["workspaces"][0]
    [source] = workspace["sources"]
    workspace["sources"].append({**source, "id": "invented", "slug": "invented", "name": "New"})
    now.write_text(json.dumps(said))
    [hook] = workspace["destinations"]
    desk.place.client.request("deleteDestination", path={"destinationId": hook["id"]})
    told = json.loads(desk.run("drift", now, "--format", "json").out)["drift"]
    found = {one["address"]: one for one in told}
    assert found["destination.hook"]["how"] == "deleted"
    assert found["destination.hook"]["by"]["who"] == "tokens/owner"
    assert found["source.invented"]["how"] == "missing"
    assert found["source.invented"]["id"] is None
