"""Approving and rejecting a registered model over REST."""

from __future__ import annotations

import json

import pytest

from accounts.actors import Actor
from accounts.models import AuditEntry
from registry.models import ModelPackage
from registry.services.packages import register_model_package
from tests.factories.api import Api

pytestmark = pytest.mark.django_db
PLACE = "model-packages/churn/1/"


@pytest.fixture
def package(owner: Actor) -> ModelPackage:
    asked = {"ModelApprovalStatus": "PendingManualApproval"}
    return register_model_package(actor=owner, group_name="churn", request=asked, description=asked)


def test_an_operator_approves_a_model_with_a_word_why(package: ModelPackage, operator: Actor) -> None:
    answer = Api(operator).patch(PLACE, {"approval_status": "Approved", "comment": "better than v0"})
    assert answer.status_code == 200
    found = json.loads(answer.content)
    assert found["approval_status"] == "Approved"
    assert found["description"]["ApprovalDescription"] == "better than v0"
    package.refresh_from_db()
    assert package.approval_status == "Approved"
    assert AuditEntry.objects.filter(action="change-model-package", actor=operator.username).count() == 1


def test_a_viewer_decides_nothing(package: ModelPackage, viewer: Actor) -> None:
    assert Api(viewer).patch(PLACE, {"approval_status": "Rejected"}).status_code == 403
    package.refresh_from_db()
    assert package.approval_status == "PendingManualApproval"


def test_a_stranger_finds_no_model_to_decide_about(package: ModelPackage, stranger_api: Api) -> None:
    assert stranger_api.patch(PLACE, {"approval_status": "Approved"}).status_code == 404


@pytest.mark.parametrize("body", [{}, {"approval_status": "Perhaps"}, {"approval_status": ["Approved"]}, [], None])
def test_what_is_no_decision_is_refused(package: ModelPackage, owner_api: Api, body: object) -> None:
    assert owner_api.patch(PLACE, body).status_code == 400
