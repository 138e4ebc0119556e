"""Which CDK is used, and what is said when that is not clear."""

from __future__ import annotations

import sys
from importlib import util
from importlib.machinery import ModuleSpec

import pytest

from segform_cdktf.framework import FrameworkError, choose


@pytest.fixture(autouse=True)
def nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing chosen, nothing imported."""
    monkeypatch.delenv("SEGFORM_CDK", raising=False)
    for name in ("cdktf", "cdktn"):
        monkeypatch.delitem(sys.modules, name, raising=False)


def installed(monkeypatch: pytest.MonkeyPatch, *names: str) -> None:
    real = util.find_spec

    def find(name: str, package: str | None = None) -> ModuleSpec | None:
        if name in ("cdktf", "cdktn"):
            return ModuleSpec(name, None) if name in names else None
        return real(name, package)

    monkeypatch.setattr(util, "find_spec", find)


@pytest.mark.parametrize("name", ["cdktf", "cdktn"])
def test_the_only_one_installed(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    installed(monkeypatch, name)
    assert choose() == name


@pytest.mark.parametrize("name", ["cdktf", "cdktn"])
def test_the_one_that_the_app_imported(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    installed(monkeypatch, "cdktf", "cdktn")
    monkeypatch.setitem(sys.modules, name, sys)
    assert choose() == name


def test_the_environment_decides(monkeypatch: pytest.MonkeyPatch) -> None:
    installed(monkeypatch, "cdktf", "cdktn")
    monkeypatch.setenv("SEGFORM_CDK", "cdktn")
    assert choose() == "cdktn"
    monkeypatch.setenv("SEGFORM_CDK", "pulumi")
    with pytest.raises(FrameworkError, match="pulumi"):
        choose()


def test_neither_and_both_are_errors_with_the_mend(monkeypatch: pytest.MonkeyPatch) -> None:
    installed(monkeypatch)
    with pytest.raises(FrameworkError, match="pip install"):
        choose()
    installed(monkeypatch, "cdktf", "cdktn")
    with pytest.raises(FrameworkError, match="SEGFORM_CDK"):
        choose()
