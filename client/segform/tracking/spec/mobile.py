"""Mobile: the life of an app on a device, and campaigns."""

from __future__ import annotations

from ._base import Part, SpecEvent, about


class ApplicationInstalled(SpecEvent, name="Application Installed"):
    """The app was opened for the first time after it was installed."""

    version: str | None = about("Version that was installed.")
    build: str | None = about("Build that was installed.")


class ApplicationOpened(SpecEvent, name="Application Opened"):
    """The app was opened."""

    from_background: bool | None = about("Whether it came back from the background.")
    url: str | None = about("Address that it was opened with; iOS only.")
    referring_application: str | None = about("App that opened it.")
    version: str | None = about("Version of the app.")
    build: str | None = about("Build of the app.")


class ApplicationBackgrounded(SpecEvent, name="Application Backgrounded"):
    """The app went to the background."""


class ApplicationForegrounded(SpecEvent, name="Application Foregrounded"):
    """The app came to the front again."""


class ApplicationUpdated(SpecEvent, name="Application Updated"):
    """The app was opened for the first time after an update."""

    previous_version: str | None = about("Version before.")
    previous_build: str | None = about("Build before.")
    version: str | None = about("Version now.")
    build: str | None = about("Build now.")


class ApplicationUninstalled(SpecEvent, name="Application Uninstalled"):
    """The app was removed; told by a partner that finds out."""


class ApplicationCrashed(SpecEvent, name="Application Crashed"):
    """The app crashed; told by a tool that finds out."""


class Campaign(Part):
    """The campaign that led to an event."""

    source: str | None = about("Network or provider.")
    name: str | None = about("Name of the campaign.")
    medium: str | None = about("Kind of link.")
    content: str | None = about("What it says.")


class InstallCampaign(Campaign):
    """The campaign that led to an installation."""

    ad_creative: str | None = about("Name of the ad.")
    ad_group: str | None = about("Name of the group of ads.")


class InstallAttributed(SpecEvent, name="Install Attributed"):
    """A provider says where an installation came from."""

    provider: str | None = about("Who says so.")
    campaign: InstallCampaign | None = about("The campaign.")


class PushNotificationReceived(SpecEvent, name="Push Notification Received"):
    """A push notification came."""

    campaign: Campaign | None = about("The campaign.")


class _PushAnswered(SpecEvent, abstract=True):
    action: str | None = about("Action that was tapped, where there are several.")
    campaign: Campaign | None = about("The campaign.")


class PushNotificationTapped(_PushAnswered, name="Push Notification Tapped"):
    """Somebody tapped a push notification."""


class PushNotificationBounced(_PushAnswered, name="Push Notification Bounced"):
    """A push notification could not be delivered."""


class _DeepLink(SpecEvent, abstract=True):
    provider: str | None = about("Provider of deep links.")
    url: str | None = about("Address of the link.")


class DeepLinkOpened(_DeepLink, name="Deep Link Opened"):
    """The app was opened by a deep link."""


class DeepLinkClicked(_DeepLink, name="Deep Link Clicked"):
    """Somebody clicked a deep link."""


EVENTS: tuple[type[SpecEvent], ...] = (
    ApplicationInstalled,
    ApplicationOpened,
    ApplicationBackgrounded,
    ApplicationForegrounded,
    ApplicationUpdated,
    ApplicationUninstalled,
    ApplicationCrashed,
    InstallAttributed,
    PushNotificationReceived,
    PushNotificationTapped,
    PushNotificationBounced,
    DeepLinkOpened,
    DeepLinkClicked,
)
