"""Accuracy of the model on the test table, as a property file."""

import json
import pathlib
import tarfile

import joblib
import pandas as pd

base = pathlib.Path("/opt/ml/processing")
with tarfile.open(base / "model" / "model.tar.gz") as archive:
    archive.extractall(base / "model", filter="data")
model = joblib.load(base / "model" / "model.joblib")
frame = pd.read_csv(base / "test" / "test.csv")
accuracy = float(model.score(frame.drop(columns="target"), frame["target"]))
folder = base / "evaluation"
folder.mkdir(parents=True, exist_ok=True)
(folder / "evaluation.json").write_text(json.dumps({"metrics": {"accuracy": {"value": accuracy}}}))
print(f"accuracy {accuracy:.3f}")
