"""Every kind against every token: one clear error or an empty plan, and nothing is ever written.

The workspace of all kinds was made by its owner. Then each kind, alone in a state, is planned with
the tokens of the emulator's other roles, and of other workspaces, with the pin and without it.
"""

from __future__ import annotations

import copy
import functools
import re
from collections.abc import Callable
from typing import Any

import pytest

from segform.resources import registry
from segform_emulator import Emulator
from segform_emulator.auth import Role
from segform_provider.protocol.wire import message
from segform_provider.rpc.common import dump_private, load_private

from .conftest import Start
from .core import Config, Core, DiagnosticsError, Ref
from .shop import S3, SNOWFLAKE, shop, with_space

KINDS = list(registry())
GUARDED = [kind for kind in KINDS if registry()[kind].about.guard]
# What each token is refused with, where it is; `None`: it sees all that a plan needs. `within` is
# limited to a label that one of the two sources has, `label_scoped` to one that none has; to
# `hidden` and `blind` the rest is not forbidden but not found. `minimal` may read nothing at all.
REFUSED = {
    "owner": None,
    "member": None,
    "no_source_admin": None,
    "source_admin": None,
    "within": "403",
    "label_scoped": "403",
    "hidden": "does not find the .*, and nothing says that it was deleted",
    "blind": "does not find the .*, and nothing says that it was deleted",
    "minimal": "403",
    "revoked": "does not accept the token",
    "other_workspace": "in the workspace .* and the token belongs to the workspace",
    "eu": "in the workspace .* and the token belongs to the workspace",
}
ROLES = list(REFUSED)
LIMITED = ("within", "label_scoped", "hidden", "blind")


@pytest.fixture(scope="module")
def emulator() -> Emulator:
    """One workspace for all tests of this file: none of them may change it."""
    made = with_space(Emulator())
    label = ("environment", "prod")
    families = frozenset({"sources", "destinations", "destination_filters"})
    other = ("environment", "production")
    reads = frozenset({"Source Read-only", "Tracking Plan Read-only"})
    for role in (
        Role("within", named=reads, writes=families, label=label),
        Role("hidden", named=reads, writes=families, label=label, hides=True),
        Role("blind", named=reads, writes=families, label=other, hides=True),
        Role("minimal", writes=frozenset(), reads=frozenset(), source_admin=False),
    ):
        made.tokens[role.name] = made.auth.add(0, role)
    return made


class Held:
    """What the owner applied: the state, and the configuration without references."""

    def __init__(self, emulator: Emulator, core: Core) -> None:
        core.apply(shop())
        assert core.plan(shop()) == []
        self.state, self.identities = dict(core.state), dict(core.identities)
        values = {address: core.values(address) for address in core.state}
        self.config: Config = _known(shop(), values)
        self.dump = copy.deepcopy(emulator.dump())

    def alone(self, kind: str, core: Core) -> Config:
        """Let a state hold this kind alone; its configuration."""
        mine = [at for at in self.config if at.partition(".")[0] == f"segment_{kind}"]
        core.state = {at: self.state[at] for at in mine}
        core.identities = {at: self.identities[at] for at in mine if at in self.identities}
        core.order = list(mine)
        return {at: copy.deepcopy(self.config[at]) for at in mine}


def _known(value: Any, values: dict[str, Any]) -> Any:
    if isinstance(value, Ref):
        return values[value.address][value.attribute]
    if isinstance(value, dict):
        return {key: _known(one, values) for key, one in value.items()}
    return [_known(one, values) for one in value] if isinstance(value, list) else value


_MADE: list[Held] = []


@pytest.fixture
def held(emulator: Emulator, start: Start) -> Held:
    """Made by the first test that wants it."""
    if not _MADE:
        _MADE.append(Held(emulator, start()))
    return _MADE[0]


def _writes(emulator: Emulator) -> list[str]:
    return [str(e["operation"]) for e in emulator.recorder.entries if e["method"] != "GET"]


