"""One object as it is wanted: its configuration planned, as the provider would plan it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from segform.lifecycle import planning
from segform.lifecycle import settings as managed_settings
from segform.lifecycle.hooks import hook
from segform.lifecycle.run import Run
from segform.resources import registry
from segform.resources.definition import SETTINGS, Nested, Resource
from segform.resources.exact import dumps, loads

from . import masking
from .live import Found

if TYPE_CHECKING:
    from .engine import Workspace


def intended(engine: Workspace, name: str, config: dict[str, Any], found: Found | None) -> Run:
    """A run of a kind with its planned values; `found` is None for what is to be made.

    Masks are taken out of the configuration of what is to be made, with a warning of the run.
    """
    kind = registry()[name]
    prior = found.values if found else None
    secrets = [] if found else _unmask(kind, config)
    private = {**found.private, **engine.memory.of(name, found.id)} if found else {}
    planned = planning.plan(kind.attributes, config, prior, private)
    run = engine.life.run(name, config=config, prior=prior, planned=planned, private=private)
    if kind.about.plan:
        hook(kind.about.plan)(run)
    for attribute, item in kind.attributes.items():
        # What the service does not show (an open invitation's permissions) cannot be compared.
        if prior is not None and item.required and prior.get(attribute) is None:
            run.planned[attribute] = None
    planning.refresh_computed(kind.attributes, run.planned, prior)
    if secrets:
        words = f"its secrets are not known and have to be given: {', '.join(secrets)}"
        run.warnings.append((words, ""))
    return run


def _unmask(kind: type[Resource], config: dict[str, Any]) -> list[str]:
    """Take the masks out of what is to be made; where they were."""
    left_out: list[str] = []
    for name, item in kind.attributes.items():
        text = config.get(name)
        if item.type == SETTINGS and isinstance(text, str):
            found, pointers = managed_settings.without_masks(loads(text))
            if pointers:
                config[name] = dumps(found)
                left_out += [f"{name}{pointer}" for pointer in pointers]
        elif item.hides and isinstance(item.type, Nested):
            bare = masking.without_masks(item, text)
            if bare != text:
                config[name] = bare
                left_out.append(name)
    return left_out
