"""The permission table: which role may do what."""

from __future__ import annotations

from enum import StrEnum

from accounts.actors import Actor
from accounts.errors import NotPermitted
from accounts.roles import Role


class Permission(StrEnum):
    VIEW = "view"  # read everything of the workspace
    START_EXECUTION = "start-execution"
    STOP_EXECUTION = "stop-execution"
    RETRY_EXECUTION = "retry-execution"
    MANAGE_SCHEDULES = "manage-schedules"  # create, change, pause and delete what starts pipelines by the clock
    DECIDE_APPROVAL = "decide-approval"  # callbacks, model approval
    USE_QUEUES = "use-queues"  # make and delete queues, send, receive and delete messages
    EDIT_PIPELINE = "edit-pipeline"  # create, edit, rename, publish
    EDIT_CODE = "edit-code"
    EDIT_DATA = "edit-data"  # upload, rename and delete datasets
    WRITE_OBJECTS = "write-objects"  # put, copy and delete files in buckets
    DELETE_PIPELINE = "delete-pipeline"
    REGISTER_MODEL = "register-model"
    DELETE_MODEL = "delete-model"  # models, model packages and their groups
    TAG = "tag"  # put tags on anything, take them off
    MANAGE_KEYS = "manage-keys"  # own API tokens and access keys
    MANAGE_MEMBERS = "manage-members"
    MANAGE_WORKSPACE = "manage-workspace"


MINIMUM_ROLE: dict[Permission, Role] = {
    Permission.VIEW: Role.VIEWER,
    Permission.MANAGE_KEYS: Role.VIEWER,
    Permission.START_EXECUTION: Role.OPERATOR,
    Permission.STOP_EXECUTION: Role.OPERATOR,
    Permission.RETRY_EXECUTION: Role.OPERATOR,
    Permission.MANAGE_SCHEDULES: Role.OPERATOR,
    Permission.DECIDE_APPROVAL: Role.OPERATOR,
    Permission.USE_QUEUES: Role.OPERATOR,
    Permission.EDIT_PIPELINE: Role.EDITOR,
    Permission.EDIT_CODE: Role.EDITOR,
    Permission.EDIT_DATA: Role.EDITOR,
    Permission.WRITE_OBJECTS: Role.EDITOR,
    Permission.DELETE_PIPELINE: Role.EDITOR,
    Permission.REGISTER_MODEL: Role.OPERATOR,
    Permission.DELETE_MODEL: Role.EDITOR,
    Permission.TAG: Role.OPERATOR,
    Permission.MANAGE_MEMBERS: Role.ADMIN,
    Permission.MANAGE_WORKSPACE: Role.ADMIN,
}


def permissions_of(role: Role) -> tuple[Permission, ...]:
    """Everything `role` may do, in table order."""
    return tuple(permission for permission, minimum in MINIMUM_ROLE.items() if role.rank >= minimum.rank)


def require(actor: Actor, permission: Permission) -> None:
    """Returns when `actor` may; a workspace row of another workspace is the selectors' business.

    Raises:
        NotPermitted: the role is too low; says which role is needed.
    """
    needed = MINIMUM_ROLE[permission]
    if actor.role.rank < needed.rank:
        raise NotPermitted(permission=permission.value, needed=needed.value, role=actor.role.value)
