"""Secrets: told of where they would stay in the clear, masks never sent, what was never applied."""

from __future__ import annotations

import json
from typing import Any

import pytest

from segform.resources import registry
from segform.resources.values import UNKNOWN
from segform_emulator import Emulator

from .conftest import Start
from .core import Change, Config, Core, DiagnosticsError
from .shop import S3, shop
from .six import six

HOOK = "segment_destination.hook"
MASK = "•" * 10
# Kind, its address, and the key that is a secret: what the catalogue or the function calls one.
SECRETS = [
    ("destination", HOOK, "sharedSecret"),
    ("warehouse", "segment_warehouse.main", "password"),
    ("profiles_warehouse", "segment_profiles_warehouse.people", "password"),
    ("insert_function_instance", "segment_insert_function_instance.clean", "apiKey"),
]


def _said(changes: list[Change], address: str) -> list[Any]:
    [change] = [one for one in changes if one.address == address]
    return [one for one in change.said if "stands here in the clear" in one.detail]


def _shop(kind: str, **values: Any) -> Config:
    changes: dict[str, Any] = {kind: values}
    return shop(**changes)


@pytest.mark.parametrize(("kind", "address", "key"), SECRETS)
def test_a_secret_in_clear_is_named_and_not_shown(
    core: Core, kind: str, address: str, key: str
) -> None:
    # What is not there yet cannot say which of its settings are secret: the name does.
    [said] = _said(core.plan(shop()), address)
    # At an attribute Terraform would quote the line, and the secret in it.
    assert not said.attribute.steps
    assert said.summary == f"Look at settings.{key}"
    assert repr(key) in said.detail
    assert "secret_settings_wo" in said.detail
    assert "hush" not in said.detail + said.summary
    core.apply(shop())
    # What stays as it is was told once.
    changed = core.plan(_shop(kind, enabled=False))
    assert _said(changed, address) == []
    settings = json.dumps({**json.loads(shop()[address]["settings"]), key: "hush-2"})
    [said] = _said(core.plan(_shop(kind, settings=settings)), address)
    assert "hush" not in said.detail


def test_a_functions_own_word_says_what_is_secret(core: Core) -> None:
    """A setting that is called like none, and is one."""
    setting = {
        "name": "phrase",
        "label": "",
        "description": "",
        "type": "STRING",
        "required": False,
        "sensitive": True,
    }
    config = shop(
        function={"settings": [setting]}, insert_function_instance={"settings": '{"phrase":""}'}
    )
    core.apply(config)
    config["segment_insert_function_instance.clean"]["settings"] = '{"phrase": "hush"}'
    [said] = _said(core.plan(config), "segment_insert_function_instance.clean")
    assert "'phrase' is a password" in said.detail


@pytest.mark.parametrize(("kind", "address", "key"), SECRETS)
def test_a_secret_inside_of_an_object_is_named_with_its_place(
    core: Core, kind: str, address: str, key: str
) -> None:
    held = json.loads(shop()[address]["settings"])
    nested = {**held, "auth": {"user": "u", "more": [{"region": "eu"}, {"password": "hush-2"}]}}
    core.apply(shop())
    [said] = _said(core.plan(_shop(kind, settings=json.dumps(nested))), address)
    assert not said.attribute.steps
    assert said.summary == "Look at settings.auth.more[1].password"
    assert "'password' in the option 'auth' is called like a secret" in said.detail
    assert "leave the option 'auth' out of `settings`" in said.detail
    assert "hush" not in said.detail + said.summary
    core.apply(_shop(kind, settings=json.dumps(nested)))
    # What stays as it is was told once, also where something beside it changes.
    nested["auth"]["more"] = [{"password": "hush-2"}, {"region": "us"}]
    assert _said(core.plan(_shop(kind, settings=json.dumps(nested))), address) == []


def test_strict_secrets_refuses_what_is_inside_of_an_object(start: Start) -> None:
    core = start()
    held = six(destination={"settings": '{"auth": [{"password": "hush"}], "sharedSecret": ""}'})
    core.apply(held)
    core.restart({**core._provider, "strict_secrets": True})
    with pytest.raises(DiagnosticsError) as caught:
        core.plan(held)
    assert "Invalid settings.auth[0].password" in str(caught.value)
    assert "hush" not in str(caught.value)
    # The way out that the words name.
    core.apply(six(destination={"settings": "{}"}))


@pytest.mark.parametrize("sensitive", [True, False])
def test_a_function_says_it_of_all_that_is_in_a_setting(core: Core, sensitive: bool) -> None:
    setting = {"label": "", "description": "", "required": False, "sensitive": sensitive}
    kinds = {"headers": "TEXT_MAP", "apiKeys": "ARRAY", "apiToken": "STRING"}
    given = [{**setting, "name": name, "type": kind} for name, kind in kinds.items()]
    config = shop(function={"settings": given}, insert_function_instance={"settings": "{}"})
    core.apply(config)
    values = {"headers": {"Authorization": "hush"}, "apiKeys": ["hush"], "apiToken": "hush"}
    config["segment_insert_function_instance.clean"]["settings"] = json.dumps(values)
    said = _said(core.plan(config), "segment_insert_function_instance.clean")
    assert "hush" not in str(said)
    # What it declares to be no secret is none, whatever it is called.
    assert sorted(one.summary.removeprefix("Look at settings.") for one in said) == (
        ["apiKeys[0]", "apiToken", "headers.Authorization"] if sensitive else []
    )


