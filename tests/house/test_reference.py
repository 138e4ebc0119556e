"""The reference is what the definitions give, in the layout of the Terraform Registry."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from segform.resources import data_sources, registry
from segform.resources.definition import Attribute, Nested
from segform_provider.rpc.functions import FUNCTIONS

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "scripts" / "reference.py"
sys.path.insert(0, str(SCRIPT.parent))

import reference  # noqa: E402 - its folder has to be on the path first
import reference_pages  # noqa: E402 - its folder has to be on the path first

# What the Registry shows of a page, in bytes.
LIMIT = 500_000


@pytest.fixture(scope="module")
def pages() -> dict[str, str]:
    return reference_pages.pages()


def test_the_pages_are_what_the_definitions_give() -> None:
    done = subprocess.run(
        [sys.executable, str(SCRIPT), "--check"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_a_stale_page_is_found_and_left_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reference, "DOCS", tmp_path)
    assert reference.main([]) == 0
    assert reference.main(["--check"]) == 0
    source = tmp_path / "resources" / "source.md"
    source.write_text("old")
    gone = tmp_path / "resources" / "gone.md"
    gone.write_text(reference_pages.MADE)
    (tmp_path / "index.md").unlink()
    assert reference.main(["--check"]) == 1
    assert [line.split()[0] for line in capsys.readouterr().err.splitlines()] == [
        "docs/index.md",
        "docs/resources/gone.md",
        "docs/resources/source.md",
    ]
    assert source.read_text() == "old"
    assert reference.main([]) == 0
    assert reference.main(["--check"]) == 0
    assert not gone.exists()
    # What somebody wrote by hand is not removed.
    mine = tmp_path / "functions" / "mine.md"
    mine.write_text("by hand")
    assert reference.main([]) == 1
    assert mine.read_text() == "by hand"
    assert reference.main(["--chek"]) == 2


def test_there_is_a_page_for_everything(pages: dict[str, str]) -> None:
    wanted = {"index.md", *(f"resources/{name}.md" for name in registry())}
    wanted |= {f"data-sources/{name}.md" for name in data_sources()}
    wanted |= {f"functions/{name}.md" for name in FUNCTIONS}
    assert set(pages) == wanted


def test_the_front_matter_is_the_registrys(pages: dict[str, str]) -> None:
    for path, text in pages.items():
        _, front, body = text.split("---\n", 2)
        facts = yaml.safe_load(front)
        assert set(facts) == {"page_title", "subcategory", "description"}, path
        assert facts["page_title"].strip(), path
        assert facts["description"].strip(), path
        assert len(text.encode()) < LIMIT, path
        assert len(re.findall(r"^# ", re.sub(r"```.*?```", "", body, flags=re.S), re.M)) == 1, path


def headings(text: str) -> list[str]:
    return re.findall(r"^## (.+)$", re.sub(r"```.*?```", "", text, flags=re.S), re.M)


def test_the_headings_are_the_registrys(pages: dict[str, str]) -> None:
    for path, text in pages.items():
        found = headings(text)
        if path.startswith("resources/"):
            assert found == ["Example Usage", "Notes", "Schema", "Import"], path
        elif path.startswith("data-sources/"):
            assert found == ["Example Usage", "Notes", "Schema"], path
        elif path.startswith("functions/"):
            assert found[:3] == ["Example Usage", "Signature", "Arguments"], path
        else:
            assert found[:2] == ["Example Usage", "Schema"], path


def test_every_page_has_both_examples(pages: dict[str, str]) -> None:
    for path, text in pages.items():
        usage = text.split("## Example Usage")[1].split("\n## ")[0]
        assert "```terraform\n" in usage, path
        assert "```python\n" in usage, path


def every(attributes: list[Attribute], above: str = "") -> list[tuple[str, str]]:
    """(path of the object, name) of every attribute that is told."""
    found: list[tuple[str, str]] = []
    for item in attributes:
        found.append((above, item.name))
        if isinstance(item.type, Nested):
            inner = [one for one in item.type.attributes if not item.flat or one.settable]
            path = f"{above}.{item.name}" if above else item.name
            found += every(inner, path)
    return found


@pytest.mark.parametrize(
    ("folder", "name"),
    [*(("resources", k) for k in registry()), *(("data-sources", k) for k in data_sources())],
)
def test_every_attribute_is_told_once_in_its_schema(
    pages: dict[str, str], folder: str, name: str
) -> None:
    definition = (registry() if folder == "resources" else data_sources())[name]
    schema = pages[f"{folder}/{name}.md"].split("\n## Schema\n")[1].split("\n## Import")[0]
    sections = {"": schema.split("### Nested Schema for ")[0]}
    for part in schema.split("### Nested Schema for `")[1:]:
        path, _, text = part.partition("`")
        assert path not in sections
        sections[path] = text
    told = every(list(definition.attributes.values()))
    assert {path for path, _ in told} | {""} == set(sections)
    for path, attribute in told:
        assert sections[path].count(f"- `{attribute}` (") == 1, (path, attribute)


def test_links_lead_somewhere(pages: dict[str, str]) -> None:
    for path, text in pages.items():
        for target in re.findall(r"\]\(([^)]+)\)", text):
            if target.startswith("#"):
                assert f'<a id="{target[1:]}"></a>' in text, (path, target)
            elif not target.startswith("https://"):
                assert ((ROOT / "docs" / path).parent / target).exists(), (path, target)
