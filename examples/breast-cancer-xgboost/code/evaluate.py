"""Scores an XGBoost model on the test rows and writes SageMaker's model quality report."""

import argparse
import json
import os
import tarfile

import numpy as np
import pandas as pd
import xgboost as xgb
from sklearn.metrics import accuracy_score, confusion_matrix, f1_score, precision_score, recall_score, roc_auc_score

BASE = "/opt/ml/processing"
BOOTSTRAPS = 200


def with_deviation(metric, label, values, random):
    """The metric, and its standard deviation over resampled test rows."""
    found = []
    for _ in range(BOOTSTRAPS):
        rows = random.integers(0, len(label), len(label))
        if 0 < label[rows].sum() < len(rows):
            found.append(metric(label[rows], values[rows]))
    return {"value": float(metric(label, values)), "standard_deviation": float(np.std(found))}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--model", default=f"{BASE}/model")
    parser.add_argument("--test", default=f"{BASE}/test")
    parser.add_argument("--output", default=f"{BASE}/evaluation")
    arguments = parser.parse_args()

    with tarfile.open(os.path.join(arguments.model, "model.tar.gz")) as packed:
        booster = xgb.Booster(model_file=bytearray(packed.extractfile("xgboost-model").read()))

    test = pd.read_csv(os.path.join(arguments.test, "test.csv"), header=None).to_numpy()
    label, scores = test[:, 0].astype(int), booster.predict(xgb.DMatrix(test[:, 1:]))
    classes = (scores >= 0.5).astype(int)
    random = np.random.default_rng(7)
    table = confusion_matrix(label, classes, labels=[0, 1])
    metrics = {
        "auc": with_deviation(roc_auc_score, label, scores, random),
        "accuracy": with_deviation(accuracy_score, label, classes, random),
        "precision": with_deviation(precision_score, label, classes, random),
        "recall": with_deviation(recall_score, label, classes, random),
        "f1": with_deviation(f1_score, label, classes, random),
        "confusion_matrix": {str(a): {str(p): int(table[a][p]) for p in (0, 1)} for a in (0, 1)},
    }
    print(f"auc={metrics['auc']['value']:.5f} accuracy={metrics['accuracy']['value']:.5f} on {len(test)} rows")
    os.makedirs(arguments.output, exist_ok=True)
    with open(os.path.join(arguments.output, "evaluation.json"), "w") as file:
        json.dump({"binary_classification_metrics": metrics}, file, indent=1)


if __name__ == "__main__":
    main()
