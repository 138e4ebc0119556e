"""Resource names of the legacy Config API: `workspaces/W/sources/S` and what hangs below it.

A name is the identifier of an object and its address. Sources and destinations go by their slugs
(a destination's is that of its catalogue entry), tracking plans by an id that starts with `rs_`.
No I/O.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from segform.errors import ConfigurationError

# Kind -> the collections on the way to it. `catalog` and `schema-config` are fixed words.
_SHAPES: Final[dict[str, tuple[str, ...]]] = {
    "workspace": ("workspaces",),
    "source": ("workspaces", "sources"),
    "destination": ("workspaces", "sources", "destinations"),
    "option": ("workspaces", "sources", "destinations", "config"),
    "destination filter": ("workspaces", "sources", "destinations", "filters"),
    "tracking plan": ("workspaces", "tracking-plans"),
    "function": ("workspaces", "functions"),
    "regulation": ("workspaces", "regulations"),
    "catalog source": ("catalog/sources",),
    "catalog destination": ("catalog/destinations",),
}
_KINDS: Final = {shape: kind for kind, shape in _SHAPES.items()}
# Kinds whose last part alone names them within a workspace.
_PLAIN: Final = {
    "source": "sources",
    "tracking plan": "tracking-plans",
    "function": "functions",
    "regulation": "regulations",
}
KINDS: Final = tuple(_SHAPES)


class Name(NamedTuple):
    """A resource name taken apart; `str(name)` puts it together again.

    * `kind`: one of `KINDS`, such as `destination`;
    * `parts`: what the user or Segment chose, outermost first: `("acme", "js", "amplitude")`.
    """

    kind: str
    parts: tuple[str, ...]

    @property
    def last(self) -> str:
        """The slug or id of the object itself."""
        return self.parts[-1]

    @property
    def parent(self) -> Name | None:
        """The name one step up; None for a workspace and for what the catalogue holds."""
        shape = _SHAPES[self.kind][:-1]
        return Name(_KINDS[shape], self.parts[:-1]) if shape else None

    @property
    def workspace(self) -> str | None:
        """The slug of the workspace; None for what the catalogue holds."""
        return self.parts[0] if _SHAPES[self.kind][0] == "workspaces" else None

    def __str__(self) -> str:
        shape = _SHAPES[self.kind]
        return "/".join(f"{word}/{part}" for word, part in zip(shape, self.parts, strict=True))


def build(kind: str, *parts: str) -> str:
    """The name of an object; raises ConfigurationError for a part that no name can hold."""
    shape = _SHAPES.get(kind)
    if shape is None:
        raise ConfigurationError(f"{kind!r} is no kind of legacy resource: {', '.join(KINDS)}.")
    if len(parts) != len(shape):
        raise ConfigurationError(
            f"The legacy name of a {kind} has {len(shape)} part(s), {form(kind)}; got {len(parts)}."
        )
    for part in parts:
        problem = _problem(part)
        if problem:
            raise ConfigurationError(
                f"{part!r} {problem}, so it cannot be part of the legacy name {form(kind)}."
            )
    return str(Name(kind, parts))


def _problem(part: object) -> str:
    if not isinstance(part, str):
        return "is not text"
    if not part:
        return "is empty"
    if part in (".", ".."):
        return "is a step in a path"
    if "/" in part:
        return "has a slash"
    if not part.isprintable() or part != part.strip():
        return "has blanks at its ends or characters that cannot be shown"
    return ""


def workspace(slug: str) -> str:
    """`workspaces/W`."""
    return build("workspace", slug)


def source(workspace: str, slug: str) -> str:
    """`workspaces/W/sources/S`."""
    return build("source", workspace, slug)


def destination(workspace: str, source: str, slug: str) -> str:
    """`workspaces/W/sources/S/destinations/D`; `slug`: that of the catalogue's destination."""
    return build("destination", workspace, source, slug)


def option(destination: str, key: str) -> str:
    """The name of one option of a destination, below the destination's own name."""
    return build("option", *parse(destination, "destination").parts, key)


def tracking_plan(workspace: str, plan_id: str) -> str:
    """`workspaces/W/tracking-plans/rs_…`."""
    return build("tracking plan", workspace, plan_id)


def catalog_source(slug: str) -> str:
    """`catalog/sources/S`, the `catalog_name` of a source."""
    return build("catalog source", slug)


def catalog_destination(slug: str) -> str:
    """`catalog/destinations/D`."""
    return build("catalog destination", slug)


def form(kind: str) -> str:
    """How names of a kind look, for messages."""
    return "/".join(f"{word}/…" for word in _SHAPES[kind])


def parse(text: str, kind: str | None = None) -> Name:
    """Take a full name apart; with `kind`, one of that kind only.

    Raises ConfigurationError that says how the name is written.
    """
    found = _read(text)
    if found is None:
        known = form(kind) if kind else ", ".join(form(one) for one in KINDS)
        raise ConfigurationError(f"{text!r} is no legacy resource name; it looks like {known}.")
    if kind is not None and found.kind != kind:
        raise ConfigurationError(
            f"{text!r} is the legacy name of a {found.kind}; a {kind} is {form(kind)}."
        )
    return found


def _read(text: object) -> Name | None:
    if not isinstance(text, str):
        return None
    words = text.split("/")
    if words[6:9:2] == ["config", "filters"]:
        # The service has been seen to name filters so; their address is without it.
        del words[6:8]
    if words[0] == "catalog" and len(words) > 1:
        words = [f"catalog/{words[1]}", *words[2:]]
    kind = _KINDS.get(tuple(words[::2]))
    parts = tuple(words[1::2])
    if kind is None or len(parts) * 2 != len(words) or any(map(_problem, parts)):
        return None
    return Name(kind, parts)


def resolve(text: str, kind: str, workspace: str | None) -> Name:
    """A name as users write it, in full.

    * `text`: the full name; or, where a workspace is given, what follows it (`sources/js`); or
      the slug or id alone, where that is enough: a source, a plan, a function, a regulation;
    * `workspace`: the slug of the client's own workspace, or None.

    Raises ConfigurationError for a name of another kind or of another workspace.
    """
    full = text
    if _is_short(text):
        catalogued = kind.startswith("catalog ")
        full = build(kind, text) if catalogued else _below(text, kind, workspace)
    found = parse(full, kind)
    if workspace is not None and found.workspace not in (None, workspace):
        raise ConfigurationError(
            f"{text!r} is in another workspace than this legacy client's {workspace!r}; nothing "
            "was sent. Make a client for that workspace."
        )
    return found


def _is_short(text: object) -> bool:
    return isinstance(text, str) and not text.startswith(("workspaces/", "catalog/"))


def _below(text: str, kind: str, workspace: str | None) -> str:
    if workspace is None:
        raise ConfigurationError(
            f"{text!r} does not say its workspace: write {form(kind)}, or make the legacy client "
            "with `workspace`."
        )
    if kind == "workspace":
        return build(kind, text)
    if "/" not in text and kind in _PLAIN:
        return build(kind, workspace, text)
    return f"workspaces/{workspace}/{text}"
