"""CDKTF constructs for Segment workspaces, for cdktf (archived December 2025) and cdktn.

    from cdktf import App, TerraformStack
    from segform_cdktf import SegmentProvider, Source

`SegmentProvider` comes first in a stack; then one construct per object. Names are loaded when they
are used, so that `segform_cdktf.run` and `.generate` work where no CDK is installed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from segform.lazily import public

from ._names import NAMES

if TYPE_CHECKING:
    from . import _generated
    from ._generated import *  # noqa: F403 - one construct for each kind, as generated
    from .declared import DeclaredWorkspace
    from .provider import SegmentProvider
    from .secrets import secret
    from .testing import Synthesized, Testing
    from .tracking_plan import TrackingPlan, common, group, identify, page, screen, track

_HOMES = {
    "DeclaredWorkspace": "declared",
    "SegmentProvider": "provider",
    "Synthesized": "testing",
    "Testing": "testing",
    "TrackingPlan": "tracking_plan",
    "common": "tracking_plan",
    "group": "tracking_plan",
    "identify": "tracking_plan",
    "page": "tracking_plan",
    "screen": "tracking_plan",
    "secret": "secrets",
    "track": "tracking_plan",
}

__all__ = [
    "DeclaredWorkspace",
    "SegmentProvider",
    "Synthesized",
    "Testing",
    "TrackingPlan",
    "common",
    "group",
    "identify",
    "page",
    "screen",
    "secret",
    "track",
]
if TYPE_CHECKING:
    __all__ += _generated.__all__
else:
    __all__ += [name for name in NAMES if name not in __all__]

__getattr__, __dir__ = public(__name__, dict.fromkeys(NAMES, "_generated") | _HOMES)
