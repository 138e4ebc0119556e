"""The examples of the reference, each told once and printed as HCL and as Python.

An example is one object, or the few that it takes. Examples refer to each other, so that all of
them are one configuration: the tests hand it to Terraform, and the Python to the type checkers. A
kind without an example gets one made of its required attributes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from reference_objects import FUNCTIONS, LOOK_UPS, PYTHON, PYTHON_FUNCTIONS, RESOURCES, Object
from segform.export.cdktf import Cdktf, typed
from segform.export.hcl import Hcl
from segform.export.model import Json, Secret
from segform.resources import data_sources, registry
from segform.resources.definition import BOOL, NUMBER, STRING, Attribute, Items, Nested
from segform.workspace.desired import Ref


def objects_of(kind: str) -> list[Object]:
    """The example of a kind; the last object is the one that it is about."""
    return RESOURCES.get(kind) or [made_up(kind)]


def made_up(kind: str) -> Object:
    """An object with its required attributes."""
    required = [item for item in registry()[kind].attributes.values() if item.required]
    return Object(kind, kind, {item.name: _stand_in(item) for item in required})


def _stand_in(item: Attribute) -> Any:
    kinds = (item.reference,) if item.reference else item.either
    if kinds and item.type == STRING:
        return Ref(f"{kinds[0]}.{objects_of(kinds[0])[-1].name}")
    if item.one_of:
        return item.one_of[0]
    if isinstance(item.type, Items):
        return {} if item.type.mode == "map" else []
    if isinstance(item.type, Nested):
        inside = {one.name: _stand_in(one) for one in item.type.attributes if one.required}
        return {"object": inside, "map": {"a": inside}}.get(item.type.mode, [inside])
    return {STRING: "a", BOOL: True, NUMBER: 1}.get(item.type, Json({}))


def of_data_source(kind: str) -> Object:
    """The example of a data source."""
    return Object(kind, "found", LOOK_UPS.get(kind, {}), data=True)


class _Terraform(Hcl):
    def special(self, value: Any) -> str | None:
        if isinstance(value, Ref) and value.address.startswith("data."):
            return f"data.segment_{value.address[5:]}.{value.attribute}"
        return super().special(value)


def hcl(objects: Iterable[Object]) -> str:
    """Objects as HCL, laid out as `terraform fmt` leaves it."""
    printer = _Terraform()
    blocks: list[str] = []
    for one in objects:
        what = "data" if one.data else "resource"
        lines = printer.entries(one.values, 1, 88, bare=True)
        body = "".join(f"  {line}\n" for line in lines)
        inside = f"{{\n{body}}}" if body else "{}"
        blocks.append(f'{what} "segment_{one.kind}" "{one.name}" {inside}\n')
    return "\n".join(blocks)


class _Constructs(Cdktf):
    """Python as people write it in a stack, where `self` is the stack."""

    def __init__(self) -> None:
        super().__init__({}, "")
        self.secrets: set[str] = set()

    def special(self, value: Any) -> str | None:
        if isinstance(value, Ref):
            return f"{value.address.rpartition('.')[2]}.{value.attribute}"
        if isinstance(value, Secret):
            self.secrets.add(value.name)
            return f'secret(self, "{value.name}")'
        return super().special(value)


def python(objects: Iterable[Object]) -> str:
    """Objects as constructs."""
    printer = _Constructs()
    made: list[str] = []
    classes: set[str] = set()
    for one in objects:
        definition = (data_sources() if one.data else registry())[one.kind]
        name = ("Data" if one.data else "") + definition.__name__
        classes.add(name)
        if not one.values:
            made.append(f'{one.name} = {name}(self, "{one.name}")\n')
            continue
        head = f'{one.name} = {name}(\n    self,\n    "{one.name}",'
        made.append(printer.call(head, _arguments(definition, one.values)))
    helpers = {"secret"} if printer.secrets else set()
    return f"{_import(classes | printer.ids | helpers)}\n\n" + "".join(made)


def _import(names: set[str]) -> str:
    flat = f"from segform_cdktf import {', '.join(sorted(names))}"
    if len(flat) <= 88:
        return flat
    return "from segform_cdktf import (\n" + "".join(f"    {n},\n" for n in sorted(names)) + ")"


def _arguments(definition: Any, values: Mapping[str, Any]) -> dict[str, Any]:
    names = definition.python_names()
    found: dict[str, Any] = {}
    for key, value in values.items():
        item = definition.attributes[key]
        if item.flat:
            found[item.flat] = value["id"]
        else:
            found[names.get(key, key)] = value if isinstance(value, Ref) else typed(item, value)
    return found


def of_resource(kind: str) -> tuple[str, str]:
    """HCL and Python of a kind."""
    objects = objects_of(kind)
    return hcl(objects), PYTHON.get(kind) or python(objects)


def everything_hcl() -> str:
    """All examples as one configuration, with the variables that they ask for."""
    texts = [of_resource(kind)[0] for kind in registry()]
    for kind in data_sources():
        one = of_data_source(kind)
        texts.append(hcl([one._replace(name=f"found_{kind}")]))
    texts += FUNCTIONS.values()
    texts += [
        f'variable "{name}" {{\n  type      = string\n  sensitive = true\n  default   = "a"\n}}\n'
        for name in sorted(set(_secrets()))
    ]
    return "\n".join(texts)


def everything_python() -> str:
    """All examples as one app, which is the stack's constructor."""
    bodies = [of_resource(kind)[1] for kind in registry()]
    bodies += [
        python([of_data_source(kind)._replace(name=f"found_{kind}")]) for kind in data_sources()
    ]
    bodies += PYTHON_FUNCTIONS.values()
    imports: set[str] = set()
    code: list[str] = []
    for body in bodies:
        inside = False
        for line in body.splitlines():
            if inside or line.startswith("from segform"):
                inside = (inside or line.endswith("(")) and line != ")"
                words = line.removeprefix("from segform_cdktf import").strip(" (),")
                if line.startswith("from segform import"):
                    continue
                imports |= {word.strip() for word in words.split(",") if word.strip()}
            else:
                code.append(f"        {line}".rstrip())
    names = "".join(f"    {name},\n" for name in sorted({*imports, "SegmentProvider"}))
    return (
        '"""The Python of the reference, all of it in one stack."""\n\n'
        "# pyright: reportUnusedVariable=false\n"
        "from __future__ import annotations\n\n"
        "from constructs import Construct\n\nfrom segform import fql\n"
        f"from segform_cdktf import (\n{names})\n"
        "from segform_cdktf.framework import App, TerraformStack\n\n\n"
        "class Reference(TerraformStack):\n"
        '    """One of each."""\n\n'
        "    def __init__(self, scope: Construct, id_: str) -> None:\n"
        "        super().__init__(scope, id_)\n"
        '        SegmentProvider(self, "segment")\n' + "\n".join(code) + "\n\n\n"
        'if __name__ == "__main__":\n    app = App()\n    Reference(app, "reference")\n'
        "    app.synth()\n"
    )


def _secrets() -> Iterator[str]:
    for objects in RESOURCES.values():
        for one in objects:
            for value in one.values.values():
                inner = value.values() if isinstance(value, dict) else ()
                yield from {item.name for item in inner if isinstance(item, Secret)}
