"""FQL in requests: what cannot be carried out is refused, what is merely odd is stored.

Whether the service refuses bad FQL is not documented; that it takes `AND`, `OR` and `==` is seen in
what it has stored, so that they pass here too (unknown).
"""

from __future__ import annotations

from .errors import invalid


def check_statement(text: str, field: str) -> None:
    """Raises `Fault` 422 for a statement that no reading of FQL takes."""
    _check(text, field, trigger=False)


def check_trigger(text: str, field: str) -> None:
    """Raises `Fault` 422 for a trigger that the evaluator of triggers cannot read."""
    _check(text, field, trigger=True)


def _check(text: str, field: str, *, trigger: bool) -> None:
    # Only whoever sends FQL needs it.
    from segform import fql

    if not text.strip():
        raise invalid(field, f'"{field}" is not allowed to be empty')
    for one in fql.check(text, trigger=trigger, lenient=True):
        if one.severity == "error":
            raise invalid(field, f'"{field}" is not valid FQL: {one}')
