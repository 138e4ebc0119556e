"""Create, read, update, delete and import of every kind, by its definition.

Shared by the provider and the workspace engine: both hand in values in the form of a state and
get values back. Requests go through one client; what is special about a kind is in its hooks.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from segform.resources import data_sources, registry
from segform.resources.definition import SETTINGS, DataSource, Kind, Nested, Resource
from segform.resources.exact import parsed
from segform.resources.parts import short
from segform.resources.values import UNKNOWN, is_known

from . import settings as managed_settings
from .belonging import belong
from .catalog import Catalog, Requests
from .creating import create, gave_way
from .hooks import hook, shaped
from .journal import Journal
from .keys import import_id_of, key_text, own_id, parse_import_id
from .mapping import from_api, secrets_changed, secrets_of, update_body, wire_name
from .passed import Passed
from .reading import Reader
from .run import Outcome, Run
from .sight import Sight
from .state import fill, values_of


class LookUpError(ValueError):
    """A data source or an import that names nothing, or more than one thing."""


class Lifecycle:
    """The lifecycle of all kinds over one client. Safe to call from many threads.

    `catalog_in_state` is `light`, `full` or `none`: how much of a catalogue entry a state keeps.
    `workspace`: id of the token's workspace; an object that a state has in another one is refused;
    `named`: the same in words.
    `strict_secrets`: a secret in ordinary settings is an error, not a warning.
    """

    def __init__(
        self,
        client: Requests,
        *,
        journal: Journal | None = None,
        passed: Passed | None = None,
        catalog_in_state: str = "light",
        strict_secrets: bool = False,
        workspace: str | None = None,
        named: str = "",
    ) -> None:
        self.client = client
        self.workspace = workspace
        self.named = named or str(workspace)
        self.journal = journal
        self.passed = passed or Passed()
        self.catalog = Catalog(client, in_state=catalog_in_state)
        self.strict_secrets = strict_secrets
        self.reader = Reader(client)
        self.sight = Sight(self)
        # Ids made by this process: what hangs below them cannot have been there before.
        self.created: set[str] = set()
        # What a state holds, by kind and id: an object with our key and one of them is nobody's
        # rival. And by kind and import id: what is imported again is managed twice.
        self.met: set[tuple[str, str]] = set()
        self.held: set[tuple[str, str]] = set()
        self._making: dict[tuple[str, ...], threading.Lock] = {}
        # And its ids, by kind and key; of what is still there.
        self.keyed: dict[tuple[str, str], set[str]] = {}
        # What the objects of this configuration are to have for themselves, and which one has it.
        self.claims: dict[tuple[str, ...], str] = {}
        self.counted: dict[tuple[str, ...], int] = {}
        self.ranks: dict[tuple[str, ...], list[str]] = {}
        # What this plan switches on: id -> what it is called.
        self.let_loose: dict[str, str] = {}
        # What this plan makes, by its kind and what it hangs below: its name -> whether it is on.
        self.made_below: dict[tuple[str, str], dict[str, bool]] = {}
        self.lock = threading.Lock()

    def run(self, name: str, **values: Any) -> Run:
        """A run of one object of a kind, over this client and its shared reads."""
        return Run(registry()[name], self.client, reader=self.reader, **values)

    # Reading

    def read(
        self,
        name: str,
        prior: Mapping[str, Any],
        private: Mapping[str, Any],
        *,
        fresh: bool = False,
        known: bool = False,
    ) -> Outcome | None:
        """What the service has now, or None when the object is gone.

        `known`: it is known to have been in this workspace.
        Raises `NotVisibleError` where it is not found and nothing says that it is gone (`sight`).
        """
        run = self.run(name, prior=prior, private=private)
        run.here = known
        run.importing = bool(run.private.pop("importing", False))
        run.private.pop("unfinished", None)
        self.remember(run)
        live = self.live(run, fresh=fresh)
        if live is None:
            if known or not run.importing:
                self.sight.confirm(run)
            self._gone(run)
            return None
        run.live = live
        self.sight.saw(run)
        if run.about.complete:
            hook(run.about.complete)(run)
        return Outcome(values_of(run, self.catalog), run.private, run.warnings)

    def live(self, run: Run, *, fresh: bool = False) -> dict[str, Any] | None:
        """The API's object, through the shared reads of its collection."""
        if run.about.attach:
            found: dict[str, Any] | None = hook(run.about.attach).read(run)
            return found
        return self.reader.read(run, fresh=fresh)

    def remember(self, run: Run) -> None:
        """Note that a state holds this object: its journal entry has done its duty.

        Raises `segform.errors.WorkspaceMismatchError` where it holds one of another workspace.
        """
        belong(run, self.workspace, self.named)
        known = None if run.prior is None else self.meet(run.kind, run.prior)
        # What is no object of its own has no entry, but it may have the id of one that does.
        if known is not None and self.journal is not None and not run.about.attach:
            self.journal.retire(known)

    def meet(self, kind: type[Resource], values: Mapping[str, Any]) -> str | None:
        """Note that a state holds this object; its id."""
        known = own_id(kind, values)
        if known is None:
            return None
        about, import_id = kind.about, import_id_of(kind, values)
        with self.lock:
            self.keyed.setdefault((about.name, key_text(about, values)), set()).add(known)
            self.met.add((about.name, known))
            self.held.add((about.name, import_id))
        return known

    def _gone(self, run: Run) -> None:
        """Note that what a state holds is there no more: a new one takes no place of it."""
        prior = run.prior or {}
        with self.lock:
            ids = self.keyed.get((run.about.name, key_text(run.about, prior)), set())
            ids.discard(own_id(run.kind, prior) or "")

    def belongs(self, name: str, prior: Mapping[str, Any], private: Mapping[str, Any]) -> None:
        """Raise `segform.errors.WorkspaceMismatchError` for an object of another workspace."""
        belong(self.run(name, prior=prior, private=private), self.workspace, self.named)

    def making(self, what: tuple[str, ...]) -> threading.Lock:
        """The lock of what is about to be made: a kind and a key."""
        with self.lock:
            return self._making.setdefault(what, threading.Lock())

    def claimed_twice(self, claim: tuple[str, ...]) -> bool:
        """Count a create that claims something; True from the second on."""
        with self.lock:
            self.counted[claim] = self.counted.get(claim, 0) + 1
            return self.counted[claim] > 1

    def rank(self, claim: tuple[str, ...], key: str) -> int:
        """The place of an object among those that have asked for the same, in their order."""
        with self.lock:
            asked = self.ranks.setdefault(claim, [])
            if key not in asked:
                asked.append(key)
            return asked.index(key)

    def imported_before(self, name: str, import_id: str) -> bool:
        """Whether an object is imported a second time, or a state holds it already."""
        again = self.claimed_twice(("import", name, import_id))
        return again or (name, import_id) in self.held

    # Writing

    def create(
        self, name: str, planned: Mapping[str, Any], config: Mapping[str, Any], private: Any = None
    ) -> Outcome:
        """Make an object: done; undone and an error; or unfinished with a warning.

        Raises `segform.errors.SegformError`; then nothing of the object is left.
        """
        run = self.run(name, config=config, planned=planned, private=private)
        belong(run, self.workspace, self.named)
        self.sight.saw(run)
        return create(self, run)

    def update(
        self,
        name: str,
        prior: Mapping[str, Any],
        planned: Mapping[str, Any],
        config: Mapping[str, Any],
        private: Any = None,
    ) -> Outcome:
        """Send what differs, then the follow-ups. Raises `segform.errors.SegformError`."""
        run = self.run(name, config=config, prior=prior, planned=planned, private=private)
        self.remember(run)
        self.write(run)
        self.sight.saw(run)
        return self.done(run)

    def write(self, run: Run) -> None:
        """Bring the object from `run.prior` to `run.planned`."""
        about = run.about
        body = update_body(run.kind.attributes, run.prior or {}, run.planned)
        body.update(self.settings_body(run))
        if secrets_changed(run):
            for name, entries in secrets_of(run).items():
                body[name] = {**body.get(name, {}), **entries}
        try:
            if body and about.operations.update:
                for name in about.resend:
                    body.setdefault(wire_name(run.kind.attributes[name]), {})
                sent = {about.wrap_update: body} if about.wrap_update else body
                data = run.request(about.operations.update, body=sent)
                found = data.get(about.envelope)
                if isinstance(found, dict):
                    run.live = {**run.live, **shaped(about, found)}
            if about.finish:
                hook(about.finish)(run)
        finally:
            # Also a request that failed may have been carried out.
            self.forget(about)

    def forget(self, about: Kind) -> None:
        """Drop what was read of a kind, and of what hangs below it: one of them was written."""
        self.reader.forget(about)
        for child in _children(about.name):
            self.reader.forget(child)

    def settings_body(self, run: Run) -> dict[str, Any]:
        """The settings that a PATCH sends: what changed, and null for what was removed."""
        body: dict[str, Any] = {}
        for name, item in run.kind.attributes.items():
            planned = run.planned.get(name)
            prior = (run.prior or {}).get(name)
            if item.type != SETTINGS or not isinstance(planned, str):
                continue
            before = parsed(prior) if prior else {}
            known = run.private.get("managed")
            # Where nothing was ever applied, a mask in the state says nothing of what is there:
            # what the configuration has in its place goes along, once.
            sure = run.adopted or known is None
            given = run.config.get(name)
            if planned == prior:
                masked = sure and managed_settings.without_masks(before)[1]
                if not masked or not isinstance(given, str):
                    continue
                planned = given
            changed = managed_settings.patch(parsed(planned), before, known, unseen=sure)
            if any(
                isinstance(one, dict) for key in changed for one in (changed[key], before.get(key))
            ):
                # The service replaces nested objects whole; what others set in them stays.
                live = (self.live(run, fresh=True) or {}).get(wire_name(item)) or {}
                basis = managed_settings.unmasked(live, before)
                changed = managed_settings.patch(parsed(planned), basis, known, unseen=sure)
            if changed:
                body[wire_name(item)] = changed
        return body

    def done(self, run: Run) -> Outcome:
        """What the state becomes: the plan, its unknowns filled from what the service answered."""
        if not is_known(run.planned) and not self.answers(run):
            fresh = self.live(run, fresh=True)
            run.live = {**run.live, **(fresh or {})}
        self.manage(run)
        return Outcome(fill(run.planned, values_of(run, self.catalog)), run.private, run.warnings)

    @staticmethod
    def answers(run: Run) -> bool:
        """Whether the answers so far hold everything that the plan left unknown."""
        return all(
            is_known(run.planned.get(name)) or name in run.values or wire_name(item) in run.live
            for name, item in run.kind.attributes.items()
        )

    @staticmethod
    def manage(run: Run) -> None:
        """Remember which paths of the settings the configuration manages, hashed."""
        for name, item in run.kind.attributes.items():
            text = run.config.get(name)
            if item.type == SETTINGS and isinstance(text, str):
                salt = run.private.setdefault("salt", managed_settings.new_salt())
                run.private["managed"] = managed_settings.managed(text, salt)

    def delete(self, name: str, prior: Mapping[str, Any], private: Any = None) -> None:
        """Delete an object; that it is gone already is success.

        Raises `NotVisibleError` where it is not found and nothing says that it is gone.
        """
        run = self.run(name, prior=prior, private=private)
        self.remember(run)
        self.remove(run)

    def remove(self, run: Run) -> None:
        """Send the delete of the object that `run` is about."""
        from segform.errors import NotFoundError

        about = run.about
        try:
            if about.attach:
                hook(about.attach).delete(run)
                gave_way(self, run)
            elif about.detach:
                hook(about.detach)(run)
            else:
                self._remove_one(run)
        except NotFoundError:
            self.sight.confirm(run)
        finally:
            self.forget(about)

    def _remove_one(self, run: Run) -> None:
        """Send the delete; a 404 is believed where the object's own read says so too.

        A service that is eventually consistent may not know for a moment what it has.
        """
        from segform.errors import NotFoundError

        operation = run.about.operations.delete or ""
        try:
            run.request(operation)
        except NotFoundError:
            if not run.about.operations.read or self.live(run, fresh=True) is None:
                raise
            run.request(operation)

    # Import and data sources

    def import_stub(self, name: str, text: str) -> tuple[dict[str, Any], dict[str, Any]]:
        """The state that an import starts from, and its private data. Raises `LookUpError`."""
        kind = registry()[name]
        values: dict[str, Any] = dict.fromkeys(kind.attributes)
        private: dict[str, Any] = {"importing": True}
        try:
            if kind.about.import_hook:
                known, more = hook(kind.about.import_hook)(text)
                private.update(more)
            else:
                known = parse_import_id(kind.about, text)
        except ValueError as problem:
            raise LookUpError(str(problem)) from None
        values.update(known)
        return values, private

    def import_known(
        self, name: str, identity: Mapping[str, Any]
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        """As `import_stub`, by the attributes of an identity. Raises `LookUpError`."""
        kind = registry()[name]
        about = kind.about
        missing = [one for one in about.identity if not identity.get(one)]
        if missing:
            words = about.words
            raise LookUpError(f"the identity of a {words} needs `{missing[0]}`")
        if about.import_hook:
            return self.import_stub(name, str(identity[about.identity[0]]))
        known = {one: str(identity[one]) for one in about.identity}
        if "id" in kind.attributes and "id" not in known:
            # What is known by something else is found by it too: an invitation by its address.
            known["id"] = known[about.identity[0]]
        return {**dict.fromkeys(kind.attributes), **known}, {"importing": True}

    def data(self, name: str, config: Mapping[str, Any]) -> dict[str, Any]:
        """The values of a data source. Raises `LookUpError` with the nearest names."""
        source = data_sources()[name]
        if source.about.lists:
            from .lists import listed, searched

            if source.about.lists not in registry():
                entries = self.catalog.entries(source.about.lists)
                return dict(searched(entries, source, config))
            found: dict[str, Any] = listed(self.reader, self.client, source, config)
            return found
        if source.about.collection:
            return self._shown(source, self._entry(name, config), config)
        return self._shown(source, self._object(source, config), config)

    def _object(self, source: type[DataSource], config: Mapping[str, Any]) -> dict[str, Any]:
        from segform.errors import NotFoundError

        about = source.about
        path = {parameter: config[name] for parameter, name in about.path.items()}
        try:
            data = self.client.request(about.operations.read or "", path=path)
        except NotFoundError:
            words = about.words
            wanted = " ".join(map(short, path.values()))
            raise LookUpError(f"the workspace has no {words} with the id {wanted}") from None
        found = shaped(about, data[about.envelope])
        return hook(about.complete)(self.client, found, data) if about.complete else found

    def _shown(
        self, source: type[DataSource], raw: Mapping[str, Any], config: Mapping[str, Any]
    ) -> dict[str, Any]:
        """All attributes of a data source; what was given stays as it was given."""
        found: dict[str, Any] = {}
        for name, item in source.attributes.items():
            given, value = config.get(name), raw.get(wire_name(item))
            if given is not None and given is not UNKNOWN:
                found[name] = given
            elif item.flat and isinstance(item.type, Nested):
                found[name] = self.catalog.facts(item.type, value)
            else:
                found[name] = from_api(item.type, value)
        return found

    def _entry(self, name: str, config: Mapping[str, Any]) -> dict[str, Any]:
        field = next(f for f in ("id", "slug", "name") if config.get(f) is not None)
        text = str(config[field])
        if field == "id":
            entry = self.catalog.entry(name, text)
            found = [entry] if entry else []
        else:
            found = self.catalog.find(name, **{field: text})
        if len(found) == 1:
            return found[0]
        if found:
            ids = ", ".join(str(entry["id"]) for entry in found)
            raise LookUpError(
                f"{len(found)} entries have the {field} {short(text)}; use an id: {ids}"
            )
        raise LookUpError(f"no entry has the {field} {short(text)}{self.suggestion(name, text)}")

    def suggestion(self, name: str, text: str) -> str:
        """`; nearest: …` for a catalogue id, slug or name that is not there, else nothing."""
        near = [
            f"{entry['slug']} ({entry['name']}), id {entry['id']}"
            if entry.get("slug")
            else f"{entry['name']}, id {entry['id']}"
            for entry in self.catalog.nearest(name, text)
        ]
        return f"; nearest: {'; '.join(near)}" if near else ""


@lru_cache(maxsize=64)
def _children(name: str) -> tuple[Kind, ...]:
    """The kinds whose objects refer to one of this kind."""
    return tuple(
        kind.about
        for kind in registry().values()
        if any(item.reference == name for item in kind.attributes.values())
    )
