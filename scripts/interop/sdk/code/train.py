"""A forest on the train channel, kept where SageMaker looks for models."""

import argparse
import os
import pathlib

import joblib
import pandas as pd
from sklearn.ensemble import RandomForestClassifier

parser = argparse.ArgumentParser()
parser.add_argument("--trees", type=int, default=20)
arguments, _ = parser.parse_known_args()

frame = pd.read_csv(pathlib.Path(os.environ["SM_CHANNEL_TRAIN"]) / "train.csv")
model = RandomForestClassifier(n_estimators=arguments.trees, random_state=7)
model.fit(frame.drop(columns="target"), frame["target"])
joblib.dump(model, pathlib.Path(os.environ["SM_MODEL_DIR"]) / "model.joblib")
print(f"trained {arguments.trees} trees on {len(frame)} rows")


def model_fn(model_dir):
    return joblib.load(pathlib.Path(model_dir) / "model.joblib")
