"""Models between steps: a folder with model.json (what it is) and the fitted parts, none of it pickled.

scikit-learn parts are kept by skops, boosted trees in their library's own text form. `model.tar.gz` holds the same
files, which is what SageMaker's registry and endpoints take.
"""

from __future__ import annotations

import io
import json
import tarfile
from copy import copy
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from clary_steps.algorithms import BOOSTERS
from clary_steps.failures import StepFailure
from clary_steps.features import feature_table

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

MODEL_FILE = "model.json"
ARCHIVE = "model.tar.gz"
#: What scikit-learn calls the categories it puts together.
_TOO_RARE = "infrequent_sklearn"
_TRUSTED = ("sklearn.", "numpy.", "scipy.", "builtins.", "collections.")
_PACKAGES = {"xgboost": "xgboost-cpu", "lightgbm": "lightgbm"}


@dataclass
class Model:
    """A fitted model. `preparation` turns the columns into numbers, `estimator` answers with classes or values."""

    kind: str  # classifier | regressor
    algorithm: str
    target: str
    numbers: list[str]
    texts: list[str]
    preparation: Any
    estimator: Any
    classes: list[str] = field(default_factory=list)
    parameters: dict[str, Any] = field(default_factory=dict)

    def inputs(self, frame: pd.DataFrame, where: str = "table") -> Any:
        """Raises StepFailure where a column the model was trained on is missing or of another type."""
        return self.preparation.transform(feature_table(frame, self.numbers, self.texts, where))

    def predict(self, frame: pd.DataFrame, where: str = "table") -> np.ndarray:
        """Class numbers, or values."""
        found: np.ndarray = self.estimator.predict(self.inputs(frame, where))
        return found

    def probabilities(self, frame: pd.DataFrame, where: str = "table") -> np.ndarray | None:
        """One column per class; None for an algorithm that has none."""
        if self.kind != "classifier" or not hasattr(self.estimator, "predict_proba"):
            return None
        found: np.ndarray = self.estimator.predict_proba(self.inputs(frame, where))
        return found

    def scores(self, frame: pd.DataFrame, where: str = "table") -> np.ndarray | None:
        """What ranks rows for curves: probabilities, or distances from the boundary. One column per class."""
        import numpy as np

        found = self.probabilities(frame, where)
        if found is not None or not hasattr(self.estimator, "decision_function"):
            return found
        distance = self.estimator.decision_function(self.inputs(frame, where))
        return np.column_stack([-distance, distance]) if distance.ndim == 1 else distance

    def importance(self) -> dict[str, float]:
        """How much each prepared column counts; empty for an algorithm that does not say."""
        import numpy as np

        found = getattr(self.estimator, "feature_importances_", None)
        if found is None and hasattr(self.estimator, "coef_"):
            coefficients = np.atleast_2d(np.asarray(self.estimator.coef_))
            found = np.abs(coefficients).mean(axis=0)
        if found is None:
            return {}
        total = float(np.sum(found)) or 1.0
        shares = np.asarray(found, dtype=float) / total
        pairs = sorted(zip(self._prepared_names(), shares, strict=True), key=lambda pair: -pair[1])
        return {name: float(value) for name, value in pairs[:30]}

    def _prepared_names(self) -> list[str]:
        """The prepared columns in words: "PLZ: 1010", and "PLZ: other" for what is too rare for a column of its own."""
        plain = [str(name) for name in self.preparation.get_feature_names_out()]
        if not self.texts:
            return [_encoded_words(name) for name in plain]
        fitted = self.preparation.named_transformers_["texts"]
        known = dict(zip(self.texts, fitted.categories_, strict=True))

        def words(column: str, category: Any) -> str:
            if category == _TOO_RARE:
                category = "all other" if "other" in known[column] else "other"
            return f"{column}: {category}"

        encoder = copy(fitted)  # the model itself stays as it was fitted
        encoder.feature_name_combiner = words
        told = [str(name) for name in encoder.get_feature_names_out(self.texts)]
        return [*(_encoded_words(name) for name in plain[: -len(told)]), *told]


def _encoded_words(column: str) -> str:
    """A column an Encode step made of what was too rare there."""
    return f"{column.removesuffix(f'_{_TOO_RARE}')}: other" if column.endswith(f"_{_TOO_RARE}") else column


