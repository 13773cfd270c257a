"""SDK v1's shape over the same operations: `core` is azureml.core, `train` azureml.train. Nothing is decided here."""
