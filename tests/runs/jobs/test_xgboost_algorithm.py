"""The built-in XGBoost algorithm, as a job without a script runs it."""

import pickle
import re
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest
import xgboost as xgb

from engine.steps.jobs.algorithms import xgboost_metrics, xgboost_pickles
from runs.runners.layout import Prepared
from runs.runners.toolkit import serving_defaults, xgboost_algorithm
from tests.runs.jobs.attempts import Bench, channel, job, training_files

TRAIN = "/opt/ml/input/data/train"
VALIDATION = "/opt/ml/input/data/validation"
SETTINGS = {"num_round": "5", "objective": "binary:logistic", "max_depth": "2", "seed": "1"}


def _rows(count: int = 60) -> np.ndarray:
    random = np.random.default_rng(3)
    features = random.normal(size=(count, 3)).round(3)
    label = (features[:, 0] + features[:, 1] > 0).astype(float)
    return np.column_stack([label, features])


def _csv(table: np.ndarray) -> str:
    return "\n".join(",".join(f"{value:g}" for value in row) for row in table) + "\n"


@dataclass
class Done:
    returncode: int
    stdout: str


Run = Callable[..., Done]


@pytest.fixture
def run(bench: Bench, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Prepares the job and runs the algorithm in this process: starting an interpreter per case would take a minute."""
    monkeypatch.setenv("OMP_NUM_THREADS", "1")

    def run(settings: dict[str, str], files: dict[str, bytes | str], **channels: str | None) -> Done:
        _prepared(bench, settings, files, **channels)
        code = xgboost_algorithm.main(bench.ml, package_path="")
        return Done(code, capsys.readouterr().out)

    return run


def _prepared(
    bench: Bench, settings: dict[str, str], files: dict[str, bytes | str], **channels: str | None
) -> Prepared:
    inputs = tuple(channel(name) for name in channels)
    changed = job(toolkit="xgboost", files=training_files(settings, channels), inputs=inputs)
    return bench.prepare(changed, *(bench.put(path, content) for path, content in files.items()))


def _model(bench: Bench) -> xgb.Booster:
    return xgb.Booster(model_file=bytearray((bench.ml / "model/xgboost-model").read_bytes()))


def test_csv_trains_and_the_model_is_the_one_xgboost_would_fit_itself(bench: Bench, run: Run) -> None:
    table = _rows()
    done = run(SETTINGS, {f"{TRAIN}/a.csv": _csv(table)}, train="text/csv")
    assert done.returncode == 0, done.stdout
    data = xgb.DMatrix(table[:, 1:].astype(np.float32), label=table[:, 0])
    params = {"objective": "binary:logistic", "max_depth": 2, "seed": 1, "nthread": 1}
    expected = xgb.train(params, data, 5).predict(data)
    assert np.allclose(_model(bench).predict(data), expected, atol=1e-6)


@pytest.mark.parametrize(
    ("image", "pickled"),
    [
        ("257758044811.dkr.ecr.us-east-2.amazonaws.com/sagemaker-xgboost:1.0-1-cpu-py3", True),
        ("257758044811.dkr.ecr.us-east-2.amazonaws.com/sagemaker-xgboost:1.2-2", True),
        ("825641698319.dkr.ecr.us-east-2.amazonaws.com/xgboost:latest", True),
        ("257758044811.dkr.ecr.us-east-2.amazonaws.com/sagemaker-xgboost:1.3-1", False),
        ("257758044811.dkr.ecr.us-east-2.amazonaws.com/sagemaker-xgboost:3.0-5", False),
        ("registry:5000/own-xgboost", False),
    ],
)
def test_the_version_of_the_image_says_whether_the_model_is_a_pickle(image: str, pickled: bool) -> None:
    assert xgboost_pickles(image) is pickled


def test_a_pickled_model_is_a_booster_and_is_served(bench: Bench, run: Run) -> None:
    table = _rows()
    files = {f"{TRAIN}/a.csv": _csv(table), "/opt/ml/input/config/algorithm.json": '{"pickle": true}'}
    done = run(SETTINGS, files, train="text/csv")
    assert done.returncode == 0, done.stdout
    loaded = pickle.loads((bench.ml / "model/xgboost-model").read_bytes())
    data = xgb.DMatrix(table[:, 1:].astype(np.float32))
    expected = loaded.predict(data)
    assert np.array_equal(serving_defaults.load(str(bench.ml / "model")).predict(data), expected)


def test_lines_read_as_in_awss_log_and_the_standard_metrics_find_them(bench: Bench, run: Run) -> None:
    settings = {**SETTINGS, "eval_metric": "auc,logloss,f1"}
    files = {f"{TRAIN}/a.csv": _csv(_rows()), f"{VALIDATION}/b.csv": _csv(_rows(30))}
    done = run(settings, files, train="text/csv", validation="text/csv")
    lines = [line for line in done.stdout.splitlines() if line.startswith("[")]
    assert len(lines) == 5
    assert re.fullmatch(
        r"\[0\]#011train-auc:\d\.\d{5}#011train-logloss:\d\.\d{5}#011train-f1:\d\.\d{5}"
        r"#011validation-auc:\d\.\d{5}#011validation-logloss:\d\.\d{5}#011validation-f1:\d\.\d{5}",
        lines[0],
    )
    found = {name: re.findall(regex, done.stdout) for name, regex in xgboost_metrics(settings)}
    assert all(len(values) == 5 for values in found.values()), found
    standard = re.findall(r".*\[[0-9]+\].*#011validation-auc:(\S+)", done.stdout)
    assert len(standard) == 5


def test_libsvm_is_the_default_format(bench: Bench, run: Run) -> None:
    lines = "".join(f"{int(row[0])} 0:{row[1]} 1:{row[2]} 2:{row[3]}\n" for row in _rows())
    done = run(SETTINGS, {f"{TRAIN}/a": lines}, train=None)
    assert done.returncode == 0, done.stdout
    assert "Train matrix has 60 rows and 3 columns" in done.stdout


def test_parquet_is_read(bench: Bench, run: Run) -> None:
    table = pd.DataFrame(_rows(), columns=["label", "a", "b", "c"]).to_parquet()
    done = run(SETTINGS, {f"{TRAIN}/a.parquet": table}, train="application/x-parquet")
    assert done.returncode == 0, done.stdout


def test_files_of_a_channel_are_one_table_and_hidden_ones_are_left_out(bench: Bench, run: Run) -> None:
    table = _rows()
    files = {
        f"{TRAIN}/a.csv": _csv(table[:30]),
        f"{TRAIN}/deep/b.csv": _csv(table[30:]),
        f"{TRAIN}/_SUCCESS": "no data",
        f"{TRAIN}/.hidden": "no data",
    }
    assert "Train matrix has 60 rows" in run(SETTINGS, files, train="csv").stdout


def test_empty_fields_are_missing_values(bench: Bench, run: Run) -> None:
    done = run(SETTINGS, {f"{TRAIN}/a.csv": "1,,2\n0,3,\n" * 10}, train="text/csv")
    assert done.returncode == 0, done.stdout


def test_instance_weights_may_stand_in_the_second_column(bench: Bench, run: Run) -> None:
    table = _rows()
    weighted = np.column_stack([table[:, 0], np.ones(len(table)), table[:, 1:]])
    files = {f"{TRAIN}/a.csv": _csv(weighted), f"{VALIDATION}/b.csv": _csv(table)}
    done = run({**SETTINGS, "csv_weights": "1"}, files, train="text/csv", validation="text/csv")
    assert done.returncode == 0, done.stdout
    assert _model(bench).num_features() == 3


def test_early_stopping_keeps_the_best_rounds(bench: Bench, run: Run) -> None:
    random = np.random.default_rng(0)
    noise = np.column_stack([random.integers(0, 2, 80).astype(float), random.normal(size=(80, 4))])
    settings = {**SETTINGS, "num_round": "200", "early_stopping_rounds": "3", "eval_metric": "logloss"}
    files = {f"{TRAIN}/a.csv": _csv(noise[:60]), f"{VALIDATION}/b.csv": _csv(noise[60:])}
    done = run(settings, files, train="text/csv", validation="text/csv")
    assert done.returncode == 0, done.stdout
    assert _model(bench).num_boosted_rounds() < 50


def test_classes_and_their_number(bench: Bench, run: Run) -> None:
    table = _rows()
    table[:, 0] = np.arange(60) % 3
    settings = {"num_round": "3", "objective": "multi:softprob", "num_class": "3", "eval_metric": "merror,accuracy"}
    done = run(settings, {f"{TRAIN}/a.csv": _csv(table)}, train="text/csv")
    assert "train-merror:" in done.stdout and "train-accuracy:" in done.stdout


def test_training_goes_on_from_a_checkpoint_in_a_process_of_its_own(bench: Bench) -> None:
    prepared = _prepared(bench, SETTINGS, {f"{TRAIN}/a.csv": _csv(_rows())}, train="text/csv")
    assert prepared.preload == {"numpy", "pyarrow", "xgboost"}
    (bench.ml / "checkpoints").mkdir()
    assert bench.run(prepared).returncode == 0
    kept = sorted(path.name for path in (bench.ml / "checkpoints").iterdir())
    assert kept == [f"xgboost-checkpoint.{number}" for number in range(5)]
    (bench.ml / "checkpoints/xgboost-checkpoint.4").unlink()
    done = bench.run(prepared)
    assert "Resuming from" in done.stdout and "[4]#011" in done.stdout and "[3]#011" not in done.stdout
    assert _model(bench).num_boosted_rounds() == 5


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({}, "num_round is required"),
        ({"num_round": "0"}, "num_round must be at least 1, but is '0'"),
        ({"num_round": "ten"}, "num_round must be a whole number"),
        ({"num_round": "1", "eta": "2"}, "eta must be at least 0 and at most 1"),
        ({"num_round": "1", "max_dept": "3"}, "max_dept is not a hyperparameter of XGBoost; did you mean max_depth?"),
        ({"num_round": "1", "objective": "binary:logistics"}, "did you mean binary:logistic?"),
        ({"num_round": "1", "objective": "multi:softmax"}, "num_class is required"),
        ({"num_round": "1", "eval_metric": "acc"}, "eval_metric 'acc' is not known"),
        ({"num_round": "1", "eval_metric": "auc"}, "auc is for classification"),
        ({"num_round": "1", "monotone_constraints": "up"}, "must be a list"),
    ],
)
def test_a_wrong_hyperparameter_is_named_before_any_data_is_read(
    bench: Bench, run: Run, settings: dict[str, str], words: str
) -> None:
    done = run(settings, {}, train="text/csv")
    assert done.returncode == 1
    assert words in bench.failure(), bench.failure()


def test_every_wrong_hyperparameter_is_named_at_once(bench: Bench, run: Run) -> None:
    run({"eta": "9", "gama": "1"}, {}, train="text/csv")
    assert len(bench.failure().splitlines()) == 3


@pytest.mark.parametrize(
    ("content", "kind", "words"),
    [
        (
            "label,a\n1,2\n",
            "text/csv",
            "a.csv, line 1, column 1: 'label' is not a number. The file must not have a header",
        ),
        ("1,2,3\n0,x,3\n", "text/csv", "a.csv, line 2, column 2: 'x' is not a number"),
        ("1,2,3\n0,2\n", "text/csv", "a.csv, line 2: 2 columns, but the lines above have 3"),
        (",2\n1,3\n", "text/csv", "row 1 has no label"),
        ("1\n0\n", "text/csv", "at least one more is needed"),
        ("", "text/csv", "The channel train holds no data"),
        ("1 0:1\n0 oops\n", None, "a.csv, line 2: expected `label index:value"),
        ("not parquet", "application/x-parquet", "a.csv: cannot be read as a Parquet table"),
        ("1,2\n", "application/json", "reads application/x-parquet, text/csv"),
        ("1,2\n", "text/csv; label_size=2", "label_size must be 1"),
    ],
)
def test_bad_data_is_named_by_file_and_line(bench: Bench, run: Run, content: str, kind: str | None, words: str) -> None:
    done = run(SETTINGS, {f"{TRAIN}/a.csv": content}, train=kind)
    assert done.returncode == 1
    assert words in bench.failure(), bench.failure()


def test_an_unknown_or_missing_channel_is_named(bench: Bench, run: Run) -> None:
    assert run(SETTINGS, {}, training="text/csv").returncode == 1
    assert "The channel training is not known to XGBoost" in bench.failure()


@pytest.mark.parametrize(
    ("settings", "labels", "words"),
    [
        (
            SETTINGS,
            (5, 7),
            "needs labels between 0 and 1, but the channel train has labels from 5 to 7",
        ),
        ({"num_round": "1", "objective": "multi:softmax", "num_class": "3"}, (0, 3), "whole labels from 0 to 2"),
        ({"num_round": "1", "objective": "count:poisson"}, (-1, 3), "labels of at least 0"),
    ],
)
def test_labels_the_objective_cannot_learn_are_named(
    bench: Bench, run: Run, settings: dict[str, str], labels: tuple[int, int], words: str
) -> None:
    done = run(settings, {f"{TRAIN}/a.csv": f"{labels[0]},1\n{labels[1]},2\n"}, train="text/csv")
    assert done.returncode == 1
    assert words in bench.failure()


def test_what_xgboost_itself_refuses_is_the_reason_without_its_stack(bench: Bench, run: Run) -> None:
    settings = {**SETTINGS, "base_score": "5"}
    assert run(settings, {f"{TRAIN}/a.csv": "0,1\n1,2\n"}, train="text/csv").returncode == 1
    assert bench.failure().startswith("XGBoost refused the training: Check failed")
    assert "base_score" in bench.failure() and "Stack trace" not in bench.failure()
