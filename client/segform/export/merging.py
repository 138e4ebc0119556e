"""An export into a folder of HCL that people work in: what is new is added, the rest is left.

No file that is there is touched, byte for byte. Objects that the folder does not have come in files
of their own, `added_1_sources.tf` and so on, and refer to those that it has by their names there.
What an object is called is known from the export before (its manifest) and from import blocks.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from segform.resources import registry
from segform.workspace.bindings import Bindings
from segform.workspace.hcl_values import text_of

from .exporting import Exported, of_model
from .folder import add, edited, known_objects
from .model import Item, Model, Secret, found_in, of_snapshot

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


def merge(
    snapshot: Mapping[str, Any],
    folder: Path,
    *,
    by: str | None = None,
    kinds: Iterable[str] = (),
    lacking: Iterable[str] = (),
) -> Merged:
    """Add to a folder of HCL what it does not have yet.

    Raises ValueError, `Edited` and OSError; then nothing was written.
    """
    texts = {
        path.name: path.read_text(encoding="utf-8", errors="replace")
        for path in sorted(folder.glob("*.tf"))
    }
    known = {**known_objects(folder), **_imported(texts.values())}
    declared = {
        f"{kind}.{name}": file
        for file, text in texts.items()
        for kind, name in _RESOURCE.findall(text)
    }
    bindings = Bindings()
    objects = {at: (at.partition(".")[0], one) for at, one in known.items()}
    here = set()
    for address in known.keys() & declared.keys():
        here.add(objects[address])
        if address.partition(".")[0] in registry():
            bindings.bind(address, known[address].partition("#")[0])
    # Exported before, and taken out of the code since: that was meant.
    removed = {address: one for address, one in objects.items() if one not in here}
    model = of_snapshot(
        snapshot,
        bindings=bindings,
        team=by,
        kinds=kinds,
        exact=True,
        without=frozenset(removed.values()),
    )
    model.left_out.extend(lacking)
    new = [item for item in model.items if item.address not in declared]
    named = {secret.name for item in new for secret in found_in(item.values, Secret)}
    secrets = {name: said for name, said in model.secrets.items() if name in named}
    exported = of_model(model._replace(items=new, secrets=secrets), "hcl")
    files = _beside(exported, folder, texts, model, new)
    added = add(files, folder, exported.objects) if files else []
    told = [
        f"segment_{address} was exported before and is no longer in the code: not added again"
        for address in sorted(removed)
    ]
    told += _not_done(model, declared, bindings, folder, kinds)
    return Merged(exported, added, told)


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
    number = 1
    while any(folder.glob(f"added_{number}_*.tf")):
        number += 1
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
    folder: Path,
    kinds: Iterable[str],
) -> list[str]:
    told = [f"{name} was edited since it was written: left as it is" for name in edited(folder)]
    there = {item.address for item in model.items}
    only = set(kinds)
    for address, file in sorted(declared.items()):
        kind = address.partition(".")[0]
        if kind not in registry() or (only and kind not in only):
            continue
        if address not in there:
            told.append(f"{file}: segment_{address} is not in the workspace any more, or unknown")
        elif bindings.get(address) is None:
            told.append(
                f"{file}: segment_{address} has the name of an object of the workspace and no "
                "import block: taken to be that one"
            )
    return told
