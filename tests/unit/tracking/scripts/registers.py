"""A program that knows mlflow only: registers a model twice, stages one, deletes the other, prints what it sees."""

import json
import sys
from collections.abc import Callable


def main() -> None:
    """Do it all, and say what was found."""
    import mlflow
    from mlflow import MlflowClient
    from mlflow.sklearn import log_model
    from sklearn.linear_model import LogisticRegression

    client = MlflowClient()
    with mlflow.start_run() as run:
        log_model(LogisticRegression().fit([[0.0], [1.0]], [0, 1]), name="model")
        mlflow.log_text("weights", "plain/w.txt")
        mlflow.log_text("no model", "broken/MLmodel")
    first = mlflow.register_model(f"runs:/{run.info.run_id}/model", "churn")
    client.create_model_version("churn", f"{run.info.artifact_uri}/plain", run.info.run_id)
    client.transition_model_version_stage("churn", "1", "Staging")
    client.delete_model_version("churn", "2")
    client.create_model_version("broken", f"{run.info.artifact_uri}/broken", run.info.run_id)
    refused = _refused(client.create_model_version, "copied", "models:/no-such-version/1")
    for name, versions in (("moved", 2), ("gone", 2)):
        client.create_registered_model(name)
        for _ in range(versions):
            client.create_model_version(name, f"{run.info.artifact_uri}/plain", run.info.run_id)
    for version in ("1", "2"):
        client.transition_model_version_stage("moved", version, "Production", archive_existing_versions=True)
    client.delete_registered_model("gone")
    known = {f"{one.name}:{one.version}": one.source for one in client.search_model_versions(f"name = '{sys.argv[1]}'")}
    sys.stdout.write(json.dumps({"run": run.info.run_id, "first": first.version, "known": known, "refused": refused}))


def _refused(call: Callable[[str, str], object], *given: str) -> str:
    from mlflow.exceptions import MlflowException

    try:
        call(*given)
    except MlflowException as error:
        return str(error)
    return ""


if __name__ == "__main__":
    main()
