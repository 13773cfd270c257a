"""Where notebooks find the names of SDK v1's data, pipelines and sweeps: built here, or said to be not built."""

from importlib import import_module

import pytest

from jupyter_aml.emulation.names import home_of


@pytest.mark.parametrize(
    ("module", "names"),
    [
        ("azureml.data", "DataType FileDataset OutputFileDatasetConfig TabularDataset"),
        ("azureml.data.azure_storage_datastore", "AzureBlobDatastore AzureFileDatastore"),
        ("azureml.data.datapath", "DataPath DataPathComputeBinding"),
        ("azureml.data.dataset_factory", "FileDatasetFactory PromoteHeadersBehavior TabularDatasetFactory"),
        ("azureml.data.dataset_type_definitions", "PromoteHeadersBehavior"),
        ("azureml.pipeline.core", "PipelineEndpoint Schedule StepSequence TimeZone"),
        ("azureml.pipeline.core.graph", "PipelineParameter"),
        ("azureml.pipeline.core.pipeline_endpoint", "PipelineEndpoint PipelineVersion"),
        ("azureml.pipeline.core.schedule", "Schedule ScheduleRecurrence TimeZone"),
        ("azureml.pipeline.steps", "HyperDriveStep HyperDriveStepRun ParallelRunConfig ParallelRunStep"),
        ("azureml.pipeline.steps.parallel_run_config", "ParallelRunConfig"),
        ("azureml.train.hyperdrive", "EarlyTerminationPolicy HyperDriveConfig HyperParameterSampling"),
        ("azureml.train.hyperdrive.parameter_expressions", "choice loguniform quniform uniform"),
        ("azureml.train.hyperdrive.policy", "BanditPolicy MedianStoppingPolicy NoTerminationPolicy"),
        ("azureml.train.hyperdrive.runconfig", "HyperDriveConfig PrimaryMetricGoal"),
        ("azureml.train.hyperdrive.sampling", "BayesianParameterSampling RandomParameterSampling"),
    ],
)
def test_a_name_is_found_where_sdk_v1_has_it(module: str, names: str) -> None:
    home = home_of(module)
    assert home is not None
    rooms = {name: home.room_of(name) for name in names.split()}
    assert all(hasattr(import_module(room), name) for name, room in rooms.items() if room)
    assert [name for name, room in rooms.items() if not room] == []


@pytest.mark.parametrize(
    ("module", "name"),
    [
        ("azureml.data", "HDFSOutputDatasetConfig"),
        ("azureml.data.sql_data_reference", "SqlDataReference"),
        ("azureml.pipeline.core", "TrainingOutput"),
        ("azureml.pipeline.core.module", "Module"),
        ("azureml.pipeline.steps", "DatabricksStep"),
        ("azureml.pipeline.steps.databricks_step", "DatabricksStep"),
        ("azureml.train.hyperdrive", "HyperDriveRunConfig"),
    ],
)
def test_what_is_not_built_is_said_to_be_not_built(module: str, name: str) -> None:
    home = home_of(module)
    assert home is not None
    assert home.room_of(name) == ""
    assert home.feature_of(name) != ""
