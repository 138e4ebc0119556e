"""Writes `_generated/`: one typed construct per managed kind and per data source.

    python -m segform_cdktf.generate            # write
    python -m segform_cdktf.generate --check    # exit 1 when a file is not what would be written

What is written follows from the definitions alone and is formatted by ruff.
"""

from __future__ import annotations

import argparse
import keyword
import subprocess
import sys
import textwrap
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import chain
from pathlib import Path

from segform.resources import (
    Attribute,
    DataSource,
    Items,
    Nested,
    Resource,
    data_sources,
    registry,
)
from segform.resources.definition import BOOL, JSON, NUMBER, RULE_SCHEMA, SETTINGS, STRING

FOLDER = Path(__file__).parent / "_generated"
# Beside the folder: importing anything in it loads a CDK.
NAMES = "../_names.py"
IDS = "_ids.py"
# Classes that a module written by hand extends: that one is what users get.
EXTENDED = frozenset({"TrackingPlan"})

_SCALARS = {
    STRING: "str",
    BOOL: "Flag",
    NUMBER: "float",
    JSON: "Json",
    SETTINGS: "Json",
    RULE_SCHEMA: "Json",
}
# How an attribute is referred to from another construct; all else is a token without a type.
_GETTERS = {
    STRING: ("str", "get_string_attribute"),
    NUMBER: ("float", "get_number_attribute"),
    BOOL: ("IResolvable", "get_boolean_attribute"),
    JSON: ("str", "get_string_attribute"),
    SETTINGS: ("str", "get_string_attribute"),
    RULE_SCHEMA: ("str", "get_string_attribute"),
}


@cache
def kinds_with_ids() -> tuple[str, ...]:
    """Kinds that others refer to by id: their ids have a type of their own."""
    found: set[str] = set()
    for definition in (*registry().values(), *data_sources().values()):
        for item in _all(definition.attributes.values()):
            if item.type == STRING:
                found.update(_kinds_of(item))
    return tuple(sorted(found))


def _all(attributes: Iterable[Attribute]) -> Iterator[Attribute]:
    for item in attributes:
        yield item
        if isinstance(item.type, Nested):
            yield from _all(item.type.attributes)


def _kinds_of(item: Attribute) -> tuple[str, ...]:
    """The kinds whose ids an attribute takes."""
    return (item.reference,) if item.reference else item.either


def id_type(kind: str) -> str:
    """`SourceId`: the name of the type of a kind's ids."""
    return f"{registry()[kind].__name__}Id"


