"""Runs and metrics, kept in MLflow's own database. Light to import: MLflow's classes are met in `mlflow_*.py` only."""
