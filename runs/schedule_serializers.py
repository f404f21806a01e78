"""Shapes of schedules over REST."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from runs.models import Schedule
from runs.serializers import EXECUTION_STATUSES, PipelineNameSerializer
from runs.timetable import LONGEST_EXPRESSION

EXPRESSION_HELP = "cron(0 7 ? * MON-FRI *), rate(6 hours), at(2027-01-31T07:00:00), or five Unix cron fields."


class ScheduleFieldsSerializer(serializers.Serializer[Any]):
    expression = serializers.CharField(max_length=LONGEST_EXPRESSION, help_text=EXPRESSION_HELP)
    zone = serializers.CharField(max_length=50, required=False, help_text="Time zone, as Europe/Berlin.")
    enabled = serializers.BooleanField(required=False)
    start_date = serializers.DateTimeField(required=False, allow_null=True)
    end_date = serializers.DateTimeField(required=False, allow_null=True)
    description = serializers.CharField(max_length=512, required=False, allow_blank=True)
    alias = serializers.CharField(
        max_length=64, required=False, allow_blank=True, help_text="Empty: the newest version."
    )
    parameters = serializers.DictField(child=serializers.JSONField(), required=False)


class ScheduleCreateSerializer(ScheduleFieldsSerializer):
    name = serializers.CharField(max_length=64)


class ScheduleChangeSerializer(ScheduleFieldsSerializer):
    expression = serializers.CharField(max_length=LONGEST_EXPRESSION, required=False, help_text=EXPRESSION_HELP)


class SchedulePreviewQuery(serializers.Serializer[Any]):
    expression = serializers.CharField(max_length=LONGEST_EXPRESSION, help_text=EXPRESSION_HELP)
    zone = serializers.CharField(max_length=50, default="UTC")


class SchedulePreviewSerializer(serializers.Serializer[Any]):
    expression = serializers.CharField()
    words = serializers.CharField()
    next_fires = serializers.ListField(child=serializers.DateTimeField())


class ScheduledExecutionSerializer(serializers.Serializer[Any]):
    id = serializers.CharField()
    status = serializers.ChoiceField(choices=EXECUTION_STATUSES)


class ScheduleResultSerializer(serializers.Serializer[Any]):
    due = serializers.DateTimeField()
    at = serializers.DateTimeField()
    outcome = serializers.ChoiceField(choices=[one.value for one in Schedule.Outcome if one.value])
    note = serializers.CharField(allow_blank=True, help_text="Why nothing started, or what one start made up for.")
    execution = ScheduledExecutionSerializer(allow_null=True)


class ScheduleSerializer(serializers.Serializer[Any]):
    id = serializers.CharField()
    name = serializers.CharField()
    group = serializers.CharField()
    pipeline = PipelineNameSerializer()
    description = serializers.CharField(allow_blank=True)
    expression = serializers.CharField()
    zone = serializers.CharField()
    words = serializers.CharField()
    enabled = serializers.BooleanField()
    start_date = serializers.DateTimeField(allow_null=True)
    end_date = serializers.DateTimeField(allow_null=True)
    alias = serializers.CharField(allow_blank=True)
    parameters = serializers.DictField(child=serializers.JSONField())
    owner = serializers.CharField(allow_blank=True, help_text="Whose permissions its starts have.")
    next_fires = serializers.ListField(child=serializers.DateTimeField(), help_text="At most five.")
    last = ScheduleResultSerializer(allow_null=True)
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


class ScheduleListSerializer(serializers.Serializer[Any]):
    results = ScheduleSerializer(many=True)
