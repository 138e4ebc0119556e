"""An interrupted apply: what has written is finished, what has not is given up."""

from __future__ import annotations

import pytest

from segform.errors import NotFoundError
from segform.workspace.stopping import Stop

from .conftest import Place


def test_a_change_that_has_written_is_finished_and_the_next_is_given_up() -> None:
    stop = Stop()
    with stop.change():
        assert not stop.is_set()
        stop.set()
        assert stop.is_set()
        stop.wrote()
        assert not stop.is_set()
    with stop.change():  # of the same thread
        assert stop.is_set()


def test_a_request_that_writes_has_written_also_where_it_failed(place: Place) -> None:
    """A read changes nothing."""
    stop, life = Stop(), place.engine().life
    client = life.client
    stop.set()
    with stop.over(life), stop.change():
        life.client.request("getWorkspace")
        assert stop.is_set()
        with pytest.raises(NotFoundError):
            life.client.request("deleteSource", path={"sourceId": "none"})
        assert not stop.is_set()
    with stop.over(life), stop.change():
        assert stop.is_set()
        life.client.request("createLabel", body={"label": {"key": "k", "value": "v"}})
        assert not stop.is_set()
    assert life.client is client
