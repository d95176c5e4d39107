"""Accounts, the posts they hold, and the tokens programs use."""

from __future__ import annotations

from typing import ClassVar, Self

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models

from baoxue.jurisdictions.models import Jurisdiction, choices
from baoxue.platform.actor import Actor
from baoxue.platform.fields import ProtectedTextField
from baoxue.policy.capabilities import Department, Role


class AccountRows(models.QuerySet["Account"]):
    """Accounts as account administrators see them."""

    def visible_to(self, by: Actor) -> Self:
        """Accounts looked after within the actor's place, or with a post there."""
        posted = Post.objects.visible_to(by).values("account")
        return self.filter(_within("looked_after_at", by) | models.Q(pk__in=posted))


class PostRows(models.QuerySet["Post"]):
    """Posts as account administrators see them."""

    def visible_to(self, by: Actor) -> Self:
        """Posts at places within the actor's."""
        return self.filter(_within("jurisdiction__path", by))


def _within(path: str, by: Actor) -> models.Q:
    return models.Q(**{f"{path}__gte": by.scope.low, f"{path}__lt": by.scope.high})


class Account(AbstractBaseUser):
    """One person's way in. What they may do comes from their posts alone.

    `looked_after_at`: path of the place whose account administrator (or one above) looks after it.
    `second_factor`: secret of the one-time codes; confirmed once a code was right. `recovery`: hashes of the codes that
    help when the telephone is lost.
    """

    username = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=60)
    phone = ProtectedTextField()
    is_active = models.BooleanField(default=True)
    must_change_password = models.BooleanField(default=True)
    password_changed_at = models.DateTimeField(null=True)
    second_factor = ProtectedTextField()
    second_factor_confirmed_at = models.DateTimeField(null=True)
    second_factor_last_step = models.BigIntegerField(default=0)
    recovery = models.JSONField(default=list)
    looked_after_at = models.CharField(max_length=200, db_collation="C", default="/")
    oidc_subject = models.CharField(max_length=200, null=True, unique=True)
    created_at = models.DateTimeField()
    # Sessions begun before this instant are over.
    sessions_valid_from = models.DateTimeField(null=True)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = AccountRows.as_manager()

    def __str__(self) -> str:
        return self.name


class Post(models.Model):
    """A role at a place for a time. `department`: of a department's officer."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="posts")
    role = models.CharField(max_length=24, choices=choices(Role))
    jurisdiction = models.ForeignKey(Jurisdiction, on_delete=models.PROTECT, related_name="posts")
    department = models.CharField(max_length=24, blank=True, choices=choices(Department))
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    given_by = models.CharField(max_length=120)
    given_at = models.DateTimeField()

    objects = PostRows.as_manager()

    class Meta:
        indexes = [models.Index(fields=["account", "valid_from"], name="posts_of_account")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(valid_to=None) | models.Q(valid_to__gte=models.F("valid_from")),
                name="post_runs_forward",
            )
        ]


class SignInFailure(models.Model):
    """A sign-in that was refused: what the lockout counts. `username` as typed, cut; `address` of the network."""

    username = models.CharField(max_length=60)
    address = models.CharField(max_length=45)
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["username", "-at"], name="failures_of_account"),
            models.Index(fields=["address", "-at"], name="failures_from_address"),
        ]


class Token(models.Model):
    """A personal access token: a post's reach for a program, for a time. Only its hash is kept."""

    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="tokens")
    name = models.CharField(max_length=60)
    digest = models.BinaryField(max_length=32, unique=True)
    capabilities = models.JSONField(default=list)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
