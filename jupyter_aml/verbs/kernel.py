"""`kernel`: the Jupyter kernel "Azure ML (local)", in which notebooks written for the cloud run as they are."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from jupyter_aml.exceptions import UserErrorException
from jupyter_aml.verbs.option import Option, name_of
from jupyter_aml.verbs.table import Noun

if TYPE_CHECKING:
    from jupyter_aml import MLClient

NOUN: Final = Noun("kernel", 'The Jupyter kernel "Azure ML (local)", for notebooks written for the cloud.', "kernels")
COLUMNS: Final = (("Name", "name"), ("DisplayName", "display_name"), ("State", "state"), ("Folder", "folder"))
PLACE: Final = (
    Option("--user", "", "for you, whichever Python starts Jupyter"),
    Option("--sys-prefix", "", "for this Python's environment (the default)"),
    Option("--prefix", "DIR", "below this folder: DIR/share/jupyter/kernels", kind=Path, known="folder"),
)


@NOUN.verb(
    "install",
    name_of("", "its name; azureml-local when not given", required=False),
    *PLACE,
    Option("--no-aliases", "", "not under the names of Azure's own kernels, which public notebooks ask for"),
    Option("--replace", "", "write over kernels of these names that are somebody else's"),
    columns=COLUMNS,
    examples=("aml kernel install", "aml kernel install --user --no-aliases"),
)
def install(ml: MLClient, *, name: str | None, no_aliases: bool, replace: bool, **where: str | bool | None) -> object:
    """Add the kernel to Jupyter's menus, also under the names that public notebooks ask for.

    Its notebooks find `azure.ai.ml`, `azureml.core` and their kin here, and an `az` that knows `az ml`. The names are
    python310-sdkv2, python38-azureml and python3-azureml, never python3; one that is somebody else's stays.
    """
    from jupyter_aml.operations import kernels

    del ml
    aliases = () if no_aliases else kernels.ALIASES
    return kernels.install(_place(where), name or kernels.NAME, aliases=aliases, replace=replace)


@NOUN.verb("list", PLACE[2], columns=COLUMNS)
def list_(ml: MLClient, *, prefix: str | None) -> object:
    """Our kernels, where Jupyter looks for them or below a folder."""
    from jupyter_aml.operations import kernels

    del ml
    return kernels.every([kernels.place(user=False, prefix=prefix)] if prefix else kernels.searched())


@NOUN.verb("remove", name_of("", "its name; all of ours when not given", required=False), *PLACE, columns=COLUMNS)
def remove(ml: MLClient, *, name: str | None, **where: str | bool | None) -> object:
    """Remove our kernels and their aliases; those of others stay."""
    from jupyter_aml.operations import kernels

    del ml
    return kernels.remove(_place(where), name)


def _place(where: dict[str, str | bool | None]) -> Path:
    from jupyter_aml.operations import kernels

    said = [name for name, value in where.items() if value]
    if len(said) > 1:
        raise UserErrorException("--user, --sys-prefix and --prefix exclude each other.")
    prefix = where.get("prefix")
    return kernels.place(user=bool(where.get("user")), prefix=prefix if isinstance(prefix, str) else None)
