"""Registered models over REST."""

from __future__ import annotations

from typing import Any

from rest_framework.response import Response

from accounts.actors import Actor
from accounts.endpoints import Endpoint, operation, page_of
from accounts.pagination import PageQuery, page
from registry import selectors
from registry.serializers import (
    ModelDecisionSerializer,
    ModelPackageGroupSerializer,
    ModelPackageRowSerializer,
    ModelPackageSerializer,
    ModelVersionQuery,
    ModelVersionSerializer,
)
from registry.services.package_changes import change_model_package


class GroupsView(Endpoint):
    @operation(
        "model_packages_groups",
        "Model package groups, newest first",
        query=PageQuery,
        responses={200: page_of(ModelPackageGroupSerializer)},
    )
    def get(self, actor: Actor, *, query: dict[str, Any]) -> Response:
        found = page(selectors.groups(actor), key="created_at", cursor=query.get("cursor"), limit=query["limit"])
        return Response(page_of(ModelPackageGroupSerializer)(found).data)


class PackagesView(Endpoint):
    @operation(
        "model_packages_list",
        "Versions of a group, newest first",
        query=PageQuery,
        responses={200: page_of(ModelPackageRowSerializer)},
    )
    def get(self, actor: Actor, *, group_name: str, query: dict[str, Any]) -> Response:
        rows = selectors.packages(actor, group_name)
        found = page(rows, key="version", cursor=query.get("cursor"), limit=query["limit"])
        return Response(page_of(ModelPackageRowSerializer)(found).data)


class VersionsView(Endpoint):
    @operation(
        "model_versions_list",
        "Versions of every group with the addresses of their files, newest first",
        query=ModelVersionQuery,
        responses={200: page_of(ModelVersionSerializer)},
    )
    def get(self, actor: Actor, *, query: dict[str, Any]) -> Response:
        rows = selectors.versions(actor, search=query["search"].strip(), data=query["data"].strip())
        found = page(rows, key="created_at", cursor=query.get("cursor"), limit=query["limit"])
        return Response(page_of(ModelVersionSerializer)(found).data)


class PackageView(Endpoint):
    @operation("model_packages_get", "One registered model", responses={200: ModelPackageSerializer})
    def get(self, actor: Actor, *, group_name: str, version: int) -> Response:
        return Response(ModelPackageSerializer(selectors.package(actor, group_name, version)).data)

    @operation(
        "model_packages_update",
        "Approve or reject a registered model",
        request=ModelDecisionSerializer,
        responses={200: ModelPackageSerializer},
    )
    def patch(self, actor: Actor, *, group_name: str, version: int, body: dict[str, Any]) -> Response:
        found = selectors.package(actor, group_name, version)
        changes = {"ModelApprovalStatus": body["approval_status"]}
        if body["comment"]:
            changes["ApprovalDescription"] = body["comment"]
        change_model_package(actor=actor, package_id=found.pk, changes=changes)
        return Response(ModelPackageSerializer(selectors.package(actor, group_name, version)).data)
