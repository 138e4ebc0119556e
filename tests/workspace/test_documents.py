"""Files as values, with the place of everything in them."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from segform.workspace import yaml_form
from segform.workspace.documents import Document, DocumentError, files, read

_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner),
    max_leaves=20,
)


def _paths(value: Any, at: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    found = [at]
    pairs: Any = ()
    if isinstance(value, dict):
        pairs = value.items()
    elif isinstance(value, list):
        pairs = enumerate(value)
    for key, inner in pairs:
        found += _paths(inner, (*at, key))
    return found


@settings(max_examples=60, deadline=None)
@given(_VALUES, st.sampled_from([None, 1, 4]))
def test_positions_in_json_are_where_the_value_is(value: Any, indent: int | None) -> None:
    text = json.dumps(value, indent=indent)
    document = Document(Path("x.json"), text, value)
    for path in _paths(value):
        line, column = document.position(path)
        rest = "\n".join(text.split("\n")[line - 1 :])[column - 1 :]
        inner = value
        for step in path:
            inner = inner[step]
        head = json.dumps(path[-1]) + ":" if path and isinstance(path[-1], str) else ""
        assert rest.startswith(head)
        found, _ = json.JSONDecoder().raw_decode(rest[len(head) :].lstrip())
        assert found == inner


@settings(max_examples=40, deadline=None)
@given(st.dictionaries(st.text("abc", min_size=1, max_size=4), st.lists(st.integers())))
def test_positions_in_yaml_are_on_the_line_of_the_value(value: dict[str, list[int]]) -> None:
    text = yaml.safe_dump(value)
    document = Document(Path("x.yaml"), text, value)
    for key, items in value.items():
        line, column = document.position((key,))
        assert text.split("\n")[line - 1][column - 1 :].startswith(f"{key}:")
        for index, item in enumerate(items):
            line, column = document.position((key, index))
            assert text.split("\n")[line - 1][column - 1 :].startswith(str(item))


def test_a_path_that_is_not_there_is_at_the_nearest_above() -> None:
    text = '{\n  "a": {\n    "b": 1\n  }\n}'
    document = Document(Path("x.json"), text, json.loads(text))
    assert document.position(("a", "c", "d")) == (2, 3)
    assert document.position(("a", "b", 0)) == (3, 5)
    assert document.position(("z",)) == (1, 1)


@pytest.mark.parametrize(
    ("name", "text", "place", "words"),
    [
        ("a.json", '{"a": 1,}', (1, 9), "not JSON"),
        ("a.json", '{\n"a": b}', (2, 6), "not JSON"),
        ("a.json", "[" * 100_000, (1, 1), "nested too deeply"),
        ("a.json", "1" * 5000, (1, 1), "not JSON"),
        ("a.yaml", "a: b: c", (1, 5), "not YAML"),
        ("a.yaml", "a: 1\nb: 2\na: 3", (3, 1), "'a' is there twice"),
        ("a.yaml", "? [1]\n: 2", (1, 3), "a key is no text"),
        ("a.yaml", "a: !!python/object/apply:os.system [x]", (1, 4), "not YAML"),
        ("a.yaml", "[" * 100_000, (1, 1001), "not YAML"),
        ("a.yaml", "a: &a [*a]", (1, 4), "recursive"),
        ("a.yaml", "a: 0x" + "f" * 9999, (1, 1), "stand for too much"),
        (
            "a.yaml",
            "a: &a [1,1,1,1,1,1,1,1,1,1]\n"
            + "\n".join(
                f"{chr(98 + i)}: &{chr(98 + i)} [{','.join(['*' + chr(97 + i)] * 10)}]"
                for i in range(9)
            ),
            (1, 1),
            "stand for too much",
        ),
    ],
)
def test_what_cannot_be_read_says_where(
    tmp_path: Path, name: str, text: str, place: tuple[int, int], words: str
) -> None:
    path = tmp_path / name
    path.write_text(text)
    with pytest.raises(DocumentError, match=words) as caught:
        read(path)
    assert (caught.value.line, caught.value.column) == place
    assert str(caught.value).startswith(f"{path}:{place[0]}:{place[1]}: ")


def test_yaml_keeps_texts_and_names_as_they_are(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("1: 2020-01-01\ntrue: yes\nbase: &b {x: 1}\nmore: {<<: *b, y: 1.5}\n")
    assert read(path).value == {
        "1": "2020-01-01",
        "true": True,
        "base": {"x": 1},
        "more": {"x": 1, "y": 1.5},
    }


@settings(max_examples=60, deadline=None)
@given(_VALUES | st.text("ab:- #&*'\"\n[]{},.0123456789", max_size=30))
def test_with_and_without_libyaml_the_values_are_the_same(value: Any) -> None:
    """And so is whether there is one; only the words of the errors are each library's own."""
    text = value if isinstance(value, str) else yaml.safe_dump(value, allow_unicode=True)

    class Pure(yaml_form.Reading, yaml.SafeLoader):
        pass

    Pure.add_constructor("tag:yaml.org,2002:float", yaml_form.Reading.construct_exact)
    found: list[Any] = []
    for loader in (yaml_form.Loader, Pure):
        try:
            found.append(repr(yaml_form.parsed(text, loader)))
        except yaml_form.YAMLProblem:
            found.append("an error")
    assert found[0] == found[1]


def test_numbers_of_yaml_are_exact(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("a: 0.10000000000000000001\nb: 1.0e+400\n")
    assert read(path).value == {"a": Decimal("0.10000000000000000001"), "b": Decimal("1e400")}
    path.write_text("a: 1\nb: .nan\n")
    with pytest.raises(DocumentError, match=r"a\.yaml:2:4: .*no number that JSON knows"):
        read(path)


def test_bytes_that_are_no_text_and_files_that_are_not_there(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(b'{"a":\n "\xff"}')
    with pytest.raises(DocumentError, match=r"a\.json:2:1: it is not UTF-8"):
        read(path)
    with pytest.raises(DocumentError, match="cannot be read"):
        read(tmp_path / "none.json")


def test_folders_are_walked_without_what_is_hidden_or_installed(tmp_path: Path) -> None:
    for name in ("b/x.json", "a.yml", ".git/y.json", "node_modules/p.json", "notes.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("{}")
    found = [(path.relative_to(tmp_path).as_posix(), named) for path, named in files([tmp_path])]
    assert found == [("a.yml", False), ("b/x.json", False)]
    assert list(files([tmp_path / "notes.txt"])) == [(tmp_path / "notes.txt", True)]
