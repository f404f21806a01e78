"""Batch transform with the built-in servers: splitting, filtering, joining and assembling as SageMaker does."""

from __future__ import annotations

import io
import json
import pickle
from subprocess import CompletedProcess
from typing import Any

import joblib
import numpy as np
import pytest
import xgboost
from sklearn.linear_model import LinearRegression

from engine.steps.base import JobSpec, OutputSpec
from engine.steps.jobs.transform import CONFIG, INPUT, OUTPUT, to_job
from tests.engine.jobs.contexts import SKLEARN, XGBOOST, context
from tests.runs.jobs.attempts import Bench, packed

SUM = """
def model_fn(folder):
    return open(folder + "/offset.txt").read()

def predict_fn(data, model):
    return data.sum(axis=1) + float(model)
"""


class OneModel:
    """A registry that holds one model, whatever it is called."""

    def __init__(self, *containers: dict[str, Any]) -> None:
        self.document = {"Containers": list(containers)}

    def model(self, name: str) -> dict[str, Any]:
        return self.document

    def package(self, name: str) -> None:
        return None


def container(image: str = SKLEARN, index: int = 0, **environment: str) -> dict[str, Any]:
    return {"Image": image, "ModelDataUrl": f"s3://bkt/m{index}/model.tar.gz", "Environment": environment}


def arguments(content_type: str = "text/csv", split: str = "Line", **more: Any) -> dict[str, Any]:
    return {
        "ModelName": "m",
        "TransformInput": {
            "DataSource": {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": "s3://bkt/in"}},
            "ContentType": content_type,
            "SplitType": split,
        },
        "TransformOutput": {"S3OutputPath": "s3://bkt/out", "AssembleWith": "Line"},
        "TransformResources": {"InstanceType": "ml.m5.large", "InstanceCount": 1},
        **more,
    }


def run(
    bench: Bench,
    given: dict[str, Any],
    models: list[bytes],
    files: dict[str, bytes | str],
    containers: list[dict[str, Any]] | None = None,
) -> CompletedProcess[str]:
    registry = OneModel(*(containers or [container()]))
    job: JobSpec = to_job(context(models=registry), given)
    inputs = [bench.put(f"{INPUT}/{name}", content) for name, content in files.items()]
    inputs += [bench.put(f"/opt/ml/input/models/{n}/model.tar.gz", model) for n, model in enumerate(models)]
    return bench.run(bench.prepare(job, *inputs))


def out(bench: Bench, name: str) -> str:
    return (bench.ml / "output/transform" / f"{name}.out").read_text()


def sums(offset: str = "0") -> bytes:
    return packed({"code/inference.py": SUM, "offset.txt": offset})


def test_each_file_has_an_output_with_a_line_for_each_record(bench: Bench) -> None:
    done = run(bench, arguments(), [sums()], {"a.csv": "1,2\n3,4\r\n\n", "deep/b.csv": "5,6"})
    assert done.returncode == 0, done.stdout
    assert out(bench, "a.csv") == "3.0\n7.0\n"
    assert out(bench, "deep/b.csv") == "11.0\n"
    assert "model 1 loaded: str" in done.stdout


def test_filters_and_join_of_csv_keep_what_they_name(bench: Bench) -> None:
    processing = {"InputFilter": "$[1:]", "OutputFilter": "$[0,-1]", "JoinSource": "Input"}
    done = run(bench, arguments(DataProcessing=processing), [sums()], {"a.csv": 'id-1,1,2\n"x, y",3,4\n'})
    assert done.returncode == 0, done.stdout
    assert out(bench, "a.csv") == 'id-1,3.0\n"x, y",7.0\n'


@pytest.mark.parametrize("strategy", ["MultiRecord", "SingleRecord"])
def test_the_join_of_json_lines_adds_sagemaker_output(bench: Bench, strategy: str) -> None:
    processing = {"InputFilter": "$.features", "OutputFilter": "$['id','SageMakerOutput']", "JoinSource": "Input"}
    given = arguments("application/jsonlines", DataProcessing=processing, BatchStrategy=strategy)
    lines = '{"id": 1, "features": [1, 2]}\n{"id": 2, "features": [3, 4]}\n'
    done = run(bench, given, [sums()], {"a.jsonl": lines})
    assert done.returncode == 0, done.stdout
    kept = [json.loads(line) for line in out(bench, "a.jsonl").splitlines()]
    assert kept == [{"id": 1, "SageMakerOutput": 3.0}, {"id": 2, "SageMakerOutput": 7.0}]


def test_a_record_that_is_no_object_is_kept_beside_its_prediction(bench: Bench) -> None:
    given = arguments("application/json", split="None", DataProcessing={"JoinSource": "Input"})
    done = run(bench, given, [sums()], {"a.json": "[[1, 2], [3, 4]]"})
    assert done.returncode == 0, done.stdout
    assert json.loads(out(bench, "a.json")) == {"SageMakerInput": [[1, 2], [3, 4]], "SageMakerOutput": [3.0, 7.0]}


COUNT = """
def model_fn(folder):
    return {"requests": 0}

def transform_fn(model, data, content_type, accept):
    model["requests"] += 1
    return f"{model['requests']}:{len(data.splitlines())}", accept
"""


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({}, "1:4\n"),
        ({"BatchStrategy": "SingleRecord"}, "1:1\n2:1\n3:1\n4:1\n"),
        ({"MaxPayloadInMB": 1}, "1:2\n2:2\n"),
        ({"MaxPayloadInMB": 0}, "1:4\n"),
    ],
)
def test_the_strategy_and_the_payload_limit_make_the_requests(
    bench: Bench, more: dict[str, Any], expected: str
) -> None:
    record = "x" * 500_000 + "\n" if more.get("MaxPayloadInMB") else "1,2\n"
    done = run(bench, arguments(**more), [packed({"code/inference.py": COUNT})], {"a.csv": record * 4})
    assert done.returncode == 0, done.stdout
    assert out(bench, "a.csv") == expected


