"""What the registers together say of one child: its 就学状况 and what a bureau must look at.

Source: 教基厅函〔2024〕15号 (四查三比对: 户籍×学籍 finds who never enrolled, 学籍×在校 who is absent); 义务教育法 4, 5, 11
(every child of school age attends; deferred entry and study leave need approval), 27 (no pupil of compulsory schooling is
expelled); 残疾人教育条例 (送教上门 counts as schooling). A finding is a question; only a person declares a dropout.
"""

from __future__ import annotations

from dataclasses import dataclass

from baoxue.policy.attendance import Attendance, is_away
from baoxue.policy.findings import Decision, FindingKind
from baoxue.policy.householdstatus import HouseholdStatus
from baoxue.policy.schoolingstatus import SchoolingStatus
from baoxue.policy.studentstatus import StudentStatus, expects_presence, in_force

_LAST_GRADE = 9


@dataclass(frozen=True, slots=True)
class SchoolingFacts:
    """What the registers hold of one child. `…_sure`: a link needs no person to look at it.

    `household`, `record`, `roll`, `elsewhere` are None where the child has no row there. `grade` is the record's, else the
    roll's. `near_…`: an unlinked row there may be this child. `roll_handed_in`: the record's school gave a roll at all.
    `listed_only`: known from a poverty or special-group list alone. `disabled`: on the list of disabled children.
    """

    school_age: bool | None
    household: HouseholdStatus | None = None
    record: StudentStatus | None = None
    roll: Attendance | None = None
    elsewhere: StudentStatus | None = None
    grade: int | None = None
    household_sure: bool = True
    roll_sure: bool = True
    elsewhere_sure: bool = True
    near_household: bool = False
    near_record: bool = False
    near_roll: bool = False
    roll_handed_in: bool = True
    listed_only: bool = False
    disabled: bool = False


@dataclass(frozen=True, slots=True)
class SchoolingJudgement:
    """就学状况 of the child (None: not a child of compulsory schooling) and its findings, each once."""

    status: SchoolingStatus | None
    findings: tuple[tuple[FindingKind, Decision], ...]


def judge_schooling(facts: SchoolingFacts) -> SchoolingJudgement:
    """Judge one child by the rules above each helper."""
    if facts.household is HouseholdStatus.DECEASED:
        return SchoolingJudgement(SchoolingStatus.DECEASED, _deceased(facts))
    found = [
        *_absent(facts),
        *_not_enrolled(facts),
        *_unregistered(facts),
        *_no_household(facts),
    ]
    return SchoolingJudgement(_status(facts, {kind for kind, _ in found}), tuple(found))


def _sure(*conditions: bool) -> Decision:
    return Decision.AUTO if all(conditions) else Decision.REVIEW


def _in_household(facts: SchoolingFacts) -> bool:
    """An entry in force, or one that does not say clearly that it ended: its child is asked after."""
    return facts.household in (HouseholdStatus.NORMAL, HouseholdStatus.UNCLEAR)


def _record_in_force(facts: SchoolingFacts) -> bool:
    return facts.record is not None and in_force(facts.record)


def _compulsory(facts: SchoolingFacts) -> bool:
    # 幼儿园 and 学前班 are no schooling for a child who ought to be in grade one.
    before = facts.grade == 0 and facts.school_age is True
    return facts.grade is None or 1 <= facts.grade <= _LAST_GRADE or before


def _deceased(facts: SchoolingFacts) -> tuple[tuple[FindingKind, Decision], ...]:
    """户口登记条例 8: a death ends the entry; the 学籍 ends with it (学籍异动 51)."""
    if not (_record_in_force(facts) or facts.roll is not None):
        return ()
    return ((FindingKind.DECEASED_ON_ROLL, _sure(facts.household_sure)),)


def _absent(facts: SchoolingFacts) -> list[tuple[FindingKind, Decision]]:
    """A record in force whose child must be in class, and is on no roll or away without leave (有籍不在校)."""
    if facts.record is None or not _compulsory(facts):
        return []
    if not _record_in_force(facts):
        return _left_in_silence(facts)
    if not expects_presence(facts.record):
        return []
    if _schooled_elsewhere(facts):
        return []
    if facts.roll is None:
        # A disabled child on no roll may be taught at home without the record saying so (残疾人教育条例 17).
        clear = not (facts.near_roll or facts.near_record or facts.disabled) and facts.elsewhere is None
        # An entry that may have been cancelled may be a dead child's (户口登记条例 8).
        clear = clear and facts.household is not HouseholdStatus.UNCLEAR
        # A record without a household that may be one here after all may be the second of a child in class under its first.
        clear = clear and not (facts.household is None and facts.near_household)
        return [(FindingKind.ABSENT, _sure(clear, facts.roll_handed_in))]
    if is_away(facts.roll):
        return [(FindingKind.ABSENT, _sure(facts.roll_sure, facts.elsewhere is None))]
    # Who is thought present by an uncertain link may be somebody else: a person looks.
    return [] if facts.roll_sure else [(FindingKind.ABSENT, Decision.REVIEW)]


def _left_in_silence(facts: SchoolingFacts) -> list[tuple[FindingKind, Decision]]:
    """A record that ended as no record of compulsory schooling may (义务教育法 27), of a child no household here answers for.

    With a household here the child is found as never enrolled.
    """
    if facts.record not in (StudentStatus.LEFT_OTHER, StudentStatus.WITHDRAWN, StudentStatus.EXPELLED):
        return []
    gone = not _in_household(facts) and facts.school_age is not False
    if gone and facts.roll is None and facts.elsewhere is None:
        return [(FindingKind.ABSENT, Decision.REVIEW)]
    return []


