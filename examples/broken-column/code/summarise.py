"""Writes the mean of every measurement per group."""

import argparse
import difflib
import os

import pandas as pd


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--input", required=True)
    parser.add_argument("--group", required=True)
    parser.add_argument("--output", required=True)
    arguments = parser.parse_args()

    name = sorted(name for name in os.listdir(arguments.input) if name.endswith(".csv"))[0]
    table = pd.read_csv(os.path.join(arguments.input, name))
    if arguments.group not in table.columns:
        near = difflib.get_close_matches(arguments.group.lower(), table.columns, n=1)
        hint = f" Did you mean {near[0]!r}?" if near else ""
        words_first = sorted(table.columns, key=lambda column: pd.api.types.is_numeric_dtype(table[column]))
        raise SystemExit(
            f"{name} has no column {arguments.group!r}.{hint} Set the parameter GroupColumn to one of: "
            f"{', '.join(words_first)}"
        )
    summary = table.groupby(arguments.group).mean(numeric_only=True)
    os.makedirs(arguments.output, exist_ok=True)
    summary.to_csv(os.path.join(arguments.output, "summary.csv"))
    print(f"{len(summary)} groups of {arguments.group!r}, {summary.shape[1]} measurements")


if __name__ == "__main__":
    main()
