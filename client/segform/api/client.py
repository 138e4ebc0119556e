"""`Segment` and `AsyncSegment`: the clients that users make."""

from __future__ import annotations

from ._families import AsyncFamilies, Families


class Segment(Families):
    """A Segment workspace through its Public API; safe for any number of threads.

        with Segment(workspace="acme", read_only=True) as segment:
            for source in segment.sources.list():
                print(source["slug"], source["enabled"])

    * `token`: else SEGMENT_API_TOKEN, SEGMENT_API_TOKEN_FILE or PUBLIC_API_TOKEN;
    * `url`, or `region` (`us`, `eu`): else SEGMENT_API_URL, SEGMENT_REGION or PUBLIC_API_URL;
      https, or loopback;
    * `workspace`: the id or slug that the token has to belong to, else SEGMENT_WORKSPACE; checked
      once, before anything else is sent;
    * `read_only`: raise before any write; SEGMENT_READ_ONLY does the same and cannot be lifted;
    * `timeout`: seconds of silence allowed within one attempt;
    * `deadline`: seconds for a whole call from the moment it is first sent;
    * `requests_per_minute`: our share of the API's limit;
    * `user_agent_suffix`: who you are, for Segment's logs;
    * `middleware`: functions around every attempt, the first outermost;
    * `transport`: one of httpx's, in place of the client's own connections. It has to keep to a
      request's extensions itself: `timeout`, and `until`, the moment of the monotonic clock at
      which the answer is due. What drips its headers ends then only if it does.

    Proxies are those of HTTPS_PROXY, ALL_PROXY and NO_PROXY, authorities those of SSL_CERT_FILE.

    Raises ConfigurationError where these make no sense together.
    """


class AsyncSegment(AsyncFamilies):
    """As `Segment`, for asyncio: methods are awaited, lists are iterated with `async for`.

    async with AsyncSegment(workspace="acme", read_only=True) as segment:
        async for source in segment.sources.list():
            print(source["slug"], source["enabled"])

    A `transport` of one's own is ended at the deadline here, whatever it keeps to.
    """
