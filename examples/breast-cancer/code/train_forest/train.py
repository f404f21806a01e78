"""Chooses a random forest by cross-validation and fits it on all training rows."""

import argparse
import os
from itertools import product

import joblib
import numpy as np
import pandas as pd
from sklearn.ensemble import RandomForestClassifier
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import StratifiedKFold


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--trees", type=int, default=300)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--train", default=os.environ["SM_CHANNEL_TRAIN"])
    parser.add_argument("--model-dir", default=os.environ["SM_MODEL_DIR"])
    arguments = parser.parse_args()

    table = pd.read_csv(os.path.join(arguments.train, "train.csv"))
    label, features = table["label"].to_numpy(), table.drop(columns=["label"])
    folds = StratifiedKFold(arguments.folds, shuffle=True, random_state=arguments.seed)
    candidates = [
        {"max_features": share, "min_samples_leaf": leaf} for share, leaf in product(("sqrt", 0.3, 0.6), (1, 3))
    ]
    print(f"{len(table)} rows, {features.shape[1]} columns; {len(candidates)} settings, {arguments.folds} folds each")

    scores = []
    for number, settings in enumerate(candidates, start=1):
        aucs = []
        for fold, (fit, check) in enumerate(folds.split(features, label), start=1):
            model = RandomForestClassifier(arguments.trees, random_state=arguments.seed, n_jobs=1, **settings)
            model.fit(features.iloc[fit], label[fit])
            aucs.append(roc_auc_score(label[check], model.predict_proba(features.iloc[check])[:, 1]))
            print(
                f"setting {number}/{len(candidates)} fold {fold}/{arguments.folds} fold-auc={aucs[-1]:.5f};", flush=True
            )
        scores.append(float(np.mean(aucs)))
        print(f"setting {number}/{len(candidates)} {settings} mean-auc={scores[-1]:.5f};", flush=True)

    best = int(np.argmax(scores))
    print(f"chosen: {candidates[best]} validation-auc={scores[best]:.5f};")
    model = RandomForestClassifier(arguments.trees, random_state=arguments.seed, n_jobs=1, **candidates[best])
    model.fit(features, label)
    joblib.dump(model, os.path.join(arguments.model_dir, "model.joblib"))
    print("saved model.joblib")


if __name__ == "__main__":
    main()
