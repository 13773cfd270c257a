"""An environment, as the SDK v2 writes it. Values only; nothing is built or looked up here."""

from pathlib import Path
from typing import Any

import yaml
from pydantic import Field, field_validator

from jupyter_aml.entities.draft import Draft
from jupyter_aml.exceptions import ValidationException


class BuildContext(Draft):
    """A folder with a Dockerfile (SDK v2's BuildContext)."""

    path: str
    dockerfile_path: str = "Dockerfile"


class Environment(Draft):
    """What a job runs in: `image`, with or without a `conda_file` (path or dict), or a `build` context.

    `id` and `latest_version` are set on what the workspace returned.

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
    id: str | None = None
    latest_version: str | None = None

    @field_validator("version", mode="before")
    @classmethod
    def _text(cls, value: object) -> object:
        if value is not None and not isinstance(value, str):
            message = f"Asset version must be a string, not type {type(value)}."
            raise ValueError(message)
        return value

    @field_validator("conda_file", mode="before")
    @classmethod
    def _conda(cls, value: object) -> object:
        return _read_conda(Path(value)) if isinstance(value, str | Path) else value


def _read_conda(path: Path) -> object:
    try:
        return yaml.safe_load(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, IsADirectoryError) as error:
        raise ValidationException(
            f"No such file or directory: {path}", resolution="conda_file takes a path or a dict."
        ) from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ValidationException(f"conda_file: {path} is not YAML: {error}") from error
