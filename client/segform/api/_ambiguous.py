"""After a create that may have been carried out: looking whether it was.

A creating request is never repeated blindly. Where the service keeps what names the object unique,
looking settles it: the object is there and is what was asked for, or it is not and the request can
be sent again, since the service itself would refuse a second one. Elsewhere the objects that look
like it are put on the error, as `.candidates`, for the caller to decide.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from segform.errors import APIError

from ._quirks import fields


class Lookup(NamedTuple):
    """How the objects are listed that a create may have made.

    * `lists`: the list operation; it takes the path of the create and, of its body, `asks`;
    * `fields`: what names the object, `a.b` for a field within a field;
    * `unique`: whether the service keeps that unique.
    """

    lists: str
    fields: tuple[str, ...]
    unique: bool = False
    asks: tuple[str, ...] = ()


_NAME = ("name",)
LOOKUPS: Final = {
    "createSource": Lookup("listSources", ("slug",), unique=True),
    "createLabel": Lookup("listLabels", ("key", "value"), unique=True),
    "createDestination": Lookup("listDestinations", ("sourceId", "metadataId", "name")),
    "createDestinationSubscription": Lookup(
        "listSubscriptionsFromDestination", ("name", "actionId")
    ),
    "createFilterForDestination": Lookup("listFiltersFromDestination", ("title", "if")),
    "createTrackingPlan": Lookup("listTrackingPlans", ("name", "type")),
    "createWarehouse": Lookup("listWarehouses", ("metadataId", "name")),
    "createFunction": Lookup("listFunctions", ("displayName",), asks=("resourceType",)),
    "createInsertFunctionInstance": Lookup(
        "listInsertFunctionInstances", ("name", "integrationId"), asks=("functionId",)
    ),
    "createUserGroup": Lookup("listUserGroups", _NAME),
    "createTransformation": Lookup("listTransformations", ("name", "sourceId")),
    "createReverseEtlModel": Lookup("listReverseEtlModels", ("name", "sourceId")),
    "createCredential": Lookup("listCredentials", _NAME),
    "createAudience": Lookup("listAudiences", _NAME),
    "createComputedTrait": Lookup("listComputedTraits", _NAME),
    "createFilterForSpace": Lookup("listFiltersForSpace", _NAME, asks=("integrationId",)),
    "createProfilesWarehouse": Lookup("listProfilesWarehouseInSpace", ("metadataId", "name")),
}


def lookup_for(op_id: str, error: APIError) -> Lookup | None:
    """How to look after this error; None where looking is not needed or not possible."""
    return LOOKUPS.get(op_id) if error.ambiguous else None


def query_of(lookup: Lookup, body: Mapping[str, Any]) -> dict[str, Any]:
    """What the list operation asks for."""
    return {name: body[name] for name in lookup.asks if name in body}


def settle(
    lookup: Lookup, body: Mapping[str, Any], entries: list[dict[str, Any]], error: APIError
) -> Any:
    """The object that the create made, or None: it was not made and may be asked for again.

    Raises `error`, with `.candidates`, where nobody can tell.
    """
    near = [one for one in entries if _alike(lookup, body, one)]
    if lookup.unique:
        if not near:
            return None
        if len(near) == 1 and not _differs(body, near[0]):
            return near[0]
    error.candidates = tuple(near)
    ids = ", ".join(str(one.get("id", "one without an id")) for one in near[:5])
    error.args = (f"{error} Looked: {'these look like it: ' + ids if near else 'none is there'}.",)
    raise error


def _alike(lookup: Lookup, body: Mapping[str, Any], one: Mapping[str, Any]) -> bool:
    """Whether an object bears the name that was asked for; what was not given is not compared."""
    return all(_equal(_asked(body, f), _has(one, f)) for f in lookup.fields)


def _asked(body: Mapping[str, Any], field: str) -> Any:
    if field == "name" and field not in body:
        return fields(body.get("settings")).get(field)
    return body.get(field)


def _has(one: Mapping[str, Any], field: str) -> Any:
    """A field of an object as listed, wherever the API has put it."""
    if field in one:
        return one[field]
    home, name = ("metadata", "id") if field == "metadataId" else ("settings", field)
    return fields(one.get(home)).get(name)


def _equal(asked: Any, there: Any) -> bool:
    return asked is None or asked == there


def _differs(body: Mapping[str, Any], one: Mapping[str, Any]) -> bool:
    """Whether something that was asked for is otherwise; settings may be masked or filled in."""
    flat = ("metadataId", "enabled", "description")
    return any(name in body and body[name] != _has(one, name) for name in flat)
