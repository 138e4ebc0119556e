"""What can go wrong, as one tree of exceptions; standard library only.

    SegformError
    ├─ ConfigurationError            no token, two tokens that differ, a url we refuse
    ├─ ReadOnlyError                 a write was asked of a read-only client; nothing was sent
    ├─ BulkError                     some of many calls failed; holds what each gave
    ├─ WorkspaceMismatchError        the token belongs to another workspace than the one pinned
    ├─ NotVisibleError               not found, and it is not known whether it is gone
    └─ APIError                      a request was made, or tried
       ├─ APIConnectionError         no usable connection
       │  └─ APITimeoutError         no answer in time
       ├─ ResponseDecodeError        an answer that is not the JSON it should be
       │  └─ PaginationError         a list whose end cannot be found
       └─ APIStatusError             the API said no: a class per status below

Every message says what happened, gives the API's own words (redacted), what was tried and the
mend. `APIError.ambiguous` is True when the request may have been carried out all the same: then
look before repeating it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal


class SegformError(Exception):
    """Whatever this library raises on purpose. It can be pickled and copied, from any process."""

    def __reduce__(self) -> tuple[Any, ...]:
        # Exceptions are made anew from their message alone, which most of these are not made of.
        return (_remade, (type(self), self.args), self.__dict__)


def _remade(kind: type[SegformError], arguments: tuple[Any, ...]) -> SegformError:
    made = kind.__new__(kind)
    made.args = arguments
    return made


class ConfigurationError(SegformError):
    """The client, or what it was asked, makes no sense as configured; nothing was sent.

    * `argument`: the client's argument that is wrong, such as `token`; "" where it is none of them.
    """

    def __init__(self, message: str, *, argument: str = "") -> None:
        super().__init__(message)
        self.argument = argument


class ReadOnlyError(SegformError):
    """A write was asked of a client that may only read; nothing was sent.

    * `operation`: the operation's id, such as `createSource`.
    """

    def __init__(self, message: str, *, operation: str) -> None:
        super().__init__(message)
        self.operation = operation


class WorkspaceMismatchError(SegformError):
    """The token belongs to another workspace than the one this client is pinned to.

    * `expected`: the slug or id asked for; `actual`: the workspace the token belongs to.
    """

    def __init__(self, message: str, *, expected: str, actual: str) -> None:
        super().__init__(message)
        self.expected = expected
        self.actual = actual


class NotVisibleError(SegformError):
    """An object is not found, and nothing says that it was deleted: the token may not see it.

    * `kind`, `object_id`: the object, by its kind and import id.
    """

    def __init__(self, message: str, *, kind: str, object_id: str) -> None:
        super().__init__(message)
        self.kind = kind
        self.object_id = object_id


class BulkError(SegformError):
    """Some of many calls failed; none of the others is lost.

    * `results`: what each item gave, in order, None where it failed;
    * `errors`: the failures by the item's place.
    """

    def __init__(
        self, message: str, *, results: Sequence[Any], errors: dict[int, Exception]
    ) -> None:
        super().__init__(message)
        self.results = list(results)
        self.errors = errors


class ErrorItem:
    """One entry of the API's `errors` list, redacted.

    * `type`: an open set of strings, such as `input-validation`;
    * `message`, `field`: text or None; `data`: any JSON value, such as the facts of a limit.
    """

    __slots__ = ("data", "field", "message", "type")

    def __init__(
        self,
        type: str,
        message: str | None = None,
        field: str | None = None,
        data: Any = None,
    ) -> None:
        self.type = type
        self.message = message
        self.field = field
        self.data = data

    def __str__(self) -> str:
        text = self.message or self.type or "no reason given"
        return f"{text} (field {self.field})" if self.field and self.field not in text else text

    def __repr__(self) -> str:
        return f"ErrorItem(type={self.type!r}, message={self.message!r}, field={self.field!r})"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, ErrorItem):
            return NotImplemented
        return (self.type, self.message, self.field, self.data) == (
            other.type,
            other.message,
            other.field,
            other.data,
        )

    __hash__ = None  # type: ignore[assignment]  # `data` may be a list or a dict


class APIError(SegformError):
    """A request was made, or tried, and its result is not usable.

    * `operation`: the operation's id; `method`, `path`: what was sent, without its query;
    * `ambiguous`: True when the request may have been carried out; look before repeating it;
    * `attempts`: how many times it was sent or tried;
    * `candidates`: after an ambiguous create, the objects that look like what was asked for; None
      where nobody looked.
    """

    candidates: tuple[dict[str, Any], ...] | None = None

    def __init__(
        self,
        message: str,
        *,
        operation: str = "",
        method: str = "",
        path: str = "",
        ambiguous: bool = False,
        attempts: int = 1,
    ) -> None:
        super().__init__(message)
        self.operation = operation
        self.method = method
        self.path = path
        self.ambiguous = ambiguous
        self.attempts = attempts


class APIConnectionError(APIError):
    """No usable connection to the API, or it broke before the answer was there."""


class APITimeoutError(APIConnectionError):
    """The API did not answer in time."""


class ResponseDecodeError(APIError):
    """The API called it a success, but the answer is HTML, cut short or not JSON."""


class PaginationError(ResponseDecodeError):
    """A list whose end cannot be found: a cursor came twice, or none where one was due."""


class APIStatusError(APIError):
    """The API answered with an error status.

    * `status_code`; `request_id`: the service's id of the request, when it gave one;
    * `errors`: every item of its `errors` list;
    * `retry_after`: seconds the API asked to wait, when it said so.
    """

    status_code: int

    def __init__(
        self,
        message: str,
        *,
        status_code: int | None = None,
        request_id: str | None = None,
        errors: Sequence[ErrorItem] = (),
        retry_after: float | None = None,
        operation: str = "",
        method: str = "",
        path: str = "",
        ambiguous: bool = False,
        attempts: int = 1,
    ) -> None:
        super().__init__(
            message,
            operation=operation,
            method=method,
            path=path,
            ambiguous=ambiguous,
            attempts=attempts,
        )
        if status_code is not None:
            self.status_code = status_code
        self.request_id = request_id
        self.errors = list(errors)
        self.retry_after = retry_after


class BadRequestError(APIStatusError):
    """400: the request makes no sense to the API as it stands."""

    status_code: Literal[400] = 400


class AuthenticationError(APIStatusError):
    """401: no token, an unknown or revoked one, or one without the permission."""

    status_code: Literal[401] = 401


class PermissionDeniedError(APIStatusError):
    """403: the token, or the workspace's plan, does not allow this."""

    status_code: Literal[403] = 403


