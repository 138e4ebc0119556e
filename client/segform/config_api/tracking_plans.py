"""Tracking plans of the legacy Config API, their rules in them, and their sources."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from segform.transport.given import NOT_GIVEN, NotGiven, given

from ._family import AsyncFamily, Family
from .calls import Call, call
from .masks import update
from .names import Name
from .paging import PAGE_SIZE

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable, Iterator, Mapping

    from . import types as t

_KIND = "tracking plan"


def _create(at: Name, fields: dict[str, Any]) -> Call:
    return call("createTrackingPlan", at, body={"tracking_plan": given(fields)})


def _update(at: Name, fields: dict[str, Any], mask: Iterable[str] | None) -> Call:
    return call("updateTrackingPlan", at, body=update("tracking_plan", fields, mask))


def _connect(plan: Name, source: Name) -> Call:
    body = {"source_name": str(source)}
    return call("createSourceConnection", plan, body=body, needs="source_name")


def _disconnect(plan: Name, source: Name) -> Call:
    more = {"source": source.last}
    return call("deleteSourceConnection", plan, more=more, needs="")


class TrackingPlans(Family):
    """Legacy tracking plans: list, get, create, update, delete."""

    __slots__ = ()

    @property
    def sources(self) -> SourceConnections:
        """The sources that legacy tracking plans are connected to."""
        return SourceConnections(self._client)

    def list(
        self, workspace: str | None = None, *, limit: int | None = None, count: int = PAGE_SIZE
    ) -> Iterator[t.TrackingPlan]:
        """The legacy tracking plans of a workspace: `GET …/tracking-plans`."""
        asked = call("listTrackingPlans", self._in(workspace))
        return cast("Iterator[t.TrackingPlan]", self._each(asked, limit, count))

    def get(self, name: str) -> t.TrackingPlan:
        """One legacy tracking plan, by its name or its `rs_…`: `GET …/tracking-plans/rs_…`."""
        return cast("t.TrackingPlan", self._one(call("getTrackingPlan", self._at(name, _KIND))))

    def create(
        self,
        *,
        display_name: str,
        rules: t.Rules | Mapping[str, Any] | NotGiven = NOT_GIVEN,
        workspace: str | None = None,
    ) -> t.TrackingPlan:
        """Create a legacy tracking plan: `POST …/tracking-plans`.

        * `rules`: `{"global": …, "identify": …, "group": …, "events": [{"name", "rules"}]}`, each
          a JSON Schema.

        Never repeated blindly: see `.ambiguous` on the error.
        """
        fields = {"display_name": display_name, "rules": rules}
        return cast("t.TrackingPlan", self._one(_create(self._in(workspace), fields)))

    def update(
        self,
        name: str,
        *,
        display_name: str | NotGiven = NOT_GIVEN,
        rules: t.Rules | Mapping[str, Any] | NotGiven = NOT_GIVEN,
        mask: Iterable[str] | None = None,
    ) -> t.TrackingPlan:
        """Change what is given of a legacy tracking plan: `PUT …/tracking-plans/rs_…`.

        Segment's documents use PUT here, and the mask decides all the same: it is made of what is
        given.

        * `rules`: take the place of all rules of the plan;
        * `mask`: paths of your own, such as `tracking_plan.rules`; one whose field is not given
          is emptied.
        """
        fields = {"display_name": display_name, "rules": rules}
        return cast("t.TrackingPlan", self._one(_update(self._at(name, _KIND), fields, mask)))

    def delete(self, name: str) -> None:
        """Delete a legacy tracking plan: `DELETE …/tracking-plans/rs_…`."""
        self._one(call("deleteTrackingPlan", self._at(name, _KIND), needs=""))


class SourceConnections(Family):
    """Sources connected to legacy tracking plans: list, create, delete."""

    __slots__ = ()

    def list(
        self, plan: str, *, limit: int | None = None, count: int = PAGE_SIZE
    ) -> Iterator[t.SourceConnection]:
        """The sources of a legacy tracking plan: `GET …/source-connections`."""
        asked = call("listSourceConnections", self._at(plan, _KIND))
        return cast("Iterator[t.SourceConnection]", self._each(asked, limit, count))

    def create(self, plan: str, source: str) -> t.SourceConnection:
        """Connect a source to a legacy tracking plan: `POST …/source-connections`.

        Never repeated blindly: see `.ambiguous` on the error.
        """
        asked = _connect(self._at(plan, _KIND), self._at(source, "source"))
        return cast("t.SourceConnection", self._one(asked))

    def delete(self, plan: str, source: str) -> None:
        """Disconnect a source from a legacy tracking plan: `DELETE …/source-connections/S`."""
        self._one(_disconnect(self._at(plan, _KIND), self._at(source, "source")))


class AsyncTrackingPlans(AsyncFamily):
    """As `TrackingPlans`, awaited."""

    __slots__ = ()

    @property
    def sources(self) -> AsyncSourceConnections:
        """As `TrackingPlans.sources`."""
        return AsyncSourceConnections(self._client)

    def list(
        self, workspace: str | None = None, *, limit: int | None = None, count: int = PAGE_SIZE
    ) -> AsyncIterator[t.TrackingPlan]:
        """As `TrackingPlans.list`."""
        asked = call("listTrackingPlans", self._in(workspace))
        return cast("AsyncIterator[t.TrackingPlan]", self._each(asked, limit, count))

    async def get(self, name: str) -> t.TrackingPlan:
        """As `TrackingPlans.get`."""
        return cast(
            "t.TrackingPlan", await self._one(call("getTrackingPlan", self._at(name, _KIND)))
        )

    async def create(
        self,
        *,
        display_name: str,
        rules: t.Rules | Mapping[str, Any] | NotGiven = NOT_GIVEN,
        workspace: str | None = None,
    ) -> t.TrackingPlan:
        """As `TrackingPlans.create`."""
        fields = {"display_name": display_name, "rules": rules}
        return cast("t.TrackingPlan", await self._one(_create(self._in(workspace), fields)))

    async def update(
        self,
        name: str,
        *,
        display_name: str | NotGiven = NOT_GIVEN,
        rules: t.Rules | Mapping[str, Any] | NotGiven = NOT_GIVEN,
        mask: Iterable[str] | None = None,
    ) -> t.TrackingPlan:
        """As `TrackingPlans.update`."""
        fields = {"display_name": display_name, "rules": rules}
        return cast("t.TrackingPlan", await self._one(_update(self._at(name, _KIND), fields, mask)))

    async def delete(self, name: str) -> None:
        """As `TrackingPlans.delete`."""
        await self._one(call("deleteTrackingPlan", self._at(name, _KIND), needs=""))


class AsyncSourceConnections(AsyncFamily):
    """As `SourceConnections`, awaited."""

    __slots__ = ()

    def list(
        self, plan: str, *, limit: int | None = None, count: int = PAGE_SIZE
    ) -> AsyncIterator[t.SourceConnection]:
        """As `SourceConnections.list`."""
        asked = call("listSourceConnections", self._at(plan, _KIND))
        return cast("AsyncIterator[t.SourceConnection]", self._each(asked, limit, count))

    async def create(self, plan: str, source: str) -> t.SourceConnection:
        """As `SourceConnections.create`."""
        asked = _connect(self._at(plan, _KIND), self._at(source, "source"))
        return cast("t.SourceConnection", await self._one(asked))

    async def delete(self, plan: str, source: str) -> None:
        """As `SourceConnections.delete`."""
        await self._one(_disconnect(self._at(plan, _KIND), self._at(source, "source")))
