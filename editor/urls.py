from __future__ import annotations

from django.urls import path

from accounts import converters
from editor import rest, step_type_rest

converters.register()

urlpatterns = [
    path("step-types/", step_type_rest.StepTypesView.as_view(), name="step-types"),
    path("glossary/", rest.GlossaryView.as_view(), name="glossary"),
    path("validate/", rest.ValidateView.as_view(), name="validate"),
    path("pipelines/", rest.PipelinesView.as_view(), name="pipelines"),
    path("pipelines/<id:pipeline_id>/", rest.PipelineView.as_view(), name="pipeline"),
    path("pipelines/<id:pipeline_id>/draft/", rest.DraftView.as_view(), name="draft"),
    path("pipelines/<id:pipeline_id>/draft/commands/", rest.DraftCommandsView.as_view(), name="draft-commands"),
    path("pipelines/<id:pipeline_id>/draft/code/", step_type_rest.StepCodeView.as_view(), name="draft-code"),
    path("pipelines/<id:pipeline_id>/draft/undo/", rest.UndoView.as_view(), name="draft-undo"),
    path("pipelines/<id:pipeline_id>/draft/redo/", rest.RedoView.as_view(), name="draft-redo"),
    path("pipelines/<id:pipeline_id>/publish/", rest.PublishView.as_view(), name="publish"),
    path("pipelines/<id:pipeline_id>/versions/", rest.VersionsView.as_view(), name="versions"),
    path("pipelines/<id:pipeline_id>/versions/<number:number>/", rest.VersionView.as_view(), name="version"),
    path(
        "pipelines/<id:pipeline_id>/versions/<number:number>/restore/",
        rest.RestoreView.as_view(),
        name="version-restore",
    ),
    path("pipelines/<id:pipeline_id>/export/", rest.ExportView.as_view(), name="export"),
]
