"""Whether what is not found is gone, or only out of the token's sight.

A role can be limited to labels or to single sources, warehouses, spaces and functions. Such a token
gets shorter lists, and may get a 404 for what it does not see: the API names no status for that,
and tells nobody what a token may see. So an object that a state or the bindings know counts as
gone only on evidence, which costs a request where something is missing and none where it is not:

* this very token saw it before (`private["seen_by"]`), or made it in this process;
* what it hangs below is seen: a role reaches what is below a source as far as the source;
* no role is limited to single objects of its kind, and the workspace is known to be the right one;
* the audit trail says that it was deleted.

Otherwise `NotVisibleError`, and nothing is planned of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from segform.errors import APIStatusError, NotVisibleError, PermissionDeniedError
from segform.resources import registry
from segform.resources.definition import Kind, Resource

from .collections import Collection
from .keys import import_id_of, key_parts
from .reading import Reader
from .run import Run

if TYPE_CHECKING:
    from .service import Lifecycle

_SEEN_BY = "seen_by"
# Of the name of an event, what says that its object is gone.
_ENDINGS = ("delet", "remov")


class Sight:
    """What the token of a lifecycle is known to see. Safe to use from many threads."""

    def __init__(self, life: Lifecycle) -> None:
        self._life = life
        self._mark = ""
        # A trail that was refused once is not asked again.
        self._trail = True
        self._told: dict[str, bool] = {}
        # Ids of what is gone for sure.
        self._ended: set[str] = set()

    @property
    def mark(self) -> str:
        """A word for the token, which says nothing of it; the same for the same token."""
        if not self._mark:
            self._mark = str(self._life.client.mark("segform sight"))[:16]
        return self._mark

    def saw(self, run: Run) -> None:
        """Remember beside the object that this token has seen it."""
        run.private[_SEEN_BY] = self.mark

    def confirm(self, run: Run) -> None:
        """Return where the object of `run` is gone for sure; raise `NotVisibleError` else."""
        own = run.live.get("id", (run.prior or {}).get("id"))
        values = {**(run.prior or {}), "id": own}
        sure = run.private.get(_SEEN_BY) == self.mark or own in self._life.created
        if not sure and not self._gone(run.kind, values, here=run.here):
            raise self._unsure(run)
        if isinstance(own, str):
            # What hung below it is gone as well.
            self._ended.add(own)

    def _gone(self, kind: type[Resource], values: Mapping[str, Any], *, here: bool) -> bool:
        """Whether there is evidence that an object which is not found is gone."""
        about = kind.about
        if about.above:
            seen = values.get(about.path[about.scope[0]]) in self._unmanaged(about)
            fates = ["seen" if seen else ""]
        else:
            fates = [self._fate(kinds, values.get(name), here=here) for name, kinds in _above(kind)]
        if fates:
            if "gone" in fates or set(fates) == {"seen"}:
                return True
        elif here and not about.limited:
            return True
        return self._deleted(values.get("id"))

    def _fate(self, kinds: tuple[str, ...], wanted: Any, *, here: bool) -> str:
        """What became of an object that others hang below: `seen`, `gone`, or empty: unknown."""
        if not isinstance(wanted, str):
            return ""
        if wanted in self._ended:
            return "gone"
        for kind in (registry()[name] for name in kinds):
            prior = {**dict.fromkeys(kind.attributes), "id": wanted}
            if self._life.reader.read(Run(kind, self._life.client, prior=prior)) is not None:
                return "seen"
        alone = len(kinds) == 1 and self._gone(registry()[kinds[0]], {"id": wanted}, here=here)
        return "gone" if alone or self._deleted(wanted) else ""

    def _unmanaged(self, about: Kind) -> set[str]:
        """Ids of what an object hangs below and no kind manages."""
        operation, family = about.above or ("", "")

        def every() -> list[dict[str, Any]]:
            return [one for page in self._life.client.pages(operation) for one in page]

        shared = self._life.reader.shared((family,), lambda: Collection(every, _id))
        return {_id(one) for one in shared.all()}

    def _deleted(self, wanted: Any) -> bool:
        """Whether the audit trail says that an object was deleted. Op.: `listAuditEvents`."""
        if not isinstance(wanted, str) or not self._trail:
            return False
        known = self._told.get(wanted)
        if known is None:
            known = self._told[wanted] = self._asked(wanted)
        return known

    def _asked(self, wanted: str) -> bool:
        try:
            pages = self._life.client.pages("listAuditEvents", query={"resourceId": wanted})
            newest: list[dict[str, Any]] = next(iter(pages), [])
        except APIStatusError:
            self._trail = False
            return False
        return any(_ends(one, wanted) for one in newest)

    def _unsure(self, run: Run) -> NotVisibleError:
        values = run.prior or {}
        words = run.about.words
        known = import_id_of(run.kind, values)
        whose = " The state does not say of which workspace it is: see that the token is of that."
        return NotVisibleError(
            f"This token does not find the {words} {named(run.kind, values)}, and nothing says "
            "that it was deleted: "
            "neither has this token seen it before, nor does the audit trail tell it that. Roles "
            "can be limited to labels and to single sources, warehouses, spaces and functions, and "
            "then lists are only shorter. So it is taken neither for gone nor for yet to be made, "
            "and nothing was changed. Use a token that sees it, such as one of a Workspace Owner."
            + ("" if run.here else whose),
            kind=run.about.name,
            object_id=known,
        )


def named(kind: type[Resource], values: Mapping[str, Any]) -> str:
    """An object by its key and its import id, for people."""
    known = import_id_of(kind, values)
    key = "/".join(str(part) for part in key_parts(kind.about, values) if part is not None)
    return f"{key!r} ({known})" if key and key != known else repr(known)


def _above(kind: type[Resource]) -> list[tuple[str, tuple[str, ...]]]:
    """What objects of a kind hang below: the attribute that names it, and the kinds it may be."""
    return [
        (name, (item.reference,) if item.reference else item.either)
        for name, item in kind.attributes.items()
        if item.required and (item.reference or item.either)
    ]


def _id(one: Mapping[str, Any]) -> str:
    return str(one["id"])


def _ends(event: Mapping[str, Any], wanted: str) -> bool:
    words = str(event.get("type", "")).casefold()
    return event.get("resourceId") == wanted and any(end in words for end in _ENDINGS)


def sees_all(run: Run, name: str) -> bool:
    """Whether the token seems to see all objects of a kind, so that none that it lacks counts.

    It does where it sees some and they have no label in common: a role that is limited to a label
    sees what has it. One that is limited to single sources cannot be told. Operation: the list.
    """
    kind = registry()[name]
    reader = run.reader or Reader(run.client)
    try:
        found = reader.siblings(Run(kind, run.client, reader=reader))
    except PermissionDeniedError:
        return False
    labels = [
        {(label.get("key"), label.get("value")) for label in one.get("labels") or ()}
        for one in found
    ]
    return bool(labels) and not set.intersection(*labels)
