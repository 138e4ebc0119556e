"""The workspace engine: pull, plan, apply, over one client and the definitions."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from segform.errors import ConfigurationError, SegformError
from segform.lifecycle import planning
from segform.lifecycle.checks import no_rival
from segform.lifecycle.creating import looked
from segform.lifecycle.guard import Guard
from segform.lifecycle.journal import Journal
from segform.lifecycle.run import Run
from segform.lifecycle.service import Lifecycle
from segform.resources import kinds_of, protected, registry
from segform.resources.checks import run_pure

from . import absent
from .around import held
from .bindings import Bindings
from .desired import Declared, Desired, Ref, references, resolved
from .flow import arrange
from .intending import intended
from .live import Found, Live, Progress, Unseen, hidden, observe
from .matching import Matching, match
from .memory import Memory
from .ordering import Meant, base, ordered
from .owned import States
from .plan import MANY, SHARE, VOLATILE, Action, Change, Plan, Refused, StalePlan, differences
from .remaining import left_hanging, perhaps_renamed, remaining

if TYPE_CHECKING:
    from .resuming import Kept

# What is not deleted and not replaced unless it is let go by name.
PROTECTED = protected()


class Applied(NamedTuple):
    """What an apply did: the changes that were made, and the bindings afterwards."""

    done: list[Change]
    warnings: list[str]
    bindings: Bindings


class Workspace:
    """One workspace, through one client.

    * `bindings`: the file that says which address is which object, or a function that makes its
      path of the workspace's slug; in memory where it is None;
    * `journal`: whether creates are written down, so that a killed run is made good by the next;
    * `protect`, `let_go`: kinds whose objects are not deleted or replaced, and objects that may be
      nevertheless, as `source:web` or an id;
    * `terraform`: what Terraform states own; it is not written;
    * `share`, `many`: above this share of what is there, and from so many on, changes and deletions
      are refused unless they are forced.

    Raises `segform.errors.SegformError`.
    """

    def __init__(
        self,
        client: Any,
        *,
        bindings: Path | Bindings | Callable[[str], Path] | None = None,
        journal: bool = True,
        folder: Path | None = None,
        protect: Iterable[str] = PROTECTED,
        let_go: Iterable[str] = (),
        terraform: States | None = None,
        share: float = SHARE,
        many: int = MANY,
    ) -> None:
        self.client = client
        self._began = time.monotonic()
        try:
            # What is misspelt would protect nothing.
            protect = kinds_of([protect] if isinstance(protect, str) else protect)
        except ValueError as problem:
            raise ConfigurationError(f"protect: {problem}", argument="protect") from None
        found = client.request("getWorkspace")["workspace"]
        self.id, self.slug, self.name = str(found["id"]), str(found["slug"]), str(found["name"])
        if callable(bindings):
            bindings = bindings(self.slug)
        if not isinstance(bindings, Bindings):
            bindings = Bindings(bindings, workspace=self.id)
        self.bindings = bindings
        self.folder = folder or Path.cwd()
        kept = Journal.open(self.id, base=self.folder) if journal else None
        self.life = Lifecycle(client, journal=kept)
        self.memory = Memory(self.folder / ".segform" / "managed" / f"{self.id}.json")
        self.share, self.many = share, many
        self.terraform = States() if terraform is None else terraform
        foreign = self.terraform.foreign(self.id)
        if foreign:
            raise ConfigurationError(f"{foreign}, and the token's is {self.id}")
        self.guard = Guard(set(protect), set(let_go), engine=True)
        # What the last pull read, and what it could not see.
        self.seen = Live()
        self.unseen: list[Unseen] = []
        # The answers of a pull that may be taken over by the next.
        self.kept: Kept | None = None

    # Reading

    def elapsed(self) -> float:
        """Seconds since this engine was made."""
        return time.monotonic() - self._began

    def resume(self, minutes: float) -> Kept:
        """Let the reads of a pull be kept, and those of one that was interrupted be taken over.

        They are in `.segform/pull`; `minutes`: how old they may be, 0 to begin anew. Call `done()`
        of what this returns when the snapshot is written. This engine is then for reading only.
        """
        from .resuming import Resuming, opened

        kept = opened(self.client, self.id, self.folder, minutes)
        self.life = Lifecycle(Resuming(self.client, kept), journal=self.life.journal)
        self.kept = kept
        return kept

    def observe(
        self,
        kinds: Iterable[str] | None = None,
        progress: Progress | None = None,
        *,
        known: bool = False,
    ) -> Live:
        """Everything that the workspace holds of these kinds.

        It is read anew, but for the lists that were read a moment ago where `known` says so.
        """
        for kind in registry().values() if not known else ():
            self.life.reader.forget(kind.about)
        return observe(self.life, kinds, progress)

    def pull(self, progress: Progress | None = None, *, known: bool = False) -> dict[str, Any]:
        """The workspace as a snapshot (`contract/schemas/snapshot.schema.json`).

        What was read is in `Workspace.seen` afterwards, what the token may not see in `unseen`;
        `known` as in `observe`.
        """
        from .snapshot import of_live

        live = self.observe(progress=progress, known=known)
        away = absent.missing(
            self, live, (absent.Bound(address, one, {}) for address, one in self.bindings)
        )
        self.seen, self.unseen = live, [*live.unseen, *hidden(live), *absent.unseen(away, live)]
        return of_live(live, {"id": self.id, "slug": self.slug, "name": self.name})

    # Planning

    def plan(
        self,
        desired: Desired | Mapping[str, Any],
        *,
        live: Live | None = None,
        targets: Iterable[str] = (),
        progress: Progress | None = None,
    ) -> Plan:
        """What would have to be done, checked; nothing is written.

        * `desired`: what is wanted, or a snapshot;
        * `targets`: addresses; only these and what they refer to are planned.

        Raises `Refused` where two objects could be meant by one address, or an object of the
        bindings is gone and another has its key.
        """
        wanted = self._desired(desired)
        if live is None:
            live = self.observe(self.compared(wanted), progress)
        wanted_by = self._only(wanted, targets)
        away = absent.missing(self, live, absent.bound(self.bindings, wanted_by))
        whose = {"id": self.id, "slug": self.slug}
        matching = match(
            wanted, live, self.bindings, whose, {one.address: one.values for one in away}
        )
        if matching.problems:
            raise Refused("\n".join(matching.problems))
        made = Plan({"id": self.id, "slug": self.slug}, base(live, self.compared(wanted)))
        made.there = sum(1 for _ in live)
        made.adopted = matching.adopted if wanted.adopting else {}
        made.matching, made.live, made.targets = matching, live, tuple(targets)
        # What cannot be seen must not be taken for what is not there.
        absent.leave_out(made, wanted_by, away, self.bindings.path)
        meant = Meant(wanted, matching.found)
        changes = [
            self._change(one, meant, matching, made)
            for one in wanted_by
            if one.address not in made.unseen
        ]
        kept = [change for change in changes if change is not None]
        if not targets:
            gone = self._deletions(wanted, live, matching, made)
            # A snapshot has ids by which what is one object is known.
            made.warnings += () if wanted.whole else perhaps_renamed(kept, gone)
            made.problems += left_hanging(wanted_by, gone, live)
            kept += gone
        made.changes = ordered(arrange(made, kept, wanted), wanted, live)
        made.warnings += absent.doubts(made)
        if self.terraform:
            self._owners(wanted, matching, made)
        made.problems += remaining(self.client, self.guard, made)
        return made

    def _owners(self, wanted: Desired, matching: Matching, made: Plan) -> None:
        """Refuse what would write what Terraform owns; bind none of it."""
        for change in made.changes:
            known = change.address in wanted
            values = resolved(wanted.get(change.address).values, matching.known) if known else {}
            made.owned += self.terraform.refusals(change, values, made.live)
        made.problems += made.owned
        theirs = [
            address
            for address, found in matching.found.items()
            if address in wanted and self.terraform.get(found.kind, found.id)
        ]
        made.adopted = {at: one for at, one in made.adopted.items() if at not in theirs}
        if theirs:
            more = f" and {len(theirs) - 5} more" if len(theirs) > 5 else ""
            made.warnings.append(
                f"declared here and owned by Terraform, so not bound: {', '.join(theirs[:5])}{more}"
            )

    def _desired(self, desired: Desired | Mapping[str, Any]) -> Desired:
        if isinstance(desired, Desired):
            return desired
        from .snapshot import to_desired

        return to_desired(desired, self.bindings)

    def compared(self, wanted: Desired) -> set[str]:
        """Kinds that a plan looks at, so that it is the same plan whatever else was read."""
        kinds = {one.kind for one in wanted} | set(wanted.complete) | self._bound_kinds()
        return kinds | self._edges(kinds)

    def _bound_kinds(self) -> set[str]:
        return {address.partition(".")[0] for address, _ in self.bindings}

    @staticmethod
    def _edges(kinds: set[str]) -> set[str]:
        """Kinds that hang below these: their objects go with them and are told."""
        return {
            name
            for name, kind in registry().items()
            if any(item.reference in kinds for item in kind.attributes.values())
            and kind.about.part_of is None
        }

    @staticmethod
    def _only(wanted: Desired, targets: Iterable[str]) -> list[Declared]:
        todo, found = list(targets), set[str]()
        if not todo:
            return list(wanted)
        while todo:
            address = todo.pop()
            if address not in wanted:
                raise ConfigurationError(f"{address} is not declared")
            if address not in found:
                found.add(address)
                values = wanted.get(address).values
                todo += [ref.address for ref in references(values) if ref.address in wanted]
        return [one for one in wanted if one.address in found]

    def _change(self, one: Declared, meant: Meant, matching: Matching, made: Plan) -> Change | None:
        kind = registry()[one.kind]
        found = matching.found.get(one.address)
        config = {**dict.fromkeys(kind.attributes), **resolved(one.values, matching.known)}
        wrong = [
            (
                problem.severity == "error",
                f"{one.address} {'.'.join(map(str, problem.path))}: {problem.message}. "
                f"{problem.mend}".strip(),
            )
            for problem in run_pure(kind.about.checks, kind.attributes, config)
        ]
        run = intended(self, one.kind, config, found)
        settled = found is not None and _settled(run)
        if settled:
            # What is there already and is not written hinders nothing else; `check` tells more.
            made.warnings += [f"{words} It is left as it is." for error, words in wrong if error]
        else:
            made.problems += [words for error, words in wrong if error]
            made.warnings += [words for error, words in wrong if not error]
        made.warnings += [f"{one.address}: {head}" for head, _ in run.warnings]
        replaced = planning.replacements(kind.attributes.values(), run.prior, run.planned)
        made.problems += [
            f"{one.address}: {problem.message}. {problem.mend}"
            for problem in ([] if replaced else no_rival(self.life, run))
        ]
        if settled:
            return None
        after = tuple(dict.fromkeys(meant.before(one)))
        if found is None:
            made.planned[one.address] = run.planned
            made.refers[one.address] = {
                name: f"{ref.address}{'' if ref.attribute == 'id' else f'.{ref.attribute}'}"
                for name, ref in one.values.items()
                if isinstance(ref, Ref)
            }
            if one.kind in made.live.objects:
                # All of its kind were read just now, so that no create need look again.
                looked(self.life, run)
            made.problems += [
                f"{one.address} needs {name}: {item.description}"
                for name, item in kind.attributes.items()
                if item.required and config.get(name) is None
            ]
            news = tuple(differences(one.kind, None, run.planned))
            return Change(one.address, one.kind, None, "create", news, after=after)
        made.planned[one.address] = run.planned
        news = tuple(differences(one.kind, found.values, run.planned))
        if not replaced:
            action: Action = "update"
            consequence = ""
        else:
            action = "replace"
            consequence = self._guarded(one.address, found, "replaced by a new one", made)
        now = held(one.kind, found.values, (difference.path for difference in news))
        return Change(one.address, one.kind, found.id, action, news, consequence, after, now)

    def _guarded(self, address: str, found: Found, action: str, made: Plan) -> str:
        problem = self.guard.problem(self.life, found.kind, found.values, found.private, action)
        if problem is not None:
            made.guarded.append(f"{address}: {problem.message}. {problem.mend}")
            made.problems.append(made.guarded[-1])
        about = registry()[found.kind].about
        if about.guard_when and problem is None:
            return ""
        return about.guard

    def _deletions(
        self, wanted: Desired, live: Live, matching: Matching, made: Plan
    ) -> list[Change]:
        changes = []
        for address, found in matching.surplus(wanted, live):
            if self.bindings.get(address) is None and self.terraform.get(found.kind, found.id):
                # Nobody declares it here, but Terraform does, and it was never ours.
                continue
            consequence = self._guarded(address, found, "deleted", made)
            now = held(found.kind, found.values, ())
            changes.append(
                Change(address, found.kind, found.id, "delete", (), consequence, before=now)
            )
        return changes

    # Applying

    def apply(
        self,
        plan: Plan,
        desired: Desired | Mapping[str, Any] | None = None,
        *,
        force: bool = False,
        concurrency: int = 16,
        told: Any = None,
        heard: Any = None,
        fresh: bool = False,
    ) -> Applied:
        """Carry a plan out, in its order, several changes at once.

        * `desired`: what the plan was made from;
        * `force`: also where more would be changed or deleted than is done without asking twice;
        * `told`: called with each change when it is done; `heard`: with `begun`, `done` or
          `failed`, the change, and why it failed;
        * `fresh`: the plan was made a moment ago, and the workspace is not read again.

        Raises `Refused` (nothing was written) and `StalePlan`, or what the API raised: then what
        was done is done and bound, and the next plan shows the rest.
        """
        self.check(plan, force=force)
        if not plan:
            self.adopt(plan)
            self.remember()
            return Applied([], [], self.bindings)
        if desired is None:
            raise ConfigurationError("apply needs what the plan was made from")
        from .alone import alone

        with alone(self.folder, self.id):
            return self._carried_out(plan, self._desired(desired), concurrency, told, heard, fresh)

    def _carried_out(
        self, plan: Plan, wanted: Desired, concurrency: int, told: Any, heard: Any, fresh: bool
    ) -> Applied:
        from .applying import carry_out
        from .resuming import forget

        if self.bindings.changed():
            raise StalePlan(
                f"{self.bindings.path} has changed since the plan was made, nothing was written: "
                "plan again"
            )
        again = plan if fresh and plan.live is not None else self.plan(wanted, targets=plan.targets)
        same = again is plan or (again.base == plan.base and again.written() == plan.written())
        if not same:
            raise StalePlan("the workspace has changed since the plan was made: plan again")
        self.adopt(plan)
        forget(self.folder)
        return carry_out(self, again, wanted, concurrency, told, heard)

    def check(self, plan: Plan, *, force: bool = False) -> None:
        """Raise `Refused` where a plan has problems, or does more than is done without asking."""
        if plan.problems:
            raise Refused("\n".join(plan.problems))
        much = [] if force else plan.too_much(self.share, self.many)
        if much:
            raise Refused(
                "; ".join(much) + ". Say `--force` (`force=True` in Python) if that is meant."
            )

    def remember(self) -> None:
        """Write down what this machine remembers, and that this token saw all that is bound."""
        self.memory.saw(self.life.sight.mark)
        self.memory.save()

    def adopt(self, plan: Plan) -> None:
        """Bind what a plan found by its key, and write the bindings file."""
        for address, object_id in plan.adopted.items():
            old = self.bindings.address_of(address.partition(".")[0], object_id)
            if old is not None and old != address:
                self.bindings.release(old)
            self.bindings.bind(address, object_id)
            key = plan.matching.keys.get(address)
            if key is not None and self.life.journal is not None:
                # A run that was killed after the service had made it ends here.
                found = plan.matching.found[address]
                made = str(found.values.get("id") or object_id)
                self.life.journal.adopted(found.kind, key, made)
        if plan.adopted:
            self.bindings.save()


def _settled(run: Run) -> bool:
    """Whether nothing would be written: the plan is what there is."""
    prior = run.prior or {}
    return all(value == prior.get(name) or name in VOLATILE for name, value in run.planned.items())


__all__ = ["PROTECTED", "Applied", "SegformError", "Workspace"]
