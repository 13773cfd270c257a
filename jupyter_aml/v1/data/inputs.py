"""`run.input_datasets` and `run.output_datasets`: what a job was given, as SDK v1's datasets. Nothing is read here."""

import glob
import json
import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from jupyter_aml.data.mltable import MLTable
from jupyter_aml.data.mltable.document import document
from jupyter_aml.operations import jobs, places
from jupyter_aml.v1.data.dataset import at
from jupyter_aml.v1.data.tabular_dataset import TabularDataset

if TYPE_CHECKING:
    from pathlib import Path

    from jupyter_aml.entities.input_output import Input, Output
    from jupyter_aml.v1.core.run import Run
    from jupyter_aml.v1.core.workspace import Workspace

TABLE: Final = "AZUREML_V1_TABLE_"
"""The environment variable that says how an input's files are a table, before the input's name."""
_RUN: Final = "AZUREML_RUN_ID"
_OWN: Final = {"inputs": "AZURE_ML_INPUT_", "outputs": "AZURE_ML_OUTPUT_"}


def of_job(run: "Run", way: str, given: "Mapping[str, Input] | Mapping[str, Output]") -> dict[str, Any]:
    """The datasets of a job's `inputs` or `outputs`, by name.

    A table is a TabularDataset; files are a path in the job itself, if they were mounted or copied there, and a
    FileDataset elsewhere.
    """
    is_own = os.environ.get(_RUN) == run.id
    spec = jobs.get(run.experiment.workspace.client.workspace, run.id).spec
    tables: Mapping[str, str] = spec.get("environment_variables") or {}
    found: dict[str, Any] = {}
    for name, one in given.items():
        own = os.environ.get(f"{_OWN[way]}{name}", "") if is_own else ""
        place = own or one.path or ""
        is_path = bool(own) and one.mode != "direct"
        if place:
            table = tables.get(f"{TABLE}{name}", "")
            found[name] = _dataset(run.experiment.workspace, one, place, table, is_path=is_path)
    return found


def _dataset(workspace: "Workspace", given: "Input | Output", place: str, table: str, *, is_path: bool) -> object:
    if table:
        return _table(workspace, place, table)
    if given.type == "mltable" or not is_path:
        return at(workspace, place, given.type if given.type == "mltable" else "files")
    return place


def _table(workspace: "Workspace", folder: "str | Path", said: str) -> TabularDataset:
    open_, table = workspace.client.workspace, json.loads(said)
    plain = str(folder) if "://" in str(folder) else glob.escape(str(folder))
    files = {"pattern": f"{plain}/{table['files']}"} if table["files"] else {"folder": str(folder)}
    found = document({"paths": [files], "transformations": table["steps"]}, open_.folder.root)
    return TabularDataset(workspace, MLTable.of(found, places.resolver(open_)))
