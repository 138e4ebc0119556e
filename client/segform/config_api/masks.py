"""Update masks of the legacy Config API, worked out from what is given; no I/O.

An update there changes the paths of its mask and nothing else: a masked path without a value is
emptied, data without a path is ignored without a word. So a mask is never left to chance.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from segform.errors import ConfigurationError
from segform.transport.encode import MASKED
from segform.transport.given import given
from segform.transport.masked import Secret, revealed

from . import names


def update(
    what: str, fields: Mapping[str, Any], mask: Iterable[str] | None = None
) -> dict[str, Any]:
    """The body of an update: the fields that are given and a mask of exactly those.

    * `what`: how the API wraps the object: `destination`, `tracking_plan`, `schema_config`;
    * `mask`: the caller's own paths, with or without `what.`; paths of fields that are not given
      are emptied by the API.

    Raises ConfigurationError where nothing would change, or a field would be ignored.
    """
    values = given(fields)
    if mask is None:
        paths = [f"{what}.{name}" for name in values]
    else:
        if isinstance(mask, str):
            raise ConfigurationError(f"mask is a list of paths, such as ['{what}.enabled'].")
        paths = [one if one.startswith(f"{what}.") else f"{what}.{one}" for one in mask]
        _check(what, values, paths, fields)
    if not paths:
        raise ConfigurationError(
            f"This legacy update of a {what} names nothing to change; nothing was sent."
        )
    return {what: values, "update_mask": {"paths": paths}}


def _check(
    what: str, values: Mapping[str, Any], paths: Sequence[str], fields: Mapping[str, Any]
) -> None:
    heads = {path.removeprefix(f"{what}.").split(".")[0] for path in paths}
    ignored = [name for name in values if name not in heads]
    if ignored:
        raise ConfigurationError(
            f"{', '.join(ignored)} would be ignored: the mask of this legacy update does not name "
            "it. Leave `mask` out, or add the path."
        )
    unknown = sorted(heads - set(fields))
    if unknown:
        raise ConfigurationError(
            f"A legacy {what} has no field {', '.join(unknown)} that can be updated; it has "
            f"{', '.join(fields)}."
        )


def config(destination: str, options: Any) -> list[dict[str, Any]]:
    """The `config` list of a destination.

    * `destination`: its full name;
    * `options`: values by option (`{"trackingId": "UA-1"}`), their types worked out from them; or
      a list of the API's own entries, whose names may be the bare option.

    Texts are carried as secrets, so that no error shows them. Raises ConfigurationError for a
    masked value: sent back, the mask would take the secret's place.
    """
    if isinstance(options, Mapping):
        entries: list[Mapping[str, Any]] = [
            {"name": name, "value": value} for name, value in options.items()
        ]
    elif isinstance(options, Sequence) and not isinstance(options, (str, bytes)):
        entries = list(options)
    else:
        raise ConfigurationError("config is a mapping of options, or a list of the API's entries.")
    return [_entry(destination, entry) for entry in entries]


def _entry(destination: str, entry: Mapping[str, Any]) -> dict[str, Any]:
    name = entry.get("name")
    if not isinstance(name, str):
        raise ConfigurationError("Every entry of a legacy config has a `name`: its option.")
    full = name if name.startswith("workspaces/") else names.option(destination, name)
    key = names.parse(full, "option")
    if str(key.parent) != destination:
        raise ConfigurationError(f"{name!r} is an option of another destination: {destination!r}.")
    made = {**entry, "name": full}
    value = entry.get("value")
    if _masked(value):
        raise ConfigurationError(
            f"The legacy option {key.last!r} would be set to the mask of a secret, and the secret "
            "would be lost; nothing was sent. Leave the option out to keep it as it is."
        )
    if value is not None:
        made["type"] = entry.get("type") or kind(value)
        made["value"] = _hidden(value)
    return made


def kind(value: Any) -> str:
    """The legacy word for the type of an option's value."""
    plain = revealed(value)
    if isinstance(plain, bool):
        return "boolean"
    if isinstance(plain, str):
        return "string"
    if isinstance(plain, (int, float, Decimal)):
        return "number"
    return "map" if isinstance(plain, Mapping) else "list"


def _masked(value: Any) -> bool:
    if isinstance(value, str):
        return MASKED in value
    if isinstance(value, Mapping):
        return any(map(_masked, value.values()))
    return isinstance(value, (list, tuple)) and any(map(_masked, value))


# Shorter texts are ordinary words, and taking them out of an error would garble it.
_SHORTEST = 6


def _hidden(value: Any) -> Any:
    if isinstance(value, str):
        return Secret(value) if len(value) >= _SHORTEST else value
    if isinstance(value, Mapping):
        return {key: _hidden(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_hidden(item) for item in value]
    return value
