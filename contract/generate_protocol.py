"""Makes the descriptor of Terraform's plugin protocol 6 from its facts.

    python -m contract.generate_protocol [--check]

`terraform-plugin-protocol-6.json` says which messages there are, with the number and type of each
field. The provider builds its message classes from the descriptor at run time, so no generated
message code ties it to one version of protobuf; only what the served calls reach goes in.
"""

from __future__ import annotations

import base64
import json
import sys
import textwrap
from pathlib import Path
from typing import Any

from google.protobuf import descriptor_pb2

HERE = Path(__file__).parent
FACTS = HERE / "terraform-plugin-protocol-6.json"
TARGET = HERE.parent / "provider" / "segform_provider" / "protocol" / "facts.py"

# The calls that the provider answers; Terraform takes "unimplemented" for all others.
SERVED = (
    "GetMetadata",
    "GetProviderSchema",
    "GetResourceIdentitySchemas",
    "UpgradeResourceIdentity",
    "ValidateProviderConfig",
    "ValidateResourceConfig",
    "ValidateDataResourceConfig",
    "UpgradeResourceState",
    "MoveResourceState",
    "ConfigureProvider",
    "StopProvider",
    "ReadResource",
    "ImportResourceState",
    "ReadDataSource",
    "PlanResourceChange",
    "ApplyResourceChange",
    "GetFunctions",
    "CallFunction",
)

_Field = descriptor_pb2.FieldDescriptorProto
_SCALARS = {
    "string": _Field.TYPE_STRING,
    "bytes": _Field.TYPE_BYTES,
    "bool": _Field.TYPE_BOOL,
    "int64": _Field.TYPE_INT64,
}


def reachable(facts: dict[str, Any]) -> list[str]:
    """The messages that the served calls need, in the order of the facts."""
    todo = [name for call in SERVED for name in facts["calls"][call]]
    found: set[str] = set()
    while todo:
        name = todo.pop()
        if name in found or name not in facts["messages"]:
            continue
        found.add(name)
        todo += [spec.split(" in ")[0].split()[-1] for spec in facts["messages"][name].values()]
        if "." in name:
            todo.append(name.rpartition(".")[0])
    return [name for name in facts["messages"] if name in found]


class Builder:
    """One file descriptor, made message by message."""

    def __init__(self, facts: dict[str, Any]) -> None:
        self.facts = facts
        self.file = descriptor_pb2.FileDescriptorProto(
            name="tfplugin6.proto", package=facts["package"], syntax="proto3"
        )
        self.made: dict[str, descriptor_pb2.DescriptorProto] = {}

    def build(self) -> bytes:
        """The serialized descriptor."""
        for name in sorted(reachable(self.facts), key=lambda n: n.count(".")):
            self.message(name)
        for name, values in self.facts["enums"].items():
            self.enum(name, values)
        return self.file.SerializeToString(deterministic=True)

    def message(self, name: str) -> None:
        """One message with its fields."""
        parent, _, own = name.rpartition(".")
        where = self.made[parent].nested_type if parent else self.file.message_type
        made = where.add(name=own)
        self.made[name] = made
        choices: list[str] = []
        for field, spec in self.facts["messages"][name].items():
            self.field(name, made, field, spec, choices)

    def field(
        self,
        name: str,
        made: descriptor_pb2.DescriptorProto,
        field: str,
        spec: str,
        choices: list[str],
    ) -> None:
        """One field: `2 repeated Diagnostic`, `1 string in selector`, `3 map Schema`."""
        body, _, choice = spec.partition(" in ")
        number, *words, kind = body.split()
        target = made.field.add(name=field, number=int(number), json_name=_camel(field))
        target.label = _Field.LABEL_REPEATED if words else _Field.LABEL_OPTIONAL
        if "map" in words:
            self._map(name, made, field, kind, target)
            return
        if "optional" in words:
            target.label = _Field.LABEL_OPTIONAL
            target.proto3_optional = True
            choice = f"_{field}"
        self._type(target, kind)
        if choice:
            if choice not in choices:
                choices.append(choice)
                made.oneof_decl.add(name=choice)
            target.oneof_index = choices.index(choice)

    def _map(
        self,
        name: str,
        made: descriptor_pb2.DescriptorProto,
        field: str,
        kind: str,
        target: descriptor_pb2.FieldDescriptorProto,
    ) -> None:
        entry = made.nested_type.add(name=f"{_camel(field)[:1].upper()}{_camel(field)[1:]}Entry")
        entry.options.map_entry = True
        key = entry.field.add(name="key", number=1, label=_Field.LABEL_OPTIONAL)
        self._type(key, "string")
        value = entry.field.add(name="value", number=2, label=_Field.LABEL_OPTIONAL)
        self._type(value, kind)
        target.type = _Field.TYPE_MESSAGE
        target.type_name = f".{self.file.package}.{name}.{entry.name}"

    def _type(self, target: descriptor_pb2.FieldDescriptorProto, kind: str) -> None:
        if kind in _SCALARS:
            target.type = _SCALARS[kind]
            return
        enum = kind in self.facts["enums"]
        target.type = _Field.TYPE_ENUM if enum else _Field.TYPE_MESSAGE
        target.type_name = f".{self.file.package}.{kind}"

    def enum(self, name: str, values: dict[str, int]) -> None:
        """An enum, inside the message that it belongs to."""
        parent, _, own = name.rpartition(".")
        if parent and parent not in self.made:
            return
        made = (self.made[parent].enum_type if parent else self.file.enum_type).add(name=own)
        for value, number in values.items():
            made.value.add(name=value, number=number)


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)


def rendered() -> str:
    """The generated module."""
    facts = json.loads(FACTS.read_text(encoding="utf-8"))
    text = base64.b85encode(Builder(facts).build()).decode()
    lines = "\n".join(f'    "{line}"' for line in textwrap.wrap(text, 92, break_on_hyphens=False))
    calls = "\n".join(f'    "{name}",' for name in SERVED)
    return (
        '"""Terraform\'s plugin protocol 6, made of contract/terraform-plugin-protocol-6.json.\n\n'
        'Do not edit: `make generate` writes it.\n"""\n\n'
        "from __future__ import annotations\n\n"
        f'PACKAGE = "{facts["package"]}"\n'
        "# The calls that the provider answers.\n"
        f"CALLS = (\n{calls}\n)\n"
        "# The serialized descriptor of the messages that they need, in base 85.\n"
        f"DESCRIPTOR = (\n{lines}\n)\n"
    )


def main() -> int:
    """Write the module, or with `--check` say whether it is as it has to be."""
    text = rendered()
    if "--check" in sys.argv[1:]:
        if TARGET.read_text(encoding="utf-8") == text:
            return 0
        print(f"{TARGET.name} is not what `make generate` writes", file=sys.stderr)
        return 1
    TARGET.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
