"""What every part of SDK v1's Run stands on: whose run it is, its row, its folder. It reads; nothing is decided."""

from pathlib import Path
from typing import TYPE_CHECKING

from jupyter_aml.entities.job_record import JobRecord
from jupyter_aml.entities.pipeline_plan import REUSED_RUN
from jupyter_aml.operations import jobs
from jupyter_aml.operations.workspaces import Workspace as OpenWorkspace

if TYPE_CHECKING:
    from jupyter_aml.client import MLClient
    from jupyter_aml.v1.core.experiment import Experiment


class RunBase:
    """A run by its experiment and its id."""

    experiment: "Experiment"
    id: str

    @property
    def _client(self) -> "MLClient":
        return self.experiment.workspace.client

    @property
    def _workspace(self) -> OpenWorkspace:
        return self._client.workspace

    @property
    def _record(self) -> JobRecord:
        job = jobs.get(self._workspace, self.id)
        if not job.is_finished:
            self._client.jobs.look_after()
        return job

    @property
    def _ran(self) -> str:
        """Whose log, metrics and files are its own: of a step that did not run again, those of an earlier run."""
        return self._record.properties.get(REUSED_RUN, self.id)

    @property
    def _view(self) -> Path:
        return self._workspace.folder.artifacts(self._ran)
