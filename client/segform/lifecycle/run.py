"""One create, update or read on its way: what a kind's hooks are given to work with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

from segform.resources.definition import Resource
from segform.resources.values import UNKNOWN

from .catalog import Requests

if TYPE_CHECKING:
    from .reading import Reader


class Run:
    """What a hook sees and may change.

    * `kind`: the class that defines the kind; `client`: sends requests by operation id.
    * `config`: values of the configuration (empty for reads), `prior`: values of the state (None
      on create), `planned`: values that apply has to reach.
    * `live`: the API's object as last answered; hooks replace it when they learn more.
    * `values`: attributes that a hook found out by itself, in the form of the state.
    * `private`: what the state remembers beside the attributes; `importing`: nothing is known of
      the object but its id, so everything has to be read.
    * `steps`: follow-ups that are not done yet, by the words in which people are told.
    """

    def __init__(
        self,
        kind: type[Resource],
        client: Requests,
        *,
        config: Mapping[str, Any] | None = None,
        prior: Mapping[str, Any] | None = None,
        planned: Mapping[str, Any] | None = None,
        private: Mapping[str, Any] | None = None,
        reader: Reader | None = None,
    ) -> None:
        self.kind = kind
        self.about = kind.about
        self.client = client
        # Reads shared within the process; what has none of its own reads by itself.
        self.reader = reader
        self.config = dict(config or {})
        self.prior = None if prior is None else dict(prior)
        self.planned = dict(planned or {})
        self.private = dict(private or {})
        self.live: dict[str, Any] = {}
        self.values: dict[str, Any] = {}
        self.warnings: list[tuple[str, str]] = []
        self.steps: list[str] = []
        self.adopted = False
        # Entry of the journal that a create of this run made.
        self.intent: str | None = None
        self.importing = False
        # Whether the object is known to be of the token's workspace.
        self.here = False

    def planned_value(self, name: str) -> Any:
        """A planned value where it is known, else None."""
        value = self.planned.get(name)
        return None if value is UNKNOWN else value

    def changed(self, name: str) -> bool:
        """Whether apply has to write this attribute: always on create, else where it differs."""
        value = self.planned.get(name)
        if value is UNKNOWN or value is None:
            return False
        return self.prior is None or value != self.prior.get(name)

    def path(self) -> dict[str, Any]:
        """Parameters of the object's own path, from what the service answered, else from us."""
        return path_of(self.about.path, self.live, self.planned, self.prior or {})

    def request(
        self,
        operation: str,
        *,
        path: dict[str, Any] | None = None,
        query: dict[str, Any] | None = None,
        body: Any = None,
    ) -> dict[str, Any]:
        """Send one operation; without `path`, to the object itself."""
        return self.client.request(
            operation, path=self.path() if path is None else path, query=query, body=body
        )

    def pages(self, operation: str, *, path: dict[str, Any] | None = None) -> list[dict[str, Any]]:
        """All items of a list operation; without `path`, of the object itself."""
        if path is None and self.reader is not None:
            begun = self.reader.go_on(self, operation)
            if begun is not None:
                return begun
        pages = self.client.pages(operation, path=self.path() if path is None else path)
        return [item for page in pages for item in page]

    @contextmanager
    def step(self, words: str) -> Iterator[None]:
        """A follow-up; when it fails its words stay in `steps`."""
        self.steps.append(words)
        yield
        self.steps.remove(words)


def path_of(parameters: Mapping[str, str], *sources: Mapping[str, Any]) -> dict[str, Any]:
    """Path parameters from the first source that has each attribute."""
    found: dict[str, Any] = {}
    for parameter, name in parameters.items():
        for source in sources:
            value = source.get(name)
            if value is not None and value is not UNKNOWN:
                found[parameter] = value
                break
    return found


class Outcome(NamedTuple):
    """What became of an object: its values, what to remember beside them, and warnings."""

    values: dict[str, Any]
    private: dict[str, Any]
    warnings: list[tuple[str, str]]

    def __repr__(self) -> str:
        # The values are those that were planned, secrets among them.
        return f"Outcome({self.values.get('id')!r})"
