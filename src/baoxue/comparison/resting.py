"""Which findings of a run rest on the doubt whether two rows are one child."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Q, QuerySet

from baoxue.comparison.models import Finding, Pair
from baoxue.policy.findings import Decision, FindingKind
from baoxue.policy.registers import Register

_H, _S, _R = Register.HOUSEHOLD, Register.STUDENT, Register.ROLL

# For two registers: kind of finding and the register whose row it is about. If the two rows are one child, who seemed to
# miss in one register is there.
_ANSWERED: Mapping[tuple[Register, Register], tuple[tuple[FindingKind, Register], ...]] = {
    (_H, _S): ((FindingKind.NEVER_ENROLLED, _H), (FindingKind.NO_HOUSEHOLD, _S)),
    (_S, _R): ((FindingKind.ABSENT, _S), (FindingKind.ATTENDING_UNREGISTERED, _R)),
    (_H, _R): ((FindingKind.NEVER_ENROLLED, _H),),
    (_H, Register.ELSEWHERE): ((FindingKind.NEVER_ENROLLED, _H), (FindingKind.ENROLLED_ELSEWHERE, _H)),
    (_H, Register.POVERTY): ((FindingKind.NEVER_ENROLLED, Register.POVERTY),),
}


def findings_resting_on(pair: Pair) -> QuerySet[Any]:
    """Unsettled findings under review that fall away when the two rows are one child."""
    rows = {Register(pair.left): pair.left_row, Register(pair.right): pair.right_row}
    about = Q(pk__in=[])
    for kind, register in _ANSWERED.get((Register(pair.left), Register(pair.right)), ()):
        about |= Q(kind=kind.value, **{f"rows__{register.value}": rows[register]})
    return Finding.objects.filter(about, run_id=pair.run_id, decision=Decision.REVIEW.value, settled_by=None)
