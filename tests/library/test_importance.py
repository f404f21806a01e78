"""What counts in a model is told in words, and in shares as the estimator gives them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from clary_steps.models import load_model

from tests.library.conftest import Bench, summary


def homes(codes: int) -> pd.DataFrame:
    random = np.random.default_rng(5)
    plz = [str(1000 + place) for place in random.integers(0, codes, 900)]
    rooms = random.integers(1, 6, 900)
    price = rooms * 100 + np.array([int(one) % 7 for one in plz]) * 40
    return pd.DataFrame({"rooms": rooms, "PLZ": plz, "price": price.astype(float)})


def bars(summary_: dict[str, Any]) -> dict[str, float]:
    (drawn,) = [chart for chart in summary_["charts"] if chart["kind"] == "feature-importance"]
    return {row["name"]: row["value"] for row in drawn["spec"]["data"]["values"]}


@pytest.mark.parametrize("algorithm", ["linear", "forest", "xgboost", "lightgbm"])
def test_what_is_too_rare_for_a_bar_of_its_own_is_other(bench: Bench, algorithm: str) -> None:
    trained = bench.run(
        "train-regressor@1",
        {"train": homes(80)},
        target="price",
        columns=["rooms", "PLZ"],
        algorithm=algorithm,
        trees=20,
    )
    names = load_model(trained / "model").importance()
    assert not [name for name in names if "infrequent" in name]
    assert all(name == "rooms" or name.startswith("PLZ: ") for name in names)
    told = load_model(trained / "model")._prepared_names()
    assert (told[0], told[-1], len(told)) == ("rooms", "PLZ: other", 51)


def test_a_bar_is_as_long_as_the_estimator_says(bench: Bench) -> None:
    trained = bench.run("train-regressor@1", {"train": homes(6)}, target="price", columns=["rooms", "PLZ"], trees=10)
    model = load_model(trained / "model")
    names = [str(name).replace("PLZ_", "PLZ: ") for name in model.preparation.get_feature_names_out()]
    shares = dict(zip(names, map(float, model.estimator.feature_importances_), strict=True))
    assert bars(summary(trained / "model")) == pytest.approx(shares, abs=1e-12)
    assert set(names) == {"rooms", *(f"PLZ: {code}" for code in range(1000, 1006))}


def test_what_an_encode_step_put_together_is_other_too(bench: Bench) -> None:
    coded = bench.run("encode@1", {"train": homes(30)}, scale="keep", categories=10, leave=["price"])
    trained = bench.run("train-regressor@1", {"train": coded / "train"}, target="price", trees=10)
    names = bars(summary(trained / "model"))
    assert "PLZ: other" in names
    assert not [name for name in names if "infrequent" in name]


def test_a_category_called_other_keeps_its_own_bar(bench: Bench) -> None:
    rows = homes(80)
    rows.loc[:200, "PLZ"] = "other"
    trained = bench.run("train-regressor@1", {"train": rows}, target="price", columns=["rooms", "PLZ"], trees=5)
    told = load_model(trained / "model")._prepared_names()
    assert "PLZ: other" in told and "PLZ: all other" in told
    assert len(set(told)) == len(told)
