"""The command line in this process, over a workspace in this process."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from segform import PermissionDeniedError, Segment
from segform.cli import _place as commands
from segform.cli import main
from tests.workspace.conftest import Place
from tests.workspace.shop import shop


class Ended(NamedTuple):
    """How a command ended."""

    code: int
    out: str
    err: str


class Desk:
    """A folder, a workspace, and the commands over them; `others` are workspaces by variable."""

    def __init__(self, folder: Path, patch: Any, capsys: Any) -> None:
        self.folder = folder
        self.place = Place(folder)
        self.others: dict[str, Place] = {}
        self._patch, self._capsys = patch, capsys
        patch.chdir(folder)
        patch.setattr(commands, "client", self._client)

    def _client(self, **options: Any) -> Segment:
        place = self.others.get(options.pop("token", ""), self.place)
        token = options.pop("token", place.emulator.token)
        made = Segment(
            token,
            url="https://emulator.example",
            transport=place.emulator.transport(),
            **options,
        )
        made._sleep = lambda _: None
        return made

    def run(self, *arguments: object) -> Ended:
        """One command."""
        self._capsys.readouterr()
        self._patch.setattr(sys, "argv", ["segform", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        told = self._capsys.readouterr()
        return Ended(int(ended.value.code or 0), told.out, told.err)

    def other(self, variable: str, folder: str) -> Place:
        """Another workspace, whose token an environment variable holds."""
        made = Place(self.folder / folder)
        token = f"token-of-{variable}"
        self._patch.setenv(variable, token)
        self.others[token] = made
        return made

    def hide(self, operation: str) -> None:
        """Let the token not see what an operation lists."""
        real = Segment.pages

        def pages(client: Any, name: str, **options: Any) -> Any:
            if name == operation:
                raise PermissionDeniedError("not for this token", status_code=403)
            return real(client, name, **options)

        self._patch.setattr(Segment, "pages", pages)

    def has(self, **changes: Any) -> None:
        """Let the workspace have the shop, with its bindings in the usual file."""
        wanted = shop(**changes)
        engine = self.place.engine(bindings=commands.bindings_file)
        engine.apply(engine.plan(wanted), wanted)
        self.place.sent()

    def snapshot(self, name: str = "now.json") -> Path:
        """What the workspace has, as a file."""
        ended = self.run("pull", "--out", name)
        assert ended.code == 0, ended
        self.place.sent()
        return self.folder / name


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> Desk:
    """Commands over an empty workspace."""
    return Desk(tmp_path, monkeypatch, capsys)
