"""SDK v1's Workspace: a name for an open MLClient. Nothing is stored here."""

import json
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self

from jupyter_aml.client import MLClient
from jupyter_aml.entities.workspace_resource import Workspace as WorkspaceDraft
from jupyter_aml.exceptions import ResourceExistsError, UserErrorException, ValidationException
from jupyter_aml.operations import datastores, experiments, workspaces
from jupyter_aml.v1.arguments import meaningless, refuse, refuse_others
from jupyter_aml.v1.core.mappings import ByName

if TYPE_CHECKING:
    from jupyter_aml.v1.core.environment import Environment
    from jupyter_aml.v1.core.experiment import Experiment
    from jupyter_aml.v1.core.keyvault import Keyvault
    from jupyter_aml.v1.core.model import Model

_FOLDERS: Final = ("aml_config", ".azureml")
_CORE: Final = "jupyter_aml.v1.core"
_WHICH: Final = ("name", "auth", "subscription_id", "resource_group", "workspace_name")
_OF_A_CLOUD: Final = frozenset(
    "sku tags storage_account key_vault app_insights container_registry adb_workspace cmk_keyvault resource_cmk_uri "
    "primary_user_assigned_identity hbi_workspace user_assigned_identity_for_cmk_encryption image_build_compute "
    "system_datastores_auth_mode private_endpoint_config private_endpoint_auto_approval v1_legacy_mode "
    "public_network_access".split()
)
"""What a workspace of the cloud has around it, and one on one machine has not."""


