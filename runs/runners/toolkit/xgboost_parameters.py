"""The hyperparameters of the built-in XGBoost algorithm: what each may be, checked before any data is read.

Source: SageMaker, "XGBoost hyperparameters"; XGBoost's own parameter reference.
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


class BadHyperparameter(Exception):
    """A hyperparameter is unknown, missing or out of its range; the message says which and what it may be."""


@dataclass(frozen=True, kw_only=True)
class Number:
    """A number between `low` and `high`; `open_low`/`open_high` leave the bound itself out."""

    whole: bool = False
    low: float | None = None
    high: float | None = None
    open_low: bool = False
    open_high: bool = False

    def read(self, text: str) -> int | float:
        value: int | float
        try:
            value = int(text) if self.whole else float(text)
        except ValueError:
            raise ValueError(f"must be {'a whole number' if self.whole else 'a number'}") from None
        above = self.low is None or (value > self.low if self.open_low else value >= self.low)
        below = self.high is None or (value < self.high if self.open_high else value <= self.high)
        if not (above and below):
            raise ValueError(f"must be {self._range()}")
        return value

    def _range(self) -> str:
        low = f"{'above' if self.open_low else 'at least'} {self.low:g}" if self.low is not None else ""
        high = f"{'below' if self.open_high else 'at most'} {self.high:g}" if self.high is not None else ""
        return " and ".join(part for part in (low, high) if part)


@dataclass(frozen=True)
class OneOf:
    choices: tuple[str, ...]

    def read(self, text: str) -> str:
        if text not in self.choices:
            near = difflib.get_close_matches(text, self.choices, n=1)
            hint = f" (did you mean {near[0]}?)" if near else ""
            raise ValueError(f"must be one of {', '.join(self.choices)}{hint}")
        return text


@dataclass(frozen=True)
class Text:
    """Passed on as written; XGBoost checks it."""

    def read(self, text: str) -> str:
        return text


@dataclass(frozen=True)
class JsonList:
    """Written as JSON or Python brackets: "[[0, 1], [2]]", "(1, -1)"."""

    def read(self, text: str) -> str:
        plain = text.strip().replace("(", "[").replace(")", "]")
        try:
            value = json.loads(plain)
        except ValueError:
            raise ValueError("must be a list such as [[0, 1], [2]] or (1, -1)") from None
        if not isinstance(value, list):
            raise ValueError("must be a list")
        return text.strip()


OBJECTIVES = (
    "binary:hinge",
    "binary:logistic",
    "binary:logitraw",
    "count:poisson",
    "multi:softmax",
    "multi:softprob",
    "rank:map",
    "rank:ndcg",
    "rank:pairwise",
    "reg:absoluteerror",
    "reg:gamma",
    "reg:linear",
    "reg:logistic",
    "reg:pseudohubererror",
    "reg:squarederror",
    "reg:squaredlogerror",
    "reg:tweedie",
    "survival:aft",
    "survival:cox",
)

#: Metrics computed on the predictions because XGBoost has none of that name (AWS's container adds the same).
CUSTOM_METRICS = (
    "accuracy",
    "balanced_accuracy",
    "f1",
    "f1_binary",
    "f1_macro",
    "mse",
    "precision",
    "precision_macro",
    "precision_micro",
    "r2",
    "recall",
    "recall_macro",
    "recall_micro",
)
NATIVE_METRICS = (
    "aft-nloglik",
    "auc",
    "aucpr",
    "cox-nloglik",
    "error",
    "gamma-deviance",
    "gamma-nloglik",
    "interval-regression-accuracy",
    "logloss",
    "mae",
    "map",
    "mape",
    "merror",
    "mlogloss",
    "mphe",
    "ndcg",
    "poisson-nloglik",
    "rmse",
    "rmsle",
    "tweedie-nloglik",
)
_WITH_THRESHOLD = frozenset({"error", "map", "ndcg", "tweedie-nloglik"})

_PARAMETERS: dict[str, Number | OneOf | Text | JsonList] = {
    "aft_loss_distribution": OneOf(("normal", "logistic", "extreme")),
    "aft_loss_distribution_scale": Number(low=0, open_low=True),
    "alpha": Number(low=0),
    "base_score": Number(),
    "booster": OneOf(("gbtree", "gblinear", "dart")),
    "colsample_bylevel": Number(low=0, high=1, open_low=True),
    "colsample_bynode": Number(low=0, high=1, open_low=True),
    "colsample_bytree": Number(low=0, high=1, open_low=True),
    "csv_weights": Number(whole=True, low=0, high=1),
    "deterministic_histogram": OneOf(("true", "false")),
    "early_stopping_rounds": Number(whole=True, low=1),
    "eta": Number(low=0, high=1),
    "eval_metric": Text(),
    "gamma": Number(low=0),
    "grow_policy": OneOf(("depthwise", "lossguide")),
    "interaction_constraints": JsonList(),
    "lambda": Number(low=0),
    "lambda_bias": Number(low=0, high=1),
    "max_bin": Number(whole=True, low=2),
    "max_delta_step": Number(low=0),
    "max_depth": Number(whole=True, low=0),
    "max_leaves": Number(whole=True, low=0),
    "min_child_weight": Number(low=0),
    "monotone_constraints": JsonList(),
    "normalize_type": OneOf(("tree", "forest")),
    "nthread": Number(whole=True, low=1),
    "num_class": Number(whole=True, low=2),
    "num_parallel_tree": Number(whole=True, low=1),
    "num_round": Number(whole=True, low=1),
    "objective": OneOf(OBJECTIVES),
    "one_drop": Number(whole=True, low=0, high=1),
    "process_type": OneOf(("default", "update")),
    "rate_drop": Number(low=0, high=1),
    "refresh_leaf": Number(whole=True, low=0, high=1),
    "sample_type": OneOf(("uniform", "weighted")),
    "save_model_on_termination": OneOf(("true", "false")),
    "scale_pos_weight": Number(low=0, open_low=True),
    "seed": Number(whole=True, low=-(2**31), high=2**31 - 1),
    "single_precision_histogram": OneOf(("true", "false")),
    "sketch_eps": Number(low=0, high=1, open_low=True, open_high=True),
    "skip_drop": Number(low=0, high=1),
    "subsample": Number(low=0, high=1, open_low=True),
    "tree_method": OneOf(("auto", "exact", "approx", "hist", "gpu_hist")),
    "tweedie_variance_power": Number(low=1, high=2, open_low=True, open_high=True),
    "updater": Text(),
    "verbosity": Number(whole=True, low=0, high=3),
    # Other spellings XGBoost itself accepts.
    "learning_rate": Number(low=0, high=1),
    "reg_alpha": Number(low=0),
    "reg_lambda": Number(low=0),
    "min_split_loss": Number(low=0),
    # Older images; read and dropped, see `_DROPPED`.
    "dsplit": OneOf(("row", "col")),
    "predictor": OneOf(("auto", "cpu_predictor", "gpu_predictor")),
    "silent": Number(whole=True, low=0, high=1),
}
#: Accepted for old definitions; current XGBoost has no such parameter.
_DROPPED = frozenset(
    {
        "deterministic_histogram",
        "dsplit",
        "predictor",
        "save_model_on_termination",
        "silent",
        "single_precision_histogram",
        "sketch_eps",
    }
)


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Checked hyperparameters. `params` goes to xgboost.train; `metrics` in the order they were asked for."""

    params: dict[str, Any]
    rounds: int
    early_stopping_rounds: int | None
    metrics: tuple[str, ...]
    csv_weights: bool
    ignored: tuple[str, ...] = ()


