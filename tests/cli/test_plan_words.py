"""What a plan says to people: what things refer to, what changes, what is asked, each once."""

from __future__ import annotations

from pathlib import Path

from .conftest import Desk


def test_a_plan_names_what_new_objects_refer_to_and_what_of_settings_changes(desk: Desk) -> None:
    desk.has()
    web = [one["id"] for one in desk.place.held()["sources"] if one["slug"] == "web"]
    Path("more.py").write_text(
        "from segform.resources.destination import Destination\n"
        "from segform.resources.source import Source\n"
        "from segform.workspace import Desired\n"
        "desired = Desired()\n"
        "app = Source(slug='app', name='App', enabled=True, metadata={'id': 'IqDTy1TpoU'},\n"
        "    settings={})\n"
        "desired.add(app)\n"
        "desired.add(Destination(name='Hook', enabled=True, source_id=app, settings={\n"
        "    'sharedSecret': 'hush-hush'}, metadata={'id': '614a3c7d791c91c41bae7599'}))\n"
        f"desired.add(Destination(name='Other', enabled=True, source_id={web[0]!r},\n"
        "    settings={}, metadata={'id': '614a3c7d791c91c41bae7599'}))\n"
    )
    ended = desk.run("plan", "more.py", "--bindings", "more.json")
    assert ended.code == 0, ended
    told = ended.out.splitlines()
    hook = told[told.index("+ destination.hook") :]
    assert "    source_id: source.app" in hook
    assert "    settings: sharedSecret (values are not shown)" in hook
    assert "hush-hush" not in ended.out
    assert "    settings: {}" in told[: told.index("+ destination.hook")]
    assert f"    source_id: {web[0]}" in told[told.index("+ destination.other") :]


def test_rules_of_a_new_plan_are_named(desk: Desk) -> None:
    rules = ", ".join(f"'TRACK:Event {number}': {{'json_schema': '{{}}'}}" for number in range(7))
    Path("plans.py").write_text(
        "from segform.resources.tracking_plan import TrackingPlan\n"
        "from segform.workspace import Desired\n"
        "desired = Desired()\n"
        f"desired.add(TrackingPlan(name='Shop', type='LIVE', rules_by_key={{{rules}}}))\n"
    )
    told = desk.run("plan", "plans.py").out
    first = ", ".join(f"TRACK:Event {number}" for number in range(5))
    assert f"    rules_by_key: {first} and 2 more\n" in told


def test_why_it_is_refused_is_told_once(desk: Desk) -> None:
    desk.has()
    Path("nothing.py").write_text("from segform.workspace import Desired\ndesired = Desired()\n")
    ended = desk.run("apply", "nothing.py", "--yes")
    assert ended.code == 3
    assert ended.err.count("the source 'web' would be deleted") == 1
    assert ended.err.endswith("Refused, nothing was written.\n")
    assert desk.place.writes() == []


def test_many_that_may_have_been_renamed_are_one_question(desk: Desk) -> None:
    old = "\n".join(f"desired.add(Label(key='brand', value='b{n}'), 'b{n}')" for n in range(4))
    head = (
        "from segform.resources.label import Label\n"
        "from segform.workspace import Desired\n"
        "desired = Desired()\n"
    )
    Path("four.py").write_text(f"{head}{old}\n")
    assert desk.run("apply", "four.py", "--yes").code == 0
    Path("one.py").write_text(f"{head}desired.add(Label(key='brand', value='new'), 'new')\n")
    ended = desk.run("plan", "one.py")
    [asked] = [one for one in ended.err.splitlines() if "no longer declared" in one]
    assert "(or one of 3 others) is no longer declared and label.new is new" in asked