class Workspace:
    """A workspace, as in `azureml.core`; `client` (ours) is SDK v2's way into the same one.

    `auth`, clouds, `sku` and the `tags` of one that is there have no meaning here.

    >>> Workspace.default().name
    'default'
    """

    def __init__(
        self, subscription_id: str, resource_group: str, workspace_name: str, auth: object = None, **others: object
    ) -> None:
        refuse_others("Workspace", {name: others[name] for name in others.keys() - _OF_A_CLOUD}, *_WHICH)
        self.client = MLClient(auth or "local", subscription_id, resource_group, workspace_name)

    @classmethod
    def of(cls, client: MLClient) -> Self:
        """The workspace that a client is open on (ours)."""
        made = cls.__new__(cls)
        made.client = client
        return made

    @classmethod
    def default(cls) -> Self:
        """The chosen workspace, or the nearest config.json's, or the default one (ours)."""
        return cls.of(MLClient.default())

    @classmethod
    def from_config(
        cls,
        path: str | Path | None = None,
        auth: object = None,
        _logger: object = None,
        _file_name: str | None = None,
    ) -> Self:
        """The workspace in config.json, found by Azure's rules. UserErrorException when there is none."""
        try:
            return cls.of(MLClient.from_config(auth, path=path, file_name=_file_name))
        except ValidationException as error:
            raise UserErrorException(error.message, resolution=error.resolution) from None

    @classmethod
    def get(  # noqa: PLR0917 - SDK v1's signature: public code gives them by place
        cls,
        name: str,
        auth: object = None,
        subscription_id: str | None = None,
        resource_group: str | None = None,
        location: str | None = None,
        cloud: str | None = None,
        id: str | None = None,
        **others: object,
    ) -> Self:
        """The workspace of that name; of the current subscription and group, unless they are named.

        `location`, `cloud` and `id` have no meaning here: its name is enough.
        """
        refuse_others("Workspace.get", others, *_WHICH)
        meaningless("its name is enough", location=location, cloud=cloud, id=id)
        here = MLClient.default()
        return cls(subscription_id or here.subscription_id, resource_group or here.resource_group_name, name, auth)

    @classmethod
    def create(  # noqa: PLR0917 - SDK v1's signature
        cls,
        name: str,
        auth: object = None,
        subscription_id: str | None = None,
        resource_group: str | None = None,
        location: str | None = None,
        create_resource_group: bool = True,
        sku: str = "basic",
        tags: Mapping[str, str] | None = None,
        friendly_name: str | None = None,
        *,
        description: str | None = None,
        exist_ok: bool = False,
        show_output: bool = True,
        default_cpu_compute_target: object = None,
        default_gpu_compute_target: object = None,
        **others: object,
    ) -> Self:
        """A new workspace. ResourceExistsError when there is one of that name, unless `exist_ok`.

        What it would use in the cloud (`key_vault`, `storage_account`, `sku` …), and whether its group is made, have
        no meaning here: everything lies in one folder of this machine.
        """
        refuse_others("Workspace.create", {key: others[key] for key in others.keys() - _OF_A_CLOUD}, *_OF_A_CLOUD)
        meaningless("it is one folder", create_resource_group=create_resource_group, sku=sku, show_output=show_output)
        refuse(
            "Workspace.create",
            "Make the compute yourself: ComputeTarget.create(ws, name, …).",
            default_cpu_compute_target=default_cpu_compute_target,
            default_gpu_compute_target=default_gpu_compute_target,
        )
        made = cls.get(name, auth, subscription_id, resource_group)
        if workspaces.folder_of(made.client.workspace.id).database.exists() and not exist_ok:
            raise ResourceExistsError(f"Workspace with name '{name}' already exists.", resolution="Or exist_ok=True.")
        said = {
            "location": location,
            "display_name": friendly_name,
            "description": description,
            "tags": dict(tags or {}),
        }
        draft = WorkspaceDraft.of({"name": name, **{key: value for key, value in said.items() if value}})
        made.client.workspaces.begin_create(draft).result()
        return made

    @classmethod
    def list(
        cls, subscription_id: str, auth: object = None, resource_group: str | None = None
    ) -> "dict[str, list[Workspace]]":
        """The workspaces of a subscription, or of one of its groups, by name: a list each."""
        client = MLClient(auth or "local", subscription_id, resource_group or "all")
        found: dict[str, list[Workspace]] = {}
        for one in client.workspaces.list(scope="resource_group" if resource_group else "subscription"):
            found.setdefault(one.name, []).append(cls(subscription_id, one.resource_group or "", one.name, auth))
        return found

    def write_config(self, path: str | Path | None = None, file_name: str | None = None) -> None:
        """Write `<path>/.azureml/config.json`, or into an `aml_config` folder that is there; here without a path."""
        root = Path(path or ".")
        folder = root / (_FOLDERS[0] if (root / _FOLDERS[0]).is_dir() else _FOLDERS[1])
        folder.mkdir(parents=True, exist_ok=True)
        said = {"Id": None, "Scope": self._arm}
        (folder / (file_name or "config.json")).write_text(json.dumps(said), encoding="utf-8")

    # ── who it is ──

    @property
    def name(self) -> str:
        """The workspace's name."""
        return self.client.workspace_name

    @property
    def resource_group(self) -> str:
        """The resource group's name."""
        return self.client.resource_group_name

    @property
    def subscription_id(self) -> str:
        """The subscription's id."""
        return self.client.subscription_id

    @property
    def location(self) -> str:
        """Where it would be."""
        return self.client.workspaces.get().location or ""

    @property
    def tags(self) -> dict[str, str]:
        """Its tags."""
        return dict(self.client.workspaces.get().tags or {})

    def get_details(self) -> dict[str, Any]:
        """All that is known of it, as Azure's service says it."""
        shown = self.client.workspaces.get()
        return {
            "id": self._arm, "name": self.name, "location": self.location,
            "type": "Microsoft.MachineLearningServices/workspaces",
            "tags": self.tags, "sku": "Basic", "workspaceid": self.client.workspace.id.guid,
            "sdkTelemetryAppInsightsKey": "", "description": shown.description or "",
            "friendlyName": shown.display_name,
            "keyVault": shown.key_vault, "applicationInsights": shown.application_insights,
            "storageAccount": shown.storage_account, "provisioningState": "Succeeded",
            "discoveryUrl": shown.discovery_url,
        }  # fmt: skip

    def get_mlflow_tracking_uri(self, with_auth: bool = False) -> str:
        """What `mlflow.set_tracking_uri` takes to log here. `with_auth` has no meaning: nobody asks who logs."""
        meaningless("nobody asks who logs", with_auth=with_auth)
        self.client.workspace.runs.experiment_id("Default")  # it is there from now on, and so is its database
        return self.client.workspace.tracking_uri

    # ── what it holds ──

    @property
    def experiments(self) -> ByName["Experiment"]:
        """Its experiments: those that have runs, and are not archived."""
        return ByName(experiments.names(self.client.workspace), self.experiment)

    def experiment(self, name: str) -> "Experiment":
        """The experiment of that name (ours)."""
        return import_module(f"{_CORE}.experiment").Experiment(self, name)

    @property
    def environments(self) -> ByName["Environment"]:
        """Its environments, those of Azure too; of each the newest version."""
        return import_module(f"{_CORE}.environment").Environment.list(self)

    @property
    def models(self) -> ByName["Model"]:
        """Its models; of each the newest version."""
        model = import_module(f"{_CORE}.model").Model
        return ByName((one.name or "" for one in self.client.models.list()), lambda name: model(self, name))

    @property
    def compute_targets(self) -> ByName[Any]:
        """Its compute targets."""
        target = import_module(f"{_CORE}.compute").ComputeTarget
        return ByName((one.name or "" for one in self.client.compute.list()), lambda name: target(self, name))

    @property
    def datastores(self) -> ByName[Any]:
        """Its datastores."""
        store = import_module(f"{_CORE}.datastore").Datastore
        return ByName((one.name or "" for one in self.client.datastores.list()), lambda name: store.get(self, name))

    @property
    def datasets(self) -> ByName[Any]:
        """Its datasets: the data assets; of each the newest version."""
        dataset = import_module(f"{_CORE}.dataset").Dataset
        return ByName((one.name or "" for one in self.client.data.list()), lambda name: dataset.get_by_name(self, name))

    @property
    def webservices(self) -> dict[str, Any]:
        """None: web services are not available locally."""
        return {}

    images = linked_services = private_endpoints = webservices

    def get_default_datastore(self) -> Any:  # noqa: ANN401 - another room's class
        """Its default datastore."""
        store = import_module(f"{_CORE}.datastore").Datastore
        return store.get(self, self.client.datastores.get_default().name)

    def set_default_datastore(self, name: Any) -> None:  # noqa: ANN401 - a name, or a datastore
        """Another one is the default from now on."""
        datastores.set_default(self.client.workspace, getattr(name, "name", name))

    def get_default_keyvault(self) -> "Keyvault":
        """Its secrets."""
        return import_module(f"{_CORE}.keyvault").Keyvault(self)

    def get_default_compute_target(self, type: str) -> Any:  # noqa: ANN401 - another room's class
        """The compute target for jobs on a CPU; none for a GPU. UserErrorException for another `type`."""
        if type.upper() not in {"CPU", "GPU"}:
            raise UserErrorException(f"type: '{type}' is neither CPU nor GPU.")
        return next(iter(self.compute_targets.values()), None) if type.upper() == "CPU" else None

    def delete(self, delete_dependent_resources: bool = False, no_wait: bool = False) -> None:
        """Delete it and all that it holds. UserErrorException while jobs are unfinished.

        `no_wait` has no meaning here: it is gone at once.
        """
        meaningless("it is gone at once", no_wait=no_wait)
        self.client.workspaces.begin_delete(self.name, delete_dependent_resources=delete_dependent_resources).result()

    @property
    def _arm(self) -> str:
        return self.client.workspace.id.arm

    def __repr__(self) -> str:
        """As SDK v1 prints it."""
        names = f"name='{self.name}', subscription_id='{self.subscription_id}', resource_group='{self.resource_group}'"
        return f"Workspace.create({names})"
