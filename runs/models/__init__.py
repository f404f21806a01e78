"""Tables of the room, by noun. The event log is the record; the other rows are its projection."""

from runs.models.execution import Execution, ExecutionEvent, StepExecution

from runs.models.attempt import Job, LogChunk, StepAttempt, Worker  # isort: skip
from runs.models.buckets import Bucket, MultipartUpload, UploadedPart
from runs.models.datasets import Dataset, DatasetVersion, TableSummary
from runs.models.images import ImageMapping
from runs.models.queues import CallbackToken, Queue, QueueMessage
from runs.models.schedules import Schedule
from runs.models.storage import CacheEntry, StoredObject
from runs.models.token import ClientToken
from runs.models.uris import UriMapping

__all__ = [
    "Bucket",
    "CacheEntry",
    "CallbackToken",
    "ClientToken",
    "Dataset",
    "DatasetVersion",
    "Execution",
    "ExecutionEvent",
    "ImageMapping",
    "Job",
    "LogChunk",
    "MultipartUpload",
    "Queue",
    "QueueMessage",
    "Schedule",
    "StepAttempt",
    "StepExecution",
    "StoredObject",
    "TableSummary",
    "UploadedPart",
    "UriMapping",
    "Worker",
]
