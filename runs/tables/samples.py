"""Real tables that come inside Python packages Clary installs anyway. Nothing is copied into Clary itself.

The packages are opened only in the reader's process (`runs.tables.reader`), which writes the table as CSV.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from runs.tables.options import Unreadable


@dataclass(frozen=True, kw_only=True)
class Sample:
    """`task`: what it is good to learn with. `module`: where the package keeps it."""

    id: str
    title: str
    description: str
    task: str
    rows: int
    columns: int
    package: str
    module: str
    source: str
    licence: str

    @property
    def file_name(self) -> str:
        return f"{self.id}.csv"

    def is_installed(self) -> bool:
        return find_spec(self.module) is not None


SAMPLES: tuple[Sample, ...] = (
    Sample(
        id="penguins",
        title="Palmer penguins",
        description="Bill, flipper and weight of 344 penguins of three species on the Palmer Archipelago; a few values "
        "are missing.",
        task="classification",
        rows=344,
        columns=8,
        package="palmerpenguins",
        module="palmerpenguins",
        source="Gorman, Williams and Fraser (2014), Palmer Station LTER",
        licence="CC0-1.0",
    ),
    Sample(
        id="breast-cancer",
        title="Breast cancer Wisconsin",
        description="Thirty measures of cell nuclei in 569 samples, and whether the tumour was benign.",
        task="classification",
        rows=569,
        columns=31,
        package="scikit-learn",
        module="sklearn",
        source="Wolberg, Mangasarian, Street and Street (1993), UCI Machine Learning Repository",
        licence="CC-BY-4.0",
    ),
    Sample(
        id="wine",
        title="Wine recognition",
        description="Chemical analysis of 178 Italian wines from three growers.",
        task="classification",
        rows=178,
        columns=14,
        package="scikit-learn",
        module="sklearn",
        source="Aeberhard and Forina (1991), UCI Machine Learning Repository",
        licence="CC-BY-4.0",
    ),
    Sample(
        id="iris",
        title="Iris",
        description="Petals and sepals of 150 flowers of three species.",
        task="clustering",
        rows=150,
        columns=5,
        package="scikit-learn",
        module="sklearn",
        source="Fisher (1936), UCI Machine Learning Repository",
        licence="CC-BY-4.0",
    ),
    Sample(
        id="diabetes",
        title="Diabetes progression",
        description="Ten measures of 442 patients and how far the disease went within a year.",
        task="regression",
        rows=442,
        columns=11,
        package="scikit-learn",
        module="sklearn",
        source="Efron, Hastie, Johnstone and Tibshirani (2004), as distributed with scikit-learn",
        licence="BSD-3-Clause",
    ),
    Sample(
        id="cars",
        title="Cars of 1970 to 1982",
        description="Consumption, power, weight and origin of 406 cars; some values are missing.",
        task="regression",
        rows=406,
        columns=9,
        package="vega-datasets",
        module="vega_datasets",
        source="StatLib, as distributed with vega-datasets",
        licence="MIT",
    ),
    Sample(
        id="seattle-weather",
        title="Seattle weather",
        description="Four years of daily rain, temperature and wind.",
        task="forecast",
        rows=1461,
        columns=6,
        package="vega-datasets",
        module="vega_datasets",
        source="NOAA, as distributed with vega-datasets",
        licence="MIT",
    ),
    Sample(
        id="sunspots",
        title="Sunspots",
        description="The yearly number of sunspots from 1700 to 2008.",
        task="forecast",
        rows=309,
        columns=2,
        package="statsmodels",
        module="statsmodels",
        source="NOAA National Geophysical Data Center",
        licence="Public domain",
    ),
)


def sample_named(sample_id: str) -> Sample | None:
    return next((one for one in SAMPLES if one.id == sample_id), None)


def write_sample(sample_id: str, target: Path) -> None:
    """Writes the table as CSV.

    Raises:
        Unreadable: the package that holds it is not there, or holds it no more.
    """
    try:
        _MAKERS[sample_id](target)
    except (ImportError, OSError) as problem:
        raise Unreadable("sample-missing", f"The sample {sample_id} cannot be read: {problem}.") from problem


def _from_scikit_learn(loader: str, label: str) -> Callable[[Path], None]:
    def make(target: Path) -> None:
        import sklearn.datasets

        loaded = getattr(sklearn.datasets, loader)(**({"scaled": False} if loader == "load_diabetes" else {}))
        words = getattr(loaded, "target_names", None)
        labels = [str(words[value]) if words is not None else value for value in loaded.target.tolist()]
        names = [str(name).replace(" (cm)", "_cm").replace(" ", "_") for name in loaded.feature_names]
        rows = ([*row, goal] for row, goal in zip(loaded.data.tolist(), labels, strict=True))
        _write(target, [*names, label], rows)

    return make


def _penguins(target: Path) -> None:
    target.write_bytes((_folder("palmerpenguins") / "data" / "penguins.csv").read_bytes())


def _cars(target: Path) -> None:
    found: list[dict[str, Any]] = json.loads((_folder("vega_datasets") / "_data" / "cars.json").read_text())
    names = list(found[0])
    _write(target, [name.lower() for name in names], ([row.get(name) for name in names] for row in found))


def _seattle_weather(target: Path) -> None:
    with (_folder("vega_datasets") / "_data" / "seattle-weather.csv").open(newline="") as stream:
        names, *rows = csv.reader(stream)
    _write(target, names, ([date.replace("/", "-"), *rest] for date, *rest in rows))


def _sunspots(target: Path) -> None:
    with (_folder("statsmodels") / "datasets" / "sunspots" / "sunspots.csv").open(newline="") as stream:
        rows = list(csv.reader(stream))
    _write(target, ["year", "sunspots"], ([int(float(year)), count] for year, count in rows[1:]))


def _folder(module: str) -> Path:
    spec = find_spec(module)
    if spec is None or spec.origin is None:
        raise ImportError(f"the package {module} is not installed")
    return Path(spec.origin).parent


def _write(target: Path, names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    with target.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(names)
        writer.writerows(rows)


_MAKERS: dict[str, Callable[[Path], None]] = {
    "penguins": _penguins,
    "breast-cancer": _from_scikit_learn("load_breast_cancer", "diagnosis"),
    "wine": _from_scikit_learn("load_wine", "grower"),
    "iris": _from_scikit_learn("load_iris", "species"),
    "diabetes": _from_scikit_learn("load_diabetes", "progression"),
    "cars": _cars,
    "seattle-weather": _seattle_weather,
    "sunspots": _sunspots,
}
