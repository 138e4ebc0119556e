"""What cannot be done through the legacy Config API, and which call of the Public API does it."""

from __future__ import annotations

from typing import Final, NoReturn

from segform.errors import ConfigurationError


class NotInConfigAPI(ConfigurationError):
    """Asked of the legacy Config API what it has no public address for; nothing was sent.

    * `instead`: what to call on `segform.Segment`, or empty where the Public API has nothing
      either.
    """

    def __init__(self, message: str, *, instead: str) -> None:
        super().__init__(message)
        self.instead = instead


# Service -> method -> the call of the Public API; `*` for every other method, empty for none.
INSTEAD: Final[dict[str, dict[str, str]]] = {
    "warehouses": {
        "list": "warehouses.list",
        "get": "warehouses.get",
        "create": "warehouses.create",
        "update": "warehouses.update",
        "delete": "warehouses.delete",
        "*": "warehouses",
    },
    "delivery_metrics": {"*": "destinations.delivery_metrics.get"},
    "regulations": {"create": "deletion_and_suppression.create", "*": ""},
    "suppressed_users": {"*": "deletion_and_suppression.suppressions.list"},
    "access_tokens": {"*": ""},
    "workspaces": {"*": ""},
    "sources": {"update": "sources.update"},
    "destination_filters": {
        "create": "destination_filters.create",
        "update": "destination_filters.update",
        "delete": "destination_filters.delete",
    },
    "functions": {
        "create": "functions.create",
        "update": "functions.update",
        "delete": "functions.delete",
    },
    "users": {
        "create": "users.invites.create",
        "update": "users.permissions.replace",
        "delete": "users.delete",
    },
    "invites": {"create": "users.invites.create", "delete": "users.invites.delete", "*": ""},
    "roles": {"*": ""},
    "policies": {"*": "users.permissions.replace"},
}


def refuse(service: str, method: str) -> NoReturn:
    """Raise NotInConfigAPI for a method of a service."""
    calls = INSTEAD.get(service, {})
    call = calls.get(method, calls.get("*", service))
    instead = f"segform.Segment().{call}" if call else ""
    mend = f"Call {instead} of the Public API." if instead else "The Public API has none either."
    raise NotInConfigAPI(
        f"`{service}.{method}` has no counterpart in what is public of the legacy Config API; "
        f"nothing was sent. {mend}",
        instead=instead,
    )


class Elsewhere:
    """A service that the legacy Config API has no public address for; every call says so."""

    __slots__ = ("_service",)

    def __init__(self, service: str) -> None:
        self._service = service

    def __getattr__(self, method: str) -> Refusal:
        if method.startswith("__"):
            raise AttributeError(method)
        return Refusal(self._service, method)

    def __repr__(self) -> str:
        return f"Elsewhere({self._service!r})"


class Refusal:
    """A method that only says what to call instead."""

    __slots__ = ("_method", "_service")

    def __init__(self, service: str, method: str) -> None:
        self._service = service
        self._method = method

    def __call__(self, *_: object, **__: object) -> NoReturn:
        refuse(self._service, self._method)

    def __getattr__(self, method: str) -> Refusal:
        if method.startswith("__"):
            raise AttributeError(method)
        return Refusal(self._service, f"{self._method}.{method}")


class ReadOnly:
    """For families that are read but not written here: their writes say what to call instead."""

    __slots__ = ()
    _service: str

    def create(self, *_: object, **__: object) -> NoReturn:
        """Not here: raises NotInConfigAPI, which names the call of the Public API."""
        refuse(self._service, "create")

    def update(self, *_: object, **__: object) -> NoReturn:
        """Not here: raises NotInConfigAPI, which names the call of the Public API."""
        refuse(self._service, "update")

    def delete(self, *_: object, **__: object) -> NoReturn:
        """Not here: raises NotInConfigAPI, which names the call of the Public API."""
        refuse(self._service, "delete")
