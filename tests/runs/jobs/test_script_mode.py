"""Script mode: a user's training script finds what AWS's training toolkit gives it."""

import json

from tests.runs.jobs.attempts import Bench, channel, job, packed, training_files

SUBMIT = "/opt/ml/input/submit/sourcedir.tar.gz"


def _prepared(bench: Bench, source: dict[str, str], program: str, *, requires: tuple[str, ...] = (), **values: str):  # type: ignore[no-untyped-def]
    hyperparameters = {
        "sagemaker_program": json.dumps(program),
        "sagemaker_submit_directory": json.dumps("s3://bkt/code/sourcedir.tar.gz"),
        "sagemaker_container_log_level": "20",
        **values,
    }
    files = training_files(hyperparameters, {"train": "text/csv", "my-data": None})
    changed = job(files=files, inputs=(channel("train"), channel("my-data")), requires=requires)
    return bench.prepare(changed, bench.put(SUBMIT, packed(source)))


def test_hyperparameters_arrive_as_sorted_arguments(bench: Bench) -> None:
    script = "import sys, json; print(json.dumps(sys.argv))"
    prepared = _prepared(
        bench, {"train.py": script}, "train.py", lr="0.1", name='"x y"', flag="true", n="3", deep='{"b":1,"a":2}'
    )
    done = bench.run(prepared)
    assert done.returncode == 0, done.stdout
    program, *arguments = json.loads(done.stdout)
    assert program == f"{bench.ml}/code/train.py"
    assert arguments == [
        "--deep", "a=2,b=1", "--flag", "True", "--lr", "0.1", "-n", "3", "--name", "x y",
    ]  # fmt: skip


def test_every_sm_variable_is_there(bench: Bench) -> None:
    script = "import os, json; print(json.dumps({k: v for k, v in os.environ.items() if k.startswith('SM_')}))"
    done = bench.run(_prepared(bench, {"train.py": script}, "train.py", lr="0.1"))
    found = json.loads(done.stdout)
    ml = str(bench.ml)
    assert found["SM_MODEL_DIR"] == f"{ml}/model"
    assert found["SM_CHANNEL_TRAIN"] == f"{ml}/input/data/train"
    assert found["SM_CHANNEL_MY-DATA"] == f"{ml}/input/data/my-data"
    assert json.loads(found["SM_CHANNELS"]) == ["my-data", "train"]
    assert json.loads(found["SM_HPS"]) == {"lr": 0.1}
    assert (found["SM_HP_LR"], found["SM_MODULE_NAME"]) == ("0.1", "train")
    assert json.loads(found["SM_USER_ARGS"]) == ["--lr", "0.1"]
    assert json.loads(found["SM_HOSTS"]) == ["algo-1"]
    assert json.loads(found["SM_TRAINING_ENV"])["model_dir"] == f"{ml}/model"
    expected = {
        "SM_CURRENT_HOST", "SM_NUM_GPUS", "SM_NUM_CPUS", "SM_LOG_LEVEL", "SM_NETWORK_INTERFACE_NAME", "SM_INPUT_DIR",
        "SM_INPUT_CONFIG_DIR", "SM_OUTPUT_DIR", "SM_OUTPUT_DATA_DIR", "SM_RESOURCE_CONFIG", "SM_INPUT_DATA_CONFIG",
        "SM_MODULE_DIR", "SM_USER_ENTRY_POINT", "SM_FRAMEWORK_PARAMS", "SM_OUTPUT_INTERMEDIATE_DIR",
    }  # fmt: skip
    assert expected <= set(found)


def test_the_script_runs_in_its_folder_and_finds_its_own_modules(bench: Bench) -> None:
    source = {
        "train.py": "import failure, os\nprint(failure.word, os.path.basename(os.getcwd()), __name__)",
        "failure.py": "word = 'mine'",
    }
    done = bench.run(_prepared(bench, source, "train.py"))
    assert done.stdout == "mine code __main__\n"


def test_functions_of_the_script_can_be_sent_to_other_processes(bench: Bench) -> None:
    script = (
        "from concurrent.futures import ProcessPoolExecutor\n"
        "import multiprocessing as mp\n"
        "def double(x): return 2 * x\n"
        "if __name__ == '__main__':\n"
        "    with ProcessPoolExecutor(1, mp_context=mp.get_context('spawn')) as pool:\n"
        "        print(list(pool.map(double, [1, 2])))\n"
    )
    assert bench.run(_prepared(bench, {"train.py": script}, "train.py")).stdout == "[2, 4]\n"


def test_an_exception_is_the_failure_with_the_users_frames_only(bench: Bench) -> None:
    script = "def fit():\n    raise ValueError('no labels')\nfit()\n"
    done = bench.run(_prepared(bench, {"train.py": script}, "train.py"))
    assert done.returncode == 1
    text = bench.failure()
    assert text.startswith("ValueError: no labels\n\nTraceback (most recent call last):")
    assert "train.py" in text and "in fit" in text
    assert "script_mode" not in text and "runpy" not in text


