"""The names of `azureml.train`. Nothing is decided here."""
