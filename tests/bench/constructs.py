"""What the constructs cost beside the bare CDK: their import, and a synth of a thousand."""

from __future__ import annotations

import os
import subprocess
import sys

from segform_cdktf.run import node

from .figure import Figure, missing
from .timing import Measured, paired, whole

COUNT = 1000
# The same resources three ways; each app prints the seconds from its first construct to the text.
_APP = """
import json, sys, tempfile, time
from cdktf import TerraformResource, TerraformStack, Testing
from segform.resources.source import Source as Wanted
from segform_cdktf import DeclaredWorkspace, Source

way, count = sys.argv[1], int(sys.argv[2])
settings = {"websiteUrl": "https://shop.example", "apiHost": "api.segment.io/v1"}
start = time.perf_counter()
stack = TerraformStack(Testing.app(outdir=tempfile.mkdtemp()), "stack")
for n in range(count if way != "data" else 0):
    name = f"s{n}"
    if way == "typed":
        Source(stack, name, slug=name, name="Website", enabled=True, metadata_id="IqDTy1TpoU",
               settings=settings)
    else:
        bare = TerraformResource(stack, name, terraform_resource_type="segment_source")
        bare.add_override("slug", name)
        bare.add_override("name", "Website")
        bare.add_override("enabled", True)
        bare.add_override("metadata", {"id": "IqDTy1TpoU"})
        bare.add_override("settings", json.dumps(settings))
if way == "data":
    DeclaredWorkspace(stack, "many", workspace=[
        Wanted(slug=f"s{n}", name="Website", enabled=True, metadata={"id": "IqDTy1TpoU"},
               settings=settings) for n in range(count)])
text = Testing.synth(stack)
took = time.perf_counter() - start
assert len(json.loads(text)["resource"]["segment_source"]) == count
print(took)
"""
_IMPORT = "from cdktf import App, TerraformStack"
_IMPORTS = (
    f"{_IMPORT}\nfrom segform_cdktf import Destination, SegmentProvider, Source, TrackingPlan"
)


def _env() -> dict[str, str]:
    found = node()
    env = {**os.environ, "SEGFORM_CDK": "cdktf"}
    return {**env, "JSII_NODE": str(found)} if found else env


def _synth(way: str) -> Measured:
    def run() -> float:
        done = subprocess.run(
            [sys.executable, "-c", _APP, way, str(COUNT)],
            env=_env(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=True,
        )
        return float(done.stdout)

    return run


def synth() -> list[Figure]:
    """A thousand sources: typed, by the library's own escape hatch, and as data."""
    if node() is None:
        return [missing("constructs: synth of 1,000", "there is no Node")]
    ours, bare, ratio = paired(_synth("typed"), _synth("bare"), 5)
    data, typed, as_data = paired(_synth("data"), _synth("typed"), 3)
    name = f"constructs: synth of {COUNT:,}"
    return [
        Figure(name, ours, bare, "TerraformResource", ratio, 1.6, "ms"),
        Figure("  the same as a DeclaredWorkspace", data, typed, "typed", as_data, None, "ms"),
    ]


def start() -> list[Figure]:
    """The import that an app begins with, as a whole process."""
    if node() is None:
        return [missing("constructs: import", "there is no Node")]
    env = _env()
    ours, bare, ratio = paired(
        whole([sys.executable, "-c", _IMPORTS], env=env),
        whole([sys.executable, "-c", _IMPORT], env=env),
        9,
    )
    return [Figure("constructs: import", ours, bare, "cdktf", ratio, 1.3, "ms")]


FIGURES = [start, synth]
