"""A CDKTF app: constructs in modules, one class each, and the stack that makes them.

For `cdktf` (archived December 2025) or its living fork `cdktn`: `segform_cdktf` finds the one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from segform.resources import Attribute, Nested, registry
from segform.resources.definition import STRING
from segform.workspace.desired import WORKSPACE, Ref

from .layout import Part, paged, parts
from .model import Item, Json, Model, Secret, found_in
from .printing import WIDTH, Printer
from .pythonic import PART_LIMIT, Beside, Python, class_name, ordered, placed, variable

_MAIN = '''\
"""The workspace as code: `cdktf diff` plans, `cdktf deploy` applies.

Secrets come from variables (TF_VAR_<name>); `imports*.json` can go once they have been applied.
"""

from __future__ import annotations

import json
from importlib import import_module
from pathlib import Path
from typing import Any

from constructs import Construct
from segform_cdktf import {needed}
from segform_cdktf.framework import App, TerraformStack

{modules}
HERE = Path(__file__).resolve().parent


class Workspace(TerraformStack):
    """Everything in the workspace, parents first."""

    def __init__(self, scope: Construct, id_: str) -> None:
        super().__init__(scope, id_)
        SegmentProvider(self, "segment")
{made}        self._add()
        self._take_over()

    def _add(self) -> None:
        """What was added later, by `segform export --merge`, in its order."""
        names = [path.stem for path in HERE.glob("added_*.py") if path.stem[6:].isdigit()]
        for name in sorted(names, key=lambda name: int(name[6:])):
            import_module(name).add(self)

    def _take_over(self) -> None:
        """What was there before the code: Terraform imports it instead of making it anew."""
        for path in sorted(HERE.glob("imports*.json")):
            for name, object_id in json.loads(path.read_text(encoding="utf-8")).items():
                construct: Any = self.node.find_child(name)
                construct.import_from(object_id)


if __name__ == "__main__":
    app = App()
    Workspace(app, "workspace")
    app.synth()
'''
_ADDED = '''\
"""What a later export has added to this code; `main.py` finds it by its name."""

from __future__ import annotations

from typing import Any

{modules}

def add(stack: Any) -> None:
    """Make the constructs, parents first."""
{made}'''
_THIS = """\
    if not hasattr(stack, "this"):
        stack.this = DataWorkspace(stack, "workspace")
"""
_READING = '''\
"""Texts and secrets that the modules take from elsewhere."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from constructs import Construct
from segform_cdktf.framework import TerraformVariable

HERE = Path(__file__).resolve().parent


def literal(text: str) -> str:
    """A text in which Terraform sees no template."""
    return text.replace("${", "$${").replace("%{", "%%{")


def code(path: str) -> str:
    """A function's code, byte for byte."""
    return literal((HERE / path).read_bytes().decode())


def rules(*paths: str) -> dict[str, Any]:
    """Rules of a tracking plan, from files with JSON Schemas by the rule's key."""
    found: dict[str, Any] = {}
    for path in paths:
        for key, schema in json.loads((HERE / path).read_text(encoding="utf-8")).items():
            found[literal(key)] = {"json_schema": schema}
    return found


def events(folder: str) -> dict[str, Any]:
    """Rules of a tracking plan, from a folder with a file for each event."""
    from segform.tracking.files import load_folder
    from segform.tracking.rules import rule_key

    found: dict[str, Any] = {}
    for event in load_folder(HERE / folder):
        key = literal(rule_key(event.call, event.name, event.version))
        found[key] = {"json_schema": event.schema}
    return found


def secret(scope: Construct, name: str, unfilled: str) -> str:
    """A secret as a variable. Until it is filled in, what Segment has is left as it is."""
    variable = TerraformVariable(
        scope, name, type="string", sensitive=True, nullable=False, default=unfilled
    )
    value: str = variable.string_value
    return value
