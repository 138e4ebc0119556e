"""What code in Python that exists declares: found by its syntax, never run.

Seen are objects that stand there as the exports write them, wherever they were moved: a variable
of a module (`web = Source(…)`), or an attribute that is made with a construct of a literal id
(`self.web = Source(stack, "source_web", …)`). What is computed, in a loop or by a function, is not.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from segform.resources import registry

from .pythonic import class_name

# Who declares the classes of the kinds, for the engine and as constructs.
_HOMES = ("segform", "segform_cdktf")


class Place(NamedTuple):
    """Where an object stands: its file, and how new code reaches it.

    `home`: the module of a variable; of a construct the attribute of the stack that has it, and ""
    where the stack has it itself; None where it cannot be reached. `name`: the variable;
    `construct`: the id of a construct.
    """

    file: str
    home: str | None
    name: str
    construct: str = ""


class Standing(NamedTuple):
    """The declared objects by their addresses, and the text of each file."""

    places: dict[str, Place]
    texts: dict[str, str]


def modules(folder: Path) -> Standing:
    """Objects of the engine. Raises ValueError for a file that is no Python."""
    texts, trees = _read(folder)
    places = {}
    for file, tree in trees.items():
        classes = _classes(tree)
        for node in tree.body:
            for target, call in _assigned(node):
                kind = classes.get(_called(call))
                if kind and isinstance(target, ast.Name):
                    module = file.removesuffix(".py")
                    places[f"{kind}.{target.id}"] = Place(file, module, target.id)
    return Standing(places, texts)


def constructs(folder: Path) -> Standing:
    """Constructs, by the names that they have in Terraform. Raises ValueError as `modules`."""
    texts, trees = _read(folder)
    # Class -> the attribute of the stack that has one.
    attributes: dict[str, str] = {}
    found: list[tuple[str, str, str, str, str]] = []
    stacks: set[str] = set()
    for file, tree in trees.items():
        classes = _classes(tree)
        for owner, node in _bodies(tree):
            for target, call in _assigned(node):
                if not isinstance(target, ast.Attribute) or not isinstance(target.value, ast.Name):
                    continue
                kind, own = classes.get(_called(call)), _literal_id(call)
                if kind and own:
                    found.append((kind, own, file, owner, target.attr))
                elif not kind and _only_takes_the_stack(call):
                    attributes[_called(call)] = target.attr
                    stacks.add(owner)
    places = {}
    for kind, own, file, owner, name in found:
        home = "" if owner in stacks and owner not in attributes else attributes.get(owner)
        places[address_of(kind, own)] = Place(file, home, name, own)
    return Standing(places, texts)


def address_of(kind: str, construct_id: str) -> str:
    """The address of a construct: the exports name it by kind and name."""
    return f"{kind}.{construct_id.removeprefix(f'{kind}_')}"


def kind_of(construct_id: str) -> str:
    """The kind that the exports' name of a construct begins with; "" for none."""
    fitting = [kind for kind in registry() if construct_id.startswith(f"{kind}_")]
    return max(fitting, key=len, default="")


def _read(folder: Path) -> tuple[dict[str, str], dict[str, ast.Module]]:
    texts, trees = {}, {}
    for path in sorted(folder.glob("*.py")):
        text = path.read_text(encoding="utf-8", errors="replace")
        try:
            trees[path.name] = ast.parse(text)
        except (SyntaxError, ValueError, RecursionError, MemoryError) as problem:
            line = getattr(problem, "lineno", None)
            where = f", line {line}" if line else ""
            raise ValueError(f"{path}{where}: it is no Python: {problem}") from None
        texts[path.name] = text
    return texts, trees


def _classes(tree: ast.Module) -> dict[str, str]:
    """Names that a module has for the classes of kinds -> kind."""
    kinds = {class_name(kind): kind for kind in registry()}
    found: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in _HOMES:
            for name in node.names:
                if name.name in kinds:
                    found[name.asname or name.name] = kinds[name.name]
        elif isinstance(node, ast.Import):
            for name in node.names:
                if name.name.split(".")[0] in _HOMES:
                    prefix = name.asname or name.name
                    found |= {f"{prefix}.{one}": kind for one, kind in kinds.items()}
    return found


def _bodies(tree: ast.Module) -> Iterator[tuple[str, ast.stmt]]:
    """Statements of functions, with the class that they are in; "" for a bare function."""
    for node in tree.body:
        if isinstance(node, ast.ClassDef):
            for inner in ast.walk(node):
                if isinstance(inner, ast.stmt):
                    yield node.name, inner
        elif isinstance(node, ast.FunctionDef):
            for inner in ast.walk(node):
                if isinstance(inner, ast.stmt):
                    yield "", inner


def _assigned(node: ast.stmt) -> Iterator[tuple[ast.expr, ast.Call]]:
    if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call):
        for target in node.targets:
            yield target, node.value
    elif isinstance(node, ast.AnnAssign) and isinstance(node.value, ast.Call):
        yield node.target, node.value


def _called(call: ast.Call) -> str:
    parts = []
    node: ast.expr = call.func
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return ".".join([node.id, *reversed(parts)]) if isinstance(node, ast.Name) else ""


def _literal_id(call: ast.Call) -> str:
    given = call.args[1] if len(call.args) > 1 else None
    return given.value if isinstance(given, ast.Constant) and isinstance(given.value, str) else ""


def _only_takes_the_stack(call: ast.Call) -> bool:
    [*given] = call.args
    stack = len(given) == 1 and isinstance(given[0], ast.Name) and given[0].id in ("self", "stack")
    return stack and not call.keywords


def reachable(places: Mapping[str, Place]) -> dict[str, tuple[str, str]]:
    """Home and name of each object that new code can refer to."""
    return {at: (one.home, one.name) for at, one in places.items() if one.home is not None}
