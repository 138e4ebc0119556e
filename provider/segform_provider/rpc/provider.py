"""ConfigureProvider and StopProvider."""

from __future__ import annotations

from typing import Any

from segform.errors import (
    AuthenticationError,
    ConfigurationError,
    SegformError,
    WorkspaceMismatchError,
)
from segform.resources.values import is_known
from segform_provider.config import ProviderConfig
from segform_provider.session import Current, Session

from .common import answer, decoded, failure, warning


def configure_provider(request: Any) -> Any:
    """Make the client and see that the token works and belongs to the right workspace."""
    config = decoded(request.config, ProviderConfig) or {}
    unknown = [name for name, value in config.items() if not is_known(value)]
    if unknown:
        return answer(
            "ConfigureProvider",
            diagnostics=[
                failure(
                    f"The provider's {unknown[0]} is not known yet",
                    f"`{unknown[0]}` comes from something that is only known after apply, and "
                    "without it nothing can be planned. Give it from a variable or the "
                    "environment, or apply what it comes from first.",
                    (unknown[0],),
                )
            ],
        )
    # Terraform quotes the line that an attribute starts in, and the token may stand there, or a
    # password in the address.
    token = () if config.get("token") else ("token",)
    hidden = {"token": not token, "url": "@" in str(config.get("url"))}
    try:
        Current.session = Session(config, request.terraform_version)
    except ConfigurationError as problem:
        named = problem.argument
        at = (named,) if named in config and not hidden.get(named) else ()
        return answer(
            "ConfigureProvider",
            diagnostics=[failure("The provider is not configured", problem, at)],
        )
    except WorkspaceMismatchError as problem:
        return answer(
            "ConfigureProvider",
            diagnostics=[failure("The workspace cannot be used", problem, ("workspace",))],
        )
    except AuthenticationError as problem:
        return answer(
            "ConfigureProvider",
            diagnostics=[failure("Segment does not accept the token", problem, token)],
        )
    except SegformError as problem:
        return answer(
            "ConfigureProvider",
            diagnostics=[failure("The workspace cannot be used", problem)],
        )
    notes = [warning("The journal is not written", text) for text in Current.session.warnings]
    return answer("ConfigureProvider", diagnostics=notes)


def stop_provider(_request: Any) -> Any:
    """Requests in flight are let finish: an apply that is cut off would not know what it made."""
    return answer("StopProvider")
