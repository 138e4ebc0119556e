"""FQL in requests: what cannot be carried out is refused, what is merely odd is stored.

Whether the service refuses bad FQL is not documented; that it takes `AND`, `OR` and `==` is seen in
what it has stored, so that they pass here too (unknown).
"""

from __future__ import annotations

from collections.abc import Collection

from .errors import invalid


def check_statement(text: str, field: str) -> None:
    """Raises `Fault` 422 for a statement that no reading of FQL takes."""
    # Only whoever sends FQL needs it.
    from segform import fql

    if not text.strip():
        raise invalid(field, f'"{field}" is not allowed to be empty')
    for one in fql.check(text, lenient=True):
        if one.severity == "error":
            raise invalid(field, f'"{field}" is not valid FQL: {one}')


def check_trigger(text: str, field: str, known: Collection[str]) -> None:
    """Raises `Fault` 422 for a trigger that is no FQL.

    Triggers know less than filters, but the catalogue has some that go beyond it, and even one that
    does not parse: `known`, what an entry proposes for its actions, is taken as it is.
    """
    if text not in known:
        check_statement(text, field)
