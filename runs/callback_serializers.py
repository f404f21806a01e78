"""Shapes of questions to the outside and of answers to them."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from engine.steps.jobs.callback import MOST_OUTPUTS, REASON_LENGTH, VALUE_LENGTH


class CallbackOutputSerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    type = serializers.CharField(help_text="String, Integer, Boolean or Float.")


class CallbackSerializer(serializers.Serializer[Any]):
    token = serializers.CharField()
    queue_url = serializers.CharField(help_text="As the definition has it; the name at its end is the queue.")
    message = serializers.CharField(help_text="The text that was sent.")
    arguments = serializers.DictField(child=serializers.JSONField())
    outputs = CallbackOutputSerializer(many=True, help_text="What the step declares to return.")
    asked_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()
    answered_at = serializers.DateTimeField(allow_null=True)
    answered_by = serializers.CharField(allow_null=True)


class CompleteSerializer(serializers.Serializer[Any]):
    outputs = serializers.DictField(
        child=serializers.CharField(allow_blank=True, trim_whitespace=False, max_length=VALUE_LENGTH),
        required=False,
        default=dict,
        help_text=f"Texts by name, at most {MOST_OUTPUTS}; they become what the step declares.",
    )


class FailSerializer(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=REASON_LENGTH, required=False, allow_blank=True, default="")
