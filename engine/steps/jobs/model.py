"""Model steps: the record they make, and the containers a model stands for when something runs it.

Source: CreateModel, DescribeModel, ContainerDefinition.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.steps.base import JobContext, JobOutcome, Json, Models, StepNotRunnable
from engine.steps.jobs.arguments import mapping, s3_uri, sequence, text, text_map

MOST_CONTAINERS = 15  # CreateModel.Containers


@dataclass(frozen=True, kw_only=True)
class Container:
    """One container of a model. `packed`: its data is one tar.gz; else every file under `data` belongs to it."""

    image: str
    data: str | None
    packed: bool = True
    environment: Mapping[str, str] = field(default_factory=dict)


def describe(context: JobContext, arguments: Json, outcome: JobOutcome | None) -> dict[str, Json]:
    """DescribeModel of the model this step makes; its name is the engine's to give.

    Raises:
        StepNotRunnable: no container, or one that names neither image nor model package.
    """
    request = dict(mapping(arguments, "Arguments"))
    read_containers(request, None)
    return {
        **request,
        "ModelName": context.job_name,
        "ModelArn": f"{context.arn_prefix}:model/{context.job_name}",
        "CreationTime": context.created_at.timestamp(),
    }


def read_containers(document: Mapping[str, Json], models: Models | None) -> tuple[Container, ...]:
    """The containers of a model, in the order a request passes them; model packages are looked up in `models`.

    Without `models` a package is only checked for its name.

    Raises:
        StepNotRunnable: none, too many, of a wrong shape, or a package nobody registered.
    """
    primary, several = document.get("PrimaryContainer"), document.get("Containers")
    if primary and several:
        raise StepNotRunnable("The model has a PrimaryContainer and Containers. Keep one of the two.")
    listed = [("PrimaryContainer", primary)] if primary else []
    listed += [(f"Containers[{index}]", item) for index, item in enumerate(sequence(several, "Containers"))]
    if not 1 <= len(listed) <= MOST_CONTAINERS:
        raise StepNotRunnable(f"A model has 1 to {MOST_CONTAINERS} containers, and this one has {len(listed)}.")
    found: list[Container] = []
    for where, item in listed:
        container = mapping(item, where)
        if container.get("ModelPackageName") is not None:
            found += _of_package(container, where, models)
        else:
            found.append(_container(container, where))
    return tuple(found)


def _container(container: Mapping[str, Json], where: str) -> Container:
    image = text(container.get("Image"), f"{where}.Image")
    environment = text_map(container.get("Environment"), f"{where}.Environment")
    if container.get("Mode") == "MultiModel":
        raise StepNotRunnable(f"{where} serves many models (MultiModel), which does not run here. Set SingleModel.")
    source = mapping(mapping(container.get("ModelDataSource"), f"{where}.ModelDataSource").get("S3DataSource"), where)
    if source:
        uri = s3_uri(source.get("S3Uri"), f"{where}.ModelDataSource.S3DataSource.S3Uri")
        packed = source.get("CompressionType") == "Gzip"
        return Container(image=image, data=uri, packed=packed, environment=environment)
    given = container.get("ModelDataUrl")
    uri_or_none = s3_uri(given, f"{where}.ModelDataUrl") if given else None
    return Container(image=image, data=uri_or_none, environment=environment)


def _of_package(container: Mapping[str, Json], where: str, models: Models | None) -> list[Container]:
    """A package's own containers; the environment beside its name is added to each."""
    name = text(container["ModelPackageName"], f"{where}.ModelPackageName")
    if models is None:
        return []
    package = models.package(name)
    if package is None:
        raise StepNotRunnable(f"{where} names the model package {name}, which is not in this workspace's registry.")
    extra = text_map(container.get("Environment"), f"{where}.Environment")
    specification = mapping(package.get("InferenceSpecification"), f"{name}.InferenceSpecification")
    inner = sequence(specification.get("Containers"), f"{name}.InferenceSpecification.Containers")
    made = [_container(mapping(item, name), f"{name}.Containers[{index}]") for index, item in enumerate(inner)]
    if not made:
        raise StepNotRunnable(f"{where}: the model package {name} has no containers to run.")
    return [
        Container(image=one.image, data=one.data, packed=one.packed, environment={**one.environment, **extra})
        for one in made
    ]
