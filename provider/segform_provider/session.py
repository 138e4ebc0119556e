"""What one process of the provider knows: its configuration, and the lifecycle over one client.

Validation and upgrades run in processes that are never configured; so this module is imported by
ConfigureProvider, and the client, its transport and everything above them with it.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from segform.errors import APIConnectionError, SegformError
from segform.lifecycle.guard import Guard
from segform.lifecycle.journal import Journal
from segform.lifecycle.pace import Pace
from segform.lifecycle.passed import Passed
from segform.lifecycle.service import Lifecycle
from segform_provider.halting import Halt
from segform_provider.protocol.log import log
from segform_provider.requests_log import show_requests


class Session:
    """A configured provider.

    `unreachable` is the error that kept ConfigureProvider from asking which workspace the token
    belongs to: plans without changes do without, so it is told only when something needs the API.
    """

    def __init__(self, config: Mapping[str, Any], terraform_version: str) -> None:
        from segform import Segment
        from segform.transport import alike

        show_requests()
        share = config.get("requests_per_minute")
        self.client = Segment(
            config.get("token"),
            url=config.get("url"),
            region=config.get("region"),
            workspace=config.get("workspace"),
            read_only=config.get("read_only"),
            requests_per_minute=int(share) if isinstance(share, (int, Decimal)) else None,
            user_agent_suffix=f"terraform/{terraform_version}" if terraform_version else None,
        )
        # Refreshes read whole lists, and nothing here changes what was read.
        alike.share(self.client)
        self.catalog_in_state = str(config.get("catalog_in_state") or "light")
        self.unreachable: SegformError | None = None
        self.warnings: list[str] = []
        found = self._workspace()
        workspace = str(found["id"]) if found else None
        named = f"{found['name']!r} ({found['slug']}, {found['id']})" if found else ""
        self.halt = Halt(named)
        # Whether anything was read: then a state has been held against the token.
        self.has_read = False
        # What was planned from a state, by kind and id; of kinds that are guarded.
        self.planned: set[tuple[str, str]] = set()
        journal = Journal.open(workspace, base=_project()) if workspace else None
        if journal and journal.warning:
            self.warnings.append(journal.warning)
        # Beside the journal, and off with it.
        beside = journal.path.parent.parent if journal and journal.path else None
        self.life = Lifecycle(
            self.client,
            journal=journal,
            passed=Passed(beside / "cache" / f"{workspace}.jsonl" if beside else None),
            catalog_in_state=self.catalog_in_state,
            strict_secrets=bool(config.get("strict_secrets")),
            workspace=workspace,
            named=named,
        )
        self.pace = Pace(beside / "cache" / f"{workspace}.pace" if beside else None)
        protect = config.get("protect")
        self.guard = Guard(
            None if protect is None else set(protect), set(config.get("protect_except") or ())
        )

    def news(self) -> list[tuple[str, str]]:
        """Warnings about the process itself that nobody was told yet."""
        journal = self.life.journal
        if journal is None or not journal.warning or journal.warning in self.warnings:
            return []
        self.warnings.append(journal.warning)
        return [("The journal is not written", journal.warning)]

    def tell(self, text: str) -> None:
        """Say something in Terraform's log, if there is something to say."""
        if text:
            log("info", text)

    def _workspace(self) -> dict[str, Any] | None:
        """The token's workspace, which also proves the token. Operation: `getWorkspace`."""
        try:
            data = self.client.request("getWorkspace")
        except APIConnectionError as problem:
            self.unreachable = problem
            return None
        found: dict[str, Any] = data["workspace"]
        return found


def _project(folder: Path | None = None) -> Path:
    """The folder that journal and cache belong to.

    That is the working folder; under the CDK, whose stacks live in an output folder that is thrown
    away (`cdktf.out/stacks/shop`), it is the one beside the output folder.
    """
    here = folder or Path.cwd()
    output = here.parent.parent
    synthesized = (here / "cdk.tf.json").exists() and (output / "manifest.json").exists()
    return output.parent if synthesized else here


class Current:
    """The session of this process: none before ConfigureProvider."""

    session: Session | None = None


def current() -> Session:
    """The configured session. Raises RuntimeError where Terraform broke its own order."""
    if Current.session is None:
        raise RuntimeError("the provider is not configured")
    return Current.session
