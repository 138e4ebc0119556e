"""The project's files: sizes, what must not be in them, what has to go along with them."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
_CODE = ("client", "provider", "emulator", "contract", "scripts", "examples", "tests")
# Generated modules say so in their first lines and may be long.
_GENERATED = re.compile(r"generated|made of contract", re.IGNORECASE)


def test_no_module_is_long(tracked: list[Path]) -> None:
    long = {}
    for path in tracked:
        if path.suffix != ".py" or path.relative_to(ROOT).parts[0] not in _CODE:
            continue
        lines = path.read_text(encoding="utf-8").splitlines()
        if len(lines) > 500 and not _GENERATED.search("\n".join(lines[:6])):
            long[str(path.relative_to(ROOT))] = len(lines)
    assert long == {}


def test_no_file_knows_a_machine_or_a_registry(tracked: list[Path]) -> None:
    forbidden = re.compile(
        rb"/(?:work|farm|root|home)/\w|registry\.npmjs\.org|files\.pythonhosted\.org"
        rb"|pypi\.org/simple|\"resolved\":|--index-url|--extra-index-url"
    )
    own = Path(__file__)
    found = [
        str(path.relative_to(ROOT))
        for path in tracked
        if path != own and forbidden.search(path.read_bytes())
    ]
    assert found == []


def test_requirements_are_hashed_and_pinned() -> None:
    for name in ("dev.txt", "lowest.txt", "release.txt"):
        text = (ROOT / "requirements" / name).read_text()
        blocks = re.split(r"\n(?=[a-z])", text)
        for block in blocks:
            assert "==" in block, block[:80]
            assert "--hash=sha256:" in block, block[:80]


def test_every_target_of_make_is_told() -> None:
    text = (ROOT / "Makefile").read_text()
    printed = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    told = set(re.findall(r"make ([a-z-]+)", printed))
    assert {"demo", "quick", "test", "test-full", "bench", "generate", "check", "release"} <= told
    phony = set(re.findall(r"\.PHONY: (.*)", text)[0].split())
    assert told <= phony


def test_the_wheel_holds_what_it_needs(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    [wheel] = tmp_path.glob("*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    for package in ("segform", "segform_provider", "segform_cdktf", "segform_emulator"):
        assert f"{package}/py.typed" in names
    assert "segform_emulator/contract.json" in names
    assert "segform_emulator/catalog.json" in names
    assert "segform_provider/package/launcher.sh" in names
    assert any(name.endswith("licenses/LICENSE") for name in names)
    assert not [name for name in names if name.startswith("tests")]


def test_the_source_archive_builds_the_same_wheel(tmp_path: Path) -> None:
    def build(where: Path, target: str) -> Path:
        command = [sys.executable, "-m", "hatchling", "build", "-t", target, "-d", str(tmp_path)]
        subprocess.run(command, cwd=where, capture_output=True, check=True)
        [made] = tmp_path.glob("*.whl" if target == "wheel" else "*.tar.gz")
        return made

    def names(wheel: Path) -> set[str]:
        return {name for name in zipfile.ZipFile(wheel).namelist() if "__pycache__" not in name}

    archive = build(ROOT, "sdist")
    wheel = build(ROOT, "wheel")
    expected = names(wheel)
    wheel.unlink()
    with tarfile.open(archive) as opened:
        # Python 3.11.0 to 3.11.3 have no filter, and newer ones want to be told of one.
        if hasattr(tarfile, "data_filter"):
            opened.extraction_filter = tarfile.data_filter
        opened.extractall(tmp_path / "a folder")
    [unpacked] = (tmp_path / "a folder").iterdir()
    assert names(build(unpacked, "wheel")) == expected


def test_the_emulator_keeps_a_byte_copy_of_the_contract() -> None:
    own = ROOT / "emulator" / "segform_emulator" / "contract.json"
    assert own.read_bytes() == (ROOT / "contract" / "segment-public-api.json").read_bytes()


def test_the_page_about_the_emulator_is_as_generated() -> None:
    from segform_emulator.coverage import page

    assert (ROOT / "docs" / "reference" / "emulator.md").read_text().strip() == page().strip()


PAGES = [*sorted(ROOT.glob("*.md")), *sorted(ROOT.glob("docs/**/*.md"))]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    """To a file that is there, and to a heading that is in it."""
    text = page.read_text(encoding="utf-8")
    for target, heading in re.findall(r"\]\(([^)#\s]*)(?:#([^)\s]*))?\)", text):
        if "://" in target:
            continue
        there = (page.parent / target) if target else page
        assert there.exists(), target
        if heading:
            assert heading in headings(there), f"{target}#{heading}"


def test_every_page_is_reached_from_the_readme() -> None:
    """A reader who only follows links finds all of them."""
    seen, todo = set[Path](), [ROOT / "README.md"]
    while todo:
        page = todo.pop()
        if page in seen or page.suffix != ".md" or not page.is_file():
            continue
        seen.add(page)
        targets = re.findall(r"\]\(([^)#\s]+)", page.read_text(encoding="utf-8"))
        todo += [(page.parent / one).resolve() for one in targets if "://" not in one]
    assert sorted(str(page.relative_to(ROOT)) for page in set(PAGES) - seen) == []


def headings(page: Path) -> set[str]:
    """The anchors of a page's headings, as code hosts make them."""
    text = page.read_text(encoding="utf-8")
    found = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    marked = re.findall(r'^<a id="(.+)"></a>$', text, re.MULTILINE)
    return set(marked) | {re.sub(r"[^\w\- ]", "", one.lower()).replace(" ", "-") for one in found}


