"""The catalogue of events, their owners, and their answers held against what is connected."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from segform.cli import group
from segform.tracking.catalogue import markdown, page
from segform.tracking.connected import check_answers
from segform.tracking.owners import BEGIN, END, OwnersError, codeowners, merged, read_owners
from segform.tracking.planned import Place, PlannedEvent

from .plans import NUMBER, TEXT, rule


def event(name: str = "Order Completed", **answers: Any) -> PlannedEvent:
    schema = rule(
        name,
        {
            "total": {**NUMBER, "minimum": 0, "description": "What was paid."},
            "currency": {**TEXT, "enum": ["EUR", "USD"]},
            "lines": {"type": "array", "items": {"type": "object", "properties": {"sku": TEXT}}},
        },
        ("total",),
    )["jsonSchema"]
    schema["description"] = "An order was paid."
    place = answers.pop("place", None)
    return PlannedEvent("TRACK", name, 1, schema, place=place, **answers)


TOLD = event(why="Revenue by channel.", owner="growth", destinations=("amplitude", "braze"))


def test_the_catalogue_in_markdown() -> None:
    assert markdown([TOLD, rule(None, {"email": TEXT}, type="IDENTIFY")], "Shop") == (
        "# Shop\n\n## Events\n\n### Order Completed\n\nAn order was paid.\n\n"
        "- Why: Revenue by channel.\n- Owner: growth\n- Goes to: amplitude, braze\n\n"
        "| property | what it is | required | what it holds |\n|---|---|---|---|\n"
        "| total | a number, at least 0 | yes | What was paid. |\n"
        "| currency | one of “EUR”, “USD” |  |  |\n"
        "| lines | a list |  |  |\n"
        "| lines.\\$.sku | text |  |  |\n\n"
        "## Users\n\n### Identify calls\n\n"
        "| property | what it is | required | what it holds |\n|---|---|---|---|\n"
        "| email | text |  |  |\n"
    )


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}


_ODD = st.text(max_size=30) | st.sampled_from(
    [
        "<script>x</script>",
        "[a](javascript:x)",
        "| a |",
        "# x",
        "`a`",
        "\n\n# x",
        "![x](y)",
        '" onx="',
    ]
)


@given(_ODD, _ODD, _ODD, _ODD)
def test_no_text_becomes_anything_else(name: str, said: str, why: str, field: str) -> None:
    schema = rule("x", {field: {"type": "string", "description": said}})["jsonSchema"]
    schema["description"] = said
    odd = PlannedEvent("TRACK", name or "x", 1, schema, why, said, (said,))
    parser = _Tags()
    parser.feed(page([odd], name))
    assert "script" not in parser.tags
    assert "a" not in parser.tags
    assert parser.attributes <= {"lang", "charset", "name", "content", "id"}
    lines = markdown([odd], name).splitlines()
    headings = [line for line in lines if line.startswith("#")]
    assert len(headings) == 3
    for line in lines:
        if line.startswith("| ") and "property" not in line:
            assert len(re.findall(r"(?<!\\)\|", line)) == 5
        assert not re.search(r"(?<!\\)[<\[`]", line)


def test_answers_against_what_is_connected() -> None:
    metadata = {"slug": "amplitude", "name": "Amplitude"}
    connected: list[Any] = [
        {"id": "d1", "name": "Amplitude prod", "metadata": metadata},
        {"id": "d2", "name": "Warehouse", "metadata": {"slug": "bigquery"}},
        "Braze",
    ]
    other = event("Two", destinations=("brase",), owner="grwth")
    wrong, team, unused = map(str, check_answers([TOLD, other], connected, ["growth"]))
    assert wrong == (
        "TRACK:Two: the destination 'brase' is connected to none of the plan's sources. "
        "Did you mean 'Braze'?"
    )
    assert team == "TRACK:Two: the owner 'grwth' is no team. Did you mean 'growth'?"
    assert unused == (
        "the destination 'Warehouse' is connected, and no event names it. "
        "Name it where it is used, or disconnect it."
    )
    assert check_answers([event()], connected) == []
    [none] = check_answers([event(destinations=("x",))], [])
    assert none.mend == "No destination is connected."


OWNERS = {"growth": ("@acme/growth",), "payments": ("@acme/pay", "ann@acme.example")}


def test_owners_of_files(tmp_path: Path) -> None:
    events = [
        event(owner="growth", place=Place(str(tmp_path / "plan" / "b c.yaml"))),
        event(owner="payments", place=Place(str(tmp_path / "plan" / "a.yaml"))),
        event(owner="@bob", place=Place(str(tmp_path / "plan" / "c.yaml"))),
        event(place=Place(str(tmp_path / "plan" / "d.yaml"))),
    ]
    text = codeowners(events, tmp_path, OWNERS)
    assert text.splitlines()[1:-1] == [
        "/plan/a.yaml @acme/pay ann@acme.example",
        "/plan/b\\ c.yaml @acme/growth",
        "/plan/c.yaml @bob",
    ]


@pytest.mark.parametrize(
    ("owner", "file", "said"),
    [
        ("grwth", "a.yaml", "nobody is 'grwth'. Did you mean 'growth'"),
        ("sales", "a.yaml", r'owners\] sales = "@organisation/team"'),
        ("growth", "[a].yaml", "cannot say such a path"),
        ("growth", "../a.yaml", "is not below"),
    ],
)
def test_owners_that_cannot_be_written(tmp_path: Path, owner: str, file: str, said: str) -> None:
    one = event(owner=owner, place=Place(str(tmp_path / file)))
    with pytest.raises(OwnersError, match=said):
        codeowners([one], tmp_path, OWNERS)


def test_what_others_wrote_stays() -> None:
    block = f"{BEGIN}\n/a @x\n{END}\n"
    other = f"{BEGIN}\n/b @y\n{END}\n"
    assert merged("", block) == block
    assert merged("* @all", block) == f"* @all\n\n{block}"
    assert merged(f"* @all\n\n{other}/z @z\n", block) == f"* @all\n\n{block}/z @z\n"
    assert merged(merged("* @all\n", block), block) == merged("* @all\n", block)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[tool.segform.owners]\ngrowth = "acme"\n', "growth is 'acme'; write @user"),
        ("[tool.segform]\nowners = 5\n", "has to be a table"),
        ("[tool\n", "pyproject.toml"),
    ],
)
def test_settings_that_are_none(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "pyproject.toml").write_text(text)
    with pytest.raises(OwnersError, match=said):
        read_owners(tmp_path)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    (tmp_path / ".git").mkdir()
    (tmp_path / "plan").mkdir()
    (tmp_path / "plan" / "a.yaml").write_text("name: A Done\nowner: growth\n")
    (tmp_path / "pyproject.toml").write_text('[tool.segform.owners]\ngrowth = "@acme/growth"\n')
    return tmp_path


def run(*arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(group, list(arguments))
    return done.exit_code, done.output


def test_the_command_writes_codeowners(repository: Path) -> None:
    plan = str(repository / "plan")
    code, said = run("codeowners", plan, "--check")
    assert (code, "is not up to date" in said) == (1, True)
    assert run("codeowners", plan)[0] == 0
    file = repository / ".github" / "CODEOWNERS"
    assert "/plan/a.yaml @acme/growth\n" in file.read_text()
    assert run("codeowners", plan, "--check") == (0, "")
    assert run("codeowners", plan)[1] == ""
    (repository / "plan" / "b.yaml").write_text("name: A Done\n")
    code, said = run("codeowners", plan)
    assert (code, "is there twice" in said) == (1, True)
    assert run("codeowners", str(repository / "plan"), "--output", "-", "--root", plan)[0] == 1


def test_the_command_needs_a_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "exists", lambda self: False)
    code, said = run("codeowners", str(tmp_path))
    assert (code, "give --root" in said) == (1, True)


def test_the_command_renders_a_catalogue(repository: Path) -> None:
    plan = str(repository / "plan")
    code, said = run("events", plan, "--title", "Shop")
    assert (code, said.startswith("# Shop\n")) == (0, True)
    target = repository / "page.html"
    assert run("events", plan, "--html", "--output", str(target)) == (0, "")
    assert target.read_text().startswith("<!DOCTYPE html>")
    (repository / "plan" / "b.yaml").write_text("nam: x\n")
    assert run("events", plan)[0] == 1


def test_both_commands_are_listed() -> None:
    code, said = run("--help")
    assert code == 0
    assert "codeowners" in said
    assert "events" in said
