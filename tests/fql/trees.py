"""Any FQL tree, and any event, for tests of properties."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from segform.fql.functions import FUNCTIONS
from segform.fql.lexer import KEYWORDS
from segform.fql.syntax import (
    And,
    Bool,
    Call,
    Compare,
    Expression,
    List,
    Not,
    Null,
    Number,
    Operator,
    Or,
    Path,
    String,
    number,
)

OPERATORS: tuple[Operator, ...] = ("=", "!=", "<", "<=", ">", ">=", "in")
_WORDS = ("type", "event", "properties", "a", "all", "and", "true", "x y", "1st", "a.b", "é", "-")

keys = st.one_of(st.sampled_from(_WORDS), st.text(min_size=1, max_size=6))
paths = st.lists(keys, min_size=1, max_size=4).map(lambda found: Path(tuple(found)))
texts = st.text(max_size=12).filter(lambda text: not ('"' in text and "'" in text))
_numbers: st.SearchStrategy[int | Decimal] = st.one_of(
    st.integers(-(10**20), 10**20),
    st.decimals(allow_nan=False, allow_infinity=False, min_value=-1000, max_value=1000, places=4),
    st.sampled_from([Decimal("1.10"), Decimal("-0.0"), Decimal("1E+5"), 9007199254740993]),
)
numbers = _numbers.map(lambda value: Number(number(value)))
literals = st.one_of(texts.map(String), numbers, st.booleans().map(Bool), st.builds(Null))
lists = st.lists(st.one_of(literals, paths), max_size=4).map(lambda found: List(tuple(found)))
names = st.one_of(
    st.sampled_from(sorted(FUNCTIONS)),
    st.from_regex(r"[A-Za-z_][A-Za-z0-9_-]{0,6}", fullmatch=True).filter(
        lambda name: name not in KEYWORDS
    ),
)


def _grown(inner: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    several = st.lists(inner, min_size=2, max_size=4).map(tuple)
    return st.one_of(
        st.builds(Compare, st.sampled_from(OPERATORS), inner, inner),
        several.map(And),
        several.map(Or),
        inner.map(Not),
        st.builds(Call, names, st.lists(inner, min_size=1, max_size=3).map(tuple)),
    )


# Whatever the grammar can say.
trees: st.SearchStrategy[Expression] = st.recursive(
    st.one_of(literals, paths, lists), _grown, max_leaves=25
)


@st.composite
def sound(draw: st.DrawFn, within: st.SearchStrategy[Expression]) -> Call:
    """A call that exists, with the number of arguments that it takes."""
    name = draw(st.sampled_from(sorted(FUNCTIONS)))
    count = len(FUNCTIONS[name].takes)
    return Call(name, tuple(draw(st.lists(within, min_size=count, max_size=count))))


def _grown_sound(inner: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    several = st.lists(inner, min_size=2, max_size=4).map(tuple)
    return st.one_of(
        st.builds(Compare, st.sampled_from(OPERATORS), inner, inner),
        several.map(And),
        several.map(Or),
        inner.map(Not),
        sound(inner),
    )


_known = st.lists(
    st.sampled_from(["type", "event", "properties", "a", "b", "c"]), min_size=1, max_size=3
).map(lambda found: Path(tuple(found)))
# Whatever can be evaluated.
statements: st.SearchStrategy[Expression] = st.recursive(
    st.one_of(literals, _known, lists), _grown_sound, max_leaves=20
)

_scalars: st.SearchStrategy[Any] = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-5, 5),
    st.floats(allow_nan=True),
    st.decimals(allow_nan=False, allow_infinity=False),
    st.text(max_size=5),
)
values: st.SearchStrategy[Any] = st.recursive(
    _scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.sampled_from(["a", "b", "c", "properties"]), inner, max_size=3),
    ),
    max_leaves=8,
)
events = st.dictionaries(
    st.sampled_from(["type", "event", "properties", "a", "b", "c"]), values, max_size=5
)
