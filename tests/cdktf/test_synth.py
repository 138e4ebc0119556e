"""One app with every construct, synthesized once through the real framework."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cdktf
import pytest
from cdktf import TerraformOutput, TerraformStack

from segform_cdktf import (
    DataDestinationMetadata,
    DataSourceMetadata,
    DataWorkspace,
    Destination,
    DestinationFilter,
    Label,
    SegmentProvider,
    Source,
    SourceTrackingPlanConnection,
    TrackingPlan,
    common,
    group,
    identify,
    page,
    screen,
    secret,
    track,
)
from segform_provider import install

COMMITTED = """\
provider "example.invalid/other/other" {
  version     = "1.2.3"
  constraints = "1.2.3"
  hashes = [
    "h1:0000000000000000000000000000000000000000000=",
  ]
}
"""


class Everything(TerraformStack):
    """One of each, and a provider of somebody else."""

    def __init__(self, scope: cdktf.App, id_: str) -> None:
        super().__init__(scope, id_)
        SegmentProvider(
            self, "segment", region="eu", workspace="shop", protect_except=["source:web"]
        )
        second = SegmentProvider(self, "second", alias="second", protect=[], read_only=True)
        cdktf.TerraformProvider(
            self,
            "other",
            terraform_resource_type="other",
            terraform_provider_source="example.invalid/other/other",
        )
        cdktf.TerraformProvider(
            self, "more", terraform_resource_type="more", terraform_provider_source="acme/more"
        )
        label = Label(self, "label", key="environment", value="prod")
        web = Source(
            self,
            "web",
            slug="web",
            enabled=True,
            metadata_id="IqDTy1TpoU",
            settings={"site": "a${b}", "key": secret(self, "key"), "token": "in the code"},
            labels=[{"key": label.key, "value": label.value}],
            depends_on=[label],
        )
        tool = Destination(
            self,
            "tool",
            enabled=True,
            source_id=web.id,
            metadata_id=DataDestinationMetadata(self, "entry", slug="amplitude").id,
            settings={"key": secret(self, "key")},
            provider=second,
        )
        DestinationFilter(
            self,
            "filter",
            destination_id=tool.id,
            source_id=web.id,
            when='event = "A"',
            title="Filter",
            enabled=True,
            actions=[{"type": "SAMPLE", "percent": 0.25}],
        )
        plan = TrackingPlan(
            self,
            "plan",
            name="Plan",
            type="LIVE",
            events=[
                track("A", "An event", {"x": {"type": "string"}}, required=["x"]),
                track("A", version=2),
                page("Home"),
                screen("Home"),
                identify({"email": {"type": "string"}}),
                group({}),
                common({"type": "object"}),
            ],
        )
        SourceTrackingPlanConnection(
            self,
            "connection",
            source_id=web.id,
            tracking_plan_id=plan.id,
            schema_settings={"track": {"allow_unplanned_events": False}},
        )
        DataSourceMetadata(self, "source_entry", name="Javascript")
        TerraformOutput(self, "workspace", value=DataWorkspace(self, "workspace_data").name)


class Synthesized:
    """What the app wrote: the stack's folder and configuration, and the annotations."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "cdktf.out" / "stacks" / "everything"
        self.json: dict[str, Any] = json.loads((self.folder / "cdk.tf.json").read_text())
        manifest = json.loads((folder / "cdktf.out" / "manifest.json").read_text())
        self.annotations = [
            item["message"] for item in manifest["stacks"]["everything"]["annotations"]
        ]

    def resource(self, kind: str, name: str) -> dict[str, Any]:
        found: dict[str, Any] = self.json["resource"][kind][name]
        return {key: value for key, value in found.items() if key != "//"}


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Synthesized]:
    folder = tmp_path_factory.mktemp("an app")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        empty = folder / "empty.tfrc"
        empty.touch()
        patch.setenv("TF_CLI_CONFIG_FILE", str(empty))
        (folder / install.LOCK_FILE).write_text(COMMITTED)
        app = cdktf.App(outdir=str(folder / "cdktf.out"))
        Everything(app, "everything")
        app.synth()
        yield Synthesized(folder)


