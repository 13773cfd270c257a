"""What a notebook does with a training job, in a process of its own; what it saw goes to stdout as JSON."""
# ruff: noqa: TID253, T201 - a notebook imports what it likes, and prints

import json
import sys
from pathlib import Path

import mlflow

from jupyter_aml import Input, MLClient, Output, command

ml_client = MLClient.default()
job = ml_client.create_or_update(
    command(
        code=Path(__file__).parent,
        command="python train.py --data ${{inputs.data}} --folder ${{inputs.folder}} --rate ${{inputs.rate}}"
        " --model ${{outputs.model}}",
        inputs={
            "data": Input(type="uri_file", path=sys.argv[1]),
            "folder": Input(type="uri_folder", path=str(Path(sys.argv[1]).parent), mode="download"),
            "rate": 0.25,
        },
        outputs={"model": Output(type="uri_folder")},
        environment="AzureML-sklearn-1.5@latest",
        environment_variables={"SEED": "7"},
        experiment_name="journey",
        display_name="Train é",
        tags={"who": "me"},
    )
)
name = str(job.name)
ended = ml_client.jobs.wait(name, timeout=400)
ml_client.jobs.download(name, download_path=sys.argv[2], all=True)

mlflow.set_tracking_uri(str(ml_client.workspaces.get().mlflow_tracking_uri))
run = mlflow.get_run(name)
client = mlflow.MlflowClient()
children = client.search_runs([run.info.experiment_id], f"tags.`mlflow.parentRunId` = '{name}'")
seen = {
    "name": name,
    "status": ended.status,
    "error": ended.error,
    "run": {"id": run.info.run_id, "name": run.info.run_name, "status": run.info.status},
    "experiment": mlflow.get_experiment(run.info.experiment_id).name,
    "metrics": {key: str(value) for key, value in run.data.metrics.items()},
    "loss": [metric.value for metric in client.get_metric_history(name, "loss")],
    "params": run.data.params,
    "tags": run.data.tags,
    "artifacts": sorted(artifact.path for artifact in client.list_artifacts(name)),
    "children": [[child.info.run_name, child.data.metrics, child.info.status] for child in children],
}
print(json.dumps(seen))