def check(hyperparameters: Mapping[str, str]) -> Settings:
    """The settings of a run.

    Raises:
        BadHyperparameter: with every fault found, one per line.
    """
    faults: list[str] = []
    values: dict[str, Any] = {}
    for name, text in hyperparameters.items():
        if name.startswith(("sagemaker_", "_")):
            continue
        known = _PARAMETERS.get(name)
        if known is None:
            near = difflib.get_close_matches(name, _PARAMETERS, n=1)
            hint = f"; did you mean {near[0]}?" if near else "."
            faults.append(f"{name} is not a hyperparameter of XGBoost{hint}")
            continue
        try:
            values[name] = known.read(text.strip().strip('"'))
        except ValueError as error:
            faults.append(f"{name} {error}, but is {text!r}.")
    if "num_round" not in hyperparameters:
        faults.append("num_round is required: the number of boosting rounds, for example 100.")
    metrics = _metrics(str(values.pop("eval_metric", "")), faults)
    faults += _contradictions(values, metrics)
    if faults:
        raise BadHyperparameter("\n".join(faults))
    ignored = tuple(sorted(name for name in values if name in _DROPPED))
    if values.get("tree_method") == "gpu_hist":
        values["tree_method"], ignored = "hist", (*ignored, "tree_method=gpu_hist (hist is used)")
    if values.get("objective") == "reg:linear":
        values["objective"] = "reg:squarederror"  # its name since XGBoost 1.0
    rounds, weights = values.pop("num_round"), bool(values.pop("csv_weights", 0))
    early = values.pop("early_stopping_rounds", None)
    params = {name: value for name, value in values.items() if name not in _DROPPED}
    return Settings(
        params=params, rounds=rounds, early_stopping_rounds=early, metrics=metrics, csv_weights=weights, ignored=ignored
    )


def _metrics(text: str, faults: list[str]) -> tuple[str, ...]:
    names = [name.strip().strip("\"'") for name in text.strip().strip("[]").split(",")]
    wanted = tuple(dict.fromkeys(name for name in names if name))
    for name in wanted:
        base, _, threshold = name.partition("@")
        if base not in NATIVE_METRICS + CUSTOM_METRICS or (threshold and base not in _WITH_THRESHOLD):
            near = difflib.get_close_matches(base, NATIVE_METRICS + CUSTOM_METRICS, n=1)
            faults.append(f"eval_metric {name!r} is not known{f'; did you mean {near[0]}?' if near else '.'}")
    return wanted


def _contradictions(values: Mapping[str, Any], metrics: tuple[str, ...]) -> list[str]:
    faults = []
    objective = values.get("objective", "reg:squarederror")
    multiple = objective in {"multi:softmax", "multi:softprob"}
    if multiple and "num_class" not in values:
        faults.append(f"num_class is required with the objective {objective}.")
    if not multiple and "num_class" in values:
        faults.append(f"num_class is only for multi:softmax and multi:softprob, but the objective is {objective}.")
    if "auc" in metrics and objective.startswith(("reg:", "count:", "survival:")) and objective != "reg:logistic":
        faults.append(f"eval_metric auc is for classification and ranking, but the objective is {objective}.")
    if "aft-nloglik" in metrics and objective != "survival:aft":
        faults.append(f"eval_metric aft-nloglik is for survival:aft, but the objective is {objective}.")
    return faults
