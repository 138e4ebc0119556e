"""`DeclaredWorkspace`: many objects in one construct, the same resources as with constructs."""

from __future__ import annotations

from typing import Any

import pytest
from cdktf import TerraformStack

from segform.resources.destination import Destination
from segform.resources.function import Function
from segform.resources.label import Label
from segform.resources.source import Source
from segform.resources.tracking_plan import TrackingPlan
from segform.workspace import Desired
from segform.workspace.desired import Ref
from segform.workspace.snapshot import to_desired
from segform_cdktf import DeclaredWorkspace, SegmentProvider, SourceId, Testing, secret
from segform_cdktf import Destination as DestinationConstruct
from tests.protocol.shop import shop as config
from tests.workspace.conftest import Place
from tests.workspace.shop import shop

from .shop import build


@pytest.fixture
def stack() -> TerraformStack:
    made = Testing.stack()
    SegmentProvider(made, "segment")
    return made


def source(slug: str = "web", **more: Any) -> Source:
    given = {"enabled": True, "metadata": {"id": "js"}, "settings": {}, **more}
    return Source(slug=slug, **given)


def test_definitions_refer_to_each_other_and_constructs_to_them(stack: TerraformStack) -> None:
    web = source(name="${x}", settings={"a": "${b}"})
    hook = Destination(
        name="Order hook",
        enabled=True,
        source_id=web,
        metadata={"id": "hook"},
        settings={"key": secret(stack, "k")},
    )
    made = DeclaredWorkspace(stack, "prod", workspace=[web, hook])
    DestinationConstruct(
        stack,
        "more",
        name="More",
        enabled=True,
        source_id=SourceId(made.reference("source.web")),
        metadata_id="a",
        settings={},
    )
    found = Testing.synth(stack)
    assert found.resources("source") == {
        "prod_web": {
            "slug": "web",
            "name": "$${x}",
            "enabled": True,
            "metadata": {"id": "js"},
            "settings": {"a": "${b}"},
        }
    }
    assert found.resource("destination", name="Order hook") == {
        "name": "Order hook",
        "enabled": True,
        "source_id": "${segment_source.prod_web.id}",
        "metadata": {"id": "hook"},
        "settings": '${jsonencode({"key" = var.k})}',
    }
    assert (
        found.resource("destination", name="More")["source_id"] == "${segment_source.prod_web.id}"
    )
    assert made.address("destination.Order hook") == "segment_destination.prod_Order_hook"


def test_what_the_engine_takes_is_taken_as_it_is(stack: TerraformStack) -> None:
    """All that a `Desired` declares, references and JSON text included."""
    DeclaredWorkspace(stack, "prod", workspace=shop())
    found = Testing.synth(stack)
    written = {
        (kind.removeprefix("segment_"), name)
        for kind, objects in found.json["resource"].items()
        for name in objects
    }
    assert len(written) == len(shop())
    hook = found.resource("destination", name="Hook")
    assert hook["source_id"] == found.reference("source", slug="web")
    assert hook["settings"] == {"sharedSecret": "hush-hush"}
    assert any("settings.sharedSecret looks like a secret" in one for one in found.warnings)
    assert set(found.resource("tracking_plan")["rules_by_key"]) == {
        "TRACK:Order Completed",
        "IDENTIFY",
    }


def test_a_snapshot_of_all_kinds(stack: TerraformStack, tmp_path: Any) -> None:
    place = Place(tmp_path)
    wanted = shop()
    engine = place.engine()
    engine.apply(engine.plan(wanted), wanted)
    DeclaredWorkspace(stack, "prod", workspace=to_desired(place.engine().pull()))
    found = Testing.synth(stack)
    connection = found.resource("source_tracking_plan_connection")
    assert connection["source_id"] == found.reference("source", slug="web")
    assert found.resource("function")["code"]
    # What is named by its key is made before.
    assert found.resource("source", slug="web")["depends_on"] == [
        found.reference("label", key="environment").removeprefix("${").removesuffix(".id}")
    ]
    assert found.data("workspace") == {"prod_this": {}}
    assert "${data.segment_workspace.prod_this.id}" in repr(found.json["resource"]["segment_user"])


def test_it_writes_what_the_constructs_write(stack: TerraformStack) -> None:
    """The workspace of all kinds, both ways."""
    build(stack, config())
    by_construct = Testing.synth(stack).json["resource"]
    wanted = Desired()
    for address, values in config().items():
        wanted.declare(address.removeprefix("segment_"), as_ref(values))
    other = Testing.stack()
    SegmentProvider(other, "segment")
    DeclaredWorkspace(other, "x", workspace=wanted)
    by_data = Testing.synth(other).json["resource"]
    for kind, objects in by_construct.items():
        for name, values in objects.items():
            values.pop("//", None)
            told = repr(by_data[kind][f"x_{name}"]).replace(".x_", ".")
            assert _sorted(eval(told)) == _sorted(values), f"{kind}.{name}"


def _sorted(values: dict[str, Any]) -> dict[str, Any]:
    # An empty collection and none are the same in a configuration of ours.
    return {name: _numbers(value) for name, value in sorted(values.items())}


