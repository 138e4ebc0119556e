"""Settings against the options of a catalogue entry."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from segform.catalog import Catalog, check_settings, secrets_in_clear

ENTRY: dict[str, Any] = {
    "id": "e",
    "name": "Tool",
    "options": [
        {"name": "apiKey", "type": "string", "required": True, "label": "API Key"},
        {"name": "region", "type": "select", "required": True, "defaultValue": "us"},
        {"name": "secret", "type": "password", "required": False},
        {"name": "batch", "type": "boolean", "required": False},
        {"name": "size", "type": "number", "required": False},
        {"name": "events", "type": "array", "required": False},
        {"name": "names", "type": "text-map", "required": False},
        {"name": "anything", "type": "mixed", "required": False},
        {"name": "later", "type": "a type of tomorrow", "required": False},
    ],
}


def _found(given: dict[str, Any], **more: Any) -> list[tuple[str, str, str]]:
    return [
        (str(one.path[0]), one.severity, f"{one.message} | {one.mend}")
        for one in check_settings(given, ENTRY, **more)
    ]


def test_what_fits_passes() -> None:
    good = {
        "apiKey": "k",
        "region": "eu",
        "secret": "••••••••••dada",
        "batch": False,
        "size": Decimal("1.5"),
        "events": [],
        "names": {"a": "b"},
        "anything": [1, {}],
        "later": object,
    }
    assert _found(good) == []


def test_an_unknown_key_is_a_warning_with_the_nearest() -> None:
    [(key, severity, text)] = _found({"apiKey": "k", "batchh": True})
    assert (key, severity) == ("batchh", "warning")
    assert "Tool has no option 'batchh'" in text
    assert "Did you mean 'batch'?" in text
    [(_, _, text)] = _found({"apiKey": "k", "APIKEY": "x"})
    assert "Did you mean 'apiKey'?" in text
    [(_, _, text)] = _found({"apiKey": "k", "zzzzzz": "x"})
    assert "Did you mean" not in text
    assert "Its options: anything, apiKey, batch" in text


@pytest.mark.parametrize(
    ("key", "value", "severity", "words"),
    [
        ("apiKey", {"a": 1}, "error", "takes text, and an object is given"),
        ("apiKey", 7, "warning", "a number is given"),
        ("batch", "yes", "error", "takes true or false, and text is given"),
        ("batch", "true", "warning", "text is given"),
        ("batch", 1, "error", "a number is given"),
        ("size", True, "error", "takes a number, and true or false is given"),
        ("size", "30", "warning", "text is given"),
        ("events", "Order Completed", "error", "takes a list"),
        ("names", "a", "error", "takes an object"),
        ("region", ["us"], "error", "one of its choices, and a list is given"),
    ],
)
def test_wrong_types_are_named(key: str, value: Any, severity: str, words: str) -> None:
    [(found, how, text)] = [one for one in _found({"apiKey": "k", key: value}) if one[0] == key]
    assert (found, how) == (key, severity)
    assert words in text


@pytest.mark.parametrize("value", [None, "", "••••••••••"])
@pytest.mark.parametrize("key", ["apiKey", "batch", "size", "events", "names", "region"])
def test_nothing_and_masks_have_no_type(key: str, value: Any) -> None:
    assert _found({key: value}, complete=False) == []


def test_a_required_option_that_is_not_given_is_told_by_its_label() -> None:
    for nothing in ({}, {"apiKey": ""}, {"apiKey": None}):
        [(key, severity, text)] = _found(nothing)
        assert (key, severity) == ("apiKey", "warning")
        assert "needs the option 'apiKey' (API Key)" in text
    assert _found({}, complete=False) == []


def test_only_what_a_change_touches_is_looked_at() -> None:
    given = {"apiKey": "k", "batch": "yes", "size": "x"}
    assert [one[0] for one in _found(given, only={"size"})] == ["size"]


def test_an_entry_without_options_says_nothing(catalog: Catalog) -> None:
    javascript = catalog.entry("source", "IqDTy1TpoU")
    assert javascript is not None
    assert check_settings({"websiteUrl": "https://shop.example", "x": [1]}, javascript) == []
    assert check_settings({"x": 1}, {"id": "e", "options": None}) == []


def test_what_the_service_adds_to_a_warehouse_is_no_unknown_option() -> None:
    entry = {"id": "w", "name": "Postgres", "options": [{"name": "host", "type": "string"}]}
    given = {"name": "Main", "ciphertext": "…", "encrypted": True, "host": "h"}
    assert check_settings(given, entry) == []


def test_secrets_in_the_clear_are_named_and_never_shown() -> None:
    given = {
        "secret": "hush-hush",
        "apiKey": "key-123",
        "webhookToken": "tok",
        "region": "us",
        "sharedSecret": "",
        "batch": True,
    }
    found = secrets_in_clear(given, ENTRY)
    assert [one.path for one in found] == [("secret",), ("apiKey",), ("webhookToken",)]
    assert all(one.severity == "warning" for one in found)
    said = " ".join(f"{one.message} {one.mend} {one!r}" for one in found)
    assert not any(value in said for value in ("hush-hush", "key-123", "tok "))
    # Without the catalogue, by name alone.
    assert [one.path for one in secrets_in_clear({"password": "p", "port": "1"})] == [("password",)]


@pytest.mark.parametrize(
    "value", ["", "••••••••••abcd", "${API_KEY}", "$API_KEY", "@@api_key@@", "{{ key }}", "<key>"]
)
def test_masks_and_placeholders_are_no_secrets(value: str) -> None:
    assert secrets_in_clear({"secret": value}, ENTRY) == []


NESTED = {
    "options": [
        {"name": "vault", "type": "password"},
        {"name": "eVars", "type": "text-map"},
        {"name": "tokens", "type": "text-map"},
        {"name": "apiKeyType", "type": "select"},
        {"name": "events", "type": "mixed"},
    ]
}


@pytest.mark.parametrize(
    ("settings", "at"),
    [
        ({"auth": {"password": "hush", "user": "u"}}, [("auth", "password")]),
        ({"a": {"b": [{"c": {"privateKey": "hush"}}]}}, [("a", "b", 0, "c", "privateKey")]),
        ({"apiKeys": ["", "hush"]}, [("apiKeys", 1)]),
        ({"apiKeys": {"ios": "hush", "n": 1}}, [("apiKeys", "ios")]),
        ({"tokens": {"ios": "hush"}}, [("tokens", "ios")]),
        ({"events": [{"name": "n"}, {"apiToken": "hush"}]}, [("events", 1, "apiToken")]),
        ({"vault": {"any": [{"thing": "hush"}]}}, [("vault", "any", 0, "thing")]),
        # None: a description of one, a table of events, a choice, what is encrypted or hidden.
        ({"secret": {"region": "eu", "arn": "a"}}, []),
        ({"secretManager": {"region": "eu"}}, []),
        ({"tokens": [{"name": "n", "id": "i"}]}, []),
        ({"eVars": {"Reset Password": "eVar1", "api_key": "eVar2"}}, []),
        ({"eVars": [{"token": "eVar1"}]}, []),
        ({"apiKeyType": "public"}, []),
        ({"vault": {"ciphertext": "c", "encrypted": True}}, []),
        ({"auth": {"password": "••••••••••dada", "token": "${T}", "secret": ""}}, []),
        ({"auth": {"password": True, "secret": 7, "token": None}}, []),
    ],
)
def test_secrets_inside_of_objects_are_named_with_their_place(
    settings: dict[str, Any], at: list[tuple[str | int, ...]]
) -> None:
    found = secrets_in_clear(settings, NESTED)
    assert [one.path for one in found] == at
    assert not any("hush" in f"{one!r}" for one in found)
    # What was told is not told again, wherever in a list it stands now.
    assert secrets_in_clear(settings, NESTED, besides=settings) == []


def test_what_many_elements_have_is_told_once() -> None:
    accounts = [{"id": f"{n}", "apiKey": f"hush-{n}"} for n in range(300)]
    [one] = secrets_in_clear({"accounts": accounts})
    assert one.path == ("accounts", 0, "apiKey")
    assert one.message == (
        "'apiKey' in the option 'accounts' is called like a secret, and its value stands here in "
        "the clear (300 times)"
    )
    assert secrets_in_clear({"accounts": accounts[::-1]}, besides={"accounts": accounts}) == []


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(st.text(max_size=10), _JSON, max_size=6))
def test_any_settings_get_an_answer(given: dict[str, Any]) -> None:
    for problem in [*check_settings(given, ENTRY), *secrets_in_clear(given, ENTRY)]:
        assert problem.path[0] in {*given, "apiKey"}
        assert problem.message
        assert problem.mend


def test_the_emulators_catalogue_is_asked(catalog: Catalog) -> None:
    amplitude = catalog.entry("destination", "5f7dd6d21ad74f3842b1fc47")
    assert amplitude is not None
    found = check_settings({"apiKey": "k", "secretKye": "s"}, amplitude)
    assert [(one.path, one.severity) for one in found] == [
        (("secretKye",), "warning"),
        (("secretKey",), "warning"),
    ]
    assert "Did you mean 'secretKey'?" in found[0].mend


def test_every_entry_of_the_large_catalogue_takes_its_own_defaults(large: Catalog) -> None:
    for kind in ("source", "destination", "warehouse"):
        for entry in large.entries(kind):
            defaults = {
                one["name"]: one["defaultValue"]
                for one in entry.get("options", ())
                if "defaultValue" in one
            }
            errors = [
                one
                for one in check_settings(defaults, entry, complete=False)
                if one.severity == "error"
            ]
            assert errors == [], (entry["slug"], json.dumps(defaults))
