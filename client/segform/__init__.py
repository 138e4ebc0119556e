"""Segment workspaces as code.

`Segment` and `AsyncSegment` speak the Public API; `segform.errors` says what can go wrong;
`segform.resources` holds the definitions of the managed kinds. Nothing is imported before it is
used: `import segform` costs next to nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from segform.lazily import public

if TYPE_CHECKING:
    from segform.api.client import AsyncSegment as AsyncSegment
    from segform.api.client import Segment as Segment
    from segform.errors import APIConnectionError as APIConnectionError
    from segform.errors import APIError as APIError
    from segform.errors import APIStatusError as APIStatusError
    from segform.errors import APITimeoutError as APITimeoutError
    from segform.errors import AuthenticationError as AuthenticationError
    from segform.errors import BadRequestError as BadRequestError
    from segform.errors import BulkError as BulkError
    from segform.errors import ConfigurationError as ConfigurationError
    from segform.errors import ConflictError as ConflictError
    from segform.errors import ErrorItem as ErrorItem
    from segform.errors import NotFoundError as NotFoundError
    from segform.errors import NotVisibleError as NotVisibleError
    from segform.errors import PaginationError as PaginationError
    from segform.errors import PayloadTooLargeError as PayloadTooLargeError
    from segform.errors import PermissionDeniedError as PermissionDeniedError
    from segform.errors import RateLimitError as RateLimitError
    from segform.errors import ReadOnlyError as ReadOnlyError
    from segform.errors import ResponseDecodeError as ResponseDecodeError
    from segform.errors import SegformError as SegformError
    from segform.errors import ServerError as ServerError
    from segform.errors import UnprocessableEntityError as UnprocessableEntityError
    from segform.errors import URITooLongError as URITooLongError
    from segform.errors import WorkspaceMismatchError as WorkspaceMismatchError
    from segform.moments import parse_time as parse_time
    from segform.transport.given import NOT_GIVEN as NOT_GIVEN
    from segform.transport.given import NotGiven as NotGiven
    from segform.transport.masked import Secret as Secret
    from segform.transport.raw import RawResponse as RawResponse

__all__ = [
    "NOT_GIVEN",
    "APIConnectionError",
    "APIError",
    "APIStatusError",
    "APITimeoutError",
    "AsyncSegment",
    "AuthenticationError",
    "BadRequestError",
    "BulkError",
    "ConfigurationError",
    "ConflictError",
    "ErrorItem",
    "NotFoundError",
    "NotGiven",
    "NotVisibleError",
    "PaginationError",
    "PayloadTooLargeError",
    "PermissionDeniedError",
    "RateLimitError",
    "RawResponse",
    "ReadOnlyError",
    "ResponseDecodeError",
    "Secret",
    "SegformError",
    "Segment",
    "ServerError",
    "URITooLongError",
    "UnprocessableEntityError",
    "WorkspaceMismatchError",
    "parse_time",
]

__version__ = "0.1.0"

# Public name -> the module that has it, imported when the name is first asked for (PEP 562).
_HOMES = {
    "parse_time": "moments",
    "RawResponse": "transport.raw",
    "Secret": "transport.masked",
    "PaginationError": "errors",
    "BulkError": "errors",
    "Segment": "api.client",
    "AsyncSegment": "api.client",
    "NOT_GIVEN": "transport.given",
    "NotGiven": "transport.given",
    "APIConnectionError": "errors",
    "APIError": "errors",
    "APIStatusError": "errors",
    "APITimeoutError": "errors",
    "AuthenticationError": "errors",
    "BadRequestError": "errors",
    "ConfigurationError": "errors",
    "ConflictError": "errors",
    "ErrorItem": "errors",
    "NotFoundError": "errors",
    "NotVisibleError": "errors",
    "PayloadTooLargeError": "errors",
    "PermissionDeniedError": "errors",
    "RateLimitError": "errors",
    "ReadOnlyError": "errors",
    "ResponseDecodeError": "errors",
    "SegformError": "errors",
    "ServerError": "errors",
    "URITooLongError": "errors",
    "UnprocessableEntityError": "errors",
    "WorkspaceMismatchError": "errors",
}

__getattr__, __dir__ = public(__name__, _HOMES)
