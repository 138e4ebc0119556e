"""The third state of an argument: not given, which is neither null nor a value."""

from __future__ import annotations

from typing import Any, Final, final


@final
class NotGiven:
    """The type of `NOT_GIVEN`: an argument left out, so that the API is not told of it.

    A PATCH with `name=None` clears the name; with `name=NOT_GIVEN` it leaves it alone.
    """

    _only: NotGiven | None = None

    def __new__(cls) -> NotGiven:
        if cls._only is None:
            cls._only = super().__new__(cls)
        return cls._only

    def __bool__(self) -> bool:
        return False

    def __repr__(self) -> str:
        return "NOT_GIVEN"

    def __reduce__(self) -> str:
        return "NOT_GIVEN"


NOT_GIVEN: Final = NotGiven()


def given(values: Any) -> dict[str, Any]:
    """The entries of a mapping that were given; an empty one for None."""
    return {name: value for name, value in (values or {}).items() if value is not NOT_GIVEN}


def given_within(value: Any) -> Any:
    """A JSON value without what was not given, at any depth; in a list everything is given."""
    if isinstance(value, dict):
        return {name: given_within(one) for name, one in value.items() if one is not NOT_GIVEN}
    if isinstance(value, (list, tuple)):
        return [given_within(one) for one in value]
    return value
