"""`data`: what jobs read, by name and version. Each verb is one call of the client."""

from pathlib import Path
from typing import Final

from jupyter_aml.verbs.assets import CREATED, Asset, add
from jupyter_aml.verbs.option import DESCRIPTION, TAGS, Option, name_of
from jupyter_aml.verbs.table import Noun

NOUN: Final = Noun(
    "data",
    "Data assets: what jobs read, by name and version.",
    "data assets",
    absent={
        "share": "there are no registries here yet.",
        "mount": "a job reads data by its inputs; a notebook by its path: pandas.read_csv('azureml://…').",
        "import": "nothing is imported from databases; download it, and create data from the file.",
        "list-materialization-status": "nothing is imported from databases, so nothing materializes.",
    },
)
TYPES: Final = ("uri_file", "uri_folder", "mltable")
COLUMNS: Final = (
    ("Name", "name"),
    ("Version", "version"),
    ("Latest", "latest_version"),
    ("Type", "type"),
    ("Description", "description"),
    ("Tags", "tags"),
    CREATED,
    ("Path", "path"),
)
FIELDS: Final = (
    name_of("data", "its name", required=False),
    Option("--version", "VERSION", "its version; the next number when not given", short="-v"),
    Option("--type", "TYPE", "what lies at the path", short="-t", choices=TYPES),
    Option("--path", "PATH", "where it is: a local path (uploaded) or a URI", short="-p", kind=Path, known="path"),
    DESCRIPTION,
    TAGS,
    Option("--datastore", "NAME", "where a local path is uploaded to", known="datastore"),
)
add(
    Asset(
        NOUN,
        lambda ml: ml.data,
        "load_data",
        FIELDS,
        COLUMNS,
        (
            "aml data create --name iris --path ./data --type uri_folder",
            "aml data create -f data.yml --set tags.source=lab",
        ),
    )
)
