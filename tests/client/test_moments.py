"""Both forms of a moment."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segform import ConfigurationError, parse_time

NOON = datetime(2026, 1, 2, 12, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "2026-01-02T12:00:00Z",
        "2026-01-02 12:00:00+00:00",
        "2026-01-02T12:00:00.000Z",
        "2026-01-02T12:00:00.000000000Z",
        "2026-01-02T14:00:00+02:00",
        "2026-01-02T12:00:00",
    ],
)
def test_the_forms_that_are_seen(text: str) -> None:
    assert parse_time(text) == NOON


OFFSETS = st.builds(timezone, st.integers(-1439, 1439).map(lambda n: timedelta(minutes=n)))


@given(st.datetimes(timezones=OFFSETS))
def test_what_python_writes_is_read(moment: datetime) -> None:
    assert parse_time(moment.isoformat()) == moment
    assert parse_time(moment.isoformat(sep=" ")) == moment


@pytest.mark.parametrize("text", ["", "yesterday", "2026-13-01T00:00:00Z"])
def test_what_is_none(text: str) -> None:
    with pytest.raises(ConfigurationError, match="not a moment"):
        parse_time(text)
