"""`ml_client.data`, `.models`, `.environments`, `.components`: SDK v2's operations. Translates; decides nothing."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar, Generic, TypeVar

from jupyter_aml.client.absent import AbsentCall
from jupyter_aml.client.views import archived_in
from jupyter_aml.constants import ListViewType
from jupyter_aml.data import uri
from jupyter_aml.entities.asset_record import AssetKind, AssetName, AssetRecord
from jupyter_aml.entities.component import Component, component_of
from jupyter_aml.entities.data import Data
from jupyter_aml.entities.draft import Draft
from jupyter_aml.entities.environment import Environment
from jupyter_aml.entities.model import Model
from jupyter_aml.entities.resource_record import ResourceRecord
from jupyter_aml.operations import assets, component_files, components, environments, models
from jupyter_aml.operations import data as data_assets
from jupyter_aml.operations.workspaces import Workspace

Asset = TypeVar("Asset", bound=Draft)


class AssetOperations(Generic[Asset]):
    """What every kind of asset can do. Versions are text; `get` takes a number too (§1.3)."""

    kind: ClassVar[AssetKind]

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def get(self, name: str, version: str | int | None = None, label: str | None = None) -> Asset:
        """One version, by number or by the label 'latest'.

        ValidationException unless exactly one of the two is given, ResourceNotFoundError with the nearest name.
        """
        number = None if version is None else str(version)
        return self._shown(assets.get(self._workspace, self.kind, name, number, label))

    def list(self, name: str | None = None, *, list_view_type: str = ListViewType.ACTIVE_ONLY) -> Iterator[Asset]:
        """The versions of `name`, newest first; without a name one container a name, with its `latest_version`."""
        archived = archived_in(list_view_type)
        if name is None:
            return (self._container(found) for found in assets.names(self._workspace, self.kind, archived=archived))
        found = assets.versions(self._workspace, self.kind, name, archived=archived)
        return (self._shown(record) for record in found)

    def archive(self, name: str, version: str | int | None = None, label: str | None = None, **_: object) -> None:
        """Hide one version from lists, or all of the name; jobs may still use it."""
        assets.archive(self._workspace, self.kind, name, None if version is None else str(version), label)

    def restore(self, name: str, version: str | int | None = None, label: str | None = None, **_: object) -> None:
        """Show an archived version, or the name, again."""
        number = None if version is None else str(version)
        assets.archive(self._workspace, self.kind, name, number, label, archived=False)

    def _shown(self, record: AssetRecord) -> Asset:
        return self._made(shown(self._workspace, record))

    def _container(self, found: AssetName) -> Asset:
        typed = {"type": found.type} if found.type else {}
        return self._made({"name": found.name, "latest_version": found.latest or None, **typed})

    def _made(self, fields: dict[str, Any]) -> Asset:
        raise NotImplementedError


class DataOperations(AssetOperations[Data]):
    """Data assets: files, folders and tables, by name and version."""

    kind = "data"
    import_data = AbsentCall("data", "data imports")
    list_materialization_status = AbsentCall("data", "data imports")
    mount = AbsentCall("data", "mounts outside of jobs")
    share = AbsentCall("data", "registries")

    def create_or_update(self, data: Data) -> Data:
        """Register a version; local files are uploaded first. AssetPathException for another path of a version."""
        return self._shown(data_assets.create(self._workspace, data))

    def _made(self, fields: dict[str, Any]) -> Data:
        return Data.of(fields)


class ModelOperations(AssetOperations[Model]):
    """Models, the same as in MLflow's registry."""

    kind = "model"
    package = AbsentCall("models", "model packages")
    share = AbsentCall("models", "registries")

    def create_or_update(self, model: Model) -> Model:
        """Register a version from a local path, a datastore, or a job's outputs."""
        return self._shown(models.create(self._workspace, model))

    def list(
        self, name: str | None = None, stage: str | None = None, *, list_view_type: str = ListViewType.ACTIVE_ONLY
    ) -> Iterator[Model]:
        """The versions of `name`, newest first, of one `stage` if asked; without a name one container a name."""
        if name is None:
            return super().list(list_view_type=list_view_type)
        found = models.select(self._workspace, name, stage, archived=archived_in(list_view_type))
        return (self._shown(record) for record in found)

    def download(self, name: str, version: str | int, download_path: str | Path = ".") -> None:
        """Copy the model's files to `<download_path>/<name>/`."""
        models.download(self._workspace, name, str(version), Path(download_path))

    def _made(self, fields: dict[str, Any]) -> Model:
        return Model.of(fields)


