"""Turns categories into numbers and scales numbers; learned on one table, done to both."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from clary_steps.failures import StepFailure
from clary_steps.features import feature_table
from clary_steps.tables import column_type, is_missing, need_columns, read_table, write_table


def run(options: dict[str, Any], inputs: dict[str, Path], outputs: dict[str, Path]) -> None:
    import pandas as pd
    from sklearn.compose import ColumnTransformer

    table = read_table(inputs["train"], "Table to learn from")
    leave = options["leave"] or []
    need_columns(table, leave, "table")
    free = [name for name in table.columns if name not in leave and not is_missing(table[name])]
    numbers = [
        name for name in free if options["scale"] != "keep" and column_type(table[name]) in ("integer", "number")
    ]
    texts = [name for name in free if options["encode"] != "keep" and column_type(table[name]) == "text"]
    if not numbers and not texts:
        raise StepFailure("no-features", "There is no column to encode or scale. Leave fewer columns alone.")
    parts = [("numbers", _scaler(options), numbers), ("texts", _encoder(options), texts)]
    work = ColumnTransformer([part for part in parts if part[2]], verbose_feature_names_out=False)
    work.set_output(transform="pandas")
    work.fit(feature_table(table, numbers, texts, "table"))
    others = [name for name in table.columns if name not in (*numbers, *texts)]
    for port, folder in inputs.items():
        frame = table if port == "train" else read_table(folder, "Table treated alike")
        need_columns(frame, others, "second table")
        treated = work.transform(feature_table(frame, numbers, texts, "table"))
        clash = [name for name in others if name in treated.columns]
        if clash:
            raise StepFailure(
                "name-taken", f'A new column would be called "{clash[0]}" like one that is there. Rename it.'
            )
        write_table(pd.concat([treated, frame[others]], axis=1), outputs[port])


def _scaler(options: dict[str, Any]) -> Any:
    from sklearn.preprocessing import MinMaxScaler, RobustScaler, StandardScaler

    return {"range": MinMaxScaler, "robust": RobustScaler}.get(options["scale"], StandardScaler)()


def _encoder(options: dict[str, Any]) -> Any:
    from sklearn.preprocessing import OneHotEncoder, OrdinalEncoder

    if options["encode"] == "ordinal":
        return OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1)
    return OneHotEncoder(
        handle_unknown="infrequent_if_exist", max_categories=options["categories"], sparse_output=False
    )
