"""ApplyResourceChange: create, update, delete.

A create that fails answers null and the error, never a state beside it: Terraform would call the
object tainted and destroy it. A failed update or delete keeps the prior state; the next refresh
says how far it came.
"""

from __future__ import annotations

from typing import Any

from segform.errors import SegformError
from segform.lifecycle.run import Outcome
from segform.lifecycle.settings import MaskedSecretError
from segform.resources import registry
from segform_provider.schema import kind_name
from segform_provider.session import current

from . import identities
from .common import answer, decoded, dump_private, encoded, load_private, warning


def apply_resource_change(request: Any) -> Any:
    """Carry out one planned change."""
    name = kind_name(request.type_name)
    kind = registry()[name]
    life = current().life
    prior = decoded(request.prior_state, kind)
    planned = decoded(request.planned_state, kind)
    private = load_private(request.planned_private)
    verb = "created" if prior is None else "deleted" if planned is None else "changed"
    step = {"created": "create", "deleted": "delete", "changed": "update"}[verb]
    current().tell(current().pace.applies(kind.about, step))
    try:
        if planned is None:
            life.delete(name, prior or {}, private)
            return answer("ApplyResourceChange", new_state=encoded(None, kind))
        config = decoded(request.config, kind) or {}
        if prior is None:
            outcome: Outcome = life.create(name, planned, config, private)
        else:
            outcome = life.update(name, prior, planned, config, private)
    except (SegformError, MaskedSecretError) as problem:
        words = kind.about.words
        return answer(
            "ApplyResourceChange",
            new_state=request.prior_state,
            private=request.planned_private if prior is not None else b"",
            new_identity=identities.kept(request.planned_identity) if prior is not None else None,
            diagnostics=current().halt.each(f"The {words} could not be {verb}", problem),
        )
    return answer(
        "ApplyResourceChange",
        new_state=encoded(outcome.values, kind),
        private=dump_private(outcome.private),
        new_identity=identities.of(kind, outcome.values),
        diagnostics=[warning(*text) for text in (*outcome.warnings, *current().news())],
    )
