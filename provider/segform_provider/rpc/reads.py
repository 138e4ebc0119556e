"""ReadResource, ImportResourceState, ReadDataSource."""

from __future__ import annotations

from typing import Any

from segform.errors import SegformError
from segform.lifecycle.service import LookUpError
from segform.resources import data_sources, registry
from segform_provider.schema import kind_name
from segform_provider.session import current

from .common import answer, decoded, dump_private, encoded, failure, load_private, warning


def read_resource(request: Any) -> Any:
    """What the service has now; null when the object is gone."""
    name = kind_name(request.type_name)
    kind = registry()[name]
    prior = decoded(request.current_state, kind)
    if prior is None:
        return answer("ReadResource", new_state=request.current_state)
    private = load_private(request.private)
    try:
        outcome = current().life.read(name, prior, private)
    except SegformError as problem:
        words = name.replace("_", " ")
        return answer(
            "ReadResource",
            new_state=request.current_state,
            private=request.private,
            diagnostics=[failure(f"The {words} could not be read", problem)],
        )
    if outcome is None:
        return answer("ReadResource", new_state=encoded(None, kind))
    same = outcome.values == prior
    return answer(
        "ReadResource",
        new_state=request.current_state if same else encoded(outcome.values, kind),
        private=request.private if outcome.private == private else dump_private(outcome.private),
        diagnostics=[warning(*text) for text in outcome.warnings],
    )


def import_resource_state(request: Any) -> Any:
    """The state that an import starts from; Terraform reads it at once."""
    name = kind_name(request.type_name)
    try:
        values, private = current().life.import_stub(name, request.id)
    except LookUpError as problem:
        return answer(
            "ImportResourceState", diagnostics=[failure("This import id cannot be used", problem)]
        )
    imported = {
        "type_name": request.type_name,
        "state": encoded(values, registry()[name]),
        "private": dump_private(private),
    }
    return answer("ImportResourceState", imported_resources=[imported])


def read_data_source(request: Any) -> Any:
    """The values of a data source."""
    name = kind_name(request.type_name)
    source = data_sources()[name]
    config = decoded(request.config, source) or {}
    try:
        values = current().life.data(name, config)
    except (LookUpError, SegformError) as problem:
        summary = f"Data source segment_{name} found nothing"
        if isinstance(problem, SegformError):
            summary = f"Data source segment_{name} could not be read"
        return answer("ReadDataSource", diagnostics=[failure(summary, problem)])
    return answer("ReadDataSource", state=encoded(values, source))
