"""For the tests of an app: what its constructs become, object by object.

    stack = Testing.stack()
    Shop(stack)                                  # your constructs
    found = Testing.synth(stack)
    web = found.resource("source", slug="web")
    assert web["settings"]["websiteUrl"] == "https://shop.example"
    found.assert_count("destination", 2)
    assert not found.warnings

Nothing is written but into a temporary folder, and neither Terraform nor a network is needed. It is
the same for cdktf (archived December 2025) and cdktn.
"""

from __future__ import annotations

import atexit
import json
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, cast

from segform.resources import Attribute, Nested, data_sources, registry
from segform.resources.definition import JSON, RULE_SCHEMA, SETTINGS

from . import framework
from .framework import TerraformStack

_TYPE_PREFIX = "segment_"


@cache
def _folder() -> str:
    """Where the apps of a process are; it is removed when Python ends."""
    made = tempfile.mkdtemp(prefix="segform-")
    atexit.register(shutil.rmtree, made, ignore_errors=True)
    return made


class Testing:
    """What tests of constructs need; `Testing.synth(stack)` is the heart of it."""

    __test__ = False  # pytest takes it for no test

    @staticmethod
    def stack(name: str = "stack") -> TerraformStack:
        """An empty stack in an app of its own, with a folder that goes when Python ends."""
        app = framework.Testing.app(outdir=tempfile.mkdtemp(dir=_folder()))
        return TerraformStack(app, name)

    @staticmethod
    def synth(stack: TerraformStack) -> Synthesized:
        """What a stack becomes, with the warnings and errors of its constructs.

        Raises what the constructs raise: `TypeError` and `ValueError` for what cannot be written.
        """
        text = framework.Testing.synth(stack)
        return Synthesized(json.loads(text), *_annotations(stack))


class Synthesized:
    """The configuration of a stack.

    * `json`: all of it, as Terraform gets it;
    * `warnings`, `errors`: what the constructs said, each behind its construct's path.
    """

    __test__ = False

    def __init__(
        self, configuration: dict[str, Any], warnings: list[str], errors: list[str]
    ) -> None:
        self.json = configuration
        self.warnings = warnings
        self.errors = errors

    def resources(self, kind: str) -> dict[str, dict[str, Any]]:
        """Terraform's name -> values of all objects of a kind (`source`, or `segment_source`).

        JSON attributes are Python values, where Terraform does not have to compute them. Raises
        `KeyError` for a kind that there is not.
        """
        name = kind.removeprefix(_TYPE_PREFIX)
        return self._all("resource", name, registry()[name].attributes)

    def data(self, kind: str) -> dict[str, dict[str, Any]]:
        """The same of data sources."""
        name = kind.removeprefix(_TYPE_PREFIX)
        return self._all("data", name, data_sources()[name].attributes)

    def resource(self, kind: str, **wanted: Any) -> dict[str, Any]:
        """The one object of a kind with these values: `resource("source", slug="web")`.

        Raises `AssertionError`, which names what there is, where there is none or more than one.
        """
        return self.resources(kind)[self._name(kind, wanted)]

    def reference(self, kind: str, attribute: str = "id", /, **wanted: Any) -> str:
        """How others refer to it: `reference("source", slug="web")` is `${segment_source.web.id}`.

        Compare `source_id` of a destination with it.
        """
        name = kind.removeprefix(_TYPE_PREFIX)
        return f"${{{_TYPE_PREFIX}{name}.{self._name(kind, wanted)}.{attribute}}}"

    def assert_count(self, kind: str, count: int, **wanted: Any) -> None:
        """Assert how many objects of a kind have these values."""
        found = self._names(kind, wanted)
        if len(found) != count:
            raise AssertionError(
                f"{len(found)} of {_told(kind, wanted)} in place of {count}: {self._there(kind)}"
            )

    def assert_none(self, kind: str, **wanted: Any) -> None:
        """Assert that there is no object of a kind with these values."""
        self.assert_count(kind, 0, **wanted)

    def _all(
        self, block: str, kind: str, attributes: Mapping[str, Attribute]
    ) -> dict[str, dict[str, Any]]:
        found = self.json.get(block, {}).get(_TYPE_PREFIX + kind, {})
        return {
            name: {
                key: _read(attributes[key], value) if key in attributes else value
                for key, value in values.items()
                if key != "//"
            }
            for name, values in found.items()
        }

    def _names(self, kind: str, wanted: Mapping[str, Any]) -> list[str]:
        return [
            name
            for name, values in self.resources(kind).items()
            if all(_value(values, key) == value for key, value in wanted.items())
        ]

    def _name(self, kind: str, wanted: Mapping[str, Any]) -> str:
        found = self._names(kind, wanted)
        if len(found) != 1:
            how_many = "no" if not found else f"more than one ({', '.join(found)})"
            raise AssertionError(f"{how_many} {_told(kind, wanted)}: {self._there(kind)}")
        return found[0]

    def _there(self, kind: str) -> str:
        names = ", ".join(self.resources(kind)) or "none"
        return f"of {kind} there is {names}"


def _value(values: Mapping[str, Any], key: str) -> Any:
    """A value by the name that it has in Python: `metadata_id`, `when`."""
    if key in values:
        return values[key]
    if key == "when":
        return values.get("if")
    inside = values.get(key.removesuffix("_id")) if key.endswith("_id") else None
    return cast("dict[str, Any]", inside).get("id") if isinstance(inside, dict) else None


def _told(kind: str, wanted: Mapping[str, Any]) -> str:
    told = ", ".join(f"{key}={value!r}" for key, value in wanted.items())
    return f"{kind}({told})"


def _read(item: Attribute, value: Any) -> Any:
    if isinstance(item.type, Nested):
        inner = {one.name: one for one in item.type.attributes}
        return _read_nested(item.type, inner, value)
    if item.type in (JSON, SETTINGS, RULE_SCHEMA) and isinstance(value, str):
        if "${" in value.replace("$${", ""):
            return value  # Terraform writes it
        try:
            return json.loads(value.replace("$${", "${").replace("%%{", "%{"))
        except ValueError:
            return value
    return value


def _read_nested(type_: Nested, inner: Mapping[str, Attribute], value: Any) -> Any:
    if isinstance(value, list):
        elements = cast("Sequence[Any]", value)
        return [_read_nested(type_, inner, one) for one in elements]
    if not isinstance(value, dict):
        return value
    entries = cast("dict[str, Any]", value)
    if type_.mode == "map" and not set(entries) <= set(inner):
        return {key: _read_nested(type_, inner, one) for key, one in entries.items()}
    return {key: _read(inner[key], one) if key in inner else one for key, one in entries.items()}


def _annotations(stack: TerraformStack) -> tuple[list[str], list[str]]:
    warnings: list[str] = []
    errors: list[str] = []
    for construct in stack.node.find_all():
        for entry in construct.node.metadata:
            kind = str(entry.type).rpartition("/")[2]
            if kind in ("warn", "error"):
                found = warnings if kind == "warn" else errors
                found.append(f"{construct.node.path}: {entry.data}")
    return warnings, errors
