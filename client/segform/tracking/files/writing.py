"""Event files written: the same form that is read."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any

from segform.resources.exact import number, pretty
from segform.tracking.planned import planned_event

from .form import form_of
from .reading import MISSING


def dump(event: Any, *, as_json: bool = False) -> str:
    """The text of an event's file; `load_text` reads the same event from it.

    `event` is an event class, a planned event or a rule. Decimals are written digit by digit.
    """
    form = form_of(planned_event(event))
    if as_json:
        return pretty(form, sort=False) + "\n"
    try:
        import yaml
    except ImportError as problem:
        raise ImportError(MISSING) from problem
    return str(yaml.dump(form, Dumper=_dumper(), sort_keys=False, allow_unicode=True, width=100))


def _dumper() -> Any:
    import yaml

    class Dumper(yaml.SafeDumper):
        """Texts in quotes wherever a reader of JSON's words could take them for something else."""

        def ignore_aliases(self, data: Any) -> bool:
            return True

    Dumper.yaml_implicit_resolvers = {
        first: list(found) for first, found in yaml.SafeDumper.yaml_implicit_resolvers.items()
    }
    # What is a number to us and not to the library (1e3) has to be quoted as well.
    number = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?\Z")
    Dumper.add_implicit_resolver("tag:yaml.org,2002:float", number, list("-0123456789"))
    Dumper.add_representer(float, _float)
    Dumper.add_representer(Decimal, _exact)
    Dumper.add_representer(str, _text)
    return Dumper


def _text(dumper: Any, value: str) -> Any:
    # What is no letter to see is escaped; some of it ends lines in YAML.
    plain = value.replace("\n", "").isprintable()
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=None if plain else '"')


def _float(dumper: Any, value: float) -> Any:
    return dumper.represent_scalar("tag:yaml.org,2002:float", json.dumps(value))


def _exact(dumper: Any, value: Decimal) -> Any:
    text = number(value)
    kind = "int" if text.lstrip("-").isdigit() else "float"
    return dumper.represent_scalar(f"tag:yaml.org,2002:{kind}", text)


def file_name(event: Any, *, as_json: bool = False) -> str:
    """What an event's file is called: `order_completed.yaml`, `order_completed_2.yaml`."""
    found = planned_event(event)
    words = re.findall(r"[^\W_]+", found.name or "")
    parts = [*([] if found.call == "TRACK" else [found.call.lower()]), *map(str.lower, words)]
    if found.version != 1:
        parts.append(str(found.version).replace(".", "_"))
    stem = "_".join(parts)[:120] or "event"
    return f"{stem}.{'json' if as_json else 'yaml'}"


def write_folder(
    events: Iterable[Any], folder: str | os.PathLike[str], *, as_json: bool = False
) -> list[Path]:
    """Write one file for each event; names that are taken in this call get a number behind them."""
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []
    taken: set[str] = set()
    for event in events:
        name = file_name(event, as_json=as_json)
        stem, dot, suffix = name.rpartition(".")
        count = 2
        while name.lower() in taken:
            name, count = f"{stem}-{count}{dot}{suffix}", count + 1
        taken.add(name.lower())
        path = target / name
        path.write_text(dump(event, as_json=as_json), encoding="utf-8")
        written.append(path)
    return written
