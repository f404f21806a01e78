"""An attempt's folder and command, before anything runs."""

import gzip
import json

import pytest

from engine.execution.states import FailureCategory
from engine.steps.base import InputSpec
from runs.runners.base import InputFile, Limits
from runs.runners.layout import CannotPrepare
from runs.runners.preloading import ONE_THREAD
from tests.runs.jobs.attempts import Bench, channel, job, output, packed, training_files

SCRIPT = "/opt/ml/processing/input/code/prep.py"


def _processing(**changes: object) -> object:
    return job(
        kind="Processing",
        toolkit="",
        entrypoint=("python3", SCRIPT),
        arguments=("--in", "/opt/ml/processing/input/data"),
        **changes,
    )


def test_inputs_are_private_copies_at_their_places(bench: Bench) -> None:
    data = bench.put("/opt/ml/processing/input/data/a/b.csv", "1,2\n")
    bench.prepare(_processing(), data)
    copy = bench.ml / "processing/input/data/a/b.csv"
    copy.write_text("changed by the step")
    with bench.store.open(data.sha256) as blob:
        assert blob.read() == b"1,2\n"


def test_real_paths_stay_where_opt_ml_is_real(bench: Bench) -> None:
    prepared = bench.prepare(_processing(), bench.put(SCRIPT, "print(1)"), rewrite=False)
    assert prepared.argv == ("python3", SCRIPT, "--in", "/opt/ml/processing/input/data")
    assert prepared.cwd == "/opt/ml/processing"


def test_every_path_is_translated_where_it_is_not(bench: Bench) -> None:
    changed = _processing(
        environment={"DATA": "/opt/ml/processing/x", "URI": "s3://bkt/opt/ml/x"},
        files={"/opt/ml/config/processingjobconfig.json": json.dumps({"p": "/opt/ml/processing/x"})},
    )
    prepared = bench.prepare(changed, bench.put(SCRIPT, "print('/opt/ml/left/alone')"))
    ml = str(bench.ml)
    assert prepared.argv == ("python3", f"{ml}/processing/input/code/prep.py", "--in", f"{ml}/processing/input/data")
    assert prepared.env["DATA"] == f"{ml}/processing/x"
    assert prepared.env["URI"] == "s3://bkt/opt/ml/x"
    assert json.loads((bench.ml / "config/processingjobconfig.json").read_text()) == {"p": f"{ml}/processing/x"}
    assert "/opt/ml/left/alone" in (bench.ml / "processing/input/code/prep.py").read_text()


def test_paths_inside_longer_arguments_are_translated(bench: Bench) -> None:
    command = "chmod +x /opt/ml/input/data/sm_drivers/sm_train.sh && /opt/ml/input/data/sm_drivers/sm_train.sh"
    prepared = bench.prepare(job(entrypoint=("/bin/bash",), arguments=("-c", command, "--x=/opt/ml/model")))
    assert "/opt/ml" not in prepared.argv[2].replace(str(bench.ml), "")
    assert prepared.argv[3] == f"--x={bench.ml}/model"


def test_the_scripts_the_sdk_writes_itself_are_translated(bench: Bench) -> None:
    driver = bench.put("/opt/ml/input/data/sm_drivers/sm_train.sh", "cat /opt/ml/input/config/resourceconfig.json")
    user = bench.put("/opt/ml/input/data/code/train.py", "open('/opt/ml/x')")
    bench.prepare(job(entrypoint=("/bin/bash",)), driver, user)
    assert str(bench.ml) in (bench.ml / "input/data/sm_drivers/sm_train.sh").read_text()
    assert "'/opt/ml/x'" in (bench.ml / "input/data/code/train.py").read_text()


def test_gzip_inputs_arrive_unpacked(bench: Bench) -> None:
    spec = InputSpec(name="d", uri="s3://bkt/d", local_path="/opt/ml/input/data/d", compression="Gzip")
    files = [
        bench.put("/opt/ml/input/data/d/a.csv.gz", gzip.compress(b"1\n")),
        bench.put("/opt/ml/input/data/d/b", "2"),
    ]
    bench.prepare(job(inputs=(spec,)), *files)
    assert (bench.ml / "input/data/d/a.csv").read_bytes() == b"1\n"
    assert (bench.ml / "input/data/d/b").read_bytes() == b"2"


def test_a_broken_gzip_input_names_the_object(bench: Bench) -> None:
    spec = InputSpec(name="d", uri="s3://bkt/d", local_path="/opt/ml/input/data/d", compression="Gzip")
    broken = bench.put("/opt/ml/input/data/d/a.gz", b"not gzip", uri="s3://bkt/d/a.gz")
    with pytest.raises(CannotPrepare, match=r"s3://bkt/d/a\.gz is declared as Gzip"):
        bench.prepare(job(inputs=(spec,)), broken)


@pytest.mark.parametrize(
    "path", ["/etc/passwd", "/opt/ml/../../etc/x", "/opt/ml//x", "/opt/mlx/y", "/opt/ml/a/./b", "/opt/ml/a\0b"]
)
def test_an_input_never_leaves_its_folder(bench: Bench, path: str) -> None:
    with pytest.raises(CannotPrepare, match="cannot be put in place"):
        bench.prepare(job(), bench.put(path, "x"))


