"""Shapes of the palette in the REST API: step types, ready-made steps, instance types, the code of a step."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers


class FamilySerializer(serializers.Serializer[Any]):
    id = serializers.CharField()
    title = serializers.CharField()


class PortSerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    direction = serializers.ChoiceField(choices=["in", "out"])
    pattern = serializers.CharField()
    json_type = serializers.CharField()
    kind = serializers.CharField()
    reference = serializers.CharField(allow_null=True)
    item = serializers.JSONField(allow_null=True)
    item_name = serializers.CharField(allow_null=True)
    report_as = serializers.ChoiceField(choices=["value", "uri"])
    folder_file = serializers.CharField(allow_null=True)
    beside = serializers.JSONField(allow_null=True, help_text="Members written with a wire to this input.")
    title = serializers.CharField(allow_blank=True)


class VariantSerializer(serializers.Serializer[Any]):
    id = serializers.CharField()
    title = serializers.CharField()
    description = serializers.CharField()
    synonyms = serializers.ListField(child=serializers.CharField())
    template = serializers.DictField(child=serializers.JSONField())


class StepTypeSerializer(serializers.Serializer[Any]):
    type = serializers.CharField()
    title = serializers.CharField()
    family = serializers.CharField()
    description = serializers.CharField()
    synonyms = serializers.ListField(child=serializers.CharField())
    nature = serializers.CharField()
    runnable = serializers.BooleanField()
    reason = serializers.CharField(allow_null=True)
    ports = PortSerializer(many=True)
    variants = VariantSerializer(many=True)
    schema = serializers.DictField(child=serializers.JSONField())
    template = serializers.DictField(child=serializers.JSONField())


class LibraryStepSerializer(serializers.Serializer[Any]):
    """A ready-made step: an ordinary Processing step with a form of its own."""

    reference = serializers.CharField(help_text="What the entrypoint names: split@1")
    title = serializers.CharField()
    family = serializers.CharField()
    icon = serializers.CharField()
    description = serializers.CharField()
    synonyms = serializers.ListField(child=serializers.CharField())
    ports = PortSerializer(many=True)
    inputs = serializers.ListField(child=serializers.DictField())
    outputs = serializers.ListField(child=serializers.DictField())
    form = serializers.DictField(child=serializers.JSONField(), help_text="JSON schema of the options")
    summary = serializers.ListField(child=serializers.CharField())
    template = serializers.DictField(child=serializers.JSONField())


class StepCodeQuery(serializers.Serializer[Any]):
    step = serializers.CharField(max_length=256)


class StepCodeSerializer(serializers.Serializer[Any]):
    """The Python a ready-made step runs, as one file that needs nothing of Clary."""

    file_name = serializers.CharField()
    text = serializers.CharField()
    arguments = serializers.ListField(child=serializers.JSONField(), help_text="What the file is started with")


class InstanceSerializer(serializers.Serializer[Any]):
    """An instance type in plain words: "2 CPU · 8 GiB"."""

    type = serializers.CharField()
    words = serializers.CharField()
    cpus = serializers.IntegerField()
    memory_gib = serializers.FloatField()
    gpus = serializers.IntegerField()
    offered = serializers.BooleanField()


class StepTypesSerializer(serializers.Serializer[Any]):
    families = FamilySerializer(many=True)
    types = StepTypeSerializer(many=True)
    library = LibraryStepSerializer(many=True)
    instances = InstanceSerializer(many=True)
