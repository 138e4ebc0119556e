"""Events as files: one event a file, in YAML or JSON."""

from __future__ import annotations

from .loading import EventFileError, load_file, load_folder, load_text
from .writing import dump, file_name, write_folder

__all__ = [
    "EventFileError",
    "dump",
    "file_name",
    "load_file",
    "load_folder",
    "load_text",
    "write_folder",
]
