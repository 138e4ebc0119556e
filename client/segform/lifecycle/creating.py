"""Creating an object, and what to do when it goes wrong half-way.

A create ends in one of three ways only: done; undone (whatever was made was removed and seen gone,
and an error says why); or unfinished (it cannot be finished now, and undoing would fail or destroy
something of worth such as a source's write key): then the planned values stand, the steps that are
missing are remembered, and the next plan heals in place.

A creating POST is written to the journal before and after. So an object that an earlier, killed
run made is found again and adopted; what anybody else made with our key is never taken.
"""

from __future__ import annotations

import time
from collections.abc import Container, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from segform.errors import APIError, APIStatusError, SegformError
from segform.resources.definition import SETTINGS
from segform.resources.values import UNKNOWN, is_known
from segform.transport.bulk import GivenUp

from . import settings as managed_settings
from .hooks import hook, shaped
from .journal import body_hash
from .keys import import_id_of, key_of, key_parts, key_text
from .mapping import create_body, from_api, secrets_of, wire_name
from .meaning import equal, suffixed
from .run import Outcome, Run, path_of
from .state import fill, settled, shown, values_of

if TYPE_CHECKING:
    from .service import Lifecycle

# After an ambiguous answer the object may take a moment to show in lists.
_LOOKS = (0.0, 0.3, 0.9)


class AlreadyExistsError(SegformError):
    """The workspace has an object with this key, and this configuration did not make it.

    The message is for who writes Terraform; `plainly` says it to those who do not.
    """

    plainly = ""


def create(life: Lifecycle, run: Run) -> Outcome:
    """Make the object of `run`, follow-ups included. Raises `SegformError`: nothing is left."""
    make = _attached if run.about.attach else _made
    make(life, run)
    try:
        if run.adopted:
            _bring_up_to_date(life, run)
        elif run.about.finish:
            hook(run.about.finish)(run)
        life.forget(run.about)
        return life.done(run)
    except SegformError as problem:
        life.forget(run.about)
        if run.about.worth or run.adopted or not _undone(life, run):
            return _unfinished(life, run, problem)
        if life.journal and run.intent:
            life.journal.refused(run.intent)
        raise


def _attached(life: Lifecycle, run: Run) -> None:
    """Make something that is not an object of its own; its create may be repeated.

    Not beside the one that it takes the place of: the two would be one, and go together.
    """
    held = run.about.operations.delete and life.passed.holds(*_place(run, run.planned))
    if held and all(_still_there(life, run, pause) for pause in _LOOKS):
        raise _beside_itself(run)
    run.live = hook(run.about.attach).create(run)


def _still_there(life: Lifecycle, run: Run, pause: float) -> bool:
    """Whether what this run may be about to remove is there after a pause."""
    time.sleep(pause)
    there = life.live(run, fresh=True) is not None
    return there and life.passed.holds(*_place(run, run.planned))


def _place(run: Run, values: Mapping[str, Any]) -> tuple[str, ...]:
    return (run.about.name, "at", key_text(run.about, values))


def takes_place(life: Lifecycle, run: Run) -> None:
    """Remember what a state holds and this plan makes anew: of it an apply hears nothing more."""
    same = life.keyed.get((run.about.name, key_of(run)), set())
    if same and run.about.attach:
        life.passed.hold(*_place(run, run.planned))
    own = (run.prior or {}).get("id")
    for one in {own} if isinstance(own, str) else same:
        life.passed.hold(run.about.name, one)


def gave_way(life: Lifecycle, run: Run) -> None:
    """What is no object of its own was removed, so that a new one may take its place."""
    if run.about.attach:
        life.passed.release(*_place(run, run.prior or run.planned))


def _made(life: Lifecycle, run: Run) -> None:
    """Make the object, or adopt the one that an earlier run of ours made."""
    # Of one name one after the other: what another thread has just made, and has no answer to yet,
    # would be somebody else's to whoever looks meanwhile.
    with life.making(_facts(run)):
        siblings = _look_first(life, run)
        # From here on there is one.
        life.passed.forget(*_facts(run))
        if not run.adopted:
            _post(life, run, siblings)
        with life.lock:
            life.created.add(_id(run, run.live))


