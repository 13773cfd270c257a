"""SDK v1's Model: a version of a registered model. Translates; decides nothing."""

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NoReturn

from jupyter_aml.entities import model as v2
from jupyter_aml.entities.properties import stay
from jupyter_aml.exceptions import NotAvailableError, ResourceNotFoundError, UserErrorException
from jupyter_aml.operations import model_changes
from jupyter_aml.v1.arguments import meaningless, refuse
from jupyter_aml.v1.core.exceptions import WebserviceException

if TYPE_CHECKING:
    from jupyter_aml.v1.core.experiment import Experiment
    from jupyter_aml.v1.core.run import Run
    from jupyter_aml.v1.core.workspace import Workspace

_FRAMEWORK: Final = "azureml.modelFramework"
_FRAMEWORK_VERSION: Final = "azureml.modelFrameworkVersion"
_DOWNLOADED: Final = "azureml-models"
_SERVED: Final = "AZUREML_MODEL_DIR"
_INSTEAD: Final = "Say it in properties={…}, which are kept with the model."
_ALL_THERE: Final = "all that is known of a model is there at once"
_SERVICES: Final = "web services"


@dataclass(frozen=True, slots=True)
class Kept:
    """What is said of a model when it is registered (ours)."""

    name: str
    tags: Mapping[str, object] | None = None
    properties: Mapping[str, object] | None = None
    framework: str | None = None
    framework_version: str | None = None
    description: str | None = None

    def draft(self, path: str) -> v2.Model:
        """SDK v2's draft of it."""
        known = {_FRAMEWORK: self.framework, _FRAMEWORK_VERSION: self.framework_version}
        properties = {**(self.properties or {}), **{key: text for key, text in known.items() if text}}
        return v2.Model.of({
            "name": self.name, "path": path, "description": self.description or "",
            "tags": _texts(self.tags), "properties": _texts(properties),
        })  # fmt: skip


def registered(workspace: "Workspace", path: str, kept: Kept) -> "Model":
    """A new version, of files at that path or URI (ours)."""
    return Model.of(workspace, workspace.client.models.create_or_update(kept.draft(path)))


