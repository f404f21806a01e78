"""Splits one table into a training and a test part, both with the same share of each class."""

import argparse
import json
import os

import pandas as pd
from sklearn.model_selection import train_test_split


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--input", required=True, help="folder with one CSV file that has a header")
    parser.add_argument("--target", required=True, help="column to predict")
    parser.add_argument("--positive", required=True, help="value of the target that counts as 1")
    parser.add_argument("--test-share", type=float, required=True)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--output-train", required=True)
    parser.add_argument("--output-test", required=True)
    arguments = parser.parse_args()

    name = sorted(name for name in os.listdir(arguments.input) if name.endswith(".csv"))[0]
    table = pd.read_csv(os.path.join(arguments.input, name))
    print(f"{name}: {len(table)} rows, {len(table.columns)} columns")
    if arguments.target not in table.columns:
        raise SystemExit(f"There is no column {arguments.target!r}. The columns are: {', '.join(table.columns)}")

    label = (table[arguments.target] == arguments.positive).astype(int)
    if label.nunique() != 2:
        raise SystemExit(f"The column {arguments.target!r} needs rows with and without {arguments.positive!r}.")
    table = table.drop(columns=[arguments.target])
    table.insert(0, "label", label)

    train, test = train_test_split(
        table, test_size=arguments.test_share, random_state=arguments.seed, stratify=table["label"]
    )
    for part, rows, folder in (("train", train, arguments.output_train), ("test", test, arguments.output_test)):
        os.makedirs(folder, exist_ok=True)
        rows.to_csv(os.path.join(folder, f"{part}.csv"), index=False)
        print(f"{part}: {len(rows)} rows, {rows['label'].mean():.1%} {arguments.positive}")
    with open(os.path.join(arguments.output_train, "columns.json"), "w") as file:
        json.dump(list(table.columns[1:]), file)


if __name__ == "__main__":
    main()
