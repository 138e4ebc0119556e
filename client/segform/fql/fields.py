"""What fields of events are called in plain words."""

from __future__ import annotations

_ALONE = {
    "type": "the type of call",
    "event": "the event name",
    "name": "the name of the page or screen",
    "category": "the category of the page or screen",
    "userId": "the user ID",
    "anonymousId": "the anonymous ID",
    "groupId": "the group ID",
    "previousId": "the previous ID",
    "messageId": "the message ID",
    "timestamp": "the time of the event",
    "sentAt": "the time of sending",
    "receivedAt": "the time of arrival",
    "originalTimestamp": "the time on the sender's clock",
    "channel": "the channel",
    "properties": "the properties",
    "traits": "the traits",
    "context": "the context",
    "integrations": "the integrations",
}
_CONTEXT = {
    "page.url": "the URL of the page",
    "page.path": "the path of the page",
    "page.title": "the title of the page",
    "page.referrer": "the page that led to this one",
    "page.search": "the query in the URL of the page",
    "ip": "the IP address",
    "userAgent": "the browser's user agent",
    "locale": "the locale",
    "timezone": "the time zone",
    "library.name": "the name of the sending library",
    "library.version": "the version of the sending library",
    "app.name": "the name of the app",
    "app.version": "the version of the app",
    "app.build": "the build of the app",
    "app.namespace": "the namespace of the app",
    "os.name": "the operating system",
    "os.version": "the version of the operating system",
    "device.id": "the ID of the device",
    "device.type": "the type of the device",
    "device.model": "the model of the device",
    "device.manufacturer": "the manufacturer of the device",
    "campaign.name": "the name of the campaign",
    "campaign.source": "the source of the campaign",
    "campaign.medium": "the medium of the campaign",
    "network.carrier": "the mobile carrier",
    "protocols.sourceId": "the source that the event came from",
}


def field(segments: tuple[str, ...]) -> str:
    """A field of an event, as the subject of a sentence; it begins with `the`."""
    first, rest = segments[0], ".".join(segments[1:])
    if not rest:
        return _ALONE.get(first, f"the field “{first}”")
    if first == "properties":
        return f"the property “{rest}”"
    if first == "traits":
        return f"the trait “{rest}”"
    if first == "context":
        return _context(segments, rest)
    if first == "integrations":
        return f"the integration setting “{rest}”"
    return f"the field “{first}.{rest}”"


def _context(segments: tuple[str, ...], rest: str) -> str:
    known = _CONTEXT.get(rest)
    if known:
        return known
    if segments[1] == "traits" and len(segments) > 2:
        return f"the trait “{'.'.join(segments[2:])}” in the context"
    return f"the context field “{rest}”"


def keys_of(path: str) -> str:
    """The object whose keys a filter's `fields` names; "" is the event itself."""
    return field(tuple(path.split("."))) if path else "the event itself"
