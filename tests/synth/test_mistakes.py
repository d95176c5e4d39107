"""The mistakes: each kind goes wrong in its way, and how often differs by seed and office."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lunar_python import Solar

from baoxue.policy.registers import Register
from baoxue.synth.kinds import nothing, objects
from baoxue.synth.lists import homophones, lookalikes, near_homophones
from baoxue.synth.lunar import lunar_as_solar
from baoxue.synth.mistakes import dates, names, numbers
from baoxue.synth.mistakes.carelessness import Carelessness, Mistake

from .conftest import made

SEEDS = st.integers(0, 2**32)
NUMBER = "522626201405060036"


def _rates(register: Register, mistake: Mistake, seeds: range, errors: float = 1.0) -> np.ndarray:
    untidy = np.zeros(10, dtype=np.bool_)
    return np.array([Carelessness(seed, errors, untidy).rate(register, mistake) for seed in seeds])


@given(name=st.sampled_from(["杨浩宇", "李静", "欧阳子涵", "王一诺", "阿卜杜拉·买买提", "石梓轩"]), seed=SEEDS)
def test_a_misspelt_name_is_another_name_of_about_the_same_length(name, seed):
    wrong = names.misspell(name, seed % 7, np.random.default_rng(seed))
    assert wrong
    assert wrong != name
    assert "·" in name or abs(len(wrong) - len(name)) <= 1


@given(name=st.sampled_from(["杨浩宇", "李静", "扎西次仁·多吉"]), seed=SEEDS)
def test_untidy_writing_keeps_every_character_of_the_name(name, seed):
    written = names.write_untidily(name, np.random.default_rng(seed))
    assert written != name
    assert set(name) - {"·"} <= set(written)


@given(seed=SEEDS)
def test_a_mistaken_number_is_another_one(seed):
    column = objects([NUMBER])
    rng = np.random.default_rng(seed)
    numbers.mistake_all(column, np.array([0]), nothing(1), nothing(1), seed % 7, rng)
    assert column[0] != NUMBER


@given(born=st.dates(date(2005, 1, 1), date(2022, 12, 31)), seed=SEEDS)
def test_a_mistaken_birth_date_is_another_day_near_in_years(born, seed):
    days = np.array([born], dtype="datetime64[D]")
    dates.mistake_all(days, np.array([0]), seed % 7, np.random.default_rng(seed))
    assert days[0].item() != born
    assert abs(days[0].item().year - born.year) <= 1


@given(born=st.dates(date(2001, 1, 24), date(2030, 12, 31)))
def test_a_lunar_date_is_that_of_the_calendar(born):
    lunar = Solar.fromYmd(born.year, born.month, born.day).getLunar()
    written = lunar_as_solar(np.array([born], dtype="datetime64[D]"))[0].item()
    expected = (lunar.getYear(), abs(lunar.getMonth()), lunar.getDay())
    assert (written.year, written.month, written.day) == expected or (written == born and lunar.getDay() >= 29)


@pytest.mark.parametrize(
    ("table", "of", "other"),
    [
        (homophones, "轩", "宣"),
        (homophones, "浩", "皓"),
        (near_homophones, "林", "玲"),
        (near_homophones, "陈", "程"),
        (lookalikes, "玟", "玫"),
        (lookalikes, "宸", "辰"),
    ],
)
def test_characters_are_taken_for_others_of_like_sound_or_shape(table, of, other):
    assert other in table()[of]
    assert of not in table()[of]


def test_rates_differ_between_seeds_and_their_mean_does_not_drift():
    rates = _rates(Register.STUDENT, Mistake.NAME, range(300))
    assert rates.max() > 2 * rates.min()
    assert rates.mean() == pytest.approx(0.015, rel=0.1)


def test_three_times_the_errors_are_three_times_the_rates():
    usual, more = (_rates(Register.ROLL, Mistake.NUMBER, range(5), errors) for errors in (1.0, 3.0))
    assert more == pytest.approx(3 * usual)


def test_rates_differ_between_the_schools_of_one_seed():
    careless = Carelessness(1, 1.0, np.zeros(10, dtype=np.bool_))
    factors = [careless.office_factor(Register.ROLL, school, Mistake.NAME) for school in range(60)]
    shares = [careless.hurried_share(Register.ROLL, school) for school in range(60)]
    assert max(factors) > 4 * min(factors)
    assert max(shares) > 4 * min(shares)


@pytest.mark.parametrize("register", [Register.HOUSEHOLD, Register.STUDENT, Register.POVERTY])
def test_clerks_without_mistakes_write_true_names_and_numbers(flawless, register):
    number = {Register.STUDENT: "身份证件号"}.get(register, "公民身份号码")
    pairs = flawless.pairs(register)
    own = [row["姓名"] in (child["name"], child["former_name"]) for row, child in pairs]
    right = [row[number] in (None, child["id_number"]) for row, child in pairs]
    assert np.mean(own) > 0.998  # one may attend under the papers of an elder sibling
    assert np.mean(right) > 0.998


def test_usual_clerks_make_some_mistakes_of_every_kind(county, flawless):
    wrong = [row["姓名"] != child["name"] for row, child in county.pairs(Register.STUDENT)]
    assert 0.01 < np.mean(wrong) < 0.06
    days = [f"{row['出生日期']}" != child["birth_date"] for row, child in county.pairs(Register.HOUSEHOLD)]
    assert 0.003 < np.mean(days) < 0.04
    with_number = [bool(row["公民身份号码"]) for row in county.rows[Register.HOUSEHOLD]]
    assert 0.9 < np.mean(with_number) < 0.99
    assert len(county.rows[Register.STUDENT]) == len(flawless.rows[Register.STUDENT])


def test_mistakes_come_together_in_rows_typed_in_a_hurry_and_for_papers_in_disorder(tmp_path):
    pairs = made(tmp_path, seed=2, errors=3.0, elsewhere_rows=0).pairs(Register.STUDENT)
    name = np.array([row["姓名"] != child["name"] for row, child in pairs])
    number = np.array([row["身份证件号"] != child["id_number"] for row, child in pairs])
    assert (name & number).mean() > 1.3 * name.mean() * number.mean()


def test_a_third_to_two_thirds_of_the_rolls_have_no_identity_numbers(county):
    by_school: dict[str, list[bool]] = {}
    for row in county.rows[Register.ROLL]:
        by_school.setdefault(row["学校名称"], []).append(row["身份证件号"] is None)
    without = [all(missing) for missing in by_school.values()]
    assert 0.1 < np.mean(without) < 0.8


def test_years_before_the_table_of_lunar_dates_are_not_asked_for():
    old = np.array([date(1950, 3, 3) + timedelta(days=n) for n in range(50)], dtype="datetime64[D]")
    wrong = old.copy()
    dates.mistake_all(wrong, np.arange(50), 1, np.random.default_rng(1))
    assert (wrong != old).all()
    assert not np.isnat(wrong).any()
