"""What an accuracy hides: classes a model never names, or misses most of the time because they are rare."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from clary_steps.failures import listed

if TYPE_CHECKING:
    import numpy as np

    from clary_steps.models import Model

#: A class with a smaller part of the rows is rare.
_RARE_SHARE = 0.2
#: A rare class of which fewer are found is told.
_FOUND_SHARE = 0.5
#: Told one by one; more are listed.
_MOST_TOLD = 2
#: Algorithms whose classes Train classifier can weigh.
WEIGHED = ("forest", "logistic", "boosting", "svm", "lightgbm")


def rare_class_notes(model: Model, actual: np.ndarray, predicted: np.ndarray, *, cut: int | None) -> list[str]:
    """Sentences for the summary; none where every class is found well enough. Ends with what can be done.

    `actual`, `predicted`: class numbers. `cut`: the class a threshold lets through sooner when it is lowered.
    """
    unnamed: list[int] = []
    missed: list[int] = []
    for place in range(len(model.classes)):
        rows = int((actual == place).sum())
        if not rows or rows == len(actual):
            continue
        found = int(((actual == place) & (predicted == place)).sum())
        if not (predicted == place).any():
            unnamed.append(place)
        elif rows < _RARE_SHARE * len(actual) and found < _FOUND_SHARE * rows:
            missed.append(place)
    notes = [*_told(model.classes, actual, unnamed), *_missed(model.classes, actual, predicted, missed)]
    advice = _advice(model, cut if cut in (*unnamed, *missed) else None) if notes else ""
    return [*notes[:-1], f"{notes[-1]} {advice}".rstrip()] if notes else []


def _told(classes: Sequence[str], actual: np.ndarray, places: list[int]) -> list[str]:
    if len(places) > _MOST_TOLD:
        names = listed((f'"{classes[place]}"' for place in places), 5)
        return [f"{len(places)} of {len(classes)} classes were never predicted: {names}."]
    return [f"{_size(classes, actual, place)} and was never predicted." for place in places]


def _missed(classes: Sequence[str], actual: np.ndarray, predicted: np.ndarray, places: list[int]) -> list[str]:
    if len(places) > _MOST_TOLD:
        names = listed((f'"{classes[place]}"' for place in places), 5)
        return [f"Of {len(places)} rare classes fewer than half of the rows were found: {names}."]
    told = []
    for place in places:
        found = int(((actual == place) & (predicted == place)).sum())
        told.append(f"{_size(classes, actual, place)}; {found:,} of them were found.")
    return told


def _size(classes: Sequence[str], actual: np.ndarray, place: int) -> str:
    return f'"{classes[place]}" is {int((actual == place).sum()):,} of {len(actual):,} rows'


def _advice(model: Model, cut: int | None) -> str:
    if model.algorithm in WEIGHED and not model.parameters.get("balanced"):
        return 'Train classifier can weigh rare classes more: "Rare classes count more", under More options.'
    if cut is not None:
        return f'A lower "Threshold", under More options of Evaluate, finds more of "{model.classes[cut]}".'
    return "More rows of such classes, or another algorithm, can help."
