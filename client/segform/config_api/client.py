"""`ConfigAPI` and `AsyncConfigAPI`: the clients of the legacy Config API."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from segform.errors import APIError, ConfigurationError, ResponseDecodeError
from segform.transport.aio import AsyncClient
from segform.transport.client import Client
from segform.transport.config import Config
from segform.transport.exchange import Session

from . import access
from .answer import Nothing, read
from .elsewhere import Elsewhere
from .names import Name, parse
from .operations import LegacyOperation, operation
from .paging import PAGE_SIZE, Pages
from .wording import reworded

if TYPE_CHECKING:
    from .catalog import AsyncCatalog, Catalog
    from .destinations import AsyncDestinations, Destinations
    from .filters import AsyncDestinationFilters, DestinationFilters
    from .functions import AsyncFunctions, Functions
    from .members import (
        AsyncInvites,
        AsyncPolicies,
        AsyncRoles,
        AsyncUsers,
        Invites,
        Policies,
        Roles,
        Users,
    )
    from .regulations import AsyncRegulations, Regulations
    from .schema_config import AsyncSchemaConfig, SchemaConfig
    from .sources import AsyncSources, Sources
    from .tracking_plans import AsyncTrackingPlans, TrackingPlans
    from .workspaces import AsyncWorkspaces, Workspaces


class _Legacy:
    """What both clients share: the hooks of the transport, the workspace, what is not here."""

    _workspace: str | None

    def _open(self, given: dict[str, Any]) -> Session:
        self._workspace = access.workspace(given.pop("workspace"))
        given["token"] = access.token(given["token"])
        given["url"] = access.url(given["url"], given.pop("region"))
        if given["requests_per_minute"] is None:
            given["requests_per_minute"] = access.PER_MINUTE
        session = Session(Config(**given), judge=read)
        # The paths name the workspace: there is nothing to ask `GET /` for, and no `GET /`.
        session.pinned = True
        return session

    if not TYPE_CHECKING:  # for checkers every name would be there

        def __getattr__(self, name: str) -> Any:
            """Raises AttributeError; for a family of the Public API with the way to it."""
            from segform.contract import FAMILIES

            mend = f": use segform.Segment().{name} of the Public API" if name in FAMILIES else ""
            raise AttributeError(
                f"the legacy Config API has no {name!r}{mend}", name=name, obj=self
            )

    def _operation(self, op_id: str) -> LegacyOperation:
        return operation(op_id)

    @property
    def workspace(self) -> str | None:
        """The slug of the workspace that short names are in; None: names are written in full."""
        return self._workspace

    def home(self, workspace: str | None = None) -> Name:
        """The name of a workspace: the one given, else the client's own.

        Raises ConfigurationError where there is neither, or the two differ.
        """
        slug = workspace.removeprefix("workspaces/") if workspace else self._workspace
        if not slug:
            raise ConfigurationError(
                "Which workspace? Make the legacy client with `workspace` (its slug), set "
                "SEGMENT_WORKSPACE, or say it in the call."
            )
        if self._workspace is not None and slug != self._workspace:
            raise ConfigurationError(
                f"This legacy client is for the workspace {self._workspace!r}, not for {slug!r}; "
                "nothing was sent. Make a client for that workspace."
            )
        return parse(f"workspaces/{slug}", "workspace")

    @property
    def warehouses(self) -> Elsewhere:
        """Not in the legacy API: every call says which one of the Public API to use."""
        return Elsewhere("warehouses")

    @property
    def delivery_metrics(self) -> Elsewhere:
        """Of no public form in the legacy API: calls name the one of the Public API to use."""
        return Elsewhere("delivery_metrics")

    @property
    def suppressed_users(self) -> Elsewhere:
        """Of no public form in the legacy API: calls name the one of the Public API to use."""
        return Elsewhere("suppressed_users")

    @property
    def access_tokens(self) -> Elsewhere:
        """Segment makes no new legacy tokens; every call says so."""
        return Elsewhere("access_tokens")


def _whole(op_id: str, data: dict[str, Any]) -> dict[str, Any]:
    """The answer; raises ResponseDecodeError for an empty one where something is due."""
    facts = operation(op_id)
    if isinstance(data, Nothing) and facts.method != "DELETE":
        raise ResponseDecodeError(
            f"{op_id} ({facts.method} {facts.path}) got an answer of success that is empty. A "
            "proxy may have answered in the place of the legacy Config API.",
            operation=op_id,
            method=facts.method,
            path=facts.path,
            ambiguous=not facts.reads,
        )
    return data


class ConfigAPI(_Legacy, Client):
    """A workspace through Segment's legacy Config API; safe for any number of threads.

    * `token`: a legacy token, else SEGMENT_CONFIG_API_TOKEN; one of the Public API does not do;
    * `url`: else SEGMENT_CONFIG_API_URL, else Segment's own; https, or loopback;
    * `region`: `us` or nothing: the legacy API serves no other;
    * `workspace`: the slug that short names are in, else SEGMENT_WORKSPACE;
    * `read_only`: raise before any write; SEGMENT_READ_ONLY does the same;
    * `requests_per_minute`: 200 is what the service allows, all operations together;
    * the rest as for `segform.Segment`.

    Lists take `limit` (entries in all, None for every one) and `count` (entries a page, 1 to 1000).
    Objects go by their resource names, in full or short: see `segform.config_api.names.resolve`.

    Raises ConfigurationError where these make no sense together. Methods raise `ReadOnlyError`
    before a write where only reads are allowed, `APIError` and its kinds for what went wrong, and
    `NotInConfigAPI` for what there is only in the Public API.
    """

    def request(
        self,
        operation: str,
        *,
        path: Mapping[str, Any] | None = None,
        query: Mapping[str, Any] | None = None,
        body: Any = None,
    ) -> dict[str, Any]:
        """Send one legacy operation by its id, such as `legacy.getSource`; its answer as it came.

        Raises as `segform.Segment.request` does.
        """
        try:
            data = super().request(operation, path=path, query=query, body=body)
        except APIError as error:
            raise reworded(error) from None
        return _whole(operation, data)

    def pages(
        self,
        operation: str,
        *,
        path: Mapping[str, Any] | None = None,
        query: Mapping[str, Any] | None = None,
        count: int = PAGE_SIZE,
        limit: int | None = None,
    ) -> Iterator[list[dict[str, Any]]]:
        """The pages of a legacy list, each asked for when it is reached.

        * `count`: entries a page, 1 to 1000; `limit`: entries in all, None for every one.

        Raises `PaginationError` where a page token comes twice or an answer is no list.
        """
        walk = Pages(self._operation(operation), query, count, limit)
        while walk.query is not None:
            yield walk.take(self.request(operation, path=path, query=walk.query))

    @property
    def workspaces(self) -> Workspaces:
        """Legacy workspaces: list, get."""
        from .workspaces import Workspaces

        return Workspaces(self)

    @property
    def sources(self) -> Sources:
        """Legacy sources: list, get, create, delete."""
        from .sources import Sources

        return Sources(self)

    @property
    def schema_config(self) -> SchemaConfig:
        """Schema settings of legacy sources: get, update."""
        from .schema_config import SchemaConfig

        return SchemaConfig(self)

    @property
    def destinations(self) -> Destinations:
        """Legacy destinations: list, get, create, update, delete."""
        from .destinations import Destinations

        return Destinations(self)

    @property
    def destination_filters(self) -> DestinationFilters:
        """Filters of legacy destinations: list, get."""
        from .filters import DestinationFilters

        return DestinationFilters(self)

    @property
    def tracking_plans(self) -> TrackingPlans:
        """Legacy tracking plans and the sources they are connected to."""
        from .tracking_plans import TrackingPlans

        return TrackingPlans(self)

    @property
    def catalog(self) -> Catalog:
        """The legacy catalogue: sources and destinations that can be set up."""
        from .catalog import Catalog

        return Catalog(self)

    @property
    def functions(self) -> Functions:
        """Legacy functions: list, get."""
        from .functions import Functions

        return Functions(self)

    @property
    def users(self) -> Users:
        """Members of a legacy workspace: list."""
        from .members import Users

        return Users(self)

    @property
    def roles(self) -> Roles:
        """Roles of a legacy workspace: list."""
        from .members import Roles

        return Roles(self)

    @property
    def policies(self) -> Policies:
        """Policies of a legacy workspace, of all its roles: list."""
        from .members import Policies

        return Policies(self)

    @property
    def invites(self) -> Invites:
        """Invites to a legacy workspace: list."""
        from .members import Invites

        return Invites(self)

    @property
    def regulations(self) -> Regulations:
        """Deletions and suppressions of users' data in a legacy workspace: list, get."""
        from .regulations import Regulations

        return Regulations(self)


