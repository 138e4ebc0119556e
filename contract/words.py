"""What the operations are for, in our own words; the generators put them into docstrings."""

from __future__ import annotations

import re

from .facts import Facts

# Family -> what one of its objects is called.
NOUNS = {
    "activations": "activation",
    "audiences": "audience",
    "audit_trail": "audit event",
    "computed_traits": "computed trait",
    "credentials": "credential",
    "deletion_and_suppression": "regulation",
    "destination_filters": "destination filter",
    "destinations": "destination",
    "functions": "function",
    "groups": "user group",
    "labels": "label",
    "live_plugins": "live plugin",
    "profiles_sync": "profiles warehouse",
    "reverse_etl": "Reverse ETL model",
    "roles": "role",
    "selective_sync": "selective sync",
    "sources": "source",
    "space_filters": "space filter",
    "spaces": "space",
    "tracking_plans": "tracking plan",
    "transformations": "transformation",
    "users": "user",
    "warehouses": "warehouse",
}

FAMILIES = {
    "activations": "Activations: what an audience sends to a destination, and when",
    "api_calls": "API call usage, day by day",
    "audiences": "Audiences: users or accounts that match a query, their schedules and previews",
    "audit_trail": "The audit trail: who did what in the workspace",
    "catalog": "The catalogue of everything that can be set up",
    "computed_traits": "Computed traits: values worked out per profile",
    "credentials": "Credentials that warehouses and sources share",
    "customer_insights": "Customer insights downloads",
    "dbt": "dbt model syncs",
    "deletion_and_suppression": "Deletion and suppression of users' data",
    "delivery_overview": "Delivery metrics: how many events got how far",
    "destination_filters": "Filters that drop, sample or trim events on their way to a destination",
    "destinations": "Destinations, and the mappings (subscriptions) of their actions",
    "events": "Event volumes",
    "functions": "Functions: code that runs as a source, a destination or in between",
    "groups": "User groups, their members and permissions",
    "labels": "Labels that sort sources and scope permissions",
    "live_plugins": "Live plugins of mobile sources",
    "monthly_tracked_users": "Monthly tracked users, day by day",
    "profiles_sync": "Profiles sync: warehouses that receive a space's profiles",
    "reverse_etl": "Reverse ETL models and their syncs",
    "roles": "Roles that permissions are made of",
    "selective_sync": "Selective sync: what of a source goes to a warehouse, and when",
    "sources": "Sources, their write keys, labels and schema settings",
    "space_filters": "Filters on what enters a space",
    "space_schema": "What a space knows: entities, events, traits and samples of their values",
    "spaces": "Spaces, and the messaging subscriptions of their profiles",
    "testing": "An echo, to test a connection and how errors are handled",
    "tracking_plans": "Tracking plans, their rules and the sources they govern",
    "transformations": "Transformations that rename events, properties and values on their way",
    "users": "Users, their permissions and invitations",
    "warehouses": "Warehouses and the sources connected to them",
    "workspaces": "The workspace that the token belongs to",
}