def _core(start: Start, emulator: Emulator, role: str, **provider: Any) -> Core:
    """A driver of the owner's that goes on with another token, as Terraform does in a new run."""
    core = start(**provider)
    core._provider = {**core._provider, "token": emulator.tokens[role]}
    emulator.recorder.clear()
    return core


def _unharmed(held: Held, core: Core, emulator: Emulator, kind: str) -> None:
    """Nothing was written, and nothing has left the state."""
    assert _writes(emulator) == []
    assert emulator.dump() == held.dump
    assert {at.partition(".")[0] for at in core.state} == {f"segment_{kind}"}


def _outcome(core: Core, act: Callable[[], Any]) -> Any:
    """What was planned, or the words of the one error."""
    found: list[Any] = []
    try:
        return act()
    except DiagnosticsError as problem:
        found = [*problem.diagnostics, str(problem)]
    assert len(found) == 2, found
    return found[-1]


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("kind", KINDS)
def test_an_error_or_an_empty_plan(
    held: Held, start: Start, emulator: Emulator, kind: str, role: str
) -> None:
    core = _core(start, emulator, role)
    config = held.alone(kind, core)
    found = _outcome(core, lambda: core.plan(config))
    refused = REFUSED[role]
    if isinstance(found, str):
        assert refused is not None, found
        assert _says(found, refused), found
    else:
        assert found == []
        # A role that is limited to a label still sees what belongs to no source.
        assert refused is None or role in LIMITED
    _unharmed(held, core, emulator, kind)


def _says(text: str, words: str) -> bool:
    return re.search(words, text) is not None


@pytest.mark.parametrize("role", ["other_workspace", "eu"])
@pytest.mark.parametrize("pin", ["slug", "id"])
def test_the_pin_is_one_error_for_the_whole_workspace(
    held: Held, start: Start, emulator: Emulator, role: str, pin: str
) -> None:
    first = emulator.workspaces[0]
    core = _core(start, emulator, role, workspace=getattr(first, pin))
    core.state = dict(held.state)
    with pytest.raises(DiagnosticsError, match="workspace") as caught:
        core.plan(held.config)
    assert len(caught.value.diagnostics) == 1
    # It asked where the token belongs, and nothing else.
    assert {entry["operation"] for entry in emulator.recorder.entries} == {"getWorkspace"}
    assert set(core.state) == set(held.state)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("kind", GUARDED)
def test_the_guard_holds_whatever_the_token(
    held: Held, start: Start, emulator: Emulator, kind: str, role: str
) -> None:
    core = _core(start, emulator, role, protect=[kind])
    config = held.alone(kind, core)
    # One after the other, so that there is one error.
    for address in list(config):
        one = {at: values for at, values in config.items() if at != address}
        found = _outcome(core, functools.partial(core.plan, one))
        assert isinstance(found, str), found
        words = REFUSED[role] or "would be deleted"
        assert _says(found, f"would be deleted|{words}"), found
    _unharmed(held, core, emulator, kind)


REPLACED: dict[str, dict[str, Any]] = {
    "source": {"metadata": {"id": "dZeHygTSD4"}},
    "destination": {"metadata": {"id": S3}},
    "tracking_plan": {"type": "TEMPLATE"},
    "warehouse": {"metadata": {"id": SNOWFLAKE}},
    "profiles_warehouse": {"metadata_id": SNOWFLAKE},
    "function": {"resource_type": "INSERT_SOURCE"},
    "reverse_etl_model": {"source_id": "another"},
}


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("kind", [kind for kind in GUARDED if kind in REPLACED])
def test_a_replacement_is_stopped_whatever_the_token(
    held: Held, start: Start, emulator: Emulator, kind: str, role: str
) -> None:
    core = _core(start, emulator, role, protect=[kind])
    config = held.alone(kind, core)
    last = list(config)[-1]
    config[last] |= REPLACED[kind]
    found = _outcome(core, lambda: core.plan(config))
    assert isinstance(found, str), found
    words = REFUSED[role] or "would be replaced"
    assert _says(found, f"would be replaced|{words}"), found
    _unharmed(held, core, emulator, kind)


