"""Every address, asked by nobody and by a stranger."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from rest_framework.views import APIView

from accounts.actors import Actor
from accounts.models import User
from accounts.services.logins import create_login_link
from accounts.services.tokens import create_token
from editor.services.pipelines import create_pipeline
from editor.services.versions import publish
from registry.services.packages import register_model_package
from runs.services.datasets import upload_dataset
from runs.services.images import create_image
from runs.services.schedules import ScheduleFacts, create_schedule
from runs.services.uri_maps import put_uri_mapping
from tests.factories.api import Api
from tests.factories.definitions import definition, fail_step

OPEN = ("health/", "login", "static/")
#: What belongs to whoever asks, not to a workspace.
OWN = (
    "session/",
    "tokens/",
    "step-types/",
    "validate/",
    "schema/",
    "docs/",
    "datasets/files/",
    "datasets/samples/",
    "templates/",
    "glossary/",
)
METHODS = ("get", "post", "put", "patch", "delete")


def routes(resolver: URLResolver | None = None, prefix: str = "") -> list[tuple[str, URLPattern]]:
    """(path with converters, pattern) of every address."""
    found: list[tuple[str, URLPattern]] = []
    for one in (resolver or get_resolver()).url_patterns:
        path = prefix + str(one.pattern)
        found += routes(one, path) if isinstance(one, URLResolver) else [(path, one)]
    return found


def filled(path: str, values: dict[str, str]) -> str:
    for name, value in values.items():
        for converter in ("id", "number", "slug", "str", "path"):
            path = path.replace(f"<{converter}:{name}>", value)
    assert "<" not in path, f"{path}: give the test a value for it"
    return path


NOTHING = {
    "pipeline_id": "a" * 12,
    "execution_id": "a" * 12,
    "token_id": "a" * 12,
    "image_id": "a" * 12,
    "template_id": "churn",
    "dataset_id": "a" * 12,
    "sample_id": "nothing",
    "number": "1",
    "version": "1",
    "group_name": "churn",
    "name": "step",
    "file_name": "a.csv",
    "schedule_id": "a" * 12,
    "mapping_id": "a" * 12,
    "signed": "x",
}


def concrete() -> list[tuple[str, URLPattern]]:
    return [(path, one) for path, one in routes() if not path.startswith("^")]


def allowed(pattern: URLPattern) -> tuple[str, ...]:
    view: type[APIView] | None = getattr(pattern.callback, "cls", None)
    return tuple(method for method in METHODS if view is None or hasattr(view, method))


@pytest.mark.parametrize("path", sorted({path for path, _ in concrete() if not path.startswith(OPEN)}))
def test_nobody_gets_nothing(path: str, db: None) -> None:
    client = Client()
    for method in METHODS:
        if (path, method) == ("api/session/", "post"):
            continue  # the login itself
        answer = getattr(client, method)("/" + filled(path, NOTHING))
        assert answer.status_code in (401, 403, 404, 405), f"{method} {path}"


@pytest.mark.parametrize("path", ["/", "/pipelines", "/pipelines/x", "/executions", "/settings", "/what/ever"])
def test_nobody_is_sent_to_the_login_page(path: str, db: None) -> None:
    answer = Client().get(path)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/login")


def test_the_login_page_keeps_where_one_wanted_to_go(db: None) -> None:
    assert Client().get("/pipelines/x?tab=1")["Location"] == "/login?next=%2Fpipelines%2Fx%3Ftab%3D1"


def test_every_endpoint_declares_what_it_takes_and_answers() -> None:
    for path, pattern in concrete():
        if not path.startswith("api/") or path in ("api/schema/", "api/docs/"):
            continue
        view = pattern.callback.cls  # type: ignore[attr-defined]
        for method in allowed(pattern):
            assert hasattr(getattr(view, method), "operation"), f"{method} {path}"


@pytest.mark.parametrize(
    "path", sorted(path for path, _ in concrete() if path.startswith("api/") and not path[4:].startswith(OWN))
)
def test_a_stranger_finds_nothing_at_an_address_with_an_id(
    path: str, owner: Actor, stranger_api: Api, stranger: Actor
) -> None:
    if "<" not in path:
        answer = stranger_api.get(path.removeprefix("api/"))
        assert answer.status_code in (200, 400, 405)
        assert not [row for row in answer.json().get("results", ()) if not row.get("built_in")]
        return
    pipeline = create_pipeline(actor=owner, name="churn", definition=definition(fail_step("f")))
    publish(actor=owner, pipeline_id=pipeline.id)
    register_model_package(actor=owner, group_name="churn", request={}, description={})
    token, _ = create_token(actor=owner, name="mine")
    image = create_image(actor=owner, pattern="ours:*", runtime="python")
    stream = BytesIO(b"a,b\n1,2\n")
    dataset = upload_dataset(actor=owner, file_name="a.csv", stream=stream, size=8).dataset
    facts = ScheduleFacts(expression="rate(1 day)")
    schedule = create_schedule(actor=owner, pipeline_id=pipeline.id, name="daily", facts=facts)
    mapping = put_uri_mapping(actor=owner, prefix="s3://theirs/a", target="s3://ours/a")
    ids = {"pipeline_id": pipeline.id, "token_id": token.id, "image_id": image.id, "dataset_id": dataset.id}
    ids |= {"schedule_id": schedule.pk, "mapping_id": mapping.pk}
    real = filled(path, {**NOTHING, **ids}).removeprefix("api/")
    bodies = {"revision": 1, "commands": [{"name": "x"}], "file_name": "a.py", "text": "x", "name": "a"}
    bodies |= {"expression": "rate(1 day)", "approval_status": "Approved", "prefix": "s3://b/c", "target": "s3://d/e"}
    pattern = dict(concrete())[path]
    for method in allowed(pattern):
        answer = (
            stranger_api.get(f"{real}?step=f&output=f") if method == "get" else stranger_api.send(method, real, bodies)
        )
        assert answer.status_code in (404, 405), f"{method} {path}: {answer.content[:200]!r}"


def test_schema_and_docs_need_a_login(owner: Actor, owner_api: Api) -> None:
    assert Client().get("/api/schema/").status_code == 401
    document = owner_api.get("schema/").json()
    assert document["openapi"].startswith("3.")
    client = Client()
    client.get("/", {"token": create_login_link(user=User.objects.get(pk=owner.user_id))})
    page = client.get("/api/docs/")
    assert page.status_code == 200
    assert "/api/pipelines/{pipeline_id}/draft/commands/" in page.content.decode()
