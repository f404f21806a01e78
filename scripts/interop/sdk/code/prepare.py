"""Real rows (breast cancer, from scikit-learn) into a train and a test table."""

import argparse
import pathlib
import time

from sklearn.datasets import load_breast_cancer
from sklearn.model_selection import train_test_split

parser = argparse.ArgumentParser()
parser.add_argument("--test-size", type=float, default=0.2)
parser.add_argument("--seconds", type=float, default=0)
arguments = parser.parse_args()

time.sleep(arguments.seconds)
frame = load_breast_cancer(as_frame=True).frame
train, test = train_test_split(frame, test_size=arguments.test_size, random_state=7, stratify=frame["target"])
for name, part in (("train", train), ("test", test)):
    folder = pathlib.Path("/opt/ml/processing") / name
    folder.mkdir(parents=True, exist_ok=True)
    part.to_csv(folder / f"{name}.csv", index=False)
print(f"{len(train)} rows to train, {len(test)} to test")