class Model:
    """A registered model: of a name the newest version, unless one is named, or it must have tags or properties.

    `expand` has no meaning: all that is known of it is there. WebserviceException when there is none.
    """

    class Framework(StrEnum):
        """Libraries that models come from, in Azure's words."""

        CUSTOM = "Custom"
        TENSORFLOW = "TensorFlow"
        SCIKITLEARN = "ScikitLearn"
        ONNX = "Onnx"
        KERAS = "Keras"
        PYTORCH = "PyTorch"
        MULTI = "Multi"

    def __init__(  # noqa: PLR0917 - SDK v1's signature
        self,
        workspace: "Workspace",
        name: str | None = None,
        id: str | None = None,
        tags: Iterable[Any] | None = None,
        properties: Iterable[Any] | None = None,
        version: int | str | None = None,
        run_id: str | None = None,
        model_framework: str | None = None,
        expand: bool = True,
    ) -> None:
        meaningless(_ALL_THERE, expand=expand)
        if id:
            name, _colon, version = id.rpartition(":")
        if not name:
            raise UserErrorException("Model: a name or an id is expected.", resolution="Model(ws, name='churn')")
        found = _select(workspace, name, tags, _of_framework(properties, model_framework), run_id)
        self.workspace = workspace
        self._shown = next((one for one in found if version is None or one.version == str(version)), None) or _none(
            name, version
        )

    @classmethod
    def of(cls, workspace: "Workspace", shown: v2.Model) -> "Model":
        """The same as SDK v2 shows it (ours)."""
        made = cls.__new__(cls)
        made.workspace = workspace
        vars(made)["_shown"] = shown
        return made

    # ── many of them ──

    @classmethod
    def register(  # noqa: PLR0917 - SDK v1's signature
        cls,
        workspace: "Workspace",
        model_path: str | os.PathLike[str],
        model_name: str,
        tags: Mapping[str, object] | None = None,
        properties: Mapping[str, object] | None = None,
        description: str | None = None,
        datasets: object = None,
        model_framework: str | None = None,
        model_framework_version: str | None = None,
        child_paths: Sequence[str] | None = None,
        sample_input_dataset: object = None,
        sample_output_dataset: object = None,
        resource_configuration: object = None,
    ) -> "Model":
        """Register a file or folder of this machine as the next version of a model.

        UnsupportedFieldError for datasets, samples, `child_paths` and resources, which are not kept with one.
        """
        refuse("Model.register", "Register a folder with those files alone.", child_paths=child_paths)
        refuse(
            "Model.register", _INSTEAD, datasets=datasets, sample_input_dataset=sample_input_dataset,
            sample_output_dataset=sample_output_dataset, resource_configuration=resource_configuration,
        )  # fmt: skip
        kept = Kept(model_name, tags, properties, model_framework, model_framework_version, description)
        return registered(workspace, os.fspath(model_path), kept)

    @staticmethod
    def list(  # noqa: PLR0917 - as above
        workspace: "Workspace",
        name: str | None = None,
        tags: Iterable[Any] | None = None,
        properties: Iterable[Any] | None = None,
        run_id: str | None = None,
        latest: bool = False,
        dataset_id: str | None = None,
        expand: bool = True,
        page_count: int = 255,
        model_framework: str | None = None,
    ) -> "list[Model]":
        """The models of a workspace, the newest first; of each name the newest version only, if `latest`.

        `expand` and `page_count` have no meaning; UnsupportedFieldError for `dataset_id`, which is not kept.
        """
        meaningless(_ALL_THERE, expand=expand, page_count=page_count)
        refuse("Model.list", "Choose by tags or properties.", dataset_id=dataset_id)
        properties = _of_framework(properties, model_framework)
        names = [name] if name else [one.name or "" for one in workspace.client.models.list()]
        groups = [_select(workspace, one, tags, properties, run_id) for one in names]
        found = [model for group in groups for model in (group[:1] if latest else group)]
        return [Model.of(workspace, model) for model in sorted(found, key=_created, reverse=True)]

    @staticmethod
    def get_model_path(model_name: str, version: int | None = None, _workspace: "Workspace | None" = None) -> str:
        """Where the files of a model are: in a service its own folder, else a copy that is made now.

        WebserviceException when there is no such model.
        """
        if served := os.environ.get(_SERVED):
            return str(Path(served, model_name, str(version or 1)))
        from jupyter_aml.v1.core.workspace import Workspace

        model = Model(_workspace or Workspace.default(), model_name, version=version)
        return model.download(f"{_DOWNLOADED}/{model_name}/{model.version}", exist_ok=True)

    # ── served ──

    @staticmethod
    def deploy(*given: object, **named: object) -> NoReturn:
        """Refused: NotAvailableError, for SDK v1's web services are not available locally."""
        meaningless("nothing is deployed", given=given, named=named)
        raise NotAvailableError.of("Model.deploy", _SERVICES)

    @staticmethod
    def package(*given: object, **named: object) -> NoReturn:
        """Refused, as `deploy`."""
        meaningless("nothing is packed", given=given, named=named)
        raise NotAvailableError.of("Model.package", _SERVICES)

    @staticmethod
    def profile(*given: object, **named: object) -> NoReturn:
        """Refused, as `deploy`."""
        meaningless("nothing is measured", given=given, named=named)
        raise NotAvailableError.of("Model.profile", _SERVICES)

    # ── one of them ──

    @property
    def name(self) -> str:
        return self._shown.name or ""

    @property
    def version(self) -> int:
        return int(self._shown.version or 0)

    @property
    def id(self) -> str:
        return f"{self.name}:{self._shown.version}"

    @property
    def description(self) -> str:
        return self._shown.description or ""

    @property
    def tags(self) -> dict[str, str]:
        return dict(self._shown.tags)

    @property
    def properties(self) -> dict[str, str]:
        return {
            key: text for key, text in self._shown.properties.items() if key not in {_FRAMEWORK, _FRAMEWORK_VERSION}
        }

    @property
    def model_framework(self) -> str:
        return self._shown.properties.get(_FRAMEWORK, "Custom")

    @property
    def model_framework_version(self) -> str | None:
        return self._shown.properties.get(_FRAMEWORK_VERSION)

    @property
    def url(self) -> str:
        return self._shown.path or ""

    @property
    def run_id(self) -> str | None:
        return self._shown.job_name

    @property
    def run(self) -> "Run | None":
        """The run that it came from."""
        from jupyter_aml.v1.core.run import Run

        return Run.get(self.workspace, self.run_id) if self.run_id else None

    @property
    def experiment(self) -> "Experiment | None":
        """The experiment of that run."""
        return self.run.experiment if self.run else None

    @property
    def created_time(self) -> datetime | None:
        return self._shown.creation_context.created_at if self._shown.creation_context else None

    @property
    def created_by(self) -> str | None:
        return self._shown.creation_context.created_by if self._shown.creation_context else None

    def download(self, target_dir: str = ".", exist_ok: bool = False, exists_ok: bool | None = None) -> str:
        """Copy its files into a folder; where they are. WebserviceException when they are there, unless `exist_ok`."""
        made = model_changes.copy_to(
            self.workspace.client.workspace,
            self.name,
            str(self.version),
            Path(target_dir),
            may_exist=bool(exists_ok or exist_ok),
        )
        if made is None:
            raise WebserviceException(
                f"Files of '{self.id}' are in '{target_dir}' already.", resolution="exist_ok=True"
            )
        return str(made)

    def add_tags(self, tags: Mapping[str, object]) -> None:
        """Set these tags; the others stay."""
        self._describe({"tags": {**self.tags, **_texts(tags)}})

    def remove_tags(self, tags: Iterable[str]) -> None:
        """Take these tags away."""
        gone = set(tags)
        self._describe({"tags": {key: text for key, text in self.tags.items() if key not in gone}})

    def add_properties(self, properties: Mapping[str, object]) -> None:
        """Add properties. UserErrorException for one that is there with another value: they never change."""
        stay(self._shown.properties, _texts(properties))
        self._describe({"properties": {**self._shown.properties, **_texts(properties)}})

    def update(
        self,
        tags: Mapping[str, object] | None = None,
        description: str | None = None,
        sample_input_dataset: object = None,
        sample_output_dataset: object = None,
        resource_configuration: object = None,
    ) -> None:
        """Say something else of it; `tags` are all that it has from now on. UnsupportedFieldError for the others."""
        refuse(
            "model.update", _INSTEAD, sample_input_dataset=sample_input_dataset,
            sample_output_dataset=sample_output_dataset, resource_configuration=resource_configuration,
        )  # fmt: skip
        said = {"tags": None if tags is None else _texts(tags), "description": description}
        self._describe({key: value for key, value in said.items() if value is not None})

    def delete(self) -> None:
        """Forget this version, in MLflow's registry too. Files of a run stay with the run."""
        model_changes.delete(self.workspace.client.workspace, self.name, str(self.version))

    def serialize(self) -> dict[str, Any]:
        """All that is known of it, as a dict."""
        return {
            "createdTime": self.created_time, "description": self.description, "id": self.id, "name": self.name,
            "version": self.version, "tags": self.tags, "properties": self.properties, "runId": self.run_id,
            "url": self.url, "framework": self.model_framework, "frameworkVersion": self.model_framework_version,
        }  # fmt: skip

    def _describe(self, changes: Mapping[str, Any]) -> None:
        stored = model_changes.described(self.workspace.client.workspace, self.name, str(self.version), changes)
        self._shown = self.workspace.client.models.get(stored.name, stored.version)

    def __repr__(self) -> str:
        """As SDK v1 prints it."""
        return (
            f"Model(workspace={self.workspace!r}, name={self.name}, id={self.id}, version={self.version}, "
            f"tags={self.tags}, properties={self.properties})"
        )