def test_the_provider_is_required_by_address_and_exact_version(written: Synthesized) -> None:
    required = written.json["terraform"]["required_providers"]["segment"]
    assert required == {"source": install.SOURCE, "version": install.version()}


def test_sources_and_plans_are_guarded_unless_the_app_says_otherwise(written: Synthesized) -> None:
    first, second = written.json["provider"]["segment"]
    assert first == {
        "region": "eu",
        "workspace": "shop",
        "protect": ["source", "tracking_plan", "warehouse", "function"],
        "protect_except": ["source:web"],
    }
    assert second == {"alias": "second", "protect": [], "read_only": True}
    assert written.resource("segment_destination", "tool")["provider"] == "segment.second"


def test_a_source_with_references_and_a_secret(written: Synthesized) -> None:
    assert written.resource("segment_source", "web") == {
        "slug": "web",
        "enabled": True,
        "metadata": {"id": "IqDTy1TpoU"},
        "settings": (
            '${jsonencode({"site" = "a$${b}", "key" = var.key, "token" = "in the code"})}'
        ),
        "labels": [{"key": "${segment_label.label.key}", "value": "${segment_label.label.value}"}],
        "depends_on": ["segment_label.label"],
    }
    assert written.json["variable"] == {
        "key": {"type": "string", "sensitive": True, "nullable": False}
    }


def test_a_literal_secret_is_warned_of(written: Synthesized) -> None:
    assert [text for text in written.annotations if "settings.token" in text]
    assert not [text for text in written.annotations if "settings.key" in text]


def test_a_filter_is_written_with_the_apis_name_for_when(written: Synthesized) -> None:
    assert written.resource("segment_destination_filter", "filter") == {
        "destination_id": "${segment_destination.tool.id}",
        "source_id": "${segment_source.web.id}",
        "if": 'event = "A"',
        "title": "Filter",
        "enabled": True,
        "actions": [{"type": "SAMPLE", "percent": 0.25}],
    }


def test_events_become_rules_by_key(written: Synthesized) -> None:
    rules = written.resource("segment_tracking_plan", "plan")["rules_by_key"]
    assert set(rules) == {
        "TRACK:A",
        "TRACK:A@2",
        "PAGE:Home",
        "SCREEN:Home",
        "IDENTIFY",
        "GROUP",
        "COMMON",
    }
    assert json.loads(rules["TRACK:A"]["json_schema"]) == {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "type": "object",
        "description": "An event",
        "required": ["properties"],
        "properties": {
            "properties": {
                "type": "object",
                "properties": {"x": {"type": "string"}},
                "required": ["x"],
            }
        },
    }


def test_data_sources(written: Synthesized) -> None:
    data = written.json["data"]
    assert data["segment_destination_metadata"]["entry"]["slug"] == "amplitude"
    assert data["segment_source_metadata"]["source_entry"]["name"] == "Javascript"
    assert written.json["output"]["workspace"]["value"] == (
        "${data.segment_workspace.workspace_data.name}"
    )


def test_the_provider_is_linked_and_locked_with_the_committed_entries(
    written: Synthesized,
) -> None:
    plugins = written.folder / "terraform.d" / "plugins" / install.SOURCE / install.version()
    (place,) = plugins.iterdir()
    assert place.is_symlink()
    assert (place / install.executable_name()).read_bytes() == install.launcher_bytes()
    blocks = install.lock_blocks((written.folder / install.LOCK_FILE).read_text())
    assert blocks["example.invalid/other/other"] == COMMITTED
    assert f'constraints = "{install.version()}"' in blocks[install.SOURCE]


def test_a_provider_without_a_lock_entry_is_named_with_the_mend(written: Synthesized) -> None:
    (text,) = [item for item in written.annotations if "lock.hcl" in item]
    assert "registry.terraform.io/acme/more:" in text
    assert "example.invalid" not in text
    assert str(written.folder) in text