def test_exit_codes_and_messages_of_the_script_are_kept(bench: Bench) -> None:
    done = bench.run(_prepared(bench, {"train.py": "import sys; sys.exit(3)"}, "train.py"))
    assert (done.returncode, bench.failure()) == (3, "The script ended with exit code 3.")


def test_a_message_for_the_exit_is_the_reason(bench: Bench) -> None:
    done = bench.run(_prepared(bench, {"train.py": "raise SystemExit('column x is missing')"}, "train.py"))
    assert (done.returncode, bench.failure()) == (1, "column x is missing")


def test_a_failure_the_script_wrote_itself_is_kept(bench: Bench) -> None:
    script = "import os; open(os.environ['SM_OUTPUT_DIR'] + '/failure', 'w').write('mine'); raise ValueError"
    bench.run(_prepared(bench, {"train.py": script}, "train.py"))
    assert bench.failure() == "mine"


def test_a_shell_script_is_an_entry_point_too(bench: Bench) -> None:
    script = 'echo "$SM_CHANNEL_TRAIN" "$@"; exit 4\n'
    done = bench.run(_prepared(bench, {"run.sh": script}, "run.sh", lr="1"))
    assert done.returncode == 4
    assert done.stdout.startswith(f"{bench.ml}/input/data/train --lr 1\n")
    assert "exit code 4" in bench.failure()


def test_a_missing_script_says_what_there_is(bench: Bench) -> None:
    done = bench.run(_prepared(bench, {"other.py": ""}, "train.py"))
    assert done.returncode == 1
    assert bench.failure() == "The script train.py is not in the step's code. There is: other.py."


def test_a_script_outside_the_code_is_refused(bench: Bench) -> None:
    done = bench.run(_prepared(bench, {"other.py": ""}, "../../../../etc/hostname"))
    assert done.returncode == 1 and "is not in the step's code" in bench.failure()


def test_a_broken_source_archive_says_so(bench: Bench) -> None:
    files = training_files({"sagemaker_program": "t.py"}, {})
    done = bench.run(bench.prepare(job(files=files), bench.put(SUBMIT, b"no archive")))
    assert done.returncode == 1 and "cannot be unpacked" in bench.failure()


def test_an_archive_entry_that_leaves_the_folder_is_refused(bench: Bench) -> None:
    done = bench.run(_prepared(bench, {"../../evil.py": "x", "t.py": "print(1)"}, "t.py"))
    assert done.returncode == 1 and not (bench.ml.parent / "evil.py").exists()
    assert "cannot be unpacked" in bench.failure()


def test_a_library_the_image_promises_but_is_not_here_is_named(bench: Bench) -> None:
    done = bench.run(_prepared(bench, {"t.py": "print(1)"}, "t.py", requires=("torch_is_not_here",)))
    assert done.returncode == 1
    assert "has no torch_is_not_here" in bench.failure() and "requirements.txt" in bench.failure()


def test_the_sdks_repack_job_puts_code_into_a_model(bench: Bench) -> None:
    launcher = '\n#!/bin/bash\npython3 _repack_model.py --inference_script "${SM_HP_INFERENCE_SCRIPT}"\n'
    repacker = (
        "import argparse, os, shutil, tarfile\n"
        "given = argparse.ArgumentParser(); given.add_argument('--inference_script'); a = given.parse_args()\n"
        "with tarfile.open('/opt/ml/input/data/training/model.tar.gz') as t: t.extractall('/opt/ml/model')\n"
        "os.makedirs('/opt/ml/model/code')\n"
        "shutil.copy2('/opt/ml/code/' + a.inference_script, '/opt/ml/model/code')\n"
    )
    source = {
        "_repack_script_launcher.sh": launcher,
        "_repack_model.py": repacker,
        "inference.py": "x = 1",
        "requirements.txt": "no-such-package==1",
    }
    hyperparameters = {
        "sagemaker_program": '"_repack_script_launcher.sh"',
        "sagemaker_submit_directory": '"s3://bkt/code/sourcedir.tar.gz"',
        "inference_script": '"inference.py"',
        "source_dir": "null",
    }
    files = training_files(hyperparameters, {})
    changed = job(files=files, hyperparameters=hyperparameters, inputs=(channel("training"),))
    model = bench.put("/opt/ml/input/data/training/model.tar.gz", packed({"weights": "1"}))
    prepared = bench.prepare(changed, bench.put(SUBMIT, packed(source)), model)
    assert prepared.environment.requirements is None
    done = bench.run(prepared)
    assert done.returncode == 0, done.stdout
    assert sorted(path.name for path in (bench.ml / "model").rglob("*") if path.is_file()) == [
        "inference.py",
        "weights",
    ]
