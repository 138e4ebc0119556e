"""A secret shows itself on the wire and nowhere else."""

from __future__ import annotations

import copy
import io
import logging
import pickle
import traceback
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segform import ConfigurationError, Secret, Segment, UnprocessableEntityError

from .stub import client, no, ok

TEXT = "s3cr3t-canary-91f2"


@pytest.mark.parametrize(
    "written",
    [repr, str, "{}".format, "%s".__mod__, "{!r:>40}".format, ascii],
)
def test_no_way_of_writing_it_shows_it(written: Any) -> None:
    assert TEXT not in written(Secret(TEXT))
    assert TEXT not in f"{Secret(TEXT):>30}"
    assert TEXT not in written([Secret(TEXT)])
    assert TEXT not in written({"key": Secret(TEXT)})


def test_not_in_a_log() -> None:
    stream = io.StringIO()
    logger = logging.getLogger("segform.test")
    handler = logging.StreamHandler(stream)
    logger.addHandler(handler)
    try:
        logger.error("%s %r", Secret(TEXT), {"a": Secret(TEXT)})
    finally:
        logger.removeHandler(handler)
    assert TEXT not in stream.getvalue()
    assert "***" in stream.getvalue()


def test_not_in_a_traceback_that_prints_variables() -> None:
    secret = Secret(TEXT)
    try:
        raise ValueError(secret)
    except ValueError as error:
        told = traceback.TracebackException.from_exception(error, capture_locals=True)
    text = "".join(told.format())
    assert "secret = Secret(***)" in text
    # The constant of this module is a global; nothing of it is in the frame.
    assert TEXT not in text


@pytest.mark.parametrize("remade", [lambda s: pickle.loads(pickle.dumps(s)), copy.deepcopy])
def test_what_was_pickled_has_lost_it(remade: Any) -> None:
    assert TEXT.encode() not in pickle.dumps({"key": Secret(TEXT)})
    lost = remade(Secret(TEXT))
    assert str(lost) == "***"
    with pytest.raises(ConfigurationError, match="lost its text"):
        lost.reveal()


@given(st.text(), st.text())
def test_equal_where_the_texts_are(one: str, other: str) -> None:
    one, other = (x.encode("utf-8", "replace").decode() for x in (one, other))
    assert (Secret(one) == Secret(other)) is (one == other)
    assert Secret(one) != one
    assert hash(Secret(one)) == hash(Secret(one))


def test_a_secret_is_text() -> None:
    with pytest.raises(ConfigurationError, match="not a int"):
        Secret(5)  # type: ignore[arg-type]  # wrong on purpose


def test_it_is_told_on_the_wire_and_taken_out_of_the_error() -> None:
    refused = no(422, {"type": "bad", "message": f"key {TEXT} is not one"})
    made, script = client(ok(destination={}), refused)
    settings = {"apiKey": Secret(TEXT), "list": [Secret("other-canary")]}
    made.destinations.update("d", settings=settings)
    assert script.body() == {"settings": {"apiKey": TEXT, "list": ["other-canary"]}}
    with pytest.raises(UnprocessableEntityError) as caught:
        # Not under `settings`, and its name says nothing: the type does.
        made.request("updateSource", path={"sourceId": "s"}, body={"name": Secret(TEXT)})
    assert TEXT not in str(caught.value)
    assert TEXT not in repr(caught.value.errors)


def test_it_may_be_a_token_and_part_of_a_path() -> None:
    made, script = client(ok(status="SUCCESS"))
    made.sources.write_keys.delete("s", Secret("key-1"))  # type: ignore[arg-type]  # typed as text, and taken all the same
    assert script.sent == [("DELETE", "/sources/s/writekey/key-1")]
    assert TEXT not in repr(Segment(Secret(TEXT), url="http://127.0.0.1:1"))


@pytest.mark.parametrize(
    "settings",
    [{"apiKey": "•" * 10 + "dada"}, {"a": {"b": ["x", "•" * 12]}}],
)
def test_a_mask_is_never_sent_back(settings: dict[str, Any]) -> None:
    made, script = client()
    with pytest.raises(ConfigurationError, match=r"mask of settings\.a") as caught:
        made.destinations.update("d", settings=settings)
    assert "Leave the key out" in str(caught.value)
    assert script.requests == []
