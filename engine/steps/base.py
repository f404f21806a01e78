"""What every step type module offers, and the values it speaks in.

A step type is a module with one `TYPE: StepType`. It says how its arguments look (schema), where wires
attach (ports), and what a ready step becomes: a `JobSpec` (a worker runs it), an `Effect` (carried out in
the deciding transaction), a decision (Condition), or nothing runnable, with the reason.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol, TypeAlias

from engine.images import DEFAULT_IMAGES, ImageMapping
from engine.problems import Problem

Json: TypeAlias = Any  # null, bool, int, float, str, list, dict: a parsed JSON value


class Family(StrEnum):
    DATA = "data"
    TRAIN = "train"
    CHECK = "check"
    MODEL = "model"
    CONTROL = "control"
    CODE = "code"
    PEOPLE = "people"


class Nature(StrEnum):
    JOB = "job"  # a worker runs it
    EFFECT = "effect"  # done inside the deciding transaction
    CONDITION = "condition"
    FAIL = "fail"
    WAIT = "wait"  # asks somebody outside and waits for the answer; no worker, no slot
    UNSUPPORTED = "unsupported"  # loads, edits, exports; refused at run with `reason`


@dataclass(frozen=True, kw_only=True)
class Port:
    """One place a wire can end. `pattern` is a JSON pointer into the step with `*` for list items or map keys:
    for an input the value that takes the reference; for an output the declaration it is derived from.

    A pattern token `[Member=value]` takes only the list item whose member has that value; `*` leaves those to it.
    `item_name` is the member that names a matched list item ("ChannelName"); a map's key names itself.
    `reference` (outputs) is the property path a consumer writes, with `{name}` for the matched item's name:
    "ProcessingOutputConfig.Outputs['{name}'].S3Output.S3Uri". `item` is the template appended to the list at the
    pattern's `*`, "{name}", "{step}" and "{bucket}" filled in: by a person, or (inputs) when a wire is dropped and no
    free slot exists, with "{value}" then.
    `folder_file` (inputs) names the file that is taken when a whole output folder is wired here: "model.tar.gz".
    `beside` (inputs) are members that go with the value, written with the wire where they are not there yet.
    `report_as` (inputs) says what a property file becomes there: a "value" read from it (Std:JsonGet), or its "uri".
    """

    name: str
    direction: str  # "in" | "out"
    pattern: str
    json_type: str = "string"
    kind: str = "dataset"  # dataset | model | report | code | metric | package | model-name | branch | any
    reference: str | None = None
    item: Json | None = None
    item_name: str | None = None
    report_as: str = "value"  # value | uri
    folder_file: str | None = None
    beside: Mapping[str, Json] | None = None
    title: str = ""


@dataclass(frozen=True, kw_only=True)
class Variant:
    """Another way to start a step of the same type: its own palette entry with its own template."""

    id: str
    title: str
    description: str
    template: Mapping[str, Json]
    synonyms: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class StepType:
    """One step type. `template`: a new step as the palette drops it (no Name; strings that are exactly "{step}" or
    "{bucket}" become the step's name and the workspace's default bucket). The JSON schema of the whole step object
    is `engine.steps.schema.step_schema(type)`.
    """

    type: str
    title: str
    family: Family
    description: str
    nature: Nature
    synonyms: tuple[str, ...] = ()
    reason: str | None = None  # why UNSUPPORTED
    ports: tuple[Port, ...] = ()
    template: Mapping[str, Json] = field(default_factory=dict)
    variants: tuple[Variant, ...] = ()
    #: What the schema cannot say: problems of one step object, with pointers into it.
    check: Callable[[Mapping[str, Json]], tuple[Problem, ...]] | None = None
    #: Arguments after evaluation → the attributes AWS hashes for caching (SageMaker docs, "caching pipeline steps").
    cache_attributes: Callable[[Json], Json] | None = None
    #: The argument that may name the job ("TrainingJobName"); a name is a prefix here, as nothing may be named twice.
    name_argument: str | None = None
    to_job: Callable[[JobContext, Json], JobSpec] | None = None
    describe: Callable[[JobContext, Json, JobOutcome | None], dict[str, Json]] | None = None


class StepNotRunnable(Exception):
    """This step cannot run here. The message says what was expected, what came, what to do."""


class Models(Protocol):
    """Looking up what the registry holds, by the names definitions use. The answers are AWS's Describe documents."""

    def model(self, name: str) -> Mapping[str, Json] | None: ...

    def package(self, name: str) -> Mapping[str, Json] | None:
        """By ARN, or `group/version`."""


