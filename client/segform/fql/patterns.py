"""Glob patterns in plain words."""

from __future__ import annotations

import re

from .glob import Malformed, chunks

_LITERAL = re.compile(r"\\(.)|(.)", re.DOTALL)


def matching(pattern: str, negated: bool) -> str:
    """What `match` with a pattern says of a text: the words behind the subject."""
    try:
        parts = chunks(pattern)
    except Malformed:
        outcome = "always" if negated else "never"
        does = "does not match" if negated else "matches"
        return f"{does} the malformed pattern “{pattern}”, which is {outcome} so"
    texts = _plain(pattern)
    does = "does not " if negated else ""
    s = "" if negated else "s"
    # One thing after another: its opposite is hard to say otherwise.
    several = texts is not None and sum(map(bool, texts)) > 1
    if texts is None or len(texts) != len(parts) or (several and negated):
        legend = _legend(pattern)
        return f"{does}match{'' if negated else 'es'} the pattern “{pattern}” ({legend})"
    return _words(texts, does, s, negated)


def _words(texts: list[str], does: str, s: str, negated: bool) -> str:
    if len(texts) == 1:
        shown = f"“{texts[0]}”" if texts[0] else "an empty text"
        return f"is {'not ' * negated}{shown}"
    start, *middle, end = texts
    middle = [part for part in middle if part]
    said = []
    if start:
        said.append(f"start{s} with “{start}”")
    said += [f"contain{s} “{part}”" for part in middle]
    if end:
        said.append(f"end{s} with “{end}”")
    if not said:
        return f"is {'not ' * negated}a text"
    if len(said) == 1:
        return f"{does}{said[0]}"
    return f"{', '.join(said[:-1])} and then {said[-1]}"


def _plain(pattern: str) -> list[str] | None:
    """The texts between the stars, None where something else than text is asked for."""
    texts = [""]
    for escaped, char in _LITERAL.findall(pattern):
        if char == "*":
            texts.append("")
        elif char in ("?", "["):
            return None
        else:
            texts[-1] += escaped or char
    return texts


def _legend(pattern: str) -> str:
    said = []
    if "*" in pattern:
        said.append("* is any text")
    if "?" in pattern:
        said.append("? is any one character")
    if "[" in pattern:
        said.append("[ ] is one of the characters in it")
    return ", ".join(said)