def _select(
    workspace: "Workspace", name: str, tags: Iterable[Any] | None, properties: Iterable[Any] | None, run_id: str | None
) -> list[v2.Model]:
    try:
        known = list(workspace.client.models.list(name))
    except ResourceNotFoundError:
        return []
    return [
        one for one in known
        if _has(one.tags, tags) and _has(one.properties, properties) and run_id in {None, one.job_name}
    ]  # fmt: skip


def _has(known: Mapping[str, str], wanted: Iterable[Any] | None) -> bool:
    """Whether each is there: a name, or a name and its value. SDK v1 takes lists of either, and dicts."""
    asked = list(wanted.items()) if isinstance(wanted, Mapping) else list(wanted or ())
    pairs = [(one, None) if isinstance(one, str) else (one[0], one[1] if one[1:] else None) for one in asked]
    return all(key in known and value in {None, known[key]} for key, value in pairs)


def _of_framework(properties: Iterable[Any] | None, framework: str | None) -> list[Any]:
    """What a model's properties must be, with its framework among them."""
    asked = list(properties.items()) if isinstance(properties, Mapping) else list(properties or ())
    return [*asked, *([(_FRAMEWORK, framework)] if framework else [])]


def _none(name: str, version: object) -> v2.Model:
    which = f" and version {version}" if version else ""
    raise WebserviceException(
        f"ModelNotFound: Model with name {name}{which} not found in provided workspace",
        resolution="Model.list(ws) shows what there is.",
    )


def _created(model: v2.Model) -> tuple[float, int]:
    made = model.creation_context.created_at if model.creation_context else None
    return (made.timestamp() if made else 0.0, int(model.version or 0) if (model.version or "").isdecimal() else 0)


def _texts(given: Mapping[str, object] | None) -> dict[str, str]:
    return {key: str(value) for key, value in (given or {}).items()}
