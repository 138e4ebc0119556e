"""Segment's specification as ready event classes, a module for each part of it.

    from segform.tracking.spec import ecommerce

    ecommerce.OrderCompleted(order_id="o1", total=9.5, currency="EUR").message()
    TrackingPlan(…, events=ecommerce.EVENTS)

Names and types are those of the specification; what they mean is said in other words. All
properties may be left out, as there. Derive a class to require more, or to say why, whose and for
whom the event is:

    class OrderCompleted(
        ecommerce.OrderCompleted, name="Order Completed", owner="growth", required=["order_id"]
    ):
        \"\"\"An order was paid.\"\"\"

Modules: `calls` (the six calls), `ecommerce` (version 2), `video`, `b2b`, `mobile`, `chat`,
`email`, `copilot`. They are imported when they are first asked for.
"""

from __future__ import annotations

from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from . import b2b, calls, chat, copilot, ecommerce, email, mobile, video

MODULES = ("b2b", "calls", "chat", "copilot", "ecommerce", "email", "mobile", "video")
__all__ = ["MODULES", "b2b", "calls", "chat", "copilot", "ecommerce", "email", "mobile", "video"]


def __getattr__(name: str) -> ModuleType:
    if name in MODULES:
        return import_module(f"{__name__}.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *MODULES})
