"""The algorithms offered, with the parameters of the form. Only the library that is used is imported."""

from __future__ import annotations

import os
from typing import Any

from clary_steps.catalog import find_step
from clary_steps.features import MOST_CATEGORIES, Features

#: Algorithms that need numbers of like size, and ones that take missing numbers as they are.
SCALED = ("logistic", "linear", "ridge", "svm", "neighbours")
TAKES_MISSING = ("xgboost", "lightgbm", "boosting")
BOOSTERS = ("xgboost", "lightgbm")


def thread_count() -> int:
    return max(1, int(os.environ.get("OMP_NUM_THREADS") or 1))


def algorithm_title(name: str) -> str:
    """ "Random forest" for "forest": what the form calls it, its library left out. Unknown names stay as they are."""
    for step in ("train-classifier", "train-regressor"):
        choice = find_step(step).document["form"]["properties"]["algorithm"]
        if name in choice["enum"]:
            title: str = choice["x-titles"][choice["enum"].index(name)]
            return title.partition(" (")[0]
    return name


def preparation(features: Features, algorithm: str) -> Any:
    """What is done to the columns before the algorithm: fill, scale where it matters, one column per category."""
    from sklearn.compose import ColumnTransformer
    from sklearn.impute import SimpleImputer
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OneHotEncoder, StandardScaler

    if algorithm in TAKES_MISSING:
        numbers: Any = "passthrough"
    elif algorithm in SCALED:
        numbers = make_pipeline(SimpleImputer(strategy="median"), StandardScaler())
    else:
        numbers = SimpleImputer(strategy="median")
    texts = OneHotEncoder(
        handle_unknown="infrequent_if_exist", max_categories=MOST_CATEGORIES, sparse_output=False, dtype="float64"
    )
    parts = [("numbers", numbers, features.numbers), ("texts", texts, features.texts)]
    return ColumnTransformer([part for part in parts if part[2]], verbose_feature_names_out=False)


def classifier(options: dict[str, Any], classes: int) -> Any:
    """The estimator the options describe, not fitted yet."""
    name, seed = options["algorithm"], options["seed"]
    balanced = "balanced" if options.get("balanced") else None
    if name == "logistic":
        from sklearn.linear_model import LogisticRegression

        return LogisticRegression(C=options["strength"], max_iter=1000, class_weight=balanced, random_state=seed)
    if name == "forest":
        from sklearn.ensemble import RandomForestClassifier

        return RandomForestClassifier(
            n_estimators=options["trees"],
            max_depth=options["depth"] or None,
            class_weight=balanced,
            random_state=seed,
            n_jobs=thread_count(),
        )
    if name == "boosting":
        from sklearn.ensemble import HistGradientBoostingClassifier

        return HistGradientBoostingClassifier(
            max_iter=options["trees"],
            max_depth=options["depth"] or None,
            learning_rate=options["rate"],
            class_weight=balanced,
            random_state=seed,
        )
    if name == "svm":
        from sklearn.svm import SVC

        return SVC(C=options["strength"], class_weight=balanced, random_state=seed)
    if name == "neighbours":
        from sklearn.neighbors import KNeighborsClassifier

        return KNeighborsClassifier(n_neighbors=options["neighbours"])
    if name == "xgboost":
        from xgboost import XGBClassifier

        kind = "binary:logistic" if classes == 2 else "multi:softprob"
        return XGBClassifier(**_xgboost(options), objective=kind)
    from lightgbm import LGBMClassifier

    return LGBMClassifier(**_lightgbm(options), class_weight=balanced)


def regressor(options: dict[str, Any]) -> Any:
    """The estimator the options describe, not fitted yet."""
    name, seed = options["algorithm"], options["seed"]
    if name == "linear":
        from sklearn.linear_model import LinearRegression

        return LinearRegression()
    if name == "ridge":
        from sklearn.linear_model import Ridge

        return Ridge(alpha=options["penalty"], random_state=seed)
    if name == "forest":
        from sklearn.ensemble import RandomForestRegressor

        return RandomForestRegressor(
            n_estimators=options["trees"],
            max_depth=options["depth"] or None,
            random_state=seed,
            n_jobs=thread_count(),
        )
    if name == "boosting":
        from sklearn.ensemble import HistGradientBoostingRegressor

        return HistGradientBoostingRegressor(
            max_iter=options["trees"],
            max_depth=options["depth"] or None,
            learning_rate=options["rate"],
            random_state=seed,
        )
    if name == "neighbours":
        from sklearn.neighbors import KNeighborsRegressor

        return KNeighborsRegressor(n_neighbors=options["neighbours"])
    if name == "xgboost":
        from xgboost import XGBRegressor

        return XGBRegressor(**_xgboost(options))
    from lightgbm import LGBMRegressor

    return LGBMRegressor(**_lightgbm(options))


def _xgboost(options: dict[str, Any]) -> dict[str, Any]:
    return {
        "n_estimators": options["trees"],
        "max_depth": options["depth"] or 6,
        "learning_rate": options["rate"],
        "random_state": options["seed"],
        "n_jobs": thread_count(),
    }


def _lightgbm(options: dict[str, Any]) -> dict[str, Any]:
    return {
        "n_estimators": options["trees"],
        "max_depth": options["depth"] or -1,
        "learning_rate": options["rate"],
        "random_state": options["seed"],
        "n_jobs": thread_count(),
        "verbose": -1,
        "deterministic": True,
        "force_row_wise": True,
    }
