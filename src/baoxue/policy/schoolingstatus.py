"""就学状况: where a child of school age gets its schooling, column of the 适龄儿童台账.

Source: the states a ledger must tell apart under 教基厅函〔2024〕15号; codes are this project's own.
"""

from __future__ import annotations

from baoxue.policy.labelled import Labelled


class SchoolingStatus(Labelled):
    """就学状况 by its two-digit code."""

    ENROLLED = "01", "在校(有籍)"
    ATTENDING_UNREGISTERED = "02", "在校无籍"
    ELSEWHERE_CONFIRMED = "03", "县外就读(已核)"
    ELSEWHERE_UNCONFIRMED = "04", "县外就读(待核)"
    HOMEBOUND = "05", "送教上门"
    DEFERRED = "06", "延缓入学"
    STUDY_LEAVE = "07", "休学"
    SUSPECTED_DROPOUT = "08", "疑似辍学"
    DROPOUT = "09", "辍学"
    NEVER_ENROLLED = "10", "失学(从未入学)"
    SPECIALIZED_SCHOOL = "11", "专门学校"
    COMPLETED = "12", "完成义务教育"
    ABROAD = "13", "出国(境)"
    DECEASED = "14", "死亡"
    MOVED_OUT = "15", "户口迁出"
    MISSING = "16", "失踪失联"
    TO_VERIFY = "17", "待核实"
