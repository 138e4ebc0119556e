"""Where a process of the provider keeps what it has to remember."""

from __future__ import annotations

from pathlib import Path

from segform_provider.session import _project


def test_plain_terraform_keeps_it_in_the_working_folder(tmp_path: Path) -> None:
    assert _project(tmp_path) == tmp_path


def test_the_cdk_keeps_it_beside_its_output_folder(tmp_path: Path) -> None:
    """`cdktf.out` is thrown away with every fresh synth."""
    stack = tmp_path / "app" / "out" / "stacks" / "shop"
    stack.mkdir(parents=True)
    (stack / "cdk.tf.json").write_text("{}")
    assert _project(stack) == stack
    (tmp_path / "app" / "out" / "manifest.json").write_text("{}")
    # `out/stacks/shop`: two up is the output folder, its parent the app.
    assert _project(stack) == tmp_path / "app"
