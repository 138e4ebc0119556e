"""A working folder whose state holds many objects, made without Terraform's own, quadratic apply.

The provider imports and reads each object in this process, and what it says is written down in the
form of Terraform's state. The configuration beside it is what a user would write.
"""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from segform_emulator import Emulator
from segform_provider.install import SOURCE
from segform_provider.rpc import handlers
from segform_provider.session import Current
from tests.protocol.core import Core
from tests.terraform.harness import Terraform

# A destination's entry in Segment's catalogue weighs so much on the average.
ENTRY_WEIGHT = 26_000
_SLUG = "destination-kind-"


class Object(NamedTuple):
    """One object: its address, its import id and its configuration in Terraform's JSON syntax."""

    address: str
    import_id: str
    config: dict[str, Any]


def adopt(tf: Terraform, objects: Iterable[Object], **provider: Any) -> None:
    """Configuration and state of all these objects; `provider`: arguments of the provider."""
    objects = list(objects)
    resources: dict[str, dict[str, Any]] = {}
    for one in objects:
        kind, _, name = one.address.partition(".")
        resources.setdefault(kind, {})[name] = one.config
    (tf.folder / "all.tf.json").write_text(json.dumps({"resource": resources}))
    arguments = "".join(f"  {name} = {json.dumps(value)}\n" for name, value in provider.items())
    tf.write("", provider=f'provider "segment" {{\n{arguments}}}\n')
    remember(tf, [(one.address, one.import_id) for one in objects], **provider)


def remember(tf: Terraform, imports: Iterable[tuple[str, str]], **provider: Any) -> None:
    """A state of these objects (address, import id), for a configuration that is there already.

    Raises RuntimeError where a plan would change anything.
    """
    with _driver(tf, provider) as core, ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda one: core.import_(*one), imports))
        resources = ",\n".join(_resource(at, *core.state[at]) for at in sorted(core.state))
    head = {"version": 4, "terraform_version": "1.11.4", "serial": 1, "lineage": "bench"}
    text = f'{json.dumps(head)[:-1]}, "outputs": {{}}, "resources": [{resources}]}}\n'
    (tf.folder / "terraform.tfstate").write_text(text)
    said = tf.run("plan", "-no-color", "-input=false")
    if "No changes" not in said:
        raise RuntimeError(f"a plan of what was adopted is not empty:\n{said[:2000]}")


def _resource(address: str, attributes: str, private: bytes) -> str:
    kind, _, name = address.partition(".")
    told = {"mode": "managed", "type": kind, "name": name, "provider": f'provider["{SOURCE}"]'}
    kept = json.dumps({"schema_version": 0, "private": base64.b64encode(private).decode()})
    # The attributes as text: their numbers are exact.
    instance = f'{kept[:-1]}, "sensitive_attributes": [], "attributes": {attributes}}}'
    return f'{json.dumps(told)[:-1]}, "instances": [{instance}]}}'


@contextmanager
def _driver(tf: Terraform, provider: Mapping[str, Any]) -> Iterator[Core]:
    before = os.environ.get("SEGFORM_JOURNAL")
    os.environ["SEGFORM_JOURNAL"] = "off"
    Current.session = None
    try:
        yield Core(handlers, {"token": tf.token, "url": tf.url, **provider})
    finally:
        Current.session = None
        if before is None:
            del os.environ["SEGFORM_JOURNAL"]
        else:
            os.environ["SEGFORM_JOURNAL"] = before


def catalogue(folder: Path, entries: int = 40) -> Path:
    """A file of destinations with actions and fields, each of the real ones' weight."""
    made = [_entry(number) for number in range(entries)]
    weight = len(json.dumps(made)) / entries
    if not 0.8 < weight / ENTRY_WEIGHT < 1.25:
        raise RuntimeError(f"an entry weighs {weight:.0f} bytes")
    target = folder / "catalogue.json"
    target.write_text(json.dumps(made))
    return target


def _entry(number: int) -> dict[str, Any]:
    return {
        "id": f"{number:024x}",
        "name": f"Destination kind {number}",
        "slug": f"{_SLUG}{number}",
        "description": "What this destination is for, in a sentence of ordinary length.",
        "website": "https://destination.example",
        "status": "PUBLIC",
        "categories": ["Analytics"],
        "logos": {"default": "https://cdn.example/logo.svg", "alt": None, "mark": None},
        "previousNames": [f"Destination kind {number}"],
        "components": [{"code": "https://example.com/code", "type": "BROWSER"}],
        "partnerOwned": False,
        "supportedRegions": ["us-west-2", "eu-west-1"],
        "regionEndpoints": ["US", "EU"],
        "contacts": [],
        "supportedFeatures": {
            "cloudModeInstances": "0",
            "deviceModeInstances": "0",
            "replay": False,
            "browserUnbundling": True,
            "browserUnbundlingPublic": True,
        },
        "supportedMethods": {
            "pageview": True,
            "identify": True,
            "alias": False,
            "track": True,
            "group": True,
        },
        "supportedPlatforms": {
            "browser": True,
            "server": True,
            "mobile": False,
            "warehouse": False,
        },
        "options": [],
        "presets": [],
        "actions": [_action(number, index) for index in range(8)],
    }


def _action(number: int, index: int) -> dict[str, Any]:
    return {
        "id": f"a{number}-{index}",
        "slug": f"action{index}",
        "name": f"Action {index}",
        "description": "What the action sends, in a sentence of ordinary length.",
        "platform": "CLOUD",
        "hidden": False,
        "defaultTrigger": 'type = "track"',
        "fields": [_field(number, index, field) for field in range(8)],
    }


def _field(number: int, index: int, field: int) -> dict[str, Any]:
    return {
        "id": f"f{number}-{index}-{field}",
        "sortOrder": field,
        "fieldKey": f"field{field}",
        "label": f"Field {field}",
        "type": "STRING",
        "description": "What the field holds, in a sentence of ordinary length.",
        "placeholder": "",
        "defaultValue": {"@path": f"$.properties.field{field}"},
        "required": field == 0,
        "multiple": False,
        "choices": None,
        "dynamic": False,
        "allowNull": False,
    }


def emulator(folder: Path) -> Emulator:
    """An emulator whose destinations are of the real ones' weight. It does not check itself."""
    made = Emulator(catalog=[catalogue(folder)], check=0)
    entries = made.catalog.entries["destinations"]
    made.catalog.entries["destinations"] = {
        key: entry for key, entry in entries.items() if entry["slug"].startswith(_SLUG)
    }
    return made


def destinations(held_by: Emulator, count: int) -> list[Object]:
    """So many destinations of 50 sources, as objects to adopt."""
    held_by.seed(None, sources=50, destinations=count)
    held = held_by.snapshots.dump()["workspaces"][0]
    return [
        Object(
            f"segment_destination.d{index}",
            one["id"],
            {
                "name": one["name"],
                "enabled": one["enabled"],
                "source_id": one["sourceId"],
                "metadata": {"id": one["metadataId"]},
                "settings": json.dumps(one["settings"]),
            },
        )
        for index, one in enumerate(held["destinations"])
    ]
