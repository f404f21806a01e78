"""The gallery: a template becomes a pipeline whose data is there."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from accounts.actors import Actor
from accounts.errors import NotPermitted
from accounts.models import AuditEntry
from editor import selectors
from editor.errors import PipelineNotFound
from editor.models import Pipeline
from editor.services.drafts import undo
from editor.services.pipelines import create_pipeline
from runs import namespace
from runs.errors import PipelineNotEmpty, TemplateNotFound
from runs.models import Dataset
from runs.samples import BadSample
from runs.services.templates import templates, use_template
from runs.templates import load_template
from tests.factories.api import Api
from tests.factories.definitions import definition, fail_step

pytestmark = pytest.mark.django_db


def test_a_template_becomes_a_pipeline_that_reads_the_dataset_it_asked_for(owner: Actor) -> None:
    made = use_template(actor=owner, template_id="classify-penguins")
    dataset = Dataset.objects.get(workspace=owner.workspace, sample="penguins")
    address = dataset.versions.get().uri
    document = json.loads(made.draft.definition)
    assert document["Parameters"][0]["DefaultValue"] == address
    assert namespace.current_object(owner.workspace.pk, address) is not None
    assert "{" not in address and "{data}" not in made.draft.definition and "{bucket}" not in made.draft.definition
    assert made.draft.error_count == 0
    assert set(json.loads(made.draft.layout)["nodes"]) >= {"Load", "Split", "Train", "Evaluate"}


def test_a_template_used_twice_takes_its_data_once_and_a_name_of_its_own(owner: Actor) -> None:
    first = use_template(actor=owner, template_id="classify-penguins")
    second = use_template(actor=owner, template_id="classify-penguins")
    assert (first.name, second.name) == ("penguin-species", "penguin-species-2")
    assert second.display_name.endswith(" 2")
    assert Dataset.objects.filter(workspace=owner.workspace).count() == 1
    assert AuditEntry.objects.filter(action="create-pipeline").count() == 2


def test_a_template_is_drawn_into_an_empty_pipeline_and_undone(owner: Actor) -> None:
    empty = create_pipeline(actor=owner, name="mine")
    made = use_template(actor=owner, template_id="classify-penguins", pipeline_id=empty.pk)
    draft = selectors.draft(owner, empty.pk)
    assert (made.pk, made.name) == (empty.pk, "mine")
    assert draft.step_count == 7
    assert json.loads(draft.layout)["nodes"]["Load"] == {"x": 0, "y": 48}
    undo(actor=owner, pipeline_id=empty.pk, revision=draft.revision)
    assert selectors.draft(owner, empty.pk).step_count == 0


def test_a_template_replaces_no_steps(owner: Actor, owner_api: Api) -> None:
    mine = create_pipeline(actor=owner, name="mine", definition=definition(fail_step("f")))
    with pytest.raises(PipelineNotEmpty, match="mine has 1 steps already"):
        use_template(actor=owner, template_id="classify-penguins", pipeline_id=mine.pk)
    assert not Dataset.objects.exists()
    assert owner_api.post("templates/classify-penguins/", {"pipeline": "nosuchthing1"}).status_code == 404
    assert owner_api.post("templates/classify-penguins/", {"pipeline": ["a"]}).status_code == 400


def test_a_stranger_draws_into_nobody_elses_pipeline(owner: Actor, stranger: Actor) -> None:
    mine = create_pipeline(actor=owner, name="mine")
    with pytest.raises(PipelineNotFound):
        use_template(actor=stranger, template_id="classify-penguins", pipeline_id=mine.pk)


def test_the_example_of_the_sdk_is_offered_as_it_is(owner: Actor) -> None:
    made = use_template(actor=owner, template_id="import-from-sagemaker")
    address = json.loads(made.draft.definition)["Parameters"][0]["DefaultValue"]
    assert namespace.current_object(owner.workspace.pk, address) is not None


def test_a_viewer_may_look_at_the_gallery_and_not_use_it(viewer: Actor, stranger: Actor) -> None:
    viewer_api = Api(viewer)
    assert viewer_api.get("templates/").status_code == 200
    assert viewer_api.post("templates/classify-penguins/").status_code == 403
    with pytest.raises(NotPermitted):
        use_template(actor=viewer, template_id="classify-penguins")
    use_template(actor=stranger, template_id="predict-diabetes")
    assert not Pipeline.objects.filter(workspace=viewer.workspace).exists()


def test_the_gallery_tells_what_is_taught_and_under_which_licence_the_data_is(owner_api: Api) -> None:
    rows = json.loads(owner_api.get("templates/").content)["results"]
    assert [row["id"] for row in rows] == [one.id for one in templates()]
    for row in rows:
        assert row["title"] and row["summary"] and row["teaches"], row["id"]
        assert row["data"]["licence"] and row["data"]["source"], row["id"]
        assert json.loads(row["definition"])["Steps"]
        assert row["layout"]["nodes"]


def test_a_template_that_is_not_there_is_not_found(owner: Actor, owner_api: Api) -> None:
    with pytest.raises(TemplateNotFound, match="no template churn"):
        use_template(actor=owner, template_id="churn")
    assert json.loads(owner_api.post("templates/churn/").content)["code"] == "template-not-found"


@pytest.mark.parametrize("missing", ["title", "teaches", "pipeline"])
def test_a_folder_without_its_facts_is_refused_by_name(tmp_path: Path, missing: str) -> None:
    manifest = {"title": "T", "summary": "S", "teaches": ["a"], "pipeline": "p", "order": 1}
    del manifest[missing]
    folder = tmp_path / "odd"
    folder.mkdir()
    (folder / "template.json").write_text(json.dumps(manifest))
    (folder / "definition.json").write_text('{"Version": "2020-12-01", "Steps": []}')
    with pytest.raises(BadSample, match=f"odd cannot be read: '{missing}'"):
        load_template(folder)
