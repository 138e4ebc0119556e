"""The way from the official provider and back, by Terraform's own commands.

The official provider itself is not run. Where it has to be there, a copy of ours stands under its
address; a state in its form is imitated.
"""

from __future__ import annotations

import json
import sys
from typing import Any

import pytest

from segform_provider import install
from tests.protocol.core import Ref
from tests.protocol.test_official_state import official_shop, parents
from tests.provider.official import RESOURCES
from tests.provider.official_state import Form, attributes, state_file

from .harness import HEADER, Terraform
from .shop import WEB, shop
from .test_all_kinds import write

pytestmark = [pytest.mark.terraform, pytest.mark.timeout(240)]

OFFICIAL = "registry.terraform.io/segmentio/segment"
OURS = "segform.internal/segform/segment"


def _raw(tf: Terraform) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((tf.folder / "terraform.tfstate").read_text())
    return found


def _providers(tf: Terraform) -> set[str]:
    return {item["provider"] for item in _raw(tf)["resources"]}


def _official_state(tf: Terraform) -> None:
    """Make the state one of the official provider: its address, no private data, no map."""
    raw = _raw(tf)
    for item in raw["resources"]:
        item["provider"] = f'provider["{OFFICIAL}"]'
        for instance in item["instances"]:
            instance.pop("private", None)
            instance["attributes"].pop("rules_by_key", None)
    raw["serial"] += 1
    (tf.folder / "terraform.tfstate").write_text(json.dumps(raw))


def _stand_in(tf: Terraform) -> None:
    """A copy of ours under the official provider's address."""
    platform = install.target_platform()
    name = "terraform-provider-segment_v1.6.0"
    place = tf.folder / "terraform.d" / "plugins" / OFFICIAL / "1.6.0" / platform / name
    place.parent.mkdir(parents=True)
    place.write_text(f'#!/bin/sh\nexec "{sys.executable}" -I -m segform_provider\n')
    place.chmod(0o755)


def test_replace_provider_there_and_back(tf: Terraform) -> None:
    tf.write(shop(rules="set"))
    tf.apply()
    _official_state(tf)
    tf.run("state", "replace-provider", "-auto-approve", OFFICIAL, OURS)
    assert _providers(tf) == {f'provider["{OURS}"]'}
    tf.requests()
    assert tf.plan() == {}
    assert tf.drift() == []
    tf.apply()
    assert not [op for op in tf.requests() if not op.startswith(("get", "list"))]
    # And back: what the state then holds is what the official schema has, and the map.
    tf.run("state", "replace-provider", "-auto-approve", OURS, OFFICIAL)
    assert _providers(tf) == {f'provider["{OFFICIAL}"]'}
    [plan] = [x for x in _raw(tf)["resources"] if x["type"] == "segment_tracking_plan"]
    [instance] = plan["instances"]
    assert instance["schema_version"] == 0
    assert len(instance["attributes"]["rules"]) == 3


@pytest.mark.parametrize("form", ["created", "read"])
def test_a_state_of_all_kinds_in_the_official_form(tf: Terraform, form: Form) -> None:
    """One workspace of all official kinds: `replace-provider`, plan, apply, refresh; and back."""
    config = official_shop()
    write(tf, config)
    tf.apply()
    made = tf.state()

    def given(value: Any) -> Any:
        if isinstance(value, Ref):
            return made[value.address][value.attribute]
        if isinstance(value, dict):
            return {key: given(one) for key, one in value.items()}
        return [given(one) for one in value] if isinstance(value, list) else value

    objects = {}
    for address, values in made.items():
        kind = address.partition(".")[0]
        ids = {name: values[name] for name in parents(kind) if values.get(name)}
        objects[address] = attributes(
            kind, given(config[address]), ids, lambda p: _data(tf, p), form
        )
    tf.forget_state()
    (tf.folder / "terraform.tfstate").write_text(state_file(objects))
    tf.run("state", "replace-provider", "-auto-approve", OFFICIAL, OURS)
    assert _providers(tf) == {f'provider["{OURS}"]'}
    tf.requests()
    assert tf.plan() == {}
    # Settings are sensitive with us, which Terraform itself calls drift until a state says so.
    tf.apply()
    assert tf.drift() == []
    assert tf.plan() == {}
    assert not [op for op in tf.requests() if not op.startswith(("get", "list"))]
    # And back: every attribute that the state then holds is the official one's, or null or the map.
    tf.run("state", "replace-provider", "-auto-approve", OURS, OFFICIAL)
    for item in _raw(tf)["resources"]:
        [instance] = item["instances"]
        known = {name.rstrip("!") for name in RESOURCES[item["type"]]}
        more = set(instance["attributes"]) - known
        assert instance["schema_version"] == 0
        assert {name for name in more if instance["attributes"][name]} <= {"rules_by_key"}