def test_without_assembly_answers_follow_each_other_as_they_are(bench: Bench) -> None:
    given = arguments(BatchStrategy="SingleRecord", TransformOutput={"S3OutputPath": "s3://bkt/out"})
    done = run(bench, given, [packed({"code/inference.py": COUNT})], {"a.csv": "1\n2\n"})
    assert (done.returncode, out(bench, "a.csv")) == (0, "1:12:1")


def test_containers_pass_their_answers_on(bench: Bench) -> None:
    both = [container(), container(index=1)]
    done = run(bench, arguments(), [sums("1"), sums("100")], {"a.csv": "1,2\n3,4\n"}, both)
    assert done.returncode == 0, done.stdout
    assert out(bench, "a.csv") == "104.0\n108.0\n"


def test_a_pickled_scikit_learn_model_needs_no_script(bench: Bench) -> None:
    fitted = LinearRegression().fit([[0.0, 0], [1, 0], [0, 1]], [0.0, 1, 2])
    data = io.BytesIO()
    joblib.dump(fitted, data)
    done = run(bench, arguments(), [packed({"model.joblib": data.getvalue()})], {"a.csv": "1,1\n2,2\n"})
    assert done.returncode == 0, done.stdout
    assert [round(float(line), 6) for line in out(bench, "a.csv").split()] == [3.0, 6.0]


@pytest.mark.parametrize("saved", ["native", "pickle"])
def test_the_built_in_xgboost_model_predicts_csv_and_libsvm(bench: Bench, saved: str) -> None:
    table, label = np.array([[0.0, 1], [1, 0], [0, 2], [2, 0]] * 5), np.array([0, 1, 0, 1] * 5)
    booster = xgboost.train({"objective": "binary:logistic"}, xgboost.DMatrix(table, label), 5)
    raw = bytes(booster.save_raw("ubj")) if saved == "native" else pickle.dumps(booster)
    models = [packed({"xgboost-model": raw})]
    done = run(bench, arguments(), models, {"a.csv": "0,1\n2,0\n"}, [container(XGBOOST)])
    assert done.returncode == 0, done.stdout
    low, high = (float(line) for line in out(bench, "a.csv").split())
    assert low < 0.5 < high


def test_libsvm_is_read_for_xgboost(bench: Bench) -> None:
    booster = xgboost.train({}, xgboost.DMatrix(np.array([[0.0, 1], [1, 0]] * 5), np.array([0, 1] * 5)), 3)
    models = [packed({"xgboost-model": bytes(booster.save_raw("ubj"))})]
    done = run(bench, arguments("text/libsvm"), models, {"a.libsvm": "0 0:0 1:1\n1 0:1 1:0\n"}, [container(XGBOOST)])
    assert done.returncode == 0, done.stdout
    assert len(out(bench, "a.libsvm").split()) == 2


