"""Objects made up in numbers, through the operations that make them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import cycle, islice
from typing import TYPE_CHECKING, Any

from .auth import OWNER
from .consistency import Consistency
from .families import HANDLERS, Call
from .families.spaces import make_space
from .ids import Clock, Maker
from .people import ROLES, found
from .workspace import Object, Workspace

if TYPE_CHECKING:
    from .core import Emulator


def make_more(
    emulator: Emulator,
    workspace: Workspace,
    sizes: Mapping[str, int],
    make: Maker,
    clock: Clock,
) -> None:
    """So many of each of the further parts; what would hang below nothing is left out."""
    _More(emulator, workspace, make, clock).all(sizes)


class _More:
    def __init__(self, emulator: Emulator, workspace: Workspace, make: Maker, clock: Clock) -> None:
        self.emulator = emulator
        self.workspace = workspace
        self.make = make
        self.clock = clock

    def call(self, operation: str, path: dict[str, str], body: Object) -> Any:
        """Carry an operation out, as the owner, without an event of the audit trail."""
        return HANDLERS[operation](
            Call(
                path=path,
                query={},
                body=body,
                version="alpha",
                role=OWNER,
                workspace=self.workspace,
                catalog=self.emulator.catalog,
                make=self.make,
                clock=self.clock,
                consistency=Consistency(self.clock),
            )
        )

    def all(self, sizes: Mapping[str, int]) -> None:
        """All parts, those first that others hang below."""
        found(self.workspace)
        for part, make in (
            ("functions", self.functions),
            ("credentials", self.credentials),
            ("transformations", self.transformations),
            ("models", self.models),
            ("subscriptions", self.subscriptions),
            ("invites", self.invites),
            ("groups", self.groups),
            ("spaces", self.spaces),
            ("audiences", self.audiences),
        ):
            if sizes.get(part):
                make(sizes[part])

    def _over(self, held: Mapping[str, Any], count: int) -> Iterator[tuple[int, Any]]:
        """Numbers below `count`, each with one of some objects in turn."""
        return enumerate(islice(cycle(list(held.values())), count if held else 0))

    def functions(self, count: int) -> None:
        """Functions, in turn for sources and destinations."""
        for index in range(count):
            body = {
                "code": f"// {index}",
                "displayName": f"Function {index}",
                "resourceType": ("SOURCE", "DESTINATION")[index % 2],
            }
            self.call("createFunction", {}, body)

    def credentials(self, count: int) -> None:
        """Credentials for Snowflake."""
        for index in range(count):
            settings = {"type": "snowflake", "username": f"user{index}", "password": f"p{index}"}
            self.call("createCredential", {}, {"name": f"Credential {index}", "settings": settings})

    def transformations(self, count: int) -> None:
        """Transformations that rename an event each."""
        for index, source in self._over(self.workspace.sources, count):
            body = {
                "name": f"Transformation {index}",
                "sourceId": source["id"],
                "enabled": True,
                "if": f"event = 'Event {index}'",
                "newEventName": f"Renamed {index}",
            }
            self.call("createTransformation", {}, body)

    def models(self, count: int) -> None:
        """Models of reverse ETL."""
        for index, source in self._over(self.workspace.sources, count):
            body = {
                "name": f"Model {index}",
                "sourceId": source["id"],
                "description": "",
                "enabled": True,
                "query": " ".join(("SELECT id, name FROM", f"users_{index}")),
                "queryIdentifierColumn": "id",
            }
            self.call("createReverseEtlModel", {}, body)

    def subscriptions(self, count: int) -> None:
        """Mappings, of the destinations that have actions."""
        actions: dict[str, Any] = {}
        for one in self.workspace.destinations.values():
            entry = self.emulator.catalog.get("destinations", one["metadataId"]) or {}
            for action in entry.get("actions", ())[:1]:
                actions[one["id"]] = (one["id"], action["id"])
        for index, (destination_id, action_id) in self._over(actions, count):
            body = {
                "name": f"Mapping {index}",
                "actionId": action_id,
                "trigger": f'event = "Event {index}"',
                "enabled": True,
                "settings": {"event": {"@path": "$.event"}},
            }
            path = {"destinationId": destination_id}
            self.call("createDestinationSubscription", path, body)

    def invites(self, count: int) -> None:
        """Invitations."""
        (role, *_) = islice(ROLES, 1, None)
        for index in range(count):
            permission = {"roleId": role, "resources": []}
            one = {"email": f"person{index}@shop.example", "permissions": [permission]}
            self.call("createInvites", {}, {"invites": [one]})

    def groups(self, count: int) -> None:
        """Groups without members."""
        for index in range(count):
            self.call("createUserGroup", {}, {"name": f"Group {index}"})

    def spaces(self, count: int) -> None:
        """Spaces."""
        for index in range(count):
            make_space(self.workspace, {"name": f"Space {index}"}, self.make)

    def audiences(self, count: int) -> None:
        """Audiences, in turn over the spaces."""
        for index, space in self._over(self.workspace.more["spaces"], count):
            body = {
                "name": f"Audience {index}",
                "definition": {"query": f"event('Event {index}').count() >= 1"},
                "audienceType": "USERS",
            }
            self.call("createAudience", {"spaceId": space["id"]}, body)
