"""What the legacy API has no public form for: a clear error that names what to call instead."""

from __future__ import annotations

from functools import reduce
from typing import Any

import pytest

from segform import ConfigurationError, Segment
from segform.config_api import NotInConfigAPI
from segform.config_api.elsewhere import INSTEAD

from .stub import async_client, client

CALLS: list[tuple[Any, str]] = [
    (lambda c: c.warehouses.list(), "segform.Segment().warehouses.list"),
    (lambda c: c.warehouses.get("w"), "segform.Segment().warehouses.get"),
    (lambda c: c.warehouses.connected_sources.add("w", "s"), "segform.Segment().warehouses"),
    (
        lambda c: c.delivery_metrics.get_summary(),
        "segform.Segment().destinations.delivery_metrics.get",
    ),
    (lambda c: c.regulations.create(), "segform.Segment().deletion_and_suppression.create"),
    (lambda c: c.regulations.delete("r"), ""),
    (
        lambda c: c.suppressed_users.list(),
        "segform.Segment().deletion_and_suppression.suppressions.list",
    ),
    (lambda c: c.access_tokens.create(), ""),
    (lambda c: c.sources.update("js", display_name="x"), "segform.Segment().sources.update"),
    (
        lambda c: c.destination_filters.create("d", title="x"),
        "segform.Segment().destination_filters.create",
    ),
    (
        lambda c: c.destination_filters.update("d"),
        "segform.Segment().destination_filters.update",
    ),
    (
        lambda c: c.destination_filters.delete("d"),
        "segform.Segment().destination_filters.delete",
    ),
    (lambda c: c.functions.create(), "segform.Segment().functions.create"),
    (lambda c: c.users.create(), "segform.Segment().users.invites.create"),
    (lambda c: c.users.update(), "segform.Segment().users.permissions.replace"),
    (lambda c: c.users.delete(), "segform.Segment().users.delete"),
    (lambda c: c.invites.create(), "segform.Segment().users.invites.create"),
    (lambda c: c.roles.create(), ""),
    (lambda c: c.policies.create(), "segform.Segment().users.permissions.replace"),
    (lambda c: c.workspaces.create(), ""),
]


@pytest.mark.parametrize("make", [client, async_client])
def test_families_that_never_were_there_name_the_public_api(make: Any) -> None:
    made, script = make()
    with pytest.raises(AttributeError, match=r"'labels': use segform\.Segment\(\)\.labels"):
        _ = made.labels
    with pytest.raises(AttributeError, match=r"no 'lables'$"):
        _ = made.lables
    assert not hasattr(made, "audiences")
    assert script.sent == []


@pytest.mark.parametrize("make", [client, async_client])
@pytest.mark.parametrize(("call", "instead"), CALLS)
def test_it_says_what_to_call(make: Any, call: Any, instead: str) -> None:
    made, script = make()
    with pytest.raises(NotInConfigAPI, match="legacy") as caught:
        call(made)
    assert caught.value.instead == instead
    assert instead in str(caught.value)
    assert isinstance(caught.value, ConfigurationError)
    assert script.requests == []


def test_what_is_named_is_there() -> None:
    """Every call that is named exists in the client of the Public API."""
    public = Segment(token="t")
    for calls in INSTEAD.values():
        for call in filter(None, calls.values()):
            found: Any = reduce(getattr, call.split("."), public)
            assert found is not None


def test_looking_at_it_is_no_call() -> None:
    made, _ = client()
    assert repr(made.warehouses) == "Elsewhere('warehouses')"
    assert not hasattr(made.warehouses, "__len__")
    assert not hasattr(made.warehouses.list, "__len__")
