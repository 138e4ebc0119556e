"""B2B SaaS: accounts, their users, and trials."""

from __future__ import annotations

from ._base import GROUP_ID, SpecEvent, about


class _OfAccount(SpecEvent, abstract=True, context=GROUP_ID):
    pass


class _Account(_OfAccount, abstract=True):
    account_name: str | None = about("Name of the account.")


class AccountCreated(_Account, name="Account Created"):
    """An account was made."""


class AccountDeleted(_Account, name="Account Deleted"):
    """An account was removed."""


class SignedUp(_OfAccount, name="Signed Up"):
    """A user signed up."""

    type: str | None = about("Way of signing up, such as invited or organic.")
    first_name: str | None = about("First name of the user.")
    last_name: str | None = about("Last name of the user.")
    email: str | None = about("Email address of the user.")
    phone: str | None = about("Telephone number of the user.")
    username: str | None = about("Name that the user signs in with.")
    title: str | None = about("Title of the user.")


class SignedIn(_OfAccount, name="Signed In"):
    """A user signed in."""

    username: str | None = about("Name that the user signs in with.")


class SignedOut(_OfAccount, name="Signed Out"):
    """A user signed out."""

    username: str | None = about("Name that the user signs in with.")


class InviteSent(_OfAccount, name="Invite Sent"):
    """A user invited somebody."""

    invitee_email: str | None = about("Email address of who was invited.")
    invitee_first_name: str | None = about("First name of who was invited.")
    invitee_last_name: str | None = about("Last name of who was invited.")
    invitee_role: str | None = about("Permission group of who was invited.")


class AccountAddedUser(_OfAccount, name="Account Added User"):
    """A user became part of an account."""

    role: str | None = about("Permission group of the user in the account.")


class AccountRemovedUser(_OfAccount, name="Account Removed User"):
    """A user is no longer part of an account."""


class _Trial(_OfAccount, abstract=True):
    trial_start_date: str | None = about("Day on which the trial starts, as ISO 8601.")
    trial_end_date: str | None = about("Day on which the trial ends, as ISO 8601.")
    trial_plan_name: str | None = about("Name of the plan that is tried.")


class TrialStarted(_Trial, name="Trial Started"):
    """A trial began."""


class TrialEnded(_Trial, name="Trial Ended"):
    """A trial ended."""


EVENTS: tuple[type[SpecEvent], ...] = (
    AccountCreated,
    AccountDeleted,
    SignedUp,
    SignedIn,
    SignedOut,
    InviteSent,
    AccountAddedUser,
    AccountRemovedUser,
    TrialStarted,
    TrialEnded,
)
