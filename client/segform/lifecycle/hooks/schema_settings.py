"""Schema settings of a source: settings that are always there, once a plan is connected."""

from __future__ import annotations

from typing import Any

from segform.lifecycle.mapping import to_api
from segform.lifecycle.run import Run
from segform.resources.source_tracking_plan_connection import SCHEMA_SETTINGS

from .connection import differing

_NAMES = tuple(item.name for item in SCHEMA_SETTINGS.attributes)


class SchemaSettings:
    """Create, read and delete, in place of the calls of an ordinary object."""

    @staticmethod
    def create(run: Run) -> dict[str, Any]:
        """Write what is configured. Op.: `updateSchemaSettingsInSource`; may be repeated."""
        return _write(run, {})

    @staticmethod
    def delete(run: Run) -> None:
        """Nothing: settings cannot be deleted, and what they were before is not known."""

    @staticmethod
    def read(run: Run) -> dict[str, Any] | None:
        """The settings. Operation: `listSchemaSettingsInSource`.

        A source without a plan has none (400), and one that is gone has none either (404).
        """
        from segform.errors import BadRequestError, NotFoundError

        source_id = (run.prior or run.planned)["source_id"]
        try:
            data = run.request("listSchemaSettingsInSource", path={"sourceId": source_id})
        except (NotFoundError, BadRequestError):
            return None
        return _live(source_id, data)


def finish(run: Run) -> None:
    """Write what an update changes. Operation: `updateSchemaSettingsInSource`."""
    if run.prior is not None:
        with run.step("write the schema settings of the source"):
            run.live = _write(run, {name: run.prior.get(name) for name in _NAMES})


def _write(run: Run, prior: dict[str, Any]) -> dict[str, Any]:
    source_id = run.planned["source_id"]
    planned = {name: run.planned_value(name) for name in _NAMES}
    body = to_api(SCHEMA_SETTINGS, differing(planned, prior))
    path = {"sourceId": source_id}
    if not body:
        return _live(source_id, run.request("listSchemaSettingsInSource", path=path))
    return _live(source_id, run.request("updateSchemaSettingsInSource", path=path, body=body))


def _live(source_id: str, data: dict[str, Any]) -> dict[str, Any]:
    return {**data["settings"], "id": source_id, "sourceId": source_id}
