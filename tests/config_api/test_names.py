"""Resource names: built, read and refused; built and read are inverses."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segform import ConfigurationError
from segform.config_api import names

PARTS = st.text(st.characters(codec="utf-8", exclude_characters="/"), min_size=1).filter(
    lambda text: text.isprintable() and text == text.strip() and text not in (".", "..")
)


def test_names_as_the_documents_have_them() -> None:
    assert names.workspace("acme") == "workspaces/acme"
    assert names.source("acme", "js") == "workspaces/acme/sources/js"
    destination = names.destination("acme", "js", "google-analytics")
    assert destination == "workspaces/acme/sources/js/destinations/google-analytics"
    assert names.option(destination, "trackingId") == f"{destination}/config/trackingId"
    assert names.tracking_plan("acme", "rs_1") == "workspaces/acme/tracking-plans/rs_1"
    assert names.catalog_source("javascript") == "catalog/sources/javascript"
    assert names.catalog_destination("braze") == "catalog/destinations/braze"


def test_a_name_taken_apart() -> None:
    found = names.parse("workspaces/acme/sources/js/destinations/braze")
    assert found.kind == "destination"
    assert found.last == "braze"
    assert found.workspace == "acme"
    assert str(found.parent) == "workspaces/acme/sources/js"
    assert names.parse("workspaces/acme").parent is None
    assert names.parse("catalog/sources/go").workspace is None


@given(st.sampled_from(names.KINDS), st.data())
def test_what_is_built_is_read_again(kind: str, data: st.DataObject) -> None:
    count = names.form(kind).count("…")
    parts = data.draw(st.lists(PARTS, min_size=count, max_size=count))
    text = names.build(kind, *parts)
    found = names.parse(text, kind)
    assert found == (kind, tuple(parts))
    assert str(found) == text
    assert names.resolve(text, kind, None) == found


@given(st.text())
def test_any_text_is_a_name_or_a_clear_error(text: str) -> None:
    try:
        found = names.parse(text)
    except ConfigurationError:
        with pytest.raises(ConfigurationError, match="legacy"):
            names.parse(text)
    else:
        assert str(found) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "acme",
        "workspaces",
        "workspaces/",
        "workspaces/acme/",
        "workspaces//sources/js",
        "workspaces/acme/sources",
        "workspaces/acme/warehouses/w",
        "workspaces/acme/sources/..",
        "workspaces/acme/sources/ js",
        "sources/js",
        "catalog/sources",
        "catalog/warehouses/x",
        "workspaces/acme/sources/js/destinations/braze/config/a/b",
    ],
)
def test_what_is_no_name(text: str) -> None:
    with pytest.raises(ConfigurationError, match="no legacy resource name"):
        names.parse(text)


@pytest.mark.parametrize("part", ["", ".", "..", "a/b", " a", "a\n"])
def test_parts_no_name_can_hold(part: str) -> None:
    with pytest.raises(ConfigurationError, match="cannot be part of the legacy name"):
        names.source("acme", part)


def test_the_wrong_kind_or_count() -> None:
    with pytest.raises(ConfigurationError, match="is the legacy name of a source; a destination"):
        names.parse("workspaces/acme/sources/js", "destination")
    with pytest.raises(ConfigurationError, match=r"has 2 part\(s\)"):
        names.build("source", "js")
    with pytest.raises(ConfigurationError, match="no kind of legacy resource"):
        names.build("warehouse", "a")


@pytest.mark.parametrize(
    ("text", "kind", "full"),
    [
        ("js", "source", "workspaces/acme/sources/js"),
        ("sources/js", "source", "workspaces/acme/sources/js"),
        ("workspaces/acme/sources/js", "source", "workspaces/acme/sources/js"),
        ("rs_1", "tracking plan", "workspaces/acme/tracking-plans/rs_1"),
        ("acme", "workspace", "workspaces/acme"),
        ("braze", "catalog destination", "catalog/destinations/braze"),
        (
            "sources/js/destinations/braze",
            "destination",
            "workspaces/acme/sources/js/destinations/braze",
        ),
    ],
)
def test_short_forms(text: str, kind: str, full: str) -> None:
    assert str(names.resolve(text, kind, "acme")) == full


def test_short_forms_need_a_workspace_and_enough_parts() -> None:
    with pytest.raises(ConfigurationError, match="does not say its workspace"):
        names.resolve("js", "source", None)
    with pytest.raises(ConfigurationError, match="no legacy resource name; it looks like"):
        names.resolve("braze", "destination", "acme")


def test_another_workspace_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="in another workspace"):
        names.resolve("workspaces/other/sources/js", "source", "acme")