@pytest.fixture
def stack(elsewhere: Path) -> TerraformStack:
    return TerraformStack(cdktf.Testing.app(outdir=str(elsewhere / "out")), "stack")


def test_the_official_provider_gets_the_set_of_rules_and_no_link(
    stack: TerraformStack, elsewhere: Path
) -> None:
    SegmentProvider(
        stack, "segment", provider_source="segmentio/segment", provider_version="~> 1.6"
    )
    TrackingPlan(stack, "plan", name="Plan", type="LIVE", events=[track("A")])
    found = json.loads(cdktf.Testing.synth(stack))
    assert found["terraform"]["required_providers"]["segment"] == {
        "source": "segmentio/segment",
        "version": "~> 1.6",
    }
    (rule,) = found["resource"]["segment_tracking_plan"]["plan"]["rules"]
    assert (rule["type"], rule["key"], rule["version"]) == ("TRACK", "A", 1)
    assert "protect" not in found.get("provider", {}).get("segment", [{}])[0]
    assert not list(elsewhere.rglob("terraform.d"))


def test_a_folder_of_event_files_is_a_plan(stack: TerraformStack, tmp_path: Path) -> None:
    (tmp_path / "order.yaml").write_text("name: Order Completed\nproperties: {total: {}}\n")
    (tmp_path / "user.json").write_text('{"call": "identify", "traits": {"email": {}}}')
    SegmentProvider(stack, "segment")
    TrackingPlan(stack, "plan", name="Shop", type="LIVE", events=tmp_path)
    TrackingPlan(stack, "other", name="Other", type="LIVE", events=str(tmp_path))
    found = json.loads(cdktf.Testing.synth(stack))["resource"]["segment_tracking_plan"]
    assert list(found["plan"]["rules_by_key"]) == ["IDENTIFY", "TRACK:Order Completed"]
    assert found["other"]["rules_by_key"] == found["plan"]["rules_by_key"]
    (tmp_path / "user.json").write_text('{"call": "identify", "trait": {}}')
    with pytest.raises(ValueError, match=r"user\.json:1:22: there is no 'trait'"):
        TrackingPlan(stack, "third", name="Shop", type="LIVE", events=tmp_path)


def test_what_the_official_provider_lacks_is_refused(stack: TerraformStack) -> None:
    with pytest.raises(ValueError, match="region: only segform's own provider"):
        SegmentProvider(stack, "segment", provider_source="segmentio/segment", region="eu")


def test_a_token_in_the_code_stops_the_synth(elsewhere: Path) -> None:
    app = cdktf.App(outdir=str(elsewhere / "out"))
    stack = TerraformStack(app, "stack")
    SegmentProvider(stack, "segment", token="literal")
    with pytest.raises(RuntimeError, match="SEGMENT_API_TOKEN"):
        app.synth()


def test_an_installation_that_fails_stops_the_synth_in_words(elsewhere: Path) -> None:
    app = cdktf.App(outdir=str(elsewhere / "out"))
    SegmentProvider(TerraformStack(app, "stack"), "segment")
    (elsewhere / install.LOCK_FILE).write_text('provider "x" {\n')
    with pytest.raises(RuntimeError, match="Delete the file"):
        app.synth()


def test_hcl_is_refused_instead_of_written_empty(stack: TerraformStack) -> None:
    with pytest.raises(RuntimeError, match="JSON configuration"):
        cdktf.Testing.synth_hcl(Label(stack, "label", key="a", value="b").cdktf_stack)
    with pytest.raises(RuntimeError, match="JSON configuration"):
        DataWorkspace(stack, "workspace").to_hcl_terraform()


def test_a_variable_is_made_once_and_never_over_something_else(stack: TerraformStack) -> None:
    secret(stack, "key")
    secret(stack, "key")
    assert list(json.loads(cdktf.Testing.synth(stack))["variable"]) == ["key"]
    Label(stack, "taken", key="a", value="b")
    with pytest.raises(ValueError, match="'taken'"):
        secret(stack, "taken")