'''
_CONFIGURATION = """\
{
  "language": "python",
  "app": "python -m segform_cdktf.run main.py",
  "projectId": "segment-workspace",
  "sendCrashReports": "false"
}
"""


class Known:
    """An id that is written out: the constructs want to know what it is the id of."""

    def __init__(self, kind: str, text: str) -> None:
        self.type = f"{class_name(kind)}Id"
        self.text = text


def typed(item: Attribute, value: Any) -> Any:
    """A value in which literal ids of other kinds are `Known`."""
    if isinstance(item.type, Nested):
        inner = {one.name: one for one in item.type.attributes}
        if isinstance(value, list):
            return [typed(item, one) for one in value]
        if isinstance(value, dict) and item.type.mode == "map":
            return value  # rules by key: no ids in them
        if isinstance(value, dict):
            return {key: typed(inner[key], one) for key, one in value.items()}
    kinds = (item.reference,) if item.reference else item.either
    if kinds and item.type == STRING and isinstance(value, str):
        return Known(kinds[0], value)
    return value


class Cdktf(Python):
    """Values as constructs refer to each other; `here`: the module they stand in."""

    def __init__(self, homes: Mapping[str, tuple[str, str]], here: str) -> None:
        self.homes = homes
        self.here = here
        self.templates = True
        self.ids: set[str] = set()  # types of the literal ids that it wrote

    def quoted(self, text: str) -> str:
        """A literal; outside of JSON, Terraform would take `${` for a template."""
        if "TfToken[" in text:
            raise ValueError(f"{text!r}: the CDK would take this for a token of its own")
        if self.templates:
            text = text.replace("${", "$${").replace("%{", "%%{")
        return super().quoted(text)

    def text(self, value: Any, *, indent: int = 0, before: int = 0, width: int = WIDTH) -> str:
        if isinstance(value, Json):
            # JSON without variables is text, which the construct makes safe itself.
            self.templates = any(found_in(value, Secret))
            made = super().text(value, indent=indent, before=before, width=width)
            self.templates = True
            return made
        return super().text(value, indent=indent, before=before, width=width)

    def flat(self, value: Any) -> str:
        if isinstance(value, Json):
            self.templates = any(found_in(value, Secret))
            made = super().flat(value)
            self.templates = True
            return made
        return super().flat(value)

    def special(self, value: Any) -> str | None:
        if isinstance(value, Ref):
            return self._ref(value)
        if isinstance(value, Known):
            self.ids.add(value.type)
            return f"{value.type}({self.quoted(value.text)})"
        if isinstance(value, Secret):
            name, unfilled = self.quoted(value.name), self.quoted(value.default)
            return f"reading.secret(stack, {name}, {unfilled})"
        return self.read(value)

    def _ref(self, ref: Ref) -> str:
        if ref.address == WORKSPACE:
            return "stack.this.id"
        home, name = self.homes.get(ref.address, ("modules_00", ref.address))
        at = "self" if home == self.here else f"stack.{home}" if home else "stack"
        return f"{at}.{name}.{ref.attribute}"

    def declared(self, item: Item) -> str:
        """The construct of an object."""
        definition = registry()[item.kind]
        names = definition.python_names()
        given: dict[str, Any] = {}
        for key, value in item.values.items():
            attribute = definition.attributes[key]
            flat = attribute.flat
            given[flat or names[key]] = value["id"] if flat else typed(attribute, value)
        head = f"self.{variable(item)} = {class_name(item.kind)}(\n            stack,"
        head += f'\n            "{construct_id(item)}",'
        return self.call(head, given, indent=2)


def construct_id(item: Item) -> str:
    """The id of a construct, which is also Terraform's name of the resource."""
    return f"{item.kind}_{item.name}"


def files(model: Model, beside: Beside | None = None) -> dict[str, str]:
    """The folder of an app: path -> text; `beside` code that exists, what is added to it."""
    planned, homes = placed(ordered(parts(model, Cdktf({}, "").declared, PART_LIMIT)), beside)
    names = [part.name for part in planned]
    modules = "".join(f"from {name} import {_class(name)}\n" for name in sorted(names))
    made = {"reading.py": _READING}
    if beside:
        this = (
            _THIS if any(ref.address == WORKSPACE for ref in found_in(_values(model), Ref)) else ""
        )
        made[f"{beside.head}.py"] = _ADDED.format(
            modules=("from segform_cdktf import DataWorkspace\n\n" if this else "") + modules,
            made=this + "".join(f"    stack.{name} = {_class(name)}(stack)\n" for name in names),
        )
    else:
        this = '        self.this = DataWorkspace(self, "workspace")\n'
        this = this if model.needs_workspace else ""
        made["cdktf.json"] = _CONFIGURATION
        made["main.py"] = _MAIN.format(
            modules=modules,
            needed="DataWorkspace, SegmentProvider" if this else "SegmentProvider",
            made=this + "".join(f"        self.{name} = {_class(name)}(self)\n" for name in names),
        )
    made |= {f"{part.name}.py": _module(part, homes, beside) for part in planned}
    return made | _imports(model, f"imports_{beside.head}" if beside else "imports")


def _values(model: Model) -> list[Any]:
    return [item.values for item in model.items]


def _imports(model: Model, stem: str) -> dict[str, str]:
    printer = Printer()
    lines = [
        f"  {printer.quoted(construct_id(item))}: {printer.quoted(_literal(item.import_id))},\n"
        for item in model.items
    ]
    return {
        name: "{\n" + text.rstrip(",\n") + "\n}\n"
        for name, text in paged(stem, ".json", lines).items()
    }


def _literal(text: str) -> str:
    return text.replace("${", "$${").replace("%{", "%%{")


def _names(names: list[str]) -> str:
    flat = ", ".join(names)
    if len(flat) < WIDTH - 26:
        return flat
    return "(\n" + "".join(f"    {name},\n" for name in names) + ")"


def _class(module: str) -> str:
    return "".join(word.capitalize() for word in module.split("_"))


def _module(part: Part, homes: Mapping[str, tuple[str, str]], beside: Beside | None) -> str:
    printer = Cdktf(homes, part.name)
    blocks = [printer.declared(item) for item in part.items]
    kinds = sorted({class_name(item.kind) for item in part.items} | printer.ids)
    reading = "\nimport reading\n" if any("reading." in block for block in blocks) else ""
    # A stack that people have changed has attributes that no type here knows.
    typing, stack, known = "Any", "Any", ""
    if beside is None:
        typing, stack = "TYPE_CHECKING", "Workspace"
        known = "if TYPE_CHECKING:\n    from main import Workspace\n\n\n"
    return (
        f'"""{part.name.replace("_", " ").capitalize()} of the workspace."""\n\n'
        "from __future__ import annotations\n\n"
        f"from typing import {typing}\n\n"
        f"from segform_cdktf import {_names(kinds)}\n{reading}\n{known or chr(10)}"
        f'class {_class(part.name)}:\n    """Constructs, by their names."""\n\n'
        f"    def __init__(self, stack: {stack}) -> None:\n" + "".join(blocks)
    )
