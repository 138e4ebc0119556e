"""Schedules of Reverse ETL: what each strategy takes, found before anything is sent."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segform.resources.schedules import problems


def _said(strategy: Any, config: Any) -> list[tuple[str, str]]:
    text = config if config is None or isinstance(config, str) else json.dumps(config)
    return [(one.severity, one.message) for one in problems(strategy, text, ("config",))]


GOOD: list[tuple[str, Any]] = [
    ("MANUAL", None),
    ("MANUAL", {}),
    ("PERIODIC", {"interval": "10m"}),
    ("PERIODIC", {"interval": "1h30m"}),
    ("PERIODIC", {"interval": "168h"}),
    ("SPECIFIC_DAYS", {"days": [0, 6], "hours": [0, 23], "timezone": "Europe/Berlin"}),
    ("CRON", {"spec": "0 6 * * *", "timezone": "UTC"}),
    ("CRON", {"spec": "*/15 6-18/2 1,15 JAN-jun mon-FRI", "timezone": "America/New_York"}),
    ("CRON", {"spec": "0,30 * * * 7", "timezone": "Etc/GMT+5"}),
    ("DBT_CLOUD", {"jobId": "1", "accountId": "2"}),
    ("LUNAR", {"phase": "full"}),
]


@pytest.mark.parametrize(("strategy", "config"), GOOD)
def test_what_the_service_takes_passes(strategy: str, config: Any) -> None:
    assert _said(strategy, config) == []


BAD: list[tuple[str, Any, str]] = [
    ("MANUAL", {"interval": "1h"}, "nothing to configure"),
    ("PERIODIC", None, "it is missing"),
    ("PERIODIC", "[]", "it is no object"),
    ("PERIODIC", {}, "needs `interval`"),
    ("PERIODIC", {"interval": "5m"}, "between ten minutes and a week"),
    ("PERIODIC", {"interval": "169h"}, "between ten minutes and a week"),
    ("PERIODIC", {"interval": "daily"}, "no duration"),
    ("PERIODIC", {"interval": 3600}, "no duration"),
    ("SPECIFIC_DAYS", {"days": [7], "hours": [1], "timezone": "UTC"}, "0 to 6"),
    ("SPECIFIC_DAYS", {"days": [1], "hours": [24], "timezone": "UTC"}, "0 to 23"),
    ("SPECIFIC_DAYS", {"days": [True], "hours": [1], "timezone": "UTC"}, "0 to 6"),
    ("SPECIFIC_DAYS", {"days": [1], "hours": [1]}, "needs `timezone`"),
    ("SPECIFIC_DAYS", {"days": [1], "hours": [1], "timezone": "CE T"}, "no time zone"),
    ("CRON", {"spec": "0 6 * *", "timezone": "UTC"}, "4 fields and not five"),
    ("CRON", {"spec": "60 6 * * *", "timezone": "UTC"}, "no minute"),
    ("CRON", {"spec": "0 6 0 * *", "timezone": "UTC"}, "no day of the month"),
    ("CRON", {"spec": "0 6 * foo *", "timezone": "UTC"}, "no month"),
    ("CRON", {"spec": "0 9-6 * * *", "timezone": "UTC"}, "no hour"),
    ("CRON", {"spec": "*/0 6 * * *", "timezone": "UTC"}, "no minute"),
    ("CRON", {"spec": "*/5 * * * *", "timezone": "UTC"}, "every 15 minutes"),
    ("CRON", {"spec": "50,0 * * * *", "timezone": "UTC"}, "every 15 minutes"),
    ("DBT_CLOUD", {"jobId": 1, "accountId": "2"}, "no text"),
    ("DBT_CLOUD", {"jobId": "1"}, "needs `accountId`"),
    ("PERIODIC", {"interval": "1h", "timezone": "UTC"}, "has no `timezone`"),
]


@pytest.mark.parametrize(("strategy", "config", "words"), BAD)
def test_what_it_refuses_is_named(strategy: str, config: Any, words: str) -> None:
    [(_, message)] = _said(strategy, config)
    assert words in message


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=6,
)
_CONFIG = st.fixed_dictionaries(
    {},
    optional=dict.fromkeys(
        ("interval", "days", "hours", "timezone", "spec", "jobId", "accountId"), _JSON
    ),
)


@given(st.sampled_from(["PERIODIC", "SPECIFIC_DAYS", "CRON", "DBT_CLOUD", "MANUAL"]), _CONFIG)
def test_nothing_crashes_it(strategy: str, config: Any) -> None:
    for severity, message in _said(strategy, config):
        assert severity in ("error", "warning")
        assert len(message) < 400


@given(st.text(alphabet="0123456789*/,-? \tsunja", max_size=40))
def test_no_cron_text_crashes_it(spec: str) -> None:
    _said("CRON", {"spec": spec, "timezone": "UTC"})
