"""What `terraform show -json` prints of a plan (format 1.x), for all resources of a Segment kind.

Both providers of Segment are read, ours and the official one: their types begin with `segment_`.
An attribute that refers to an object which is yet to be made has no id; the configuration in the
same document says which resource it names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from segform.resources import registry

from .model import Action, ChangeSet, PlanError, Subject
from .values import hidden_settings, is_secret, keyed, later, masked

_TYPE = "segment_"
_ACTIONS: dict[tuple[str, ...], Action] = {
    ("no-op",): "none",
    ("read",): "none",
    ("create",): "create",
    ("update",): "update",
    ("delete",): "delete",
    ("delete", "create"): "replace",
    ("create", "delete"): "replace",
    ("forget",): "forget",
}
_INDEX = re.compile(r"\[(\"(?:[^\"\\]|\\.)*\"|\d+)\]")


def read(document: Mapping[str, Any]) -> ChangeSet:
    """A change set. Raises PlanError."""
    version = str(document.get("format_version", "1"))
    if version.partition(".")[0] != "1":
        raise PlanError(f"terraform's JSON has the format {version}; this reads 1.x")
    if "resource_changes" not in document and "values" in document:
        raise PlanError(
            "this is a state, not a plan: `terraform plan -out=plan.bin`, then "
            "`terraform show -json plan.bin`"
        )
    references = dict(_references(document.get("configuration") or {}))
    changes = document.get("resource_changes") or []
    ours = [one for one in changes if _is_ours(one)]
    addresses = {str(one["address"]) for one in ours}
    subjects = [_subject(one, references, addresses) for one in ours]
    subjects += _prior(document.get("prior_state") or {}, addresses)
    others = sum(
        tuple(one["change"]["actions"]) not in (("no-op",), ("read",))
        for one in changes
        if not _is_ours(one) and one.get("mode") != "data"
    )
    warnings = []
    if document.get("errored"):
        warnings.append("The plan ended with an error: it is not whole, and cannot be applied.")
    elif document.get("complete") is False:
        warnings.append("The plan is not complete: a further one will follow after its apply.")
    drift = [
        str(one["address"])
        for one in document.get("resource_drift") or []
        if _is_ours(one) and tuple(one["change"]["actions"]) != ("no-op",)
    ]
    return ChangeSet(
        subjects=tuple(subjects),
        source="terraform",
        others=others,
        warnings=tuple(warnings),
        drift=tuple(drift),
    )


def _is_ours(change: Mapping[str, Any]) -> bool:
    return str(change.get("type", "")).startswith(_TYPE) and change.get("mode") != "data"


def _subject(
    item: Mapping[str, Any], references: Mapping[str, Mapping[str, str]], addresses: set[str]
) -> Subject:
    change = item["change"]
    address, kind = str(item["address"]), str(item["type"]).removeprefix(_TYPE)
    actions = tuple(change["actions"])
    action = _ACTIONS.get(actions)
    if action is None:
        raise PlanError(f"{address}: unknown actions {list(actions)}")
    if change.get("importing") and action in ("none", "create"):
        action = "import"
    before = _values(kind, change.get("before"), change.get("before_sensitive"), None)
    after = _values(
        kind, change.get("after"), change.get("after_sensitive"), change.get("after_unknown")
    )
    known = (before or after or {}).get("id")
    return Subject(
        address=address,
        kind=kind,
        id=known if isinstance(known, str) else None,
        action=action,
        before=before,
        after=after,
        refers={
            name: found
            for name, target in references.get(_INDEX.sub("", address), {}).items()
            if (found := _instance(target, address, addresses)) is not None
        },
        replaced_for=tuple(str(path[0]) for path in change.get("replace_paths") or () if path),
        reasons=(str(item["action_reason"]),) if item.get("action_reason") else (),
    )


def _prior(state: Mapping[str, Any], addresses: set[str]) -> Iterator[Subject]:
    """What the state holds and the plan does not speak of: objects out of reach of `-target`, and
    those that a data source found. They have the names that ids in the plan stand for.
    """
    pending = [(state.get("values") or {}).get("root_module") or {}]
    while pending:
        module = pending.pop()
        pending += module.get("child_modules") or ()
        for one in module.get("resources") or ():
            kind = str(one.get("type", "")).removeprefix(_TYPE)
            address = str(one["address"])
            if kind not in registry() or not one["type"].startswith(_TYPE) or address in addresses:
                continue
            values = _values(kind, one.get("values"), one.get("sensitive_values"), None)
            known = (values or {}).get("id")
            if values is not None:
                found = known if isinstance(known, str) else None
                yield Subject(address, kind, found, "none", values, values)


def _values(kind: str, value: Any, sensitive: Any, unknown: Any) -> dict[str, Any] | None:
    if not isinstance(value, Mapping):
        return None
    found = later(value, unknown)
    # Of settings the keys may be seen; they are marked as a whole.
    settings = {name: keyed(one) for name, one in found.items() if is_secret(kind, name)}
    marks = sensitive if isinstance(sensitive, Mapping) else {}
    return hidden_settings(kind, {**masked(found, marks), **settings})


def _references(configuration: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, str]]]:
    """Address of a resource -> attribute -> address of the resource that it names."""
    pending = [("", configuration.get("root_module") or {})]
    while pending:
        prefix, module = pending.pop()
        for name, call in (module.get("module_calls") or {}).items():
            pending.append((f"{prefix}module.{name}.", call.get("module") or {}))
        for resource in module.get("resources") or ():
            found = {}
            for name, expression in (resource.get("expressions") or {}).items():
                named = expression.get("references") if isinstance(expression, Mapping) else None
                for one in named or ():
                    match = re.match(r"(segment_\w+\.[\w-]+)", str(one))
                    if match:
                        found[name] = prefix + match[1]
                        break
            yield f"{prefix}{resource['address']}", found


def _instance(target: str, address: str, addresses: set[str]) -> str | None:
    """The resource of a configuration as it is in the plan: the one, or the one of the same key."""
    if target in addresses:
        return target
    index = _INDEX.findall(address)
    for one in [f"{target}[{index[-1]}]"] if index else []:
        if one in addresses:
            return one
    several = [one for one in addresses if _INDEX.sub("", one) == target]
    return several[0] if len(several) == 1 else None
