"""An export into a folder that people work in: what is new is added, the rest is left.

No file that is there is touched, byte for byte. Objects that the folder does not have come in files
of their own, `added_1_sources.tf` (or `.py`) and so on, and refer to those that it has by their
names there. What an object is called is known from the export before (its manifest), from import
blocks or files, and in Python for the engine from `bindings.json`: the one file that gets more
entries, for it is no code.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from segform.resources import registry
from segform.workspace.bindings import Bindings
from segform.workspace.hcl_values import text_of

from . import merging_python as in_python
from .exporting import FORMATS, Exported, export, of_model
from .folder import add, edited, known_objects, write
from .model import Item, Model, Secret, found_in, of_snapshot
from .pythonic import Beside

_IMPORT = re.compile(r"^\s*import\s*\{([^{}]*)\}", re.M)
_TO = re.compile(r"^\s*to\s*=\s*segment_(\w+)\.([\w-]+)\s*$", re.M)
_ID = re.compile(r'^\s*id\s*=\s*("(?:[^"\\\n]|\\.)*")\s*$', re.M)
_RESOURCE = re.compile(r'^\s*resource\s+"segment_(\w+)"\s+"([\w-]+)"', re.M)
_WORKSPACE = re.compile(r'^\s*data\s+"segment_workspace"\s+"this"', re.M)


class Merged(NamedTuple):
    """What was added, and what was not done, in words."""

    exported: Exported
    added: list[Path]
    not_done: list[str]


class _Code(NamedTuple):
    """The code that is there.

    * `known`: address -> import id, of what was ever exported or imported here;
    * `declared`: address -> file, of what stands there now; `texts`: file -> text.
    """

    known: dict[str, str]
    declared: dict[str, str]
    texts: dict[str, str]


def merge(
    snapshot: Mapping[str, Any],
    folder: Path,
    form: str = "hcl",
    *,
    by: str | None = None,
    kinds: Iterable[str] = (),
    events: bool = False,
    lacking: Iterable[str] = (),
) -> Merged:
    """Add to a folder what it does not have yet; the arguments are those of `export`.

    Raises ValueError, `Edited` and OSError; then nothing was written.
    """
    if form not in FORMATS:
        raise ValueError(f"format {form!r} is none of {', '.join(FORMATS)}")
    python = None if form == "hcl" else in_python.read(folder, form)
    if python is not None and not python.standing.texts:
        # Nothing to add to: an export like any other.
        made = export(snapshot, form, by=by, kinds=kinds, events=events, lacking=lacking)
        return Merged(made, write(made.files, folder, made.objects), [])
    code = _hcl(folder) if python is None else _Code(*python.code())
    bindings, removed = _bound(code)
    model = of_snapshot(
        snapshot,
        bindings=bindings,
        team=by,
        kinds=kinds,
        exact=True,
        without=frozenset(removed.values()),
    )
    model.left_out.extend(lacking)
    new = [item for item in model.items if item.address not in code.declared]
    named = {secret.name for item in new for secret in found_in(item.values, Secret)}
    secrets = {name: said for name, said in model.secrets.items() if name in named}
    if python is None:
        exported = of_model(model._replace(items=new, secrets=secrets), form)
        files = _beside(exported, folder, code.texts, model, new)
        told: list[str] = []
    else:
        beside = Beside(_number(folder), python.homes())
        spelled = python.spelled(new, model.items)
        part = model._replace(items=spelled, secrets=secrets)
        exported = of_model(part, form, events, beside)
        files, told = python.added(exported, beside) if new else ({}, [])
    own = "" if form == "python" else "segment_"
    replaced = {in_python.BINDINGS} if form == "python" else set[str]()
    added = add(files, folder, exported.objects, replaced) if files else []
    told += [
        f"{own}{address} was exported before and is no longer in the code: not added again"
        for address in sorted(removed)
    ]
    told += _not_done(model, code.declared, bindings, kinds, own)
    told += [
        f"{name} was edited since it was written: left as it is"
        for name in edited(folder)
        if name not in replaced
    ]
    return Merged(exported, added, told)


def _hcl(folder: Path) -> _Code:
    texts = {
        path.name: path.read_text(encoding="utf-8", errors="replace")
        for path in sorted(folder.glob("*.tf"))
    }
    declared = {
        f"{kind}.{name}": file
        for file, text in texts.items()
        for kind, name in _RESOURCE.findall(text)
    }
    return _Code({**known_objects(folder), **_imported(texts.values())}, declared, texts)


def _bound(code: _Code) -> tuple[Bindings, dict[str, tuple[str, str]]]:
    """Names of what stands there; and what was exported before and was taken out since."""
    bindings = Bindings()
    objects = {at: (at.partition(".")[0], one.partition("#")[0]) for at, one in code.known.items()}
    here = set()
    for address in code.known.keys() & code.declared.keys():
        here.add(objects[address])
        if address.partition(".")[0] in registry():
            bindings.bind(address, objects[address][1])
    # Taking it out was meant.
    return bindings, {address: one for address, one in objects.items() if one not in here}


def _number(folder: Path) -> int:
    number = 1
    while any(folder.glob(f"added_{number}[_.]*")):
        number += 1
    return number


def _imported(texts: Iterable[str]) -> dict[str, str]:
    """Address -> import id, of import blocks that are literals."""
    found = {}
    for text in texts:
        for block in _IMPORT.finditer(text):
            body = block[1]
            to, own = _TO.search(body), _ID.search(body)
            if to and own:
                found[f"{to[1]}.{to[2]}"] = text_of(own[1])
    return found


def _beside(
    exported: Exported, folder: Path, texts: Mapping[str, str], model: Model, new: list[Item]
) -> dict[str, str]:
    """The new files under names that nothing has."""
    if not new:
        return {}
    number = _number(folder)
    made = {
        f"added_{number}_{name}" if name.endswith(".tf") else name: text
        for name, text in exported.files.items()
        if name not in ("terraform.tf", "NOTES.md")
    }
    if not texts:
        made["terraform.tf"] = exported.files["terraform.tf"]
    elif model.needs_workspace and not any(map(_WORKSPACE.search, texts.values())):
        made[f"added_{number}_workspace.tf"] = 'data "segment_workspace" "this" {}\n'
    made[f"added_{number}_NOTES.md"] = exported.files["NOTES.md"]
    return made


def _not_done(
    model: Model,
    declared: Mapping[str, str],
    bindings: Bindings,
    kinds: Iterable[str],
    own: str,
) -> list[str]:
    told = []
    there = {item.address for item in model.items}
    only = set(kinds)
    for address, file in sorted(declared.items()):
        kind = address.partition(".")[0]
        if kind not in registry() or (only and kind not in only):
            continue
        if address not in there:
            told.append(f"{file}: {own}{address} is not in the workspace any more, or unknown")
        elif bindings.get(address) is None:
            told.append(
                f"{file}: {own}{address} has the name of an object of the workspace, and nothing "
                "here says its id: taken to be that one"
            )
    return told
