"""Reverse ETL model: a query whose rows mappings send to destinations."""

from __future__ import annotations

from .definition import BOOL, JSON, STRING, Kind, Reference, Resource, attribute, computed
from .parts import Operations


class ReverseEtlModel(Resource):
    """A query on a warehouse whose rows mappings send to destinations."""

    about = Kind(
        "reverse_etl_model",
        "A query on a warehouse whose rows mappings send to destinations.",
        operations=Operations(
            create="createReverseEtlModel",
            read="getReverseEtlModel",
            update="updateReverseEtlModel",
            delete="deleteReverseEtlModel",
            list="listReverseEtlModels",
        ),
        envelope="reverseEtlModel",
        collection="models",
        family="reverseEtlModels",
        path={"modelId": "id"},
        key=("source_id", "name"),
        plan="segform.lifecycle.hooks.model:plan",
        complete="segform.lifecycle.hooks.model:complete",
        guard="its mappings have no rows to send any more, and what was synced is forgotten",
    )

    id: str = computed(STRING, "Id of the model.")
    source_id: Reference = attribute(
        STRING,
        "Id of the source that stands for the warehouse.",
        required=True,
        replace=True,
        update=False,
        reference="source",
    )
    name: str = attribute(STRING, "Name that people see.", required=True)
    description: str = attribute(STRING, "What it is for.", required=True, blank=True)
    enabled: bool = attribute(BOOL, "Whether it is in use.", required=True)
    query: str = attribute(STRING, "SQL that gives the rows.", required=True)
    query_identifier_column: str = attribute(STRING, "Column that tells rows apart.", required=True)
    schedule_strategy: str | None = attribute(
        STRING,
        "Deprecated by the API and never sent: the schedule belongs to the mapping.",
        default=None,
        computed=True,
        create=False,
        update=False,
    )
    schedule_config: str | None = attribute(
        JSON,
        "Deprecated by the API and never sent: the schedule belongs to the mapping.",
        default=None,
        computed=True,
        create=False,
        update=False,
    )
