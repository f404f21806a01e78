"""A pipeline whose steps leave results worth looking at: a real table, a real model's figures, a picture, a page."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from tests.e2e.pipelines import Pipeline, definition_text, processing_step, write_definition
from tests.e2e.studio import Studio

OUT = "/opt/ml/processing/output"

#: Splits a table that ships with scikit-learn and says what is in it, column by column.
PREPARE = """
import json, pathlib
import numpy, pandas
from sklearn.datasets import load_breast_cancer

found = load_breast_cancer(as_frame=True)
frame = found.frame.sample(455, random_state=1)
frame.columns = [name.replace(" ", "_") for name in frame.columns]
frame.loc[frame.index[:7], "mean_texture"] = None
frame["diagnosis"] = frame.pop("target").map({0: "malignant", 1: "benign"})
folder = pathlib.Path("/opt/ml/processing/output/train")
folder.mkdir(parents=True, exist_ok=True)
frame.to_parquet(folder / "table.parquet")
columns = []
for name in frame:
    values = frame[name].dropna()
    column = {"name": name, "missing": int(frame[name].isna().sum()), "distinct": int(values.nunique())}
    if values.dtype == object:
        top = values.value_counts()
        column |= {"type": "text", "top": [{"value": v, "count": int(c)} for v, c in top.items()]}
    else:
        counts, edges = numpy.histogram(values, bins=16)
        column |= {"type": "number", "min": values.min(), "max": values.max(), "mean": values.mean(),
                   "histogram": {"edges": [round(float(e), 4) for e in edges], "counts": counts.tolist()}}
    columns.append(column)
head = frame.head(100)
rows = json.loads(head.to_json(orient="values"))
preview = {"columns": list(head), "rows": rows}
summary = {"version": 1, "kind": "table", "rows": len(frame), "columns": columns, "preview": preview,
           "key": {"label": "Rows", "value": len(frame)}, "warnings": ["7 values of mean_texture are missing."]}
(folder / "_summary.json").write_text(json.dumps(summary))
print("prepared", frame.shape)
"""

#: Trains a real model on what came in and draws what it can do.
EVALUATE = """
import argparse, base64, json, pathlib
import pandas
from sklearn.ensemble import RandomForestClassifier
from sklearn.metrics import confusion_matrix, f1_score, precision_recall_curve, roc_auc_score, roc_curve
from sklearn.model_selection import train_test_split

frame = pandas.read_parquet("/opt/ml/processing/input/train/table.parquet").dropna()
parser = argparse.ArgumentParser()
parser.add_argument("--target", default="diagnosis")
target = (frame.pop(parser.parse_args().target) == "malignant").astype(int)
x, held_x, y, held_y = train_test_split(frame, target, random_state=1)
model = RandomForestClassifier(50, random_state=1).fit(x, y)
score = model.predict_proba(held_x)[:, 1]
said = (score > 0.5).astype(int)
auc = float(roc_auc_score(held_y, score))
fpr, tpr, _ = roc_curve(held_y, score)
precision, recall, _ = precision_recall_curve(held_y, score)
words = ["benign", "malignant"]
cells = [{"actual": words[i], "predicted": words[j], "count": int(n)}
         for i, row in enumerate(confusion_matrix(held_y, said)) for j, n in enumerate(row)]
weights = sorted(zip(frame, model.feature_importances_), key=lambda one: -one[1])[:12]
field = lambda name, title, kind="quantitative", **more: {"field": name, "type": kind, "title": title, **more}
charts = [
  {"title": "Confusion matrix", "kind": "confusion-matrix", "spec": {"data": {"values": cells}, "height": {"step": 56},
    "encoding": {"x": field("predicted", "Predicted", "nominal"), "y": field("actual", "Actual", "nominal")},
    "layer": [{"mark": "rect", "encoding": {"color": field("count", "Count", legend=None)}},
              {"mark": {"type": "text", "fontSize": 14}, "encoding": {"text": {"field": "count"}}}]}},
  {"title": "ROC curve", "kind": "roc", "spec": {"layer": [
    {"data": {"values": [{"fpr": float(a), "tpr": float(b)} for a, b in zip(fpr, tpr)]}, "mark": "line",
     "encoding": {"x": field("fpr", "False positive rate"), "y": field("tpr", "True positive rate")}},
    {"data": {"values": [{"fpr": 0, "tpr": 0}, {"fpr": 1, "tpr": 1}]}, "mark": {"type": "line", "strokeDash": [4, 4],
     "opacity": 0.5}, "encoding": {"x": field("fpr", ""), "y": field("tpr", "")}}]}},
  {"title": "Precision and recall", "kind": "precision-recall", "spec": {
    "data": {"values": [{"recall": float(a), "precision": float(b)} for a, b in zip(recall, precision)]},
    "mark": {"type": "line", "interpolate": "step-after"},
    "encoding": {"x": field("recall", "Recall"), "y": field("precision", "Precision", scale={"zero": False})}}},
  {"title": "What the model looks at", "kind": "feature-importance", "spec": {
    "data": {"values": [{"column": name, "weight": float(w)} for name, w in weights]}, "mark": "bar",
    "height": {"step": 20},
    "encoding": {"y": field("column", None, "nominal", sort="-x"), "x": field("weight", "Importance")}}},
  {"title": "Figures by class", "kind": "metric-table", "spec": {"data": {"values": [
    {"class": w, "rows": int((held_y == i).sum()), "f1": float(f1_score(held_y, said, pos_label=i))}
    for i, w in enumerate(words)]}, "mark": "bar"}},
]
out = pathlib.Path("/opt/ml/processing/output/report")
out.mkdir(parents=True, exist_ok=True)
summary = {"version": 1, "kind": "evaluation", "metrics": {"auc": auc, "f1": float(f1_score(held_y, said))},
           "key": {"label": "AUC", "value": auc}, "charts": charts}
