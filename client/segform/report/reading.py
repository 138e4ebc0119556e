"""Plans as change sets: ours, and those that `terraform show -json` prints."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from .model import ChangeSet, PlanError, Subject

PLAN = "segform.plan"


def load(document: Any, *, snapshot: Mapping[str, Any] | None = None) -> ChangeSet:
    """A change set from a parsed JSON document; `snapshot`: the workspace that it is planned for.

    A plan of ours holds what changes, and the names of what that refers to. With a snapshot beside
    it the report also knows which filters, mappings and transformations use what changes. Raises
    PlanError for what is no plan.
    """
    if not isinstance(document, Mapping):
        raise PlanError("a plan is a JSON object; write it with `terraform show -json plan.bin`")
    try:
        if document.get("format") == PLAN:
            from .segform_plan import read

            return read(document, _beside(snapshot))
        if "format_version" in document or "resource_changes" in document:
            from .terraform_plan import read as read_terraform

            return read_terraform(document)
    except (AttributeError, TypeError, KeyError, ValueError, RecursionError) as bad:
        if isinstance(bad, PlanError):
            raise
        raise PlanError(f"the plan is not as its format says: {bad}") from bad
    raise PlanError(
        "it is neither a plan of segform nor one of terraform; write the latter with "
        "`terraform plan -out=plan.bin` and `terraform show -json plan.bin`"
    )


def _beside(snapshot: Mapping[str, Any] | None) -> Iterator[Subject]:
    """The objects of a snapshot, as they are."""
    if snapshot is None:
        return
    from segform.lifecycle.keys import import_id_of
    from segform.workspace.things import things, workspaces

    from .values import hidden_settings

    for at, workspace in workspaces(snapshot):
        for thing in things(workspace, at):
            values = hidden_settings(thing.kind.about.name, dict(thing.values))
            yield Subject(
                address=thing.address,
                kind=thing.kind.about.name,
                id=import_id_of(thing.kind, thing.values),
                action="none",
                before=values,
                after=values,
            )
