"""Ids that look right where a reference is wanted, and are something else's.

The service's ids have no promised form, so that only what is surely wrong is said: a prefix that
belongs to another kind, with what to give in its place.
"""

from __future__ import annotations

from typing import Final

from .parts import Foreign

# What the ids of insert functions begin with.
INSERT_FUNCTIONS: Final = ("ifnd_", "ifns_", "ifnt_")


def bare_function(function_id: str) -> str:
    """The id of an insert function as its instances have it: without its prefix."""
    for prefix in INSERT_FUNCTIONS:
        function_id = function_id.removeprefix(prefix)
    return function_id


_ATTACH = (
    "Attach it by its entry in the catalogue: `metadata = {{ id = segment_function.<name>."
    "catalog_id }}` of a `segment_{kind}`."
)
# By the kind that an attribute refers to.
LOOKALIKES: dict[str, tuple[Foreign, ...]] = {
    "tracking_plan": (
        Foreign(
            "rs_",
            "is an id of the legacy Config API",
            "Give the plan's id in the Public API; it begins with `tp_`.",
            "warning",
        ),
    ),
    "source": (
        Foreign("tp_", "is the id of a tracking plan", "Give the `id` of a `segment_source` here."),
    ),
    "function": (
        Foreign(
            "dfn_",
            "is a destination function, which is no insert function: it is attached as a "
            "destination",
            _ATTACH.format(kind="destination"),
        ),
        Foreign(
            "sfnc_",
            "is a source function, which is no insert function: it is a source by itself",
            _ATTACH.format(kind="source"),
        ),
    ),
}
NO_ENTRY = tuple(
    Foreign(
        prefix,
        "is the id of a function, not of an entry in the catalogue",
        "Give the function's `catalog_id`.",
        "warning",
    )
    for prefix in ("dfn_", "sfnc_", "ifnd_", "ifns_")
)
