"""Ranks the measurements by how far the groups' means lie apart."""

import argparse
import os

import pandas as pd


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--input", required=True)
    parser.add_argument("--output", required=True)
    arguments = parser.parse_args()

    summary = pd.read_csv(os.path.join(arguments.input, "summary.csv"), index_col=0)
    spread = ((summary.max() - summary.min()) / summary.mean().abs()).sort_values(ascending=False)
    os.makedirs(arguments.output, exist_ok=True)
    spread.rename("relative_spread").to_csv(os.path.join(arguments.output, "comparison.csv"), index_label="measurement")
    print(f"the groups differ most in {spread.index[0]}: by {spread.iloc[0]:.0%} of the mean")


if __name__ == "__main__":
    main()
