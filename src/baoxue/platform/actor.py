"""Who acts: an account in one of its posts, or a named part of the system."""

from __future__ import annotations

from dataclasses import dataclass

from baoxue.platform.errors import NotPermitted
from baoxue.platform.scope import Scope
from baoxue.policy.capabilities import Capability


@dataclass(frozen=True, slots=True)
class Actor:
    """Whoever acts, as actions and the audit record take it.

    `account_id`, `post_id`: None for a part of the system. `name`: as the audit record shows it. `role`: code of the
    role, "" for a part of the system. `address`: of the network, "" where there is none. `token_id`: the access token
    it came with, if any.
    """

    account_id: int | None
    post_id: int | None
    name: str
    role: str
    scope: Scope
    capabilities: frozenset[Capability]
    address: str = ""
    token_id: int | None = None

    def can(self, capability: Capability, *, at: str | None = None) -> bool:
        """Whether this actor may do something, `at` a place (path) or anywhere within its reach."""
        return capability in self.capabilities and (at is None or self.scope.covers(at))

    def require(self, capability: Capability, *, at: str | None = None) -> None:
        """Raise NotPermitted unless this actor `can`."""
        if not self.can(capability, at=at):
            raise NotPermitted(capability)


def system_actor(name: str, *, path: str) -> Actor:
    """A named part of the system, at work within one place (path)."""
    return Actor(
        account_id=None,
        post_id=None,
        name=f"系统·{name}",
        role="",
        scope=Scope(path, children=True, registers=frozenset({"*"})),
        capabilities=frozenset(Capability),
    )
