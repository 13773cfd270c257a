"""`component`: the steps of pipelines, by name and version. Each verb is one call of the client."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from jupyter_aml.verbs.assets import CREATED, Asset, add
from jupyter_aml.verbs.option import DESCRIPTION, TAGS, Option, name_of, version_of
from jupyter_aml.verbs.table import Noun

if TYPE_CHECKING:
    from jupyter_aml import MLClient

NOUN: Final = Noun(
    "component",
    "Components: the steps of pipelines.",
    "components",
    absent={"share": "there are no registries here yet."},
)
COLUMNS: Final = (
    ("Name", "name"),
    ("Version", "version"),
    ("Latest", "latest_version"),
    ("Type", "type"),
    ("DisplayName", "display_name"),
    ("Description", "description"),
    CREATED,
)
FIELDS: Final = (
    name_of("component", "its name", required=False),
    Option("--version", "VERSION", "its version; the next number when not given", short="-v"),
    Option("--display-name", "TEXT", "what lists show"),
    DESCRIPTION,
    TAGS,
)
WHERE: Final = Option("--download-path", "DIR", "the folder to put it in: this one", short="-p", known="path")
add(
    Asset(NOUN, lambda ml: ml.components, "load_component", FIELDS, COLUMNS, ("aml component create -f component.yml",))
)


@NOUN.verb("download", name_of("component", "its name"), version_of("component"), WHERE, done="Downloaded {name}.")
def download(ml: MLClient, *, name: str, version: str | None, download_path: str | None) -> None:
    """Write a component's YAML and code into a folder of its name."""
    ml.components.download(name, download_path or ".", version=version)
