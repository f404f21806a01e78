"""Shapes of what waits for a person."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from registry.serializers import ModelFigureSerializer
from runs.serializers import EXECUTION_STATUSES


class FailedRunSerializer(serializers.Serializer[Any]):
    execution = serializers.CharField()
    pipeline = serializers.CharField()
    pipeline_name = serializers.CharField()
    status = serializers.ChoiceField(choices=EXECUTION_STATUSES)
    step = serializers.CharField(allow_blank=True)
    title = serializers.CharField(allow_blank=True, help_text="Why, in a few plain words.")
    reason = serializers.CharField(allow_blank=True, help_text="What was recorded.")
    at = serializers.DateTimeField()


class UndecidedModelSerializer(serializers.Serializer[Any]):
    group = serializers.CharField()
    version = serializers.IntegerField()
    execution = serializers.CharField(allow_blank=True)
    step = serializers.CharField(allow_blank=True)
    figures = ModelFigureSerializer(many=True)
    at = serializers.DateTimeField()


class OpenQuestionSerializer(serializers.Serializer[Any]):
    execution = serializers.CharField()
    pipeline = serializers.CharField()
    pipeline_name = serializers.CharField()
    step = serializers.CharField()
    waiting_for = serializers.CharField()
    stopping = serializers.BooleanField(help_text="The execution was stopped and ends with the answer.")
    at = serializers.DateTimeField()


class NeedsSerializer(serializers.Serializer[Any]):
    waiting = OpenQuestionSerializer(many=True)
    failed = FailedRunSerializer(many=True)
    undecided = UndecidedModelSerializer(many=True)
