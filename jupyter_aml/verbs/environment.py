"""`environment`: what jobs run in, by name and version. Each verb is one call of the client."""

from pathlib import Path
from typing import Final

from jupyter_aml.verbs.assets import CREATED, Asset, add
from jupyter_aml.verbs.option import DESCRIPTION, TAGS, Option, name_of
from jupyter_aml.verbs.table import Noun

NOUN: Final = Noun(
    "environment",
    "Environments: what jobs run in, yours and the curated ones.",
    "environments",
    absent={"share": "there are no registries here yet."},
)
COLUMNS: Final = (
    ("Name", "name"),
    ("Version", "version"),
    ("Latest", "latest_version"),
    ("Image", "image"),
    ("Description", "description"),
    ("Tags", "tags"),
    CREATED,
)
FIELDS: Final = (
    name_of("environment", "its name", required=False),
    Option("--version", "VERSION", "its version; the next number when not given", short="-v"),
    Option("--image", "IMAGE", "a Docker image", short="-i"),
    Option("--conda-file", "FILE", "its packages: a conda YAML", short="-c", kind=Path, known="path"),
    Option("--build-context", "DIR", "a folder with a Dockerfile", short="-b", kind=Path, field="build.path"),
    Option("--dockerfile-path", "FILE", "the Dockerfile in it", short="-d", field="build.dockerfile_path"),
    DESCRIPTION,
    TAGS,
    Option("--os-type", "OS", "Linux or Windows", choices=("Linux", "Windows")),
    Option("--datastore", "NAME", "where a build context is uploaded to", known="datastore"),
)
add(
    Asset(
        NOUN,
        lambda ml: ml.environments,
        "load_environment",
        FIELDS,
        COLUMNS,
        (
            "aml environment create --name tools --image library/python:3.11 --conda-file conda.yml",
            "aml environment create -f environment.yml",
        ),
    )
)
