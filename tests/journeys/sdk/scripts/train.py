"""A job's script as a person writes it: plain mlflow, no set-up."""
# ruff: noqa: TID253, T201 - a person imports what they like, and prints

import argparse
import os
from pathlib import Path

import matplotlib as mpl
import mlflow
from mlflow import sklearn as sklearn_flavour

mpl.use("Agg")
import matplotlib.pyplot as plt
from sklearn.datasets import load_breast_cancer
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

parser = argparse.ArgumentParser()
for name in ("data", "folder", "rate", "model"):
    parser.add_argument(f"--{name}")
given = parser.parse_args()

mlflow.log_params({"rate": given.rate, "seed": os.environ["SEED"]})
mlflow.log_metric("rows", len(Path(given.data).read_text().splitlines()))
for step in range(3):
    mlflow.log_metric("loss", 1 / (step + 1), step=step)
mlflow.log_metrics({"files": len(list(Path(given.folder).iterdir())), "odd": float("inf")})
figure = plt.figure()
plt.plot([1, 2, 3])
mlflow.log_figure(figure, "curve.png")
mlflow.log_text("é", "notes/é.txt")
mlflow.set_tag("mine", "yes")
Path("own.txt").write_text("own")
mlflow.log_artifact("own.txt")
with mlflow.start_run(nested=True, run_name="child"):
    mlflow.log_metric("inner", 2.0)
sklearn_flavour.autolog(log_models=False)
features, target = load_breast_cancer(return_X_y=True)
LogisticRegression(max_iter=200).fit(StandardScaler().fit_transform(features), target)
Path(given.model, "weights.txt").write_text("w")
Path("outputs").joinpath("report.txt").write_text("done")
print("trained é")
