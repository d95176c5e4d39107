"""Kinds of findings the comparison makes, and how sure it is. Source: 教基厅函〔2024〕15号 (四查三比对)."""

from __future__ import annotations

from baoxue.policy.labelled import Labelled


class FindingKind(Labelled):
    """What the bureau must look at; what a comparison sees, never a verdict."""

    NEVER_ENROLLED = "never_enrolled", "疑似失学"
    ABSENT = "absent", "有籍不在校"
    ENROLLED_ELSEWHERE = "enrolled_elsewhere", "县外就读"
    ATTENDING_UNREGISTERED = "attending_unregistered", "在校无学籍"
    NO_HOUSEHOLD = "no_household", "无户籍"
    DUPLICATE_STUDENT = "duplicate_student", "重复学籍"
    DUPLICATE_HOUSEHOLD = "duplicate_household", "重复户籍"
    IDENTITY_MISMATCH = "identity_mismatch", "信息不符"
    DECEASED_ON_ROLL = "deceased_on_roll", "亡故在籍"


class Decision(Labelled):
    """Whether a link or a finding is sure enough to act on, or a person looks first."""

    AUTO = "auto", "自动确认"
    REVIEW = "review", "人工复核"