def save_model(model: Model, folder: Path) -> None:
    from skops.io import dump

    folder.mkdir(parents=True, exist_ok=True)
    dump(model.preparation, folder / "preparation.skops")
    if model.algorithm == "xgboost":
        model.estimator.save_model(folder / "booster.json")
    elif model.algorithm == "lightgbm":
        model.estimator.booster_.save_model(str(folder / "booster.txt"))
    else:
        dump(model.estimator, folder / "estimator.skops")
    facts = {key: value for key, value in vars(model).items() if key not in ("preparation", "estimator")}
    libraries = {name: version(_PACKAGES.get(name, name)) for name in ("scikit-learn", "skops", model.algorithm)[:2]}
    if model.algorithm in BOOSTERS:
        libraries[model.algorithm] = version(_PACKAGES[model.algorithm])
    (folder / MODEL_FILE).write_text(json.dumps({"version": 1, **facts, "libraries": libraries}, indent=1))
    _pack(folder)


def load_model(folder: Path) -> Model:
    """Raises StepFailure (model-missing, model-unreadable) with what to do."""
    source = folder if (folder / MODEL_FILE).exists() else _unpack(folder)
    try:
        facts = json.loads((source / MODEL_FILE).read_text())
        for name in ("version", "libraries"):
            facts.pop(name, None)
        preparation = _load_skops(source / "preparation.skops")
        return Model(**facts, preparation=preparation, estimator=_load_estimator(source, facts))
    except (OSError, ValueError, TypeError, KeyError) as problem:
        raise StepFailure(
            "model-unreadable", f"The model cannot be read ({problem}). Train it again with this version of Clary."
        ) from None


def _load_estimator(folder: Path, facts: dict[str, Any]) -> Any:
    if facts["algorithm"] == "xgboost":
        from xgboost import XGBClassifier, XGBRegressor

        estimator = XGBClassifier() if facts["kind"] == "classifier" else XGBRegressor()
        estimator.load_model(folder / "booster.json")
        return estimator
    if facts["algorithm"] == "lightgbm":
        return LightTrees(folder / "booster.txt", len(facts["classes"]))
    return _load_skops(folder / "estimator.skops")


class LightTrees:
    """LightGBM's trees from their text form, answering like a scikit-learn estimator."""

    def __init__(self, path: Path, classes: int) -> None:
        from lightgbm import Booster

        self._booster = Booster(model_file=str(path))
        self._classes = classes
        self.feature_importances_ = self._booster.feature_importance()

    def predict(self, inputs: np.ndarray) -> np.ndarray:
        import numpy as np

        found = self.predict_proba(inputs).argmax(axis=1) if self._classes else self._booster.predict(inputs)
        return np.asarray(found)

    def predict_proba(self, inputs: np.ndarray) -> np.ndarray:
        import numpy as np

        found = np.asarray(self._booster.predict(inputs))
        return np.column_stack([1 - found, found]) if found.ndim == 1 else found


def _load_skops(path: Path) -> Any:
    """Only types of the numerical libraries are ever built; a file that names another is refused."""
    from skops.io import get_untrusted_types, load

    unknown = get_untrusted_types(file=path)
    foreign = [name for name in unknown if not name.startswith(_TRUSTED)]
    if foreign:
        raise ValueError(f"it holds {foreign[0]}, which is no part of a model")
    return load(path, trusted=unknown)


def _pack(folder: Path) -> None:
    """The same bytes for the same files: no times, no owners."""
    import gzip

    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        for path in sorted(folder.iterdir()):
            if path.name.startswith("_") or path.name == ARCHIVE:
                continue
            entry = tarfile.TarInfo(path.name)
            entry.size = path.stat().st_size
            with path.open("rb") as stream:
                archive.addfile(entry, stream)
    (folder / ARCHIVE).write_bytes(gzip.compress(packed.getvalue(), compresslevel=6, mtime=0))


def _unpack(folder: Path) -> Path:
    archive = folder / ARCHIVE
    if not archive.exists():
        raise StepFailure(
            "model-missing", "The input holds no model. Connect the model of a Train or Tune step, or of a registry."
        )
    target = folder / "_unpacked"
    target.mkdir(exist_ok=True)
    with tarfile.open(archive) as packed:
        for entry in packed:  # `_pack` makes plain files only; anything else is not ours
            source = packed.extractfile(entry) if entry.isfile() and "/" not in entry.name else None
            if source is not None:
                (target / entry.name).write_bytes(source.read())
    if not (target / MODEL_FILE).exists():
        raise StepFailure(
            "model-unreadable",
            "This model was not trained by a Train classifier, Train regressor or Tune step. Use a code step for it.",
        )
    return target
