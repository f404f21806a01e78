"""Searches the settings of an algorithm and trains with the best."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from clary_steps.algorithms import classifier, preparation, regressor
from clary_steps.charts import bar_chart, line_chart
from clary_steps.failures import StepFailure
from clary_steps.features import choose_features, class_target, feature_table, number_target
from clary_steps.tables import read_table, write_table
from clary_steps.training import fit_classifier, fit_regressor, leave_model

_FIXED = {"trees": 100, "depth": 0, "rate": 0.1, "neighbours": 5, "balanced": False}


def run(options: dict[str, Any], inputs: dict[str, Path], outputs: dict[str, Path]) -> None:
    import optuna
    import pandas as pd

    optuna.logging.set_verbosity(optuna.logging.WARNING)
    table = read_table(inputs["train"], "Rows to train on")
    measure = _measure(table, options)
    study = optuna.create_study(direction="maximize", sampler=optuna.samplers.TPESampler(seed=options["seed"]))
    study.optimize(
        lambda trial: _tell(trial, measure(_settings(trial, options))),
        n_trials=options["trials"],
        timeout=options["minutes"] * 60,
    )
    best = {**_FIXED, **options, **study.best_params}
    fit = fit_classifier if options["task"] == "classify" else fit_regressor
    model, rows, answers, notes = fit(table, best)
    trials = pd.DataFrame([{"trial": one.number + 1, "score": one.value, **one.params} for one in study.trials])
    trials["best_so_far"] = trials["score"].cummax()
    charts: list[dict[str, Any]] = [
        line_chart(
            "Best score so far",
            "tuning-history",
            trials.to_dict("records"),
            ("trial", "quantitative"),
            ("best_so_far", "quantitative"),
            None,
        )
    ]
    if len(study.best_params) > 1 and len(study.trials) > 3:
        weights = optuna.importance.get_param_importances(
            study, evaluator=optuna.importance.PedAnovaImportanceEvaluator()
        )
        charts.append(bar_chart("What mattered", "parameter-importance", dict(weights), "Setting", "Importance"))
    found = ", ".join(f"{name} {value:.4g}" for name, value in study.best_params.items())
    notes = [f"Best of {len(study.trials)} trials: {study.best_value:.4f} with {found}.", *notes]
    measured = ("Cross-validated accuracy" if options["task"] == "classify" else "Cross-validated R²", study.best_value)
    leave_model(model, rows, answers, outputs["model"], notes, charts, measured)
    write_table(trials, outputs["trials"])
    print(f"best_score={study.best_value:.6g}")


def _tell(trial: Any, score: float) -> float:
    print(f"trial {trial.number + 1}: score={score:.6g} {trial.params}", flush=True)
    return score


def _settings(trial: Any, options: dict[str, Any]) -> dict[str, Any]:
    """What this trial tries."""
    name = options["algorithm"]
    chosen = {**_FIXED, "algorithm": name, "seed": options["seed"]}
    if name == "neighbours":
        return {**chosen, "neighbours": trial.suggest_int("neighbours", 1, 50)}
    chosen["trees"] = trial.suggest_int("trees", 20, 400, log=True)
    chosen["depth"] = trial.suggest_int("depth", 2, 12)
    if name != "forest":
        chosen["rate"] = trial.suggest_float("rate", 0.01, 0.5, log=True)
    return chosen


def _measure(table: Any, options: dict[str, Any]) -> Any:
    """settings → mean score over the folds: accuracy, or the share of the spread that is explained."""
    from sklearn.model_selection import KFold, StratifiedKFold, cross_val_score
    from sklearn.pipeline import Pipeline

    classify = options["task"] == "classify"
    folds, seed = options["folds"], options["seed"]
    if classify:
        rows, answers, classes, _ = class_target(table, options["target"])
        fewest = min((answers == place).sum() for place in range(len(classes)))
        if fewest < folds:
            raise StepFailure(
                "too-few-rows",
                f'The rarest class of "{options["target"]}" has {fewest} rows, too few for {folds} folds. '
                "Use fewer folds, or filter rare classes out.",
                column=options["target"],
            )
    else:
        rows, answers, _ = number_target(table, options["target"])
        classes = []
        if len(rows) < 2 * folds:
            raise StepFailure("too-few-rows", f"{len(rows)} rows are too few for {folds} folds. Use fewer folds.")
    features = choose_features(rows, options["columns"], options["target"])
    inputs = feature_table(rows, features.numbers, features.texts, "training table")
    parts = (StratifiedKFold if classify else KFold)(n_splits=folds, shuffle=True, random_state=seed)

    def score(settings: dict[str, Any]) -> float:
        estimator = classifier({**settings, "strength": 1.0}, len(classes)) if classify else regressor(settings)
        whole = Pipeline([("preparation", preparation(features, settings["algorithm"])), ("estimator", estimator)])
        kind = "accuracy" if classify else "r2"
        return float(cross_val_score(whole, inputs, answers, cv=parts, scoring=kind, error_score="raise").mean())

    return score
