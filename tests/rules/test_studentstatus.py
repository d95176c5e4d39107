"""States of a student record."""

from __future__ import annotations

import pytest

from baoxue.policy.studentstatus import StudentStatus, expects_presence, in_force, student_status_of

# state · is the record in force · must the child be on a roll
CELLS = [
    (StudentStatus.ENROLLED, True, True),
    (StudentStatus.STUDY_LEAVE, True, False),
    (StudentStatus.SUSPENDED, True, True),
    (StudentStatus.RETAINED, True, False),
    (StudentStatus.HOMEBOUND, True, False),
    (StudentStatus.DEFERRED, True, False),
    (StudentStatus.DROPPED_OUT, True, True),
    (StudentStatus.TRANSFERRED_OUT, False, False),
    (StudentStatus.GRADUATED, False, False),
    (StudentStatus.COMPLETED, False, False),
    (StudentStatus.WITHDRAWN, False, False),
    (StudentStatus.EXPELLED, False, False),
    (StudentStatus.CANCELLED, False, False),
    (StudentStatus.DECEASED, False, False),
    (StudentStatus.ABROAD, False, False),
    (StudentStatus.LEFT_OTHER, False, False),
]


@pytest.mark.parametrize(("status", "force", "presence"), CELLS)
def test_what_follows_from_a_state(status: StudentStatus, force: bool, presence: bool) -> None:
    assert in_force(status) is force
    assert expects_presence(status) is presence


def test_every_state_has_its_cell() -> None:
    assert [status for status, _, _ in CELLS if status not in StudentStatus] == []
    assert {status for status, _, _ in CELLS} == set(StudentStatus)


@pytest.mark.parametrize(
    ("written", "status"),
    [
        ("在读", StudentStatus.ENROLLED),
        (" 在 读 ", StudentStatus.ENROLLED),
        ("在籍不在校", StudentStatus.ENROLLED),  # the roll says whether the pupil is there
        ("随班就读", StudentStatus.ENROLLED),
        ("休学中", StudentStatus.STUDY_LEAVE),
        ("转学", StudentStatus.TRANSFERRED_OUT),
        ("小学毕业", StudentStatus.GRADUATED),
        ("流失", StudentStatus.DROPPED_OUT),
        ("其他离校", StudentStatus.LEFT_OTHER),
        ("出国（境）", StudentStatus.ABROAD),
        ("01", StudentStatus.ENROLLED),
        ("06", StudentStatus.DROPPED_OUT),
        ("07", StudentStatus.GRADUATED),
        ("11", StudentStatus.STUDY_LEAVE),
        ("12", StudentStatus.ENROLLED),
        ("21", StudentStatus.TRANSFERRED_OUT),
        ("31", StudentStatus.WITHDRAWN),
        ("42", StudentStatus.EXPELLED),
        ("51", StudentStatus.DECEASED),
        ("", None),
        ("不详", None),
    ],
)
def test_a_state_is_known_by_word_and_by_code(written: str, status: StudentStatus | None) -> None:
    assert student_status_of(written) is status


@pytest.mark.parametrize("status", list(StudentStatus))
def test_every_state_is_known_by_its_own_label_and_code(status: StudentStatus) -> None:
    assert student_status_of(status.label) is status
    assert student_status_of(status.value) is status