def namesake(life: Lifecycle, run: Run) -> AlreadyExistsError | None:
    """What stands in the way of a create, asked at plan time; None where nothing does.

    That there is nothing is remembered for the apply of this plan. Operation: the kind's list.
    """
    key = key_parts(run.about, run.planned)
    if any(value is None for value in key) or _fresh_parent(life, run):
        return None
    open_ = [name for name, item in run.kind.attributes.items() if item.create and not item.hides]
    if not all(is_known(run.config.get(name)) for name in open_):
        # What is not known yet cannot be told from what an earlier run of ours has made.
        return None
    if life.passed.recently(*_facts(run)) and not _open_before(life, run):
        return None
    found = _survey(life, run)
    if found.rival is None:
        life.passed.note(*_facts(run))
        return None
    return None if found.adopted else _already_there(life, run, found.rival)


def looked(life: Lifecycle, run: Run) -> None:
    """Remember that there is no namesake: whoever calls has seen all objects of the kind."""
    if not any(value is None for value in key_parts(run.about, run.planned)):
        life.passed.note(*_facts(run))


def appeared(life: Lifecycle, runs: Sequence[Run], before: Container[str]) -> list[list[str]]:
    """For each of these objects: ids of others with its key that were made meanwhile.

    All are of one collection, which is gone through once. `before`: ids of what was there already;
    what this process made or a state holds is left out too. Operation: the kind's list.
    """
    first = runs[0]
    if first.about.attach or not first.about.operations.list:
        return [[] for _ in runs]
    others = [
        one
        for one in life.reader.siblings(first)
        if _id(first, one) not in before and not _ours(life, first, one)
    ]
    return [[_id(run, one) for one in others if _namesake(run, one)] for run in runs]


def _facts(run: Run) -> tuple[str, ...]:
    return ("no namesake", run.about.name, key_of(run))


class _Survey(NamedTuple):
    """What a look at the collection found: its objects, one with our key, and whose it is."""

    siblings: list[dict[str, Any]]
    rival: dict[str, Any] | None
    adopted: str | None


def _survey(life: Lifecycle, run: Run) -> _Survey:
    siblings = life.reader.siblings(run)
    # With our key, and neither made by this process nor held by a state.
    rivals = [one for one in siblings if _namesake(run, one) and not _ours(life, run, one)]
    adopted = None
    if rivals and life.journal:
        same = [_id(run, one) for one in rivals if _like(run, one)]
        wanted = _fingerprint(run)
        adopted = life.journal.adoptable(run.about.name, key_of(run), wanted, same)
    ours = [one for one in rivals if _id(run, one) == adopted]
    rival = next(iter(ours or rivals), None)
    return _Survey(siblings, rival, adopted if ours else None)


def _look_first(life: Lifecycle, run: Run) -> list[dict[str, Any]] | None:
    """Look for the object before making it; None where nothing needed to be looked at.

    Where the service keeps the key unique, where the parent was made by this very process, or
    where the plan has looked, only an unfinished entry of the journal is a reason to look.
    """
    trusted = run.about.key_unique or _fresh_parent(life, run)
    trusted = trusted or life.passed.recently(*_facts(run))
    if trusted and not _open_before(life, run):
        return None
    found = _survey(life, run)
    if found.rival is None:
        return found.siblings
    if life.journal is None or found.adopted is None:
        raise _already_there(life, run, found.rival)
    run.live, run.adopted = found.rival, True
    life.journal.adopted(run.about.name, key_of(run), found.adopted)
    return found.siblings


def _open_before(life: Lifecycle, run: Run) -> bool:
    return bool(life.journal and life.journal.open_intents(run.about.name, key_of(run)))


def _fresh_parent(life: Lifecycle, run: Run) -> bool:
    return any(
        value in life.created
        for name, value in _given(run).items()
        if run.kind.attributes[name].reference
    )


def _fingerprint(run: Run) -> str:
    """What the intent was, as a hash that says nothing of secrets."""
    open_ = {name: item for name, item in run.kind.attributes.items() if not item.hides}
    return body_hash(create_body(open_, run.planned, run.about.extra_create))


def _body(run: Run) -> dict[str, Any]:
    body = create_body(run.kind.attributes, run.planned, run.about.extra_create)
    for name, entries in secrets_of(run).items():
        body[name] = {**body.get(name, {}), **entries}
    if run.about.send:
        body = hook(run.about.send)(run, body)
    return {run.about.wrap: body} if run.about.wrap else body


