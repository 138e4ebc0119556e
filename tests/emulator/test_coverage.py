"""The coverage page tells of every operation, fact and fault."""

from __future__ import annotations

from segform_emulator.contract import operations
from segform_emulator.coverage import BADGES, FACTS, page
from segform_emulator.families import HANDLERS
from segform_emulator.injection import KINDS


def test_every_handler_is_an_operation_of_the_contract() -> None:
    assert set(HANDLERS) <= set(operations())


def test_every_fact_has_a_badge_and_stands_once() -> None:
    assert {fact.badge for fact in FACTS} == set(BADGES)
    assert len({fact.what for fact in FACTS}) == len(FACTS)


def test_the_page_is_complete() -> None:
    text = page()
    assert f"{len(HANDLERS)} of {len(operations())} operations keep state" in text
    for kind in KINDS:
        assert f"`{kind}`" in text
    assert "`addActivationToAudience`" in text or "| Activations | 0 of 10 | all |" in text
    assert "| Space Schema API | 0 of 8 | all |" in text
    assert "| IAM Roles | 1 of 1 |  |" in text
