"""What Python source of both kinds has in common: literals, calls, modules and their order."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from segform.resources import registry
from segform.workspace.desired import Ref

from .layout import LIMIT, Part
from .model import Code, EventFolder, Item, Json, RuleFiles, found_in
from .printing import WIDTH, Printer, escaped

# Modules begin with lines of imports, and the prefix of a name can make a line two.
PART_LIMIT = LIMIT - 60


class Beside(NamedTuple):
    """Code that exists, to which other code is added in modules of its own.

    * `number`: of this addition, in the names of its modules (`added_1_sources`);
    * `homes`: address of what is there -> where new code finds it, and its name there.
    """

    number: int
    homes: Mapping[str, tuple[str, str]]

    @property
    def head(self) -> str:
        """The module that knows the others of this addition."""
        return f"added_{self.number}"


class Python(Printer):
    """Values as Python expressions, as formatters lay them out."""

    step = "    "
    trailing = ","

    def scalar(self, value: Any) -> str:
        if value is None or isinstance(value, bool):
            return repr(value)
        return super().scalar(value)

    def quoted(self, text: str) -> str:
        """A literal, in the quotation marks that need no escapes."""
        if '"' not in text or "'" in text:
            return super().quoted(text)
        return "'" + super().quoted(text.replace('"', "'"))[1:-1].replace("'", '"') + "'"

    def shown(self, char: str) -> str:
        return escaped(char)

    def text(self, value: Any, *, indent: int = 0, before: int = 0, width: int = WIDTH) -> str:
        if isinstance(value, Json):
            return self.text(value.value, indent=indent, before=before, width=width)
        return super().text(value, indent=indent, before=before, width=width)

    def flat(self, value: Any) -> str:
        return self.flat(value.value) if isinstance(value, Json) else super().flat(value)

    def read(self, value: Any) -> str | None:
        """What stands in files beside the code, as a call of the module that reads them."""
        if isinstance(value, Code):
            return f"reading.code({self.quoted(value.path)})"
        if isinstance(value, RuleFiles):
            return f"reading.rules({', '.join(map(self.quoted, value.paths))})"
        if isinstance(value, EventFolder):
            return f"reading.events({self.quoted(value.path)})"
        return None

    def call(self, head: str, given: Mapping[str, Any], tail: str = "", indent: int = 0) -> str:
        """A call with an argument a line; `head` is what stands before them, with its bracket."""
        for width in (WIDTH, 10**6):
            inner = self.step * (indent + 1)
            lines = [
                f"{inner}{name}="
                + self.text(one, indent=indent + 1, before=len(name) + 2, width=width)
                + ",\n"
                for name, one in given.items()
            ]
            made = f"{self.step * indent}{head}\n{''.join(lines)}{self.step * indent}){tail}\n"
            if made.count("\n") < PART_LIMIT:
                break
        return made


def placed(
    planned: list[Part], beside: Beside | None
) -> tuple[list[Part], dict[str, tuple[str, str]]]:
    """Modules under the names that they get, and where each object is: module and variable."""
    if beside:
        planned = [part._replace(name=f"{beside.head}_{part.name}") for part in planned]
    homes = dict(beside.homes) if beside else {}
    homes |= {item.address: (part.name, variable(item)) for part in planned for item in part.items}
    return planned, homes


def class_name(kind: str) -> str:
    """The class of a kind."""
    return registry()[kind].__name__


def variable(item: Item) -> str:
    """The name of an object in its module, which has one kind in it or several."""
    return f"{item.kind}_{item.name}" if item.team else item.name


def ordered(parts: list[Part]) -> list[Part]:
    """Modules after those that they refer to. Raises ValueError where teams refer to each other."""
    from graphlib import CycleError, TopologicalSorter

    homes = {item.address: part.name for part in parts for item in part.items}
    graph = {
        part.name: {
            homes[ref.address]
            for item in part.items
            for ref in found_in(item.values, Ref)
            # What is there already comes first anyhow.
            if ref.address in homes and homes[ref.address] != part.name
        }
        for part in parts
    }
    try:
        order = list(TopologicalSorter(graph).static_order())
    except CycleError as problem:
        raise ValueError(
            f"these would import each other: {', '.join(problem.args[1])}. Split by kind instead."
        ) from None
    by_name = {part.name: part for part in parts}
    return [by_name[name] for name in order]
