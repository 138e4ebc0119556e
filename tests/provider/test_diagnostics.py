"""Texts for a terminal: what somebody else wrote is shown, never obeyed."""

from __future__ import annotations

import pytest

from segform_provider.protocol.diagnostics import diagnostic, plain


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain, with\na line", "plain, with\na line"),
        ("Größe “x” 日本 🙂", "Größe “x” 日本 🙂"),
        ("\x1b[31mred\x1b]0;title\x07", "\\x1b[31mred\\x1b]0;title\\x07"),
        ("over\rwritten\tand\x08", "over\\rwritten\\tand\\x08"),
        ("\x9b2J", "\\x9b2J"),
        ("a\u202eb\u2066c\u200f", "a\\u202eb\\u2066c\\u200f"),
        ("half \ud800 a pair", "half \\ud800 a pair"),
    ],
)
def test_control_characters_are_shown_as_escapes(text: str, shown: str) -> None:
    assert plain(text) == shown
    made = diagnostic("error", text, text)
    assert (made.summary, made.detail) == (shown, shown)
