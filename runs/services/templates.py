"""Templates: one click makes a pipeline with data that is there."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.db import transaction

from accounts.actors import Actor
from accounts.permissions import Permission, require
from editor.models import Pipeline
from editor.services.pipelines import create_pipeline
from runs.errors import TemplateNotFound
from runs.services.sample_datasets import take_sample
from runs.services.sample_objects import upload_objects
from runs.templates import Template, load_templates


def templates() -> tuple[Template, ...]:
    """Every template, in the order of the gallery."""
    return load_templates(Path(settings.BASE_DIR) / "examples" / "templates")


def use_template(*, actor: Actor, template_id: str) -> Pipeline:
    """A new pipeline of a template, its dataset taken and its files stored. A name in use gets a number.

    Raises:
        NotPermitted, TemplateNotFound
        SampleNotInstalled: the package with the template's data is missing here.
    """
    require(actor, Permission.EDIT_PIPELINE)
    template = next((one for one in templates() if one.id == template_id), None)
    if template is None:
        raise TemplateNotFound(template=template_id)
    data = take_sample(actor=actor, sample_id=template.dataset).version.uri if template.dataset else ""
    with transaction.atomic():
        upload_objects(actor, template.objects)
        name, number = _free_name(actor, template.pipeline)
        return create_pipeline(
            actor=actor,
            name=name,
            display_name=template.title if number == 1 else f"{template.title} {number}",
            description=template.summary,
            definition=template.definition_for(bucket=actor.workspace.default_bucket, data=data),
            layout=template.layout,
        )


def _free_name(actor: Actor, wanted: str) -> tuple[str, int]:
    """(a name no pipeline of the workspace has, its number): "churn" 1, "churn-2" 2 …"""
    rows = Pipeline.objects.filter(workspace=actor.workspace, deleted_at=None, name__startswith=wanted)
    taken = set(rows.values_list("name", flat=True))
    number = 1
    while (name := wanted if number == 1 else f"{wanted}-{number}") in taken:
        number += 1
    return name, number
