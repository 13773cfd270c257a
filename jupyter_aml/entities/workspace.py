"""A workspace: who it is and where its files lie. Paths are named here, never opened."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

BUILT_IN_DATASTORES: Final = (
    "workspacefilestore",
    "workspaceblobstore",
    "workspaceartifactstore",
    "workspaceworkingdirectory",
)
ON_FINISH: Final = "on_finish"
"""Where the workspace's own row keeps the command that runs when a job is over."""
DEFAULT_SUBSCRIPTION: Final = "00000000-0000-0000-0000-000000000000"


@dataclass(frozen=True, slots=True)
class WorkspaceId:
    """Azure's identity of a workspace."""

    subscription_id: str
    resource_group: str
    name: str

    @property
    def arm(self) -> str:
        """The ARM id, as Azure ML prints it."""
        return (
            f"/subscriptions/{self.subscription_id}/resourceGroups/{self.resource_group}"
            f"/providers/Microsoft.MachineLearningServices/workspaces/{self.name}"
        )

    @property
    def guid(self) -> str:
        """A fixed id of the workspace, made from its three names."""
        from uuid import NAMESPACE_URL, uuid5  # the supervisor starts without it

        return str(uuid5(NAMESPACE_URL, self.arm))


DEFAULT_WORKSPACE: Final = WorkspaceId(DEFAULT_SUBSCRIPTION, "local", "default")


@dataclass(frozen=True, slots=True)
class WorkspaceFolder:
    """Every file name of a workspace, in one place."""

    root: Path

    @property
    def database(self) -> Path:
        return self.root / "workspace.db"

    @property
    def tracking_database(self) -> Path:
        return self.root / "mlflow.db"

    @property
    def blobs(self) -> Path:
        return self.root / "blobs"

    @property
    def snapshots(self) -> Path:
        return self.root / "snapshots"

    @property
    def codes(self) -> Path:
        """Code of published pipelines as folders, by the snapshots that they are copies of."""
        return self.root / "codes"

    @property
    def jobs(self) -> Path:
        return self.root / "jobs"

    @property
    def supervisor_lock(self) -> Path:
        return self.root / "supervisor.lock"

    @property
    def supervisor_log(self) -> Path:
        return self.root / "supervisor.log"

    @property
    def doorbell(self) -> Path:
        return self.root / "doorbell"

    @property
    def views(self) -> Path:
        return self.root / "views"

    @property
    def artifact_root(self) -> Path:
        return self.datastore("workspaceartifactstore")

    def datastore(self, name: str) -> Path:
        return self.root / "datastores" / name

    def artifacts(self, job: str) -> Path:
        """The job's default output: `azureml://…/workspaceartifactstore/paths/ExperimentRun/dcid.<job>`."""
        return self.artifact_root / "ExperimentRun" / f"dcid.{job}"

    def named_output(self, job: str, output: str) -> Path:
        """Where a named output without a path goes (§7.4)."""
        return self.datastore("workspaceblobstore") / "azureml" / job / output
