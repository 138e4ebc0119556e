"""What the provider's answers carry where something went wrong: Terraform keeps just that."""

from __future__ import annotations

import json
from typing import Any

import pytest

from segform_emulator import Emulator
from segform_provider.protocol import codec
from segform_provider.protocol.wire import message

from .core import Core, DiagnosticsError
from .six import six

SOURCE = "segment_source.web"


def _asked(core: Core, planned: dict[str, Any] | None) -> tuple[Any, Any]:
    """The request that applies a change to the source, and what it is answered."""
    prior = core.values(SOURCE)
    request = message("ApplyResourceChange.Request")(
        type_name="segment_source",
        prior_state=core.encode(SOURCE, prior),
        planned_state=core.encode(SOURCE, planned),
        config=core.encode(SOURCE, planned),
        planned_private=core.state[SOURCE][1],
        planned_identity=core.identity(SOURCE),
    )
    return request, core._handlers["ApplyResourceChange"](request)


@pytest.mark.parametrize(
    ("operation", "word", "name"),
    [("updateSource", "changed", "Other"), ("deleteSource", "deleted", None)],
)
def test_what_could_not_be_changed_stays_in_the_state_whole(
    core: Core, emulator: Emulator, operation: str, word: str, name: str | None
) -> None:
    core.apply(six())
    planned = None if name is None else {**core.values(SOURCE), "name": name}
    emulator.fault("error_before", operation=operation, status=403, count=100)
    request, answer = _asked(core, planned)
    assert [one.summary for one in answer.diagnostics] == [f"The source could not be {word}"]
    assert core.decode(SOURCE, answer.new_state) == core.values(SOURCE)
    assert answer.private == request.planned_private != b""
    kept = codec.decode(answer.new_identity.identity_data, core.identity_type(SOURCE))
    assert kept == core.identities[SOURCE]
    emulator.faults.waiting.clear()
    assert core.plan(six()) == []


def test_what_could_not_be_made_leaves_nothing_in_the_state(core: Core, emulator: Emulator) -> None:
    emulator.fault("error_before", operation="createSource", status=403, count=100)
    [planned] = core.plan({SOURCE: {**six()[SOURCE], "labels": []}})
    request = message("ApplyResourceChange.Request")(
        type_name="segment_source",
        prior_state=core.encode(SOURCE, None),
        planned_state=core.encode(SOURCE, planned.after),
        config=core.encode(SOURCE, planned.after),
        planned_private=planned.private,
    )
    answer = core._handlers["ApplyResourceChange"](request)
    assert [one.summary for one in answer.diagnostics] == ["The source could not be created"]
    assert core.decode(SOURCE, answer.new_state) is None
    assert answer.private == b""
    assert not answer.new_identity.identity_data.msgpack


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"metadata": [1]}, "metadata"),
        ({"labels": {"key": "a"}}, "labels"),
        ({"labels": [{"key": "a", "value": "b"}, 7]}, "labels.1"),
        # The first of several; of what is no more than another scalar, Terraform itself says where.
        ({"labels": [{"key": "a", "value": 7}, 7]}, "labels.0.value"),
        ({"enabled": "yes", "labels": [7]}, "enabled"),
        ({"enabled": 1, "labels": [7]}, "enabled"),
        ({"slug": True, "labels": [7]}, "slug"),
        ({"metadata": {"id": True}, "labels": [7]}, "metadata.id"),
    ],
)
def test_a_state_that_does_not_fit_is_told_where(
    core: Core, changes: dict[str, Any], where: str
) -> None:
    core.apply(six())
    stored = {**json.loads(core.state[SOURCE][0]), **changes}
    with pytest.raises(DiagnosticsError, match="This state cannot be read") as caught:
        core.call(
            "UpgradeResourceState",
            type_name="segment_source",
            raw_state={"json": json.dumps(stored).encode()},
        )
    assert f"`{where}` is not of the type" in str(caught.value)


@pytest.mark.parametrize("text", ["{", "[1]", "7"])
def test_a_state_that_is_none_is_told(core: Core, text: str) -> None:
    told = {"{": "it is not valid JSON", "[1]": "it is no object", "7": "it is no object"}[text]
    with pytest.raises(DiagnosticsError, match=told):
        core.call(
            "UpgradeResourceState", type_name="segment_source", raw_state={"json": text.encode()}
        )


def test_a_state_of_the_oldest_terraform_is_told(core: Core) -> None:
    """It came as words without a form."""
    with pytest.raises(DiagnosticsError, match=r"written by Terraform 0\.11 or older"):
        core.call(
            "UpgradeResourceState", type_name="segment_source", raw_state={"flatmap": {"id": "a"}}
        )


def test_what_is_moved_brings_its_private_data(core: Core) -> None:
    core.apply(six())
    text, private = core.state[SOURCE]
    answer = core.call(
        "MoveResourceState",
        source_provider_address="registry.terraform.io/segmentio/segment",
        source_type_name="segment_source",
        target_type_name="segment_source",
        source_state={"json": text.encode()},
        source_private=private,
    )
    assert answer.target_private == private != b""


def test_an_object_that_is_not_there_is_read_as_that(core: Core) -> None:
    none = core.encode(SOURCE, None)
    answer = core.call("ReadResource", type_name="segment_source", current_state=none)
    assert core.decode(SOURCE, answer.new_state) is None


def test_a_data_source_points_at_what_it_was_looked_up_by(core: Core, emulator: Emulator) -> None:
    with pytest.raises(DiagnosticsError) as caught:
        core.data("segment_source_metadata", slug="no-such")
    assert caught.value.paths == ["slug"]
    # What the service itself refuses is about no attribute.
    core.apply(six())
    emulator.fault("error_before", operation="getSource", status=403, count=100)
    with pytest.raises(DiagnosticsError, match="could not be read") as caught:
        core.data("segment_source", id=core.values(SOURCE)["id"])
    assert caught.value.paths == [""]


def test_a_state_without_an_id_cannot_be_moved(core: Core) -> None:
    core.apply(six())
    stored = {**json.loads(core.state[SOURCE][0]), "id": None}
    with pytest.raises(DiagnosticsError, match="it lacks what tells the object from others"):
        core.call(
            "MoveResourceState",
            source_provider_address="registry.terraform.io/segmentio/segment",
            source_type_name="segment_source",
            target_type_name="segment_source",
            source_state={"json": json.dumps(stored).encode()},
        )


@pytest.mark.parametrize("private", [b"", b"\xff", b"[]", b"{}", b'{"segform":7}', b'{"x":"eA=="}'])
def test_private_data_that_is_not_ours_is_none(core: Core, private: bytes) -> None:
    """A state that was moved, or whose private data another provider wrote."""
    core.apply(six())
    for address, (text, _) in core.state.items():
        core.state[address] = (text, private)
    assert core.plan(six()) == []


def test_an_import_that_fails_says_what_of_it(core: Core) -> None:
    with pytest.raises(DiagnosticsError, match="This import id cannot be used"):
        core.import_("segment_destination_filter.a", "x")
    with pytest.raises(DiagnosticsError, match="This import identity cannot be used"):
        core.import_("segment_source.a", _identity(core, ""))


def _identity(core: Core, value: str) -> Any:
    shape = core.identity_type(SOURCE)
    return {"identity_data": codec.encode(dict.fromkeys(shape[1], value), shape)}
