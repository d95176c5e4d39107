"""Tables of cases, by subject."""

from __future__ import annotations

from baoxue.cases.models.case import Case, CaseNumber, StageChange
from baoxue.cases.models.duty import Duty, Pause, Responsible
from baoxue.cases.models.lead import Lead
from baoxue.cases.models.work import Aid, Attempt, ChildPlan, Evidence, ServedDocument, Verification

__all__ = [
    "Aid",
    "Attempt",
    "Case",
    "CaseNumber",
    "ChildPlan",
    "Duty",
    "Evidence",
    "Lead",
    "Pause",
    "Responsible",
    "ServedDocument",
    "StageChange",
    "Verification",
]