def _given(run: Run) -> dict[str, Any]:
    return {name: value for name, value in run.planned.items() if isinstance(value, str) and value}


def _ours(life: Lifecycle, run: Run, one: Mapping[str, Any]) -> bool:
    """Whether this process made an object, or a state holds it."""
    own_id = _id(run, one)
    known = own_id in life.created or (run.about.name, own_id) in life.met
    return known or life.passed.holds(run.about.name, own_id)


def _namesake(run: Run, one: Mapping[str, Any]) -> bool:
    wanted = key_parts(run.about, run.planned)
    return all(
        there == (None if part is None else str(part))
        or (run.kind.attributes[name.partition(".")[0]].suffixed and suffixed(part, there))
        for name, part, there in zip(run.about.key, wanted, _live_key(run, one), strict=True)
    )


def _live_key(run: Run, one: Mapping[str, Any]) -> list[str | None]:
    found: list[str | None] = []
    for name in run.about.key:
        first, _, rest = name.partition(".")
        wire = wire_name(run.kind.attributes[first])
        # What the list was asked for need not stand in each of its objects.
        value: Any = run.planned.get(first) if _asked(run, first, wire, one) else one.get(wire)
        if rest and isinstance(value, Mapping):
            value = value.get(rest)
        # A name that the plan leaves to the service cannot tell objects apart.
        if run.planned.get(first) is UNKNOWN:
            value = None
        found.append(None if value is None else str(value))
    return found


def _asked(run: Run, name: str, wire: str, one: Mapping[str, Any]) -> bool:
    return wire not in one and name in run.about.query.values()


def _like(run: Run, one: Mapping[str, Any]) -> bool:
    """Whether an object is what our create would have made, as far as it can be seen."""
    for name, item in run.kind.attributes.items():
        planned = run.planned.get(name)
        if not item.create or planned is None or planned is UNKNOWN:
            continue
        if _asked(run, name, wire_name(item), one):
            continue
        if run.about.list_fields and name not in run.about.list_fields:
            continue
        raw = one.get(wire_name(item))
        if item.flat:
            if not isinstance(raw, Mapping) or raw.get("id") != planned.get("id"):
                return False
        elif item.type == SETTINGS:
            if not managed_settings.subset_equal(planned, shown(run.about, planned, raw or {})):
                return False
        elif item.suffixed and suffixed(planned, raw):
            continue
        elif not equal(item.type, planned, from_api(item.type, raw)):
            return False
    return True


def _post(
    life: Lifecycle,
    run: Run,
    siblings: list[dict[str, Any]] | None,
) -> None:
    """Send the create, with a journal entry before and after."""
    about, journal = run.about, life.journal
    body = _body(run)
    seen = [_id(run, one) for one in siblings or ()]
    intent = journal.intend(about.name, key_of(run), _fingerprint(run), seen) if journal else None
    run.intent = intent
    parents = {p: n for p, n in about.path.items() if p in about.scope}
    try:
        data = life.client.request(
            about.operations.create or "", path=path_of(parents, run.planned), body=body
        )
        run.live = shaped(about, data[about.created])
    except GivenUp:
        # It waited for its place, and was not sent.
        if journal and intent is not None:
            journal.refused(intent)
        raise
    except APIError as problem:
        found = _after(life, run, problem, seen)
        if found is None:
            if journal and intent is not None and not problem.ambiguous:
                journal.refused(intent)
            raise
        run.live, run.adopted = found, True
    if journal and intent is not None:
        journal.made(intent, _id(run, run.live))


def _after(life: Lifecycle, run: Run, problem: APIError, seen: list[str]) -> dict[str, Any] | None:
    """What a failed create left behind: ours, nothing, or (raised) somebody else's."""
    if not problem.ambiguous:
        if not (run.about.key_unique and isinstance(problem, APIStatusError)):
            return None
        if problem.status_code not in (400, 409, 422):
            return None
        same = _namesakes(life, run)
        rivals = [one for one in same if not _ours(life, run, one)]
        if rivals:
            raise _already_there(life, run, rivals[0]) from problem
        if any(_id(run, one) not in life.created for one in same):
            raise _beside_itself(run) from problem
        return None
    for pause in _LOOKS:
        time.sleep(pause)
        mine = [
            one
            for one in _namesakes(life, run)
            if _id(run, one) not in seen and not _ours(life, run, one) and _like(run, one)
        ]
        if len(mine) == 1:
            return mine[0]
    return None


