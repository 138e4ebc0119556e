"""The engine under every token: what is bound and not seen is neither made, nor deleted, nor drift.

One workspace of all kinds, made by its owner. Then it is planned, compared and pulled with the
tokens of other roles, on the machine of the last apply and on a fresh one.
"""

from __future__ import annotations

import copy
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from segform import PermissionDeniedError, Segment
from segform.resources import registry
from segform.resources.destination import Destination
from segform.resources.reverse_etl_model import ReverseEtlModel
from segform.resources.source import Source
from segform.workspace import Bindings, Desired, Refused, Workspace
from segform.workspace.drifting import drift
from segform.workspace.live import stands_alone
from segform_emulator import Emulator
from segform_emulator.auth import OWNER, Role
from tests.protocol.shop import SPACE

from .conftest import Place
from .shop import WEB, WEBHOOK, shop

KINDS = [name for name, kind in registry().items() if stands_alone(kind)]
READS = frozenset({"Source Read-only", "Tracking Plan Read-only"})
# Roles that see all; those that see a part; one that may read nothing.
FULL = ("owner", "second", "member", "no_source_admin", "source_admin")
LIMITED = ("label_scoped", "within", "hidden", "blind")
ROLES = (*FULL, *LIMITED, "minimal")


def wanted() -> Desired:
    """All kinds; `app` is a second source, without a label."""
    made = shop(space=SPACE)
    app = Source(slug="app", enabled=True, metadata={"id": WEB}, settings={})
    made.add(app, "app")
    made.add(
        Destination(name="App", enabled=True, source_id=app, metadata={"id": WEBHOOK}, settings={}),
        "app",
    )
    made.add(
        ReverseEtlModel(
            source_id=app,
            name="Buyers",
            description="",
            enabled=True,
            query="select 1",
            query_identifier_column="id",
        ),
        "buyers",
    )
    return made


class Shop:
    """The workspace, and engines on it by role."""

    def __init__(self, folder: Path) -> None:
        self.place = Place(folder)
        self.emulator: Emulator = self.place.emulator
        one, none = ("environment", "prod"), ("environment", "production")
        for role in (
            Role("second", named=OWNER.named),
            Role("within", named=READS, label=one),
            Role("hidden", named=READS, label=one, hides=True),
            Role("blind", named=READS, label=none, hides=True),
            Role("minimal", writes=frozenset(), reads=frozenset(), source_admin=False),
        ):
            self.emulator.tokens[role.name] = self.emulator.auth.add(0, role)
        engine = self.place.engine()
        engine.apply(engine.plan(wanted()), wanted())
        self.dump = copy.deepcopy(self.emulator.dump())
        self.place.sent()

    def engine(self, role: str, folder: Path, **options: Any) -> Workspace:
        """An engine with the bindings of the owner, in another folder."""
        shutil.copy(self.place.folder / "bindings.json", folder / "bindings.json")
        client = Segment(
            self.emulator.tokens[role],
            url="https://emulator.example",
            transport=self.emulator.transport(),
        )
        client._sleep = lambda _: None
        return Workspace(client, bindings=folder / "bindings.json", folder=folder, **options)

    def unharmed(self) -> None:
        """Nothing was written since the owner's apply."""
        assert self.place.writes() == []
        assert self.emulator.dump() == self.dump


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    """Made once: no test of this file may change it."""
    return Shop(tmp_path_factory.mktemp("owner"))


@pytest.fixture
def held(made: Shop) -> Iterator[Shop]:
    """The workspace, which is looked at again afterwards."""
    yield made
    made.unharmed()


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("kind", KINDS)
def test_no_kind_is_made_or_deleted_under_any_token(
    held: Shop, tmp_path: Path, kind: str, role: str
) -> None:
    """Of one kind and what it refers to: nothing to do, or one problem and nothing to do."""
    engine = held.engine(role, tmp_path)
    desired = wanted()
    targets = [one.address for one in desired if one.kind == kind]
    assert targets
    plan = engine.plan(desired, targets=targets)
    assert list(plan) == [], (role, str(plan))
    assert len(plan.problems) == bool(plan.unseen) <= (role not in FULL)
    if plan.problems:
        with pytest.raises(Refused):
            engine.apply(plan, desired)


@pytest.mark.parametrize("role", ROLES)
def test_a_whole_workspace_is_one_problem(held: Shop, tmp_path: Path, role: str) -> None:
    engine = held.engine(role, tmp_path)
    desired = wanted()
    plan = engine.plan(desired)
    assert list(plan) == []
    found = drift(engine, desired, plan)
    assert {one.address for one in found if one.how != "added"} == set()
    assert len(plan.problems) == (role not in FULL), plan.problems
    if role in FULL:
        assert str(plan) == "Nothing to do."
        assert found.unseen == frozenset()
        return
    assert str(plan) == "Nothing is planned."
    assert found.unseen == plan.unseen != set()
    [problem] = plan.problems
    if role == "minimal":
        assert problem.startswith("the token may not see any destination, destination filter, ")
    else:
        assert "cannot be seen with this token" in problem
        assert "bindings.json" in problem
        assert "source." in problem
    # It asks for one of what it does not see, not for each.
    reads = [one for one in held.place.sent() if one.startswith("get") and one != "getWorkspace"]
    assert len(reads) < 12, reads


