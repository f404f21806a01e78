"""Shapes of the readiness report and of the table of addresses over REST."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from editor.serializers import ProblemSerializer

VERDICTS = ["runs", "docker", "image", "cannot"]
STATES = ["present", "mapped", "missing"]


class StepReadinessSerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    type = serializers.CharField()
    pointer = serializers.CharField()
    verdict = serializers.ChoiceField(
        choices=VERDICTS, help_text="image: needs a line in the table of images; cannot: `reason` says why."
    )
    reason = serializers.CharField(allow_blank=True)
    image = serializers.CharField(allow_blank=True)


class UriReadinessSerializer(serializers.Serializer[Any]):
    uri = serializers.CharField()
    state = serializers.ChoiceField(choices=STATES)
    target = serializers.CharField(allow_blank=True, help_text="Where it is read instead.")
    steps = serializers.ListField(child=serializers.CharField())
    pointer = serializers.CharField()


class LocalImageSerializer(serializers.Serializer[Any]):
    step = serializers.CharField()
    image = serializers.CharField()


class AddressSerializer(serializers.Serializer[Any]):
    pointer = serializers.CharField()
    uri = serializers.CharField()


class AwsReadinessSerializer(serializers.Serializer[Any]):
    problems = ProblemSerializer(many=True, help_text="What AWS would refuse.")
    images = LocalImageSerializer(many=True, help_text="Images AWS cannot pull.")
    uris = AddressSerializer(many=True, help_text="Addresses in the bucket of this workspace.")
    library_steps = serializers.ListField(child=serializers.CharField(), help_text="Ready-made steps.")


class ReadinessSerializer(serializers.Serializer[Any]):
    steps = StepReadinessSerializer(many=True)
    uris = UriReadinessSerializer(many=True)
    roles = serializers.ListField(child=serializers.CharField(), help_text="Kept and shown; nothing acts on them.")
    aws = AwsReadinessSerializer()


class UriMappingPutSerializer(serializers.Serializer[Any]):
    prefix = serializers.CharField(max_length=1100, help_text="s3://their-bucket/folder")
    target = serializers.CharField(max_length=1100, help_text="s3://our-bucket/folder")


class UriMappingSerializer(UriMappingPutSerializer):
    id = serializers.CharField()
    created_by = serializers.CharField()
    created_at = serializers.DateTimeField()


class UriMappingListSerializer(serializers.Serializer[Any]):
    results = UriMappingSerializer(many=True)
