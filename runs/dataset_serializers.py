"""Shapes of the REST API of tables and datasets."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from accounts.pagination import PageQuery
from runs.tables.options import COLUMN_TYPES, KINDS, PROFILES


class HistogramSerializer(serializers.Serializer[Any]):
    edges = serializers.ListField(child=serializers.JSONField(), help_text="Numbers or dates; one more than `counts`.")
    counts = serializers.ListField(child=serializers.IntegerField())


class TopValueSerializer(serializers.Serializer[Any]):
    value = serializers.JSONField()
    count = serializers.IntegerField()


class ColumnSerializer(serializers.Serializer[Any]):
    name = serializers.CharField(allow_blank=True)
    type = serializers.ChoiceField(choices=[*COLUMN_TYPES, "other"])
    missing = serializers.IntegerField(allow_null=True)
    distinct = serializers.IntegerField(allow_null=True)
    min = serializers.JSONField()
    max = serializers.JSONField()
    mean = serializers.FloatField(allow_null=True)
    histogram = HistogramSerializer(allow_null=True)
    top = TopValueSerializer(many=True)


class PreviewSerializer(serializers.Serializer[Any]):
    columns = serializers.ListField(child=serializers.CharField())
    rows = serializers.ListField(child=serializers.ListField(child=serializers.JSONField()))


class SampleFactsSerializer(serializers.Serializer[Any]):
    rows = serializers.IntegerField(help_text="The first rows, which the facts are about.")
    exact = serializers.BooleanField(help_text="Whether the number of all rows is exact, not estimated.")


class KeySerializer(serializers.Serializer[Any]):
    label = serializers.CharField()  # type: ignore[assignment]  # a field named like an attribute of Field
    value = serializers.IntegerField()


class TableFileSerializer(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=KINDS)
    delimiter = serializers.CharField(required=False, trim_whitespace=False)
    encoding = serializers.CharField(required=False)
    header = serializers.BooleanField(required=False)
    decimal = serializers.CharField(required=False)
    line_ends = serializers.ListField(child=serializers.CharField(), required=False)


class TableSerializer(serializers.Serializer[Any]):
    """A summary as steps leave it, and how the file was read."""

    kind = serializers.CharField(help_text="Always `table`.")
    rows = serializers.IntegerField()
    column_count = serializers.IntegerField()
    columns = ColumnSerializer(many=True, help_text="The first ones; there are pages of all of them.")
    preview = PreviewSerializer()
    metrics = serializers.DictField(child=serializers.FloatField())
    key = KeySerializer()
    charts = serializers.ListField(child=serializers.JSONField())
    sampled = serializers.BooleanField()
    sample = SampleFactsSerializer(allow_null=True, help_text="Null when every row was read.")
    file = TableFileSerializer()
    warnings = serializers.ListField(child=serializers.CharField())
    profile = serializers.ChoiceField(choices=PROFILES)
    profile_failure = serializers.CharField(required=False)


class ColumnPageSerializer(serializers.Serializer[Any]):
    """Some columns of a table with their facts and first values."""

    total = serializers.IntegerField(help_text="Columns of the table.")
    found = serializers.IntegerField(help_text="Columns whose name matches.")
    offset = serializers.IntegerField()
    places = serializers.ListField(child=serializers.IntegerField(), help_text="Of the given ones, counted from 0.")
    columns = ColumnSerializer(many=True)
    preview = PreviewSerializer()
    sample = SampleFactsSerializer(allow_null=True, help_text="Null when every row was read.")
    profile = serializers.ChoiceField(choices=PROFILES)


class PlaceQuery(serializers.Serializer[Any]):
    """Which columns: those whose name holds `search`, from the `offset`th of them on."""

    search = serializers.CharField(required=False, max_length=200, allow_blank=True, default="")
    offset = serializers.IntegerField(required=False, min_value=0, max_value=1_000_000, default=0)
    full = serializers.BooleanField(default=False, help_text="Also begin to read every row of these columns.")


class UriOfTableQuery(serializers.Serializer[Any]):
    uri = serializers.CharField(max_length=1200)


class ColumnPageQuery(UriOfTableQuery, PlaceQuery):
    pass


class TableQuery(UriOfTableQuery):
    full = serializers.BooleanField(default=False, help_text="Also begin to read every row, if that was not done yet.")


class ReadOptionsSerializer(serializers.Serializer[Any]):
    """What a person says about a text file; what is left out is found out."""

    delimiter = serializers.CharField(max_length=1, required=False, allow_null=True, trim_whitespace=False)
    encoding = serializers.CharField(max_length=32, required=False, allow_null=True)
    header = serializers.BooleanField(required=False, allow_null=True, default=None)
    decimal = serializers.ChoiceField(choices=[".", ","], required=False, allow_null=True)
    types = serializers.DictField(child=serializers.ChoiceField(choices=COLUMN_TYPES), required=False)


class FoundReadingSerializer(serializers.Serializer[Any]):
    """How a text file is read; empty for files that have no choice."""

    delimiter = serializers.CharField(required=False, trim_whitespace=False)
    encoding = serializers.CharField(required=False)
    header = serializers.BooleanField(required=False)
    decimal = serializers.CharField(required=False)


class DatasetVersionSerializer(serializers.Serializer[Any]):
    number = serializers.IntegerField()
    file_name = serializers.CharField()
    uri = serializers.CharField()
    sha256 = serializers.CharField()
    size = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=KINDS)
    options = ReadOptionsSerializer()
    found = FoundReadingSerializer()
    rows = serializers.IntegerField()
    rows_exact = serializers.BooleanField()
    column_count = serializers.IntegerField()
    warnings = serializers.IntegerField()
    created_by = serializers.CharField()
    created_at = serializers.DateTimeField()


class DatasetRowSerializer(serializers.Serializer[Any]):
    id = serializers.CharField()
    name = serializers.CharField()
    description = serializers.CharField(allow_blank=True)
    sample = serializers.CharField(allow_blank=True)
    source = serializers.CharField(allow_blank=True)  # type: ignore[assignment]  # as above
    licence = serializers.CharField(allow_blank=True)
    created_by = serializers.CharField()
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()
    latest = DatasetVersionSerializer()


class UsingPipelineSerializer(serializers.Serializer[Any]):
    id = serializers.CharField()
    name = serializers.CharField()


class DatasetSerializer(DatasetRowSerializer):
    versions = DatasetVersionSerializer(many=True)
    used_by = UsingPipelineSerializer(many=True)


class UploadedDatasetSerializer(DatasetSerializer):
    unchanged = serializers.BooleanField(help_text="The newest version has the same bytes already; none was made.")


class DatasetListQuery(PageQuery):
    search = serializers.CharField(required=False, max_length=128, allow_blank=True, default="")


class DatasetUploadQuery(serializers.Serializer[Any]):
    name = serializers.CharField(
        required=False, max_length=200, help_text="The file's name without its ending if absent."
    )
    new = serializers.BooleanField(
        default=False, help_text="Refuse a name that is in use, instead of adding a version."
    )


class DatasetChangeSerializer(serializers.Serializer[Any]):
    name = serializers.CharField(required=False, max_length=200)
    description = serializers.CharField(required=False, allow_blank=True, max_length=1024)


class DatasetLinkSerializer(serializers.Serializer[Any]):
    url = serializers.CharField(help_text="Works for a minute.")


class SampleDatasetSerializer(serializers.Serializer[Any]):
    id = serializers.CharField()
    title = serializers.CharField()
    description = serializers.CharField()
    task = serializers.CharField()
    rows = serializers.IntegerField()
    columns = serializers.IntegerField()
    package = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]  # as above
    licence = serializers.CharField()
    installed = serializers.BooleanField()
    dataset = serializers.CharField(allow_null=True, help_text="The dataset that was made of it in this workspace.")


class SampleListSerializer(serializers.Serializer[Any]):
    results = SampleDatasetSerializer(many=True)
