"""Groups rows that are alike."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from clary_steps.algorithms import preparation
from clary_steps.charts import bar_chart, scatter_chart, thinned
from clary_steps.failures import StepFailure
from clary_steps.features import choose_features, feature_table
from clary_steps.summary import table_summary, write_summary
from clary_steps.tables import read_table, write_table

if TYPE_CHECKING:
    import numpy as np

#: Silhouettes compare every row with every other; more rows are sampled.
_COMPARED_ROWS = 5000


def run(options: dict[str, Any], inputs: dict[str, Path], outputs: dict[str, Path]) -> None:
    table = read_table(inputs["table"])
    features = choose_features(table, options["columns"], None)
    # Distances only mean something between columns of one scale.
    scaled = preparation(features, "linear").fit_transform(
        feature_table(table, features.numbers, features.texts, "table")
    )
    wanted = [options["groups"]] if options["groups"] else list(range(2, 9))
    wanted = [count for count in wanted if 1 < count < len(table)]
    if not wanted:
        raise StepFailure("too-few-rows", f"{len(table)} rows cannot be put into so many groups. Choose fewer groups.")
    found = {count: _groups(scaled, count, options["seed"]) for count in wanted}
    clearness = {count: _silhouette(scaled, groups, options["seed"]) for count, groups in found.items()}
    best = max(clearness, key=lambda count: clearness[count])
    grouped = table.assign(cluster=found[best])
    write_table(grouped, outputs["table"], warnings=features.notes)
    summary = table_summary(grouped, features.notes)
    summary["metrics"] = {"groups": best, "silhouette": clearness[best]}
    summary["key"] = {"label": "groups", "value": best}
    summary["charts"] = [_map(scaled, found[best])]
    if len(clearness) > 1:
        tried = {f"{count} groups": value for count, value in clearness.items()}
        summary["charts"].append(bar_chart("How clear the groups are", "silhouette", tried, "Groups", "Silhouette"))
    write_summary(outputs["table"], summary)
    print(f"groups={best}\nsilhouette={clearness[best]:.6g}")


def _groups(scaled: np.ndarray, count: int, seed: int) -> np.ndarray:
    from sklearn.cluster import KMeans

    found: np.ndarray = KMeans(n_clusters=count, random_state=seed, n_init=10).fit_predict(scaled)
    return found


def _silhouette(scaled: np.ndarray, groups: np.ndarray, seed: int) -> float:
    from sklearn.metrics import silhouette_score

    if len(set(groups.tolist())) < 2:
        return -1.0
    return float(silhouette_score(scaled, groups, sample_size=min(_COMPARED_ROWS, len(scaled)), random_state=seed))


def _map(scaled: np.ndarray, groups: np.ndarray) -> dict[str, Any]:
    """The rows on a plane that keeps as much of their distances as two directions can."""
    from sklearn.decomposition import PCA

    plane = PCA(n_components=min(2, scaled.shape[1]), random_state=0).fit_transform(scaled)
    rows = [
        {"first": float(place[0]), "second": float(place[-1]), "group": f"Group {group}"}
        for place, group in thinned(list(zip(plane, groups, strict=True)))
    ]
    return scatter_chart("Groups", "clusters", rows, "first", "second", "group")
