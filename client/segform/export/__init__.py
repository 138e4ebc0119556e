"""A workspace as code: HCL, CDKTF or Python, from a snapshot.

    from segform.export import export, write

    exported = export(snapshot, "hcl")
    write(exported, Path("infrastructure"))

The code refers to objects by name, takes secrets from variables, and comes with import blocks: with
them applied, a plan is empty. What is there and cannot be code is in `NOTES.md`.
"""

from __future__ import annotations

from .exporting import FORMATS, Exported, export
from .folder import Edited, write
from .merging import Merged, merge

__all__ = ["FORMATS", "Edited", "Exported", "Merged", "export", "merge", "write"]
