"""Splink 4, set up with the same care: exact numbers first, then its model on what is left, then one to one.

It is given baoxue's own preparation (pinyin and other keys, duplicates set aside, exact pass), the same blocks, and
comparisons after its documentation: few levels, each with enough pairs to learn from; the birth part of a number not
counted twice; term frequencies for names; u from random pairs, m by three trainings, each blocked on other fields. Its
number of levels and the weight from which a link counts were chosen on seeds of development, as ours were.
"""

from __future__ import annotations

import logging
from typing import Any

import numpy as np
import splink.comparison_level_library as levels
from splink import DuckDBAPI, Linker, SettingsCreator, block_on
from splink.blocking_rule_library import CustomRule
from splink.comparison_library import CustomComparison

from baoxue.matching.engine import Side
from baoxue.matching.rules import HOUSEHOLD_STUDENT
from baoxue.policy.registers import Register
from bench.linkers import Clock, Prepared, Seconds, prepare, warm_up, write_links

# Above every weight of the model.
_EXACT = 1e6
# Even odds.
_COUNTED_FROM = 0.0
_RANDOM_PAIRS = 1e6
_LEAST_WEIGHT = -10.0

_COLUMNS = """row, name, simple, sound, near_sound, given_sound, surname_sound, any_birth, birth, number_birth,
    birth_solar, birth_month, number, number_cut, number_valid, substr(number, 15) as number_tail_4, id_key, guardian,
    guardian_sound, head, head_sound, phone, place, village, town, sex, name_month, surname_day, given_day,
    number_head, number_tail, guardian_sex, head_sex"""


def _comparison(name: str, column: str, *conditions: str | Any) -> CustomComparison:
    made = [levels.CustomLevel(c, c[:40]) if isinstance(c, str) else c for c in conditions]
    return CustomComparison(
        output_column_name=name, comparison_levels=[levels.NullLevel(column), *made, levels.ElseLevel()]
    )


def _comparisons() -> list[CustomComparison]:
    return [
        _comparison(
            "name",
            "name",
            levels.ExactMatchLevel("name", term_frequency_adjustments=True),
            levels.ExactMatchLevel("sound", term_frequency_adjustments=True),
            "near_sound_l = near_sound_r or (length(simple_l) >= 3 and levenshtein(simple_l, simple_r) = 1)",
            "levenshtein(simple_l, simple_r) = 1 or given_sound_l = given_sound_r",
            "surname_sound_l = surname_sound_r",
        ),
        _comparison(
            "born",
            "any_birth",
            "any_birth_l = any_birth_r or birth_l = birth_r or birth_l = number_birth_r or number_birth_l = birth_r",
            "year(any_birth_l) = year(any_birth_r) and day(any_birth_l) = day(any_birth_r)"
            " or month(any_birth_l) = month(any_birth_r) and day(any_birth_l) = day(any_birth_r)"
            " or month(any_birth_l) = day(any_birth_r) and day(any_birth_l) = month(any_birth_r)"
            " or birth_solar_l in (birth_r, number_birth_r) or birth_solar_r in (birth_l, number_birth_l)",
            "birth_month_l = birth_month_r or abs(date_diff('day', any_birth_l, any_birth_r)) <= 1",
        ),
        _comparison(
            "number",
            "number",
            levels.ExactMatchLevel("number"),
            # Who differs in one place agrees on either side of it: a test that costs nothing before one that does.
            "(left(number_l, 8) = left(number_r, 8) or right(number_l, 8) = right(number_r, 8))"
            " and damerau_levenshtein(number_l, number_r) = 1",
            "(number_cut_l or number_cut_r) and left(number_l, 15) = left(number_r, 15)"
            " or levenshtein(number_l, number_r) = 2",
            "number_tail_4_l = number_tail_4_r",
            "not (number_valid_l and number_valid_r)",
        ),
        _comparison(
            "guardian",
            "guardian",
            "guardian_l = guardian_r or head_l = guardian_r",
            "guardian_sound_l = guardian_sound_r or head_sound_l = guardian_sound_r"
            " or levenshtein(guardian_l, guardian_r) = 1",
            "left(guardian_l, 1) = left(guardian_r, 1)",
        ),
        _comparison("phone", "phone", levels.ExactMatchLevel("phone")),
        _comparison(
            "place",
            "place",
            "place_l = place_r or contains(place_l, place_r) or contains(place_r, place_l)",
            "village_l = village_r",
        ),
        _comparison("sex", "sex", levels.ExactMatchLevel("sex")),
    ]