class Module:
    """The module of one construct, as text."""

    def __init__(self, definition: type[Resource | DataSource]) -> None:
        self.definition = definition
        self.is_resource = issubclass(definition, Resource)
        self.kind = definition.about.name
        self.name = ("" if self.is_resource else "Data") + definition.__name__
        self.file = ("" if self.is_resource else "data_") + f"{self.kind}.py"
        self._types: list[str] = []
        self._known: set[str] = set()

    def text(self) -> str:
        body = "\n".join(self._construct())
        return "\n\n".join([self._head(body), *self._types, body]) + "\n"

    def _head(self, body: str) -> str:
        written = "\n".join([*self._types, body])
        what = "construct" if self.is_resource else "data source"
        collections = [n for n in ("Mapping", "Sequence") if f"{n}[" in written]
        typing = ["ClassVar"]
        typing += [n for n in ("NotRequired", "TypedDict") if n in written]
        base = "SegmentResource" if self.is_resource else "SegmentDataSource"
        ours = [*(n for n in ("Flag", "Json") if f"{n}" in _words(written)), "MetaArguments", base]
        framework = ["IResolvable"] if "IResolvable" in _words(written) else []
        lines = [
            f'"""The {what} of `segment_{self.kind}`. Generated from its definition."""',
            "",
            "# `python -m segform_cdktf.generate` writes this file.",
            *self._suppressions(),
            "from __future__ import annotations",
            "",
        ]
        if collections:
            lines.append(f"from collections.abc import {', '.join(collections)}")
        lines += [
            f"from typing import {', '.join(sorted([*typing, 'Unpack']))}",
            "",
            "from constructs import Construct",
            "",
            f"from segform_cdktf.base import {', '.join(ours)}",
        ]
        if framework:
            lines.append(f"from segform_cdktf.framework import {', '.join(framework)}")
        ids = sorted({id_type(kind) for kind in kinds_with_ids()} & _words(written))
        if ids:
            lines += ["", f"from ._ids import {', '.join(ids)}"]
        return "\n".join(lines)

    def _suppressions(self) -> Iterator[str]:
        # Attributes keep the names that the API gives them, `id` too (`type` ruff knows of).
        if any(name == "id" for name, _, _ in self._arguments()):
            yield "# ruff: noqa: A002 - the API's names"

    def _construct(self) -> Iterator[str]:
        base = "SegmentResource" if self.is_resource else "SegmentDataSource"
        arguments = list(self._arguments())
        yield f"class {self.name}({base}):"
        yield from _indented(f'"""{self.definition.about.summary}', 4)
        yield ""
        if arguments:
            yield "    Arguments:"
            for python_name, item, _ in arguments:
                yield from _indented(f"{python_name}: {self._describe(item)}", 8, hanging=4)
        else:
            yield "    It takes no arguments of its own."
        yield '    """'
        yield ""
        yield f'    kind: ClassVar[str] = "{self.kind}"'
        yield ""
        yield "    def __init__("
        yield "        self,"
        yield "        scope: Construct,"
        yield "        id_: str,"
        if arguments:
            yield "        *,"
        for python_name, item, annotation in sorted(arguments, key=lambda a: not a[1].required):
            default = "" if item.required else " | None = None"
            yield f"        {python_name}: {annotation}{default},"
        yield "        **meta: Unpack[MetaArguments],"
        yield "    ) -> None:"
        yield "        super().__init__(scope, id_, {"
        for python_name, item, _ in arguments:
            value = f'{{"id": {python_name}}}' if item.flat else python_name
            yield f'            "{item.name}": {value},'
        yield "        }, meta)"
        for python_name, item in self._attributes():
            yield ""
            yield from self._property(python_name, item)

    def _attributes(self) -> Iterator[tuple[str, Attribute]]:
        # A data source's catalogue facts are added to its attributes without a Python name.
        own = vars(self.definition).items()
        fields = {item.name: python for python, item in own if isinstance(item, Attribute)}
        for name, item in self.definition.attributes.items():
            yield fields.get(name, f"{name}_" if keyword.iskeyword(name) else name), item

    def _arguments(self) -> Iterator[tuple[str, Attribute, str]]:
        for python_name, item in self._attributes():
            if item.echo or not item.settable:
                continue
            # Whoever looks an object up knows its id from elsewhere.
            if item.flat or item.name == "id":
                yield item.flat or python_name, item, "str"
            else:
                yield python_name, item, self._annotation(item, self.name)

    def _describe(self, item: Attribute) -> str:
        text = item.description
        if item.flat:
            text = text.replace("; only `id` is given", "")
        if item.one_of and not all(word in text for word in item.one_of):
            text += f" One of {', '.join(item.one_of)}."
        if item.replace:
            text += " A change replaces the object."
        if item.sensitive:
            text += " Secrets in it come from variables, see `secret()`."
        return text

    def _property(self, python_name: str, item: Attribute) -> Iterator[str]:
        scalar = item.type if isinstance(item.type, str) else None
        id_types = self._id_types(item)
        if len(id_types) == 1:
            annotation = id_types[0]
            call = f'{annotation}(self.get_string_attribute("{item.name}"))'
        elif scalar is not None:
            annotation, getter = _GETTERS[scalar]
            call = f'self.{getter}("{item.name}")'
        elif (
            isinstance(item.type, Items) and item.type.mode != "map" and item.type.element == STRING
        ):
            annotation, call = "list[str]", f'self.get_list_attribute("{item.name}")'
        else:
            annotation, call = "IResolvable", f'self.interpolation_for_attribute("{item.name}")'
        yield "    @property"
        yield f"    def {python_name}(self) -> {annotation}:"
        yield from _indented(f'"""{item.description}"""', 8)
        yield f"        return {call}"

    def _id_types(self, item: Attribute) -> list[str]:
        """The types of the ids that an attribute is, or holds."""
        if item.type != STRING:
            return []
        if item is self.definition.attributes.get("id") and self.kind in kinds_with_ids():
            return [id_type(self.kind)]
        return [id_type(kind) for kind in _kinds_of(item)]

    def _annotation(self, item: Attribute, prefix: str) -> str:
        type_, name = item.type, item.name
        if isinstance(type_, Items):
            element = _SCALARS[type_.element]
            return f"Mapping[str, {element}]" if type_.mode == "map" else f"Sequence[{element}]"
        if isinstance(type_, Nested):
            own = prefix + _class_name(name, plural=type_.mode in ("list", "set"))
            if own in {kind.__name__ for kind in registry().values()}:
                own += "Element"  # the name is that of a kind
            self._typed_dict(own, type_, name)
            return {
                "object": own,
                "list": f"Sequence[{own}]",
                "set": f"Sequence[{own}]",
                "map": f"Mapping[str, {own}]",
            }[type_.mode]
        return " | ".join(self._id_types(item)) or _SCALARS[type_]

    def _typed_dict(self, name: str, type_: Nested, attribute: str) -> None:
        what = f"`{attribute}`" if type_.mode == "object" else f"An element of `{attribute}`"
        lines = [f"class {name}(TypedDict):", f'    """{what}."""', ""]
        if name in self._known:
            return
        self._known.add(name)
        for item in type_.attributes:
            if not item.settable:
                continue
            annotation = self._annotation(item, name)
            wanted = annotation if item.required else f"NotRequired[{annotation}]"
            lines.append(f"    {item.name}: {wanted}")
            lines += _indented(f'"""{item.description}"""', 4)
        self._types.append("\n".join(lines))


def _words(text: str) -> set[str]:
    return set("".join(c if c.isalnum() or c == "_" else " " for c in text).split())


