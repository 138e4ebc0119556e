"""Python for the engine: definitions in modules, and a script that plans and applies them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from segform.resources import registry
from segform.workspace.bindings import FORMAT, VERSION
from segform.workspace.desired import WORKSPACE, Ref

from .layout import Part, parts
from .model import Item, Model, Secret, found_in, import_form
from .pythonic import PART_LIMIT, Beside, Python, class_name, ordered, placed, variable

_MAIN = '''\
"""The workspace as code: `python main.py` plans, `python main.py --apply` applies.

The token comes from SEGMENT_API_TOKEN; which name is which object stands in `bindings.json`.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType

from segform import Segment
from segform.resources import Resource
from segform.workspace import Desired, Workspace

{modules}
HERE = Path(__file__).resolve().parent
MODULES = (
{listed})


def added() -> Iterator[ModuleType]:
    """Modules that were added later, by `segform export --merge`, in their order."""
    names = [path.stem for path in HERE.glob("added_*.py") if path.stem[6:].isdigit()]
    for name in sorted(names, key=lambda name: int(name[6:])):
        yield from import_module(name).MODULES


def wanted() -> Desired:
    """Everything that the modules declare, by the names of their variables."""
    desired = Desired()
    for module in (*MODULES, *added()):
        for name, value in vars(module).items():
            if isinstance(value, Resource):
                desired.add(value, name)
    return desired


def main() -> int:
    """Print the plan, and apply it where that is asked for; 2 where there is something to do."""
    with Segment() as client:
        workspace = Workspace(client, bindings=HERE / "bindings.json", folder=HERE)
        desired = wanted()
        plan = workspace.plan(desired)
        for change in plan:
            print(change)
        print(f"{{len(list(plan))}} changes")
        if "--apply" in sys.argv[1:]:
            workspace.apply(plan, desired)
            return 0
        return 2 if plan else 0


if __name__ == "__main__":
    sys.exit(main())
'''
_ADDED = '''\
"""What a later export has added to this code; `main.py` finds it by its name."""

from __future__ import annotations

{modules}
MODULES = (
{listed})
'''
_READING = '''\
"""Texts and secrets that the modules take from elsewhere."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent


def code(path: str) -> str:
    """A function's code, byte for byte."""
    return (HERE / path).read_bytes().decode()


def rules(*paths: str) -> dict[str, dict[str, Any]]:
    """Rules of a tracking plan, from files with JSON Schemas by the rule's key."""
    found: dict[str, dict[str, Any]] = {}
    for path in paths:
        for key, schema in json.loads((HERE / path).read_text(encoding="utf-8")).items():
            found[key] = {"json_schema": schema}
    return found


def events(folder: str) -> dict[str, dict[str, Any]]:
    """Rules of a tracking plan, from a folder with a file for each event."""
    from segform.tracking.files import load_folder
    from segform.tracking.rules import rule_key

    found: dict[str, dict[str, Any]] = {}
    for event in load_folder(HERE / folder):
        key = rule_key(event.call, event.name, event.version)
        found[key] = {"json_schema": event.schema}
    return found


def secret(name: str, unfilled: str) -> str:
    """A secret from the environment. Until it is there, what Segment has is left as it is."""
    return os.environ.get(f"SEGMENT_SECRET_{name.upper()}", unfilled)
'''


class Script(Python):
    """Values as the engine's objects refer to each other; `here`: the module they stand in."""

    def __init__(self, homes: Mapping[str, tuple[str, str]], here: str) -> None:
        self.homes = homes
        self.here = here
        # Modules that have the name of a variable here are called otherwise here.
        self.aliases: dict[str, str] = {}

    def special(self, value: Any) -> str | None:
        if isinstance(value, Ref):
            return self._ref(value)
        if isinstance(value, Secret):
            return f"reading.secret({self.quoted(value.name)}, {self.quoted(value.default)})"
        return self.read(value)

    def _ref(self, ref: Ref) -> str:
        if ref.address == WORKSPACE:
            return f"Ref({self.quoted(WORKSPACE)})"
        home, name = self.homes.get(ref.address, ("modules_00", ref.address))
        found = name if home == self.here else f"{self.aliases.get(home, home)}.{name}"
        return found if ref.attribute == "id" else f"{found}.{ref.attribute}"

    def declared(self, item: Item) -> str:
        """The definition of an object."""
        names = registry()[item.kind].python_names()
        given = {names[key]: value for key, value in item.values.items()}
        return self.call(f"{variable(item)} = {class_name(item.kind)}(", given)


def files(model: Model, beside: Beside | None = None) -> dict[str, str]:
    """The folder of a script: path -> text; `beside` code that exists, what is added to it."""
    rough = Script({}, "")
    planned, homes = placed(ordered(parts(model, rough.declared, PART_LIMIT)), beside)
    names = [part.name for part in planned]
    listed = "".join(f"    {name},\n" for name in names)
    modules = "".join(f"import {name}\n" for name in sorted(names))
    made = {"reading.py": _READING, "bindings.json": _bindings(model)}
    if beside:
        made[f"{beside.head}.py"] = _ADDED.format(modules=modules, listed=listed)
    else:
        made["main.py"] = _MAIN.format(modules=modules, listed=listed)
    return made | {f"{part.name}.py": _module(part, homes) for part in planned}


def _module(part: Part, homes: Mapping[str, tuple[str, str]]) -> str:
    script = Script(homes, part.name)
    variables = {variable(item) for item in part.items}
    refs = {ref.address for item in part.items for ref in found_in(item.values, Ref)}
    used = {homes[at][0] for at in refs if at != WORKSPACE} - {part.name}
    script.aliases = {name: f"{name}_module" for name in used & variables}
    blocks = [script.declared(item) for item in part.items]
    if any("reading." in block for block in blocks):
        used.add("reading")
    own = [
        f"import {name} as {script.aliases[name]}" if name in script.aliases else f"import {name}"
        for name in sorted(used)
    ]
    kinds = sorted({item.kind for item in part.items})
    ours = [f"from segform.resources.{kind} import {class_name(kind)}" for kind in kinds]
    if WORKSPACE in refs:
        ours.append("from segform.workspace import Ref")
    lines = [*ours, *([""] if own else []), *own]
    head = f'"""{_title(part)} of the workspace."""\n\nfrom __future__ import annotations\n\n'
    return head + "\n".join(lines) + "\n\n" + "\n".join(blocks)


def _title(part: Part) -> str:
    return part.name.replace("_", " ").capitalize()


def _bindings(model: Model) -> str:
    found = {
        f"{item.kind}.{variable(item)}": item.import_id.removesuffix(import_form(item.kind))
        for item in model.items
    }
    made = {
        "format": FORMAT,
        "version": VERSION,
        "workspace": model.workspace_id,
        "bindings": dict(sorted(found.items())),
    }
    return json.dumps(made, indent=2, ensure_ascii=False) + "\n"