def _data(tf: Terraform, path: str) -> Any:
    answer = tf.api.get(f"/{path}")
    answer.raise_for_status()
    return answer.json()["data"]


def test_a_moved_block_takes_an_object_over(tf: Terraform) -> None:
    tf.write(shop(rules="set"))
    tf.apply()
    _official_state(tf)
    _stand_in(tf)
    header = HEADER.replace(
        "required_providers {", f'required_providers {{\n    old = {{ source = "{OFFICIAL}" }}'
    )
    moved = "moved {\n  from = segment_source.web\n  to   = segment_source.site\n}\n"
    kept = shop(rules="set").replace('"segment_source" "web"', '"segment_source" "site"')
    kept = kept.replace("segment_source.web.", "segment_source.site.")
    # The others stay with the provider that made them.
    text = "\n".join(_with_old(block) for block in kept.split("\n\n"))
    (tf.folder / "main.tf").write_text(
        f'{header}provider "segment" {{}}\nprovider "old" {{}}\n{moved}{text}'
    )
    tf.run("init", "-no-color", "-input=false")
    tf.requests()
    assert tf.plan() == {}
    tf.apply()
    assert not [op for op in tf.requests() if not op.startswith(("get", "list"))]
    providers = {item["type"]: item["provider"] for item in _raw(tf)["resources"]}
    assert providers["segment_source"] == f'provider["{OURS}"]'
    assert providers["segment_destination"] == f'provider["{OFFICIAL}"]'
    assert tf.plan() == {}


def _with_old(block: str) -> str:
    if '"segment_source" "site"' in block or "resource " not in block:
        return block
    first, _, rest = block.partition("{")
    return f"{first}{{\n  provider = old{rest}"


def test_two_providers_side_by_side(tf: Terraform) -> None:
    """Kinds that we do not have stay with the official one; the others are moved by import."""
    tf.write("")
    _stand_in(tf)
    header = HEADER.replace(
        "required_providers {", f'required_providers {{\n    official = {{ source = "{OFFICIAL}" }}'
    )
    head = f'{header}provider "segment" {{}}\nprovider "official" {{}}\n'
    label = (
        'resource "segment_label" "kept" {\n  provider = official\n  key = "a"\n  value = "b"\n}\n'
    )
    source = (
        'resource "segment_source" "web" {\n  %s\n  slug = "web"\n  enabled = true\n'
        f'  metadata = {{ id = "{WEB}" }}\n  settings = "{{}}"\n}}\n'
    )
    (tf.folder / "main.tf").write_text(head + label + source % "provider = official")
    tf.run("init", "-no-color", "-input=false")
    tf.apply()
    assert _providers(tf) == {f'provider["{OFFICIAL}"]'}
    source_id = tf.state()["segment_source.web"]["id"]
    tf.run("state", "rm", "segment_source.web")
    block = f'import {{\n  to = segment_source.web\n  id = "{source_id}"\n}}\n'
    (tf.folder / "main.tf").write_text(head + label + source % "" + block)
    assert tf.plan() == {"segment_source.web": ["no-op"]}
    tf.apply()
    assert tf.plan() == {}
    assert _providers(tf) == {f'provider["{OFFICIAL}"]', f'provider["{OURS}"]'}
    assert len(tf.dump()["workspaces"][0]["sources"]) == 1
