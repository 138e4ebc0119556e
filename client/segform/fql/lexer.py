"""FQL text to tokens, in one pass of one regular expression.

A token is (kind, text, offset). Whatever cannot begin a token becomes one of kind BAD, one
character long: the parser says what is wrong when it gets there, and not before. No alternative of
the expression can match the same text in two ways, so that its time grows with the length only.
"""

from __future__ import annotations

import re
from typing import TypeAlias

Token: TypeAlias = tuple[str, str, int]

PATH, STRING, NUMBER, BAD, END = "path", "string", "number", "bad", "end"
AND, OR, IN, NULL, TRUE, FALSE = "and", "or", "in", "null", "true", "false"
KEYWORDS = frozenset((AND, OR, IN, NULL, TRUE, FALSE))

_KEY = r"(?:[A-Za-z0-9_-]|\\[\s\S])"
_TOKEN = re.compile(
    rf"""[ \t\r\n]*(?:
      ((?:[A-Za-z_]|\\[\s\S]){_KEY}*(?:\.{_KEY}+)*)    # 1 path, keyword, name of a function
    | ("[^"]*"|'[^']*')                                # 2 string
    | (!=|<=|>=|==|&&|\|\||[=<>!()\[\],])              # 3 signs; some only to be told apart
    | ([+-]?[0-9]+(?:\.[0-9]+)?(?![A-Za-z0-9_.\\-]))   # 4 number
    | ([\s\S])                                         # 5 anything else
    | \Z
    )""",
    re.VERBOSE,
)
_DOT = re.compile(r"\.|((?:[^.\\]|\\[\s\S])+)")
_ESCAPED = re.compile(r"\\([\s\S])")


def tokens(text: str) -> list[Token]:
    """All tokens of a text; the last is END."""
    found: list[Token] = []
    for match in _TOKEN.finditer(text):
        group = match.lastindex
        if group == 1:
            word = match[1]
            found.append((word if word in KEYWORDS else PATH, word, match.start(1)))
        elif group == 3:
            sign = match[3]
            found.append((sign, sign, match.start(3)))
        elif group == 2:
            found.append((STRING, match[2], match.start(2)))
        elif group == 4:
            found.append((NUMBER, match[4], match.start(4)))
        elif group == 5:
            found.append((BAD, match[5], match.start(5)))
    found.append((END, "", len(text)))
    return found


def segments(word: str) -> tuple[str, ...]:
    """The keys of a path as written: `properties.product\\ 1` -> ("properties", "product 1")."""
    if "\\" not in word:
        return tuple(word.split("."))
    return tuple(_ESCAPED.sub(r"\1", key) for key in _DOT.findall(word) if key)
