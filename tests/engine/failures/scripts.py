"""Small scripts that fail in the ways people's scripts fail. `record` runs one and keeps what it printed.

`python -m tests.engine.failures.scripts` records them all again into tests/golden/failures.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

GOLDEN = Path(__file__).resolve().parents[2] / "golden" / "failures"
#: Where a step finds its code; the recorded paths are written as if the script had been there.
CODE = "/opt/ml/processing/input/code/step.py"

TABLE = 'import pandas\nframe = pandas.DataFrame({"radius": [1.0, 2.0], "diagnosis": ["M", "B"]})\n'
XGBOOST_FILE = (
    "import joblib, os, pickle, xgboost\n"
    "booster = xgboost.train({}, xgboost.DMatrix([[0.0], [1.0]], label=[0, 1]), 1)\n"
    'booster.save_model("model.ubj")\nos.rename("model.ubj", "xgboost-model")\n'
)
SCRIPTS = {
    "pandas-column": TABLE + 'def mean(name):\n    return frame[name].mean()\nprint(mean("radios"))\n',
    "pandas-columns-list": TABLE + 'print(frame[["radius", "texture"]])\n',
    "pandas-drop": TABLE + 'frame.drop(columns=["texture"])\n',
    "pandas-usecols": 'import io, pandas\npandas.read_csv(io.StringIO("a,b\\n1,2\\n"), usecols=["a", "c"])\n',
    "polars-column": 'import polars\npolars.DataFrame({"radius": [1]}).select("radios")\n',
    "duckdb-column": "import duckdb\nduckdb.sql(\"select radios from (select 1 as radius)\")\n",
    "sklearn-feature-names": TABLE
    + "from sklearn.linear_model import LogisticRegression\n"
    + 'model = LogisticRegression().fit(frame[["radius"]], frame["diagnosis"])\n'
    + 'model.predict(frame[["radius"]].rename(columns={"radius": "radios"}))\n',
    "environment": 'import os\nprint(os.environ["API_ADDRESS"])\n',
    "dictionary-key": 'settings = {"depth": 3}\nprint(settings["width"])\n',
    "float-of-text": TABLE + 'print(frame["diagnosis"].astype(float))\n',
    "text-plus-number": 'print("a" + 1)\n',
    "xgboost-text": TABLE + "import xgboost\nxgboost.DMatrix(frame)\n",
    "lightgbm-text": TABLE + "import lightgbm\nlightgbm.Dataset(frame, label=[0, 1]).construct()\n",
    "pandas-mean-of-text": TABLE + 'print(frame["diagnosis"].mean())\n',
    "missing-values": TABLE
    + "from sklearn.linear_model import LinearRegression\nLinearRegression().fit([[float('nan')], [1.0]], [1, 2])\n",
    "empty-array": "from sklearn.linear_model import LinearRegression\nimport numpy\n"
    + "LinearRegression().fit(numpy.empty((0, 3)), [])\n",
    "empty-split": "from sklearn.model_selection import train_test_split\ntrain_test_split([])\n",
    "empty-csv": 'import io, pandas\npandas.read_csv(io.StringIO(""))\n',
    "one-class": "from sklearn.svm import SVC\nSVC().fit([[1], [2]], [0, 0])\n",
    "one-class-logistic": "from sklearn.linear_model import LogisticRegression\n"
    + "LogisticRegression().fit([[1], [2]], [0, 0])\n",
    "few-of-a-class": "from sklearn.model_selection import train_test_split\n"
    + "train_test_split([1, 2, 3], stratify=[0, 0, 1])\n",
    "too-many-folds": "from sklearn.model_selection import cross_val_score\nfrom sklearn.tree import "
    + "DecisionTreeClassifier\ncross_val_score(DecisionTreeClassifier(), [[1], [2]], [0, 1], cv=5)\n",
    "inconsistent-rows": "from sklearn.linear_model import LinearRegression\n"
    + "LinearRegression().fit([[1], [2]], [1, 2, 3])\n",
    "file-not-found": 'import pandas\npandas.read_csv("/opt/ml/processing/input/train/train.csv")\n',
    "model-not-found": 'open("/opt/ml/processing/input/model/model.joblib", "rb")\n',
    "module-missing": "import cv2\n",
    "import-name": "from json import parse\n",
    "syntax": 'def read(path):\n    return open(path\n\nprint(read("x"))\n',
    "indentation": 'if True:\nprint("x")\n',
    "json": 'import json\njson.loads("<html>")\n',
    "csv": 'import io, pandas\npandas.read_csv(io.StringIO("a,b\\n1,2\\n1,2,3,4\\n"))\n',
    "encoding": 'import pathlib\npathlib.Path("x").write_bytes(b"caf\\xe9")\npathlib.Path("x").read_text("utf-8")\n',
    "parquet": 'import io, pandas\npandas.read_parquet(io.BytesIO(b"no parquet at all"))\n',
    "xgboost-pickle": XGBOOST_FILE + 'with open("xgboost-model", "rb") as file:\n    model = pickle.load(file)\n',
    "xgboost-joblib": XGBOOST_FILE + 'model = joblib.load("xgboost-model")\n',
    "joblib-text": 'import joblib, pathlib\npathlib.Path("x").write_text("age,city")\njoblib.load("x")\n',
    "permission": 'raise PermissionError(13, "Permission denied", "/etc/shadow")\n',
    "connection": 'import urllib.request\nurllib.request.urlopen("http://127.0.0.1:9/")\n',
    "requests": 'import requests\nrequests.get("http://127.0.0.1:9/", timeout=2)\n',
    "name-lookup": 'import urllib.request\nurllib.request.urlopen("http://nowhere.invalid/")\n',
    "memory": "raise MemoryError\n",
    "arguments": 'import argparse\nparser = argparse.ArgumentParser()\nparser.add_argument("--target", required=True)\n'
    + "parser.parse_args()\n",
    "own-error": 'def check(rows):\n    assert rows > 10, "too few rows: 3"\n\ncheck(3)\n',
    "exit": 'import sys\nprint("no data today")\nsys.exit(3)\n',
    "silent": "import os\nos._exit(4)\n",
    "chained": TABLE + 'try:\n    frame["radios"]\nexcept KeyError as missing:\n'
    + '    raise RuntimeError("the table is not as agreed") from missing\n',
}  # fmt: skip


def run(text: str) -> str:
    """What the script prints until it fails, with the paths a step would show."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "step.py"
        path.write_text(text)
        words = [sys.executable, str(path)]
        done = subprocess.run(words, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert done.returncode != 0, text
    said = done.stdout.replace(str(path), CODE)
    for prefix in (sys.prefix, str(Path(sys.prefix).resolve()), sys.base_prefix):
        said = said.replace(prefix, "/usr/local")
    return said


def record() -> None:
    GOLDEN.mkdir(parents=True, exist_ok=True)
    for name, text in SCRIPTS.items():
        (GOLDEN / f"{name}.log").write_text(run(text))


if __name__ == "__main__":
    record()
