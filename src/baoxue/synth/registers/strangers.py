"""Student records of children who have nothing to do with the county: the mass of a province's extract."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import numpy as np

from baoxue.policy.idnumber import IdType
from baoxue.policy.registers import Column, Register
from baoxue.policy.schoolyear import school_year_of
from baoxue.policy.studentstatus import StudentStatus
from baoxue.synth.births import ages
from baoxue.synth.kinds import NOBODY, Frame, Ints, Objects, objects, stream
from baoxue.synth.lists import surnames
from baoxue.synth.naming import adult_names, given_names
from baoxue.synth.numbers import STRANGERS_BELOW, identity_numbers, phones, student_numbers
from baoxue.synth.regions import county_of, far_codes, province_codes
from baoxue.synth.registers.student import NO, YES, schools_elsewhere
from baoxue.synth.schooling import admissions

_FAR_COUNTIES = 40
_DAYS = 10 * 365
_NO_NUMBER = 0.008
_STATES = (StudentStatus.ENROLLED, StudentStatus.TRANSFERRED_OUT, StudentStatus.STUDY_LEAVE)
_STATE_SHARES = (0.985, 0.011, 0.004)
# 200 sequences of each sex, for every day and county.
_MOST_PER_COUNTY = _DAYS * (STRANGERS_BELOW // 2)


class Strangers:
    """Strangers by their number from 0; no two people of all have one identity number."""

    def __init__(self, county: str, as_of: date, seed: int) -> None:
        rng = stream(seed, "strangers")
        far = np.unique(far_codes(county, _FAR_COUNTIES, rng))
        self._regions = rng.permutation(np.concatenate([province_codes(county), far]))
        self._year = school_year_of(as_of)
        self._as_of = as_of
        self._province = county[:2]
        self._seed = seed

    @property
    def most(self) -> int:
        """How many there can be."""
        return len(self._regions) * _MOST_PER_COUNTY

    def frame(self, start: int, count: int) -> Frame:
        """The student records of the strangers with these numbers."""
        rng = stream(self._seed, "strangers", start)
        who = np.arange(start, start + count)
        region = self._regions[who % len(self._regions)]
        nth = who // len(self._regions)
        # 1009 is prime to the days, so that the birthdays of one county are spread from the first stranger
        # on.
        day = nth * 1009 % _DAYS
        born = np.datetime64(f"{self._year - 6}-08-31") - day.astype("timedelta64[D]")
        boy = rng.random(count) < 0.53
        slot = 1 + (nth // _DAYS + region * 7 + day * 31) % (STRANGERS_BELOW - 1)
        number = identity_numbers(region, born, slot * 2 + boy)
        number[rng.random(count) < _NO_NUMBER] = None
        grade = np.clip(ages(born, self._year) - 5, 1, 9)
        names = surnames(self._province)
        surname = names.draw(rng, count)
        given = given_names(boy, born.astype("datetime64[Y]").astype(np.int64) + 1970, rng)
        has_number = number != np.array(None)
        codes, school_names = schools_elsewhere(region, grade, rng.integers(1, 40, count))
        return Frame(
            Register.ELSEWHERE,
            {
                Column.STUDENT_NUMBER: student_numbers(number, has_number, int(self._regions[0]), born, rng),
                Column.NAME: surname + given,
                Column.SEX: np.where(boy, objects(["男"]), objects(["女"])),
                Column.BIRTH_DATE: born,
                Column.ID_TYPE: np.where(has_number, objects([IdType.RESIDENT.label]), objects([None])),
                Column.ID_NUMBER: number,
                Column.SCHOOL_CODE: codes,
                Column.SCHOOL_NAME: school_names,
                Column.GRADE: objects("123456789")[grade - 1],
                Column.CLASS_NAME: objects("12345678")[rng.integers(0, 8, count)],
                Column.ADMISSION: _texts(admissions(grade, self._as_of)),
                Column.STUDENT_STATUS: objects([state.label for state in _STATES])[
                    rng.choice(len(_STATES), count, p=_STATE_SHARES)
                ],
                Column.ADDRESS: _addresses(region),
                Column.GUARDIAN_NAME: np.where(
                    rng.random(count) < 0.6,
                    adult_names(surname, "M", rng),
                    adult_names(names.draw(rng, count), "F", rng),
                ),
                Column.PHONE: phones(count, rng),
                Column.MIGRANT_CHILD: _yes(rng, count, 0.08),
                Column.LEFT_BEHIND_CHILD: _yes(rng, count, 0.12),
            },
            np.full(count, NOBODY),
            region,
            _by_value(region, lambda code: county_of(str(code)).province),
        )


def _yes(rng: np.random.Generator, count: int, share: float) -> Objects:
    return objects([NO, YES])[(rng.random(count) < share).astype(np.int64)]


def _texts(numbers: Ints) -> Objects:
    return _by_value(numbers, str)


def _addresses(region: Ints) -> Objects:
    return _by_value(region, lambda code: county_of(str(code)).address)


def _by_value(numbers: Ints, text: Callable[[int], str]) -> Objects:
    values, position = np.unique(numbers, return_inverse=True)
    return objects(text(value) for value in values.tolist())[position]
