"""SDK v1's Environment: SDK v2's, with the packages in its hands. Nothing is built here."""

import copy
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from jupyter_aml.entities import environment as v2
from jupyter_aml.entities.curated import CURATED, PREFIX
from jupyter_aml.entities.job_record import JobRecord
from jupyter_aml.exceptions import UserErrorException
from jupyter_aml.v1.arguments import meaningless, refuse_others
from jupyter_aml.v1.core.conda_dependencies import CondaDependencies
from jupyter_aml.v1.core.mappings import ByName

if TYPE_CHECKING:
    from jupyter_aml.v1.core.workspace import Workspace

DEFAULT_CPU_IMAGE: Final = "mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu20.04:20221101.v1"
DEFAULT_GPU_IMAGE: Final = "mcr.microsoft.com/azureml/openmpi4.1.0-cuda11.1-cudnn8-ubuntu20.04:20221101.v1"
_DEFINITION: Final = "azureml_environment.json"
_CONDA: Final = "conda_dependencies.yml"


@dataclass
class PythonSection:
    """Which Python: `conda_dependencies`, or whatever is there if `user_managed_dependencies`."""

    conda_dependencies: CondaDependencies = field(default_factory=CondaDependencies)
    user_managed_dependencies: bool = False
    interpreter_path: str = "python"
    conda_dependencies_file: str | None = None
    base_conda_environment: str | None = None


@dataclass
class DockerSection:
    """Which image. It is kept and not run: there is no container here."""

    base_image: str | None = DEFAULT_CPU_IMAGE
    base_dockerfile: str | None = None
    enabled: bool = False
    shm_size: str = "2g"
    arguments: list[str] = field(default_factory=list[str])
    base_image_registry: object = None


class Environment:
    """What a run's process finds around it.

    >>> env = Environment("tools")
    >>> env.python.conda_dependencies.add_conda_package("scikit-learn")
    >>> env.name, env.version
    ('tools', None)
    """

    def __init__(self, name: str, **others: object) -> None:
        refuse_others("Environment", others, "name")
        self.name: str = name
        self.version: str | None = None
        self.python = PythonSection()
        self.docker = DockerSection()
        self.environment_variables: dict[str, str] = {}
        self.inferencing_stack_version: str | None = None
        self.spark: object = None
        self.r: object = None

    # ── where it comes from ──

    @staticmethod
    def from_conda_specification(name: str, file_path: str | os.PathLike[str]) -> "Environment":
        """An environment with the packages of a conda file. UserErrorException when there is no such file."""
        made = Environment(name)
        made.python.conda_dependencies = CondaDependencies(file_path)
        return made

    @staticmethod
    def from_pip_requirements(
        name: str,
        file_path: str | os.PathLike[str],
        pip_version: str | None = None,
    ) -> "Environment":
        """An environment with the packages of a requirements file; `pip_version`: and with that pip."""
        try:
            lines = Path(file_path).read_text(encoding="utf-8").splitlines()
        except FileNotFoundError:
            raise UserErrorException(f"No such file or directory: {file_path}") from None
        made = Environment(name)
        wanted = [line.strip() for line in lines if line.strip() and not line.strip().startswith("#")]
        made.python.conda_dependencies.set_pip_requirements(wanted)
        if pip_version:
            made.python.conda_dependencies.add_conda_package(f"pip={pip_version}")
        return made

    @staticmethod
    def from_existing_conda_environment(name: str, conda_environment_name: str) -> "Environment | None":
        """An environment with what a conda environment of this machine holds; None when there is none."""
        import subprocess

        try:
            listed = subprocess.run(
                ["conda", "env", "export", "-n", conda_environment_name, "--json"],
                capture_output=True, text=True, check=True,
            )  # fmt: skip
        except (OSError, subprocess.CalledProcessError):
            return None
        made = Environment(name)
        made.python.conda_dependencies = CondaDependencies(_underlying_structure=json.loads(listed.stdout))
        return made

    @staticmethod
    def from_docker_image(
        name: str,
        image: str,
        container_registry: object = None,
        conda_specification: str | None = None,
        pip_requirements: str | None = None,
    ) -> "Environment":
        """An environment with an image's name, which is kept and not run, and with a file's packages if given.

        `container_registry` has no meaning here: no image is pulled.
        """
        meaningless("no image is pulled", container_registry=container_registry)
        made = _with_packages("from_docker_image", name, conda_specification, pip_requirements)
        made.docker.base_image = image
        return made

    @staticmethod
    def from_dockerfile(
        name: str,
        dockerfile: str | os.PathLike[str],
        conda_specification: str | None = None,
        pip_requirements: str | None = None,
    ) -> "Environment":
        """An environment with a Dockerfile: kept, with a file's packages if given, and refused when a run needs it."""
        made = _with_packages("from_dockerfile", name, conda_specification, pip_requirements)
        path = Path(dockerfile)
        made.docker.base_image = None
        made.docker.base_dockerfile = path.read_text(encoding="utf-8") if path.is_file() else str(dockerfile)
        return made

    @staticmethod
    def get(
        workspace: "Workspace", name: str, version: str | int | None = None, label: str | None = None
    ) -> "Environment":
        """A registered one, or one of Azure's; the newest without a version. ResourceNotFoundError for another name."""
        label = label or (None if version else "latest")
        return of_v2(workspace.client.environments.get(name, version, label))

    @staticmethod
    def list(workspace: "Workspace") -> ByName["Environment"]:
        """All of them, Azure's too, by name; of each the newest version."""
        names = (one.name or "" for one in workspace.client.environments.list())
        shown = (name for name in names if name not in CURATED or name.startswith(PREFIX))
        return ByName(shown, lambda name: Environment.get(workspace, name))

    # ── what becomes of it ──

    def register(self, workspace: "Workspace") -> "Environment":
        """Keep it in the workspace: the same content again is the same version."""
        made = of_v2(workspace.client.environments.create_or_update(self.draft()))
        self.version = made.version
        return made

    def build(self, workspace: "Workspace", image_build_compute: str | None = None) -> "Environment":
        """Register it; it is built when its first job needs it. `image_build_compute` has no meaning here."""
        meaningless("it is built by this machine", image_build_compute=image_build_compute)
        return self.register(workspace)

    def clone(self, new_name: str) -> "Environment":
        """A copy under another name."""
        made = copy.deepcopy(self)
        made.name, made.version = new_name, None
        return made

    def draft(self) -> v2.Environment:
        """SDK v2's draft of the same environment (ours). UnsupportedFieldError comes at submit for a Dockerfile."""
        conda = self.python.conda_dependencies.as_dict()
        if self.environment_variables:
            conda["variables"] = {**conda.get("variables", {}), **self.environment_variables}
        fields: dict[str, Any] = {"name": self.name, "version": self.version}
        if self.docker.base_dockerfile:
            fields["build"] = {"path": ".", "dockerfile_path": self.docker.base_dockerfile}
        else:
            fields["image"] = self.docker.base_image or DEFAULT_CPU_IMAGE
        if not self.python.user_managed_dependencies and "build" not in fields:
            fields["conda_file"] = conda
        return v2.Environment.of({key: value for key, value in fields.items() if value is not None})

    def save_to_directory(self, path: str | os.PathLike[str], overwrite: bool = False) -> None:
        """Write it into a folder. UserErrorException when one lies there already, unless `overwrite`."""
        folder = Path(path)
        if (folder / _DEFINITION).exists() and not overwrite:
            raise UserErrorException(f"'{folder}' holds an environment already.", resolution="Or overwrite=True.")
        folder.mkdir(parents=True, exist_ok=True)
        self.python.conda_dependencies.save(folder / _CONDA)
        said = {
            "name": self.name, "version": self.version, "environmentVariables": self.environment_variables,
            "python": {"userManagedDependencies": self.python.user_managed_dependencies, "condaDependencies": _CONDA},
            "docker": {"baseImage": self.docker.base_image, "baseDockerfile": self.docker.base_dockerfile},
        }  # fmt: skip
        (folder / _DEFINITION).write_text(json.dumps(said, indent=2), encoding="utf-8")

    @staticmethod
    def load_from_directory(path: str | os.PathLike[str]) -> "Environment":
        """What `save_to_directory` wrote. UserErrorException where it wrote nothing, or somebody else did."""
        folder = Path(path)
        try:
            said = _definition(json.loads((folder / _DEFINITION).read_text(encoding="utf-8")))
        except FileNotFoundError:
            raise UserErrorException(f"'{folder}' holds no environment.") from None
        except (ValueError, TypeError, KeyError) as error:
            raise UserErrorException(
                f"'{folder / _DEFINITION}' is not what save_to_directory wrote: {error}",
                resolution="Write it again: environment.save_to_directory(path, overwrite=True).",
            ) from error
        made = Environment.from_conda_specification(said["name"], folder / _CONDA)
        made.version, made.environment_variables = said["version"], said["variables"]
        made.python.user_managed_dependencies = said["userManaged"]
        made.docker.base_image, made.docker.base_dockerfile = said["image"], said["dockerfile"]
        return made

    def __repr__(self) -> str:
        """What it is made of, as JSON."""
        said = {
            "name": self.name, "version": self.version, "environmentVariables": self.environment_variables,
            "docker": {"baseImage": self.docker.base_image},
            "python": {
                "userManagedDependencies": self.python.user_managed_dependencies,
                "condaDependencies": self.python.conda_dependencies.as_dict(),
            },
        }  # fmt: skip
        return f"Environment({json.dumps(said, indent=4)})"


