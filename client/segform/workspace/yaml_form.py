"""YAML as JSON would be: exact numbers, names as they are written, no dates; read and written.

Read by libyaml where it is there, which is ten times as fast, else by PyYAML itself: the values are
the same.
"""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any, ClassVar

import yaml

from segform.resources.exact import number

_MOST_NODES = 5_000_000
# More digits than Python writes out.
_MOST_BITS = 10_000

if TYPE_CHECKING:
    _Base = yaml.SafeLoader
else:
    _Base = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class YAMLProblem(ValueError):
    """A text that cannot be read: what is wrong, with line and column, both from 1."""

    def __init__(self, message: str, line: int = 1, column: int = 1) -> None:
        super().__init__(message)
        self.message, self.line, self.column = message, line, column


class Reading:
    """What a loader does otherwise: safe, without dates, with every key once."""

    yaml_implicit_resolvers: ClassVar[dict[str, Any]] = {
        first: [(tag, pattern) for tag, pattern in found if not tag.endswith(":timestamp")]
        for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }

    def construct_mapping(self: Any, node: Any, deep: bool = False) -> Any:
        """Keys are names, whatever they look like: `1` and `true` are two of them."""
        seen: set[str] = set()
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise _wrong("a key is no text", key)
            if key.value in seen:
                raise _wrong(f"the key {key.value!r} is there twice", key)
            seen.add(key.value)
        self.flatten_mapping(node)
        return {key.value: self.construct_object(value, True) for key, value in node.value}

    def construct_exact(self: Any, node: Any) -> Decimal:
        """The number as it is written."""
        text = self.construct_scalar(node)
        try:
            return Decimal(text.replace("_", ""))
        except ArithmeticError:
            raise _wrong(f"{text} is no number that JSON knows", node) from None


def _wrong(message: str, node: Any) -> yaml.constructor.ConstructorError:
    return yaml.constructor.ConstructorError(None, None, message, node.start_mark)


class Loader(Reading, _Base):
    """The quicker of the two that are there."""


Loader.add_constructor("tag:yaml.org,2002:float", Reading.construct_exact)


class _Dumper(yaml.SafeDumper):
    """Exact numbers; nothing is written as an alias."""

    def ignore_aliases(self, data: Any) -> bool:
        """Always: what is equal is written twice."""
        return True


def _exact(dumper: Any, value: Decimal) -> Any:
    text = number(value)
    kind = "int" if text.lstrip("-").isdigit() else "float"
    return dumper.represent_scalar(f"tag:yaml.org,2002:{kind}", text)


_Dumper.add_representer(Decimal, _exact)


def parsed(text: str, loader: Any = Loader) -> Any:
    """The value of a YAML text. Raises YAMLProblem; RecursionError at too great a depth."""
    try:
        value = yaml.load(text, Loader=loader)  # noqa: S506 - a safe one
    except yaml.MarkedYAMLError as problem:
        mark = problem.problem_mark or problem.context_mark
        at = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        raise YAMLProblem(f"it is not YAML: {problem.problem or problem}", *at) from None
    except (yaml.YAMLError, ValueError, OverflowError) as problem:
        raise YAMLProblem(f"it is not YAML: {problem}") from None
    if _size(value) > _MOST_NODES:
        raise YAMLProblem("its aliases or its numbers stand for too much")
    return value


def written(value: Any) -> str:
    """A value as YAML."""
    return str(yaml.dump(value, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=100))


def _size(value: Any) -> int:
    """How many values a document stands for once its aliases are written out."""
    sizes: dict[int, int] = {}
    pending: list[tuple[Any, bool]] = [(value, False)]
    while pending:
        item, ready = pending.pop()
        if isinstance(item, int) and item.bit_length() > _MOST_BITS:
            return _MOST_NODES + 1
        inner = (
            list(item.values())
            if isinstance(item, dict)
            else item
            if isinstance(item, list)
            else []
        )
        if not inner:
            continue
        if ready:
            sizes[id(item)] = 1 + sum(sizes.get(id(one), 1) or _MOST_NODES + 1 for one in inner)
        elif id(item) not in sizes:
            # 0 while it is open: who meets it then is inside itself.
            sizes[id(item)] = 0
            pending.append((item, True))
            pending += [(one, False) for one in inner]
    return sizes.get(id(value), 1)


@lru_cache(maxsize=8)
def _tree(text: str) -> Any:
    return yaml.compose(text, Loader=Loader)


def position(text: str, path: tuple[str | int, ...]) -> tuple[int, int]:
    """Line and column of the value at a path, or of the nearest one above it that is there."""
    node = _tree(text)
    mark = node.start_mark
    for step in path:
        found = None
        if isinstance(node.value, list) and isinstance(step, int) and step < len(node.value):
            found = node.value[step]
            found = None if isinstance(found, tuple) else found
        elif isinstance(node.value, list):
            for pair in node.value:
                if isinstance(pair, tuple) and pair[0].value == str(step):
                    found = pair[1]
                    mark = pair[0].start_mark
        if found is None:
            break
        if isinstance(step, int):
            mark = found.start_mark
        node = found
    return mark.line + 1, mark.column + 1
