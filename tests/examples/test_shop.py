"""The shop in Python and in HCL: complete, and the same."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from segform.workspace import Ref
from segform.workspace.files import of_python
from segform_cdktf.run import node
from segform_emulator import Emulator
from segform_provider import install

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"

# As Segment's e-commerce spec (v2) names them.
SPEC = {
    "Products Searched",
    "Product List Viewed",
    "Product List Filtered",
    "Promotion Viewed",
    "Promotion Clicked",
    "Product Clicked",
    "Product Viewed",
    "Product Added",
    "Product Removed",
    "Cart Viewed",
    "Checkout Started",
    "Checkout Step Viewed",
    "Checkout Step Completed",
    "Payment Info Entered",
    "Order Completed",
    "Order Updated",
    "Order Refunded",
    "Order Cancelled",
    "Coupon Entered",
    "Coupon Applied",
    "Coupon Denied",
    "Coupon Removed",
    "Product Added to Wishlist",
    "Product Removed from Wishlist",
    "Wishlist Product Added to Cart",
    "Product Shared",
    "Cart Shared",
    "Product Reviewed",
}


SECRETS = {
    "amplitude_api_key",
    "amplitude_secret_key",
    "braze_api_key",
    "google_analytics_api_secret",
    "webhook_shared_secret",
}


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The configuration that the example's app writes."""
    folder = tmp_path_factory.mktemp("the shop")
    (folder / "empty.tfrc").touch()
    found = node()
    subprocess.run(
        [sys.executable, "-m", "segform_cdktf.run", str(EXAMPLES / "ecommerce" / "main.py")],
        cwd=folder,
        env={
            **os.environ,
            "TF_CLI_CONFIG_FILE": str(folder / "empty.tfrc"),
            **({"JSII_NODE": str(found)} if found else {}),
        },
        check=True,
        timeout=60,
    )
    text = (folder / "cdktf.out" / "stacks" / "shop" / "cdk.tf.json").read_text()
    configuration: dict[str, Any] = json.loads(text)
    return configuration


def test_what_the_shop_consists_of(shop: dict[str, Any]) -> None:
    assert {kind: len(found) for kind, found in shop["resource"].items()} == {
        "segment_source": 3,
        "segment_destination": 5,
        "segment_destination_filter": 4,
        "segment_tracking_plan": 1,
        "segment_source_tracking_plan_connection": 3,
        "segment_label": 3,
    }


def test_the_plan_has_the_28_events_of_the_spec_and_valid_schemas(shop: dict[str, Any]) -> None:
    rules = shop["resource"]["segment_tracking_plan"]["plan"]["rules_by_key"]
    assert len(SPEC) == 28
    assert set(rules) == {f"TRACK:{name}" for name in SPEC} | {"IDENTIFY"}
    for rule in rules.values():
        schema = json.loads(rule["json_schema"].replace("$${", "${").replace("%%{", "%{"))
        jsonschema_rs.meta.validate(schema)


def test_an_order_is_checked_as_a_reader_expects(shop: dict[str, Any]) -> None:
    rules = shop["resource"]["segment_tracking_plan"]["plan"]["rules_by_key"]
    rule = jsonschema_rs.validator_for(json.loads(rules["TRACK:Order Completed"]["json_schema"]))
    order = {"order_id": "1", "total": 9.5, "currency": "EUR", "products": [{"sku": "a"}]}
    assert rule.is_valid({"properties": order})
    assert not rule.is_valid({})
    for wrong in ({"total": "9.5"}, {"currency": "euro"}, {"products": [{"quantity": 1.5}]}):
        assert not rule.is_valid({"properties": {**order, **wrong}}), wrong


def test_no_secret_is_written_down(shop: dict[str, Any]) -> None:
    assert set(shop["variable"]) == SECRETS
    assert all(variable["sensitive"] for variable in shop["variable"].values())
    settings = "".join(
        destination["settings"] for destination in shop["resource"]["segment_destination"].values()
    )
    assert all(f"var.{name}" in settings for name in shop["variable"])


def test_the_web_source_lets_no_unplanned_event_through(shop: dict[str, Any]) -> None:
    connection = shop["resource"]["segment_source_tracking_plan_connection"]["web_plan"]
    assert connection["schema_settings"]["track"]["allow_unplanned_events"] is False


