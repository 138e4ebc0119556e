"""Generates `segform/api/<family>.py`: a synchronous and an asynchronous class per family."""

from __future__ import annotations

import keyword
import re
import textwrap
from collections.abc import Sequence
from typing import Any

from . import arguments, words
from .facts import Contract, Facts
from .typed import Types, result_name, whole


def snake(name: str) -> str:
    """`metadataId` as `metadata_id`."""
    name = re.sub(r"([A-Z]+)([A-Z][a-z])", r"\1_\2", name)
    return re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", name).lower()


def class_of(family: str, part: str = "") -> str:
    """`tracking_plans` as `TrackingPlans`, its part `rules` as `TrackingPlansRules`."""
    return "".join(word.capitalize() for word in [*family.split("_"), *part.split("_")])


# Operation -> the one property of the body that holds all others; its fields are the arguments.
WRAPPED = {"createLabel": "label", "updateSubscriptionForDestination": "input"}
# Fields that the API demands and that have one obvious value where the caller says nothing: a new
# source is on, and `segform.api._quirks` fills in a warehouse's settings.
OPTIONAL = {
    ("createSource", "enabled"),
    ("updateWarehouse", "settings"),
    ("updateProfilesWarehouseForSpaceWarehouse", "settings"),
}
# What `segform.api._quirks` does besides, in words for the docstring.
EXTRA_NOTES = {
    "createSource": "The API names a new source by its slug: `name` is set by a second request.",
    "getWarehouse": "The API keeps the name in the settings; here it stands beside them too.",
}


class Argument:
    """One argument of a method: its Python name, the API's name, where it goes, its type."""

    def __init__(self, wire: str, place: str, kind: str, required: bool, name: str = "") -> None:
        python = name or snake(wire)
        self.name = f"{python}_" if keyword.iskeyword(python) else python
        self.wire = wire
        self.place = place
        self.kind = kind
        self.required = required

    @property
    def declared(self) -> str:
        """As it stands in the signature."""
        if self.place == "path" or self.required:
            return f"{self.name}: {self.kind}"
        kind = self.kind.removesuffix(" | None")
        null = " | None" if kind != self.kind else ""
        return f"{self.name}: {kind} | NotGiven{null} = NOT_GIVEN"


