"""From what the service answered to what a state holds.

The state keeps what people wrote wherever it means the same (`meaning`), settings keep their text
unless a managed path differs (`settings`), catalogue entries are cut to what the provider is told
to keep (`catalog`), and secrets that a weak token cannot see stay as they were.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from segform.resources.definition import SETTINGS, STRING, Attribute, Kind, Nested
from segform.resources.exact import dumps, parsed
from segform.resources.values import UNKNOWN

from . import settings as managed_settings
from .catalog import Catalog
from .mapping import from_api, wire_name
from .meaning import respell, suffixed
from .run import Run

# What the service shows in place of a secret.
MASKED = managed_settings.MASK * 10


def values_of(run: Run, catalog: Catalog) -> dict[str, Any]:
    """The state of an object: `run.live`, in the spelling of the plan, else of the prior state."""
    basis = run.prior if not run.planned else {**(run.prior or {}), **_known(run.planned)}
    basis = basis or {}
    found: dict[str, Any] = {}
    for name, item in run.kind.attributes.items():
        if item.write_only:
            found[name] = None
        elif name in run.values:
            found[name] = run.values[name]
        else:
            found[name] = _value(item, run, basis.get(name), catalog)
    return found


def _known(planned: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in planned.items() if value is not UNKNOWN}


def _value(item: Attribute, run: Run, prior: Any, catalog: Catalog) -> Any:
    wire = wire_name(item)
    if wire not in run.live:
        return item.empty if prior is None else prior
    raw = run.live[wire]
    if item.type == SETTINGS:
        return settings_text(run, prior, raw)
    if item.flat and isinstance(item.type, Nested):
        shown = raw if run.importing else {}
        return _metadata(item.type, prior, catalog.facts(item.type, raw), shown)
    live = from_api(item.type, raw)
    if item.suffixed and suffixed(prior, live):
        return prior
    if item.sensitive and item.computed and not live and prior:
        return prior
    if live is None and prior is None:
        return item.empty
    if live == "" and prior is None and item.type == STRING:
        # The service writes "" for what was left out. What it shows of an import is what Git Sync
        # has written down.
        return "" if item.required or item.computed or run.importing else None
    # Nothing is known of its spelling, and an empty collection is not null.
    return live if prior is None else respell(item.type, prior, live)


def settings_text(run: Run, prior: str | None, live: dict[str, Any]) -> str:
    """The settings as text: the prior one, byte for byte, unless a managed path differs."""
    if prior is None:
        # What is never shown is there all the same, as far as anybody can tell; what is shown
        # encrypted is in there.
        omits = () if "ciphertext" in live else run.about.omits
        return dumps({**live, **{key: MASKED for key in omits if key not in live}})
    live = shown(run.about, prior, live)
    return managed_settings.merge_state(prior, live, run.private.get("managed"))


def shown(about: Kind, known: str, live: dict[str, Any]) -> dict[str, Any]:
    """Settings with a mask in place of what the service takes and never shows again."""
    # Secrets that are answered encrypted are somewhere in the blob.
    omits = parsed(known) if "ciphertext" in live else about.omits
    hidden = [key for key in omits if key not in live and key in parsed(known)]
    return {**live, **dict.fromkeys(hidden, MASKED)} if hidden else live


def _metadata(
    kind: Nested, prior: Any, facts: dict[str, Any] | None, shown: Mapping[str, Any]
) -> Any:
    if facts is None:
        return prior
    echoes = {x.name: (prior or {}).get(x.name) for x in kind.attributes if x.echo}
    # Nobody knows the configuration of what is imported. Git Sync writes what the API shows.
    for x in kind.attributes:
        if x.echo and echoes[x.name] is None:
            echoes[x.name] = from_api(x.type, shown.get(wire_name(x)))
    # An echo is unknown only while the object is being made: nobody gave a literal then.
    echoes = {name: None if value is UNKNOWN else value for name, value in echoes.items()}
    if any(value is not None for value in echoes.values()):
        facts = {**facts, **echoes}
    return facts


def settled(attributes: Mapping[str, Attribute], values: Mapping[str, Any]) -> dict[str, Any]:
    """Values without unknowns: what nobody could say is null, or empty where the state has no null.

    A state with an unknown value in it is an error to Terraform, which then calls the object
    tainted.
    """
    return {
        name: attributes[name].empty if value is UNKNOWN else _without_unknowns(value)
        for name, value in values.items()
    }


def _without_unknowns(value: Any) -> Any:
    if value is UNKNOWN:
        return None
    if isinstance(value, dict):
        return {key: _without_unknowns(one) for key, one in value.items()}
    return [_without_unknowns(one) for one in value] if isinstance(value, list) else value


def fill(planned: Any, live: Any) -> Any:
    """`planned` with what it left unknown taken from `live`: what an apply may answer."""
    if planned is UNKNOWN:
        return live
    if isinstance(planned, dict):
        source = live if isinstance(live, dict) else {}
        return {key: fill(value, source.get(key)) for key, value in planned.items()}
    if isinstance(planned, list):
        source_list = live if isinstance(live, list) and len(live) == len(planned) else []
        padded = [*source_list, *([None] * (len(planned) - len(source_list)))]
        return [fill(value, padded[i]) for i, value in enumerate(planned)]
    return planned
