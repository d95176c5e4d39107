"""Which special groups of a child an actor may know of."""

from __future__ import annotations

from collections.abc import Iterable

from baoxue.platform.actor import Actor
from baoxue.policy.capabilities import Capability
from baoxue.policy.specialgroup import RESTRICTED, SpecialGroup


def groups_seen(by: Actor, codes: Iterable[str]) -> list[str]:
    """Those of some special groups that an actor may know of, in the order of the list of groups."""
    of = frozenset(codes)
    restricted = by.can(Capability.SEE_RESTRICTED_GROUP)
    return [group.value for group in SpecialGroup if group in of and (restricted or group not in RESTRICTED)]
