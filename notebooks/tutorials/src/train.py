"""Boosted trees on the breast-cancer set: logs a learning curve, keeps the model. Knows nothing of where it runs."""

import argparse
from pathlib import Path

import joblib
import mlflow
from sklearn.datasets import load_breast_cancer
from sklearn.ensemble import GradientBoostingClassifier
from sklearn.metrics import accuracy_score, log_loss
from sklearn.model_selection import train_test_split

parser = argparse.ArgumentParser()
parser.add_argument("--rounds", type=int, default=50)
parser.add_argument("--learning-rate", type=float, default=0.1)
parser.add_argument("--model", type=Path, required=True)
options = parser.parse_args()

features, benign = load_breast_cancer(return_X_y=True, as_frame=True)
train_x, test_x, train_y, test_y = train_test_split(features, benign, test_size=0.3, random_state=0, stratify=benign)

mlflow.log_params({"rounds": options.rounds, "learning_rate": options.learning_rate})
model = GradientBoostingClassifier(
    n_estimators=options.rounds, learning_rate=options.learning_rate, random_state=0
).fit(train_x, train_y)

for step, chances in enumerate(model.staged_predict_proba(test_x), start=1):
    mlflow.log_metric("log_loss", log_loss(test_y, chances), step=step)
    mlflow.log_metric("accuracy", accuracy_score(test_y, chances[:, 1] > 0.5), step=step)

joblib.dump(model, options.model / "model.joblib")
print(f"accuracy on unseen patients: {model.score(test_x, test_y):.3f}")
