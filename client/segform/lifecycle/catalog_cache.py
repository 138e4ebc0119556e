"""The catalogue on this machine: asked for once, kept with its age, used without a network.

It lives in the user's cache (`$XDG_CACHE_HOME`, else `~/.cache`), one file for each address of the
API. Nothing needs it: a file that is not there, is old or cannot be read is said and done without.
"""

from __future__ import annotations

import json
import os
import re
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from segform.catalog import Catalog

if TYPE_CHECKING:
    from .catalog import Requests

US = "https://api.segmentapis.com"
# The catalogue moves slowly; after that long `segform check` says that it may be behind.
OLD = timedelta(days=30)


def fetch(client: Requests, url: str = US) -> Catalog:
    """The whole catalogue from the API. Operations: the three `get…sCatalog`, paged."""
    lists = {
        f"{kind}s": [
            entry for page in client.pages(f"get{kind.capitalize()}sCatalog") for entry in page
        ]
        for kind in ("source", "destination", "warehouse")
    }
    now = datetime.now(UTC).isoformat(timespec="seconds")
    return Catalog(fetched=now, url=url, **lists)


def file_of(url: str = US) -> Path:
    """Where the catalogue of an address is kept."""
    base = os.environ.get("XDG_CACHE_HOME") or ""
    folder = Path(base) if base.startswith("/") else Path.home() / ".cache"
    host = re.sub(r"[^A-Za-z0-9.-]+", "-", url.partition("://")[2] or url).strip("-")
    return folder / "segform" / f"catalog-{host}.json"


def save(catalog: Catalog, path: Path) -> None:
    """Keep a catalogue; what was there is replaced in one step. Raises OSError."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".catalog-")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(catalog.document(), file, separators=(",", ":"), default=str)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def load(path: Path) -> Catalog | None:
    """The catalogue of a file, or None where there is no file.

    Raises ValueError, with the file and the mend, for what is no catalogue.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as problem:
        raise ValueError(f"{path} cannot be read: {problem}") from None
    try:
        return Catalog.from_document(json.loads(text))
    except (ValueError, RecursionError) as problem:
        raise ValueError(f"{path} holds no catalogue: {problem}. Remove it.") from None


def age(catalog: Catalog) -> timedelta | None:
    """How long ago a catalogue was asked for; None where it does not say."""
    from segform.errors import ConfigurationError
    from segform.moments import parse_time

    try:
        return datetime.now(UTC) - parse_time(catalog.fetched) if catalog.fetched else None
    except (ConfigurationError, AttributeError):
        return None
