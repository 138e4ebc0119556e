"""PlanResourceChange: what apply would do, checked before anything is written."""

from __future__ import annotations

from typing import Any

from segform.errors import SegformError
from segform.lifecycle import planning
from segform.lifecycle.checks import no_namesake, no_rival
from segform.lifecycle.creating import takes_place
from segform.lifecycle.hooks import hook
from segform.lifecycle.keys import key_of
from segform.lifecycle.order import let_through
from segform.lifecycle.run import Run
from segform.resources import registry
from segform.resources.definition import Resource
from segform.resources.parts import Problem
from segform_provider.protocol import codec
from segform_provider.schema import kind_name
from segform_provider.session import Session, current

from . import identities
from .common import (
    answer,
    decoded,
    diagnostics,
    dump_private,
    encoded,
    load_private,
    warning,
)

# In the private data of what is planned anew because of its attributes: the guard has seen it.
_ANEW = "anew"


def plan_resource_change(request: Any) -> Any:
    """The planned state of one object, what forces its replacement, and what speaks against it."""
    name = kind_name(request.type_name)
    kind = registry()[name]
    session = current()
    if kind.about.guard:
        session.planned.add((name, codec.text_at(request.prior_state, "id")))
    config = decoded(request.config, kind)
    if config is None:
        return _deletion(request, session, name, kind)
    stray = _stray(request, session, name, kind)
    asked = session.life.strict_secrets and any(one.unchanged for one in kind.about.checks)
    if stray is not None or (not asked and _untouched(request, kind)):
        return answer(
            "PlanResourceChange",
            planned_state=request.prior_state,
            planned_private=request.prior_private,
            planned_identity=identities.kept(request.prior_identity),
            diagnostics=_claimed(request, session, name, kind) if stray is None else stray,
        )
    prior = decoded(request.prior_state, kind)
    private = load_private(request.prior_private)
    planned = planning.plan(kind.attributes, config, prior, private)
    run = session.life.run(name, config=config, prior=prior, planned=planned, private=private)
    if kind.about.plan:
        hook(kind.about.plan)(run)
    planning.refresh_computed(kind.attributes, run.planned, prior)
    replaced = planning.replacements(kind.attributes.values(), prior, run.planned)
    late = None if replaced or run.planned == prior else let_through(session.life, run)
    found = [warning(*text) for text in (*run.warnings, *([late] if late else ()))]
    asked_for = prior is None and bool(private) and not run.private.pop(_ANEW, False)
    if replaced:
        run.private[_ANEW] = True
    if replaced or prior is None:
        takes_place(session.life, run)
    try:
        tainted = None if prior or private else _tainted(session, run, name)
        problems = _live(session, run, name, replaced, asked_for=asked_for, tainted=tainted)
        found += diagnostics(problems, kind, config=config)
    except SegformError as problem:
        found += session.halt.reading(
            "The plan could not be checked against the workspace", problem
        )
    if prior is None or replaced or run.planned != prior:
        verb = "create" if prior is None else "delete" if replaced else "update"
        session.tell(session.pace.planned(kind.about, verb))
    return answer(
        "PlanResourceChange",
        planned_state=encoded(run.planned, kind),
        planned_private=dump_private(run.private),
        planned_identity=identities.of(kind, run.planned if prior is None else prior),
        requires_replace=[_path(path) for path in replaced],
        diagnostics=found,
    )


def _tainted(session: Session, run: Run, name: str) -> str | None:
    """The id of what a create takes the place of, where `terraform taint` asks for it.

    Terraform gives nothing of the old object then: it is read, and planned without a state. So it
    is one that has our key and was not planned.
    """
    if not run.about.guard:
        return None
    known = session.life.keyed.get((name, key_of(run)), ())
    return next((one for one in sorted(known) if (name, one) not in session.planned), None)