class EnvironmentOperations(AssetOperations[Environment]):
    """Environments: the user's own and the curated ones."""

    kind = "environment"
    share = AbsentCall("environments", "registries")

    def get(self, name: str, version: str | int | None = None, label: str | None = None) -> Environment:
        """One version, by number or by the label 'latest'; curated ones too."""
        number = None if version is None else str(version)
        return self._shown(environments.lookup(self._workspace, name, number, label))

    def list(self, name: str | None = None, *, list_view_type: str = ListViewType.ACTIVE_ONLY) -> Iterator[Environment]:
        """The versions of `name`, newest first; without a name one container a name, the user's own first."""
        archived = archived_in(list_view_type)
        if name is not None:
            return (self._shown(record) for record in environments.versions(self._workspace, name, archived=archived))
        return (self._container(found) for found in environments.names(self._workspace, archived=archived))

    def create_or_update(self, environment: Environment) -> Environment:
        """Register a version; equal content is the equal version (§6)."""
        return self._shown(environments.create(self._workspace, environment))

    def _made(self, fields: dict[str, Any]) -> Environment:
        return Environment.of(fields)


class ComponentOperations(AssetOperations[Component]):
    """Components: steps of pipelines, by name and version."""

    kind = "component"
    prepare_for_sign = AbsentCall("components", "signed components")
    validate = AbsentCall("components", "checks of a component that is not created")

    def create_or_update(
        self,
        component: Component | Callable[..., object],
        version: str | None = None,
        *,
        skip_validation: bool = False,  # noqa: ARG002 - SDK v2's keyword; checks here cost nothing
    ) -> Component:
        """Register a version, of a function with `@pipeline` too; equal content under the same number is the same."""
        if not isinstance(component, Component):
            from jupyter_aml.dsl.decorator import component_of as called

            component = called(component)
        return self._shown(components.create(self._workspace, component, version))

    def get(self, name: str, version: str | int | None = None, label: str | None = None) -> Component:
        """One version; the latest when neither a number nor a label is given."""
        number = None if version is None else str(version)
        return self._shown(components.get(self._workspace, name, number, label))

    def download(self, name: str, download_path: str | Path = ".", *, version: str | int | None = None) -> None:
        """Write `component_spec.yaml` and `code/` to `<download_path>/<name>/`: a folder that stands alone."""
        number = None if version is None else str(version)
        component_files.download(self._workspace, name, number, Path(download_path))

    def _made(self, fields: dict[str, Any]) -> Component:
        return component_of(fields)


def shown(workspace: Workspace, record: AssetRecord) -> dict[str, Any]:
    """A version as the SDK shows it: what was written, its id, the long form of its path, who made it when."""
    fields = {**record.spec, "id": assets.arm(workspace, record), "creation_context": context(record)}
    fields.pop("code_snapshot", None)
    if isinstance(path := fields.get("path"), str) and (place := uri.datastore_path(path)):
        fields["path"] = place.long(workspace.id)
    return fields


def context(record: AssetRecord | ResourceRecord) -> dict[str, object] | None:
    """`creation_context`: who created it, and when it was changed last; None for what was always there."""
    if not record.created_at:
        return None
    return {
        "created_by": record.created_by,
        "created_by_type": "User",
        "created_at": datetime.fromtimestamp(record.created_at, UTC),
        "last_modified_by": record.created_by,
        "last_modified_by_type": "User",
        "last_modified_at": datetime.fromtimestamp(record.modified_at, UTC),
    }
