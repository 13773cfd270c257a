"""The names of `azureml.data`: datasets, and what scripts write. Nothing is defined here."""

from jupyter_aml.v1.data.datapath import DataPath, DataReference
from jupyter_aml.v1.data.dataset_consumption_config import DatasetConsumptionConfig
from jupyter_aml.v1.data.dataset_factory import DataType
from jupyter_aml.v1.data.file_dataset import FileDataset
from jupyter_aml.v1.data.inputs import of_job
from jupyter_aml.v1.data.output_dataset_config import OutputFileDatasetConfig, OutputTabularDatasetConfig
from jupyter_aml.v1.data.tabular_dataset import TabularDataset

__all__ = [
    "DataPath",
    "DataReference",
    "DataType",
    "DatasetConsumptionConfig",
    "FileDataset",
    "OutputFileDatasetConfig",
    "OutputTabularDatasetConfig",
    "TabularDataset",
    "of_job",
]
