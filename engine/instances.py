"""What an AWS instance type stands for: CPUs, memory, GPUs; and whether this machine is as large."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

GIB = 1024**3


@dataclass(frozen=True, kw_only=True)
class Instance:
    """`gpus` counts accelerators of any make. Sizes are AWS's published ones."""

    type: str
    cpus: int
    memory_bytes: int
    gpus: int = 0

    @property
    def words(self) -> str:
        """For example "2 CPU · 8 GiB" or "8 CPU · 61 GiB · 1 GPU"."""
        text = f"{self.cpus} CPU · {self.memory_bytes / GIB:.4g} GiB"
        return text + (f" · {self.gpus} GPU" if self.gpus else "")


# vCPUs of each size name, and GiB per vCPU of each family; the exceptions are listed one by one.
_SIZES = {
    "large": 2,
    "xlarge": 4,
    "2xlarge": 8,
    "3xlarge": 12,
    "4xlarge": 16,
    "6xlarge": 24,
    "8xlarge": 32,
    "9xlarge": 36,
    "12xlarge": 48,
    "16xlarge": 64,
    "18xlarge": 72,
    "24xlarge": 96,
    "32xlarge": 128,
    "48xlarge": 192,
}
_GIB_PER_CPU = {"c": 2.0, "m": 4.0, "r": 8.0, "x": 16.0, "t": 4.0, "g": 4.0, "trn": 4.0, "inf": 2.0, "p": 8.0}
_EXACT = {
    "t2.medium": (2, 4.0, 0),
    "t2.large": (2, 8.0, 0),
    "t2.xlarge": (4, 16.0, 0),
    "t2.2xlarge": (8, 32.0, 0),
    "t3.medium": (2, 4.0, 0),
    "t3.large": (2, 8.0, 0),
    "t3.xlarge": (4, 16.0, 0),
    "t3.2xlarge": (8, 32.0, 0),
    "m4.10xlarge": (40, 160.0, 0),
    "p2.xlarge": (4, 61.0, 1),
    "p2.8xlarge": (32, 488.0, 8),
    "p2.16xlarge": (64, 732.0, 16),
    "p3.2xlarge": (8, 61.0, 1),
    "p3.8xlarge": (32, 244.0, 4),
    "p3.16xlarge": (64, 488.0, 8),
    "p3dn.24xlarge": (96, 768.0, 8),
    "p4d.24xlarge": (96, 1152.0, 8),
    "p4de.24xlarge": (96, 1152.0, 8),
    "p5.48xlarge": (192, 2048.0, 8),
    "g4dn.12xlarge": (48, 192.0, 4),
    "g5.12xlarge": (48, 192.0, 4),
    "g5.24xlarge": (96, 384.0, 4),
    "g5.48xlarge": (192, 768.0, 8),
    "g6.12xlarge": (48, 192.0, 4),
    "g6.24xlarge": (96, 384.0, 4),
    "g6.48xlarge": (192, 768.0, 8),
}
# c4 and c5 differ from the even ratio at their odd sizes.
_GIB_EXACT = {"c4": 1.875, "c5.9xlarge": 2.0, "c5.18xlarge": 2.0, "m4": 4.0, "r4": 7.625, "x1": 15.25}
_TYPE = re.compile(r"ml\.((?:trn|inf|[a-z])\d[a-z0-9-]*)\.([a-z0-9]+)")


#: What the picker offers, from small to large; every other type can be typed.
OFFERED = (
    "ml.t3.medium",
    "ml.m5.large",
    "ml.m5.xlarge",
    "ml.m5.2xlarge",
    "ml.m5.4xlarge",
    "ml.c5.xlarge",
    "ml.c5.2xlarge",
    "ml.c5.4xlarge",
    "ml.r5.large",
    "ml.r5.xlarge",
    "ml.r5.2xlarge",
    "ml.g4dn.xlarge",
    "ml.g5.xlarge",
    "ml.p3.2xlarge",
)
_KNOWN_FAMILIES = (
    ("t3", ("medium", "large", "xlarge", "2xlarge")),
    *((family, tuple(_SIZES)) for family in ("m4", "m5", "m6i", "m7i", "c4", "c5", "c6i", "c7i", "r5", "r6i")),
    *((family, ("xlarge", "2xlarge", "4xlarge", "8xlarge", "12xlarge", "16xlarge")) for family in ("g4dn", "g5", "g6")),
    ("p3", ("2xlarge", "8xlarge", "16xlarge")),
    ("p4d", ("24xlarge",)),
    ("p5", ("48xlarge",)),
)


def instance_documents() -> list[dict[str, object]]:
    """Every type a browser may have to put in words: `{type, words, cpus, memory_gib, gpus, offered}`."""
    names = [*OFFERED, *(f"ml.{family}.{size}" for family, sizes in _KNOWN_FAMILIES for size in sizes)]
    found = (find_instance(name) for name in dict.fromkeys(names))
    return [
        {
            "type": one.type,
            "words": one.words,
            "cpus": one.cpus,
            "memory_gib": one.memory_bytes / GIB,
            "gpus": one.gpus,
            "offered": one.type in OFFERED,
        }
        for one in found
        if one is not None
    ]


@lru_cache(maxsize=256)
def find_instance(instance_type: str) -> Instance | None:
    """What an instance type offers, or None for a type unknown here ("local", a typing error)."""
    match = _TYPE.fullmatch(instance_type)
    if match is None:
        return None
    family, size = match.groups()
    exact = _EXACT.get(f"{family}.{size}")
    if exact is not None:
        cpus, gib, gpus = exact
        return Instance(type=instance_type, cpus=cpus, memory_bytes=int(gib * GIB), gpus=gpus)
    kind = re.match(r"trn|inf|[a-z]", family)
    count = _SIZES.get(size)
    if count is None or kind is None or kind.group() not in _GIB_PER_CPU:
        return None
    per_cpu = _GIB_EXACT.get(f"{family}.{size}") or _GIB_EXACT.get(family) or _GIB_PER_CPU[kind.group()]
    gpus = 1 if kind.group() in {"g", "p", "trn", "inf"} else 0
    return Instance(type=instance_type, cpus=count, memory_bytes=int(per_cpu * count * GIB), gpus=gpus)


def explain(instance_type: str, *, cpus: int, memory_bytes: int, gpus: int = 0) -> str | None:
    """One sentence when the instance type asks for more than this machine has; None when it fits or is unknown.

    A step still runs: it gets what there is. A GPU that is missing is worth saying because scripts look for one.
    """
    instance = find_instance(instance_type)
    if instance is None:
        return None
    short = []
    if instance.cpus > cpus:
        short.append(f"{cpus} {'CPU' if cpus == 1 else 'CPUs'}")
    # A machine sold as 16 GiB reports a little less; half a GiB or 3% below is the same size.
    if instance.memory_bytes > memory_bytes + max(GIB // 2, memory_bytes * 3 // 100):
        short.append(f"{memory_bytes / GIB:.3g} GiB of memory")
    if instance.gpus > gpus:
        short.append("no GPU" if not gpus else f"{gpus} GPUs")
    if not short:
        return None
    asked = f"{instance.words} ({instance_type}) is asked for"
    return f"{asked}; this machine has {' and '.join(short)}. The step runs with that."