def _class_name(name: str, *, plural: bool) -> str:
    camel = "".join(part.capitalize() for part in name.split("_"))
    if plural and camel.endswith("ies"):
        return camel.removesuffix("ies") + "y"
    return camel.removesuffix("s") if plural else camel


def _indented(text: str, width: int, hanging: int = 0) -> list[str]:
    return textwrap.wrap(
        text,
        width=98,
        initial_indent=" " * width,
        subsequent_indent=" " * (width + hanging),
        break_on_hyphens=False,
    )


def files() -> dict[str, str]:
    """Name -> text of every file of `_generated/` and of `_names.py`, as ruff formats it."""
    modules = [Module(kind) for kind in registry().values()]
    modules += [Module(kind) for kind in data_sources().values()]
    texts = {module.file: module.text() for module in modules}
    texts[IDS] = _ids_text()
    exported: dict[str, list[str]] = {"_ids": [id_type(kind) for kind in kinds_with_ids()]}
    for module in modules:
        names = [name for name in (module.name,) if name not in EXTENDED] + [
            line.split()[1].split("(")[0]
            for line in texts[module.file].splitlines()
            if line.startswith("class ") and "(TypedDict)" in line
        ]
        exported[module.file.removesuffix(".py")] = sorted(names)
    offered = sorted({*chain(*exported.values())} - EXTENDED)
    lines = [
        '"""The constructs, one module per kind. Generated from the definitions."""',
        "",
        "# `python -m segform_cdktf.generate` writes this file.",
        "from __future__ import annotations",
        "",
        "from importlib import import_module",
        "from typing import TYPE_CHECKING, Any",
        "",
        "from segform_cdktf._names import NAMES",
        "",
        "if TYPE_CHECKING:",
        *(
            f"    from .{file} import {', '.join(names)}"
            for file, names in sorted(exported.items())
        ),
        "",
        "__all__ = [",
        *(f'    "{name}",' for name in offered),
        "]",
        "",
        "",
        "def __getattr__(name: str) -> Any:",
        "    if name not in NAMES:",
        '        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")',
        '    return getattr(import_module(f"{__name__}.{NAMES[name]}"), name)',
        "",
        "",
        "def __dir__() -> list[str]:",
        "    return sorted({*globals(), *__all__})",
    ]
    texts["__init__.py"] = "\n".join(lines) + "\n"
    texts[NAMES] = "\n".join(
        [
            '"""Names of what is generated, for a package that loads none of it. Generated."""',
            "",
            "# `python -m segform_cdktf.generate` writes this file.",
            "# Name -> the module that has it, so that an app loads what it uses.",
            "NAMES = {",
            *(
                f'    "{name}": "{file}",'
                for name, file in sorted(
                    (name, file) for file, names in exported.items() for name in names
                )
                if name in offered
            ),
            "}",
            "",
        ]
    )
    return {name: _formatted(text) for name, text in texts.items()}


def _ids_text() -> str:
    lines = [
        '"""Types of ids, so that a destination takes a source\'s id and no other. Generated."""',
        "",
        "# `python -m segform_cdktf.generate` writes this file.",
        "from __future__ import annotations",
        "",
        "from typing import NewType",
        "",
    ]
    for kind in kinds_with_ids():
        name = id_type(kind)
        lines += [
            f'{name} = NewType("{name}", str)',
            f'"""Id of a `segment_{kind}`; `{name}("…")` for one that is known."""',
            "",
        ]
    return "\n".join(lines) + "\n"


def _formatted(text: str) -> str:
    ruff = [sys.executable, "-m", "ruff"]
    name = ["--stdin-filename", str(FOLDER / "any.py")]
    for command in ([*ruff, "check", "--quiet", "--select", "I", "--fix"], [*ruff, "format"]):
        done = subprocess.run(  # noqa: S603 -- our own interpreter, fixed arguments
            [*command, *name, "-"], input=text, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise SystemExit(f"ruff cannot format what was generated:\n{done.stderr}")
        text = done.stdout
    return text


def main(arguments: list[str] | None = None) -> int:
    """Write the files, or with `--check` say which differ; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m segform_cdktf.generate", description=__doc__)
    parser.add_argument(
        "--check", action="store_true", help="write nothing, exit 1 on a difference"
    )
    options = parser.parse_args(arguments)
    wanted = files()
    there = {path.name for path in FOLDER.glob("*.py")} | {
        name for name in wanted if (FOLDER / name).exists()
    }
    present = {name: (FOLDER / name).read_text("utf-8") for name in there}
    changed = sorted(name for name in {*wanted, *present} if wanted.get(name) != present.get(name))
    if options.check:
        for name in changed:
            sys.stderr.write(f"{FOLDER.name}/{name} is stale: run make generate\n")
        return 1 if changed else 0
    FOLDER.mkdir(exist_ok=True)
    for name in changed:
        if name in wanted:
            (FOLDER / name).write_text(wanted[name], "utf-8")
        else:
            (FOLDER / name).unlink()
    return 0


if __name__ == "__main__":
    sys.exit(main())
