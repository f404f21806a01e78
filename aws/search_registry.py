"""Training jobs, model packages and their groups as Search finds them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet, Value
from django.db.models.functions import Concat

from aws import arns
from aws.call import Call, Document
from aws.facts import user
from aws.job_facts import TRAINING, description
from aws.search_conditions import Property, Resource, moment, tags_of
from registry import selectors as registry
from registry.models import ModelPackage
from runs import jobs


def _training_jobs(call: Call) -> QuerySet[Any]:
    prefix = Value(arns.pipeline_arn(call.actor, "").replace(":pipeline/", ":training-job/"))
    return jobs.jobs(call.actor, TRAINING.job).annotate(full_arn=Concat(prefix, "name"))


def _show_training_jobs(call: Call, rows: list[Any]) -> list[Document]:
    tags = tags_of(call, [row.full_arn for row in rows])
    return [
        {"TrainingJob": {**description(call, TRAINING, jobs.view(row)), "Tags": tags.get(row.full_arn)}} for row in rows
    ]


def _groups(call: Call) -> QuerySet[Any]:
    return registry.groups(call.actor)


def _show_groups(call: Call, rows: list[Any]) -> list[Document]:
    tags = tags_of(call, [row.arn for row in rows])
    return [
        {
            "ModelPackageGroup": {
                "ModelPackageGroupName": row.name,
                "ModelPackageGroupArn": row.arn,
                "ModelPackageGroupDescription": row.description or None,
                "CreationTime": row.created_at,
                "CreatedBy": user(row.created_by),
                "ModelPackageGroupStatus": "Completed",
                "Tags": tags.get(row.arn),
            }
        }
        for row in rows
    ]


def _packages(call: Call) -> QuerySet[Any]:
    return registry.all_packages(call.actor)


def _show_packages(call: Call, rows: list[Any]) -> list[Document]:
    tags = tags_of(call, [row.arn for row in rows])
    texts = dict(ModelPackage.objects.filter(pk__in=[row.pk for row in rows]).values_list("pk", "description"))
    return [
        {
            "ModelPackage": {
                "CreatedBy": user(row.created_by),
                **json.loads(texts[row.pk]),
                "ModelApprovalStatus": row.approval_status,
                "Tags": tags.get(row.arn),
            }
        }
        for row in rows
    ]


RESOURCES: Mapping[str, Resource] = {
    "TrainingJob": Resource(
        rows=_training_jobs,
        arn_column="full_arn",
        show=_show_training_jobs,
        properties={
            "TrainingJobName": Property(column="name", sortable=True),
            "TrainingJobArn": Property(column="full_arn", sortable=True),
            "ModelArtifacts.S3ModelArtifacts": Property(column="description__ModelArtifacts__S3ModelArtifacts"),
            "CreationTime": Property(column="created_at", read=moment, sortable=True),
            "LastModifiedTime": Property(column="execution__updated_at", read=moment, sortable=True),
        },
    ),
    "ModelPackageGroup": Resource(
        rows=_groups,
        arn_column="arn",
        show=_show_groups,
        properties={
            "ModelPackageGroupName": Property(column="name", sortable=True),
            "ModelPackageGroupArn": Property(column="arn", sortable=True),
            "ModelPackageGroupDescription": Property(column="description", sortable=True),
            "CreationTime": Property(column="created_at", read=moment, sortable=True),
            "LastModifiedTime": Property(column="created_at", read=moment, sortable=True),
            "CreatedBy.UserProfileName": Property(column="created_by", sortable=True),
        },
    ),
    "ModelPackage": Resource(
        rows=_packages,
        arn_column="arn",
        show=_show_packages,
        properties={
            "ModelPackageGroupName": Property(column="group__name", sortable=True),
            "ModelPackageArn": Property(column="arn", sortable=True),
            "ModelPackageVersion": Property(column="version", read=int, sortable=True),
            "ModelApprovalStatus": Property(column="approval_status", sortable=True),
            "CreationTime": Property(column="created_at", read=moment, sortable=True),
            "LastModifiedTime": Property(column="created_at", read=moment, sortable=True),
            "CreatedBy.UserProfileName": Property(column="created_by", sortable=True),
        },
    ),
}