def test_the_engine_declares_the_same_workspace(
    shop: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Object by object; a reference is compared by what it names."""
    for name in SECRETS:
        monkeypatch.setenv(name.upper(), f"${{var.{name}}}")
    declared = {
        one.address: one.values for one in of_python(EXAMPLES / "ecommerce" / "workspace.py")
    }
    constructs = {
        f"{kind.removeprefix('segment_')}.{name}": values
        for kind, found in shop["resource"].items()
        for name, values in found.items()
    }
    assert declared.keys() == constructs.keys()
    for address, values in declared.items():
        there = constructs[address]
        for name, value in values.items():
            if isinstance(value, Ref):
                assert there[name] == f"${{segment_{value.address}.{value.attribute}}}", address
            elif name == "metadata":
                assert there["metadata"]["id"] == value["id"], address
            elif str(there.get(name)).startswith("${jsonencode("):
                for key, inner in plain(value).items():
                    said = inner.removeprefix("${").rstrip("}") if "var." in inner else inner
                    assert f'"{key}" = ' in there[name], (address, key)
                    assert said in there[name], (address, key)
            elif name != "labels":
                assert plain(there.get(name)) == plain(value), (address, name)


def plain(value: Any) -> Any:
    """A value as JSON has it, JSON in texts among it; templates of the CDK are unescaped."""
    if isinstance(value, str):
        text = value.replace("$${", "${").replace("%%{", "%{")
        return plain(json.loads(text)) if text.startswith("{") else text
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items() if one is not None}
    if isinstance(value, list):
        return [plain(one) for one in value]
    return float(value) if isinstance(value, Decimal) else value


@pytest.mark.terraform
def test_the_rules_in_hcl_are_those_in_python(shop: dict[str, Any], tmp_path: Path) -> None:
    # The file holds no resource, so Terraform can evaluate it without any provider.
    shutil.copy(EXAMPLES / "terraform" / "events.tf", tmp_path)
    (tmp_path / "empty.tfrc").touch()
    done = subprocess.run(
        ["terraform", "console"],
        cwd=tmp_path,
        env={**os.environ, "TF_CLI_CONFIG_FILE": str(tmp_path / "empty.tfrc")},
        input="jsonencode(local.rules)",
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    in_hcl = json.loads(json.loads(done.stdout))
    in_python = shop["resource"]["segment_tracking_plan"]["plan"]["rules_by_key"]
    assert set(in_hcl) == set(in_python)
    for key, rule in in_python.items():
        assert json.loads(in_hcl[key]["json_schema"]) == json.loads(rule["json_schema"]), key


def planned(folder: Path, url: str, token: str) -> dict[str, Any]:
    """Address -> what a first plan would create; JSON text is compared as JSON."""
    install.link(folder)
    (folder / "empty.tfrc").touch()
    environment = {
        **{k: v for k, v in os.environ.items() if not k.startswith(("SEGMENT_", "TF_"))},
        "TF_CLI_CONFIG_FILE": str(folder / "empty.tfrc"),
        "CHECKPOINT_DISABLE": "1",
        "SEGMENT_API_TOKEN": token,
        "SEGMENT_API_URL": url,
        **{f"TF_VAR_{name}": name for name in SECRETS},
    }

    def terraform(*arguments: str) -> str:
        done = subprocess.run(
            ["terraform", *arguments],
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    terraform("init", "-no-color")
    terraform("plan", "-no-color", "-out=plan.bin")
    plan = json.loads(terraform("show", "-json", "plan.bin"))
    return {
        change["address"]: (meaning(change["change"]["after"]), change["change"]["after_unknown"])
        for change in plan["resource_changes"]
    }


def meaning(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: meaning(item) for key, item in value.items()}
    if isinstance(value, list):
        return [meaning(item) for item in value]
    return json.loads(value) if isinstance(value, str) and value.startswith("{") else value


@pytest.mark.terraform
def test_both_examples_plan_the_same_workspace(shop: dict[str, Any], tmp_path: Path) -> None:
    in_python, in_hcl = tmp_path / "in python", tmp_path / "in hcl"
    in_python.mkdir()
    shop = {**shop, "terraform": {"required_providers": shop["terraform"]["required_providers"]}}
    (in_python / "main.tf.json").write_text(json.dumps(shop))
    shutil.copytree(EXAMPLES / "terraform", in_hcl, ignore=shutil.ignore_patterns(".terraform*"))
    emulator = Emulator()
    with emulator.serve() as server:
        wanted = planned(in_python, server.url, emulator.token)
        assert planned(in_hcl, server.url, emulator.token) == wanted
    assert len(wanted) == 19


@pytest.mark.terraform
def test_the_hcl_is_formatted() -> None:
    subprocess.run(["terraform", "fmt", "-check", "-recursive", str(EXAMPLES)], check=True)


def test_no_file_of_the_examples_names_a_machine() -> None:
    for path in EXAMPLES.rglob("*"):
        if path.is_file() and path.suffix in (".py", ".tf", ".json", ".md"):
            assert not re.search(r"/(?:home|root|Users|work)/", path.read_text()), path
