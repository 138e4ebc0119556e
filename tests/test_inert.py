"""Other people's texts cannot do anything where they are shown."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st

from segform.inert import markdown, printable, xml


def test_terminal_escapes_and_directions_are_spelt_out() -> None:
    assert printable("a\x1b[2Jb\u202ec\n\td\u200b") == r"a\x1b[2Jb\u202ec  d\u200b"
    assert printable("Größe 日本 🎉") == "Größe 日本 🎉"
    assert printable("x" * 400) == "x" * 300 + "…"


def test_markup_is_text() -> None:
    text = markdown("[x](http://a.example) <b> @team #1 `c` | **d** www.a.example ![i](j) ~~s~~")
    assert not set("[]<>@`|*~!") & set(text)
    assert "http:" not in text
    assert "www.a" not in text
    assert markdown("Order Completed") == "Order Completed"


@given(st.text())
def test_any_text_is_harmless_everywhere(text: str) -> None:
    assert printable(text, 10**6).isprintable() or text == ""
    shown = markdown(text, 10**6)
    assert not set("\\`*_{}[]<>!|~$@^\n\r") & set(shown)
    assert not re.search(r":\w|:/|\w\.\w|/\w", shown)
    assert ET.fromstring(f"<a>{_escaped(xml(text))}</a>") is not None


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")
