"""Shapes of the gallery of templates."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from editor.serializers import LayoutSerializer


class TemplateDataSerializer(serializers.Serializer[Any]):
    title = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]  # a field named like an attribute of Field
    licence = serializers.CharField()
    rows = serializers.IntegerField(allow_null=True)
    columns = serializers.IntegerField(allow_null=True)
    installed = serializers.BooleanField(help_text="Whether the package that holds it is here.")


class TemplateSerializer(serializers.Serializer[Any]):
    id = serializers.CharField()
    title = serializers.CharField()
    summary = serializers.CharField()
    teaches = serializers.ListField(child=serializers.CharField())
    definition = serializers.CharField()
    layout = LayoutSerializer()
    data = TemplateDataSerializer(allow_null=True)  # type: ignore[assignment]  # a field named like a property


class TemplateListSerializer(serializers.Serializer[Any]):
    results = TemplateSerializer(many=True)


class TemplateUseSerializer(serializers.Serializer[Any]):
    pipeline = serializers.CharField(
        required=False,
        allow_null=True,
        default=None,
        max_length=64,
        help_text="Id of a pipeline without steps to draw the template into; left out, a new one is made.",
    )


class MadePipelineSerializer(serializers.Serializer[Any]):
    id = serializers.CharField()
    name = serializers.CharField()
    display_name = serializers.CharField(allow_blank=True)
