"""From a post to an actor: what it may do, and how far it reaches."""

from __future__ import annotations

from baoxue.access.models import Post
from baoxue.platform.actor import Actor
from baoxue.platform.scope import ALL_REGISTERS, Scope
from baoxue.policy.capabilities import ROLES, Capability, Department, Role, list_codes
from baoxue.policy.registers import Register

# A school brings its own roll and records.
_SCHOOL_REGISTERS = frozenset({Register.ROLL, Register.STUDENT})


def registers_of(post: Post) -> frozenset[str]:
    """Codes of the lists whose imports a post sees and may bring (`Scope.registers`)."""
    role = Role(post.role)
    capabilities = ROLES[role].capabilities
    if post.department:
        return list_codes(Department(post.department))
    if role is Role.RECORD_KEEPER:
        return frozenset(register.value for register in _SCHOOL_REGISTERS)
    return frozenset({ALL_REGISTERS}) if Capability.SEE_COMPARISON in capabilities else frozenset()


def actor_of(
    post: Post, *, address: str = "", token_id: int | None = None, only: frozenset[str] | None = None
) -> Actor:
    """Whoever acts in a post. `only`: capabilities a token is limited to."""
    capabilities = ROLES[Role(post.role)].capabilities
    if only is not None:
        capabilities = frozenset(capability for capability in capabilities if capability.value in only)
    scope = Scope(
        post.jurisdiction.path,
        children=Capability.SEE_CHILDREN in capabilities,
        registers=registers_of(post),
        account=post.account_id,
    )
    return Actor(
        account_id=post.account_id,
        post_id=post.pk,
        name=post.account.name,
        role=post.role,
        scope=scope,
        capabilities=capabilities,
        address=address,
        token_id=token_id,
    )
