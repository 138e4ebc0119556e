"""The bill of materials of a package, as CycloneDX: what is in it, not what was around it.

cyclonedx-py describes the environment that the package was built in; what of it is not in the
package is left out, and what no Python tool sees is added: the interpreter, and the system's shared
libraries with the package that they came with, where the system says so (Debian and its like).
Nothing in it names a folder of the machine or where packages were downloaded from.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import re
import subprocess
import sys
import uuid
from collections.abc import Iterable
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import quote

import release_archive as archive

_ROOT_REF = "provider"
_PYTHON_REF = "python"


def bill(folder: Path, contents: Path, package: Path, version: str) -> str:
    """The bill of a package that was made of `folder`, as JSON text."""
    wanted = {_plain(name) for name in archive.distributions(contents)}
    found = _environment()
    parts = [one for one in found["components"] if _plain(one["name"]) in wanted]
    lacking = wanted - {_plain(one["name"]) for one in parts}
    if lacking:
        raise archive.ReleaseError(f"no facts about {', '.join(sorted(lacking))}")
    for one in parts:
        _clean(one)
    libraries = [_library(folder, *item) for item in archive.system_files(contents).items()]
    refs = {one["bom-ref"] for one in parts}
    found["components"] = [*parts, _python(), *_sorted(libraries)]
    found["dependencies"] = _sorted(
        [
            {"ref": _ROOT_REF, "dependsOn": sorted({*refs, _PYTHON_REF})},
            {"ref": _PYTHON_REF, "dependsOn": sorted(one["bom-ref"] for one in libraries)},
            *(_among(one, refs) for one in found["dependencies"] if one["ref"] in refs),
        ],
        key="ref",
    )
    digest = hashlib.sha256(package.read_bytes()).hexdigest()
    found["serialNumber"] = f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_OID, digest)}"
    found["metadata"]["component"] = {
        "bom-ref": _ROOT_REF,
        "type": "application",
        "name": archive.NAME,
        "version": version,
        "licenses": [{"license": {"id": "MIT"}}],
        "properties": [{"name": "segform:package", "value": package.name}],
        "hashes": [{"alg": "SHA-256", "content": digest}],
    }
    text = json.dumps(found, indent=2, sort_keys=True) + "\n"
    _judge(text)
    return text


def _environment() -> dict[str, Any]:
    """What cyclonedx-py says of this environment."""
    done = subprocess.run(
        [
            *(sys.executable, "-m", "cyclonedx_py", "environment", "--output-reproducible"),
            *("--spec-version", "1.6", "--output-format", "JSON", sys.executable),
        ],
        env={**os.environ, "SOURCE_DATE_EPOCH": str(archive.epoch())},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise archive.ReleaseError(f"cyclonedx-py ended with {done.returncode}\n{done.stderr}")
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _clean(component: dict[str, Any]) -> None:
    """Leave out where a part lies on this machine, and where it was downloaded from."""
    references = [
        one
        for one in component.pop("externalReferences", ())
        if one["type"] != "distribution" and one["url"].startswith("https://")
    ]
    if references:
        component["externalReferences"] = references
    component.pop("properties", None)
    # Where the makers state none that has a name, the text is in the package.
    where = f"licenses/{component['name']}"
    component.setdefault("licenses", [{"license": {"name": f"see {where} in the package"}}])


def _python() -> dict[str, Any]:
    version = platform.python_version()
    return {
        "bom-ref": _PYTHON_REF,
        "type": "platform",
        "name": "CPython",
        "version": version,
        "licenses": [{"license": {"id": "Python-2.0.1"}}],
        "cpe": f"cpe:2.3:a:python:python:{version}:*:*:*:*:*:*:*",
        "purl": f"pkg:generic/cpython@{version}",
    }


def _library(folder: Path, name: str, origin: str) -> dict[str, Any]:
    held = folder / "_internal" / name
    found: dict[str, Any] = {
        "bom-ref": f"file:{name}",
        "type": "library",
        "name": Path(name).name,
        "hashes": [{"alg": "SHA-256", "content": hashlib.sha256(held.read_bytes()).hexdigest()}],
    }
    known = archive.system_package(origin)
    if known is not None:
        package, version, machine = known
        found["version"] = version
        found["purl"] = f"pkg:deb/{_vendor()}/{package}@{quote(version, safe='')}?arch={machine}"
    return found


def _vendor() -> str:
    try:
        return platform.freedesktop_os_release().get("ID", "linux")
    except OSError:
        return "linux"


def _among(dependency: dict[str, Any], refs: set[str]) -> dict[str, Any]:
    kept = sorted(set(dependency.get("dependsOn", ())) & refs)
    return {"ref": dependency["ref"], **({"dependsOn": kept} if kept else {})}


def _sorted(items: Iterable[dict[str, Any]], key: str = "bom-ref") -> list[dict[str, Any]]:
    return sorted(items, key=lambda one: str(one[key]))


def _judge(text: str) -> None:
    """Raise `ReleaseError` where the text is not what CycloneDX's schema wants."""
    schema = import_module("cyclonedx.schema").SchemaVersion.V1_6
    problem = (
        import_module("cyclonedx.validation.json").JsonStrictValidator(schema).validate_str(text)
    )
    if problem is not None:
        raise archive.ReleaseError(f"the bill of materials is not valid: {problem}")