def test_an_apply_says_what_its_plan_said_without_asking_the_catalogue_again(
    core: Core, emulator: Emulator
) -> None:
    """Each of Terraform's commands is another process, and plans anew."""
    first = core.plan(shop())
    emulator.recorder.clear()
    second = core.plan(shop())
    for kind, address, _ in SECRETS:
        assert len(_said(second, address)) == len(_said(first, address)) == 1, kind
    asked = {str(entry["operation"]) for entry in emulator.recorder.entries}
    assert not {name for name in asked if name.endswith(("Metadata", "Catalog"))}


@pytest.mark.parametrize("settings", ["{}", f'{{"sharedSecret": "{MASK}"}}', '{"other": "x"}'])
def test_what_is_no_secret_is_not_warned_of(core: Core, settings: str) -> None:
    assert _said(core.plan(six(destination={"settings": settings})), HOOK) == []


def test_strict_secrets_refuses_also_what_stays_as_it_is(start: Start, emulator: Emulator) -> None:
    core = start()
    core.apply(six())
    emulator.recorder.clear()
    core.restart({**core._provider, "strict_secrets": True})
    with pytest.raises(DiagnosticsError, match="'sharedSecret' is") as caught:
        core.plan(six())
    assert "Invalid settings.sharedSecret" in str(caught.value)
    assert caught.value.paths == [""]
    assert "hush" not in str(caught.value)
    hidden = six(
        destination={
            "settings": "{}",
            "secret_settings_wo": {"sharedSecret": "hush-hush"},
            "secret_settings_wo_version": "1",
        }
    )
    core.apply(hidden)
    assert core.plan(hidden) == []
    assert "hush" not in str(core.state)
    [held] = emulator.dump()["workspaces"][0]["destinations"]
    assert held["settings"]["sharedSecret"] == "hush-hush"


def test_functions_have_a_word_of_their_own_for_secret_settings(
    core: Core, emulator: Emulator
) -> None:
    address = "segment_insert_function_instance.clean"
    config = shop(insert_function_instance={"settings": "{}"})
    for version in ("1", "2"):
        config[address] |= {
            "setting_secrets_wo": {"apiKey": f"hush-{version}"},
            "setting_secrets_wo_version": version,
        }
        core.apply(config)
        assert core.plan(config) == []
        held = emulator.dump()["workspaces"][0]["insertFunctionInstances"][0]["settings"]
        assert held == {"apiKey": f"hush-{version}"}
        assert "hush" not in core.state[address][0]
    config[address]["secret_settings_wo"] = {"apiKey": "x"}
    with pytest.raises(DiagnosticsError, match="in `secret_settings_wo` and in"):
        core.plan(config)


def test_secrets_are_sensitive() -> None:
    """In Terraform's output they are `(sensitive value)`."""
    for kind, attribute in (
        ("source", "write_keys"),
        ("source", "settings"),
        ("destination", "settings"),
        ("warehouse", "settings"),
        ("insert_function_instance", "settings"),
    ):
        assert registry()[kind].attributes[attribute].sensitive, (kind, attribute)


@pytest.mark.parametrize(
    ("settings", "quoted"),
    [
        ('{"nope": [true]}', True),
        ('{"nope": 7}', True),
        (f'{{"nope": "{MASK}"}}', True),
        ('{"sharedSecret": ""}', True),
        ("[1]", True),
        ('{"a": ', True),
        ('{"nope": "hush"}', False),
        ('{"nope": {"inner": ["hush"]}}', False),
        ('{"sharedSecret": "hush", "nope": 7}', False),
        ('{"sharedSecret": "hush"', False),
        ("{sharedSecret: hush}", False),
    ],
)
def test_no_line_is_quoted_that_may_have_a_secret_in_it(
    core: Core, settings: str, quoted: bool
) -> None:
    """Terraform quotes the line that an attribute starts in, whatever stands there."""
    core.apply(six())
    try:
        [change] = core.plan(six(destination={"settings": settings}))
        told = list(change.said)
    except DiagnosticsError as problem:
        told = problem.diagnostics
    assert [bool(one.attribute.steps) for one in told] == [quoted] * len(told)
    if told:
        assert "settings" in told[0].summary
    assert told or settings == '{"sharedSecret": ""}'