def test_claims_name_tests_that_exist() -> None:
    """`tests/x/test_y.py::test_z` in a page is a test, which pytest runs by that name."""
    for page in [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]:
        text = page.read_text(encoding="utf-8")
        for file, name in re.findall(r"(tests/[\w/]+\.py)(?:::(\w+))?", text):
            source = (ROOT / file).read_text(encoding="utf-8")
            there = name.startswith("test_") and f"def {name}(" in source
            assert not name or there, f"{page.name}: {file}::{name}"


# A rule that is switched off, or a test that is left out, and the reason beside it.
_OFF = re.compile(
    r"# (?:ruff: )?noqa\b(?P<noqa>.*)|# (?:type|pyright): ignore\b(?P<type>.*)"
    r"|# pragma: no cover(?P<cover>.*)|mark\.(?:skip|xfail)\b(?!if)(?P<mark>.*)"
)
_REASON = re.compile(r"(?::[\w, ]+|\[[\w\-, ]+\])\s*(?:--?|#)\s*\S.*|.*reason=")


def test_what_is_switched_off_says_why(tracked: list[Path]) -> None:
    bare = []
    for path in tracked:
        if path.suffix != ".py" or "_OFF" in (text := path.read_text(encoding="utf-8")):
            continue
        for number, line in enumerate(text.splitlines(), 1):
            found = _OFF.search(line)
            rest = found and next(one for one in found.groups() if one is not None)
            if found and not _REASON.match(rest or ""):
                bare.append(f"{path.relative_to(ROOT)}:{number}: {line.strip()}")
    assert bare == []


# Words that are a kind's name and mean something else here: a program's user, who uses an event.
_NO_KINDS = {"client/segform/gitops/forge.py", "client/segform/report/tell_plans.py"}
# A filter of data sources, and an attribute that names labels.
_OF_LABELS = {"client/segform/lifecycle/lists.py", "client/segform/export/model.py"}


def test_no_kind_is_asked_for_by_name(tracked: list[Path]) -> None:
    """What is true of a kind is a fact of its definition; hooks are the definition's."""
    from segform.resources import registry

    kinds, found = set(registry()), []
    for path in tracked:
        name = str(path.relative_to(ROOT))
        ours = name.startswith(("client/segform/", "provider/segform_provider/"))
        own = "/resources/" in name or "/hooks/" in name or "/api/" in name
        if path.suffix != ".py" or not ours or own or name in _NO_KINDS | _OF_LABELS:
            continue
        compared = [
            node
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(node, ast.Compare)
        ]
        found += [
            f"{name}:{node.lineno}: {ast.unparse(node)}"
            for node in compared
            if any(isinstance(one, ast.Constant) and one.value in kinds for one in ast.walk(node))
        ]
    assert found == []
