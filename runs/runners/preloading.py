"""Which modules a fork server imports before it forks.

A module that starts a thread when it is imported is left out by the server itself, which measures it.
"""

from __future__ import annotations

from enum import StrEnum

LEAN = (
    "argparse",
    "csv",
    "dataclasses",
    "datetime",
    "hashlib",
    "json",
    "logging",
    "os",
    "pathlib",
    "random",
    "re",
    "runpy",
    "shutil",
    "subprocess",
    "tarfile",
    "tempfile",
    "typing",
    "urllib.parse",
    "zipfile",
)
TABLES = ("numpy", "numpy.random", "threadpoolctl", "pandas", "pyarrow.parquet", "pyarrow.csv")
SCIENCE = (
    *TABLES,
    "scipy.sparse",
    "joblib",
    "sklearn.ensemble",
    "sklearn.linear_model",
    "sklearn.model_selection",
    "sklearn.pipeline",
    "sklearn.preprocessing",
    "sklearn.metrics",
    "xgboost",
)
#: What the ready-made steps are made of; the lighter part serves those that only handle tables.
LIBRARY_TABLES = (
    "concurrent.futures.thread",
    "encodings.utf_8_sig",
    "pyarrow.pandas_compat",
    "clary_steps.cli",
    "clary_steps.conversion",
    "clary_steps.reading",
    "clary_steps.summary",
    "clary_steps.tables",
    *(f"clary_steps.steps.{name}.run" for name in ("clean", "compare", "join", "load_table", "profile", "select")),
)
_MODEL_STEPS = (
    "cluster",
    "encode",
    "evaluate",
    "predict",
    "split",
    "sql",
    "train_classifier",
    "train_regressor",
    "tune",
)
STEPS = (
    *SCIENCE,
    "scipy.stats",
    "sklearn.compose",
    "sklearn.impute",
    "sklearn.neighbors",
    "sklearn.svm",
    "narwhals._pandas_like.dataframe",
    "narwhals._pandas_like.namespace",
    "narwhals.stable.v2",
    "skops.io",
    "lightgbm",
    "duckdb",
    *LIBRARY_TABLES,
    "optuna",
    "clary_steps.metrics",
    "clary_steps.training",
    *(f"clary_steps.steps.{name}.run" for name in _MODEL_STEPS),
)


class Tier(StrEnum):
    """How much a fork server holds. Every mapped library makes each of its forks slower, wanted or not, so a step
    that only reads tables does not pay for the rest."""

    LEAN = "lean"
    TABLES = "tables"
    SCIENCE = "science"
    STEPS = "steps"


MODULES = {
    Tier.LEAN: LEAN,
    Tier.TABLES: (*LEAN, *TABLES, *LIBRARY_TABLES),
    Tier.SCIENCE: (*LEAN, *SCIENCE),
    Tier.STEPS: (*LEAN, *STEPS),
}
#: Only a step that names one of these is worth the largest tier.
_OWN = frozenset({"clary_steps", "duckdb", "lightgbm", "optuna", "skops"})
_ROOTS = {tier: frozenset(name.partition(".")[0] for name in MODULES[tier]) for tier in Tier}


def tiers_for(libraries: frozenset[str]) -> tuple[Tier, ...]:
    """The tiers that hold every library of these that any tier holds, the smallest first."""
    wanted = libraries & _ROOTS[Tier.STEPS]
    held = tuple(tier for tier in Tier if wanted <= _ROOTS[tier])
    return held if wanted & _OWN else tuple(tier for tier in held if tier is not Tier.STEPS)


#: Idle threads of numerical libraries sleep at once instead of spinning. Two steps of two threads each on two CPUs
#: otherwise take each other's time: measured 24 s for work of 0.3 s.
SLEEPING_THREADS = {"OMP_WAIT_POLICY": "PASSIVE", "OPENBLAS_THREAD_TIMEOUT": "4"}

#: Numerical libraries start their pools when they are loaded; one thread means none. A step that asked for more CPUs
#: gets its threads after the fork.
ONE_THREAD = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "POLARS_MAX_THREADS": "1",
    "ARROW_IO_THREADS": "1",
    **SLEEPING_THREADS,
}
