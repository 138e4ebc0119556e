"""Other people's texts, made harmless for where they are shown: terminals, Markdown, XML.

Names, descriptions and keys of a workspace are written by anybody. Shown as they are, they could
clear a terminal, close a table, hide a line or pretend to be a button.
"""

from __future__ import annotations

import re
import unicodedata

# Everything that moves the cursor, turns the direction of text or has no width.
_UNSEEN = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
# What has a meaning in Markdown, in HTML, and in what GitHub and GitLab make of them: mentions,
# issues, merge requests, milestones, emoji, formulas, and links that are made of plain words.
_MARKDOWN = re.compile(r"[\\`*_{}\[\]<>#!|~$&@^]|[:%](?=\S)|[./](?=\w)")


def printable(text: object, most: int = 300) -> str:
    """A text as one line of what can be seen; what cannot is spelt out (`\\x1b`)."""
    found = str(text)
    cut = f"{found[:most]}…" if len(found) > most else found
    if cut.isascii() and cut.isprintable():
        return cut
    return "".join(_seen(char) for char in cut)


def _seen(char: str) -> str:
    category = unicodedata.category(char)
    if char in "\n\r\t" or category == "Zs":
        return " "
    if category in _UNSEEN:
        point = ord(char)
        width = "x" if point < 0x100 else "u" if point < 0x10000 else "U"
        return f"\\{width}{point:0{ {'x': 2, 'u': 4, 'U': 8}[width] }x}"
    return char


def markdown(text: object, most: int = 120) -> str:
    """A text as Markdown that shows exactly it: no markup, no HTML, no mention, no link, no emoji.

    Characters with a meaning become HTML entities, so that neither Markdown nor what is built on
    it (mentions, issue numbers, autolinks) sees them.
    """
    return _MARKDOWN.sub(lambda found: f"&#{ord(found[0])};", printable(text, most))


def xml(text: object) -> str:
    """A text without the characters that XML 1.0 cannot hold; the writer escapes the rest."""
    return "".join(
        char
        if char in "\n\t"
        or (
            (ord(char) >= 0x20 and not 0xD800 <= ord(char) <= 0xDFFF)
            and ord(char) not in (0xFFFE, 0xFFFF)
        )
        else "�"
        for char in str(text)
    )
