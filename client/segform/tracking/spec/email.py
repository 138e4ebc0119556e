"""Email: what becomes of messages, told by the tool that sends them."""

from __future__ import annotations

from typing import Any

from ._base import SpecEvent, about

_RECIPIENT: dict[str, Any] = {
    "traits": {
        "type": "object",
        "description": "Who the email was meant for.",
        "properties": {"email": {"type": "string", "description": "The recipient's address."}},
    }
}
_READER: dict[str, Any] = {
    **_RECIPIENT,
    "ip": {"type": "string", "description": "Public IP address of who opened it."},
    "user_agent": {"type": "string", "description": "User agent of who opened it."},
}


class _Email(SpecEvent, abstract=True):
    email_id: str | None = about("Id of the email.")
    email_subject: str | None = about("Subject of the email.")
    campaign_id: str | None = about("Id of the campaign.")
    campaign_name: str | None = about("Name of the campaign.")


class EmailBounced(_Email, name="Email Bounced", context=_RECIPIENT):
    """A mail server could not deliver it."""


class EmailDelivered(_Email, name="Email Delivered", context=_RECIPIENT):
    """The receiving mail server took it."""


class EmailLinkClicked(_Email, name="Email Link Clicked", context=_READER):
    """The recipient followed a link in it."""

    link_id: str | None = about("Id of the link.")
    link_url: str | None = about("Address that the link leads to.")


class EmailMarkedAsSpam(_Email, name="Email Marked as Spam", context=_READER):
    """The recipient called it spam."""


class EmailOpened(_Email, name="Email Opened", context=_READER):
    """The recipient opened it."""


class Unsubscribed(_Email, name="Unsubscribed", context=_READER):
    """The recipient wants no more, from one list or from all."""

    list_id: str | None = about("Id of the list.")
    list_name: str | None = about("Name of the list.")


EVENTS: tuple[type[SpecEvent], ...] = (
    EmailBounced,
    EmailDelivered,
    EmailLinkClicked,
    EmailMarkedAsSpam,
    EmailOpened,
    Unsubscribed,
)
