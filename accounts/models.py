"""Who may do what: people, workspaces, their keys, and the chained record of every change."""

from __future__ import annotations

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils import timezone

from accounts.identifiers import new_account_id, new_id
from accounts.roles import Role


class UserManager(BaseUserManager["User"]):
    """Django's login looks people up by their natural key."""


class User(AbstractBaseUser):
    username = models.CharField(max_length=64, unique=True)
    display_name = models.CharField(max_length=128, blank=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=timezone.now)

    USERNAME_FIELD = "username"
    objects = UserManager()

    def __str__(self) -> str:
        return self.username

    @property
    def shown_name(self) -> str:
        return self.display_name or self.username


class Workspace(models.Model):
    id = models.CharField(primary_key=True, max_length=12, default=new_id, editable=False)
    name = models.CharField(max_length=64, unique=True)
    account_id = models.CharField(max_length=12, unique=True, default=new_account_id)
    default_bucket = models.CharField(max_length=63, unique=True)
    network = models.BooleanField(default=True)  # may its steps use the network
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="accounts_workspace_account_id_has_12_digits", condition=models.Q(account_id__regex=r"^[0-9]{12}$")
            )
        ]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=8, choices=[(role.value, role.value) for role in Role])
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="accounts_membership_once", fields=["user", "workspace"]),
            models.CheckConstraint(
                name="accounts_membership_role_known", condition=models.Q(role__in=[role.value for role in Role])
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} is {self.role} of {self.workspace_id}"


class ApiToken(models.Model):
    """A bearer token. Only its sha256 is kept; `prefix` lets a person recognise it."""

    id = models.CharField(primary_key=True, max_length=12, default=new_id, editable=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="api_tokens")
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=64)
    role = models.CharField(max_length=8, choices=[(role.value, role.value) for role in Role])
    prefix = models.CharField(max_length=12)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=timezone.now)
    last_used_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.prefix}… ({self.name})"


class AccessKey(models.Model):
    """An AWS-style key pair. The secret is encrypted under a key file outside the database."""

    access_key_id = models.CharField(primary_key=True, max_length=20)
    user = models.ForeignKey(User, models.CASCADE, related_name="access_keys")
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="access_keys")
    secret = models.BinaryField()
    created_at = models.DateTimeField(default=timezone.now)
    last_used_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.access_key_id


class LoginLink(models.Model):
    """A link that logs in once. Only the sha256 of its token is kept."""

    digest = models.CharField(max_length=64, unique=True)
    user = models.ForeignKey(User, models.CASCADE, related_name="login_links")
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"link of {self.user_id} until {self.expires_at:%Y-%m-%d %H:%M}"


class LoginFailure(models.Model):
    """A refused password, kept as long as the throttle needs it."""

    username = models.CharField(max_length=64)
    address = models.CharField(max_length=45)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [
            models.Index(name="accounts_failure_account", fields=["username", "address", "at"]),
            models.Index(name="accounts_failure_address", fields=["address", "at"]),
        ]

    def __str__(self) -> str:
        return f"{self.username} from {self.address}"


class AuditHead(models.Model):
    """End of a workspace's audit chain; its row lock orders concurrent writers."""

    workspace = models.OneToOneField(Workspace, models.CASCADE, primary_key=True, related_name="audit_head")
    sequence = models.PositiveBigIntegerField(default=0)
    hash = models.CharField(max_length=64, blank=True)

    def __str__(self) -> str:
        return f"{self.workspace_id} at {self.sequence}"


class AuditEntry(models.Model):
    """One change. `hash` covers the entry and `previous_hash`, so a removed or edited entry shows."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="audit_entries")
    sequence = models.PositiveBigIntegerField()
    at = models.DateTimeField()
    actor = models.CharField(max_length=64)
    action = models.CharField(max_length=64)
    target = models.CharField(max_length=256)
    detail = models.TextField(default="{}")
    previous_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="accounts_audit_sequence", fields=["workspace", "sequence"]),
        ]

    def __str__(self) -> str:
        return f"{self.sequence} {self.actor} {self.action} {self.target}"
