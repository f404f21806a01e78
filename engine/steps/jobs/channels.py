"""The input channels of a training job."""

from __future__ import annotations

import re
from collections.abc import Mapping

from engine.steps.base import InputSpec, Json, StepNotRunnable
from engine.steps.jobs.arguments import container_path, mapping, s3_uri, sequence, text
from engine.steps.jobs.locations import refuse_manifest

FOLDER = "/opt/ml/input/data"
# Channel.ChannelName of CreateTrainingJob, without the names that mean a folder.
_NAME = re.compile(r"(?!\.{1,2}$)[A-Za-z0-9._-]{1,64}")


def input_channels(request: Mapping[str, Json]) -> tuple[InputSpec, ...]:
    """One input per channel, at /opt/ml/input/data/<channel>.

    FastFile reads like File here: the files are there before the script starts.

    Raises:
        StepNotRunnable: Pipe mode, file systems, manifests, or two channels of one name.
    """
    specs: dict[str, InputSpec] = {}
    for index, item in enumerate(sequence(request.get("InputDataConfig"), "InputDataConfig")):
        where = f"InputDataConfig[{index}]"
        channel = mapping(item, where)
        name = text(channel.get("ChannelName"), f"{where}.ChannelName")
        if not _NAME.fullmatch(name):
            raise StepNotRunnable(
                f"{where}.ChannelName must be up to 64 letters, digits, dots, hyphens or underscores, but is {name!r}."
            )
        if name in specs:
            raise StepNotRunnable(f"{where}: the channel {name} is there twice. Give each channel its own name.")
        if _mode(request, channel, where) == "Pipe":
            raise StepNotRunnable(f"{where} ({name}) uses Pipe mode, which does not run here. Set InputMode to File.")
        source = mapping(channel.get("DataSource"), f"{where}.DataSource")
        others = sorted(key for key, value in source.items() if key != "S3DataSource" and value)
        if others:
            raise StepNotRunnable(
                f"{where} ({name}) reads from a {others[0]}, which does not run here. Use an S3DataSource."
            )
        data = mapping(source.get("S3DataSource"), f"{where}.DataSource.S3DataSource")
        refuse_manifest(data.get("S3DataType"), f"{where}.DataSource.S3DataSource")
        specs[name] = InputSpec(
            name=name,
            uri=s3_uri(data.get("S3Uri"), f"{where}.DataSource.S3DataSource.S3Uri"),
            local_path=container_path(name, f"{where}.ChannelName", default=f"{FOLDER}/{name}", base=FOLDER),
            compression=text(channel.get("CompressionType"), f"{where}.CompressionType", "None"),
            distribution=text(data.get("S3DataDistributionType"), f"{where}.S3DataDistributionType", "FullyReplicated"),
        )
    return tuple(specs.values())


def input_data_config(request: Mapping[str, Json]) -> dict[str, Json]:
    """What the container reads about its channels (inputdataconfig.json)."""
    config: dict[str, Json] = {}
    for index, item in enumerate(sequence(request.get("InputDataConfig"), "InputDataConfig")):
        where = f"InputDataConfig[{index}]"
        channel = mapping(item, where)
        data = mapping(mapping(channel.get("DataSource"), where).get("S3DataSource"), where)
        entry: dict[str, Json] = {
            "TrainingInputMode": _mode(request, channel, where),
            "S3DistributionType": data.get("S3DataDistributionType") or "FullyReplicated",
            "RecordWrapperType": channel.get("RecordWrapperType") or "None",
        }
        if channel.get("ContentType") is not None:
            entry["ContentType"] = text(channel["ContentType"], f"{where}.ContentType")
        config[text(channel.get("ChannelName"), f"{where}.ChannelName")] = entry
    return config


def _mode(request: Mapping[str, Json], channel: Mapping[str, Json], where: str) -> str:
    """A channel's own mode, else the one of the algorithm, else File."""
    algorithm = mapping(request.get("AlgorithmSpecification"), "AlgorithmSpecification")
    default = text(algorithm.get("TrainingInputMode"), "AlgorithmSpecification.TrainingInputMode", "File")
    return text(channel.get("InputMode"), f"{where}.InputMode", default)
