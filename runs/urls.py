"""Addresses of the room; mounted at the root because links to bytes live beside /api/."""

from __future__ import annotations

from django.urls import path

from runs.rest import (
    datasets,
    drafts,
    executions,
    images,
    needs,
    objects,
    raw_logs,
    results,
    schedules,
    tables,
    templates,
)

urlpatterns = [
    path("api/pipelines/<id:pipeline_id>/executions/", executions.PipelineExecutionsView.as_view()),
    path("api/pipelines/<id:pipeline_id>/draft/warnings/", drafts.DraftWarningsView.as_view()),
    path("api/pipelines/<id:pipeline_id>/draft/columns/", drafts.DraftColumnsView.as_view()),
    path("api/pipelines/<id:pipeline_id>/code/", objects.CodeView.as_view()),
    path("api/pipelines/<id:pipeline_id>/files/<str:file_name>/", objects.FilesView.as_view()),
    path("api/executions/", executions.ExecutionsView.as_view()),
    path("api/executions/<id:execution_id>/", executions.ExecutionView.as_view()),
    path("api/executions/<id:execution_id>/events/", executions.ExecutionEventsView.as_view()),
    path("api/executions/<id:execution_id>/stop/", executions.StopView.as_view()),
    path("api/executions/<id:execution_id>/retry/", executions.RetryView.as_view()),
    path("api/executions/<id:execution_id>/steps/<str:name>/", executions.StepView.as_view()),
    path("api/executions/<id:execution_id>/steps/<str:name>/logs/", executions.StepLogsView.as_view()),
    path("api/executions/<id:execution_id>/steps/<str:name>/logs/raw/", raw_logs.StepRawLogView.as_view()),
    path("api/executions/<id:execution_id>/steps/<str:name>/repair/", executions.StepRepairView.as_view()),
    path("api/executions/<id:execution_id>/steps/<str:name>/results/", results.StepResultsView.as_view()),
    path("api/executions/<id:execution_id>/steps/<str:name>/files/", results.StepFileView.as_view()),
    path("api/executions/<id:execution_id>/steps/<str:name>/files/text/", results.StepFileTextView.as_view()),
    path("api/executions/<id:execution_id>/steps/<str:name>/files/table/", results.StepFileTableView.as_view()),
    path("api/images/", images.ImagesView.as_view()),
    path("api/images/<id:image_id>/", images.ImageView.as_view()),
    path("api/datasets/", datasets.DatasetsView.as_view()),
    path("api/datasets/files/<str:file_name>/", datasets.DatasetUploadView.as_view()),
    path("api/datasets/samples/", datasets.SampleDatasetsView.as_view()),
    path("api/datasets/samples/<str:sample_id>/", datasets.SampleDatasetView.as_view()),
    path("api/datasets/<id:dataset_id>/", datasets.DatasetView.as_view()),
    path("api/datasets/<id:dataset_id>/versions/<number:number>/reading/", datasets.DatasetReadingView.as_view()),
    path("api/datasets/<id:dataset_id>/versions/<number:number>/link/", datasets.DatasetLinkView.as_view()),
    path("api/pipelines/<id:pipeline_id>/schedules/", schedules.PipelineSchedulesView.as_view()),
    path("api/schedules/preview/", schedules.SchedulePreviewView.as_view()),
    path("api/schedules/<id:schedule_id>/", schedules.ScheduleView.as_view()),
    path("api/needs/", needs.NeedsView.as_view()),
    path("api/templates/", templates.TemplatesView.as_view()),
    path("api/templates/<slug:template_id>/", templates.TemplateView.as_view()),
    path("api/objects/table/", tables.ObjectTableView.as_view()),
    path("api/objects/text/", objects.ObjectTextView.as_view()),
    path("artifacts/<str:signed>/<path:name>", objects.artifact),
]