class Method:
    """One operation as a method, synchronous or asynchronous."""

    def __init__(self, op: Facts, types: Types) -> None:
        self.op = op
        self.types = types
        self.arguments = [*self._path(), *self._query(), *self._body()]

    def _path(self) -> list[Argument]:
        found = []
        for name in self.op.path_parameters:
            python = snake(name)
            if name == "id":
                before = self.op.path.split("/{id}")[0].rsplit("/", 1)[1]
                python = before.removesuffix("s").replace("-", "_") + "_id"
            found.append(Argument(name, "path", "str", True, python))
        return found

    def _query(self) -> list[Argument]:
        paging = {"pagination"} | ({"count", "cursor"} if self.op.pages == "top" else set())
        return [
            Argument(name, "query", self._kind(of), bool(of.get("required")))
            for name, of in self.op.query.items()
            if name not in paging
        ]

    def _body(self) -> list[Argument]:
        if self.op.body_name is None:
            return []
        schema = self.op.contract.schemas[self.op.body_name]
        if self.op.id in WRAPPED:
            schema = self.op.contract.schema(schema["properties"][WRAPPED[self.op.id]])
        required = schema.get("required", ())
        found = [
            Argument(name, "body", self._kind(of), self._required(name, required))
            for name, of in schema["properties"].items()
        ]
        if self.op.id == "createSource":
            found.insert(1, Argument("name", "body", "str", False))
        return found

    def _required(self, name: str, required: Sequence[str]) -> bool:
        return name in required and (self.op.id, name) not in OPTIONAL

    def _kind(self, schema: dict[str, Any]) -> str:
        kind = self.types.annotation(schema, given=False, prefix="t.")
        # A class that has a method `list` cannot say `list[…]`; any sequence will do besides.
        return re.sub(r"\blist\[", "Sequence[", kind)

    def signature(self, asynchronous: bool) -> str:
        """`def` with its arguments and result."""
        parts = ["self"]
        parts += [a.declared for a in self.arguments if a.place == "path"]
        named = [a for a in self._in_order() if a.place != "path"]
        extra: list[str] = []
        if self.op.pages:
            extra = ["limit: int | None = None", f"count: int = {min(200, self.op.max_count)}"]
        if named or extra:
            parts += ["*", *[a.declared for a in named], *extra]
        prefix = "async " if asynchronous and not self.op.pages else ""
        result = self.result(asynchronous)
        return f"    {prefix}def {self.op.verb}({', '.join(parts)}) -> {result}:\n"

    def result(self, asynchronous: bool) -> str:
        """The type of the answer."""
        op = self.op
        if whole(op) or op.beside:
            return f"t.{result_name(op)}"
        schema = op.answer[str(op.result)]
        if self.nothing:
            return "None"
        if op.pages:
            kind = self.types.annotation(schema["items"], given=True, prefix="t.")
            return f"{'Async' if asynchronous else ''}Iterator[{kind}]"
        kind = self.types.annotation(schema, given=True, prefix="t.")
        # Where a class has a method `list`, the builtin goes by its full name.
        return re.sub(r"\blist\[", "builtins.list[", kind)

    @property
    def nothing(self) -> bool:
        """Whether the answer only says that it worked."""
        answer = self.op.answer
        return self.op.result == "status" and answer["status"].get("enum") == ["SUCCESS"]

    def docstring(self) -> str:
        """Purpose, the operation behind it, limits, what arguments mean, what goes wrong."""
        op = self.op
        facts = f"`{op.id}`, `{op.method} {op.path}`: {op.stability}; limit: {words.limit(op)}."
        notes = " ".join([facts, *words.notes(op), *filter(None, [EXTRA_NOTES.get(op.id)])])
        told = [
            f"`{argument.name}`: {meaning}"
            for argument in self._in_order()
            if (meaning := arguments.meaning(op, argument.wire, argument.place == "path"))
        ]
        if op.pages:
            most = f"`count`: entries a page, {op.max_count} at most"
            told.append(f"`limit`: entries in all, None for every one; {most}")
        listed = [_filled(f"* {line}{end}", "  ") for line, end in _ends(told)]
        parts = [_filled(notes), "\n".join(listed), _filled(words.outcome(op, self.nothing))]
        text = "\n\n".join(filter(None, parts))
        return f'        """{words.purpose(op)}.\n\n{text}\n        """\n'

    def _in_order(self) -> list[Argument]:
        """The arguments as the signature has them: the path's, then what is required."""
        named = [a for a in self.arguments if a.place != "path"]
        named.sort(key=lambda a: not a.required)
        return [*[a for a in self.arguments if a.place == "path"], *named]

    def send(self, asynchronous: bool) -> str:
        """The statement that sends it."""
        op = self.op
        parts = [repr(op.id)]
        for place in ("path", "query", "body"):
            mine = [a for a in self.arguments if a.place == place]
            if mine:
                entries = ", ".join(f"{a.wire!r}: {a.name}" for a in mine)
                parts.append(f"{place}={{{entries}}}")
        if op.id in WRAPPED:
            parts.append(f"wrap={WRAPPED[op.id]!r}")
        if op.beside:
            parts.append(f"beside={tuple(op.beside)!r}")
        if op.pages:
            call = f"self._each({', '.join([*parts, 'limit=limit', 'count=count'])})"
        else:
            call = f"{'await ' if asynchronous else ''}self._call({', '.join(parts)})"
        if self.nothing:
            return f"        {call}\n"
        return f"        return cast({self.result(asynchronous)!r}, {call})\n"

    def text(self, asynchronous: bool, twin: str) -> str:
        """The method."""
        says = self.docstring()
        if asynchronous:
            how = "iterated with `async for`" if self.op.pages else "awaited"
            told = f"As `{twin}.{self.op.verb}`, which tells more; {how}."
            says = f'        """{words.purpose(self.op)}.\n\n        {told}\n        """\n'
        return self.signature(asynchronous) + says + self.send(asynchronous)


