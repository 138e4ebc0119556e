"""An export on disk: what people edited is never touched."""

from __future__ import annotations

from pathlib import Path

import pytest

from segform.export import Edited, write


def there(folder: Path) -> dict[str, str]:
    """The files of a folder, without the manifest."""
    return {
        str(path.relative_to(folder)): path.read_text()
        for path in folder.rglob("*")
        if path.is_file() and path.name != ".segform-export.json"
    }


def test_written_twice_changes_nothing(tmp_path: Path) -> None:
    files = {"a.tf": "a\n", "functions/b.js": "b"}
    assert len(write(files, tmp_path)) == 2
    assert write(files, tmp_path) == []
    assert there(tmp_path) == files


def test_what_nobody_edited_follows_the_workspace(tmp_path: Path) -> None:
    write({"a.tf": "a", "b.tf": "b"}, tmp_path)
    write({"a.tf": "new", "c.tf": "c"}, tmp_path)
    assert there(tmp_path) == {"a.tf": "new", "c.tf": "c"}


@pytest.mark.parametrize("files", [{"a.tf": "new", "b.tf": "b"}, {"b.tf": "b"}])
def test_an_edited_file_stops_all_of_it(tmp_path: Path, files: dict[str, str]) -> None:
    write({"a.tf": "a", "b.tf": "old"}, tmp_path)
    (tmp_path / "a.tf").write_text("mine")
    with pytest.raises(Edited, match=r"a\.tf changed since"):
        write(files, tmp_path)
    assert there(tmp_path) == {"a.tf": "mine", "b.tf": "old"}


def test_a_file_that_was_there_before_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "main.py").write_text("theirs")
    with pytest.raises(Edited, match=r"main\.py"):
        write({"main.py": "ours", "b.py": ""}, tmp_path)
    assert there(tmp_path) == {"main.py": "theirs"}


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "target").write_text("x")
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "a.tf").symlink_to(tmp_path / "target")
    with pytest.raises(Edited):
        write({"a.tf": "x"}, folder)


def test_other_files_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "theirs.tf").write_text("theirs")
    write({"a.tf": "a"}, tmp_path)
    write({}, tmp_path)
    assert there(tmp_path) == {"theirs.tf": "theirs"}


@pytest.mark.parametrize(
    ("manifest", "said"),
    [
        ("{", "no manifest"),
        ('{"format": "x", "version": 1, "files": {}}', "no manifest"),
        (
            '{"format": "segform.export", "version": 1, "files": {"../x": ""}}',
            "outside of its folder",
        ),
    ],
)
def test_a_broken_manifest_is_said(tmp_path: Path, manifest: str, said: str) -> None:
    (tmp_path / ".segform-export.json").write_text(manifest)
    with pytest.raises(ValueError, match=said):
        write({"a.tf": "a"}, tmp_path)
