"""The client's requests and waits in Terraform's log, which `TF_LOG` turns on."""

from __future__ import annotations

import logging
import os

from segform_provider.protocol.log import log


class _Forwarded(logging.Handler):
    """What the client logs of its requests, in Terraform's log."""

    def emit(self, record: logging.LogRecord) -> None:
        """One line; the client keeps tokens, queries and bodies out of it."""
        log("info" if record.levelno >= logging.INFO else "debug", record.getMessage())


def show_requests() -> None:
    """Forward the client's log of requests and waits, where Terraform keeps a log at all."""
    wanted = os.environ.get("TF_LOG_PROVIDER") or os.environ.get("TF_LOG") or ""
    logger = logging.getLogger("segform.transport")
    if not wanted or wanted.upper() == "OFF" or logger.handlers:
        return
    logger.addHandler(_Forwarded())
    logger.propagate = False
    logger.setLevel(logging.DEBUG if wanted.upper() in ("DEBUG", "TRACE", "JSON") else logging.INFO)
