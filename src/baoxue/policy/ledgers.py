"""The three ledgers (三本台账) and which children stand in them.

Source: 教基厅函〔2024〕15号 (适龄儿童台账、疑似辍学学生台账、辍学学生台账). Who confirms a dropout is a person: a comparison
only proposes rows of the second ledger.
"""

from __future__ import annotations

from baoxue.policy.findings import FindingKind
from baoxue.policy.labelled import Labelled
from baoxue.policy.schoolingstatus import SchoolingStatus


class Ledger(Labelled):
    """A ledger by its code in addresses."""

    SCHOOL_AGE = "school-age", "适龄儿童台账"
    SUSPECTED = "suspected-dropout", "疑似辍学学生台账"
    DROPOUT = "dropout", "辍学学生台账"


PROPOSED_BY = (FindingKind.NEVER_ENROLLED, FindingKind.ABSENT)
"""Findings that propose a row of the second ledger."""

DROPPED_OUT = (SchoolingStatus.DROPOUT, SchoolingStatus.NEVER_ENROLLED)
"""States that a person has confirmed and the third ledger holds (辍学、失学)."""
