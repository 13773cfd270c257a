"""Averages of a table, by one of its columns if told. Knows nothing of where it runs."""

import argparse
from pathlib import Path

import mlflow
import pandas as pd

parser = argparse.ArgumentParser()
parser.add_argument("--data", type=Path, required=True)
parser.add_argument("--report", type=Path, required=True)
parser.add_argument("--by")
options = parser.parse_args()

table = pd.read_csv(options.data)
mlflow.log_metric("rows", len(table))
summary = table.groupby(options.by).mean() if options.by else table.mean().to_frame().T
summary.to_csv(options.report / "summary.csv")
print(f"{len(table)} rows, {len(summary)} in the summary")
