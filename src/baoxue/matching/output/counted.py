"""Who is counted among the children of school age: the same in the picture, in the ledger, and in the county's system."""

from __future__ import annotations

from baoxue.policy.schoolingstatus import SchoolingStatus


def counted(*, grade: str = "coalesce(s.grade, r.grade)", status: str = "c.schooling_status") -> str:
    """Condition (SQL) on a row `c` of children: it is counted. `grade`: the grade it is in, NULL if in none.

    Of unknown age: who is in a grade of compulsory schooling, or was found missing. A child that only a list of poverty
    households or special groups names is counted too: it is in no register, so nobody else would look for it. One known to
    have died is counted only as long as some other register still has it.
    """
    found = "coalesce(c.finding_kinds, '') <> ''"
    return (
        f"(coalesce(c.school_age, coalesce({grade} BETWEEN 1 AND 9, false) OR {found})"
        " AND coalesce(c.household_row, c.student_row, c.roll_row, c.poverty_row, c.special_row) IS NOT NULL"
        f" AND ({status} IS DISTINCT FROM '{SchoolingStatus.DECEASED}' OR {found}))"
    )
