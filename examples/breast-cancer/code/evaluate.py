"""Scores both models on the test rows, keeps the better one, and writes SageMaker's model quality report."""

import argparse
import json
import os
import shutil
import tarfile

import joblib
import numpy as np
import pandas as pd
from sklearn.metrics import (
    accuracy_score,
    confusion_matrix,
    f1_score,
    precision_score,
    recall_score,
    roc_auc_score,
    roc_curve,
)

BOOTSTRAPS = 200


def unpack(archive, folder):
    with tarfile.open(archive) as packed:
        for member in packed.getmembers():
            if member.isfile():
                with open(os.path.join(folder, os.path.basename(member.name)), "wb") as file:
                    file.write(packed.extractfile(member).read())


def forest_scores(folder, features):
    return joblib.load(os.path.join(folder, "model.joblib")).predict_proba(features)[:, 1]


def logistic_scores(folder, features):
    with open(os.path.join(folder, "model.json")) as file:
        model = json.load(file)
    scaled = (features[model["columns"]].to_numpy() - np.array(model["mean"])) / np.array(model["scale"])
    return 1 / (1 + np.exp(-(scaled @ np.array(model["coefficients"]) + model["intercept"])))


def with_deviation(metric, label, scores, seed):
    """The metric, and its standard deviation over resampled test rows."""
    random = np.random.default_rng(seed)
    values = []
    for _ in range(BOOTSTRAPS):
        rows = random.integers(0, len(label), len(label))
        if 0 < label[rows].sum() < len(rows):
            values.append(metric(label[rows], scores[rows]))
    return {"value": float(metric(label, scores)), "standard_deviation": float(np.std(values))}


def report(label, scores, seed):
    """Model quality metrics of a binary classifier, in the shape SageMaker's model quality monitor writes."""

    def classes(metric):
        return lambda truth, values: metric(truth, (values >= 0.5).astype(int))

    metrics = {
        "auc": roc_auc_score,
        "accuracy": classes(accuracy_score),
        "precision": classes(lambda truth, found: precision_score(truth, found, zero_division=0)),
        "recall": classes(recall_score),
        "f1": classes(f1_score),
    }
    found = (scores >= 0.5).astype(int)
    table = confusion_matrix(label, found, labels=[0, 1])
    false_positives, true_positives, _ = roc_curve(label, scores)
    return {
        **{name: with_deviation(metric, label, scores, seed) for name, metric in metrics.items()},
        "confusion_matrix": {
            str(actual): {str(predicted): int(table[actual][predicted]) for predicted in (0, 1)} for actual in (0, 1)
        },
        "receiver_operating_characteristic_curve": {
            "false_positive_rates": false_positives.tolist(),
            "true_positive_rates": true_positives.tolist(),
        },
    }


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--test", required=True)
    parser.add_argument("--forest", required=True)
    parser.add_argument("--logistic", required=True)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--output-report", required=True)
    parser.add_argument("--output-model", required=True)
    arguments = parser.parse_args()

    test = pd.read_csv(os.path.join(arguments.test, "test.csv"))
    label, features = test["label"].to_numpy(), test.drop(columns=["label"])
    reports = {}
    for name, folder, score in (
        ("forest", arguments.forest, forest_scores),
        ("logistic", arguments.logistic, logistic_scores),
    ):
        unpack(os.path.join(folder, "model.tar.gz"), folder)
        reports[name] = report(label, score(folder, features), arguments.seed)
        print(f"{name}: auc={reports[name]['auc']['value']:.5f} accuracy={reports[name]['accuracy']['value']:.5f}")

    better = max(reports, key=lambda name: reports[name]["auc"]["value"])
    print(f"the {better} model is better on {len(test)} test rows")
    os.makedirs(arguments.output_report, exist_ok=True)
    with open(os.path.join(arguments.output_report, "evaluation.json"), "w") as file:
        json.dump(
            {
                "binary_classification_metrics": reports[better],
                "chosen": better,
                "models": {name: {"auc": found["auc"]["value"]} for name, found in reports.items()},
            },
            file,
            indent=1,
        )
    os.makedirs(arguments.output_model, exist_ok=True)
    source = arguments.forest if better == "forest" else arguments.logistic
    shutil.copyfile(os.path.join(source, "model.tar.gz"), os.path.join(arguments.output_model, "model.tar.gz"))


if __name__ == "__main__":
    main()
