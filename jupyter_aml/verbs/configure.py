"""`configure`: what the command line takes where nothing is said. Each is one call of an operation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from jupyter_aml.exceptions import UserErrorException
from jupyter_aml.verbs.option import Option
from jupyter_aml.verbs.table import Verb

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from jupyter_aml import MLClient


def configure(ml: MLClient, *, defaults: Mapping[str, str], list_defaults: bool) -> Iterable[dict[str, str]] | None:
    """Remember defaults: group, workspace, subscription, location. An empty value (group='') forgets one.

    -w and -g win over them, and so does a config.json: it stands in the folder that the command is typed in.
    A workspace that is named so is that of notebooks, too, which are opened later and have no config.json.
    """
    from jupyter_aml.operations import groups

    if not defaults and not list_defaults:
        raise UserErrorException(
            "Nothing was said.", resolution="aml configure --defaults group=G workspace=W, or --list-defaults"
        )
    if defaults:
        groups.set_defaults(ml.workspace, defaults)
    if not list_defaults:
        return None
    return [{"name": name, "value": value} for name, value in groups.defaults(ml.workspace).items()]


NOUN: Final = Verb(
    "configure",
    configure,
    (
        Option("--defaults", "NAME=VALUE", "group=G workspace=W", short="-d", many=True, pair=True, blank=True),
        Option("--list-defaults", "", "show them", short="-l"),
    ),
    (("Name", "name"), ("Value", "value")),
    ("aml configure --defaults group=teaching workspace=lab", "aml configure --list-defaults -o table"),
)
