"""Settings: only what the configuration names is managed, and a mask is never sent."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segform.lifecycle import settings
from segform.resources.exact import dumps, loads

MASKED = "••••••••••dada"
_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=4), inner, max_size=3)
    ),
    max_leaves=6,
)
_OBJECTS = st.dictionaries(st.text(max_size=4), _VALUES, max_size=4)


def _known(value: Any) -> dict[str, str]:
    return settings.managed(value, "salt")


def test_managed_paths_are_pointers_and_hide_their_values() -> None:
    found = _known({"a/b": {"c~d": "hush"}, "list": [1], "empty": {}})
    assert set(found) == {"/a~1b/c~0d", "/list", "/empty"}
    assert "hush" not in str(found)
    assert found != settings.managed({"a/b": {"c~d": "hush"}, "list": [1], "empty": {}}, "other")


@given(_OBJECTS)
def test_what_is_as_it_was_keeps_its_text(value: dict[str, Any]) -> None:
    text = " " + dumps(value)
    live = {**value, "some default": 1}
    assert settings.merge_state(text, live, _known(value)) == text
    assert settings.plan_text(dumps(value), text, _known(value)) == text
    assert settings.patch(value, value, _known(value)) == {}


@given(_OBJECTS, _OBJECTS)
def test_a_patch_leads_to_the_configuration(wanted: dict[str, Any], prior: dict[str, Any]) -> None:
    body = settings.patch(wanted, prior, _known(prior))
    merged = {**prior, **body}
    live = {key: item for key, item in merged.items() if item is not None or key in wanted}
    assert settings.subset_equal(wanted, live)
    gone = set(_known(prior)) - set(_known(wanted))
    for pointer in gone:
        key = pointer.split("/")[1].replace("~1", "/").replace("~0", "~")
        if key not in wanted:
            assert body[key] is None


@given(_OBJECTS)
def test_a_mask_is_never_sent(value: dict[str, Any]) -> None:
    prior = {**value, "secret": MASKED}
    try:
        body = settings.patch({**value, "secret": "new"}, prior, None)
    except settings.MaskedSecretError:
        return
    assert settings.MASK not in dumps(body)


def test_unmanaged_keys_are_left_alone() -> None:
    prior = {"apiKey": "k", "region": "us"}
    assert settings.patch({"apiKey": "k2"}, prior, _known({"apiKey": "k"})) == {"apiKey": "k2"}
    assert settings.merge_state(dumps({"apiKey": "k"}), {**prior, "x": 1}, None) == '{"apiKey":"k"}'


def test_a_managed_key_that_left_the_configuration_is_nulled() -> None:
    known = _known({"a": 1, "b": {"c": 2, "d": 3}})
    prior = {"a": 1, "b": {"c": 2, "d": 3, "theirs": 4}}
    assert settings.patch({"b": {"c": 2}}, prior, known) == {"a": None, "b": {"c": 2, "theirs": 4}}


def test_after_import_nothing_is_removed_by_absence() -> None:
    prior = {"a": 1, "b": 2}
    assert settings.plan_text('{"a":1}', dumps(prior), None) == dumps(prior)
    assert settings.patch({"a": 3}, prior, None) == {"a": 3}


@pytest.mark.parametrize(
    ("text", "live", "known", "expected"),
    [
        ({"a": 1}, {"a": 2, "b": 1}, {"a": 1}, {"a": 2}),
        (
            {"a": {"b": 1, "c": 2}},
            {"a": {"b": 9, "x": 1}},
            {"a": {"b": 1}},
            {"a": {"b": 9, "c": 2}},
        ),
        ({"a": 1, "b": 2}, {"a": 1}, {"a": 1, "b": 2}, {"a": 1}),
        ({"secret": "s"}, {"secret": MASKED}, {"secret": "s"}, {"secret": "s"}),
        ({"n": {"secret": "s"}}, {"n": {"secret": MASKED}}, None, {"n": {"secret": "s"}}),
        (
            {"k": {"ciphertext": "a"}},
            {"k": {"ciphertext": "b"}},
            {"k": {"ciphertext": "a"}},
            {"k": {"ciphertext": "a"}},
        ),
        ({"empty": ""}, {}, {"empty": ""}, {"empty": ""}),
    ],
)
def test_reads_show_managed_paths_that_differ(
    text: Any, live: Any, known: Any, expected: Any
) -> None:
    got = settings.merge_state(dumps(text), live, None if known is None else _known(known))
    assert loads(got) == expected


def test_a_mask_in_the_configuration_is_refused_where_it_would_be_sent() -> None:
    with pytest.raises(settings.MaskedSecretError, match="settings/n/key is the mask"):
        settings.patch({"n": {"key": MASKED, "on": True}}, {"n": {"on": False}}, None)
    assert settings.patch({"key": MASKED}, {"key": "real"}, None) == {}


def test_a_secret_that_changed_in_the_configuration_is_planned() -> None:
    assert settings.plan_text('{"k":"new"}', '{"k":"old"}', None) == '{"k":"new"}'
    masked = dumps({"k": MASKED})
    assert settings.plan_text('{"k":"new"}', masked, None) == masked