def _not_enrolled(facts: SchoolingFacts) -> list[tuple[FindingKind, Decision]]:
    """A child of school age known to the county, schooled neither here nor elsewhere (疑似失学), or elsewhere (县外就读)."""
    known = _in_household(facts) or facts.listed_only
    if _schooled_elsewhere(facts):
        return [(FindingKind.ENROLLED_ELSEWHERE, _sure(facts.elsewhere_sure))]
    if not known or facts.school_age is False or (facts.listed_only and facts.school_age is None):
        return []
    if _record_in_force(facts) or facts.roll is not None:
        return [] if facts.household_sure else [(FindingKind.NEVER_ENROLLED, Decision.REVIEW)]
    if _has_left_for_good(facts):
        # Only for the child whose record it is: an uncertain link must not make a child disappear. Nor may a record that
        # says 死亡 of a child who lives in the household register: one of the two is wrong.
        sure = facts.household_sure and facts.record is not StudentStatus.DECEASED
        return [] if sure else [(FindingKind.NEVER_ENROLLED, Decision.REVIEW)]
    # A record that says 转出 or 毕业 points to a school that was not found: somebody asks there before a family is alarmed.
    asked_first = facts.record in (StudentStatus.TRANSFERRED_OUT, StudentStatus.GRADUATED, StudentStatus.COMPLETED)
    clear = facts.school_age is True and not (facts.near_record or facts.near_roll or facts.listed_only)
    # 注销, 空挂 and the like: the child may be dead or live elsewhere, so the police are asked before the family.
    clear = clear and facts.household is not HouseholdStatus.UNCLEAR
    return [(FindingKind.NEVER_ENROLLED, _sure(clear, not asked_first, facts.elsewhere is None))]


def _schooled_elsewhere(facts: SchoolingFacts) -> bool:
    """A child of this county's households, not in class here, with a record in force elsewhere (本在外)."""
    # A record elsewhere that itself says 辍学 is no schooling: it is one more reason to ask.
    if facts.elsewhere is None or not in_force(facts.elsewhere) or facts.elsewhere is StudentStatus.DROPPED_OUT:
        return False
    if not _in_household(facts) or facts.school_age is False:
        return False
    return facts.roll is None or is_away(facts.roll)


def _has_left_for_good(facts: SchoolingFacts) -> bool:
    """The record itself ends the duty: death, abroad, or grade nine finished (义务教育法 2)."""
    if facts.record in (StudentStatus.DECEASED, StudentStatus.ABROAD):
        return True
    return _finished(facts)


def _finished(facts: SchoolingFacts) -> bool:
    done = facts.record in (StudentStatus.GRADUATED, StudentStatus.COMPLETED)
    return done and facts.grade is not None and facts.grade >= _LAST_GRADE


def _unregistered(facts: SchoolingFacts) -> list[tuple[FindingKind, Decision]]:
    """On a roll without a record in force (在校无学籍): 中小学生学籍管理办法, every pupil has one 学籍."""
    if facts.roll is None or _record_in_force(facts) or not _compulsory(facts):
        return []
    return [(FindingKind.ATTENDING_UNREGISTERED, _sure(facts.roll_sure, not facts.near_record))]


def _no_household(facts: SchoolingFacts) -> list[tuple[FindingKind, Decision]]:
    """A record in force without an entry in the county's household register (外来随迁, or an identity error)."""
    if facts.household is not None or not _record_in_force(facts) or not _compulsory(facts):
        return []
    return [(FindingKind.NO_HOUSEHOLD, _sure(not facts.near_household))]


_BY_RECORD = {
    StudentStatus.HOMEBOUND: SchoolingStatus.HOMEBOUND,
    StudentStatus.DEFERRED: SchoolingStatus.DEFERRED,
    StudentStatus.STUDY_LEAVE: SchoolingStatus.STUDY_LEAVE,
}
_BY_ENDED_RECORD = {
    StudentStatus.DECEASED: SchoolingStatus.DECEASED,
    StudentStatus.ABROAD: SchoolingStatus.ABROAD,
    StudentStatus.TRANSFERRED_OUT: SchoolingStatus.ELSEWHERE_UNCONFIRMED,
}


def _status(facts: SchoolingFacts, kinds: set[FindingKind]) -> SchoolingStatus | None:
    if FindingKind.ABSENT in kinds:
        return SchoolingStatus.TO_VERIFY
    if FindingKind.ENROLLED_ELSEWHERE in kinds:
        return SchoolingStatus.ELSEWHERE_UNCONFIRMED
    if facts.record is not None and _record_in_force(facts):
        if facts.roll is Attendance.HOMEBOUND:
            return SchoolingStatus.HOMEBOUND
        return _BY_RECORD.get(facts.record, SchoolingStatus.ENROLLED)
    if facts.roll is not None:
        return SchoolingStatus.ATTENDING_UNREGISTERED
    if FindingKind.NEVER_ENROLLED in kinds:
        return SchoolingStatus.TO_VERIFY
    if facts.household is HouseholdStatus.MOVED_OUT:
        return SchoolingStatus.MOVED_OUT
    if _finished(facts):
        return SchoolingStatus.COMPLETED
    if facts.record in _BY_ENDED_RECORD:
        return _BY_ENDED_RECORD[facts.record]
    return SchoolingStatus.TO_VERIFY if FindingKind.NEVER_ENROLLED in kinds else None
