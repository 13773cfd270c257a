"""The names of `azureml.data.azure_storage_datastore`: kinds that are one class here. Nothing is defined."""

from jupyter_aml.v1.data.datastore import Datastore as AbstractAzureStorageDatastore
from jupyter_aml.v1.data.datastore import Datastore as AzureBlobDatastore
from jupyter_aml.v1.data.datastore import Datastore as AzureFileDatastore

__all__ = ["AbstractAzureStorageDatastore", "AzureBlobDatastore", "AzureFileDatastore"]