@dataclass(frozen=True, kw_only=True)
class JobContext:
    """Facts a step type needs beside its arguments. `step` is the step object of the definition (unevaluated)."""

    step: Mapping[str, Json]
    step_name: str
    pipeline_name: str
    execution_id: str
    account_id: str
    region: str
    default_bucket: str
    job_name: str  # unique, <= 63 characters
    created_at: datetime
    iteration: int = -1
    #: Which image names run here; the installation's table, in order (engine/images.py).
    images: tuple[ImageMapping, ...] = DEFAULT_IMAGES
    #: What the registry knows; None where a document is only described.
    models: Models | None = None

    @property
    def arn_prefix(self) -> str:
        return f"arn:aws:sagemaker:{self.region}:{self.account_id}"


@dataclass(frozen=True, kw_only=True)
class InputSpec:
    """Objects under `uri` (an s3:// object or prefix) appear at `local_path` (absolute, as in the container)."""

    name: str
    uri: str
    local_path: str
    s3_data_type: str = "S3Prefix"  # S3Prefix | ManifestFile
    compression: str = "None"  # None | Gzip
    distribution: str = "FullyReplicated"
    required: bool = True


@dataclass(frozen=True, kw_only=True)
class OutputSpec:
    """What is at `local_path` after the step is published under `uri`.

    archive=None: every file under local_path becomes `<uri>/<relative path>`;
    archive="model.tar.gz": one tar.gz object of that name under `uri` (left out when the folder is empty,
    unless `always`).
    """

    name: str
    local_path: str
    uri: str
    archive: str | None = None
    always: bool = False
    on_failure: bool = False  # publish also when the step failed


@dataclass(frozen=True, kw_only=True)
class JobSpec:
    """One job, fully resolved, JSON-serialisable: what a runner needs, and nothing of Django.

    `entrypoint` None = the image's own command with the argument "train" (built-in algorithm, script mode).
    `files`: configuration files to write before start, absolute container path → text.
    `metrics`: (name, regex) pairs searched in the log; the last match is the final value.
    """

    kind: str  # "Processing" | "Training" | …
    name: str
    arn: str
    image: str
    entrypoint: tuple[str, ...] | None
    arguments: tuple[str, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    inputs: tuple[InputSpec, ...] = ()
    outputs: tuple[OutputSpec, ...] = ()
    files: Mapping[str, str] = field(default_factory=dict)
    metrics: tuple[tuple[str, str], ...] = ()
    hyperparameters: Mapping[str, str] = field(default_factory=dict)
    instance_type: str = "ml.m5.large"
    instance_count: int = 1
    timeout_seconds: int = 86_400
    network: bool = True
    #: Where the job may leave a failure text, absolute container path (first 1024 characters → FailureReason).
    failure_file: str | None = None
    #: Name of the image mapping that matched (engine/images.py), what an entrypoint of None starts
    #: ("" nothing known, "script" script mode, "xgboost" the built-in algorithm; "function" takes the place of the
    #: entrypoint where no container of the image runs), and modules the image promises.
    runtime: str = "python"
    toolkit: str = ""
    requires: tuple[str, ...] = ()
    #: What its environment must have besides a requirements.txt of its own: a minor version of Python ("3.10", None
    #: for any), requirement lines, and the container path of the file that names the rest.
    python: str | None = None
    packages: tuple[str, ...] = ()
    requirements_file: str | None = None
    #: What counts for caching beside the arguments: facts that were looked up, such as what a model is made of.
    content: Mapping[str, Json] = field(default_factory=dict)
    #: The local image Docker starts in place of `image` (the mapping's `container`).
    container: str | None = None


@dataclass(frozen=True, kw_only=True)
class PublishedObject:
    output: str
    uri: str
    sha256: str
    size: int


@dataclass(frozen=True, kw_only=True)
class JobOutcome:
    """How an attempt ended, for `describe`. Times are UTC. `metrics`: name → (value, at)."""

    status: str  # Completed | Failed | Stopped
    started_at: datetime
    ended_at: datetime
    failure_reason: str | None = None
    exit_message: str | None = None
    metrics: Mapping[str, tuple[float, datetime]] = field(default_factory=dict)
    objects: tuple[PublishedObject, ...] = ()
