"""A workspace for pipelines, written as YAML. It makes no claim."""

import copy
import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil
import pytest

from jupyter_aml import MLClient, load_job
from jupyter_aml.entities.job_record import ChildRecord
from jupyter_aml.entities.pipeline_plan import IS_REUSED, STEP
from jupyter_aml.store import jobs
from jupyter_aml.store.job_outputs import outputs_of
from tests.conftest import processes_of
from tests.journeys.engine.conftest import Site


def component(command: str, inputs: Mapping[str, str] | None = None, outputs: str = "", **more: Any) -> dict[str, Any]:
    """A command component: `inputs` by name and type, `outputs` by their names."""
    return {
        "type": "command", "command": command, "environment": "azureml:AzureML-sklearn-1.5@latest",
        "inputs": {name: {"type": kind} for name, kind in (inputs or {}).items()},
        "outputs": {name: {"type": "uri_folder"} for name in outputs.split()}, **more,
    }  # fmt: skip


def node(of: dict[str, Any], **inputs: object) -> dict[str, Any]:
    return {"type": of["type"], "component": of, "inputs": inputs}


class Plant(Site):
    """A site with pipelines."""

    def yaml(self, jobs_: Mapping[str, Any], **more: Any) -> dict[str, Any]:
        fields = {"type": "pipeline", "experiment_name": "e", "settings": {"default_compute": "serverless"}}
        return copy.deepcopy({**fields, **more, "jobs": dict(jobs_)})

    def pipeline(self, fields: Mapping[str, Any], folder: Path | None = None) -> str:
        """Submit what a YAML file says; JSON is YAML."""
        path = (folder or self.home.parent) / "pipeline.yml"
        path.write_text(json.dumps(fields))
        return self.ml.jobs.create_or_update(load_job(path)).name or ""

    def ran(self, fields: Mapping[str, Any], folder: Path | None = None) -> str:
        """… and wait for its end."""
        name = self.pipeline(fields, folder)
        self.until_finished(name)
        return name

    def steps(self, pipeline: str) -> dict[str, ChildRecord]:
        return {child.properties[STEP]: child for child in jobs.children(self.database, pipeline)}

    def reused(self, pipeline: str) -> set[str]:
        return {step for step, child in self.steps(pipeline).items() if child.properties.get(IS_REUSED) == "true"}

    def output(self, job: str, name: str) -> Path:
        return Path(outputs_of(self.database, self.folder, job)[name].path)


def programs(plant: Plant) -> list[psutil.Process]:
    """The programs of pipelines, not their runners."""
    found: list[psutil.Process] = []
    for process in processes_of(plant.home):
        with suppress(psutil.NoSuchProcess):
            if "jupyter_aml.engine.orchestrators.pipeline" in process.cmdline():
                found.append(process)
    return found


@pytest.fixture
def plant(ml_client: MLClient, home: Path) -> Iterator[Plant]:
    made = Plant(ml_client, home)
    yield made
    for job in made.unfinished():
        ml_client.jobs.begin_cancel(job.name)
    made.until_all_finished()
