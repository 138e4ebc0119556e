"""What the classes of the specification share."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from segform.tracking.events import Event


class SpecEvent(Event, abstract=True, nulls=False):
    """Base of the specification's events: every property may be left out, none may be null."""


class Part(BaseModel):
    """Base of what is inside of properties."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)


def about(description: str, **more: Any) -> Any:
    """A property that may be left out, and what it holds."""
    return Field(default=None, description=description, **more)


GROUP_ID = {"groupId": {"type": "string", "description": "Id of the account that it is about."}}
