"""Numbers as JSON writes them: exact, and no longer than they have to be."""

from __future__ import annotations

from decimal import Decimal

import pytest

from segform.resources.exact import dumps, loads


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("1.50", "1.50"),
        ("1e3", "1000"),
        ("1E+39", "1" + "0" * 39),
        ("1e399", "1" + "0" * 399),
        ("1e400", "1E+400"),
        ("-1e99999999", "-1E+99999999"),
        ("1e-30", "1E-30"),
        ("0.1", "0.1"),
    ],
)
def test_a_number_is_written_exactly(text: str, written: str) -> None:
    value = loads(text)
    assert dumps(value) == written
    assert Decimal(str(loads(written))) == Decimal(text)
