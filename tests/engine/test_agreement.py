"""On random small registers every engine says what the slow judge says."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baoxue.matching.engine import Pairs, Side, rows
from baoxue.matching.model import Model, estimate
from baoxue.matching.rules import (
    DUPLICATES,
    HOUSEHOLD_ELSEWHERE,
    HOUSEHOLD_POVERTY,
    HOUSEHOLD_ROLL,
    HOUSEHOLD_SPECIAL,
    HOUSEHOLD_STUDENT,
    STUDENT_POVERTY,
    STUDENT_ROLL,
    STUDENT_SPECIAL,
    TEACHING,
    PairTask,
)
from baoxue.policy.registers import Register

from .conftest import Engines, engines_over
from .judge import JudgeEngine
from .population import random_registers

TASKS = (
    HOUSEHOLD_STUDENT, STUDENT_ROLL, HOUSEHOLD_ROLL, HOUSEHOLD_ELSEWHERE, HOUSEHOLD_POVERTY, HOUSEHOLD_SPECIAL,
    STUDENT_POVERTY, STUDENT_SPECIAL,
)  # fmt: skip
KEYS = [
    "row", "simple", "sex", "written_sex", "birth", "number_birth", "any_birth", "birth_month", "birth_solar",
    "written_month", "number", "said_number", "number_valid", "number_cut", "student_number", "guardian", "head", "phone",
    "place", "household_number", "school", "grade", "class_key", "town", "village", "number_head", "number_tail",
]  # fmt: skip
SOUNDS = ["sound", "near_sound", "surname_sound", "given_sound", "guardian_sound", "head_sound"]
by_task = pytest.mark.parametrize("task", TASKS, ids=lambda task: f"{task.left}-{task.right}")


@pytest.fixture(scope="module")
def crowd() -> Engines:
    """Registers of forty rows each: 1,600 pairs a task."""
    return engines_over(random_registers(Random(20250920), rows=40))


def _judge(engines: Engines) -> JudgeEngine:
    judge = engines.by_name["judge"]
    assert isinstance(judge, JudgeEngine)
    return judge


def _set(pairs: Pairs) -> set[tuple[int, int]]:
    found = list(zip(pairs.left.tolist(), pairs.right.tolist(), strict=True))
    assert len(found) == len(set(found))
    return set(found)


def _every_pair(engines: Engines, task: PairTask) -> Pairs:
    people = _judge(engines).people
    left, right = ([person.row for person in people[side]] for side in (task.left, task.right))
    return Pairs(
        np.repeat(np.array(left, dtype=np.int32), len(right)), np.tile(np.array(right, dtype=np.int32), len(left))
    )


def _levels(engines: Engines, task: PairTask) -> dict[str, dict[str, list[int]]]:
    pairs = _every_pair(engines, task)
    return {
        name: {field: levels.tolist() for field, levels in said.levels.items()}
        for name, engine in engines.by_name.items()
        for said in (engine.evidence(task.comparisons, task.left, task.right, pairs),)
    }


def _sides(task: PairTask) -> tuple[Side, Side]:
    return Side(task.left, rows((2, 5))), Side(task.right, rows(()), only=None)


def _pairs_by_rule(engines: Engines, task: PairTask) -> Iterator[tuple[str, dict[str, set[tuple[int, int]]]]]:
    left, right = _sides(task)
    for rule in (*task.exact, TEACHING):
        yield rule.key, {name: _set(engine.exact(rule, left, right)) for name, engine in engines.by_name.items()}
    for block in task.blocks:
        yield (
            block.left,
            {name: _set(engine.candidates([block], left, right)) for name, engine in engines.by_name.items()},
        )


@pytest.mark.parametrize("register", Register)
def test_everybody_has_the_keys_the_judge_works_out(crowd: Engines, register: Register) -> None:
    answer = crowd.connection.execute(f"select {', '.join(KEYS)} from people_{register.value} order by row").fetchall()
    said = {key: [row[place] for row in answer] for place, key in enumerate(KEYS)}
    assert said == {key: [getattr(person, key) for person in _judge(crowd).people[register]] for key in KEYS}


@pytest.mark.parametrize("register", Register)
def test_everybody_sounds_as_the_judge_hears_them(crowd: Engines, register: Register) -> None:
    said = crowd.connection.execute(f"select {', '.join(SOUNDS)} from people_{register.value} order by row").fetchall()
    heard = [[getattr(person, key) for key in SOUNDS] for person in _judge(crowd).people[register]]
    hashed = crowd.connection.execute(
        "select if(s is null, null, hash(s)) from (select unnest(?::varchar[]) as s)",
        [[sound for sounds in heard for sound in sounds]],
    ).fetchall()
    assert [sound for sounds in said for sound in sounds] == [sound for (sound,) in hashed]


@by_task
def test_every_pair_stands_on_the_level_the_judge_says(crowd: Engines, task: PairTask) -> None:
    said = _levels(crowd, task)
    assert said["duckdb"] == said["judge"]


@by_task
def test_no_pair_is_less_likely_at_best_than_it_is(crowd: Engines, task: PairTask) -> None:
    pairs, duckdb = _every_pair(crowd, task), crowd.by_name["duckdb"]
    exact, best = (
        duckdb.evidence(task.comparisons, task.left, task.right, pairs, at_best=at_best) for at_best in (False, True)
    )
    none = exact.chosen(np.zeros(0, dtype=np.int64))
    model = Model(task.comparisons, estimate(task.comparisons, none, none, none), same_odds=0.001)
    assert (model.odds(exact) <= model.at_best().odds(best) + 1e-9).all()


def test_every_level_of_every_question_is_met(crowd: Engines) -> None:
    met: dict[str, set[int]] = {}
    for task in TASKS:
        for field, levels in _levels(crowd, task)["judge"].items():
            met.setdefault(field, set()).update(levels)
    questions = {comparison.field: comparison.levels for task in TASKS for comparison in task.comparisons}
    # A name is never missing; everything else may be (-1).
    assert met == {field: set(range(0 if field == "name" else -1, len(levels))) for field, levels in questions.items()}


@by_task
def test_rules_and_blocks_tie_the_pairs_the_judge_ties(crowd: Engines, task: PairTask) -> None:
    said = dict(_pairs_by_rule(crowd, task))
    assert {key: pairs["duckdb"] for key, pairs in said.items()} == {key: pairs["judge"] for key, pairs in said.items()}
    assert any(pairs["judge"] for pairs in said.values())


@by_task
def test_a_name_is_as_common_as_the_judge_counts_it(crowd: Engines, task: PairTask) -> None:
    pairs = _every_pair(crowd, task)
    said = {
        name: engine.evidence(task.comparisons, task.left, task.right, pairs).share
        for name, engine in crowd.by_name.items()
    }
    assert said["duckdb"] == pytest.approx(said["judge"])


@pytest.mark.parametrize("register", Register)
def test_records_that_are_one_child_are_those_of_the_judge(crowd: Engines, register: Register) -> None:
    said = {
        name: [{frozenset(pair) for pair in _set(engine.duplicates(rule, register))} for rule in DUPLICATES[register]]
        for name, engine in crowd.by_name.items()
    }
    assert said["duckdb"] == said["judge"]


@st.composite
def _some_registers(draw: st.DrawFn) -> Any:
    return random_registers(Random(draw(st.integers(0, 2**32))), rows=draw(st.integers(0, 9)))


@settings(max_examples=6)
@given(_some_registers())
def test_any_small_registers_give_the_same_answers_on_every_engine(registers: Any) -> None:
    engines = engines_over(registers)
    for task in TASKS[:3]:
        left, right = _sides(task)
        found = {name: _set(e.candidates(task.blocks, left, right)) for name, e in engines.by_name.items()}
        sizes = {name: (e.size(left), e.size(right)) for name, e in engines.by_name.items()}
        levels = _levels(engines, task)
        assert found["duckdb"] == found["judge"]
        assert sizes["duckdb"] == sizes["judge"]
        assert levels["duckdb"] == levels["judge"]
