"""Shapes of registered models."""

from __future__ import annotations

import json
from typing import Any

from rest_framework import serializers

from accounts.pagination import PageQuery
from engine.steps.jobs.register_model import model_data
from registry.models import ModelPackage, ModelPackageGroup


class ModelPackageGroupSerializer(serializers.ModelSerializer[ModelPackageGroup]):
    class Meta:
        model = ModelPackageGroup
        fields = ["id", "name", "arn", "description", "latest_version", "created_by", "created_at"]


class ModelFigureSerializer(serializers.Serializer[Any]):
    label = serializers.CharField()  # type: ignore[assignment]  # a field named like an attribute of Field
    value = serializers.FloatField()


class ModelPackageRowSerializer(serializers.ModelSerializer[ModelPackage]):
    group = serializers.CharField(source="group.name")
    figures = ModelFigureSerializer(
        many=True, help_text="Of the model's quality report as it was when the version was registered; at most four."
    )

    class Meta:
        model = ModelPackage
        fields = [
            "id",
            "group",
            "version",
            "arn",
            "approval_status",
            "figures",
            "source_execution",
            "source_step",
            "created_by",
            "created_at",
        ]


class ModelPackageSerializer(ModelPackageRowSerializer):
    description = serializers.DictField(child=serializers.JSONField(), help_text="DescribeModelPackage's answer.")

    class Meta(ModelPackageRowSerializer.Meta):
        fields = [*ModelPackageRowSerializer.Meta.fields, "description"]

    def to_representation(self, instance: Any) -> Any:
        row = ModelPackageRowSerializer(instance).data
        return {**row, "description": json.loads(instance.description)}


class ModelVersionQuery(PageQuery):
    search = serializers.CharField(
        required=False, max_length=128, allow_blank=True, default="", help_text="Part of the group's name."
    )
    data = serializers.CharField(  # type: ignore[assignment]  # a field named like an attribute of Serializer
        required=False, max_length=1024, allow_blank=True, default="", help_text="The address of a version's file."
    )


class ModelVersionSerializer(ModelPackageRowSerializer):
    data = serializers.SerializerMethodField(  # type: ignore[assignment]  # as above
        help_text='The address of the model\'s file, "" when it has none.'
    )

    class Meta(ModelPackageRowSerializer.Meta):
        fields = [*ModelPackageRowSerializer.Meta.fields, "data"]

    def get_data(self, package: ModelPackage) -> str:
        return model_data(json.loads(package.description))


class ModelDecisionSerializer(serializers.Serializer[Any]):
    approval_status = serializers.ChoiceField(choices=ModelPackage.Approval.choices)
    comment = serializers.CharField(required=False, allow_blank=True, max_length=1024, default="")
