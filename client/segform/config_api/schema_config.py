"""Schema settings of sources in the legacy Config API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from segform.transport.given import NOT_GIVEN, NotGiven

from ._family import AsyncFamily, Family
from .calls import Call, call
from .masks import update
from .names import Name

if TYPE_CHECKING:
    from collections.abc import Iterable

    from . import types as t

_Flag = bool | NotGiven
_Text = str | NotGiven


def _get(at: Name) -> Call:
    return call("getSchemaConfig", at, needs="")


def _update(at: Name, fields: dict[str, Any], mask: Iterable[str] | None) -> Call:
    return call("updateSchemaConfig", at, body=update("schema_config", fields, mask), needs="")


class SchemaConfig(Family):
    """What legacy sources do with what their tracking plans do not allow."""

    __slots__ = ()

    def get(self, source: str) -> t.SchemaConfig:
        """The schema settings of a legacy source: `GET …/sources/S/schema-config`."""
        return cast("t.SchemaConfig", self._one(_get(self._at(source, "source"))))

    def update(
        self,
        source: str,
        *,
        allow_unplanned_track_events: _Flag = NOT_GIVEN,
        allow_unplanned_track_event_properties: _Flag = NOT_GIVEN,
        allow_unplanned_identify_traits: _Flag = NOT_GIVEN,
        allow_unplanned_group_traits: _Flag = NOT_GIVEN,
        allow_track_event_on_violations: _Flag = NOT_GIVEN,
        allow_track_properties_on_violations: _Flag = NOT_GIVEN,
        allow_identify_traits_on_violations: _Flag = NOT_GIVEN,
        allow_group_traits_on_violations: _Flag = NOT_GIVEN,
        common_track_event_on_violations: _Text = NOT_GIVEN,
        common_identify_event_on_violations: _Text = NOT_GIVEN,
        common_group_event_on_violations: _Text = NOT_GIVEN,
        forwarding_violations_to: _Text = NOT_GIVEN,
        forwarding_blocked_events_to: _Text = NOT_GIVEN,
        mask: Iterable[str] | None = None,
    ) -> t.SchemaConfig:
        """Change what is given of a legacy source's schema settings; the rest stays.

        `PATCH …/sources/S/schema-config`, with a mask of what is given.

        * `common_*`: ALLOW, BLOCK, or OMIT_PROPERTIES (track) and OMIT_TRAITS (the others);
        * `forwarding_*`: the slug of a source, or empty for none;
        * `mask`: paths of your own; one whose field is not given is emptied.
        """
        fields = _fields(locals())
        return cast("t.SchemaConfig", self._one(_update(self._at(source, "source"), fields, mask)))


class AsyncSchemaConfig(AsyncFamily):
    """As `SchemaConfig`, awaited."""

    __slots__ = ()

    async def get(self, source: str) -> t.SchemaConfig:
        """As `SchemaConfig.get`."""
        return cast("t.SchemaConfig", await self._one(_get(self._at(source, "source"))))

    async def update(
        self,
        source: str,
        *,
        allow_unplanned_track_events: _Flag = NOT_GIVEN,
        allow_unplanned_track_event_properties: _Flag = NOT_GIVEN,
        allow_unplanned_identify_traits: _Flag = NOT_GIVEN,
        allow_unplanned_group_traits: _Flag = NOT_GIVEN,
        allow_track_event_on_violations: _Flag = NOT_GIVEN,
        allow_track_properties_on_violations: _Flag = NOT_GIVEN,
        allow_identify_traits_on_violations: _Flag = NOT_GIVEN,
        allow_group_traits_on_violations: _Flag = NOT_GIVEN,
        common_track_event_on_violations: _Text = NOT_GIVEN,
        common_identify_event_on_violations: _Text = NOT_GIVEN,
        common_group_event_on_violations: _Text = NOT_GIVEN,
        forwarding_violations_to: _Text = NOT_GIVEN,
        forwarding_blocked_events_to: _Text = NOT_GIVEN,
        mask: Iterable[str] | None = None,
    ) -> t.SchemaConfig:
        """As `SchemaConfig.update`."""
        fields = _fields(locals())
        return cast(
            "t.SchemaConfig", await self._one(_update(self._at(source, "source"), fields, mask))
        )


def _fields(given: dict[str, Any]) -> dict[str, Any]:
    """The settings among a method's arguments."""
    return {name: value for name, value in given.items() if name.startswith(_SETTINGS)}


_SETTINGS = ("allow_", "common_", "forwarding_")
