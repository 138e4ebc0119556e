"""Settings: only what the configuration names is managed, and a mask is never sent."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segform.lifecycle import settings
from segform.resources.exact import dumps, loads

MASKED = "••••••••••dada"
# Without masks: those have examples and a property of their own.
_TEXT = st.text(st.characters(codec="utf-8", exclude_characters=settings.MASK), max_size=5)
_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | _TEXT,
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
    assert all(
        item is not None for key, item in body.items() if key not in gone and wanted.get(key)
    )


_MASKED = st.recursive(
    st.sampled_from([MASKED, "new", "", 1, {"ciphertext": "x"}]),
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3)
    ),
    max_leaves=8,
)
_MASKED_OBJECTS = st.dictionaries(st.sampled_from("abc"), _MASKED, max_size=3)


@given(_MASKED_OBJECTS, _MASKED_OBJECTS, _MASKED_OBJECTS, st.booleans())
def test_a_mask_is_never_sent(
    config: dict[str, Any], prior: dict[str, Any], before: dict[str, Any], unseen: bool
) -> None:
    for known in (None, _known(prior), _known(before)):
        with suppress(settings.MaskedSecretError):
            assert settings.MASK not in dumps(settings.patch(config, prior, known, unseen=unseen))


@given(_OBJECTS, _OBJECTS, _OBJECTS)
def test_what_others_set_stays(
    wanted: dict[str, Any], prior: dict[str, Any], theirs: dict[str, Any]
) -> None:
    """Whatever is asked and whatever was ours: a leaf that never was survives at every depth."""
    live = _over(theirs, prior)
    ours = dict(settings.leaves(wanted)) | dict(settings.leaves(prior))
    body = settings.patch(wanted, live, _known(prior))
    after = _applied(live, body)
    for pointer, leaf in settings.leaves(theirs):
        alone = not any(
            mine == pointer or mine.startswith(f"{pointer}/") or pointer.startswith(f"{mine}/")
            for mine in ours
        )
        if alone:
            assert settings.look_up(after, pointer) == leaf


@given(_OBJECTS, _OBJECTS)
def test_what_was_applied_is_neither_drift_nor_planned_again(
    wanted: dict[str, Any], prior: dict[str, Any]
) -> None:
    live = _applied(prior, settings.patch(wanted, prior, _known(prior)))
    known, text = _known(wanted), dumps(wanted)
    assert settings.merge_state(text, live, known) == text
    assert settings.plan_text(text, text, known) == text
    assert settings.patch(wanted, live, known) == {}


@given(_OBJECTS, _OBJECTS)
def test_drift_is_shown_planned_and_mended(wanted: dict[str, Any], live: dict[str, Any]) -> None:
    """Any live settings: one apply after a read leads back, and the next read is quiet."""
    known, text = _known(wanted), dumps(wanted)
    seen = settings.merge_state(text, live, known)
    assert settings.merge_state(seen, live, known) == seen
    planned = settings.plan_text(text, seen, known)
    if planned != seen:
        live = _applied(live, settings.patch(loads(planned), live, known))
    again = settings.merge_state(planned, live, known)
    assert settings.plan_text(text, again, known) == again


def _over(low: Any, high: Any) -> Any:
    if not isinstance(low, dict) or not isinstance(high, dict):
        return high
    found = {**low, **high}
    return {k: _over(low[k], v) if k in low and k in high else v for k, v in found.items()}


def _applied(live: dict[str, Any], body: dict[str, Any]) -> dict[str, Any]:
    """What the service makes of a PATCH: merged by top-level key, null removes."""
    return {
        key: item for key, item in {**live, **body}.items() if key not in body or item is not None
    }


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


def test_a_removal_at_depth_keeps_what_others_set_beside_it() -> None:
    known = _known({"a": {"b": {"c": 1}, "d": 1}})
    live = {"a": {"b": {"c": 1, "theirs": 2}, "d": 1}}
    assert settings.patch({"a": {"d": 1}}, live, known) == {"a": {"b": {"theirs": 2}, "d": 1}}
    assert settings.patch({}, live, known) == {"a": {"b": {"theirs": 2}}}
    alone = {"a": {"b": {"c": 1}, "d": 1}}
    assert settings.patch({"a": {"d": 1}}, alone, known) == {"a": {"d": 1}}
    assert settings.patch({}, alone, known) == {"a": None}
    assert settings.patch({}, {}, known) == {}


def test_an_empty_object_manages_nothing_inside() -> None:
    known = _known({"a": {}})
    assert settings.merge_state('{ "a": {} }', {"a": {"x": 1}}, known) == '{ "a": {} }'
    assert settings.patch({"a": {}}, {"a": {"x": 1}}, known) == {}
    assert settings.plan_text('{"a":{}}', '{"a":{"x":1}}', None) == '{"a":{"x":1}}'
    assert loads(settings.merge_state('{"a":{}}', {"a": 5}, known)) == {"a": 5}
    assert settings.patch({"a": {}}, {"a": 5}, known) == {"a": {}}


def test_who_manages_nothing_sees_no_drift() -> None:
    assert settings.merge_state('{"a": 1}', {"a": 2}, {}) == '{"a": 1}'
    assert settings.merge_state('{"a": 1}', {"a": 2}, None) == '{"a":2}'


@pytest.mark.parametrize("hidden", [MASKED, {"ciphertext": "x"}])
def test_a_secret_that_changed_behind_a_mask_is_planned_and_sent(hidden: Any) -> None:
    """The state shows a mask, as after an import; the hash knows what was applied since."""
    new: Any = "s2" if hidden == MASKED else {"ciphertext": "y"}
    old: Any = "s1" if hidden == MASKED else {"ciphertext": "x"}
    prior, known = {"n": {"k": hidden}}, _known({"n": {"k": old}})
    config = {"n": {"k": new}}
    assert settings.plan_text(dumps(config), dumps(prior), known) == dumps(config)
    assert settings.patch(config, prior, known) == config
    same = {"n": {"k": old}}
    assert settings.plan_text(dumps(same), dumps(prior), known) == dumps(prior)
    assert settings.patch(same, prior, known) == {}
    # Hashes of an older form, without their salt, say nothing.
    assert settings.patch(config, prior, {"/n/k": "0af3"}) == {}


def test_what_a_mask_hides_can_be_sent_to_be_sure() -> None:
    config, live = {"k": "s", "on": True, "n": {"k": "t"}}, {"k": MASKED, "on": True, "n": {}}
    assert settings.patch(config, live, None) == {"n": {"k": "t"}}
    assert settings.patch(config, live, None, unseen=True) == {"k": "s", "n": {"k": "t"}}
    assert settings.patch(config, config, None, unseen=True) == {}
    assert settings.patch({"k": MASKED}, live, None, unseen=True) == {}


def test_a_mask_in_the_configuration_without_a_value_behind_it_is_refused() -> None:
    with pytest.raises(settings.MaskedSecretError) as caught:
        settings.patch({"a/b": MASKED}, {}, None)
    assert caught.value.pointer == "/a~1b"


def test_a_mask_beside_what_has_to_be_written_is_filled_from_the_state_or_refused() -> None:
    live = {"auth": {"user": "u", "password": MASKED, "theirs": 1}}
    config = {"auth": {"user": "new", "password": "p"}}
    body = settings.patch(config, settings.unmasked(live, {"auth": config["auth"]}), _known(config))
    assert body == {"auth": {"user": "new", "password": "p", "theirs": 1}}
    with pytest.raises(settings.MaskedSecretError, match="auth/password"):
        settings.patch({"auth": {"user": "new"}}, live, None)


def test_unmasked_takes_from_the_state_only_what_is_hidden() -> None:
    live = {"a": MASKED, "b": 2, "c": {"d": [MASKED]}, "e": {"ciphertext": "x"}, "f": MASKED}
    prior = {"a": "s", "b": 1, "c": {"d": ["t"]}, "e": {"ciphertext": "y"}}
    assert settings.unmasked(live, prior) == {
        "a": "s",
        "b": 2,
        "c": {"d": ["t"]},
        "e": {"ciphertext": "y"},
        "f": MASKED,
    }


def test_numbers_are_equal_by_value() -> None:
    prior, known = '{"n": 1.0, "m": 1.10}', _known(loads('{"n":1,"m":1.1}'))
    live = loads('{"n":1,"m":1.1}')
    assert settings.merge_state(prior, live, known) == prior
    assert settings.plan_text('{"n":1,"m":1.1}', prior, known) == prior
    assert settings.patch(live, loads(prior), known) == {}
    assert _known({"n": 1}) == _known(loads('{"n":1.0}'))
    big = loads('{"n":9007199254740993}')
    assert settings.patch(big, loads('{"n":9007199254740992}'), None) == big
    assert settings.patch({"n": True}, {"n": 1}, None) == {"n": True}


@pytest.mark.parametrize("text", ["[1]", "null", '"text"', "5"])
def test_what_is_no_object_is_nobodys_crash(text: str) -> None:
    assert settings.managed(text, "salt") == {}
    assert settings.plan_text(text, '{"a":1}', None) == text
    assert settings.plan_text('{"a":1}', text, None) == '{"a":1}'
    assert settings.plan_text(text, f" {text}", None) == f" {text}"
    assert settings.merge_state(text, {"a": 1}, None) == '{"a":1}'


def test_salts_differ() -> None:
    assert settings.new_salt() != settings.new_salt()