def _asked_for(session: Session, run: Run, name: str, tainted: str | None) -> list[Problem]:
    """What the guard has against a replacement that is none of ours: `-replace` and its like.

    Terraform then plans the object a second time, as a create, and says no more of the old one
    than its private data; its key says which one it is. Of what was `tainted` it says nothing, and
    a name that need not be unique may be another object's, which is planned in a moment: that is
    no more than a warning.
    """
    held = session.life.keyed.get((name, key_of(run)), set())
    known = tainted or (next(iter(held)) if len(held) == 1 else None)
    prior = {**run.planned, "id": known}
    stopped = session.guard.problem(
        session.life, name, prior, run.private, "replaced by a new one", sure=known is not None
    )
    if stopped and tainted and not run.about.key_unique:
        stopped.severity = "warning"
        stopped.mend = (
            f"That is so where it was tainted; where this is a second {run.about.words} of the "
            "name, it stays. Terraform does not say which, so that `protect` does not refuse it. "
            "`terraform untaint` takes the mark away."
        )
    return [stopped] if stopped else []


def _claimed(request: Any, session: Session, name: str, kind: type[Resource]) -> list[Any]:
    """What speaks against an object that stays as it is: a new one that wants what it has."""
    if not kind.about.exclusive or session.halt.on:
        return []
    prior = decoded(request.prior_state, kind)
    run = session.life.run(name, prior=prior, planned=prior)
    return diagnostics(no_rival(session.life, run), kind)


def _stray(request: Any, session: Session, name: str, kind: type[Resource]) -> list[Any] | None:
    """Why an object that was not read is not planned: it is of another workspace; None else.

    Without a refresh nothing else would say so.
    """
    if session.has_read or request.prior_state.msgpack in codec.NULL:
        return None
    prior, private = decoded(request.prior_state, kind), load_private(request.prior_private)
    try:
        session.life.belongs(name, prior or {}, private)
    except SegformError as problem:
        words = kind.about.words
        return session.halt.reading(f"The {words} cannot be planned", problem)
    return None


def _untouched(request: Any, kind: type[Resource]) -> bool:
    """Whether nothing can come of planning: then the values need not even be decoded.

    Kinds with a plan hook may have to remember something although no attribute differs.
    """
    return (
        not kind.about.plan
        and request.proposed_new_state.msgpack == request.prior_state.msgpack
        and request.prior_state.msgpack not in codec.NULL
    )


def _live(
    session: Session,
    run: Run,
    name: str,
    replaced: list[tuple[str | int, ...]],
    *,
    asked_for: bool,
    tainted: str | None,
) -> list[Problem]:
    """The checks that ask the workspace; none where nothing changes, or nothing can come of it."""
    if session.halt.on:
        return []
    # What is replaced is planned a second time, as a create; where somebody asked for that, the
    # first answer has claimed.
    problems = [] if replaced or asked_for else no_rival(session.life, run)
    same = run.prior is not None and run.planned == run.prior
    if problems:
        return problems
    if not same:
        problems += no_namesake(session.life, run)
    for check in run.about.checks:
        if check.stage == "live" and (check.unchanged or not same):
            problems += hook(check.run)(session.life, run)
    if asked_for or tainted:
        problems += _asked_for(session, run, name, tainted)
    if replaced and run.prior is not None:
        stopped = session.guard.problem(
            session.life, name, run.prior, run.private, "replaced by a new one"
        )
        if stopped:
            # At what is changed, so that the line that makes the new object is shown.
            stopped.path = replaced[0]
            problems.append(stopped)
    return problems


def _deletion(request: Any, session: Session, name: str, kind: type[Resource]) -> Any:
    """A planned deletion, unless the guard has something against it."""
    prior = decoded(request.prior_state, kind)
    session.tell(session.pace.planned(kind.about, "delete"))
    found: list[Any] = []
    if prior is not None and not session.halt.on:
        private = load_private(request.prior_private)
        try:
            stopped = session.guard.problem(session.life, name, prior, private, "deleted")
            words = kind.about.words
            summary = f"This {words} is protected from deletion"
            if stopped and stopped.severity == "warning":
                summary = f"A {words} would be deleted"
            found = diagnostics([stopped], kind, summary) if stopped else []
        except SegformError as problem:
            found = session.halt.reading("The deletion could not be checked", problem)
    return answer(
        "PlanResourceChange",
        planned_state=encoded(None, kind),
        planned_private=request.prior_private,
        planned_identity=identities.kept(request.prior_identity),
        diagnostics=found,
    )


def _path(path: tuple[str | int, ...]) -> dict[str, Any]:
    return {"steps": [{"attribute_name": str(step)} for step in path]}
