"""ReadResource, ImportResourceState, ReadDataSource."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from segform.errors import APIError, SegformError
from segform.lifecycle.keys import import_id_of
from segform.lifecycle.service import LookUpError
from segform.lifecycle.sight import named
from segform.resources import data_sources, registry
from segform.resources.definition import DataSource
from segform_provider.schema import kind_name
from segform_provider.session import current

from . import identities
from .common import answer, decoded, dump_private, encoded, failure, load_private, warning


def read_resource(request: Any) -> Any:
    """What the service has now; null when the object is gone."""
    name = kind_name(request.type_name)
    kind = registry()[name]
    prior = decoded(request.current_state, kind)
    if prior is None:
        return answer("ReadResource", new_state=request.current_state)
    session = current()
    if session.halt.on:
        return _as_it_was(request, [])
    session.has_read = True
    private = load_private(request.private)
    try:
        outcome = session.life.read(name, prior, private)
    except SegformError as problem:
        words = kind.about.words
        what = f"the {words} {named(kind, prior)}"
        summary = f"The {words} could not be read"
        return _as_it_was(request, session.halt.reading(summary, problem, what))
    if outcome is None:
        return answer("ReadResource", new_state=encoded(None, kind))
    same = outcome.values == prior
    return answer(
        "ReadResource",
        new_state=request.current_state if same else encoded(outcome.values, kind),
        private=request.private if outcome.private == private else dump_private(outcome.private),
        new_identity=identities.kept(request.current_identity)
        or identities.of(kind, outcome.values),
        diagnostics=[warning(*text) for text in outcome.warnings],
    )


def _as_it_was(request: Any, diagnostics: list[Any]) -> Any:
    """The prior state, and why it is not a newer one."""
    return answer(
        "ReadResource",
        new_state=request.current_state,
        private=request.private,
        new_identity=identities.kept(request.current_identity),
        diagnostics=diagnostics,
    )


def import_resource_state(request: Any) -> Any:
    """The state that an import starts from; Terraform reads it at once."""
    name = kind_name(request.type_name)
    kind = registry()[name]
    identity = identities.given(kind, request.identity)
    try:
        if identity is None:
            values, private = current().life.import_stub(name, request.id)
        else:
            values, private = current().life.import_known(name, identity)
    except LookUpError as problem:
        what = "id" if identity is None else "identity"
        return answer(
            "ImportResourceState",
            diagnostics=[failure(f"This import {what} cannot be used", problem)],
        )
    found = import_id_of(kind, values)
    said = []
    if current().life.imported_before(name, found):
        words = kind.about.words
        text = (
            f"The {words} {found} is in this configuration already. Two resources that are one "
            "object undo each other's changes, and deleting one deletes both. Keep one of them."
        )
        said.append(warning(f"A {words} is managed twice", text))
    imported = {
        "type_name": request.type_name,
        "state": encoded(values, kind),
        "private": dump_private(private),
        "identity": identities.of(kind, values),
    }
    return answer("ImportResourceState", imported_resources=[imported], diagnostics=said)


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
        # What the API itself answered is about no attribute.
        at = () if isinstance(problem, APIError) else _looked_up(source, config)
        return answer("ReadDataSource", diagnostics=current().halt.each(summary, problem, at))
    return answer("ReadDataSource", state=encoded(values, source))


def _looked_up(source: type[DataSource], config: Mapping[str, Any]) -> tuple[str, ...]:
    """The attribute that a data source was looked up by."""
    given = (
        n for n, item in source.attributes.items() if item.settable and config.get(n) is not None
    )
    name = next(given, None)
    return () if name is None else (name,)