class NotFoundError(APIStatusError):
    """404: no such object in the token's workspace."""

    status_code: Literal[404] = 404


class ConflictError(APIStatusError):
    """409: things as they stand do not allow it: a name already taken, an object in use."""

    status_code: Literal[409] = 409


class PayloadTooLargeError(APIStatusError):
    """413: the body is larger than the API takes."""

    status_code: Literal[413] = 413


class URITooLongError(APIStatusError):
    """414: the path and query are longer than the API takes."""

    status_code: Literal[414] = 414


class UnprocessableEntityError(APIStatusError):
    """422: the input failed the API's validation."""

    status_code: Literal[422] = 422


class RateLimitError(APIStatusError):
    """429: a limit is used up, and waiting for it would take longer than we wait."""

    status_code: Literal[429] = 429


class ServerError(APIStatusError):
    """5xx: the service failed."""


_BY_STATUS: dict[int, type[APIStatusError]] = {
    400: BadRequestError,
    401: AuthenticationError,
    403: PermissionDeniedError,
    404: NotFoundError,
    409: ConflictError,
    413: PayloadTooLargeError,
    414: URITooLongError,
    422: UnprocessableEntityError,
    429: RateLimitError,
}


def status_error(status: int) -> type[APIStatusError]:
    """The class for a status: its own, `ServerError` for 5xx, else `APIStatusError`."""
    if status >= 500:
        return ServerError
    return _BY_STATUS.get(status, APIStatusError)
