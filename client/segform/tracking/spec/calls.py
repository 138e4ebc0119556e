"""The six calls, with the fields that the specification gives them, and what all calls share."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from segform.tracking.planned import PlannedEvent

from ._base import Part, SpecEvent, about

_TEXT = {"type": "string"}
_MOMENT = {"type": "string", "format": "date-time"}


class Address(Part):
    """Where a user or a group is."""

    city: str | None = about("City.")
    country: str | None = about("Country.")
    postal_code: str | None = about("Postal code.", alias="postalCode")
    state: str | None = about("State or region.")
    street: str | None = about("Street.")


class Company(Part):
    """The company of a user."""

    name: str | None = about("Name of the company.")
    id: str | int | None = about("Id of the company.")
    industry: str | None = about("Industry.")
    employee_count: int | None = about("How many people it employs.")
    plan: str | None = about("Plan that it is on.")


class Identify(SpecEvent, call="IDENTIFY"):
    """Who somebody is."""

    address: Address | None = about("Address.")
    age: float | None = about("Age.")
    avatar: str | None = about("Address of a picture.")
    birthday: str | None = about("Birthday, as ISO 8601.")
    company: Company | None = about("The company.")
    created_at: str | None = about("When the account was made, ISO 8601.", alias="createdAt")
    description: str | None = about("Description.")
    email: str | None = about("Email address.")
    first_name: str | None = about("First name.", alias="firstName")
    gender: str | None = about("Gender.")
    id: str | None = about("Id in the sender's database.")
    last_name: str | None = about("Last name.", alias="lastName")
    name: str | None = about("Full name.")
    phone: str | None = about("Telephone number.")
    title: str | None = about("Title, such as a position in a company.")
    username: str | None = about("Name that the user signs in with.")
    website: str | None = about("Website.")


class Group(SpecEvent, call="GROUP"):
    """What a group, such as a company, is."""

    address: Address | None = about("Address.")
    avatar: str | None = about("Address of a picture.")
    created_at: str | None = about("When the account was made, ISO 8601.", alias="createdAt")
    description: str | None = about("Description.")
    email: str | None = about("Email address.")
    employees: str | None = about("How many people it employs; a text in the specification.")
    id: str | None = about("Id in the sender's database.")
    industry: str | None = about("Industry.")
    name: str | None = about("Name.")
    phone: str | None = about("Telephone number.")
    website: str | None = about("Website.")
    plan: str | None = about("Plan that it is on.")


class Track(SpecEvent, abstract=True):
    """Base for track calls of yours: the properties that mean the same everywhere."""

    revenue: float | None = about("Money that the event made.")
    currency: str | None = about("Currency of it, as ISO 4217 has it.")
    value: float | None = about("Worth of an event that made no money.")


class Page(SpecEvent, call="PAGE"):
    """Somebody saw a page."""

    name: str | None = about("Name of the page.")
    path: str | None = about("Path of its address.")
    referrer: str | None = about("Address of the page before.")
    search: str | None = about("Query of its address.")
    title: str | None = about("Title of the page.")
    url: str | None = about("Its whole address.")
    keywords: list[str] | None = about("What it is about.")


class Screen(SpecEvent, call="SCREEN"):
    """Somebody saw a screen of an app."""

    name: str | None = about("Name of the screen.")


class Alias(BaseModel):
    """One person, two ids. No plan is about such calls."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    user_id: str = Field(alias="userId", description="Id from now on.")
    previous_id: str = Field(alias="previousId", description="Id until now.")

    def message(self) -> dict[str, Any]:
        """The call that joins the two."""
        return {"type": "alias", **self.model_dump(by_alias=True)}


def _object(*names: str, **more: Any) -> dict[str, Any]:
    return {"type": "object", "properties": {**dict.fromkeys(names, _TEXT), **more}}


_FLAG = {"type": "boolean"}
_NUMBER = {"type": "number"}
CONTEXT: dict[str, Any] = {
    "active": _FLAG,
    "app": _object("name", "version", "build"),
    "campaign": _object("name", "source", "medium", "term", "content"),
    "channel": {"enum": ["server", "browser", "mobile"]},
    "device": _object("id", "advertisingId", "manufacturer", "model", "name", "type", "version"),
    "groupId": _TEXT,
    "ip": _TEXT,
    "library": _object("name", "version"),
    "locale": _TEXT,
    "network": _object("carrier", bluetooth=_FLAG, cellular=_FLAG, wifi=_FLAG),
    "os": _object("name", "version"),
    "page": _object("path", "referrer", "search", "title", "url"),
    "referrer": _object("type", "name", "url", "link"),
    "screen": _object(density=_NUMBER, height=_NUMBER, width=_NUMBER),
    "timezone": _TEXT,
    "traits": {"type": "object"},
    "userAgent": _TEXT,
    "userAgentData": {"type": "object"},
}
COMMON = PlannedEvent(
    "COMMON",
    None,
    1,
    {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "type": "object",
        "description": "What all calls share.",
        "properties": {
            "anonymousId": _TEXT,
            "context": {"type": "object", "properties": CONTEXT},
            "integrations": {"type": "object"},
            "messageId": _TEXT,
            "originalTimestamp": _MOMENT,
            "receivedAt": _MOMENT,
            "sentAt": _MOMENT,
            "timestamp": _MOMENT,
            "type": {"enum": ["alias", "group", "identify", "page", "screen", "track"]},
            "userId": _TEXT,
            "version": _NUMBER,
        },
        # Every call is about somebody, known or not.
        "anyOf": [{"required": ["userId"]}, {"required": ["anonymousId"]}],
    },
)

EVENTS: tuple[type[SpecEvent], ...] = (Identify, Group, Page, Screen)
