"""HCL for the provider, laid out as `terraform fmt` leaves it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from segform.resources import protected
from segform.workspace.desired import WORKSPACE, Ref

from .layout import LIMIT, paged, parts
from .model import Code, Item, Json, Model, RuleFiles, Secret, found_in
from .printing import WIDTH, Printer, escaped

_BARE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
_WORDS = ("for", "if", "null", "true", "false")
_SOURCE = "segform.internal/segform/segment"


class Hcl(Printer):
    """Values as HCL expressions."""

    trailing = ""

    def quoted(self, text: str) -> str:
        """A quoted template in which nothing is interpolated."""
        return super().quoted(text).replace("${", "$${").replace("%{", "%%{")

    def shown(self, char: str) -> str:
        return escaped(char)

    def key(self, key: str) -> str:
        return f"{self.name(key)} = "

    def name(self, key: str) -> str:
        """A key as HCL wants it: bare where it is an identifier."""
        return key if _BARE.match(key) and key not in _WORDS else self.quoted(key)

    def special(self, value: Any) -> str | None:
        if isinstance(value, Ref):
            if value.address == WORKSPACE:
                return "data.segment_workspace.this.id"
            return f"segment_{value.address}.{value.attribute}"
        if isinstance(value, Secret):
            return f"var.{value.name}"
        if isinstance(value, Code):
            return f'file("${{path.module}}/{value.path}")'
        return None

    def text(self, value: Any, *, indent: int = 0, before: int = 0, width: int = WIDTH) -> str:
        if isinstance(value, Json):
            return f"jsonencode({self.text(value.value, indent=indent, before=before + 12)})"
        if isinstance(value, RuleFiles):
            return self._rules(value.paths, indent)
        return super().text(value, indent=indent, before=before, width=width)

    def _rules(self, paths: list[str], indent: int) -> str:
        outer = self.step * indent
        read = [f'jsondecode(file("${{path.module}}/{path}"))' for path in paths]
        inner = outer + self.step
        found = read[0]
        if len(read) > 1:
            lines = "".join(f"{inner}{self.step}{one},\n" for one in read)
            found = f"merge(\n{lines}{inner})"
        tail = "key => { json_schema = jsonencode(schema) }"
        return f"{{\n{inner}for key, schema in {found} : {tail}\n{outer}}}"

    def flat(self, value: Any) -> str:
        if isinstance(value, Json):
            return f"jsonencode({self.flat(value.value)})"
        if isinstance(value, Mapping) and value:
            inner = ", ".join(self.key(key) + self.flat(one) for key, one in value.items())
            return f"{{ {inner} }}"
        return super().flat(value)

    def lines(self, value: Any, indent: int, width: int) -> list[str]:
        if isinstance(value, list):
            return [f"{one}," for one in super().lines(value, indent, width)]
        return self.entries(value, indent, width)

    def entries(
        self, value: Mapping[str, Any], indent: int, width: int, *, bare: bool = False
    ) -> list[str]:
        """Keys and values, `=` below `=` where neighbours have one line each.

        `bare`: these are arguments of a block, which are never quoted.
        """
        names = {key: key if bare else self.name(key) for key in value}
        found = [
            (
                names[key],
                self.text(one, indent=indent, before=len(names[key]) + 3, width=width),
            )
            for key, one in value.items()
        ]
        made: list[str] = []
        run: list[tuple[str, str]] = []
        for name, text in [*found, ("", "\n")]:
            if "\n" not in text:
                run.append((name, text))
                continue
            longest = max((len(one) for one, _ in run), default=0)
            made += [f"{one.ljust(longest)} = {written}" for one, written in run]
            run = []
            if name:
                made.append(f"{name} = {text}")
        return made

    def joined(self, lines: list[str], is_list: bool) -> str:
        return "\n".join(lines)


_HCL = Hcl()


def files(model: Model) -> dict[str, str]:
    """The folder of a Terraform configuration: path -> text."""
    made = {"terraform.tf": _header(model)}
    if model.secrets:
        found = {one.name: one for item in model.items for one in found_in(item.values, Secret)}
        made |= paged("variables", ".tf", [_variable(model, one) for one in found.values()])
    for part in parts(model, _resource):
        made[f"{part.name}.tf"] = "\n".join(part.blocks)
    blocks = [_import(item) for item in model.items]
    made |= paged("imports", ".tf", blocks)
    return made


def _header(model: Model) -> str:
    text = (
        "terraform {\n"
        '  required_version = ">= 1.5"\n\n'
        "  required_providers {\n"
        f'    segment = {{ source = "{_SOURCE}" }}\n'
        "  }\n}\n\n"
        'provider "segment" {\n'
        "  # What cannot come back: its deletion and replacement are refused at plan time.\n"
        f"  protect = {_HCL.flat(list(protected()))}\n"
        "}\n"
    )
    return text + ('\ndata "segment_workspace" "this" {}\n' if model.needs_workspace else "")


def _variable(model: Model, secret: Secret) -> str:
    said = {
        "description": model.secrets[secret.name],
        "type": _Bare("string"),
        "sensitive": True,
        "nullable": False,
        "default": secret.default,
    }
    lines = "".join(f"  {line}\n" for line in _Variables().entries(said, 1, 10**6))
    return f'variable "{secret.name}" {{\n{lines}}}\n\n'


class _Bare(str):
    """Text that is written as it is."""


class _Variables(Hcl):
    def special(self, value: Any) -> str | None:
        return str(value) if isinstance(value, _Bare) else super().special(value)


def _resource(item: Item) -> str:
    for width in (WIDTH, 10**6):
        lines = _HCL.entries(item.values, 1, width, bare=True)
        body = "".join(f"  {line}\n" for line in lines)
        text = f'resource "segment_{item.kind}" "{item.name}" {{\n{body}}}\n'
        if text.count("\n") < LIMIT:
            break
    return text


def _import(item: Item) -> str:
    return f"import {{\n  to = segment_{item.address}\n  id = {_HCL.quoted(item.import_id)}\n}}\n\n"


__all__ = ["Hcl", "files"]
