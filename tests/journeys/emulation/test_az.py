"""`az` on a kernel's PATH, typed by real scripts: what labs run before their notebooks, and what is not there."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from jupyter_aml import MLClient
from jupyter_aml.cli.main import run
from jupyter_aml.emulation import shim
from jupyter_aml.entities import AmlCompute

SETUP = """#! /usr/bin/sh
guid=$(cat /proc/sys/kernel/random/uuid)
suffix=${guid//[-]/}
suffix=${suffix:0:18}
GROUP="rg-course-${suffix}"
NAMESPACES=("Microsoft.MachineLearningServices" "Microsoft.PolicyInsights")
PLACES=("eastus" "westeurope")
WORKSPACE="mlw-course-${suffix}"
echo "Register the providers:"
for namespace in ${NAMESPACES[@]}; do az provider register --namespace $namespace; done
az extension add -n ml -y
az group create --name $GROUP --location ${PLACES[$RANDOM % ${#PLACES[@]}]}
az configure --defaults group=$GROUP
az ml workspace create --name $WORKSPACE
az configure --defaults workspace=$WORKSPACE
az ml compute create --name "ci${suffix}" --size STANDARD_DS11_V2 --type ComputeInstance
az ml compute create --name aml-cluster --size STANDARD_DS11_V2 --min_instances 0 --max-instances 2 --type AmlCompute
az ml data create --type uri_file --name points --path ./data/points.csv
az ml data create --name points-folder --path ./data
az ml data create --type mltable --name points-table --path ./table
az ml component create --file ./count.yml
"""
COMPONENT = "name: count\ntype: command\ncommand: wc -l ${{inputs.data}}\nenvironment: azureml:sklearn-1.5@latest\n"
FILES = {
    "setup.sh": SETUP,
    "data/points.csv": "x,y\n1,2\n",
    "table/MLTable": "paths:\n  - file: ./points.csv\ntransformations:\n  - read_delimited:\n      delimiter: ','\n",
    "table/points.csv": "x,y\n1,2\n",
    "count.yml": COMPONENT + "inputs:\n  data: {type: uri_file}\n",
}


@pytest.fixture
def lab(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A lab's folder, and a shell that finds our az."""
    monkeypatch.setenv("PATH", os.environ["PATH"])
    monkeypatch.delenv("JUPYTER_AML_WORKSPACE", raising=False)
    shim.on_path()
    folder = home.parent / "lab"
    for name, text in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    monkeypatch.chdir(folder)
    return folder


def typed(line: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["bash", "-ec", line], capture_output=True, text=True, check=False)


def test_a_labs_setup_runs_to_its_end_and_everybody_is_in_its_workspace(lab: Path) -> None:
    done = typed("bash -e ./setup.sh")
    assert (done.returncode, "ERROR" in done.stderr) == (0, False), done.stderr
    ml_client = MLClient.default()
    assert ml_client.workspace_name.startswith("mlw-course-")
    assert ml_client.resource_group_name.startswith("rg-course-")
    assert {data.name: data.type for data in ml_client.data.list()} == {
        "points": "uri_file", "points-folder": "uri_folder", "points-table": "mltable",
    }  # fmt: skip
    assert ml_client.components.get("count", version="1").name == "count"
    types = {compute.name: compute.type for compute in ml_client.compute.list()}
    assert sorted(types.values()) == ["amlcompute", "amlcompute", "computeinstance"]
    cluster = ml_client.compute.get("aml-cluster")
    assert isinstance(cluster, AmlCompute)
    assert cluster.max_instances == 2


def test_az_is_about_its_defaults_whatever_the_notebook_is_in(lab: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    typed("az configure --defaults group=g workspace=w && az ml workspace create -n w")
    monkeypatch.setenv("JUPYTER_AML_WORKSPACE", MLClient("me", "s", "other", "elsewhere").workspace.id.arm)
    assert json.loads(typed("az ml workspace show").stdout)["name"] == "w"
    assert typed("az account show --query isDefault -o tsv").stdout == "true\n"


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("az vm create -n x", "There is: account, configure, extension, group"),
        ("az ml online-endpoint create -f x.yml", "az ml online-endpoint: online endpoints are not available locally."),
        ("az ml feature-store list", "feature stores are not available locally. There is: component, compute"),
        ("az ml job list -g", "Option '-g' requires an argument.\nTry 'az ml job list -h' for help."),
        ("az login -u me -p hunter2 more", "Only --use-device-code, --identity, --service-principal"),
        ("az ml", "Usage: az ml"),
        ("az gruop create -n x", "Did you mean 'group'?"),
        ("az ml job submit", "'az ml job'"),
        ("az ml supervisor show", "'supervisor' is not a command of 'az ml'"),
    ],
)
def test_what_is_not_there_exits_2_and_says_what_is(lab: Path, line: str, told: str) -> None:
    done = typed(line)
    assert (done.returncode, done.stdout) == (2, "")
    assert told in done.stderr
    assert "hunter2" not in done.stderr
    assert "ERROR: Usage" not in done.stderr


def test_aml_says_of_a_group_that_is_not_built_what_it_belongs_to(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["registry", "list"]) == 2
    assert "aml registry: registries are not available locally. There is: account" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("az -h", "Usage: az [OPTIONS]"), ("az ml -h", "Usage: az ml [OPTIONS]"),
        ("az ml data create -h", "Usage: az ml data create"), ("az --version", "jupyter_aml"),
        ("az login --use-device-code", '"state": "Enabled"'), ("az extension list -o tsv", "ml"),
        ("az provider show -n Microsoft.MachineLearningServices", "Registered"),
    ],
)  # fmt: skip
def test_what_scripts_say_first_is_answered(lab: Path, line: str, told: str) -> None:
    done = typed(line)
    assert done.returncode == 0, done.stderr
    assert told in done.stdout


def test_a_folder_is_first_on_the_path_once(lab: Path) -> None:
    shim.on_path()
    first, *others = os.environ["PATH"].split(os.pathsep)
    assert (Path(first) / "az").stat().st_mode & 0o111
    assert first not in others
    shim.off_path()
    assert first not in os.environ["PATH"].split(os.pathsep)
