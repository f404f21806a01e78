"""What the built-in algorithms promise about their log lines, so their metrics are found without a definition."""

from __future__ import annotations

import re
from collections.abc import Mapping

#: The metric XGBoost reports when `eval_metric` is not set (XGBoost parameter reference, `eval_metric`).
_DEFAULT_METRICS = {
    "binary:logistic": "logloss",
    "binary:logitraw": "logloss",
    "binary:hinge": "error",
    "count:poisson": "poisson-nloglik",
    "multi:softmax": "mlogloss",
    "multi:softprob": "mlogloss",
    "rank:map": "map",
    "rank:ndcg": "ndcg",
    "rank:pairwise": "ndcg",
    "reg:gamma": "gamma-nloglik",
    "reg:squaredlogerror": "rmsle",
    "reg:pseudohubererror": "mphe",
    "reg:absoluteerror": "mae",
    "survival:aft": "aft-nloglik",
    "survival:cox": "cox-nloglik",
}

#: The tag of an image by version: "1.2-2", "1.0-1-cpu-py3". The first algorithm had the tags "1" and "latest".
_VERSION = re.compile(r":(\d+)\.(\d+)(?=[-.]|$)")
_FIRST_ALGORITHM = re.compile(r"/xgboost:(1|latest)$")
#: From this version on AWS's container writes what `Booster.load_model` reads; before, a pickle of the Booster.
_OWN_FORMAT_SINCE = (1, 3)


def xgboost_pickles(image: str) -> bool:
    """Whether scripts written for this image take the algorithm's model out of a pickle."""
    version = _VERSION.search(image)
    if version is None:
        return _FIRST_ALGORITHM.search(image) is not None
    return (int(version[1]), int(version[2])) < _OWN_FORMAT_SINCE


def xgboost_metric_names(hyperparameters: Mapping[str, str]) -> tuple[str, ...]:
    """The metrics a run will print, from `eval_metric` (comma separated, brackets allowed) or the objective."""
    given = hyperparameters.get("eval_metric", "").strip().strip("[]")
    names = [name.strip().strip("\"'") for name in given.split(",")]
    found = tuple(dict.fromkeys(name for name in names if name))
    if found:
        return found
    objective = hyperparameters.get("objective", "reg:squarederror").strip('"')
    if objective == "reg:tweedie":
        return (f"tweedie-nloglik@{hyperparameters.get('tweedie_variance_power', '1.5')}",)
    return (_DEFAULT_METRICS.get(objective, "rmse"),)


def xgboost_metrics(hyperparameters: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Metric name and pattern for both channels, named as AWS names them: `train:auc`, `validation:auc`.

    The lines read `[7]#011train-auc:0.98#011validation-auc:0.97`, as AWS logs show tabs; a real tab
    matches too.
    """
    return tuple(
        (f"{channel}:{name}", rf"\[[0-9]+\].*(?:#011|\t){channel}-{re.escape(name)}:(\S+?)(?=#011|\s|$)")
        for name in xgboost_metric_names(hyperparameters)
        for channel in ("train", "validation")
    )
