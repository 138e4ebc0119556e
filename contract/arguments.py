"""What the arguments of the operations mean, in our own words: units, shapes, bounds.

The generator puts them into docstrings. Types are in the signatures and are not told again; what
the contract says of bounds is taken from there.
"""

from __future__ import annotations

from typing import Any

from .facts import Facts

_DAY = "2026-01-02"
_MOMENT = f"`{_DAY}T15:04:05Z`"
_FQL = "FQL; `segform.fql.check` finds mistakes in it"
_OPTIONS = "options by name, as the catalogue lists them for its kind; a `Secret` for what is one"
_METRICS = "`eventName`, `eventType`, `appVersion`"
_DELIVERIES = (
    f"{_METRICS}, `discardReason`, `subscriptionId`, `activationId`, `audienceId`, `spaceId`"
)
_WIDTHS = (
    "width of a bucket: MINUTE (4 hours at most, of the last 48), HOUR (14 days, of the last 30) "
    "or DAY (30 days, of the last 30)"
)

# Names that say it all, whatever the operation: ids of what the path goes through are among them.
PLAIN = frozenset(
    {"description", "enabled", "logoUrl", "name", "sourceId", "status", "title", "type"}
)

# API's name of an argument -> what it means.
WORDS = {
    "actionId": "id of an action of the destination's kind, from its entry in the catalogue",
    "actions": "what becomes of an event that matches: `DROP`; `SAMPLE`, with `percent` from 0 to "
    "1; `ALLOW_PROPERTIES` or `DROP_PROPERTIES`, with `fields`",
    "activationName": "for warehouses, the table's name as well",
    "activationType": "what makes it send, such as `Audience Entered` or `Audience Exited`",
    "allowProperties": "the only properties that are let through",
    "appVersion": "only of these versions of the app",
    "audienceType": "what the audience is made of; `LINKED` ones also of entities",
    "code": "JavaScript, as text",
    "collection": "`users` or `accounts`",
    "connectionId": "id of the destination's connection with the audience",
    "connectionSettings": "what the destination asks for, by `destinations.list_supported`",
    "definition": "whom it is about: a `query` in Segment's language, and what belongs to it",
    "destination": "its `id` and `type`",
    "destinationConfigId": "id of the destination",
    "destinationMapping": "the action and its fields, for destinations that have actions",
    "destinationMetadataId": "kind of destination that it is for; every one where it is not given",
    "disconnectAllSources": "True: no source is connected; otherwise every one there is",
    "disconnectAllWarehouses": "True: connected to no warehouse; otherwise to every one there is",
    "displayName": "what the app shows",
    "drop": "True: the event is dropped",
    "emails": "e-mail addresses",
    "enableEventTables": "False: no tables of events, and then nothing to select",
    "endTime": "end of what is counted, not included; in the same form",
    "eventName": "only these events",
    "eventType": "only these kinds of calls, such as `track`",
    "filter": "only what has one of these values, by dimension",
    "forwardingBlockedEventsTo": "id of the source that receives blocked events",
    "forwardingViolationsTo": "id of the source that receives violations as events",
    "fqlDefinedProperties": "properties worked out: `propertyName`, `fql`",
    "functionId": "id of the insert function, as `functions.list` gives it",
    "granularity": "width of a bucket",
    "group": "what becomes of group calls that break the plan",
    "hashPropertiesConfiguration": "properties to hash (`paths`), and the `algorithm`",
    "hour": f"one hour of the last month, such as `{_DAY}T15:00:00Z`",
    "identify": "what becomes of identify calls that break the plan",
    "if": f"which events: {_FQL}",
    "include": "`schedules`: each with its schedules",
    "includeSampleValues": "True: with values that were seen",
    "integrationId": "id of the space",
    "invites": "`email`, and the `permissions` it is to have",
    "key": "of the label: begins with a letter; letters, digits and hyphens",
    "labels": "`key` and `value`; an object has one value of a key",
    "metadataId": "its kind: an id of the catalogue; cannot be changed",
    "modelId": "id of the Reverse ETL model that its rows come from",
    "newEventName": "another name for a track event",
    "options": "how far back events count, and for whom",
    "payload": "an event, as a message of the Tracking API",
    "performResync": "True: the whole audience is sent once more; False: what changes from now on",
    "period": "first day of the month, such as `2026-01-01`",
    "permissions": "a `roleId`, and the `resources` on which it holds",
    "personalization": "traits of the profile and properties of entities that are sent along",
    "propertyRenames": "`oldName` and `newName`",
    "propertyType": "type of the property, as the list of properties tells it",
    "propertyValueTransformations": "`propertyPaths` that are set to a `propertyValue`",
    "query": "SQL, run on the source's warehouse",
    "queryIdentifierColumn": "column whose value is another one in each row",
    "reasonForCanceling": "0 a wrong model, 1 destination, 2 keys, 3 mapping, 4 anything else",
    "regulationType": "`DELETE_ONLY` and `SUPPRESS_WITH_DELETE` go to destinations too, the others "
    "stay within Segment",
    "regulationTypes": "only of these types",
    "resourceId": "only what was done to this object",
    "resourceType": "only what was done to objects of this kind",
    "reverseETLModelId": "id of the Reverse ETL model that its rows come from",
    "reverseETLSchedule": "when a Reverse ETL model is synced: `strategy` and its `config`",
    "samplesCount": "values of each, 1 to 100; 20 where it is not given",
    "schedule": "`times` (`hourOfDay` 0 to 23, `enabled`), and `timezone` of the tz database",
    "schemaName": "name of a schema that is not there yet; the space's slug where it is not given",
    "search": "a part of the name",
    "settings": _OPTIONS,
    "slug": "unique in the workspace",
    "sort": "`field` and `direction`",
    "sortBy": "`lastSeenAt` where it is not given",
    "sortDir": "`desc` where it is not given",
    "sourcesPagination": "`count` and `cursor` of the list of sources",
    "startTime": f"beginning of what is counted, included: ISO 8601, such as {_MOMENT}",
    "subjectIds": "ids of those whose data it is about",
    "subjectType": "what `subject_ids` are",
    "subscriptionId": "id of the destination's mapping",
    "subscriptions": "`key` (an address or a number), `type` of message, and the `status`",
    "syncOverrides": "`enabled` or not: a `sourceId`, of it a `collection`, of that a `property`",
    "track": "what becomes of track calls that break the plan",
    "trigger": f"which events set off the action: {_FQL}",
    "userIds": "ids of users",
    "value": "of the label; as `key`",
    "versionId": "id of the version that is to be the latest again",
    "warehousesPagination": "`count` and `cursor` of the list of warehouses",
    "writeKey": "the key itself",
}

