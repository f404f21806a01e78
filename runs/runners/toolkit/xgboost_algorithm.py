"""The built-in XGBoost algorithm: what AWS's xgboost image does when no script is given.

Reads the channels train and validation, trains, prints one line per round as AWS's log shows it
(`[0]#011train-logloss:0.52#011validation-logloss:0.55`), and leaves `xgboost-model` in the model folder.
The model file is XGBoost's own format (UBJSON): `Booster.load_model` reads it in any version since 1.6. For images
before 1.3 it is the pickle of a Booster that AWS's container of that time left, which is what their scripts load.
"""

from __future__ import annotations

import json
import os
import pickle
import re
import shutil
import sys
from pathlib import Path
from typing import Any

import xgboost as xgb

from . import failure
from .xgboost_data import BadData, matrix
from .xgboost_metrics import custom_metric
from .xgboost_parameters import CUSTOM_METRICS, BadHyperparameter, Settings, check

MODEL_NAME = "xgboost-model"
CHECKPOINT_NAME = "xgboost-checkpoint"
CHECKPOINTS_KEPT = 5
# "[12:00:00] /src/objective.cc:114: " before XGBoost's messages.
_SOURCE_PLACE = re.compile(r"^(\[[0-9:]+\] )?\S+:[0-9]+: ")


def main(root: Path, *, package_path: str) -> int:
    """Trains from the files under `root`; the exit code. A failure leaves output/failure behind."""
    try:
        settings = check(_config(root, "hyperparameters"))
        if settings.ignored:
            print(f"Not used by this XGBoost: {', '.join(settings.ignored)}", flush=True)
        train, validation = _channels(root, settings)
        _train(root, settings, train, validation)
    except (BadHyperparameter, BadData) as error:
        failure.write(root, str(error))
        return 1
    except xgb.core.XGBoostError as error:
        failure.write(root, f"XGBoost refused the training: {_plain(str(error))}")
        return 1
    return 0


def _channels(root: Path, settings: Settings) -> tuple[Any, Any | None]:
    config = _config(root, "inputdataconfig")
    unknown = sorted(set(config) - {"train", "validation", "code"})
    if unknown:
        raise BadData(f"The channel {unknown[0]} is not known to XGBoost; it reads the channels train and validation.")
    if "train" not in config:
        raise BadData("The channel train is missing; it holds the data to learn from.")
    threads = settings.params.get("nthread") or int(os.environ.get("OMP_NUM_THREADS") or 1)
    read = {}
    for name in ("train", "validation"):
        if name in config:
            folder = root / "input/data" / name
            kind = config[name].get("ContentType") or config["train"].get("ContentType")
            weights = settings.csv_weights and name == "train"
            read[name] = matrix(folder, name, kind, weights=weights, threads=threads)
            _check_labels(settings.params, read[name].get_label(), name)
            print(
                f"{name.capitalize()} matrix has {read[name].num_row()} rows and {read[name].num_col()} columns",
                flush=True,
            )
    train, validation = read["train"], read.get("validation")
    if validation is not None and validation.num_col() > train.num_col():
        raise BadData(f"The channel validation has {validation.num_col()} columns, train has {train.num_col()}.")
    return train, validation


def _check_labels(params: dict[str, Any], labels: Any, channel: str) -> None:
    """Labels the objective cannot learn from, said in words for people; XGBoost would name an inner condition."""
    objective = params.get("objective", "reg:squarederror")
    low, high = labels.min(), labels.max()
    found = f"but the channel {channel} has labels from {low:g} to {high:g}."
    if (objective.startswith("binary:") or objective == "reg:logistic") and (low < 0 or high > 1):
        raise BadData(f"The objective {objective} needs labels between 0 and 1, {found}")
    if objective.startswith("multi:") and (low < 0 or high >= params["num_class"] or (labels % 1).any()):
        raise BadData(
            f"The objective {objective} with num_class {params['num_class']} needs whole labels from 0 to "
            f"{params['num_class'] - 1}, {found}"
        )
    if objective in {"count:poisson", "reg:tweedie"} and low < 0:
        raise BadData(f"The objective {objective} needs labels of at least 0, {found}")


