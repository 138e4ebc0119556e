"""The operations of the legacy Config API, one line each, and what a line stands for.

Paths come from Segment's own documents and tutorials, and where those only name a service, from
public clients of it: destination filters, functions, users, roles, policies, invites, regulations.
"""

from __future__ import annotations

from typing import Final

from segform.contract import Operation
from segform.errors import ConfigurationError

_W = "/workspaces/{workspace}"
_S = f"{_W}/sources/{{source}}"
_D = f"{_S}/destinations/{{destination}}"
_P = f"{_W}/tracking-plans/{{plan}}"

# id without `legacy.` | method and path | effect | what is asked besides | the list of a list
_TABLE: Final = f"""\
listWorkspaces | GET /workspaces | read | - | workspaces
getWorkspace | GET {_W} | read | - | -
listSources | GET {_W}/sources | read | - | sources
createSource | POST {_W}/sources | once | source* | -
getSource | GET {_S} | read | - | -
deleteSource | DELETE {_S} | repeatable | - | -
getSchemaConfig | GET {_S}/schema-config | read | - | -
updateSchemaConfig | PATCH {_S}/schema-config | repeatable | schema_config* update_mask* | -
listDestinations | GET {_S}/destinations | read | - | destinations
createDestination | POST {_S}/destinations | once | destination* | -
getDestination | GET {_D} | read | - | -
updateDestination | PATCH {_D} | repeatable | destination* update_mask* | -
deleteDestination | DELETE {_D} | repeatable | - | -
listDestinationFilters | GET {_D}/filters | read | - | filters
getDestinationFilter | GET {_D}/filters/{{filter}} | read | - | -
listTrackingPlans | GET {_W}/tracking-plans | read | - | tracking_plans
createTrackingPlan | POST {_W}/tracking-plans | once | tracking_plan* | -
getTrackingPlan | GET {_P} | read | - | -
updateTrackingPlan | PUT {_P} | repeatable | tracking_plan* update_mask* | -
deleteTrackingPlan | DELETE {_P} | repeatable | - | -
listSourceConnections | GET {_P}/source-connections | read | - | connections
createSourceConnection | POST {_P}/source-connections | once | source_name* | -
deleteSourceConnection | DELETE {_P}/source-connections/{{source}} | repeatable | - | -
listCatalogSources | GET /catalog/sources | read | - | sources
getCatalogSource | GET /catalog/sources/{{slug}} | read | - | -
listCatalogDestinations | GET /catalog/destinations | read | - | destinations
getCatalogDestination | GET /catalog/destinations/{{slug}} | read | - | -
listFunctions | GET {_W}/functions | read | - | functions
getFunction | GET {_W}/functions/{{function}} | read | - | -
listUsers | GET {_W}/users | read | - | users
listRoles | GET {_W}/roles | read | - | roles
listPolicies | GET {_W}/roles/-/policies | read | - | policies
listInvites | GET {_W}/invites | read | - | invites
listRegulations | GET {_W}/regulations | read | - | entries
getRegulation | GET {_W}/regulations/{{regulation}} | read | - | -
"""
PREFIX: Final = "legacy."


class LegacyOperation(Operation):
    """One operation of the legacy Config API; its id starts with `legacy.`.

    `result` is the property that holds the entries of a list; None where all of the answer is the
    object: the legacy API has no envelope. One limit holds for all, so none has one of its own.
    """

    __slots__ = ()

    def __init__(self, row: str) -> None:
        name, target, effect, body, result = row.split(" | ")
        pages = "-" if result == "-" else "page_token 1000"
        super().__init__(
            f"{PREFIX}{name} | legacy.{name} | {target} | {effect} stable 200 | 0 | - | {body} | "
            f"{result} | {pages}"
        )

    @property
    def accept(self) -> str:
        """Plain JSON: the legacy API has its version in the address."""
        return "application/json"


_known: dict[str, LegacyOperation] = {}


def operations() -> dict[str, LegacyOperation]:
    """Every operation by its id."""
    if not _known:
        _known.update((one.id, one) for one in map(LegacyOperation, _TABLE.splitlines()))
    return _known


def operation(op_id: str) -> LegacyOperation:
    """The operation with this id; raises ConfigurationError with the nearest ids for none."""
    found = operations().get(op_id)
    if found is None:
        from difflib import get_close_matches

        near = ", ".join(get_close_matches(op_id, operations())) or "none is near"
        raise ConfigurationError(
            f"The legacy Config API has no operation {op_id!r} that is known here (near: {near}); "
            "what it lacks the Public API may have: segform.Segment."
        )
    return found
