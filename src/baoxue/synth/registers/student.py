"""The student records of the county, and those that other counties hold of its children."""

from __future__ import annotations

import numpy as np

from baoxue.policy.idnumber import IdType
from baoxue.policy.registers import Column, Register
from baoxue.policy.studentstatus import StudentStatus
from baoxue.synth.fates import CODE, Fate
from baoxue.synth.kinds import Bools, Frame, Ints, Objects, nothing, objects, stream
from baoxue.synth.numbers import student_numbers
from baoxue.synth.places import JUNIOR, PRIMARY
from baoxue.synth.regions import County, county_of, far_codes, province_codes
from baoxue.synth.registers.addresses import styles_of_units, write_addresses
from baoxue.synth.registers.guardians import SCHOOL_SHARES, draw_guardians
from baoxue.synth.schooling import Records, admissions
from baoxue.synth.world import World

# Student numbers not made of an identity number, also where there is one.
_TEMPORARY = 0.012
_FORMER_NAME = 0.55
_CELEBRATED = 0.4
# Attending under the papers of a sibling who is past school.
_UNDER_SIBLINGS_PAPERS = 0.0001
_MOVED_AND_FOUND = 0.6
_NEAR = 0.35
YES, NO = "是", "否"


def student_frame(world: World) -> Frame:
    """One row for each student record of the county."""
    rng = stream(world.seed, "student")
    frame = _frame(world, world.records, Register.STUDENT, rng)
    places, records = world.places, world.records
    frame.columns[Column.SCHOOL_CODE] = places.school_code[records.school]
    frame.columns[Column.SCHOOL_NAME] = places.school_name[records.school]
    frame.unit = records.school.copy()
    frame.sheet = np.where(records.grade > 6, objects(["初中"]), objects(["小学"]))
    _under_siblings_papers(frame, world, rng)
    return frame.take(np.lexsort((rng.random(len(frame)), records.class_number, records.grade, records.school)))


def elsewhere_frame(world: World) -> Frame:
    """Records of the county's children in other counties; strangers are added later."""
    rng = stream(world.seed, "elsewhere")
    found = rng.random(len(world.fate)) < _MOVED_AND_FOUND
    found &= (world.children.age >= 6) & (world.children.age <= 15)
    moved = (world.fate == CODE[Fate.MOVED_OUT]) & found
    child = np.flatnonzero((world.fate == CODE[Fate.ENROLLED_ELSEWHERE]) | moved)
    records = Records(
        child,
        world.schooling.school[child],
        world.schooling.grade[child],
        world.schooling.class_number[child],
        np.full(len(child), StudentStatus.ENROLLED.label, dtype=object),
        np.zeros(len(child), dtype=np.bool_),
    )
    frame = _frame(world, records, Register.ELSEWHERE, rng)
    home = world.places.county.code
    region = np.where(
        rng.random(len(child)) < _NEAR,
        rng.choice(province_codes(home), len(child)),
        far_codes(home, len(child), rng),
    )
    number = rng.integers(1, 40, len(child))
    frame.columns[Column.SCHOOL_CODE], frame.columns[Column.SCHOOL_NAME] = schools_elsewhere(
        region, records.grade, number
    )
    frame.columns[Column.MIGRANT_CHILD] = np.where(rng.random(len(child)) < 0.8, objects([YES]), objects([NO]))
    frame.unit = region
    frame.sheet = objects(county_of(str(code)).province for code in region.tolist())
    return frame