_BLOCKS = [
    block_on("near_sound"),
    block_on("name_month"),
    block_on("surname_day"),
    block_on("given_day"),
    block_on("number_head"),
    block_on("number_tail"),
    block_on("id_key"),
    block_on("guardian_sex"),
    CustomRule("l.head_sex = r.guardian_sex"),
    block_on("phone"),
]
_TRAININGS = [block_on("surname_sound", "any_birth"), block_on("sound"), block_on("guardian_sound", "sex")]

# One row = one pair, the best of both its rows.
_BEST = """
select row_l, row_r, match_weight from {predictions}
qualify row_number() over (partition by row_l order by match_weight desc, row_r) = 1
    and row_number() over (partition by row_r order by match_weight desc, row_l) = 1
"""


def splink(household: str, student: str, out: str) -> Seconds:
    """Link with Splink; see the module."""
    logging.disable(logging.WARNING)
    warm_up()
    clock = Clock()
    with clock.step("preparing"):
        prepared = prepare(household, student)
    with clock.step("exact"):
        rows = _exact(prepared)
    with clock.step("training"):
        linker = _trained(prepared)
    with clock.step("predicting"):
        predictions = linker.inference.predict(threshold_match_weight=_LEAST_WEIGHT)
        best = prepared.connection.execute(_BEST.format(predictions=predictions.physical_name)).fetchall()
        rows += [(left, right, weight, weight >= _COUNTED_FROM) for left, right, weight in best]
    write_links(out, rows)
    return clock.seconds


def _exact(prepared: Prepared) -> list[tuple[int, int, float, bool]]:
    """The links of our exact rules; makes the tables of what is left."""
    left = Side(Register.HOUSEHOLD, prepared.extra_left)
    right = Side(Register.STUDENT, prepared.extra_right)
    rows = []
    for rule in HOUSEHOLD_STUDENT.exact:
        pairs = prepared.engine.exact(rule, left, right)
        rows += [(a, b, _EXACT, True) for a, b in zip(pairs.left.tolist(), pairs.right.tolist(), strict=True)]
        left = Side(left.register, np.union1d(left.without, pairs.left))
        right = Side(right.register, np.union1d(right.without, pairs.right))
    for side in (left, right):
        prepared.connection.register("settled", {"row": side.without})
        prepared.connection.execute(
            f"create table left_over_{side.register.value} as select {_COLUMNS} "
            f"from people_{side.register.value} where row not in (select row from settled)"
        )
        prepared.connection.unregister("settled")
    return rows


def _trained(prepared: Prepared) -> Linker:
    settings = SettingsCreator(
        link_type="link_only",
        unique_id_column_name="row",
        comparisons=[*_comparisons()],
        blocking_rules_to_generate_predictions=[*_BLOCKS],
    )
    linker = Linker(
        ["left_over_household", "left_over_student"],
        settings,
        db_api=DuckDBAPI(prepared.connection),
        input_table_aliases=["a_household", "b_student"],
    )
    training = linker.training
    training.estimate_probability_two_random_records_match([block_on("name", "any_birth"), block_on("number")], 0.7)
    training.estimate_u_using_random_sampling(_RANDOM_PAIRS, seed=1)
    for blocking in _TRAININGS:
        training.estimate_parameters_using_expectation_maximisation(blocking)
    return linker
