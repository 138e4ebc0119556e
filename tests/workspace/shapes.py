"""Plans of any size in the shapes that people have: what is wanted, and what is there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from segform.resources import registry
from segform.workspace import Desired, Ref
from segform.workspace.live import Found, Live

_JAVASCRIPT, _WEBHOOK = "IqDTy1TpoU", "614a3c7d791c91c41bae7599"


class Shape:
    """What is wanted, and what is there; built by the functions below."""

    def __init__(self) -> None:
        self.wanted, self.live = Desired(), Live()
        self.live.objects = {name: {} for name in registry()}

    def source(self, name: str, *labels: str) -> Ref:
        """Want a source."""
        held = [{"key": "team", "value": one} for one in labels]
        values = {"slug": name, "enabled": True, "settings": {}, "metadata": {"id": _JAVASCRIPT}}
        self.wanted.declare(f"source.{name}", {**values, "labels": held or None})
        return Ref(f"source.{name}")

    def destination(self, name: str, source: Ref) -> Ref:
        """Want a destination."""
        values = {"name": name, "enabled": True, "source_id": source, "settings": {}}
        self.wanted.declare(f"destination.{name}", {**values, "metadata": {"id": _WEBHOOK}})
        return Ref(f"destination.{name}")

    def filter(self, name: str, source: Ref | str, destination: Ref | str) -> None:
        """Want a filter."""
        values = {
            "title": name,
            "enabled": True,
            "if": 'type = "page"',
            "actions": [{"type": "DROP"}],
        }
        ends = {"source_id": source, "destination_id": destination}
        self.wanted.declare(f"destination_filter.{name}", {**values, **ends})

    def label(self, value: str) -> None:
        """Want a label."""
        self.wanted.declare(f"label.{value}", {"key": "team", "value": value})

    def there(self, kind: str, own: str, **values: Any) -> None:
        """Put an object where the workspace has it."""
        every = dict.fromkeys(registry()[kind].attributes)
        above = f"{values['destination_id']}:" if kind == "destination_filter" else ""
        made = Found(kind, f"{above}{own}", {**every, "id": own, "enabled": True, **values}, {})
        self.live.objects[kind][made.id] = made


def creations(made: Shape, size: int) -> None:
    """Everything is made, with its references."""
    for number in range(size // 3):
        source = made.source(f"s{number}")
        made.filter(f"f{number}", source, made.destination(f"d{number}", source))


def deletions(made: Shape, size: int) -> None:
    """Everything goes: destinations through which events flow, with their filters."""
    for number in range(size // 3):
        ends = {"source_id": f"S{number}", "destination_id": f"D{number}"}
        made.there("source", f"S{number}", slug=f"gone{number}")
        made.there("destination", f"D{number}", name=f"gone{number}", source_id=f"S{number}")
        made.there("destination_filter", f"F{number}", title=f"gone{number}", **ends)
    made.wanted.widen(["source", "destination", "destination_filter"])


def unchanged(made: Shape, size: int) -> None:
    """Half is there already, as it is wanted; the other half is made."""
    for number in range(size):
        made.label(f"v{number}")
        if number % 2:
            values = {"key": "team", "value": f"v{number}", "description": None}
            made.live.add(Found("label", f"team:v{number}", values, {}))


def both(made: Shape, size: int) -> None:
    """Half is made, and half of it goes."""
    creations(made, size // 2)
    deletions(made, size // 2)


def filters_of_one_source(made: Shape, size: int) -> None:
    """One source where events flow, and a new destination with all the filters."""
    made.there("source", "S", slug="s", settings="{}", metadata={"id": _JAVASCRIPT})
    source = made.source("s")
    destination = made.destination("d", source)
    for number in range(size):
        made.filter(f"f{number}", source, destination)


def filters_that_go(made: Shape, size: int) -> None:
    """One destination that goes, and all its filters with it."""
    made.there("source", "S", slug="s")
    made.there("destination", "D", name="d", source_id="S")
    for number in range(size):
        ends = {"source_id": "S", "destination_id": "D"}
        made.there("destination_filter", f"F{number}", title=f"f{number}", **ends)
    made.wanted.widen(["destination", "destination_filter"])


def sources_with_one_label(made: Shape, size: int) -> None:
    """All sources have one label, which is made with them."""
    made.label("web")
    for number in range(size):
        made.source(f"s{number}", "web")


def sources_with_a_label_each(made: Shape, size: int) -> None:
    """Each source has a label of its own."""
    for number in range(size // 2):
        made.label(f"v{number}")
        made.source(f"s{number}", f"v{number}")


def filters_by_ids(made: Shape, size: int) -> None:
    """Filters name by its id what others manage, beside sources and destinations that are made."""
    made.there("source", "S", slug="theirs")
    made.there("destination", "D", name="theirs", source_id="S")
    for number in range(size // 3):
        made.destination(f"d{number}", made.source(f"s{number}"))
        made.filter(f"f{number}", "S", "D")


def chain(made: Shape, size: int) -> None:
    """Each has its name of the one before it."""
    for number in range(size):
        values = {"slug": f"s{number}", "enabled": True, "settings": {}}
        name = Ref(f"source.s{number - 1}", "slug") if number else None
        more = {"name": name, "metadata": {"id": _JAVASCRIPT}}
        made.wanted.declare(f"source.s{number}", {**values, **more})


def functions(made: Shape, size: int) -> None:
    """Functions that are there, with what the service appends to their names."""
    for number in range(size):
        values = {"display_name": f"f{number}", "resource_type": "DESTINATION", "code": "new"}
        made.wanted.declare(f"function.f{number}", values)
        there = {**values, "display_name": f"f{number} (shop)", "code": "old"}
        made.there("function", f"F{number}", **there)


SHAPES: list[Callable[[Shape, int], None]] = [
    creations,
    deletions,
    both,
    filters_of_one_source,
    filters_that_go,
    sources_with_one_label,
    sources_with_a_label_each,
    filters_by_ids,
    chain,
    functions,
]


def shaped(build: Callable[[Shape, int], None], size: int) -> Shape:
    """A shape of about this many changes."""
    made = Shape()
    build(made, size)
    return made
