"""Reading jobs by kind and name, as AWS callers know them. Every selector filters by the actor's workspace."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Q, QuerySet

from accounts.actors import Actor
from accounts.permissions import Permission, require
from engine.execution.states import StepStatus
from runs.errors import JobNotFound
from runs.models import Execution, Job, StepExecution

HEAVY = ("execution__definition", "execution__layout")
#: AWS job status of a step's newest job. A step that waits for a slot or a retry has its job in progress.
STATUS_OF_STEP = {
    StepStatus.SUCCEEDED: "Completed",
    StepStatus.FAILED: "Failed",
    StepStatus.STOPPED: "Stopped",
    StepStatus.SKIPPED: "Stopped",
    StepStatus.STOPPING: "Stopping",
}
IN_PROGRESS = "InProgress"


@dataclass(frozen=True, kw_only=True)
class JobView:
    """A job with its step. `job` is None for a plain job that was refused before it became one."""

    job: Job | None
    step: StepExecution
    execution: Execution

    @property
    def is_superseded(self) -> bool:
        """A later attempt of the step has a job of its own."""
        return self.job is not None and self.job.attempt < self.step.attempt

    @property
    def status(self) -> str:
        if self.is_superseded:
            return "Failed"
        return STATUS_OF_STEP.get(StepStatus(self.step.status), IN_PROGRESS)

    @property
    def ended_at(self) -> datetime | None:
        return self.step.ended_at


def hidden_pipeline_name(kind: str, name: str) -> str:
    """The name of the pipeline behind a plain job. The slash keeps it apart from every pipeline of people."""
    return f"{kind.lower()}-job/{name}"


def find_job(actor: Actor, kind: str, name: str) -> JobView:
    """The job of that name: the newest attempt of a plain job, or one attempt of a pipeline's step.

    Raises:
        JobNotFound: unknown, or of another workspace.
    """
    require(actor, Permission.VIEW)
    hidden = hidden_pipeline_name(kind, name)
    plain = Execution.objects.filter(workspace=actor.workspace, job_name=name, pipeline_name=hidden)
    execution = plain.defer("definition", "layout").first()
    if execution is not None:
        step = StepExecution.objects.get(execution=execution)
        job = Job.objects.filter(step=step).order_by("-attempt").first()
        return JobView(job=job, step=step, execution=execution)
    rows = Job.objects.filter(workspace=actor.workspace, kind=kind, name=name).select_related("step", "execution")
    found = rows.defer(*HEAVY).first()
    if found is None:
        raise JobNotFound(kind=kind.lower(), name=name)
    return JobView(job=found, step=found.step, execution=found.execution)


def jobs(actor: Actor, kind: str, *, status: str | None = None) -> QuerySet[Job]:
    """Jobs of a kind with their steps, without the documents a list never shows. A plain job is one row, however often
    it was tried."""
    require(actor, Permission.VIEW)
    superseded = Q(attempt__lt=F("step__attempt"))
    rows = Job.objects.filter(workspace=actor.workspace, kind=kind).exclude(superseded, ~Q(execution__job_name=""))
    rows = rows.select_related("step", "execution").defer("request", "spec", "property_files", *HEAVY)
    if status is None:
        return rows
    words = [word.value for word, meaning in STATUS_OF_STEP.items() if meaning == status]
    if status == "Failed":
        return rows.filter(superseded | Q(step__status__in=words))
    if status == IN_PROGRESS:
        return rows.exclude(superseded).exclude(step__status__in=[word.value for word in STATUS_OF_STEP])
    return rows.exclude(superseded).filter(step__status__in=words)


def view(job: Job) -> JobView:
    """A row of `jobs` with its status."""
    return JobView(job=job, step=job.step, execution=job.execution)
