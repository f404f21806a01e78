"""Chooses the regularisation of a logistic regression by repeated cross-validation and fits it on all training rows.

The model is saved as numbers in JSON: it can be read, and loading it runs no code.
"""

import argparse
import json
import os

import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import RepeatedStratifiedKFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler


def build(strength):
    return make_pipeline(StandardScaler(), LogisticRegression(C=strength, max_iter=2000))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--repeats", type=int, default=20)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--train", default=os.environ["SM_CHANNEL_TRAIN"])
    parser.add_argument("--model-dir", default=os.environ["SM_MODEL_DIR"])
    arguments = parser.parse_args()

    table = pd.read_csv(os.path.join(arguments.train, "train.csv"))
    label, features = table["label"].to_numpy(), table.drop(columns=["label"])
    strengths = [0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0]
    print(f"{len(table)} rows; {len(strengths)} strengths, {arguments.repeats} times {arguments.folds} folds each")

    scores = []
    for strength in strengths:
        folds = RepeatedStratifiedKFold(
            n_splits=arguments.folds, n_repeats=arguments.repeats, random_state=arguments.seed
        )
        aucs = []
        for fit, check in folds.split(features, label):
            model = build(strength).fit(features.iloc[fit], label[fit])
            aucs.append(roc_auc_score(label[check], model.predict_proba(features.iloc[check])[:, 1]))
        scores.append(float(np.mean(aucs)))
        print(f"C={strength:g} mean-auc={scores[-1]:.5f} deviation={np.std(aucs):.5f};", flush=True)

    best = int(np.argmax(scores))
    print(f"chosen: C={strengths[best]:g} validation-auc={scores[best]:.5f};")
    scaler, regression = build(strengths[best]).fit(features, label)
    model = {
        "columns": list(features.columns),
        "mean": scaler.mean_.tolist(),
        "scale": scaler.scale_.tolist(),
        "coefficients": regression.coef_[0].tolist(),
        "intercept": float(regression.intercept_[0]),
    }
    with open(os.path.join(arguments.model_dir, "model.json"), "w") as file:
        json.dump(model, file, indent=1)
    print("saved model.json")


if __name__ == "__main__":
    main()