@pytest.mark.parametrize("role", LIMITED)
def test_a_pull_lists_what_is_bound_and_not_seen(held: Shop, tmp_path: Path, role: str) -> None:
    engine = held.engine(role, tmp_path)
    snapshot = engine.pull()
    told = {one.what.partition(" ")[0] for one in engine.unseen}
    assert "destination.app" in told
    assert ("destination.hook" in told) == (role in ("label_scoped", "blind"))
    slugs = {one["slug"] for one in snapshot["workspaces"][0]["sources"]}
    assert slugs == (set() if role in ("label_scoped", "blind") else {"web"})


@pytest.mark.parametrize("role", LIMITED)
def test_a_pull_without_bindings_lists_what_permissions_name(
    held: Shop, tmp_path: Path, role: str
) -> None:
    """Users and groups are seen whole, and name the sources that they may use."""
    engine = held.engine(role, tmp_path)
    engine.bindings = Bindings()
    engine.pull()
    sources = [one for one in engine.unseen if one.what.startswith("the source ")]
    assert len(sources) == (role in ("label_scoped", "blind"))


@pytest.mark.parametrize("role", ["label_scoped", "blind"])
def test_without_bindings_a_create_comes_with_a_doubt(
    held: Shop, tmp_path: Path, role: str
) -> None:
    engine = held.engine(role, tmp_path)
    engine.bindings = Bindings()
    plan = engine.plan(wanted())
    doubts = [one for one in plan.warnings if "so that it may be there already" in one]
    assert len(doubts) == 1
    assert doubts[0].startswith("source.")


@pytest.mark.parametrize("role", ["other_workspace", "eu"])
def test_the_bindings_of_one_workspace_are_no_others(held: Shop, tmp_path: Path, role: str) -> None:
    with pytest.raises(ValueError, match=r"belongs to the workspace .*, and the token to"):
        held.engine(role, tmp_path)


def test_what_a_list_forgot_is_read_by_its_id(held: Shop, tmp_path: Path) -> None:
    engine = held.engine("member", tmp_path)
    held.emulator.fault("missing_from_page", operation="listSources")
    try:
        assert list(engine.plan(wanted())) == []
    finally:
        held.emulator.faults.clear()


class Fresh:
    """What changes: a workspace of its own for each test."""

    def __init__(self, folder: Path) -> None:
        self.shop = Shop(folder)

    def planned(self, role: str, folder: Path) -> Any:
        return self.shop.engine(role, folder).plan(wanted())


@pytest.fixture
def fresh(tmp_path: Path) -> Fresh:
    """A workspace that may be changed."""
    (tmp_path / "owner").mkdir()
    return Fresh(tmp_path / "owner")


def _deleted(fresh: Fresh) -> None:
    [app] = [one for one in fresh.shop.place.held()["sources"] if one["slug"] == "app"]
    fresh.shop.place.client.request("deleteSource", path={"sourceId": app["id"]})


GONE = ["create source.app", "create destination.app", "create reverse_etl_model.buyers"]


@pytest.mark.parametrize("role", ["owner", "second", "member"])
def test_what_is_gone_by_the_trail_is_planned_anew(fresh: Fresh, tmp_path: Path, role: str) -> None:
    _deleted(fresh)
    assert {str(one) for one in fresh.planned(role, tmp_path)} == set(GONE)


def test_without_a_trail_the_token_of_the_last_apply_is_evidence(
    fresh: Fresh, tmp_path: Path
) -> None:
    """On the machine of that apply; elsewhere, and for others, it is one problem."""
    _deleted(fresh)
    fresh.shop.emulator.workspaces[0].more["audit_events"].clear()
    plan = fresh.shop.place.engine().plan(wanted())
    assert {str(one) for one in plan} == set(GONE)
    for role in ("owner", "second"):
        plan = fresh.planned(role, tmp_path)
        assert list(plan) == []
        [problem] = plan.problems
        assert problem.startswith("3 bound objects cannot be seen with this token")
    # Taken out of the bindings, as the problem says, it is planned.
    engine = fresh.shop.engine("second", tmp_path)
    for address in ("source.app", "destination.app", "reverse_etl_model.buyers"):
        engine.bindings.release(address)
    assert {str(one) for one in engine.plan(wanted())} == set(GONE)


def test_a_refusal_of_the_trail_alone_is_none(fresh: Fresh, tmp_path: Path) -> None:
    """What is missing is told once, whatever the trail says."""
    _deleted(fresh)
    engine = fresh.shop.engine("second", tmp_path)
    real = engine.client.pages

    def pages(name: str, **options: Any) -> Any:
        if name == "listAuditEvents":
            raise PermissionDeniedError("not for this token", status_code=403)
        return real(name, **options)

    engine.client.pages = pages
    assert len(engine.plan(wanted()).problems) == 1