def schools_elsewhere(region: Ints, grade: Ints, number: Ints) -> tuple[Objects, Objects]:
    """Codes and names of the schools with this number in these counties."""
    level = np.where(grade > 6, JUNIOR, PRIMARY)
    keys, position = np.unique(region * 1000 + number * 10 + level, return_inverse=True)
    codes, names = [], []
    for key in keys.tolist():
        county: County = county_of(str(key // 1000))
        one, kind = key // 10 % 100, key % 10
        codes.append(f"{(21, 31)[kind]}{county.code}{one:02d}"[:10])
        names.append(f"{county.name}第{one}{'中学' if kind else '小学'}")
    return objects(codes)[position], objects(names)[position]


def _frame(world: World, records: Records, register: Register, rng: np.random.Generator) -> Frame:
    children, families = world.children, world.families
    child = records.child
    family = children.family[child]
    guardians = draw_guardians(family, families, SCHOOL_SHARES, rng)
    styles = styles_of_units(len(world.places.school_code), rng)
    has_number = children.number[child] != np.array(None)
    formal = has_number & ~records.second & (rng.random(len(child)) >= _TEMPORARY)
    left_behind = families.away[family] & ~families.go_along[family] & ~families.outsider[family]
    columns = {
        Column.STUDENT_NUMBER: student_numbers(
            children.number[child], formal, int(world.places.county.code), children.born[child], rng
        ),
        Column.NAME: school_names(world, child, _FORMER_NAME, rng),
        Column.SEX: np.where(children.boy[child], objects(["男"]), objects(["女"])),
        Column.BIRTH_DATE: school_birth_dates(world, child, _CELEBRATED, rng),
        Column.ID_TYPE: np.where(has_number, objects([IdType.RESIDENT.label]), nothing(1)),
        Column.ID_NUMBER: children.number[child].copy(),
        Column.SCHOOL_CODE: nothing(len(child)),
        Column.SCHOOL_NAME: nothing(len(child)),
        Column.GRADE: objects(f"{grade}" for grade in records.grade.tolist()),
        Column.CLASS_NAME: objects(f"{number}" for number in records.class_number.tolist()),
        Column.ADMISSION: objects(f"{month}" for month in admissions(records.grade, world.as_of).tolist()),
        Column.STUDENT_STATUS: records.status,
        Column.ADDRESS: write_addresses(family, families, world.places, styles[records.school], rng),
        Column.GUARDIAN_NAME: guardians.name,
        Column.PHONE: guardians.phone,
        Column.MIGRANT_CHILD: np.where(families.outsider[family], objects([YES]), objects([NO])),
        Column.LEFT_BEHIND_CHILD: np.where(left_behind, objects([YES]), objects([NO])),
    }
    return Frame(register, columns, child.copy(), np.zeros(len(child), dtype=np.int64), nothing(len(child)))


def school_names(world: World, child: Ints, former_share: float, rng: np.random.Generator) -> Objects:
    """Names as a school has them: some of the renamed still stand under their former name."""
    former = world.children.former_name[child]
    old: Bools = (former != np.array(None)) & (rng.random(len(child)) < former_share)
    names: Objects = np.where(old, former, world.children.name[child])
    return names


def school_birth_dates(world: World, child: Ints, celebrated_share: float, rng: np.random.Generator) -> np.ndarray:
    """Birth dates as a school has them: some go by what the family says, not by the number."""
    told = rng.random(len(child)) < celebrated_share
    return np.where(told, world.children.celebrated[child], world.children.born[child])


def _under_siblings_papers(frame: Frame, world: World, rng: np.random.Generator) -> None:
    """A few attend under name, birth date and number of an elder sibling who is past school."""
    children = world.children
    past = np.flatnonzero((world.fate == CODE[Fate.PAST_SCHOOL]) & ~np.isin(np.arange(len(children)), frame.child))
    elder = dict(zip(children.family[past].tolist(), past.tolist(), strict=True))
    family = children.family[frame.child]
    usual = frame.columns[Column.STUDENT_STATUS] == StudentStatus.ENROLLED.label
    fit = np.flatnonzero(usual & np.isin(family, list(elder)))
    count = min(len(fit), round(len(frame) * _UNDER_SIBLINGS_PAPERS))
    for row in rng.choice(fit, count, replace=False) if count else ():
        papers = elder[int(family[row])]
        frame.columns[Column.NAME][row] = children.name[papers]
        frame.columns[Column.BIRTH_DATE][row] = children.born[papers]
        frame.columns[Column.ID_NUMBER][row] = children.number[papers]
        frame.columns[Column.SEX][row] = "男" if children.boy[papers] else "女"
        if children.number[papers]:
            frame.columns[Column.STUDENT_NUMBER][row] = f"G{children.number[papers]}"
