"""Writes training, validation and test rows the way the XGBoost algorithm reads them: no header, label first."""

import argparse
import os

import pandas as pd
from sklearn.model_selection import train_test_split

BASE = "/opt/ml/processing"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--input", default=f"{BASE}/input/data")
    parser.add_argument("--output", nargs=3, default=[f"{BASE}/train", f"{BASE}/validation", f"{BASE}/test"])
    parser.add_argument("--seed", type=int, default=7)
    arguments = parser.parse_args()

    name = sorted(name for name in os.listdir(arguments.input) if name.endswith(".csv"))[0]
    table = pd.read_csv(os.path.join(arguments.input, name))
    if "diagnosis" not in table.columns:
        raise SystemExit(f"{name} has no column 'diagnosis'. The columns are: {', '.join(table.columns)}")
    table.insert(0, "label", (table.pop("diagnosis") == "malignant").astype(int))

    rest, test = train_test_split(table, test_size=0.2, random_state=arguments.seed, stratify=table["label"])
    train, validation = train_test_split(rest, test_size=0.2, random_state=arguments.seed, stratify=rest["label"])
    for rows, folder in zip((train, validation, test), arguments.output, strict=True):
        os.makedirs(folder, exist_ok=True)
        part = os.path.basename(folder)
        rows.to_csv(os.path.join(folder, f"{part}.csv"), header=False, index=False)
        print(f"{part}: {len(rows)} rows, {rows['label'].mean():.1%} malignant")


if __name__ == "__main__":
    main()