def _namesakes(life: Lifecycle, run: Run) -> list[dict[str, Any]]:
    """The objects with our key, listed anew."""
    life.forget(run.about)
    return [one for one in life.reader.siblings(run) if _namesake(run, one)]


def _id(run: Run, one: Mapping[str, Any]) -> str:
    """The id of an object, or what stands for one where the API has none (labels)."""
    own = one.get("id")
    return own if isinstance(own, str) else _import_id(run, one)


def _import_id(run: Run, one: Mapping[str, Any]) -> str:
    attributes = run.kind.attributes.items()
    values = {name: one.get(wire_name(item), run.planned.get(name)) for name, item in attributes}
    return import_id_of(run.kind, values)


def _already_there(life: Lifecycle, run: Run, one: Mapping[str, Any]) -> AlreadyExistsError:
    words = run.about.words
    text = _import_id(run, one)
    there = f"The workspace already has a {words} {key_of(run)!r} ({text}), and it was not made by "
    problem = AlreadyExistsError(
        f"{there}this configuration, so it is not touched. To manage it, import it:\n\n"
        f'import {{\n  to = segment_{run.about.name}.<name>\n  id = "{text}"\n}}\n\n'
        "Otherwise give this one another key, or delete the other."
        + ("" if life.met else _perhaps_its_own(run))
    )
    problem.plainly = (
        f"{there}this apply, so it is not touched. Plan again: the next plan has it under its name "
        "here, and says what differs"
    )
    return problem


def _perhaps_its_own(run: Run) -> str:
    """What to do where the state has the object, and this process was shown nothing of a state.

    Of what a plan replaces Terraform tells an apply nothing before the new one is made, and gives
    back nothing that the plan remembered; only the folder beside the plan can say it.
    """
    if run.about.key_unique:
        return "\n\nIf it is the one that this replaces: " + _FIRST
    return (
        "\n\nIf this state has it, as what is replaced (`create_before_destroy`) or at an address "
        "that is given up, the plan is of another machine. Nothing is lost, but Terraform does not "
        "show it here, so that nobody can tell it from somebody else's. Run `terraform apply` "
        "without a saved plan, or take the folder `.segform` along with the plan."
    )


_FIRST = (
    "the service takes one of a key at a time, and this one was to come before that one goes. "
    "Remove `create_before_destroy`, or give this one another key; where only its address "
    "changed, a `moved` block keeps it."
)


def _beside_itself(run: Run) -> AlreadyExistsError:
    """A unique key that what is replaced still has."""
    there = f"The {run.about.words} {key_of(run)!r} that this one replaces is still there: "
    problem = AlreadyExistsError(f"{there}{_FIRST} Otherwise apply again in a moment.")
    problem.plainly = f"{there}the service takes one of a key at a time. Apply again in a moment"
    return problem


def _bring_up_to_date(life: Lifecycle, run: Run) -> None:
    """An adopted object is as an earlier run left it: write what differs, then the follow-ups."""
    wanted, run.planned = run.planned, {}
    run.private.pop("managed", None)
    before = values_of(run, life.catalog)
    run.planned, run.prior = wanted, before
    # Follow-ups compare with the service, not with a state that never was.
    life.write(run)
    run.prior = None


def _undone(life: Lifecycle, run: Run) -> bool:
    """Remove what was made; True when it was then seen gone."""
    try:
        life.remove(run)
        return life.live(run, fresh=True) is None
    except SegformError:
        return False


def _unfinished(life: Lifecycle, run: Run, problem: SegformError) -> Outcome:
    steps = run.steps or ["read it back"]
    run.private["unfinished"] = steps
    life.manage(run)
    words = run.about.words
    run.warnings.append(
        (
            f"The {words} {key_of(run)!r} was made, but not finished",
            (
                f"It could not {' nor '.join(steps)}: {problem}\n\nIt stays, because deleting it "
                "would lose what cannot be made again or failed as well. The next plan shows what "
                "is missing and the next apply mends it in place."
            ),
        )
    )
    values = fill(run.planned, values_of(run, life.catalog))
    return Outcome(settled(run.kind.attributes, values), run.private, run.warnings)
