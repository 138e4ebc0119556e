"""The contract as the generators read it: operations with what follows from their schemas."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "contract" / "segment-public-api.json"


class Contract:
    """The contract file, with the questions that generators ask of it."""

    def __init__(self, path: Path = SOURCE) -> None:
        self.document: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        self.schemas: dict[str, Any] = self.document["$defs"]
        self.families: dict[str, str] = self.document["families"]
        self.operations = [
            Facts(self, op_id, entry) for op_id, entry in self.document["operations"].items()
        ]

    def of_family(self, family: str) -> list[Facts]:
        """The operations of one family: list, get, create, update, delete first, then by name."""
        order = {"list": 0, "get": 1, "create": 2, "update": 3, "delete": 4}
        mine = [op for op in self.operations if op.family == family]
        return sorted(mine, key=lambda op: (op.part, order.get(op.verb, 9), op.verb))

    def schema(self, value: dict[str, Any]) -> dict[str, Any]:
        """`value`, or the schema it refers to."""
        while "$ref" in value:
            value = self.schemas[reference(value)]
        return value


class Facts:
    """One operation, and what its schemas say about how it is called."""

    def __init__(self, contract: Contract, op_id: str, entry: dict[str, Any]) -> None:
        self.contract = contract
        self.id = op_id
        self.entry = entry
        self.family: str = entry["family"]
        self.call: str = entry["call"]
        self.method: str = entry["method"]
        self.path: str = entry["path"]
        self.stability: str = entry["stability"]
        self.effect: str = entry["effect"]
        self.status: int = entry.get("status", 200)
        self.limits: list[dict[str, Any]] = entry.get("limits", [])
        self.query: dict[str, dict[str, Any]] = entry.get("query", {})
        self.body_name: str | None = entry.get("body")
        self.answer_name: str = entry["answer"]

    @property
    def part(self) -> str:
        """What of the family it is about: `rules` of `tracking_plans`, "" for the plans."""
        return self.call.rpartition(".")[0]

    @property
    def verb(self) -> str:
        """The name of its method."""
        return self.call.rpartition(".")[2]

    @property
    def path_parameters(self) -> list[str]:
        """Names in the path, in their order."""
        parts = self.path.split("{")[1:]
        return [part.split("}")[0] for part in parts]

    @property
    def body(self) -> dict[str, bool]:
        """Fields of the body, and whether they are required."""
        if self.body_name is None:
            return {}
        schema = self.contract.schemas[self.body_name]
        required = set(schema.get("required", ()))
        return {name: name in required for name in schema.get("properties", {})}

    @property
    def answer(self) -> dict[str, Any]:
        """Properties of the envelope's `data`, without the paging facts."""
        properties = self.contract.schemas[self.answer_name].get("properties", {})
        return {
            name: of for name, of in properties.items() if not name.lower().endswith("pagination")
        }

    @property
    def result(self) -> str | None:
        """The one property of `data` that is the answer; None where the answer is all of it."""
        answer = self.answer
        if self.pages:
            lists = [name for name, of in answer.items() if of.get("type") == "array"]
            return lists[0]
        if len(answer) == 1:
            return next(iter(answer))
        if self.beside:
            return next(name for name in answer if name not in self.beside)
        return None

    @property
    def beside(self) -> list[str]:
        """Facts that the API puts beside a single object instead of in it."""
        if self.method != "GET" or not self.path.endswith("}"):
            return []
        objects = [n for n, of in self.answer.items() if "$ref" in of]
        others = [n for n in self.answer if n not in objects]
        return others if len(objects) == 1 else []

    @property
    def pages(self) -> str:
        """How it is paged: `pagination`, `top` (count and cursor by themselves) or not at all."""
        if not self.entry.get("pages"):
            return ""
        if "pagination" in self.query:
            return "pagination"
        return "top" if "cursor" in self.query else ""

    @property
    def max_count(self) -> int:
        """The largest page; 0 where there are no pages."""
        if not self.pages:
            return 0
        if self.pages == "top":
            return int(self.query["count"].get("maximum", 100))
        schema = self.contract.schema(self.query["pagination"])
        return int(schema["properties"]["count"]["maximum"])


def reference(schema: dict[str, Any]) -> str:
    """The name a `$ref` points at."""
    return str(schema["$ref"]).rsplit("/", 1)[1]