(out / "_summary.json").write_text(json.dumps(summary))
(out / "evaluation.json").write_text(json.dumps({"binary": {"auc": {"value": auc}}}))
(out / "report.html").write_text("<h1>Report</h1><p id=told>Only text.</p>"
                                 "<script>document.getElementById('told').textContent = 'a script ran'</script>")
png = ("iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAYAAADED76LAAAAFElEQVR4nGNgYGD4z0AswK4SAFXuAf8EPy+xAAAAAElFTkSuQmCC")
(out / "picture.png").write_bytes(base64.b64decode(png))
(out / "notes.txt").write_text("held out: %d rows\\n" % len(held_y))
print("auc", auc)
"""


def make_results_pipeline(studio: Studio, *, target: str = "diagnosis") -> Pipeline:
    """Prepare → Evaluate → GoodEnough (auc ≥ 0.9); Evaluate learns to tell `target`."""
    row = studio.post("pipelines/", {"name": f"results-{uuid4().hex[:8]}"})
    steps: list[dict[str, Any]] = []
    for name, script in {"Prepare": PREPARE, "Evaluate": EVALUATE}.items():
        body = {"file_name": f"{name.lower()}.py", "text": script}
        code = studio.post(f"pipelines/{row['id']}/code/", body)
        steps.append(processing_step(name, code["uri"]))
    prepare, evaluation = steps
    evaluation["Arguments"]["AppSpecification"]["ContainerArguments"] = ["--target", target]
    _writes(prepare, "train")
    _writes(evaluation, "report")
    _reads(evaluation, "train", {"Get": "Steps.Prepare.ProcessingOutputConfig.Outputs['train'].S3Output.S3Uri"})
    evaluation["PropertyFiles"] = [
        {"PropertyFileName": "evaluation", "OutputName": "report", "FilePath": "evaluation.json"}
    ]
    auc = {
        "Std:JsonGet": {
            "PropertyFile": {"Get": "Steps.Evaluate.PropertyFiles.evaluation"},
            "Path": "binary.auc.value",
        }
    }
    gate = {
        "Name": "GoodEnough",
        "Type": "Condition",
        "Arguments": {
            "Conditions": [{"Type": "GreaterThanOrEqualTo", "LeftValue": auc, "RightValue": 0.9}],
            "IfSteps": [],
            "ElseSteps": [{"Name": "TooWeak", "Type": "Fail", "Arguments": {"ErrorMessage": "AUC is too low."}}],
        },
    }
    write_definition(studio, row["id"], definition_text([*steps, gate]))
    return Pipeline(studio, row["id"])


def _writes(step: dict[str, Any], output: str) -> None:
    place = {"S3Uri": {"Std:Join": {"On": "/", "Values": ["s3://results", {"Get": "Execution.PipelineExecutionId"},
                                                          step["Name"], output]}}}  # fmt: skip
    made = {"OutputName": output, "S3Output": {**place, "LocalPath": f"{OUT}/{output}", "S3UploadMode": "EndOfJob"}}
    step["Arguments"]["ProcessingOutputConfig"] = {"Outputs": [made]}


def _reads(step: dict[str, Any], name: str, uri: Any) -> None:
    source = {"S3Uri": uri, "LocalPath": f"/opt/ml/processing/input/{name}", "S3DataType": "S3Prefix"}
    step["Arguments"]["ProcessingInputs"].append(
        {"InputName": name, "AppManaged": False, "S3Input": {**source, "S3InputMode": "File"}}
    )