def _train(root: Path, settings: Settings, train: Any, validation: Any | None) -> None:
    params = {"nthread": int(os.environ.get("OMP_NUM_THREADS") or 1), **settings.params}
    native = [name for name in settings.metrics if name not in CUSTOM_METRICS]
    custom = [name for name in settings.metrics if name in CUSTOM_METRICS]
    if native:
        params["eval_metric"] = native
    elif custom:
        params["disable_default_eval_metric"] = 1
    evals = [(train, "train")] + ([(validation, "validation")] if validation is not None else [])
    folder = root / "checkpoints"
    start, done = _latest_checkpoint(folder)
    if start is not None:
        print(f"Resuming from {start.name}: {done} rounds are done", flush=True)
    callbacks: list[Any] = [_Lines(done)]
    if folder.is_dir():
        callbacks.append(_Checkpoints(folder, done))
    if settings.early_stopping_rounds:
        callbacks.append(
            xgb.callback.EarlyStopping(
                rounds=settings.early_stopping_rounds,
                metric_name=settings.metrics[-1] if settings.metrics else None,
                maximize=_maximize(settings),
                save_best=params.get("booster") != "gblinear",
            )
        )
    booster = xgb.train(
        params,
        train,
        num_boost_round=max(0, settings.rounds - done),
        evals=evals,
        custom_metric=custom_metric(custom, params.get("objective", "reg:squarederror")) if custom else None,
        callbacks=callbacks,
        xgb_model=str(start) if start else None,
        verbose_eval=False,
    )
    _store(booster, root / "model" / MODEL_NAME, pickled=bool(_config(root, "algorithm").get("pickle")))
    print(f"Stored the model after {booster.num_boosted_rounds()} rounds", flush=True)


def _store(booster: Any, target: Path, *, pickled: bool) -> None:
    target.parent.mkdir(exist_ok=True)
    unfinished = target.with_suffix(".ubj")  # XGBoost chooses the format by the ending
    if pickled:
        unfinished.write_bytes(pickle.dumps(booster))
    else:
        booster.save_model(unfinished)
    unfinished.rename(target)


class _Lines(xgb.callback.TrainingCallback):
    """One line per round, in the form AWS's log shows it."""

    def __init__(self, done: int) -> None:
        super().__init__()
        self._done = done

    def after_iteration(self, model: Any, epoch: int, evals_log: Any) -> bool:
        scores = [
            f"{data}-{name}:{values[-1][0] if isinstance(values[-1], tuple) else values[-1]:.5f}"
            for data, metrics in evals_log.items()
            for name, values in metrics.items()
        ]
        print(f"[{epoch + self._done}]#011" + "#011".join(scores), flush=True)
        return False


class _Checkpoints(xgb.callback.TrainingCallback):
    """A model per round in the checkpoint folder, the newest kept, written whole or not at all."""

    def __init__(self, folder: Path, done: int) -> None:
        super().__init__()
        self._folder, self._done = folder, done

    def after_iteration(self, model: Any, epoch: int, evals_log: Any) -> bool:
        number = epoch + self._done
        target = self._folder / f"{CHECKPOINT_NAME}.{number}"
        unfinished = self._folder / ".unfinished.ubj"
        model.save_model(unfinished)
        unfinished.rename(target)
        (self._folder / f"{CHECKPOINT_NAME}.{number - CHECKPOINTS_KEPT}").unlink(missing_ok=True)
        return False


def _latest_checkpoint(folder: Path) -> tuple[Path | None, int]:
    """(file to go on from, rounds it holds); the copy has the ending XGBoost reads the format from."""
    numbered = {int(path.suffix[1:]): path for path in folder.glob(f"{CHECKPOINT_NAME}.*") if path.suffix[1:].isdigit()}
    if not numbered:
        return None, 0
    last = max(numbered)
    readable = folder.parent / f".{CHECKPOINT_NAME}-{last}.ubj"
    shutil.copyfile(numbered[last], readable)
    return readable, last + 1


def _maximize(settings: Settings) -> bool | None:
    """Whether a larger last metric is better; None leaves it to XGBoost, which knows its own metrics."""
    if not settings.metrics or settings.metrics[-1] not in CUSTOM_METRICS:
        return None
    return settings.metrics[-1] != "mse"


def _config(root: Path, name: str) -> dict[str, Any]:
    path = root / "input/config" / f"{name}.json"
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    return content


def _plain(message: str) -> str:
    """XGBoost's message without its C++ stack."""
    lines = [line for line in message.splitlines() if line.strip()]
    cut = next((index for index, line in enumerate(lines) if line.startswith("Stack trace")), len(lines))
    return " ".join(_SOURCE_PLACE.sub("", line).strip() for line in lines[:cut])


if __name__ == "__main__":
    sys.exit(main(Path("/opt/ml"), package_path=""))