def _forgetful(private: bytes) -> bytes:
    """What a state remembers, without whose it is and who has seen it."""
    known = load_private(private)
    return dump_private({k: v for k, v in known.items() if k not in ("workspace", "seen_by")})


def _everything(core: Core, config: Config) -> tuple[list[str], list[Any]]:
    """As Terraform, which goes on after an error: all errors, and what is planned of the rest."""
    told: list[str] = []
    refused = core.call

    def call(rpc: str, **fields: Any) -> Any:
        if rpc == "ConfigureProvider":
            return refused(rpc, **fields)
        answer = core._handlers[rpc](message(f"{rpc}.Request")(**fields))
        told.extend(f"{d.summary}: {d.detail}" for d in answer.diagnostics if d.severity == 1)
        return answer

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(core, "call", call)  # what it does else is to raise
        try:
            return told, core.plan(config)
        except DiagnosticsError as problem:
            return [str(problem)], []


@pytest.mark.parametrize("role", ["other_workspace", "eu"])
def test_without_a_refresh_the_state_still_says_whose_it_is(
    held: Held, start: Start, emulator: Emulator, role: str
) -> None:
    """`-refresh=false` reads nothing, and a new object would be made in the wrong workspace."""
    core = _core(start, emulator, role)
    core.state, core.identities = dict(held.state), dict(held.identities)
    core.order = list(held.state)
    new = {**held.config["segment_source.app"], "slug": "new"}
    config = {**held.config, "segment_source.new": new}
    with pytest.raises(DiagnosticsError, match=REFUSED[role] or ""):
        core.plan(config, refresh=False)
    assert {str(e["operation"]) for e in emulator.recorder.entries} == {"getWorkspace"}


@pytest.mark.parametrize("remembered", [True, False])
@pytest.mark.parametrize("role", ROLES)
def test_a_whole_workspace_is_one_error(
    held: Held, start: Start, emulator: Emulator, role: str, remembered: bool
) -> None:
    """Also where the state does not remember its workspace, as an official one does not."""
    core = _core(start, emulator, role)
    core.identities = dict(held.identities)
    core.state = {
        at: (text, private if remembered else _forgetful(private))
        for at, (text, private) in held.state.items()
    }
    core.order = list(held.state)
    before = {at: text for at, (text, _) in core.state.items()}
    told, changes = _everything(core, held.config)
    assert len(told) == (REFUSED[role] is not None), told
    assert changes == []
    # Terraform asks whether what left the configuration may go before it reads it.
    if role in ("other_workspace", "eu") and remembered:
        core.restart()
        for address in held.config:
            with pytest.raises(DiagnosticsError, match=REFUSED[role] or ""):
                core._deletion(address)
            core.restart()
    assert _writes(emulator) == []
    assert emulator.dump() == held.dump
    after = {at: text for at, (text, _) in core.state.items()}
    assert after == before if told else set(after) == set(before)
    if role in ("other_workspace", "eu"):
        name = emulator.workspaces[emulator.auth.known[emulator.tokens[role]][0]].name
        assert name in told[0]
        sent = [str(e["operation"]) for e in emulator.recorder.entries]
        assert len([one for one in sent if one != "getWorkspace"]) < (1 if remembered else 10)


def test_every_guarded_kind_has_a_replacement() -> None:
    for kind in GUARDED:
        facts = registry()[kind].attributes.items()
        own = [
            name
            for name, item in facts
            if item.replace or any(x.replace for x in getattr(item.type, "attributes", ()))
        ]
        assert kind in REPLACED or not own, (kind, own)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "source_schema_settings"])
def test_a_role_that_is_lost_before_the_apply_changes_nothing(
    held: Held, start: Start, emulator: Emulator, kind: str
) -> None:
    """A deletion is refused and the state stays; schema settings are left, not deleted."""
    core = _core(start, emulator, "member")
    config = held.alone(kind, core)
    state = dict(core.state)
    with pytest.raises(DiagnosticsError, match="403"):
        core.destroy()
    assert set(core.state) == set(state)
    assert emulator.dump() == held.dump
    assert core.plan(config) == []