class AsyncConfigAPI(_Legacy, AsyncClient):
    """As `ConfigAPI`, for asyncio: methods are awaited, lists are iterated with `async for`."""

    async def request(
        self,
        operation: str,
        *,
        path: Mapping[str, Any] | None = None,
        query: Mapping[str, Any] | None = None,
        body: Any = None,
    ) -> dict[str, Any]:
        """As `ConfigAPI.request`, awaited."""
        try:
            data = await super().request(operation, path=path, query=query, body=body)
        except APIError as error:
            raise reworded(error) from None
        return _whole(operation, data)

    async def pages(
        self,
        operation: str,
        *,
        path: Mapping[str, Any] | None = None,
        query: Mapping[str, Any] | None = None,
        count: int = PAGE_SIZE,
        limit: int | None = None,
    ) -> AsyncIterator[list[dict[str, Any]]]:
        """As `ConfigAPI.pages`, awaited page by page."""
        walk = Pages(self._operation(operation), query, count, limit)
        while walk.query is not None:
            yield walk.take(await self.request(operation, path=path, query=walk.query))

    @property
    def workspaces(self) -> AsyncWorkspaces:
        """As `ConfigAPI.workspaces`."""
        from .workspaces import AsyncWorkspaces

        return AsyncWorkspaces(self)

    @property
    def sources(self) -> AsyncSources:
        """As `ConfigAPI.sources`."""
        from .sources import AsyncSources

        return AsyncSources(self)

    @property
    def schema_config(self) -> AsyncSchemaConfig:
        """As `ConfigAPI.schema_config`."""
        from .schema_config import AsyncSchemaConfig

        return AsyncSchemaConfig(self)

    @property
    def destinations(self) -> AsyncDestinations:
        """As `ConfigAPI.destinations`."""
        from .destinations import AsyncDestinations

        return AsyncDestinations(self)

    @property
    def destination_filters(self) -> AsyncDestinationFilters:
        """As `ConfigAPI.destination_filters`."""
        from .filters import AsyncDestinationFilters

        return AsyncDestinationFilters(self)

    @property
    def tracking_plans(self) -> AsyncTrackingPlans:
        """As `ConfigAPI.tracking_plans`."""
        from .tracking_plans import AsyncTrackingPlans

        return AsyncTrackingPlans(self)

    @property
    def catalog(self) -> AsyncCatalog:
        """As `ConfigAPI.catalog`."""
        from .catalog import AsyncCatalog

        return AsyncCatalog(self)

    @property
    def functions(self) -> AsyncFunctions:
        """As `ConfigAPI.functions`."""
        from .functions import AsyncFunctions

        return AsyncFunctions(self)

    @property
    def users(self) -> AsyncUsers:
        """As `ConfigAPI.users`."""
        from .members import AsyncUsers

        return AsyncUsers(self)

    @property
    def roles(self) -> AsyncRoles:
        """As `ConfigAPI.roles`."""
        from .members import AsyncRoles

        return AsyncRoles(self)

    @property
    def policies(self) -> AsyncPolicies:
        """As `ConfigAPI.policies`."""
        from .members import AsyncPolicies

        return AsyncPolicies(self)

    @property
    def invites(self) -> AsyncInvites:
        """As `ConfigAPI.invites`."""
        from .members import AsyncInvites

        return AsyncInvites(self)

    @property
    def regulations(self) -> AsyncRegulations:
        """As `ConfigAPI.regulations`."""
        from .regulations import AsyncRegulations

        return AsyncRegulations(self)