def _filled(text: str, hang: str = "") -> str:
    """A paragraph or a point of a list, as wide as a docstring of a method may be."""
    indent = " " * 8
    return textwrap.fill(
        text,
        92,
        initial_indent=indent,
        subsequent_indent=indent + hang,
        break_on_hyphens=False,
        break_long_words=False,
    )


def _ends(lines: Sequence[str]) -> list[tuple[str, str]]:
    """The points of a list with what each ends in."""
    return [(line, "." if line is lines[-1] else ";") for line in lines]


def family_module(contract: Contract, types: Types, family: str) -> str:
    """The text of a family's module, not yet formatted; imports it does not use are taken out."""
    methods = [Method(op, types) for op in contract.of_family(family)]
    says = words.FAMILIES[family]
    head = f'"""{says}.\n\nGenerated by contract/generate.py.\n"""\n\n'
    # `filter` and `input` are the API's names for these arguments.
    shadows = any(
        a.name in ("filter", "input", "id") for method in methods for a in method.arguments
    )
    head += "# ruff: noqa: A002 - the API's names\n\n" if shadows else ""
    head += (
        "from __future__ import annotations\n\n"
        "from typing import TYPE_CHECKING, Any, Literal, cast\n\n"
        "from segform.transport.given import NOT_GIVEN, NotGiven\n\n"
        "from ._family import AsyncFamily, Family\n\n"
        "if TYPE_CHECKING:\n"
        "    import builtins\n"
        "    from collections.abc import AsyncIterator, Iterator, Sequence\n"
        "    from decimal import Decimal\n\n"
        "    from . import types as t\n"
    )
    parts = sorted({"", *(method.op.part for method in methods)})  # "" is the family itself
    return head + "".join(
        _class(family, part, parts, methods, asynchronous)
        for asynchronous in (False, True)
        for part in parts
    )


def _class(
    family: str, part: str, parts: list[str], methods: list[Method], asynchronous: bool
) -> str:
    """A family, or one of its parts, as a class."""
    name = class_of(family, part)
    says = words.part_of(family, part) if part else words.FAMILIES[family]
    text = (
        f'\n\nclass Async{name}(AsyncFamily):\n    """As `{name}`, for asyncio."""\n'
        if asynchronous
        else f'\n\nclass {name}(Family):\n    """{says}."""\n'
    )
    for below in [] if part else [one for one in parts if one]:
        kind = ("Async" if asynchronous else "") + class_of(family, below)
        text += (
            f"\n    @property\n    def {below}(self) -> {kind}:\n"
            f'        """{words.part_of(family, below)}."""\n'
            f"        return {kind}(self._client)\n"
        )
    mine = [method for method in methods if method.op.part == part]
    return text + "".join("\n" + method.text(asynchronous, name) for method in mine)


def mixin_module(contract: Contract) -> str:
    """The text of `_families.py`: a property per family on the clients."""
    families = sorted(contract.families)
    text = (
        '"""The families as properties of the clients. Generated by contract/generate.py."""\n\n'
        "from __future__ import annotations\n\n"
        "from typing import TYPE_CHECKING\n\n"
        "from segform.transport.aio import AsyncClient\n"
        "from segform.transport.client import Client\n\n"
        "if TYPE_CHECKING:\n"
    )
    for family in families:
        name = class_of(family)
        text += f"    from .{family} import Async{name}, {name}\n"
    for prefix, base in (("", "Client"), ("Async", "AsyncClient")):
        text += f"\n\nclass {prefix}Families({base}):\n"
        text += '    """A client with a property per family; each is imported when it is used."""\n'
        for family in families:
            name = prefix + class_of(family)
            text += (
                f"\n    @property\n    def {family}(self) -> {name}:\n"
                f'        """{words.FAMILIES[family]}."""\n'
                f"        from .{family} import {name}\n\n"
                f"        return {name}(self)\n"
            )
    return text
