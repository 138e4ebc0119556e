"""Destinations of the legacy Config API: one of a kind below a source."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from segform.errors import ConfigurationError
from segform.transport.given import NOT_GIVEN, NotGiven, given

from . import masks
from ._family import AsyncFamily, Family
from .calls import Call, call
from .names import Name
from .paging import PAGE_SIZE

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
    from typing import TypeAlias

    from . import types as t

    # Values by option, or the API's own entries.
    Config: TypeAlias = Mapping[str, Any] | Sequence[t.ConfigOption]

_KIND = "destination"


def _create(at: Name, fields: dict[str, Any]) -> Call:
    made = given(fields)
    if "config" in made:
        made["config"] = masks.config(str(at), made["config"])
    return call("createDestination", at.parent, body={"destination": {"name": str(at), **made}})


def _update(at: Name, fields: dict[str, Any], mask: Iterable[str] | None) -> Call:
    config = fields["config"]
    if config is not NOT_GIVEN:
        if not config and mask is None:
            raise ConfigurationError(
                f"An empty config would empty every option of {at}; nothing was sent. Leave it "
                "out, or ask for it with mask=['destination.config']."
            )
        fields = {**fields, "config": masks.config(str(at), config)}
    return call("updateDestination", at, body=masks.update("destination", fields, mask))


class Destinations(Family):
    """Legacy destinations: list, get, create, update, delete."""

    __slots__ = ()

    def list(
        self, source: str, *, limit: int | None = None, count: int = PAGE_SIZE
    ) -> Iterator[t.Destination]:
        """The legacy destinations of a source: `GET …/sources/S/destinations`."""
        asked = call("listDestinations", self._at(source, "source"))
        return cast("Iterator[t.Destination]", self._each(asked, limit, count))

    def get(self, name: str) -> t.Destination:
        """One legacy destination by its resource name: `GET …/destinations/D`.

        * `name`: `workspaces/W/sources/S/destinations/D`, or `sources/S/destinations/D` in the
          client's own workspace; so in all methods.
        """
        return cast("t.Destination", self._one(call("getDestination", self._at(name, _KIND))))

    def create(
        self,
        name: str,
        *,
        connection_mode: str | NotGiven = NOT_GIVEN,
        enabled: bool | NotGiven = NOT_GIVEN,
        display_name: str | NotGiven = NOT_GIVEN,
        config: Config | NotGiven = NOT_GIVEN,
    ) -> t.Destination:
        """Create a legacy destination: `POST …/sources/S/destinations`.

        * `name`: its last part is the slug of a destination of the catalogue;
        * `connection_mode`: `CLOUD`, or another word of an open set;
        * `enabled`: the API starts it disabled;
        * `config`: values by option, as in `{"trackingId": "UA-1"}`, or the API's own entries.

        Never repeated blindly: see `.ambiguous` on the error.
        """
        fields = {
            "connection_mode": connection_mode,
            "enabled": enabled,
            "display_name": display_name,
            "config": config,
        }
        return cast("t.Destination", self._one(_create(self._at(name, _KIND), fields)))

    def update(
        self,
        name: str,
        *,
        connection_mode: str | NotGiven = NOT_GIVEN,
        enabled: bool | NotGiven = NOT_GIVEN,
        display_name: str | NotGiven = NOT_GIVEN,
        config: Config | NotGiven = NOT_GIVEN,
        mask: Iterable[str] | None = None,
    ) -> t.Destination:
        """Change what is given of a legacy destination: `PATCH …/destinations/D`.

        The mask is made of what is given; options that `config` does not name stay.

        * `mask`: paths of your own, such as `destination.config`; one whose field is not given is
          emptied.
        """
        fields = {
            "display_name": display_name,
            "enabled": enabled,
            "connection_mode": connection_mode,
            "config": config,
        }
        return cast("t.Destination", self._one(_update(self._at(name, _KIND), fields, mask)))

    def delete(self, name: str) -> None:
        """Delete a legacy destination: `DELETE …/destinations/D`."""
        self._one(call("deleteDestination", self._at(name, _KIND), needs=""))


class AsyncDestinations(AsyncFamily):
    """As `Destinations`, awaited."""

    __slots__ = ()

    def list(
        self, source: str, *, limit: int | None = None, count: int = PAGE_SIZE
    ) -> AsyncIterator[t.Destination]:
        """As `Destinations.list`."""
        asked = call("listDestinations", self._at(source, "source"))
        return cast("AsyncIterator[t.Destination]", self._each(asked, limit, count))

    async def get(self, name: str) -> t.Destination:
        """As `Destinations.get`."""
        return cast("t.Destination", await self._one(call("getDestination", self._at(name, _KIND))))

    async def create(
        self,
        name: str,
        *,
        connection_mode: str | NotGiven = NOT_GIVEN,
        enabled: bool | NotGiven = NOT_GIVEN,
        display_name: str | NotGiven = NOT_GIVEN,
        config: Config | NotGiven = NOT_GIVEN,
    ) -> t.Destination:
        """As `Destinations.create`."""
        fields = {
            "connection_mode": connection_mode,
            "enabled": enabled,
            "display_name": display_name,
            "config": config,
        }
        return cast("t.Destination", await self._one(_create(self._at(name, _KIND), fields)))

    async def update(
        self,
        name: str,
        *,
        connection_mode: str | NotGiven = NOT_GIVEN,
        enabled: bool | NotGiven = NOT_GIVEN,
        display_name: str | NotGiven = NOT_GIVEN,
        config: Config | NotGiven = NOT_GIVEN,
        mask: Iterable[str] | None = None,
    ) -> t.Destination:
        """As `Destinations.update`."""
        fields = {
            "display_name": display_name,
            "enabled": enabled,
            "connection_mode": connection_mode,
            "config": config,
        }
        return cast("t.Destination", await self._one(_update(self._at(name, _KIND), fields, mask)))

    async def delete(self, name: str) -> None:
        """As `Destinations.delete`."""
        await self._one(call("deleteDestination", self._at(name, _KIND), needs=""))
