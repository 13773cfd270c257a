"""The notes that this project began from: every block of code runs verbatim in the kernel, in order. So do labs.

A cell tagged `given` stands for what the notes say in words, or checks what came of it. One tagged with an error is a
typo of the notes that the real SDK rejects: it is rejected here in the same way.
"""

import csv
import random
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

COURSE = Path(__file__).parent / "course"
COLUMNS = ("Pregnancies", "PlasmaGlucose", "Age", "Diabetic")
TRAIN = "import argparse, pandas\nprint(len(pandas.read_csv('diabetes.csv')))\n"
DOUBLE = """
import argparse, pathlib
parser = argparse.ArgumentParser()
parser.add_argument("--number", type=int)
parser.add_argument("--transformed", type=pathlib.Path)
given = parser.parse_args()
(given.transformed / "doubled.txt").write_text(str(2 * given.number))
"""
TRAINING = """
import pandas
from azureml.core import Run
run = Run.get_context()
run.log("observations", len(pandas.read_csv("data.csv")))
pandas.read_csv("data.csv").sample(100).to_csv("outputs/sample.csv", index=False)
run.complete()
"""
SETUP = """#! /usr/bin/sh
suffix=$(cat /proc/sys/kernel/random/uuid)
RESOURCE_GROUP="rg-${suffix:0:8}"
az group create --name $RESOURCE_GROUP --location eastus
az configure --defaults group=$RESOURCE_GROUP
az ml compute create --name aml-cluster --size STANDARD_DS11_V2 --max-instances 2 --type AmlCompute -g local -w default
az ml data create --name patients --path ./data/diabetes.csv --type uri_file -g local -w default
"""
MLTABLE = """
paths:
  - pattern: ./*.csv
transformations:
  - read_delimited:
      delimiter: ","
      header: all_files_same_headers
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """What the notes find beside them: data, and the scripts that they name."""
    place = tmp_path / "course notes"
    for name in ("src", "data", "training_folder"):
        (place / name).mkdir(parents=True)
    for path in ("data.csv", "data/diabetes.csv", "src/diabetes.csv", "training_folder/data.csv"):
        with (place / path).open("w", newline="") as file:
            csv.writer(file).writerows([COLUMNS, *_patients()])
    (place / "data" / "MLTable").write_text(MLTABLE)
    for name in ("train.py", "diabetes-training.py"):
        (place / "src" / name).write_text(TRAIN)
    (place / "src" / "double.py").write_text(DOUBLE)
    (place / "setup.sh").write_text(SETUP)
    (place / "training_folder" / "training.py").write_text(TRAINING)
    return place


def _patients() -> list[list[int]]:
    dice = random.Random(0)
    return [[dice.randint(0, 9), dice.randint(60, 200), dice.randint(20, 80), dice.randint(0, 1)] for _ in range(200)]


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("name", ["notes_v2", "notes_v1", "lab_v2", "lab_v1"])
def test_every_cell_of_a_notebook_for_the_cloud_runs(
    installed: Path, folder: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv("JUPYTER_AML_WAIT", "1")
    assert installed
    notebook = nbformat.read(COURSE / f"{name}.ipynb", as_version=4)
    NotebookClient(notebook, timeout=300, startup_timeout=300, resources={"metadata": {"path": str(folder)}}).execute()
    rejected = {
        tag: output["ename"]
        for cell in notebook.cells
        for tag in cell.metadata.get("tags", [])
        for output in cell.outputs
        if tag.endswith("Error") and output["output_type"] == "error"
    }
    assert rejected == ({"AttributeError": "AttributeError"} if name == "notes_v2" else {})
