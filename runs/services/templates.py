"""Templates: one click makes a pipeline with data that is there."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.db import transaction

from accounts.actors import Actor
from accounts.permissions import Permission, require
from editor import selectors
from editor.models import Draft, Pipeline
from editor.patches import Edit
from editor.services.drafts import apply_commands
from editor.services.pipelines import create_pipeline
from engine.definition.dump import dump_definition
from runs.errors import PipelineNotEmpty, TemplateNotFound
from runs.services.sample_datasets import take_sample
from runs.services.sample_objects import upload_objects
from runs.templates import Template, load_templates


def templates() -> tuple[Template, ...]:
    """Every template, in the order of the gallery."""
    return load_templates(Path(settings.BASE_DIR) / "examples" / "templates")


def use_template(*, actor: Actor, template_id: str, pipeline_id: str | None = None) -> Pipeline:
    """The pipeline made of a template, its dataset taken and its files stored. A name in use gets a number.

    With `pipeline_id` the template is drawn into that pipeline, which must have no steps yet; undo takes it out again.

    Raises:
        NotPermitted, TemplateNotFound, PipelineNotFound
        PipelineNotEmpty: the pipeline has steps; nothing of them is replaced.
        SampleNotInstalled: the package with the template's data is missing here.
    """
    require(actor, Permission.EDIT_PIPELINE)
    template = next((one for one in templates() if one.id == template_id), None)
    if template is None:
        raise TemplateNotFound(template=template_id)
    drawn_into = _empty_draft(actor, pipeline_id) if pipeline_id else None
    data = take_sample(actor=actor, sample_id=template.dataset).version.uri if template.dataset else ""
    definition = template.definition_for(bucket=actor.workspace.default_bucket, data=data)
    with transaction.atomic():
        upload_objects(actor, template.objects)
        if drawn_into is not None:
            return _draw_into(actor, drawn_into, template, definition)
        name, number = _free_name(actor, template.pipeline)
        return create_pipeline(
            actor=actor,
            name=name,
            display_name=template.title if number == 1 else f"{template.title} {number}",
            description=template.summary,
            definition=definition,
            layout=template.layout,
        )


def _empty_draft(actor: Actor, pipeline_id: str) -> Draft:
    draft = selectors.draft(actor, pipeline_id)
    if draft.step_count:
        raise PipelineNotEmpty(name=draft.pipeline.name, count=draft.step_count)
    return draft


def _draw_into(actor: Actor, draft: Draft, template: Template, definition: str) -> Pipeline:
    edit = Edit(
        name="import-template",
        label=f"Start from {template.title}",
        definition_text=definition,
        layout_text=dump_definition(template.layout),
    )
    apply_commands(actor=actor, pipeline_id=draft.pipeline_id, revision=draft.revision, edits=[edit])
    return selectors.pipeline(actor, draft.pipeline_id)


def _free_name(actor: Actor, wanted: str) -> tuple[str, int]:
    """(a name no pipeline of the workspace has, its number): "churn" 1, "churn-2" 2 …"""
    rows = Pipeline.objects.filter(workspace=actor.workspace, deleted_at=None, name__startswith=wanted)
    taken = set(rows.values_list("name", flat=True))
    number = 1
    while (name := wanted if number == 1 else f"{wanted}-{number}") in taken:
        number += 1
    return name, number
