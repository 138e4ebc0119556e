"""What the RPCs share: values on the wire, private data, problems as diagnostics."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from segform.resources.definition import (
    JSON,
    SETTINGS,
    Attribute,
    DataSource,
    Items,
    Nested,
    Resource,
)
from segform.resources.exact import dumps, loads, parsed
from segform.resources.parts import Problem
from segform_provider.protocol import codec, wire
from segform_provider.protocol.diagnostics import Key, diagnostic
from segform_provider.schema import object_type

Definition = type[Resource] | type[DataSource]
_OURS = "segform"
# What the service shows in place of a secret is none.
_MASK = "\u2022"


def answer(rpc: str, **fields: Any) -> Any:
    """The response message of an RPC."""
    return wire.message(f"{rpc}.Response")(**fields)


def decoded(value: Any, definition: Definition) -> dict[str, Any] | None:
    """A resource's or data source's values; None for null."""
    found: dict[str, Any] | None = codec.decode(value, object_type(definition))
    return found


def encoded(values: Mapping[str, Any] | None, definition: Definition) -> Any:
    """Values as the wire has them; attributes that are not there are null."""
    if values is not None:
        values = {name: values.get(name) for name in definition.attributes}
    return codec.encode(values, object_type(definition))


def load_private(raw: bytes) -> dict[str, Any]:
    """Our part of the private data. Other providers' parts (a state that moved) are not ours."""
    if not raw:
        return {}
    try:
        found = json.loads(raw).get(_OURS)
        return dict(loads(base64.b64decode(found))) if found else {}
    except (ValueError, AttributeError, TypeError):
        return {}


def dump_private(private: Mapping[str, Any]) -> bytes:
    """Private data in the form that the official provider's framework reads without complaint."""
    if not private:
        return b""
    text = base64.b64encode(dumps(dict(private)).encode()).decode()
    return json.dumps({_OURS: text}).encode()


def diagnostics(
    problems: Iterable[Problem],
    definition: Definition | None = None,
    summary: str = "",
    *,
    config: Mapping[str, Any] | None = None,
) -> list[Any]:
    """Problems as Terraform shows them: at their attribute, with the mend.

    Terraform quotes the line that an attribute starts in, whatever stands there. `config`: the
    values, so that no line is quoted that may have a secret in it.
    """
    found = []
    for problem in problems:
        if definition is not None and config is not None:
            problem.unquoted = problem.unquoted or _hides_text(definition, problem.path, config)
        found.append(_diagnostic(problem, definition, summary))
    return found


def _hides_text(
    definition: Definition, path: tuple[str | int, ...], config: Mapping[str, Any]
) -> bool:
    """Whether a problem is at a sensitive attribute that holds texts."""
    item = definition.attributes.get(str(path[0])) if path else None
    if item is None or not item.sensitive:
        return False
    given = config.get(item.name)
    if item.type == SETTINGS and isinstance(given, str):
        try:
            given = parsed(given)
        except ValueError:
            # Whatever stands behind a colon may be one.
            return re.search(r":\s*[^\s{}\[\]]", given) is not None
    return _has_text(given)


def _has_text(value: Any) -> bool:
    if isinstance(value, dict):
        return any(map(_has_text, value.values()))
    if isinstance(value, list):
        return any(map(_has_text, value))
    return isinstance(value, str) and value != "" and _MASK not in value


def _diagnostic(problem: Problem, definition: Definition | None, summary: str) -> Any:
    path, rest = _reachable(problem.path, definition)
    if problem.unquoted:
        path = _beside(problem.path, definition)
    where = "".join(f"[{step!r}]" if isinstance(step, str) else f"[{step}]" for step in rest)
    name = _dotted(problem.path)
    head = summary or (f"Invalid {name}" if name else "Not possible")
    message = problem.message[:1].upper() + problem.message[1:]
    detail = f"{name}: {problem.message}" if where else message
    return diagnostic(
        problem.severity,
        head if problem.severity == "error" else (summary or f"Look at {name or 'this'}"),
        f"{detail}." + (f"\n\n{problem.mend}" if problem.mend else ""),
        path,
    )


def _beside(path: tuple[str | int, ...], definition: Definition | None) -> tuple[str | int, ...]:
    """Where Terraform may point in place of a secret: at the version beside a write-only one."""
    item = definition.attributes.get(str(path[0])) if definition is not None and path else None
    return (f"{item.name}_version",) if item is not None and item.write_only else ()


def _dotted(path: Iterable[str | int]) -> str:
    text = ""
    for step in path:
        if isinstance(step, int):
            text += f"[{step}]"
        elif text and not step.isidentifier():
            text += f"[{json.dumps(step)}]"
        else:
            text += f".{step}" if text else step
    return text


def _reachable(
    path: tuple[str | int, ...], definition: Definition | None
) -> tuple[tuple[str | int, ...], tuple[str | int, ...]]:
    """The part of a path that Terraform can follow: none leads into a set's element or a text."""
    if definition is None or not path:
        return path, ()
    items: Mapping[str, Attribute] = definition.attributes
    for at, step in enumerate(path):
        item = items.get(step) if isinstance(step, str) else None
        kind = item.type if item else None
        if isinstance(kind, (Nested, Items)) and kind.mode == "set":
            return path[: at + 1], path[at + 1 :]
        if kind in (JSON, SETTINGS):
            # To Terraform it is a text, whatever is in it.
            return path[: at + 1], path[at + 1 :]
        if isinstance(kind, Nested):
            items = {inner.name: inner for inner in kind.attributes}
        if isinstance(kind, (Nested, Items)) and kind.mode == "map" and len(path) > at + 1:
            # The next step is a key, whatever follows it an attribute of the element.
            key = Key(str(path[at + 1]))
            return (*path[: at + 1], key, *path[at + 2 :]), ()
    return path, ()


def failure(summary: str, problem: BaseException | str, path: tuple[str | int, ...] = ()) -> Any:
    """An error of the API or the configuration as a diagnostic."""
    return diagnostic("error", summary, str(problem), path)


def warning(summary: str, detail: str) -> Any:
    """A warning."""
    return diagnostic("warning", summary, detail, ())
