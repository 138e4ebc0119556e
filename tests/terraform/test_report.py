"""The example shop through the real terraform, and its plans in words."""

from __future__ import annotations

import json
import os
from typing import Any

import pytest

from segform.report import load, render, review
from tests.report import shop

from .harness import Terraform

pytestmark = [pytest.mark.terraform, pytest.mark.timeout(240)]


def _plan(tf: Terraform, *more: str) -> dict[str, Any]:
    tf.run("plan", "-no-color", "-input=false", "-out=plan.bin", *more)
    found: dict[str, Any] = json.loads(tf.run("show", "-json", "plan.bin"))
    return found


def test_the_example_shop_is_told_as_the_kept_plans_are(tf: Terraform) -> None:
    """What the real terraform prints today reads as the golden reports do, ids aside."""
    tf.env.update(shop.copy(tf.folder))
    tf.link()
    plans = {"shop_new": _plan(tf)}
    tf.apply()
    shop.edit(tf.folder)
    plans["shop_edited"] = _plan(tf)
    shop.unguarded(tf.folder)
    plans["shop_gone"] = _plan(tf, "-destroy")
    for name, document in plans.items():
        assert "hush-" in json.dumps(document), "terraform prints secrets; the report must not"
        if os.environ.get("GOLDEN") == "write":
            text = shop.kept(document)
            (shop.DATA / f"{name}.json").write_text(text, encoding="utf-8")
        told = render(review(load(document)))
        assert "hush-" not in told
        assert _above(told) == _above(render(review(load(shop.stored(name)))))


def _above(text: str) -> str:
    return text.partition("<details>")[0]
