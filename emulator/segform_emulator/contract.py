"""The contract: which operation a request is, and whether requests and answers keep to it."""

from __future__ import annotations

import json
import re
from functools import cache, lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import jsonschema_rs

from .errors import Fault, invalid

# The contract limits every path parameter to this.
LONGEST_ID = 255

_FILE = Path(__file__).with_name("contract.json")


@cache
def document() -> dict[str, Any]:
    """The whole contract."""
    found: dict[str, Any] = json.loads(_FILE.read_text(encoding="utf-8"))
    return found


class Operation:
    """One operation, with its path as a pattern."""

    def __init__(self, op_id: str, facts: dict[str, Any]) -> None:
        self.id = op_id
        self.family: str = facts["family"]
        self.method: str = facts["method"]
        self.path: str = facts["path"]
        self.status: int = facts.get("status", 200)
        self.effect: str = facts["effect"]
        self.reads: bool = self.effect == "read"
        self.permissions: frozenset[str] = frozenset(facts.get("permissions", ()))
        self.body: str | None = facts.get("body")
        self.bodies: dict[str, str] = facts.get("bodies", {})
        self.answer: str | None = facts.get("answer")
        self.query: dict[str, Any] = facts.get("query", {})
        self.stability: str = facts["stability"]
        self.versions: list[str] = facts["versions"]
        self.feature: str | None = facts.get("feature")
        self.limits: list[dict[str, Any]] = facts.get("limits", [])
        self.segments = self.path.strip("/").split("/")
        self.parameters = re.findall(r"\{(\w+)\}", self.path)
        self.paged = "pagination" in self.query

    def match(self, segments: list[str]) -> dict[str, str] | None:
        """Path parameters, decoded, when the segments are of this operation."""
        found: dict[str, str] = {}
        for own, given in zip(self.segments, segments, strict=True):
            if own.startswith("{"):
                if not given:
                    return None
                found[own[1:-1]] = unquote(given)
            elif own != given:
                return None
        return found


@cache
def operations() -> dict[str, Operation]:
    """Every operation by id."""
    return {op_id: Operation(op_id, facts) for op_id, facts in document()["operations"].items()}


@cache
def _table() -> dict[tuple[str, int], list[Operation]]:
    """Operations by method and number of segments, those with fewer parameters first."""
    found: dict[tuple[str, int], list[Operation]] = {}
    # `/destination/filters/preview` before `/destination/{destinationId}/filters`.
    for operation in sorted(operations().values(), key=lambda op: len(op.parameters)):
        found.setdefault((operation.method, len(operation.segments)), []).append(operation)
    return found


def find(method: str, path: str) -> tuple[Operation, dict[str, str]]:
    """The operation of a request, and its path parameters. Raises `Fault` 404.

    `path` is still percent-encoded, so that a slash inside a parameter is no step of the path.
    """
    segments = path.strip("/").split("/")
    for operation in _table().get((method, len(segments)), ()):
        found = operation.match(segments)
        if found is None:
            continue
        for name, value in found.items():
            if len(value) > LONGEST_ID:
                raise invalid(name, f'"{name}" length must be at most {LONGEST_ID}')
        return operation, found
    raise Fault(404, "not-found", f"No operation answers {method} {path}.")


@lru_cache(maxsize=1024)
def _validator(name: str) -> Any:
    schema = {"$ref": f"#/$defs/{name}", "$defs": document()["$defs"]}
    return jsonschema_rs.Draft7Validator(schema)


def check_body(operation: Operation, body: Any, version: str) -> None:
    """Raises `Fault` 422 for a body that the contract does not know."""
    name = operation.bodies.get(version, operation.body)
    if name is None:
        return
    if not isinstance(body, dict):
        raise Fault(400, "bad-request", "The body has to be a JSON object.")
    for error in _validator(name).iter_errors(body):
        raise _explained(error)


def _explained(error: Any) -> Fault:
    path = [str(part) for part in error.instance_path]
    field = ".".join(path)
    message = str(error.message)
    required = re.search(r'^"(.+?)" is a required property', message)
    if required:
        field = ".".join([*path, required[1]])
        message = f'"{field}" is required'
    else:
        message = f'"{field}" is not valid: {message}' if field else message
    return Fault(422, "input-validation", message, field=field or None)


def check_answer(operation: Operation, data: Any) -> None:
    """Raises `Fault` 500 for an answer of ours that the contract does not know."""
    if operation.answer is None:
        return
    for error in _validator(operation.answer).iter_errors(data):
        where = "/".join(str(part) for part in error.instance_path)
        raise Fault(
            500,
            "emulator-contract",
            f"The emulator's answer to {operation.id} breaks the contract at /{where}: "
            f"{error.message}",
        )


def check_query(operation: Operation, given: dict[str, Any]) -> None:
    """Raises `Fault` 422 for parameters that are missing or none of those that exist."""
    for name, schema in operation.query.items():
        value = given.get(name)
        if value is None:
            if schema.get("required"):
                raise invalid(name, f'"{name}" is required')
        elif "enum" in schema and value not in schema["enum"]:
            raise invalid(name, f'"{name}" must be one of [{", ".join(schema["enum"])}]')
        elif schema.get("type") == "string" and not isinstance(value, str):
            raise invalid(name, f'"{name}" must be a string')


def media_version(accept: str) -> str:
    """Which version of an operation an `Accept` header asks for; empty for the most stable."""
    found = re.search(
        r"application/vnd\.segment\.(v1(?:alpha|beta)?|stable|beta|alpha)\+json", accept
    )
    if not found:
        return ""
    return {"v1": "stable", "v1beta": "beta", "v1alpha": "alpha"}.get(found[1], found[1])
