"""The code lists a province, city or county may add to, and what an added code means.

Provinces count by lists of their own (DOMAIN 3.4: 辍学原因 and 去向 differ by source). An added code stands for one of the
base codes, so that every rule and every figure holds for it: nothing counts by a code that only one place knows.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from baoxue.policy.capabilities import Level
from baoxue.policy.casecodes import (
    AidKind,
    DropoutReason,
    LeadSource,
    Measure,
    Obstacle,
    ReturnWay,
    VerificationResult,
    Whereabouts,
)
from baoxue.policy.labelled import Labelled


class CodeList(Labelled):
    """A list that may be added to."""

    LEAD_SOURCE = "lead_source", "线索来源"
    VERIFICATION_RESULT = "verification_result", "核查结果"
    DROPOUT_REASON = "dropout_reason", "辍学原因"
    WHEREABOUTS = "whereabouts", "去向"
    OBSTACLE = "obstacle", "困难"
    MEASURE = "measure", "劝返措施"
    RETURN_WAY = "return_way", "复学方式"
    AID_KIND = "aid_kind", "帮扶"


BASES: Mapping[CodeList, type[Labelled]] = MappingProxyType(
    {
        CodeList.LEAD_SOURCE: LeadSource,
        CodeList.VERIFICATION_RESULT: VerificationResult,
        CodeList.DROPOUT_REASON: DropoutReason,
        CodeList.WHEREABOUTS: Whereabouts,
        CodeList.OBSTACLE: Obstacle,
        CodeList.MEASURE: Measure,
        CodeList.RETURN_WAY: ReturnWay,
        CodeList.AID_KIND: AidKind,
    }
)
"""The codes that hold everywhere, of each list."""

ADDED_AT = frozenset({Level.PROVINCE, Level.CITY, Level.COUNTY})
"""Levels that add codes: a case belongs to a county, so what a township would add the county could not read."""

LONGEST_CODE = 12
_CODE = re.compile(rf"[A-Za-z0-9][A-Za-z0-9_.-]{{0,{LONGEST_CODE - 1}}}")


@dataclass(frozen=True, slots=True)
class Code:
    """One code of a list as a place has it. `means`: the base code it stands for; its own for a base code."""

    code: str
    label: str
    means: str

    @property
    def is_base(self) -> bool:
        """Whether it holds everywhere."""
        return self.code == self.means

    @property
    def written(self) -> str:
        """The code as people write it; "" for a base code that is only a word of this project's own (`money`)."""
        return "" if self.is_base and self.code.islower() else self.code

    @property
    def choice(self) -> str:
        """How it is offered in a list: name, and the code where people know one."""
        return f"{self.label}（{self.written}）" if self.written else self.label


def base_codes(code_list: CodeList) -> tuple[Code, ...]:
    """The codes that hold everywhere, in their order."""
    return tuple(Code(member.value, member.label, member.value) for member in BASES[code_list])


def is_base(code_list: CodeList, code: str) -> bool:
    """Whether a base code is written like this, in whatever case: 'r03' beside 'R03' would be read as the same."""
    return code.lower() in {member.value.lower() for member in BASES[code_list]}


def is_well_formed(code: str) -> bool:
    """Whether a code can be added: letters, digits, `_` `.` `-`, twelve at most."""
    return _CODE.fullmatch(code) is not None
