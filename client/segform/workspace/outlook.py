"""What a reading will take, known from the lists that it begins with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from segform.errors import AuthenticationError, SegformError
from segform.lifecycle.reading import hook
from segform.lifecycle.run import Run
from segform.resources import registry
from segform.resources.definition import Resource

from .live import stands_alone

if TYPE_CHECKING:
    from .engine import Workspace

_PAGE = 200


class Outlook(NamedTuple):
    """Requests that a reading of everything takes, about; objects that are listed so far."""

    requests: int
    objects: dict[str, int]


def outlook(engine: Workspace) -> Outlook:
    """Look at the lists of what stands at the top, and count what hangs below.

    The lists stay in memory: an `observe(known=True)` afterwards does not ask for them again.
    """
    counts: dict[str, int] = {}
    ids: dict[str, list[str]] = {}
    requests = 1  # GET / said whose workspace it is
    for name, kind in registry().items():
        if not stands_alone(kind):
            continue
        parent = _parent(kind)
        if parent and not kind.about.attach:
            # One list below each parent: filters, mappings, instances.
            requests += counts.get(parent, 0)
            continue
        scopes = [{_scope(kind): one} for one in ids.get(parent, ())] if parent else _queries(kind)
        found = [one for scope in scopes for one in _listed(engine, kind, scope)]
        counts[name] = len(found)
        ids[name] = [str(one["id"]) for one in found if "id" in one]
        requests += len(scopes) + max(0, (len(found) - 1) // _PAGE)
        if kind.about.list_fields or (kind.about.complete and name not in _COUNTED):
            requests += len(found)
    return Outlook(requests, counts)


# Their `complete` reads what a list has that is shared by all: one request, or none.
_COUNTED = {"user": 1, "reverse_etl_model": 0}


def _scope(kind: type[Resource]) -> str:
    return kind.about.path[kind.about.scope[0]]


def _parent(kind: type[Resource]) -> str:
    names = [kind.about.path[p] for p in kind.about.scope] + list(kind.about.query.values())
    return next((kind.attributes[name].reference or "" for name in names), "")


def _queries(kind: type[Resource]) -> list[dict[str, Any]]:
    for name in kind.about.query.values():
        return [{name: value} for value in kind.attributes[name].one_of]
    return [{}]


def _listed(engine: Workspace, kind: type[Resource], scope: dict[str, Any]) -> list[dict[str, Any]]:
    life = engine.life
    prior = {**dict.fromkeys(kind.attributes), **scope}
    run = Run(kind, life.client, reader=life.reader, prior=prior)
    try:
        if kind.about.attach:
            found: list[dict[str, Any]] = hook(kind.about.attach).every(run)
            return found
        return life.reader.siblings(run)
    except AuthenticationError:
        raise
    except SegformError:
        # What cannot be listed is told by the reading itself.
        return []
