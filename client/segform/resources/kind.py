"""What is true of a kind as a whole: its operations, key, hooks and checks (`Kind`)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from .parts import Check, Operations


class Kind:
    """What is true of a whole kind.

    * `name`: that of Terraform's type without `segment_`; `summary`: its description everywhere.
    * `operations`, and `envelope`: the key of the object in the answer's `data`; `created` where a
      create's answer has another one; `collection`: the key of the list.
    * `wrap`, `wrap_update`: the key below which those bodies have to be.
    * `path`: parameter of the API's paths -> attribute.
    * `import_id`: the official provider's form, attribute names in braces.
    * `import_forms`: where an import has several forms, what follows the id: by the attribute that
      is given; by "" where none of them is.
    * `identity`: the attributes that tell an object from all others for ever (default: those of
      `import_id`).
    * `key`: the attributes by which people know the object; `key_unique`: the service refuses a
      second object with the same key, so a create need not look first.
    * `exclusive`: the attributes that two objects cannot share (default: a unique key).
    * `scope`: the path parameters (all of `path` but the object's own) of the list operation;
      `query`: what its query needs, parameter -> attribute.
    * `list_fields`: attributes that the list form has; empty when it is as rich as the single one.
      A thin list serves to look for objects, never to read them.
    * `confirm_by_list`: no operation reads one, so that absence is confirmed by a second list.
    * `checks`: what is looked at while it is planned, by the configuration alone or live.
    * `above`: where objects hang below what is no managed kind: the operation that lists those, and
      what a snapshot calls them.
    * `childless`: an attribute of what objects are listed below, and the values with which that has
      none of this kind: their lists are not asked for.
    * `limited`: a role can be limited to single objects of the kind, or to those with a label.
    * `resend`: attributes that the service wants in every update, whatever changes.
    * `omits`: settings that the service takes and never shows again.
    * `extra_create`: facts of the create body that no attribute carries.
    * `guard`: the consequence of deleting or replacing an object, in words; `guard_when` names a
      function that decides for one object (default: always): true, false, or a text that says why
      it cannot be told.
    * `protected`: the guard stops deletions and replacements unless a workspace says otherwise.
    * `worth`: undoing a half-done create would destroy something that cannot be made again.
    * `adopt`: private data with which an object is read that nobody has declared yet.
    * `lists`: of a data source of many objects, the kind that it lists.
    * `official`: whether Segment's own provider has it (no list is there).
    * `synced`: whether Segment's Git Sync writes files of it.
    * `family`: where a snapshot has its objects; `open_family`: those whose id is still their key.
    * `fold`, `unfold`: hooks that bring an object into a snapshot's form, and back.
    * `catalog`: which catalogue its entry is of; `below`: the attribute with the parent that the
      entry has to go with; `action_of`: the attribute with the object whose entry has its action.
    * `remains`: a hook over all objects of the kinds that name it: what must not be left without.
    * `switch`: the attribute that says whether it is at work; events flow through what has one and
      `restrains` nothing. `restrains`: the attributes with what is let through less because of it,
      the narrowest first.
    * `once`, `each`: operations that a reading of all objects sends once beside the list, and for
      each object.
    * `links`: the two attributes of a kind whose objects are links; a snapshot has the id of what
      the first one names in a list of what the second one names.
    * `part_of`: an object of this kind is a part of another's: that kind, and the attribute in
      which it has the part too.
    * hooks, each `"module:function"`: `plan` (pure adjustment of a planned state), `finish`
      (idempotent follow-ups of create and update), `complete` (what Read needs beyond the object),
      `shape` (the API's object as the definition has it), `send` (the body of a create), `reads`
      (the collection, where it is not one list and one read), `detach` (the delete, where it is
      not one plain call), `attach` for kinds that are no object of their own, `import_hook`
      (import ids with a meaning of their own).
    """

    __slots__ = (
        "above",
        "action_of",
        "adopt",
        "attach",
        "below",
        "catalog",
        "checks",
        "childless",
        "collection",
        "complete",
        "confirm_by_list",
        "created",
        "detach",
        "each",
        "envelope",
        "exclusive",
        "extra_create",
        "family",
        "finish",
        "fold",
        "guard",
        "guard_when",
        "identity",
        "import_forms",
        "import_hook",
        "import_id",
        "key",
        "key_unique",
        "limited",
        "links",
        "list_fields",
        "lists",
        "name",
        "official",
        "omits",
        "once",
        "open_family",
        "operations",
        "part_of",
        "path",
        "plan",
        "protected",
        "query",
        "reads",
        "remains",
        "resend",
        "restrains",
        "scope",
        "send",
        "shape",
        "summary",
        "switch",
        "synced",
        "unfold",
        "worth",
        "wrap",
        "wrap_update",
    )

    def __init__(
        self,
        name: str,
        summary: str,
        *,
        operations: Operations,
        envelope: str = "",
        collection: str = "",
        path: Mapping[str, str] | None = None,
        scope: tuple[str, ...] = (),
        above: tuple[str, str] | None = None,
        childless: tuple[str, tuple[str, ...]] | tuple[()] = (),
        import_id: str = "{id}",
        identity: tuple[str, ...] = (),
        key: tuple[str, ...] = (),
        key_unique: bool = False,
        exclusive: tuple[str, ...] = (),
        list_fields: tuple[str, ...] = (),
        extra_create: Mapping[str, Any] | None = None,
        wrap: str = "",
        wrap_update: str = "",
        created: str = "",
        query: Mapping[str, str] | None = None,
        limited: bool = False,
        resend: tuple[str, ...] = (),
        omits: tuple[str, ...] = (),
        confirm_by_list: bool = False,
        guard: str = "",
        guard_when: str = "",
        protected: bool = False,
        worth: bool = False,
        checks: tuple[Check, ...] = (),
        plan: str = "",
        finish: str = "",
        complete: str = "",
        attach: str = "",
        detach: str = "",
        shape: str = "",
        send: str = "",
        reads: str = "",
        lists: str = "",
        official: bool = True,
        part_of: tuple[str, str] | None = None,
        links: tuple[str, str] | tuple[()] = (),
        family: str = "",
        open_family: str = "",
        fold: str = "",
        unfold: str = "",
        catalog: str = "",
        below: str = "",
        action_of: str = "",
        remains: str = "",
        switch: str = "",
        synced: bool = True,
        restrains: tuple[str, ...] = (),
        once: tuple[str, ...] = (),
        each: tuple[str, ...] = (),
        adopt: Mapping[str, Any] | None = None,
        import_hook: str = "",
        import_forms: Mapping[str, str] | None = None,
    ) -> None:
        self.name = name
        self.summary = summary
        self.operations = operations
        self.envelope = envelope
        self.collection = collection
        self.path = dict(path or {})
        self.scope = scope
        self.above = above
        self.childless = childless
        self.import_id = import_id
        self.identity = identity or tuple(re.findall(r"\{(\w+)\}", import_id))
        self.key = key
        self.key_unique = key_unique
        self.exclusive = exclusive or (key if key_unique else ())
        self.list_fields = list_fields
        self.extra_create = dict(extra_create or {})
        self.wrap = wrap
        self.wrap_update = wrap_update
        self.created = created or envelope
        self.query = dict(query or {})
        self.limited = limited
        self.resend = resend
        self.omits = omits
        self.confirm_by_list = confirm_by_list
        self.guard = guard
        self.guard_when = guard_when
        self.protected = protected
        self.worth = worth
        self.checks = checks
        self.plan = plan
        self.finish = finish
        self.complete = complete
        self.attach = attach
        self.detach = detach
        self.shape = shape
        self.send = send
        self.reads = reads
        self.lists = lists
        self.official = official and not lists
        self.part_of = part_of
        self.links = links
        self.family = family
        self.open_family = open_family
        self.fold = fold
        self.unfold = unfold
        self.catalog = catalog
        self.below = below
        self.action_of = action_of
        self.remains = remains
        self.switch = switch
        self.synced = synced and official
        self.restrains = restrains
        self.once = once
        self.each = each
        self.adopt = dict(adopt or {})
        self.import_hook = import_hook
        self.import_forms = dict(import_forms or {})

    @property
    def words(self) -> str:
        """What it is called in sentences: `tracking plan`."""
        return self.name.replace("_", " ")
