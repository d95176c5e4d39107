"""To whom a notice goes: a person, a person in one post, or whoever holds a role at a place when they look."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from baoxue.access.models import Post
from baoxue.platform.actor import Actor
from baoxue.policy.capabilities import Role


@dataclass(frozen=True, slots=True)
class Recipient:
    """`address`: as a notice keeps it. `account_id`: of the person, None for a role; `path`: place of the role, else ""."""

    address: str
    account_id: int | None = None
    path: str = ""

    @classmethod
    def account(cls, account_id: int) -> Self:
        """A person, whichever post they act in."""
        return cls(f"account:{account_id}", account_id)

    @classmethod
    def post(cls, post: Post) -> Self:
        """A person in one post: shows while they act in it."""
        return cls(f"post:{post.pk}", post.account_id)

    @classmethod
    def holders(cls, role: Role, path: str) -> Self:
        """Whoever holds a role at a place (path of that very place), on the day they look."""
        return cls(f"role:{role.value}:{path}", None, path)


def addresses_of(by: Actor) -> list[str]:
    """Every address under which an actor is told something."""
    if by.account_id is None:
        return []
    return [f"account:{by.account_id}", f"post:{by.post_id}", f"role:{by.role}:{by.scope.path}"]
