"""The Python a ready-made step of a draft runs."""

from __future__ import annotations

from accounts.actors import Actor
from editor import documents, selectors
from editor.errors import NotReadyMade
from engine.definition.model import Definition
from engine.library.catalogue import recognise
from engine.library.export import Script, script_of


def step_code(actor: Actor, pipeline_id: str, name: str) -> Script:
    """One file that needs nothing of Clary, with the step's options written in.

    Raises:
        PipelineNotFound
        NotReadyMade: no such step, or it runs code of its own already.
    """
    draft = selectors.draft(actor, pipeline_id)
    definition = Definition.from_document(documents.document_of(draft.definition))
    found = next((step for step in definition.steps if step.name == name), None)
    library = recognise(found.document) if found is not None else None
    if found is None or library is None:
        raise NotReadyMade(step=name)
    return script_of(found.document, library)
