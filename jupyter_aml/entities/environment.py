"""An environment, as the SDK v2 writes it. Values only; nothing is built or looked up here."""

from pathlib import Path
from typing import Annotated, Any, ClassVar

import yaml
from pydantic import BeforeValidator, WithJsonSchema, field_validator

from jupyter_aml.entities.asset import Asset
from jupyter_aml.entities.draft import Draft, mapping
from jupyter_aml.entities.fields import Choice, Loose, PathText
from jupyter_aml.entities.requirements_file import whole
from jupyter_aml.exceptions import ValidationException

_Dockerfile = Annotated[str, BeforeValidator(lambda value: "Dockerfile" if value is None else value)]


class BuildContext(Draft):
    """A folder with a Dockerfile (SDK v2's BuildContext)."""

    path: PathText | None = None
    dockerfile_path: _Dockerfile = "Dockerfile"


class Route(Draft):
    """A route of a server in an environment's own image."""

    path: str
    port: int


class InferenceConfig(Draft):
    """The three routes of an image that serves by itself."""

    liveness_route: Route
    readiness_route: Route
    scoring_route: Route


class Environment(Asset):
    """What a job runs in: `image`, with or without a `conda_file` (path or dict), or a `build` context.

    `id` and `latest_version` are set on what the workspace returned.

    >>> Environment(name="tools", image="library/python:3.11").version is None
    True
    """

    yaml_requires: ClassVar[tuple[str, ...]] = ("name",)

    image: str | None = None
    build: BuildContext | None = None
    conda_file: Annotated[dict[str, Any], WithJsonSchema({"type": ["string", "object"]})] | None = None
    os_type: Annotated[str, Choice("Linux", "Windows")] = "Linux"
    datastore: str | None = None
    inference_config: Loose | None = None
    auto_delete_setting: Loose | None = None

    @field_validator("conda_file", mode="before")
    @classmethod
    def _conda(cls, value: object) -> object:
        return _read_conda(Path(value)) if isinstance(value, str | Path) else value

    @field_validator("inference_config", mode="before")
    @classmethod
    def _routes(cls, value: object) -> object:
        return None if value is None else InferenceConfig.of(mapping(value)).spec()


def _read_conda(path: Path) -> object:
    try:
        return whole(yaml.safe_load(path.read_text(encoding="utf-8")), path.parent)
    except (FileNotFoundError, IsADirectoryError) as error:
        raise ValidationException(
            f"conda_file: No such file or directory: {path}", resolution="conda_file takes a path or a dict."
        ) from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ValidationException(f"conda_file: {path} is not YAML: {error}") from error
