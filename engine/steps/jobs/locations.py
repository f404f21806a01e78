"""Which input kinds are read, and how many hosts there are."""

from __future__ import annotations

from collections.abc import Mapping

from engine.steps.base import Json, StepNotRunnable
from engine.steps.jobs.arguments import text


def refuse_manifest(data_type: Json, name: str) -> None:
    """Only S3Prefix inputs are read.

    Raises:
        StepNotRunnable: ManifestFile, AugmentedManifestFile or any other kind.
    """
    kind = text(data_type, f"{name}.S3DataType", "S3Prefix")
    if kind == "Converse":
        raise StepNotRunnable(f"{name} reads conversation data, which does not run in this release.")
    if kind != "S3Prefix":
        raise StepNotRunnable(
            f"{name} reads a {kind}, which does not run in this release. Point it at a folder of files (S3Prefix)."
        )


def resource_config(instance_type: str) -> Mapping[str, Json]:
    """What the container reads about its host: always one, named algo-1."""
    return {
        "current_host": "algo-1",
        "current_instance_type": instance_type,
        "current_group_name": "homogeneousCluster",
        "hosts": ["algo-1"],
        "instance_groups": [
            {"instance_group_name": "homogeneousCluster", "instance_type": instance_type, "hosts": ["algo-1"]}
        ],
        "network_interface_name": "eth0",
    }


def one_host(count: int, name: str) -> None:
    """Jobs run on one host here.

    Raises:
        StepNotRunnable: the job asks for several.
    """
    if count > 1:
        raise StepNotRunnable(
            f"{name} asks for {count} instances; jobs run on one host here, and running a distributed script on one "
            "would give other results. Set InstanceCount to 1."
        )
    if count < 1:
        raise StepNotRunnable(f"{name} must be at least 1, but is {count}.")
