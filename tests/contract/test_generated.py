"""What is generated is what the contract gives, and what the contract says of each operation."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from importlib import util
from pathlib import Path

import pytest
from contract import words
from contract.facts import ROOT, SOURCE, Contract
from contract.families import class_of
from contract.generate import texts
from contract.tables import operations_module

from segform.contract import FAMILIES, SERVERS, operation, operations

CONTRACT = Contract()
API = ROOT / "client" / "segform" / "api"

# What is generated is formatted by the pinned formatter; the oldest dependencies have none.
needs_formatter = pytest.mark.skipif(
    util.find_spec("ruff") is None, reason="no ruff in this environment"
)


@needs_formatter
def test_the_tree_is_what_the_contract_gives() -> None:
    """Runs the generator itself, as CI does."""
    done = subprocess.run(
        [sys.executable, "contract/generate.py", "--check"],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )
    assert (done.returncode, done.stdout) == (0, "")


def test_a_changed_contract_shows_up_as_a_difference(tmp_path: Path) -> None:
    document = json.loads(SOURCE.read_text(encoding="utf-8"))
    document["operations"]["listSources"]["path"] = "/elsewhere"
    changed = tmp_path / "contract.json"
    changed.write_text(json.dumps(document), encoding="utf-8")
    assert operations_module(Contract(changed)) != operations_module(CONTRACT)


def test_the_generator_knows_its_arguments() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "contract.generate", "--nonsense"],
        capture_output=True,
        check=False,
        cwd=ROOT,
    )
    assert done.returncode == 2


def test_every_operation_is_there_once() -> None:
    assert len(operations()) == len(set(operations())) == 201
    calls = {(operation(x).family, operation(x).call) for x in operations()}
    assert len(calls) == 201
    assert {family for family, _ in calls} == set(FAMILIES)
    assert set(SERVERS) == {"us", "eu"}


@pytest.mark.parametrize(
    ("op_id", "method", "path", "effect", "stability", "status", "per_minute"),
    [
        ("getWorkspace", "GET", "/", "read", "stable", 200, 0),
        ("createSource", "POST", "/sources", "once", "stable", 201, 0),
        ("createDestination", "POST", "/destinations", "once", "stable", 200, 0),
        ("updateWarehouse", "PATCH", "/warehouses/{warehouseId}", "repeatable", "stable", 200, 0),
        (
            "createDestinationSubscription",
            "POST",
            "/destinations/{destinationId}/subscriptions",
            "once",
            "alpha",
            200,
            5,
        ),
        ("createLabel", "POST", "/labels", "once", "stable", 201, 60),
        ("createDownload", "POST", "/customer-insights/download", "once", "alpha", 200, 0),
        (
            "previewDestinationFilter",
            "POST",
            "/destination/filters/preview",
            "read",
            "stable",
            200,
            0,
        ),
        (
            "replaceUsersInUserGroup",
            "PUT",
            "/group/{userGroupId}/users",
            "repeatable",
            "stable",
            200,
            60,
        ),
        ("deleteLabel", "DELETE", "/labels/{key}/{value}", "repeatable", "stable", 200, 60),
    ],
)
def test_table_facts(
    op_id: str, method: str, path: str, effect: str, stability: str, status: int, per_minute: int
) -> None:
    got = operation(op_id)
    assert (got.method, got.path, got.effect) == (method, path, effect)
    assert (got.stability, got.status, got.per_minute) == (stability, status, per_minute)


def test_only_gets_and_two_lookups_are_reads() -> None:
    reads = {x for x in operations() if operation(x).reads}
    gets = {x for x in operations() if operation(x).method == "GET"}
    assert reads - gets == {"previewDestinationFilter", "batchQueryMessagingSubscriptionsForSpace"}
    assert gets <= reads


def test_no_creating_post_may_be_repeated() -> None:
    posts = {x for x in operations() if operation(x).method == "POST"}
    repeatable = {x for x in posts if operation(x).effect == "repeatable"}
    assert repeatable == {"createValidationInWarehouse"}


def test_status_201_where_it_is() -> None:
    assert {x for x in operations() if operation(x).status == 201} == {
        "createCredential",
        "createInvites",
        "createLabel",
        "createReverseEtlModel",
        "createSource",
        "createProfilesWarehouse",
        "createWarehouse",
        "addConnectionFromSourceToWarehouse",
    }


def test_fields_and_parameters() -> None:
    create = operation("createSource")
    assert create.body == {
        "slug": True,
        "enabled": True,
        "metadataId": True,
        "settings": False,
        "disconnectAllWarehouses": False,
    }
    assert operation("listFunctions").query == {"resourceType": True, "pagination": False}
    assert operation("deleteLabel").path_parameters == ["key", "value"]


def test_envelopes_and_pages() -> None:
    assert operation("listSources").result == "sources"
    assert operation("getSource").result == "source"
    assert operation("listCredentialConsumers").result is None
    assert operation("getAdvancedSyncScheduleFromWarehouse").result is None
    counts = {operation(x).max_count for x in operations() if operation(x).pages == "pagination"}
    assert counts == {1000, 200, 10}
    assert operation("listFiltersForSpace").max_count == 10
    assert operation("listLabels").pages == ""


def test_media_types() -> None:
    assert operation("listSources").accept == "application/vnd.segment.v1+json"
    assert operation("listFiltersForSpace").accept == "application/vnd.segment.v1beta+json"
    assert operation("createSource").content_type == "application/json"


def test_an_unknown_operation_names_its_neighbours() -> None:
    with pytest.raises(KeyError, match="listSources"):
        operation("listSorces")


def test_every_operation_has_words_of_its_own() -> None:
    purposes = [words.purpose(op) for op in CONTRACT.operations]
    assert all(len(text) < 90 and not text.endswith(".") for text in purposes)
    assert set(words.FAMILIES) == set(FAMILIES)
    assert set(words.PURPOSES) <= set(operations())


@pytest.mark.parametrize("family", sorted(FAMILIES))
def test_a_family_has_both_classes_and_at_most_40_lines_of_code_a_method(family: str) -> None:
    tree = ast.parse((API / f"{family}.py").read_text(encoding="utf-8"))
    classes = {x.name: x for x in tree.body if isinstance(x, ast.ClassDef)}
    calls = [operation(x).call for x in operations() if operation(x).family == family]
    wanted: dict[str, set[str]] = {"": set()}
    for call in calls:
        part, _, verb = call.rpartition(".")
        wanted.setdefault(part, set()).add(verb)
    names = {class_of(family, part): part for part in wanted}
    assert set(classes) == {*names, *(f"Async{name}" for name in names)}
    for name, found in classes.items():
        part = names[name.removeprefix("Async")]
        methods = [x for x in found.body if isinstance(x, (ast.FunctionDef, ast.AsyncFunctionDef))]
        below = set() if part else {one for one in wanted if one}
        assert {method.name for method in methods} == wanted[part] | below
        for method in methods:
            says = method.body[0]
            assert ast.get_docstring(method)
            words_of_it = (says.end_lineno or 0) - says.lineno + 1
            assert words_of_it < 25, method.name
            assert (method.end_lineno or 0) - method.lineno - words_of_it < 40, method.name


def test_an_operation_takes_40_lines_with_its_words_both_ways() -> None:
    """On average: the synchronous method with its docstring, and the one that is awaited."""
    lines = 0
    for family in FAMILIES:
        tree = ast.parse((API / f"{family}.py").read_text(encoding="utf-8"))
        lines += sum(
            (one.end_lineno or 0) - one.lineno + 1
            for one in ast.walk(tree)
            if isinstance(one, (ast.FunctionDef, ast.AsyncFunctionDef)) and not one.decorator_list
        )
    assert lines <= 40 * len(operations())


def test_references_of_the_contract_resolve() -> None:
    document = json.loads(SOURCE.read_text(encoding="utf-8"))

    def check(value: object) -> None:
        if isinstance(value, dict):
            target = value.get("$ref")
            if isinstance(target, str):
                assert target.removeprefix("#/$defs/") in document["$defs"]
            for item in value.values():
                check(item)
        elif isinstance(value, list):
            for item in value:
                check(item)

    check(document)
    for entry in document["operations"].values():
        names = [entry["answer"], *([entry["body"]] if "body" in entry else [])]
        assert all(name in document["$defs"] for name in names)


@needs_formatter
def test_generated_files_are_listed_once() -> None:
    listed = {path for path in texts(CONTRACT) if path.parent == API}
    assert {API / f"{family}.py" for family in FAMILIES} <= listed
    hand = ("__init__.py", "client.py", "_family.py", "_quirks.py", "_ambiguous.py")
    by_hand = {API / name for name in hand}
    assert set(API.glob("*.py")) == listed | by_hand


def test_the_emulators_copy_is_the_contract_byte_for_byte() -> None:
    """It stands on the other side of the wire with a copy of its own, which may not drift."""
    copy = ROOT / "emulator" / "segform_emulator" / "contract.json"
    assert copy.read_bytes() == SOURCE.read_bytes()
