"""The coverage page tells of every operation, fact and fault."""

from __future__ import annotations

from collections import Counter

from segform_emulator.contract import operations
from segform_emulator.coverage import BADGES, FACTS, page
from segform_emulator.families import HANDLERS
from segform_emulator.injection import KINDS


def test_every_handler_is_an_operation_of_the_contract() -> None:
    assert set(HANDLERS) <= set(operations())


def test_every_fact_has_a_badge_and_stands_once() -> None:
    assert {fact.badge for fact in FACTS} == set(BADGES)
    assert len({fact.what for fact in FACTS}) == len(FACTS)


def test_the_page_is_complete() -> None:
    text = page()
    assert f"{len(HANDLERS)} of {len(operations())} operations keep state" in text
    for kind in KINDS:
        assert f"`{kind}`" in text
    assert "`addActivationToAudience`" in text or "| Activations | 0 of 10 | all |" in text
    assert "| Space Schema API | 0 of 8 | all |" in text
    assert "| IAM Roles | 1 of 1 |  |" in text


# What each of the official provider's resources and data sources calls (its source, version 1.6.0).
OFFICIAL = {
    "segment_label": "createLabel listLabels deleteLabel",
    "segment_source": "createSource getSource updateSource deleteSource addLabelsToSource "
    "replaceLabelsInSource",
    "segment_destination": "createDestination getDestination updateDestination deleteDestination",
    "segment_destination_subscription": "createDestinationSubscription "
    "getSubscriptionFromDestination updateSubscriptionForDestination "
    "removeSubscriptionFromDestination",
    "segment_destination_filter": "createFilterForDestination getFilterInDestination "
    "updateFilterForDestination removeFilterFromDestination",
    "segment_tracking_plan": "createTrackingPlan getTrackingPlan updateTrackingPlan "
    "deleteTrackingPlan listRulesFromTrackingPlan replaceRulesInTrackingPlan",
    "segment_source_tracking_plan_connection": "addSourceToTrackingPlan "
    "listSourcesFromTrackingPlan removeSourceFromTrackingPlan listSchemaSettingsInSource "
    "updateSchemaSettingsInSource",
    "segment_warehouse": "createWarehouse getWarehouse updateWarehouse deleteWarehouse",
    "segment_source_warehouse_connection": "addConnectionFromSourceToWarehouse "
    "listConnectedWarehousesFromSource removeSourceConnectionFromWarehouse",
    "segment_profiles_warehouse": "createProfilesWarehouse listProfilesWarehouseInSpace "
    "updateProfilesWarehouseForSpaceWarehouse removeProfilesWarehouseFromSpace",
    "segment_user": "createInvites listInvites deleteInvites listUsers getUser deleteUsers "
    "replacePermissionsForUser",
    "segment_user_group": "createUserGroup getUserGroup updateUserGroup deleteUserGroup "
    "replacePermissionsForUserGroup replaceUsersInUserGroup listUsersFromUserGroup "
    "listInvitesFromUserGroup",
    "segment_function": "createFunction getFunction updateFunction deleteFunction",
    "segment_insert_function_instance": "createInsertFunctionInstance getInsertFunctionInstance "
    "updateInsertFunctionInstance deleteInsertFunctionInstance",
    "segment_reverse_etl_model": "createReverseEtlModel getReverseEtlModel updateReverseEtlModel "
    "deleteReverseEtlModel",
    "segment_transformation": "createTransformation getTransformation updateTransformation "
    "deleteTransformation",
}
OFFICIAL_DATA = {
    "segment_workspace": "getWorkspace",
    "segment_source": "getSource",
    "segment_source_metadata": "getSourceMetadata",
    "segment_destination": "getDestination",
    "segment_destination_metadata": "getDestinationMetadata",
    "segment_warehouse": "getWarehouse",
    "segment_warehouse_metadata": "getWarehouseMetadata",
    "segment_tracking_plan": "getTrackingPlan listRulesFromTrackingPlan",
    "segment_role": "listRoles",
    "segment_user": "getUser",
}
FURTHER = {
    "destinations": 11,
    "functions": 14,
    "reverse_etl": 9,
    "selective_sync": 6,
    "credentials": 6,
    "profiles_sync": 6,
    "transformations": 5,
    "audit_trail": 1,
    "events": 1,
    "delivery_overview": 6,
    "warehouses": 10,
    "sources": 13,
    "tracking_plans": 12,
}


def test_every_call_of_the_official_provider_keeps_state() -> None:
    assert (len(OFFICIAL), len(OFFICIAL_DATA)) == (16, 10)
    for called in (*OFFICIAL.values(), *OFFICIAL_DATA.values()):
        assert set(called.split()) <= set(operations())
        assert set(called.split()) <= set(HANDLERS)


def test_these_families_keep_state_whole() -> None:
    here = Counter(operations()[op_id].family for op_id in HANDLERS)
    assert {family: here[family] for family in FURTHER} == FURTHER
    every = Counter(operation.family for operation in operations().values())
    assert {family: every[family] for family in FURTHER} == FURTHER
    for op_id in (
        "getSpace",
        "listSpaces",
        "createAudience",
        "getAudience",
        "listAudiences",
        "updateAudienceForSpace",
        "removeAudienceFromSpace",
    ):
        assert op_id in HANDLERS