# Operation -> its purpose, where the verb and the noun do not say it.
PURPOSES = {
    "addConnectionFromSourceToWarehouse": "Let a warehouse receive the data of a source",
    "addDestinationToAudience": "Connect a destination to an audience, before any activation",
    "addLabelsToSource": "Add labels to those a source has",
    "addPermissionsToUser": "Grant permissions on top of those a user has",
    "addPermissionsToUserGroup": "Grant permissions on top of those a group has",
    "addSourceToTrackingPlan": "Put a source under a tracking plan",
    "addUsersToUserGroup": "Add members to a group by e-mail address",
    "batchQueryMessagingSubscriptionsForSpace": "Look up who is subscribed to which messages",
    "cancelReverseETLSyncForModel": "Stop a sync that is running",
    "createAudiencePreview": "Work out, in the background, whom a definition would match",
    "createCloudSourceRegulation": "Delete or suppress users' data in one cloud source",
    "createDbtModelSyncTrigger": "Start a sync of dbt models",
    "createDownload": "Ask for links to a data set's files",
    "createFunctionDeployment": "Deploy the latest code of a source function",
    "createInvites": "Invite people by e-mail address, with the permissions they will have",
    "createReverseETLManualSync": "Start a sync now",
    "createSourceRegulation": "Delete or suppress users' data in one source",
    "createValidationInWarehouse": "Try a warehouse's settings without saving them",
    "createWorkspaceRegulation": "Delete or suppress users' data in the whole workspace",
    "createWriteKeyForSource": "Add a write key to a source",
    "deleteInvites": "Withdraw invitations by e-mail address",
    "deleteLivePluginCode": "Delete the code of a source's live plugin",
    "deleteUsers": "Remove users from the workspace",
    "echo": "Get back what was sent, late or as an error when asked to",
    "forceExecuteAudienceRun": "Compute an audience now",
    "getActivationFromAudience": "One activation by its id",
    "getAdvancedSyncScheduleFromWarehouse": "The hours at which a warehouse is synced",
    "getAudiencePreview": "How far a preview has come, and whom it found",
    "getConnectionStateFromWarehouse": "Whether a warehouse can be reached with its settings",
    "getDailyPerSourceAPICallsUsage": "API calls of a month, by day and source",
    "getDailyPerSourceMTUUsage": "Tracked users of a month, by day and source",
    "getDailyWorkspaceAPICallsUsage": "API calls of a month, by day",
    "getDailyWorkspaceMTUUsage": "Tracked users of a month, by day",
    "getDestinationMetadata": "One destination of the catalogue, with its options and actions",
    "getDestinationsCatalog": "Every destination that can be set up, page by page",
    "getEgressFailedMetricsFromDeliveryOverview": "Events that a destination did not take",
    "getEgressSuccessMetricsFromDeliveryOverview": "Events that a destination took",
    "getEventsVolumeFromWorkspace": "How many events arrived, over time and by what is asked for",
    "getFilteredAtDestinationMetricsFromDeliveryOverview": "Events a destination filter stopped",
    "getFilteredAtSourceMetricsFromDeliveryOverview": "Events stopped at their source",
    "getFunctionVersion": "One version of a function's code",
    "getIngressFailedMetricsFromDeliveryOverview": "Events refused as they came in",
    "getIngressSuccessMetricsFromDeliveryOverview": "Events that came in",
    "getLatestFromLivePlugins": "The live plugin that a source's apps run",
    "getReverseETLSyncStatus": "How far a sync has come",
    "getSourceMetadata": "One source of the catalogue, with its options",
    "getSourcesCatalog": "Every source that can be set up, page by page",
    "getWarehouseMetadata": "One warehouse of the catalogue, with its options",
    "getWarehousesCatalog": "Every warehouse that can be set up, page by page",
    "getWorkspace": "Id, slug and name of the workspace that the token belongs to",
    "listAudienceConsumersFromSpaceAndAudience": "The audiences that refer to an audience",
    "listConnectedDestinationsFromSource": "The destinations of a source, page by page",
    "listConnectedSourcesFromWarehouse": "The sources a warehouse receives, page by page",
    "listConnectedWarehousesFromSource": "The warehouses a source goes to, page by page",
    "listCredentialConsumers": "The warehouses and sources that use a credential",
    "listDeliveryMetricsSummaryFromDestination": "How many events of a source a destination took",
    "listDestinationsFromAudience": "The destinations connected to an audience, page by page",
    "listEntityPaths": "The paths by which entities are reached from a profile, page by page",
    "listEvents": "The events a space has seen, page by page",
    "listFunctionVersions": "The versions of a function's code, page by page",
    "listInvites": "E-mail addresses invited and not yet here, page by page",
    "listInvitesFromUserGroup": "E-mail addresses invited into a group, page by page",
    "listPropertiesFromEntity": "The properties of an entity, page by page",
    "listPropertiesFromEvent": "The properties of an event, page by page",
    "listRegulationsFromSource": "The regulations of one source, page by page",
    "listReverseETLSyncStatusesFromModelAndSubscriptionId": "The syncs of a mapping, latest first",
    "listRulesFromTrackingPlan": "The rules of a tracking plan, page by page",
    "listSampleValuesFromEntityProperty": "Values that a property of an entity had",
    "listSampleValuesFromEventProperty": "Values that a property of an event had",
    "listSampleValuesFromTrait": "Values that a trait had",
    "listSchemaSettingsInSource": "What a source does with events that nobody planned",
    "listSelectiveSyncsFromWarehouseAndSource": "What of a source goes to a warehouse, by table",
    "listSelectiveSyncsFromWarehouseAndSpace": "What of a space goes to a warehouse, by table",
    "listSourcesFromTrackingPlan": "The sources under a tracking plan, page by page",
    "listSubscriptionsFromDestination": "The mappings of a destination, page by page",
    "listSupportedDestinationsFromAudience": "The destinations that an audience can go to",
    "listSuppressions": "The users that are suppressed, page by page",
    "listSyncsFromWarehouse": "Reports of a warehouse's syncs, page by page",
    "listSyncsFromWarehouseAndSource": "Reports of one source's syncs, page by page",
    "listTraits": "The traits a space has seen, page by page",
    "listUserGroupsFromUser": "The groups a user is in, page by page",
    "listUsersFromUserGroup": "The members of a group, page by page",
    "previewDestinationFilter": "What a filter would make of an event, without saving it",
    "removeDestinationFromAudience": "Disconnect a destination from an audience",
    "removeRulesFromTrackingPlan": "Remove rules by type, key and version",
    "removeSourceConnectionFromWarehouse": "Stop a warehouse receiving a source's data",
    "removeSourceFromTrackingPlan": "Take a source out of a tracking plan",
    "removeUsersFromUserGroup": "Remove members from a group by e-mail address",
    "removeWriteKeyFromSource": "Revoke a write key: apps that use it are no longer received",
    "replaceAdvancedSyncScheduleForWarehouse": "Set the hours at which a warehouse is synced",
    "replaceLabelsInSource": "Set a source's labels to exactly these",
    "replaceMessagingSubscriptionsInSpaces": "Set who is subscribed to which messages",
    "replacePermissionsForUser": "Set a user's permissions to exactly these",
    "replacePermissionsForUserGroup": "Set a group's permissions to exactly these",
    "replaceRulesInTrackingPlan": "Set a plan's rules to exactly these, 200 at most",
    "replaceUsersInUserGroup": "Set a group's members to exactly these",
    "restoreFunctionVersion": "Make an older version the latest again",
    "updateDestinationForAudience": "Change how an audience is sent to a destination",
    "updateRulesInTrackingPlan": "Add or change rules by type, key and version, 200 at most",
    "updateSchemaSettingsInSource": "Set what a source does with events that nobody planned",
    "updateSelectiveSyncForWarehouse": "Switch tables and columns of a warehouse on or off",
    "updateSelectiveSyncForWarehouseAndSpace": "Switch tables of a space on or off",
}


