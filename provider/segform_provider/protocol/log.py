"""Log lines that Terraform understands: one JSON object each, on standard error.

Terraform shows them by `TF_LOG`. They hold no values of configurations or states.
"""

from __future__ import annotations

import datetime as dt
import json
import sys


def log(level: str, message: str, **facts: str | int) -> None:
    """Write one line; `level` is trace, debug, info, warn or error."""
    now = dt.datetime.now(dt.UTC).isoformat(timespec="microseconds")
    record = {
        "@level": level,
        "@message": message,
        "@module": "segform",
        "@timestamp": now,
        **facts,
    }
    try:
        sys.stderr.write(json.dumps(record) + "\n")
        sys.stderr.flush()
    except (OSError, ValueError):
        # Terraform is gone and its pipe with it; there is nobody to tell.
        return