def _with_packages(call: str, name: str, conda: str | None, pip: str | None) -> Environment:
    """An environment with a file's packages; without one, with what its image brings."""
    if conda and pip:
        raise UserErrorException(f"{call}: conda_specification or pip_requirements, not both.")
    if conda:
        return Environment.from_conda_specification(name, conda)
    if pip:
        return Environment.from_pip_requirements(name, pip)
    made = Environment(name)
    made.python.user_managed_dependencies = True
    return made


def _definition(said: Mapping[str, Any]) -> dict[str, Any]:
    """What a written definition says. KeyError, TypeError or ValueError for anything else."""
    return {
        "name": said["name"], "version": said["version"], "variables": dict(said["environmentVariables"]),
        "userManaged": said["python"]["userManagedDependencies"],
        "image": said["docker"]["baseImage"], "dockerfile": said["docker"]["baseDockerfile"],
    }  # fmt: skip


def of_v2(found: v2.Environment) -> Environment:
    """The same as SDK v1 shows it."""
    made = Environment(found.name or "")
    made.version = found.version
    made.docker.base_image = found.image
    content = dict(found.conda_file or {})
    made.environment_variables = {str(key): str(text) for key, text in (content.pop("variables", None) or {}).items()}
    made.python.user_managed_dependencies = found.conda_file is None
    if found.conda_file is not None:
        made.python.conda_dependencies = CondaDependencies(_underlying_structure=content)
    return made


def of_job(job: JobRecord) -> Environment:
    """The environment that a job's YAML names or holds."""
    said = job.spec.get("environment")
    if isinstance(said, dict):
        return of_v2(v2.Environment.of({str(key): value for key, value in said.items()}))
    name, _, version = str(job.properties.get("environment", "")).partition(":")
    made = Environment(name)
    made.version = version or None
    made.python.user_managed_dependencies = True
    return made
