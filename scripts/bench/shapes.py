"""The graphs that are measured, and the figures that come out of stamps.

A stamp is (start, end) of a step body on CLOCK_MONOTONIC in nanoseconds, which every process and container of one Linux
machine shares. All figures derive from stamps, so they mean the same for each contender:

    per step     (last end - first start) / (steps - 1), chains only
    first step   trigger to the start of the first body
    gap          start of a body minus the latest end among its producers
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

Shape = Mapping[str, tuple[str, ...]]  # step → producers, in topological order
Stamps = Mapping[str, tuple[int, int]]


def chain(length: int) -> Shape:
    return {f"s{i:04}": (f"s{i - 1:04}",) if i else () for i in range(length)}


def diamond(width: int) -> Shape:
    """1 → width → 1"""
    middle = {f"m{i:04}": ("first",) for i in range(width)}
    return {"first": (), **middle, "last": tuple(middle)}


def mesh(layers: int, width: int) -> Shape:
    """Layers side by side, every step with two producers in the layer before."""
    return {
        f"l{a:02}x{b:02}": (f"l{a - 1:02}x{b:02}", f"l{a - 1:02}x{(b + 1) % width:02}") if a else ()
        for a in range(layers)
        for b in range(width)
    }


def fan_out(width: int) -> Shape:
    return {"first": (), **{f"m{i:04}": ("first",) for i in range(width)}}


def percentile(values: list[float], q: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, round(q * (len(ordered) - 1)))]


@dataclass(frozen=True, kw_only=True)
class Figures:
    """Milliseconds, `wall` and `cpu` in seconds."""

    steps: int
    per_step: float
    first: float
    gap_p50: float
    gap_p95: float
    wall: float
    cpu_per_step: float | None = None


def figures(shape: Shape, stamps: Stamps, trigger: int, *, cpu_seconds: float | None = None) -> Figures:
    missing = [name for name in shape if name not in stamps]
    if missing:
        raise RuntimeError(f"{len(missing)} steps left no stamp, the first is {missing[0]}")
    starts, ends = [s for s, _ in stamps.values()], [e for _, e in stamps.values()]
    gaps = [
        (stamps[step][0] - max(stamps[producer][1] for producer in producers)) / 1e6
        for step, producers in shape.items()
        if producers
    ]
    return Figures(
        steps=len(shape),
        per_step=(max(ends) - min(starts)) / 1e6 / (len(shape) - 1),
        first=(min(starts) - trigger) / 1e6,
        gap_p50=percentile(gaps, 0.5),
        gap_p95=percentile(gaps, 0.95),
        wall=(max(ends) - trigger) / 1e9,
        cpu_per_step=None if cpu_seconds is None else cpu_seconds * 1e3 / len(shape),
    )