_TRANSFORMED = f"which events, such as `event = 'Order Completed'`: {_FQL}"
_FILTERED = f"which events, or `all`: {_FQL}"
_FUNCTION_SETTINGS = "what an instance is asked for: `name`, `type`, `required`, `sensitive` …"
_FIELDS = "fields of the action: literals and directives; `segform.mapping.check` finds mistakes"
_INSTANCE = "values of the function's settings, by name"
# Operation and API's name -> what it means there.
EXACT = {
    ("createTransformation", "if"): _TRANSFORMED,
    ("updateTransformation", "if"): _TRANSFORMED,
    ("createFilterForDestination", "if"): _FILTERED,
    ("updateFilterForDestination", "if"): _FILTERED,
    ("createTransformation", "drop"): "True: the event is dropped, and nothing else is done to it",
    ("updateTransformation", "drop"): "True: the event is dropped, and nothing else is done to it",
    ("createCredential", "settings"): "`type` (such as `Snowflake`), and what that type asks for",
    ("updateCredential", "settings"): "of its `type`, which cannot be changed",
    ("createFunction", "settings"): _FUNCTION_SETTINGS,
    ("updateFunction", "settings"): _FUNCTION_SETTINGS,
    (
        "createFunction",
        "displayName",
    ): "the service appends the workspace to a destination function's",
    ("createFunction", "resourceType"): "what the code runs as; cannot be changed",
    ("listFunctions", "resourceType"): "only these: there is no list of all",
    ("createInsertFunctionInstance", "settings"): _INSTANCE,
    ("updateInsertFunctionInstance", "settings"): _INSTANCE,
    ("createInsertFunctionInstance", "integrationId"): "id of the source or destination it serves",
    ("createDestinationSubscription", "settings"): _FIELDS,
    ("updateSubscriptionForDestination", "settings"): _FIELDS,
    ("createCloudSourceRegulation", "collection"): "collection of the cloud source",
    ("createSourceRegulation", "subjectType"): "what `subject_ids` are; `ANONYMOUS_ID` only with "
    "`DELETE_ARCHIVE_ONLY`",
    ("createDownload", "collectionId"): "id of the collection",
    ("addDestinationToAudience", "idSyncConfiguration"): "external ids to send (`externalId`), and "
    "which of several (`strategy`); e-mail address and user id where it is not given",
    (
        "updateDestinationForAudience",
        "idSyncConfiguration",
    ): "as for `add`; takes the place of all, and an empty list changes nothing",
    ("addActivationToAudience", "displayName"): "for warehouses; `activation_name` otherwise",
    ("updateActivationForAudience", "displayName"): "for warehouses; null for `activation_name`",
    ("addAudienceScheduleToAudience", "strategy"): "how `config` is to be read",
    ("addAudienceScheduleToAudience", "config"): "an interval, or days, hours and a timezone",
    ("updateAudienceScheduleForAudience", "strategy"): "how `config` is to be read",
    ("updateAudienceScheduleForAudience", "config"): "an interval, or days, hours and a timezone",
    (
        "createAudience",
        "definition",
    ): "`query` in Segment's language; `targetEntity` of linked ones",
    ("listSupportedDestinationsFromAudience", "slug"): "only this kind of destination",
    ("listSupportedDestinationsFromAudience", "actionId"): "only with this action",
    ("listSupportedDestinationsFromAudience", "audienceType"): "`USERS`, `ACCOUNTS` or `LINKED`",
    ("listAudiences", "search"): "a `query` (255 characters at most), and where: its `type`",
    ("listAudienceConsumersFromSpaceAndAudience", "search"): "a `query` (255 characters at most), "
    "and where: its `type`",
    ("listEntityPaths", "search"): "a part of an entity's or a path's name",
    ("listTraits", "search"): "a part of the key",
    ("listTraits", "sortBy"): "`trait` where it is not given",
    ("listTraits", "sortDir"): "`asc` where it is not given",
    ("listAuditEvents", "startTime"): f"only later ones: ISO 8601, such as {_MOMENT}",
    ("listAuditEvents", "endTime"): "only earlier ones; now where it is not given",
    (
        "listDeliveryMetricsSummaryFromDestination",
        "startTime",
    ): "ISO 8601; by `granularity`, an hour, 7 or 30 days ago where it is not given",
    ("listDeliveryMetricsSummaryFromDestination", "endTime"): "now where it is not given",
    ("listDeliveryMetricsSummaryFromDestination", "granularity"): "MINUTE where it is not given",
    ("getEventsVolumeFromWorkspace", "groupBy"): "a group for each combination of: `eventName`, "
    "`eventType`, `source`",
    ("getEventsVolumeFromWorkspace", "sourceId"): "only of these sources",
    ("updateRulesInTrackingPlan", "rules"): "`type`, `key`, `version` say which; `jsonSchema` "
    "(draft-07) is what it is to be, `newKey` renames it; the others stay",
    ("replaceRulesInTrackingPlan", "rules"): "`type`, `key` (events only), `version`, `jsonSchema` "
    "(draft-07)",
    ("removeRulesFromTrackingPlan", "rules"): "`type`, `key` (events only), `version`",
    ("createTrackingPlan", "type"): "`LIVE` for a plan that governs sources; cannot be changed",
    ("listTrackingPlans", "type"): "only of this type; of all where it is not given",
    ("previewDestinationFilter", "filter"): "`if` (FQL) and `actions`, as of a filter",
    (
        "updateSelectiveSyncForWarehouseAndSpace",
        "syncOverrides",
    ): "a `collection`, or a `property` of it, `enabled` or not",
    ("batchQueryMessagingSubscriptionsForSpace", "subscriptions"): "`key` (an address or a number) "
    "and `type` of message",
    ("createUserGroup", "name"): "what it is called; members and permissions are added afterwards",
    ("echo", "message"): "what is to come back, in an error too",
    ("echo", "delay"): "milliseconds until it does",
    ("echo", "statusCode"): "status of the answer",
    ("echo", "triggerError"): "True: an error of 4xx",
    (
        "echo",
        "triggerMultipleErrors",
    ): "True: one with several items, unless `trigger_error` is set",
    ("echo", "triggerUnexpectedError"): "True: one of 500, unless another is set",
    **{
        (op_id, "granularity"): _WIDTHS
        for op_id in (
            "getEgressFailedMetricsFromDeliveryOverview",
            "getEgressSuccessMetricsFromDeliveryOverview",
            "getFilteredAtDestinationMetricsFromDeliveryOverview",
            "getFilteredAtSourceMetricsFromDeliveryOverview",
            "getIngressFailedMetricsFromDeliveryOverview",
            "getIngressSuccessMetricsFromDeliveryOverview",
        )
    },
    **{
        (op_id, "groupBy"): f"a group for each combination of: {dimensions}"
        for op_id, dimensions in (
            ("getEgressFailedMetricsFromDeliveryOverview", _DELIVERIES),
            ("getEgressSuccessMetricsFromDeliveryOverview", _DELIVERIES),
            ("getFilteredAtDestinationMetricsFromDeliveryOverview", _DELIVERIES),
            ("getFilteredAtSourceMetricsFromDeliveryOverview", f"{_METRICS}, `discardReason`"),
            ("getIngressFailedMetricsFromDeliveryOverview", f"{_METRICS}, `discardReason`"),
            ("getIngressSuccessMetricsFromDeliveryOverview", _METRICS),
        )
    },
}


def meaning(op: Facts, wire: str, in_path: bool) -> str:
    """What an argument means, with the contract's bounds; empty where its name says it all."""
    found = EXACT.get((op.id, wire), "")
    if not found and not in_path and wire not in PLAIN:
        found = WORDS[wire]
    if not found and in_path and wire in ("connectionId", "key", "value", "writeKey"):
        found = WORDS[wire]
    return "; ".join(filter(None, [found, *_bounds(op, wire)]))


def _bounds(op: Facts, wire: str) -> list[str]:
    """What the contract says of an argument's size and of what holds where it is not given."""
    schema: dict[str, Any] = op.query.get(wire) or _field(op, wire)
    found = []
    if "maxItems" in schema:
        found.append(f"{schema['maxItems']} at most")
    # A default of a change would be no default: what is not given stays.
    if "default" in schema and op.method != "PATCH":
        found.append(f"{schema['default']} where it is not given")
    return found


def _field(op: Facts, wire: str) -> dict[str, Any]:
    if op.body_name is None:
        return {}
    schema = op.contract.schemas[op.body_name]
    field: dict[str, Any] = schema.get("properties", {}).get(wire, {})
    return field
