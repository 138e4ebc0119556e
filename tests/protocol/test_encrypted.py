"""Settings whose secrets the service answers encrypted, as another text each time (BigQuery)."""

from __future__ import annotations

import json
from typing import Any

import httpx

from segform.export import export
from segform_emulator import Emulator

from .core import Config, Core

BIGQUERY = "kwX50Df0hr"
AT = "segment_warehouse.big"


def _config(settings: dict[str, Any]) -> Config:
    values = {
        "name": "Big",
        "enabled": True,
        "metadata": {"id": BIGQUERY},
        "settings": json.dumps(settings),
    }
    return {AT: values}


def _secret(**more: Any) -> Config:
    return _config({"gc-project": "shop", "gc-credentials": "hush", **more})


def _held(emulator: Emulator) -> dict[str, Any]:
    [warehouse] = emulator.dump()["workspaces"][0]["warehouses"]
    return {key: one for key, one in warehouse["settings"].items() if key != "name"}


def _shown(core: Core, emulator: Emulator) -> dict[str, Any]:
    """The settings as the API shows them, and as Git Sync writes them."""
    headers = {"Authorization": f"Bearer {emulator.token}"}
    with httpx.Client(
        base_url="https://emulator.example", transport=emulator.transport(), headers=headers
    ) as api:
        answer = api.get(f"/warehouses/{core.values(AT)['id']}").json()
    found = dict(answer["data"]["warehouse"]["settings"])
    del found["name"]
    return found


def _imported(core: Core) -> None:
    held = core.values(AT)["id"]
    del core.state[AT]
    core.order.remove(AT)
    core.import_(AT, held)


def test_a_secret_that_is_answered_encrypted_is_no_drift(core: Core, emulator: Emulator) -> None:
    core.apply(_secret())
    for config in (
        _secret(),
        _secret(location="EU"),
        _secret(**{"location": "EU", "gc-credentials": "hush-2"}),
        _secret(**{"location": "EU", "gc-credentials": "hush-2", "other": "x"}),
        _secret(**{"gc-credentials": "hush-2"}),
    ):
        core.apply(config)
        assert _held(emulator) == json.loads(config[AT]["settings"])
        assert core.refresh() == {}
        assert core.plan(config) == []
    # After an import the secret goes along, once; then a rotation is seen.
    _imported(core)
    config = _secret(**{"gc-credentials": "hush-2"})
    assert [one.action for one in core.plan(config)] == ["update"]
    core.apply(config)
    assert core.plan(config) == []
    core.apply(_secret(**{"gc-credentials": "hush-3"}))
    assert _held(emulator)["gc-credentials"] == "hush-3"


def test_what_git_sync_writes_of_it_changes_nothing(core: Core, emulator: Emulator) -> None:
    core.apply(_secret(location="EU"))
    before = _held(emulator)
    written = _shown(core, emulator)
    assert written["ciphertext"] != _shown(core, emulator)["ciphertext"]
    _imported(core)
    emulator.recorder.clear()
    config = _config(written)
    assert core.plan(config) == []
    assert core.apply(config) == []
    assert core.refresh() == {}
    # The folder is written anew now and then, with another text.
    assert core.plan(_config(_shown(core, emulator))) == []
    assert [e["operation"] for e in emulator.recorder.entries if e["method"] != "GET"] == []
    # A setting in the clear changes, another one is new, and nothing encrypted goes along.
    changed = _config({**written, "location": "US", "other": "x"})
    core.apply(changed)
    assert core.plan(changed) == []
    assert _held(emulator) == {**before, "location": "US", "other": "x"}
    left = _config({key: one for key, one in written.items() if key != "location"})
    core.apply(left)
    assert core.plan(left) == []
    assert _held(emulator)["gc-credentials"] == "hush"


def test_an_export_leaves_out_what_the_service_encrypted(core: Core, emulator: Emulator) -> None:
    core.apply(_secret())
    snapshot = {**emulator.dump(), "workspaces": emulator.dump()["workspaces"][:1]}
    [warehouse] = snapshot["workspaces"][0]["warehouses"]
    warehouse["settings"] = {**_shown(core, emulator), "name": "Big"}
    texts = "".join(export(snapshot, "hcl").files.values())
    assert '"gc-project" = "shop"' in texts
    assert "ciphertext" not in texts
    assert "hush" not in texts