# Family and part -> what one of the part's objects is called, where it is not its name.
PARTS = {
    "activations.destinations": "destination of an audience",
    "audiences.previews": "preview of an audience",
    "audiences.references": "reference to an audience",
    "audiences.schedules": "schedule of an audience",
    "catalog.destinations": "destination of the catalogue",
    "catalog.sources": "source of the catalogue",
    "catalog.warehouses": "warehouse of the catalogue",
    "credentials.consumers": "user of a credential",
    "deletion_and_suppression.cloud_sources": "regulation of a cloud source",
    "deletion_and_suppression.sources": "regulation of a source",
    "deletion_and_suppression.suppressions": "suppression",
    "destinations.delivery_metrics": "delivery metric of a destination",
    "destinations.subscriptions": "mapping of a destination",
    "functions.insert_instances": "instance of an insert function",
    "functions.versions": "version of a function",
    "groups.invites": "invite into a group",
    "groups.permissions": "permission of a group",
    "groups.users": "member of a group",
    "profiles_sync.selective_syncs": "selective sync of a profiles warehouse",
    "reverse_etl.syncs": "sync of a Reverse ETL model",
    "selective_sync.schedule": "sync schedule of a warehouse",
    "selective_sync.syncs": "sync of a warehouse",
    "sources.connected_destinations": "destination of a source",
    "sources.connected_warehouses": "warehouse that receives a source",
    "sources.labels": "label of a source",
    "sources.schema_settings": "schema setting of a source",
    "sources.write_keys": "write key of a source",
    "space_schema.entity_paths": "path between entities",
    "space_schema.entity_properties": "property of an entity",
    "space_schema.event_properties": "property of an event",
    "space_schema.events": "event of a space",
    "space_schema.traits": "trait of a space",
    "spaces.messaging_subscriptions": "messaging subscription of a space's profiles",
    "tracking_plans.rules": "rule of a tracking plan",
    "tracking_plans.sources": "source under a tracking plan",
    "users.groups": "group that a user is in",
    "users.invites": "invite into the workspace",
    "users.permissions": "permission of a user",
    "warehouses.connected_sources": "source that a warehouse receives",
    "warehouses.connection_state": "connection state of a warehouse",
}