def test_scripts_for_aws_containers_find_the_names_they_import(bench: Bench) -> None:
    script = (
        "from sagemaker_containers.beta.framework import content_types, encoders, worker\n"
        "from sagemaker_inference import decoder\n"
        "def model_fn(folder): return 2\n"
        "def input_fn(data, kind): return decoder.decode(data, content_types.CSV)\n"
        "def predict_fn(data, model): return data * model\n"
        "def output_fn(answer, accept): return worker.Response(encoders.encode(answer, accept), mimetype=accept)\n"
    )
    done = run(bench, arguments(), [packed({"code/inference.py": script})], {"a.csv": "1,2\n"})
    assert done.returncode == 0, done.stdout
    assert out(bench, "a.csv") == "2.0,4.0\n"


def test_the_models_environment_names_the_script_and_the_steps_wins(bench: Bench) -> None:
    script = "import os\ndef model_fn(f): return os.environ['SAGEMAKER_BATCH'] + os.environ['WORD']\n" + (
        "def transform_fn(model, data, kind, accept): return model, 'text/csv'\n"
    )
    named = container(SAGEMAKER_PROGRAM="serve.py", SAGEMAKER_SUBMIT_DIRECTORY="/opt/ml/model/code", WORD="model")
    given = arguments(Environment={"WORD": "step"})
    done = run(bench, given, [packed({"code/serve.py": script})], {"a.csv": "1\n"}, [named])
    assert done.returncode == 0, done.stdout
    assert out(bench, "a.csv") == "truestep\n"


ONE = "def model_fn(f): return 1\n"
JOIN = {"DataProcessing": {"JoinSource": "Input"}}
WRONG = [
    (
        "def model_fn(f): raise ValueError('no weights')",
        "1",
        {},
        "model_fn): ValueError: no weights (inference.py, line 1)",
    ),
    ("import nowhere", "1", {}, "inference.py cannot be imported: ModuleNotFoundError"),
    (
        f"{ONE}def predict_fn(d, m): raise KeyError('c')",
        "1",
        {},
        "record 1: predict_fn failed: KeyError: 'c' (inference",
    ),
    (ONE, "1", {}, "A int has no predict method"),
    (f"{ONE}def predict_fn(d, m): return [1]", "1\n2", JOIN, "2 records were sent and 1 predictions came back"),
    (SUM.replace("offset.txt", "none.txt"), "1", {}, "No such file"),
    (
        ONE,
        "1,2",
        {"DataProcessing": {"InputFilter": "$[5]"}},
        "record 1: the input filter cannot be applied: position 5",
    ),
    (ONE, "1,2\n3", {}, "The rows have 1, 2 columns"),
    (ONE, "x" * 1_200_000, {"MaxPayloadInMB": 1}, "more than MaxPayloadInMB (1) allows"),
]


@pytest.mark.parametrize(("script", "files", "more", "words"), WRONG, ids=[words[:20] for *_, words in WRONG])
def test_what_goes_wrong_is_the_failure_with_its_place(
    bench: Bench, script: str, files: str, more: dict[str, Any], words: str
) -> None:
    done = run(bench, arguments(**more), [packed({"code/inference.py": script})], {"a.csv": files})
    assert done.returncode == 1, done.stdout
    assert words in bench.failure()


def test_a_model_without_script_or_model_file_says_what_it_holds(bench: Bench) -> None:
    done = run(bench, arguments(), [packed({"notes.txt": "x"})], {"a.csv": "1\n"})
    assert done.returncode == 1
    assert "The model holds notes.txt" in bench.failure()


def test_filters_need_tables_or_json(bench: Bench) -> None:
    given = arguments("application/x-npy", split="None", DataProcessing={"InputFilter": "$[0]"})
    done = run(bench, given, [sums()], {"a.npy": b"x"})
    assert done.returncode == 1
    assert "Filters and joins need CSV or JSON" in bench.failure()


def test_the_job_names_its_places(bench: Bench) -> None:
    job = to_job(context(models=OneModel(container())), arguments())
    assert job.outputs == (OutputSpec(name="output", local_path=OUTPUT, uri="s3://bkt/out"),)
    assert CONFIG in job.files