def _numbers(value: Any) -> Any:
    """Fractions as the text that declared data has them in; to Terraform both are the number."""
    if isinstance(value, dict):
        return {name: _numbers(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_numbers(one) for one in value]
    return repr(value) if isinstance(value, float) else value


def as_ref(value: Any) -> Any:
    from tests.protocol.core import Ref as OfDriver

    if isinstance(value, OfDriver):
        return Ref(value.address.removeprefix("segment_"), value.attribute)
    if isinstance(value, dict):
        return {key: as_ref(one) for key, one in value.items()}
    return [as_ref(one) for one in value] if isinstance(value, list) else value


def test_names(stack: TerraformStack) -> None:
    function = Function(code="a", resource_type="SOURCE", display_name="a")
    named = {"first": source("x"), "second": source("y"), "1": function}
    DeclaredWorkspace(stack, "a", workspace=named)
    DeclaredWorkspace(stack, "b", workspace=named)
    found = Testing.synth(stack)
    assert set(found.resources("source")) == {"a_first", "a_second", "b_first", "b_second"}
    assert set(found.resources("function")) == {"a__1", "b__1"}


def test_bad_input_names_the_object(stack: TerraformStack) -> None:
    with pytest.raises(ValueError, match=r"source\.web is there twice"):
        DeclaredWorkspace(stack, "a", workspace=[source(), source()])
    with pytest.raises(ValueError, match=r"has the name of another: segment_source\.b_a_b"):
        DeclaredWorkspace(stack, "b", workspace=[source("a b"), source("a/b")])
    with pytest.raises(
        ValueError, match=r"destination\.D: source_id: .* referred to and not there"
    ):
        DeclaredWorkspace(stack, "c", workspace=[orphan()])
    lost = Desired()
    lost.declare("tracking_plan_rule.a", {"tracking_plan_id": Ref("source.gone")})
    with pytest.raises(ValueError, match=r"source\.gone is referred to and not there"):
        DeclaredWorkspace(stack, "d", workspace=lost)
    with pytest.raises(ValueError, match="needs a name"):
        DeclaredWorkspace(stack, "e", workspace=[Label(key=secret(stack, "k"), value="a")])
    with pytest.raises(TypeError, match="cannot be written as JSON"):
        DeclaredWorkspace(stack, "f", workspace=[source(settings={"a": object()})])


def orphan() -> Destination:
    return Destination(
        name="D", enabled=True, source_id=source(), metadata={"id": "a"}, settings={}
    )


def test_a_provider_of_its_own(stack: TerraformStack) -> None:
    eu = SegmentProvider(stack, "eu", alias="eu", region="eu")
    DeclaredWorkspace(stack, "a", workspace=[source()], provider=eu)
    assert Testing.synth(stack).resource("source")["provider"] == "segment.eu"


def test_what_is_there_is_imported(stack: TerraformStack) -> None:
    rules: dict[str, dict[str, object]] = {"IDENTIFY": {"json_schema": {}}}
    plans = {
        "one": TrackingPlan(name="One", type="LIVE", rules_by_key=rules),
        "two": TrackingPlan(name="Two", type="LIVE", rules=[]),
        "three": TrackingPlan(name="Three", type="LIVE"),
    }
    ids = {f"tracking_plan.{name}": f"tp_{name}" for name in plans}
    label = Label(key="a", value="${b}")
    DeclaredWorkspace(stack, "a", workspace=plans, imports=ids)
    DeclaredWorkspace(stack, "b", workspace=[label], imports=[("label.a", "a:${b}")])
    DestinationConstruct(
        stack,
        "c",
        name="C",
        enabled=True,
        source_id=SourceId("s"),
        metadata_id="a",
        settings={},
    ).import_from("d1")
    found = {one["to"]: one["id"] for one in Testing.synth(stack).json["import"]}
    assert found == {
        "segment_tracking_plan.a_one": "tp_one#rules_by_key",
        "segment_tracking_plan.a_two": "tp_two",
        "segment_tracking_plan.a_three": "tp_three#unmanaged",
        "segment_label.b_a": "a:$${b}",
        "segment_destination.c": "d1",
    }


def test_nothing_is_imported_that_is_not_declared(stack: TerraformStack) -> None:
    with pytest.raises(ValueError, match=r"an import is for source\.wbe, which is not declared"):
        DeclaredWorkspace(stack, "a", workspace=[source()], imports={"source.wbe": "1"})
    made = DeclaredWorkspace(stack, "b", workspace=[source()], imports={})
    assert "import" not in made.to_terraform()


def test_rules_with_templates_in_their_names(stack: TerraformStack) -> None:
    rules: dict[str, dict[str, object]] = {"TRACK:${a}": {"json_schema": {"const": "${b}"}}}
    DeclaredWorkspace(
        stack, "a", workspace=[TrackingPlan(name="P", type="LIVE", rules_by_key=rules)]
    )
    [(key, rule)] = Testing.synth(stack).resource("tracking_plan")["rules_by_key"].items()
    assert (key, rule) == ("TRACK:$${a}", {"json_schema": {"const": "${b}"}})


def test_hcl_is_refused(stack: TerraformStack) -> None:
    made = DeclaredWorkspace(stack, "a", workspace=[source()])
    with pytest.raises(NotImplementedError, match="JSON"):
        made.to_hcl_terraform()
