"""An environment, as the SDK v2 writes it. Values only; nothing is built or looked up here."""

from pathlib import Path
from typing import Any

import yaml
from pydantic import Field

from jupyter_aml.entities.draft import Draft
from jupyter_aml.exceptions import ValidationException


class BuildContext(Draft):
    """A folder with a Dockerfile (SDK v2's BuildContext)."""

    path: str
    dockerfile_path: str = "Dockerfile"


class Environment(Draft):
    """What a job runs in: `image`, with or without a `conda_file` (path or dict), or a `build` context.

    >>> Environment(name="tools", image="library/python:3.11").version is None
    True
    """

    name: str | None = None
    version: str | None = None
    description: str | None = None
    image: str | None = None
    build: BuildContext | None = None
    conda_file: dict[str, Any] | None = None
    tags: dict[str, str] = Field(default_factory=dict[str, str])
    properties: dict[str, str] = Field(default_factory=dict[str, str])
    os_type: str = "Linux"
    datastore: str | None = None
    inference_config: dict[str, Any] | None = None

    def __init__(self, *, conda_file: str | Path | dict[str, Any] | None = None, **fields: object) -> None:
        if isinstance(conda_file, str | Path):
            conda_file = _read_conda(Path(conda_file))
        super().__init__(conda_file=conda_file, **fields)


def _read_conda(path: Path) -> dict[str, Any]:
    try:
        return yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise ValidationException(
            f"No such file or directory: {path}", resolution="conda_file takes a path or a dict."
        ) from error
