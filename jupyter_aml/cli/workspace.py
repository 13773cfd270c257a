"""`aml workspace …`: where jobs are kept. Each verb is one call of the client."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import click

from jupyter_aml.cli.command import noun as named
from jupyter_aml.cli.command import verb

if TYPE_CHECKING:
    from jupyter_aml import MLClient
    from jupyter_aml.client.resources import WorkspaceInfo

COLUMNS: Final = (("Name", "name"), ("ResourceGroup", "resource_group"), ("Location", "location"))


noun = named("workspace", "Where jobs, metrics and outputs are kept.")


@verb(noun, "show", columns=COLUMNS)
@click.option("-n", "--name", help="The workspace.  [default: config.json's, else the default one]")
def show(ml: MLClient, name: str | None) -> WorkspaceInfo:
    """The workspace that commands in this folder use."""
    return ml.workspaces.get(name)
