"""Names: their words, their cases, and which are nearly the same."""

from __future__ import annotations

import re

CASES = ("Title Case", "snake_case", "camelCase", "PascalCase", "any")
_WORD = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|[0-9]+|[^\W\d_A-Za-z]+")
_FORMS = {
    # A word may be an abbreviation, a number, or small: `Added to Cart`, `2FA Enabled`.
    "Title Case": re.compile(r"(?:[A-Z0-9][\w'/&.-]*)(?: (?:[A-Z0-9][\w'/&.-]*|[a-z]{1,4}))*"),
    "snake_case": re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*"),
    "camelCase": re.compile(r"[a-z][a-zA-Z0-9]*"),
    "PascalCase": re.compile(r"[A-Z][a-zA-Z0-9]*"),
}


def words(name: str) -> list[str]:
    """The words of a name, in small letters, however they are joined."""
    return [word.lower() for word in _WORD.findall(name)]


def fits(name: str, case: str) -> bool:
    """Whether a name is in a case. Names with letters outside of ASCII fit any."""
    form = _FORMS.get(case)
    return form is None or not name.isascii() or form.fullmatch(name) is not None


def cased(name: str, case: str) -> str:
    """A name in a case."""
    several = words(name)
    if case == "snake_case":
        return "_".join(several)
    capital = [word.capitalize() for word in several]
    if case == "camelCase":
        return "".join([*several[:1], *capital[1:]])
    return (" " if case == "Title Case" else "").join(capital)


def folded(name: str) -> str:
    """What is left of a name without case, separators and plurals."""
    return "".join(_singular(word) for word in words(name)) or name


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


def turned(name: str) -> frozenset[str]:
    """A name's words without their order: `Completed Order` is nearly `Order Completed`."""
    return frozenset(_singular(word) for word in words(name))


def is_typo(one: str, other: str) -> bool:
    """Whether two names of some length differ by one letter: changed, missing, or swapped."""
    if min(len(one), len(other)) < 8 or abs(len(one) - len(other)) > 1 or one == other:
        return False
    at = 0
    while at < min(len(one), len(other)) and one[at] == other[at]:
        at += 1
    rest, others = one[at:], other[at:]
    if len(one) == len(other):
        swapped = len(rest) > 1 and rest[:2] == others[1::-1] and rest[2:] == others[2:]
        return swapped or (rest[1:] == others[1:] and not (rest[0] + others[0]).isdigit())
    return rest[1:] == others or rest == others[1:]
