"""Which special groups of a child an actor may know of."""

from __future__ import annotations

from collections.abc import Iterable

from baoxue.platform.actor import Actor
from baoxue.policy.capabilities import Capability
from baoxue.policy.specialgroup import RESTRICTED


def groups_seen(by: Actor, codes: Iterable[str]) -> list[str]:
    """Those of some special groups that an actor may know of."""
    return [code for code in codes if code not in RESTRICTED or by.can(Capability.SEE_RESTRICTED_GROUP)]
