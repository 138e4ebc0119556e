"""YAML as JSON would be: exact numbers, no dates, no aliases."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import yaml

from segform.resources.exact import number


class _Loader(yaml.SafeLoader):
    """Numbers with a fraction are exact; a text that looks like a date stays a text."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        """Aliases can stand for more than any memory holds, and no snapshot needs them."""
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError("aliases are not read: write out what they stand for")
        return super().compose_node(parent, index)


class _Dumper(yaml.SafeDumper):
    """Exact numbers; nothing is written as an alias."""

    def ignore_aliases(self, data: Any) -> bool:
        """Always: what is equal is written twice."""
        return True


def _exact(loader: Any, node: Any) -> Any:
    text = loader.construct_scalar(node)
    try:
        return Decimal(text.replace("_", ""))
    except ArithmeticError:
        raise yaml.YAMLError(f"{text} is no number that JSON knows") from None


_Loader.add_constructor("tag:yaml.org,2002:float", _exact)
_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in found if not tag.endswith(":timestamp")]
    for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Dumper.add_representer(
    Decimal,
    lambda dumper, value: dumper.represent_scalar("tag:yaml.org,2002:float", number(value)),
)


def parsed(text: str) -> Any:
    """The value of a YAML text. Raises yaml.YAMLError."""
    return yaml.load(text, Loader=_Loader)  # noqa: S506 - a SafeLoader


def written(value: Any) -> str:
    """A value as YAML."""
    return str(yaml.dump(value, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=100))