AMPLITUDE = "5f7dd6d21ad74f3842b1fc47"  # wants an apiKey and a secretKey
HIDDEN = {"apiKey": "hush", "secretKey": "hush"}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"settings": "{}"}, ["settings.apiKey", "settings.secretKey"]),
        ({"settings": '{"apiKey": ""}', "secret_settings_wo": {"secretKey": "hush"}}, ["apiKey"]),
        ({"settings": "{}", "secret_settings_wo": HIDDEN}, []),
        ({"settings": "{}", "secret_settings_wo": {**HIDDEN, "apiKey": UNKNOWN}}, []),
        ({"settings": "{}", "secret_settings_wo": UNKNOWN}, []),
        ({"settings": UNKNOWN}, []),
        (
            {"settings": "{}", "secret_settings_wo": {**HIDDEN, "secretKy": "hush"}},
            ["secret_settings_wo.secretKy"],
        ),
        ({"settings": "{}", "secret_settings_wo": {**HIDDEN, "secretKy": None}}, []),
    ],
)
def test_write_only_settings_are_options_as_well(
    core: Core, given: dict[str, Any], said: list[str]
) -> None:
    """They are not missing, and a key that the catalogue does not know is told."""
    core.apply(six())
    new = {
        "enabled": True,
        "name": "New",
        "source_id": core.values("segment_source.web")["id"],
        "metadata": {"id": AMPLITUDE},
        "secret_settings_wo_version": "1",
        **given,
    }
    [change] = core.plan({**six(), "segment_destination.new": new})
    told = [one for one in change.said if "catalogue" in one.detail or "not given" in one.detail]
    assert [one.summary.rpartition(" ")[2] for one in told] == [
        one if "." in one else f"settings.{one}" for one in said
    ]
    assert all("hush" not in one.detail for one in told)


def test_a_key_of_write_only_settings_is_looked_at_when_they_are_sent(core: Core) -> None:
    config = six(destination={"settings": "{}", "secret_settings_wo": {"sharedSecret": "hush"}})
    core.apply(config)
    config[HOOK]["secret_settings_wo"] = {"sharedSecrte": "hush"}
    assert core.plan(config) == []
    config[HOOK]["secret_settings_wo_version"] = "2"
    [change] = core.plan(config)
    assert ["secret_settings_wo.sharedSecrte" in one.summary for one in change.said] == [True]


# The three ways in which masks and memory meet (issue, point 3)


def _imported(core: Core, config: Config) -> None:
    core.apply(config)
    held = core.values(HOOK)["id"]
    del core.state[HOOK]
    core.order.remove(HOOK)
    core.import_(HOOK, held)


def _held(emulator: Emulator) -> dict[str, Any]:
    [found] = emulator.dump()["workspaces"][0]["destinations"]
    return dict(found["settings"])


def test_git_sync_bullets_in_the_configuration(core: Core, emulator: Emulator) -> None:
    _imported(core, six())
    bullets = six(destination={"settings": json.dumps({"sharedSecret": MASK})})
    emulator.recorder.clear()
    assert core.plan(bullets) == []
    # Another attribute changes, and the mask does not go along.
    renamed = six(destination={"settings": json.dumps({"sharedSecret": MASK}), "name": "Other"})
    core.apply(renamed)
    assert _held(emulator) == {"sharedSecret": "hush-hush"}
    assert core.plan(renamed) == []
    sent = [one for one in emulator.recorder.entries if one["method"] != "GET"]
    assert [one["operation"] for one in sent] == ["updateDestination"]
    assert MASK not in str(sent)


def test_an_official_state_with_bullets_and_the_real_secret_in_hcl(
    core: Core, emulator: Emulator
) -> None:
    core.apply(six())
    values = json.loads(core.state[HOOK][0])
    values["settings"] = json.dumps({"sharedSecret": MASK})
    core.state[HOOK] = (json.dumps(values), b"")
    assert core.plan(six()) == []
    # The secret in the configuration is another than the service's, and nobody can see it. With
    # the next apply it goes along, once.
    rotated = six(destination={"settings": '{"sharedSecret": "hush-2"}', "name": "Other"})
    core.apply(rotated)
    assert _held(emulator) == {"sharedSecret": "hush-2"}
    assert core.plan(rotated) == []
    emulator.recorder.clear()
    core.apply(six(destination={"settings": '{"sharedSecret": "hush-2"}', "name": "Third"}))
    assert "hush" not in str(emulator.recorder.entries)
    # From then on a rotation is seen.
    again = six(destination={"settings": '{"sharedSecret": "hush-3"}', "name": "Third"})
    assert [one.action for one in core.plan(again)] == ["update"]
    core.apply(again)
    assert _held(emulator) == {"sharedSecret": "hush-3"}


TWO = '{"accessKeyId": "a", "bucket": "b"}'


@pytest.mark.parametrize("written", [True, False], ids=["apply_writes", "apply_is_empty"])
def test_import_one_apply_then_one_of_two_keys_dropped(
    core: Core, emulator: Emulator, written: bool
) -> None:
    config = six(destination={"metadata": {"id": S3}, "settings": TWO})
    _imported(core, config)
    if written:
        config[HOOK]["name"] = "Other"
    core.apply(config)
    assert core.plan(config) == []
    config[HOOK]["settings"] = '{"bucket": "b"}'
    core.apply(config)
    assert core.plan(config) == []
    # What an apply of ours has managed is removed; what was only imported stays.
    left = {"bucket": "b"} if written else {"bucket": "b", "accessKeyId": "a"}
    assert {key: value for key, value in _held(emulator).items() if value} == left