def part_of(family: str, part: str) -> str:
    """What a part of a family holds, as the beginning of a sentence."""
    noun = plural(PARTS[f"{family}.{part}"])
    return noun[0].upper() + noun[1:]


def plural(noun: str) -> str:
    """`version of a function` as `versions of a function`."""
    head, link, rest = re.split(r"( (?:of|into|that|under|between|to) |$)", noun, maxsplit=1)
    many = f"{head[:-1]}ies" if re.search("[^aeiou]y$", head) else f"{head}s"
    return f"{many}{link}{rest}".replace(" that receives ", " that receive ")


def purpose(op: Facts) -> str:
    """One line, without a full stop, on what an operation is for."""
    if op.id in PURPOSES:
        return PURPOSES[op.id]
    noun = PARTS[f"{op.family}.{op.part}"] if op.part else NOUNS[op.family]
    verb = op.verb
    if verb == "list":
        return f"The {plural(noun)}" + (", page by page" if op.pages else "")
    if verb == "get":
        return f"One {noun}"
    article = "an" if noun[0] in "aeiou" and not noun.startswith("user") else "a"
    if verb == "create":
        return f"Create {article} {noun}"
    if verb == "update":
        return f"Change what is given of {article} {noun}; the rest stays"
    if verb in ("delete", "remove"):
        return f"Delete {article} {noun}"
    raise KeyError(f"no words for {op.id}")


def limit(op: Facts) -> str:
    """The operation's limits, in words."""
    if not op.limits:
        return "the shared default"
    return " and ".join(
        f"{x['requests']} a {x['per']}" + (f" per {_scope(x['scope'])}" if "scope" in x else "")
        for x in op.limits
    )


def _scope(name: str) -> str:
    return {"workspaceId": "workspace", "spaceId": "space"}.get(name, name)


def outcome(op: Facts, nothing: bool) -> str:
    """What the call gives where the type does not say it, and what it raises."""
    found = []
    if not nothing and op.result and not op.pages and "$ref" not in op.answer[op.result]:
        found.append(f"Gives `{op.result}` of the answer.")
    kinds = []
    if op.effect != "read":
        kinds.append("`ReadOnlyError` before it is sent where only reads are allowed")
    if op.path_parameters:
        kinds.append("`NotFoundError` for what is not there")
    if op.pages:
        kinds.append("`PaginationError` for a list whose end cannot be found")
    rest = (
        "another kind of `APIError`" if op.path_parameters or op.pages else "a kind of `APIError`"
    )
    before = f"{', '.join(kinds)}, or " if kinds else ""
    return " ".join([*found, f"Raises {before}{rest}."])


def notes(op: Facts) -> list[str]:
    """What else a caller should know: effect, permissions, feature, sunset."""
    found = []
    if op.effect == "once":
        found.append("Never repeated blindly: see `.ambiguous` on the error.")
    elif op.effect == "read" and op.method != "GET":
        found.append("Changes nothing: a read-only client may send it.")
    if op.entry.get("conflict"):
        found.append("Raises `ConflictError` while it is in use.")
    if op.entry.get("permissions"):
        found.append(f"Roles: {', '.join(op.entry['permissions'])}.")
    if op.entry.get("feature"):
        found.append(f"Needs the feature {op.entry['feature']}.")
    if op.entry.get("sunset"):
        found.append(f"Announced to end on {op.entry['sunset']}.")
    return found