def test_two_inputs_at_one_place_are_refused(bench: Bench) -> None:
    with pytest.raises(CannotPrepare, match="Two inputs meet"):
        bench.prepare(job(), bench.put("/opt/ml/code/a", "1"), bench.put("/opt/ml/code/a", "2"))


def test_a_file_where_a_folder_must_be_is_refused(bench: Bench) -> None:
    with pytest.raises(CannotPrepare, match="Two inputs meet"):
        bench.prepare(job(), bench.put("/opt/ml/code/a", "1"), bench.put("/opt/ml/code/a/b", "2"))


def test_bytes_missing_from_the_store_are_not_the_users_fault(bench: Bench) -> None:
    gone = InputFile(path="/opt/ml/input/data/x", sha256="0" * 64, size=1, uri="s3://bkt/x")
    with pytest.raises(CannotPrepare) as refused:
        bench.prepare(job(), gone)
    assert refused.value.category is FailureCategory.SERVICE_FAULT


def test_output_folders_exist_before_the_step_starts(bench: Bench) -> None:
    bench.prepare(job(outputs=(output("model", "/opt/ml/model"), output("deep", "/opt/ml/processing/a/b"))))
    for folder in ("model", "output/data", "code", "processing/a/b"):
        assert (bench.ml / folder).is_dir()


def test_threads_follow_the_cpus_and_the_definitions_environment_wins(bench: Bench) -> None:
    changed = job(environment={"MKL_NUM_THREADS": "7", "AWS_REGION": "mars"})
    prepared = bench.prepare(changed, limits=Limits(cpus=1.5), environment={"AWS_REGION": "us-east-1", "TOKEN": "t"})
    assert prepared.env["OMP_NUM_THREADS"] == "2"
    assert (prepared.env["MKL_NUM_THREADS"], prepared.env["AWS_REGION"], prepared.env["TOKEN"]) == ("7", "mars", "t")


def test_idle_threads_sleep_from_the_moment_a_library_is_loaded(bench: Bench) -> None:
    prepared = bench.prepare(job(), limits=Limits(cpus=2))
    for environment in (prepared.env, ONE_THREAD):  # of a step, and of the fork server that loads libraries for it
        assert (environment["OMP_WAIT_POLICY"], environment["OPENBLAS_THREAD_TIMEOUT"]) == ("PASSIVE", "4")


def test_an_image_without_a_command_of_its_own_is_refused(bench: Bench) -> None:
    with pytest.raises(CannotPrepare) as refused:
        bench.prepare(job(toolkit=""))
    assert refused.value.category is FailureCategory.NOT_RUNNABLE


def test_libraries_and_requirements_are_read_from_the_source_archive(bench: Bench) -> None:
    source = packed(
        {
            "train.py": "import pandas as pd, os\nfrom sklearn.svm import SVC\nimport evil\n# import torch\n",
            "requirements.txt": "rich==13\n",
            "sub/requirements.txt": "no",
        }
    )
    archive = bench.put("/opt/ml/input/submit/sourcedir.tar.gz", source)
    hyperparameters = {"sagemaker_program": '"train.py"'}
    prepared = bench.prepare(job(files=training_files({}, {}), hyperparameters=hyperparameters), archive)
    assert prepared.preload == {"pandas", "sklearn"}
    assert prepared.environment.requirements == "rich==13\n"


def test_libraries_and_requirements_are_read_beside_a_processing_script(bench: Bench) -> None:
    script = bench.put(SCRIPT, "  import numpy.linalg\n")
    wanted = bench.put("/opt/ml/processing/input/code/requirements.txt", "rich")
    prepared = bench.prepare(_processing(), script, wanted)
    assert (prepared.preload, prepared.environment.requirements) == ({"numpy"}, "rich")


def test_a_framework_processors_archive_is_read_too(bench: Bench) -> None:
    run = "/opt/ml/processing/input/entrypoint/runproc.sh"
    source = packed({"requirements.txt": "rich", "prep.py": "import pandas"})
    archive = bench.put("/opt/ml/processing/input/code/sourcedir.tar.gz", source)
    changed = job(kind="Processing", toolkit="", entrypoint=("/bin/bash", run))
    prepared = bench.prepare(changed, bench.put(run, "cd /opt/ml/processing/input/code"), archive)
    assert (prepared.preload, prepared.environment.requirements) == ({"pandas"}, "rich")
    assert str(bench.ml) in (bench.ml / "processing/input/entrypoint/runproc.sh").read_text()


def test_an_archive_that_is_none_is_left_to_the_step_to_report(bench: Bench) -> None:
    prepared = bench.prepare(
        job(files=training_files({}, {})), bench.put("/opt/ml/input/submit/sourcedir.tar.gz", b"?")
    )
    assert prepared.preload == frozenset()


def test_an_archive_that_unpacks_to_very_much_is_not_read_to_its_end(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("runs.runners.sources._MAX_UNPACKED_BYTES", 100_000)
    source = packed({"zeros.bin": b"\0" * 1_000_000, "train.py": "import pandas"})
    prepared = bench.prepare(job(files=training_files({}, {})), bench.put("/opt/ml/input/submit/s.tar.gz", source))
    assert prepared.preload == frozenset()


def test_channels_without_objects_are_empty_folders(bench: Bench) -> None:
    bench.prepare(job(inputs=(channel("train"),)))
    assert list((bench.ml / "input/data/train").iterdir()) == []
