"""Adding to code in Python that exists: modules of their own, which its `main.py` finds."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from segform.resources import registry
from segform.resources.exact import loads
from segform.workspace.bindings import Bindings
from segform.workspace.desired import Ref

from . import standing
from .exporting import Exported
from .folder import known_objects
from .model import Item, Json
from .pythonic import Beside

BINDINGS = "bindings.json"
# By what a `main.py` is known to look for added modules, and what to write in one that does not.
_FINDS = "added_*.py"
_MENDS = {
    "cdktf": "import {head}, and call `{head}.add(self)` before `self._take_over()`",
    "python": "import {head}, and declare what `{head}.MODULES` have as the others",
}


class Code(NamedTuple):
    """Code of one form in a folder."""

    folder: Path
    form: str
    standing: standing.Standing

    def code(self) -> tuple[dict[str, str], dict[str, str], dict[str, str]]:
        """Ids of what was ever exported here, files of what stands here, and their texts."""
        declared = {at: one.file for at, one in self.standing.places.items()}
        return {**known_objects(self.folder), **self._named()}, declared, self.standing.texts

    def _named(self) -> dict[str, str]:
        """Address -> id, as the files beside the code have it."""
        if self.form == "python":
            return dict(self._bindings())
        constructs = {one.construct: at for at, one in self.standing.places.items()}
        found = {}
        for path in sorted(self.folder.glob("imports*.json")):
            try:
                for name, own in loads(path.read_text(encoding="utf-8")).items():
                    at = constructs.get(name) or standing.address_of(standing.kind_of(name), name)
                    found[at] = str(own).replace("$${", "${").replace("%%{", "%{")
            except (ValueError, AttributeError) as problem:
                raise ValueError(f"{path} is no file of imports: {problem}") from None
        return found

    def _bindings(self) -> Bindings:
        return Bindings(self.folder / BINDINGS)

    def homes(self) -> dict[str, tuple[str, str]]:
        """Where new code finds what stands here."""
        return standing.reachable(self.standing.places)

    def spelled(self, new: list[Item], every: Iterable[Item]) -> list[Item]:
        """New objects, in which ids stand for what new code cannot refer to."""
        homes = self.homes()
        mine = {item.address for item in new}
        others = {item.address: item for item in every if item.address not in mine}
        lost = {at: item for at, item in others.items() if at not in homes}
        return [item._replace(values=_without(item.values, lost)) for item in new]

    def added(self, exported: Exported, beside: Beside) -> tuple[dict[str, str], list[str]]:
        """The files to add, and what people have to do for them."""
        made = {
            name: text
            for name, text in exported.files.items()
            if name not in ("NOTES.md", BINDINGS, "reading.py")
        }
        made[f"{beside.head}_NOTES.md"] = exported.files["NOTES.md"]
        if "reading.py" not in self.standing.texts:
            made["reading.py"] = exported.files["reading.py"]
        if self.form == "python":
            made[BINDINGS] = self._with_bindings(exported.files[BINDINGS])
        told = []
        if not any(_FINDS in text for text in self.standing.texts.values()):
            mend = _MENDS[self.form].format(head=beside.head)
            told.append(f"nothing here looks for added modules yet: {mend}")
        return made, told

    def _with_bindings(self, text: str) -> str:
        """The bindings that are there, and the new ones."""
        there, more = self._bindings(), json.loads(text)
        if there.workspace_of() not in ("", more["workspace"]):
            raise ValueError(
                f"{self.folder / BINDINGS} belongs to the workspace {there.workspace_of()}, and "
                f"this is {more['workspace']}: export it to a folder of its own"
            )
        more["bindings"] = dict(sorted({**more["bindings"], **dict(there)}.items()))
        return json.dumps(more, indent=2, ensure_ascii=False) + "\n"


def read(folder: Path, form: str) -> Code:
    """The code of a folder. Raises ValueError for a file that is no Python."""
    found = standing.modules(folder) if form == "python" else standing.constructs(folder)
    return Code(folder, form, found)


def _without(value: Any, lost: Mapping[str, Item]) -> Any:
    """A value in which references to what cannot be reached are what they refer to."""
    if isinstance(value, Ref):
        item = lost.get(value.address)
        return value if item is None else _own(item, value.attribute)
    if isinstance(value, Json):
        return Json(_without(value.value, lost))
    if isinstance(value, Mapping):
        return {key: _without(one, lost) for key, one in value.items()}
    return [_without(one, lost) for one in value] if isinstance(value, list) else value


def _own(item: Item, attribute: str) -> Any:
    from segform.lifecycle.keys import parse_import_id

    about = registry()[item.kind].about
    known = parse_import_id(about, item.import_id.partition("#")[0])
    return known.get(attribute, item.values.get(attribute))
