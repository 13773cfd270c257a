"""`aml compute …`: where jobs run. Each verb is one call of the client."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

import click

from jupyter_aml.cli.command import noun as named
from jupyter_aml.cli.command import verb

if TYPE_CHECKING:
    from jupyter_aml import MLClient
    from jupyter_aml.entities.compute import AmlCompute

COLUMNS: Final = (("Name", "name"), ("Type", "type"), ("Min", "min_instances"), ("Max", "max_instances"))


noun = named("compute", "Where jobs run.")


@verb(noun, "list", columns=COLUMNS)
@click.option("-t", "--type", "kind", help="Only this kind: AmlCompute.")
def list_(ml: MLClient, kind: str | None) -> Iterable[AmlCompute]:
    """Every compute of the workspace."""
    return ml.compute.list(compute_type=kind)


@verb(noun, "show", columns=COLUMNS)
@click.option("-n", "--name", required=True, help="The compute's name.")
def show(ml: MLClient, name: str) -> AmlCompute:
    """One compute."""
    return ml.compute.get(name)
