"""Values that a definition and Terraform share: plain Python, and one marker for "not known yet".

`UNKNOWN` stands for a value that Terraform will only know after apply. It is a singleton that
survives copy and pickle, has no truth value (a silent `if value:` on an unknown is a bug) and
is compared by identity.
"""

from __future__ import annotations

from typing import Any, Final, NoReturn


class Unknown:
    """The type of `UNKNOWN`; there is exactly one instance."""

    __slots__ = ()
    _instance: Unknown | None = None

    def __new__(cls) -> Unknown:
        if cls._instance is None:
            cls._instance = super().__new__(cls)
        return cls._instance

    def __repr__(self) -> str:
        return "UNKNOWN"

    def __bool__(self) -> NoReturn:
        raise TypeError("an unknown value has no truth value; test `value is UNKNOWN` first")

    def __copy__(self) -> Unknown:
        return self

    def __deepcopy__(self, memo: object) -> Unknown:
        return self

    def __reduce__(self) -> str:
        return "UNKNOWN"


UNKNOWN: Final = Unknown()


def is_known(value: Any) -> bool:
    """Whether `value` holds no `UNKNOWN` at any depth of its lists and maps."""
    if value is UNKNOWN:
        return False
    if isinstance(value, dict):
        return all(is_known(item) for item in value.values())
    if isinstance(value, (list, tuple)):
        return all(is_known(item) for item in value)
    return True
