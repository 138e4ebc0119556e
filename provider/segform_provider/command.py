"""`segform provider`: put the provider where Terraform finds it."""

from __future__ import annotations

from pathlib import Path

import click

from . import install as installation


@click.group()
def command() -> None:
    """Put the provider where Terraform finds it.

    The provider runs in the Python environment that segform is installed in; Terraform gets a
    link to a small launcher. In a configuration it is named

    \b
        terraform {
          required_providers {
            segment = { source = "segform.internal/segform/segment" }
          }
        }

    Apps with the CDKTF constructs need neither command: they link it at synth.
    """


@command.command()
def install() -> None:
    """Link the provider for all configurations of this user.

    Writes one link below ~/.terraform.d/plugins. Run it again after the Python environment was
    moved or segform was upgraded.
    """
    _run(None)


@command.command()
@click.argument("directory", metavar="DIR", type=click.Path(path_type=Path))
def link(directory: Path) -> None:
    """Link the provider for the one configuration in DIR.

    Writes one link below DIR/terraform.d/plugins and brings the provider's entry in
    DIR/.terraform.lock.hcl up to date; entries of other providers stay as they are.
    """
    _run(directory)


def _run(directory: Path | None) -> None:
    try:
        if directory is None:
            place = installation.install()
        else:
            place = installation.link(directory)
            change = installation.write_lock(directory)
            click.echo(f"{directory / installation.LOCK_FILE}: entry {change}")
        click.echo(f"linked: {place}")
        hindrance = installation.obstacle()
    except installation.InstallError as error:
        raise click.ClickException(str(error)) from error
    except OSError as error:
        raise click.ClickException(f"{error.filename}: {error.strerror}") from error
    if hindrance is not None:
        raise click.ClickException(hindrance)
