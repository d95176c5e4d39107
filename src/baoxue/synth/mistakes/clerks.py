"""What clerks make of a register: every mistake, in the rows where it happens."""

from __future__ import annotations

import numpy as np

from baoxue.policy.registers import Column
from baoxue.synth.families import FATHER, MOTHER
from baoxue.synth.kinds import Frame, Ints, Objects, nothing, stream
from baoxue.synth.mistakes import dates, names, numbers
from baoxue.synth.mistakes.carelessness import Carelessness, FrameCarelessness, Mistake
from baoxue.synth.numbers import phones
from baoxue.synth.world import World

# A wrong number mostly went into the student number too, which was made of it.
_STUDENT_NUMBER_FOLLOWS = 0.5
_OTHER_SEX = {"男": "女", "女": "男"}
_NAME_COLUMNS = (Column.GUARDIAN_NAME, Column.HEAD_NAME)


class Clerks:
    """The clerks of one world: `write` turns a register as it should be into one as it is."""

    def __init__(self, world: World, errors: float) -> None:
        self._world = world
        self._carelessness = Carelessness(world.seed, errors, world.children.untidy)
        self._sibling = _siblings(world)

    def write(self, frame: Frame, piece: int = 0) -> None:
        """Put mistakes into the rows of a frame; `piece` is its place among the pieces of a long register."""
        rng = stream(self._world.seed, "clerks", frame.register, piece)
        chances = self._carelessness.of(frame, rng)
        self._numbers(frame, chances, rng)
        self._names(frame, chances, rng)
        self._birth_dates(frame, chances, rng)
        _sexes(frame, chances, rng)
        self._guardians(frame, chances, rng)
        _phones(frame, chances, rng)
        _untidy_writing(frame, chances, rng)

    def _numbers(self, frame: Frame, chances: FrameCarelessness, rng: np.random.Generator) -> None:
        column = frame.columns[Column.ID_NUMBER]
        right = column.copy()
        rows = chances.rows(Mistake.NUMBER, rng)
        siblings, guardians = nothing(len(frame)), nothing(len(frame))
        known = rows[frame.child[rows] >= 0]
        child = frame.child[known]
        siblings[known] = self._sibling[child]
        guardians[known] = self._world.families.adult_number[FATHER][self._world.children.family[child]]
        numbers.mistake_all(column, rows, siblings, guardians, self._world.seed, rng)
        if Column.STUDENT_NUMBER in frame.columns:
            _student_numbers_follow(frame.columns[Column.STUDENT_NUMBER], right, column, rows, rng)
        column[chances.rows(Mistake.NO_NUMBER, rng)] = None

    def _names(self, frame: Frame, chances: FrameCarelessness, rng: np.random.Generator) -> None:
        names.misspell_all(frame.columns[Column.NAME], chances.rows(Mistake.NAME, rng), self._world.seed, rng)

    def _birth_dates(self, frame: Frame, chances: FrameCarelessness, rng: np.random.Generator) -> None:
        days = frame.columns[Column.BIRTH_DATE]
        dates.mistake_all(days, chances.rows(Mistake.BIRTH_DATE, rng), self._world.seed, rng)
        days[chances.rows(Mistake.NO_BIRTH_DATE, rng)] = np.datetime64("NaT")

    def _guardians(self, frame: Frame, chances: FrameCarelessness, rng: np.random.Generator) -> None:
        """The other parent, or the name with a mistake in it."""
        for column in _NAME_COLUMNS:
            if column not in frame.columns:
                continue
            rows = chances.rows(Mistake.GUARDIAN, rng)
            other = rng.random(len(rows)) < 0.5
            names.misspell_all(frame.columns[column], rows[~other], self._world.seed, rng)
            rows = rows[other & (frame.child[rows] >= 0)]
            if column is Column.GUARDIAN_NAME:
                frame.columns[column][rows] = self._other_parent(frame.columns[column][rows], frame.child[rows])

    def _other_parent(self, guardian: Objects, child: Ints) -> Objects:
        family = self._world.children.family[child]
        father, mother = (
            self._world.families.adult[FATHER][family],
            self._world.families.adult[MOTHER][family],
        )
        other: Objects = np.where(guardian == father, mother, father)
        return other


def _siblings(world: World) -> Objects:
    """For each child the number of a sibling, or None. Children stand by family."""
    family = world.children.family
    number = nothing(len(family))
    with_next = np.flatnonzero(family[:-1] == family[1:])
    number[with_next + 1] = world.children.number[with_next]
    number[with_next] = world.children.number[with_next + 1]
    return number


def _student_numbers_follow(
    student_numbers: Objects, right: Objects, written: Objects, rows: Ints, rng: np.random.Generator
) -> None:
    for row in rows[rng.random(len(rows)) < _STUDENT_NUMBER_FOLLOWS].tolist():
        if student_numbers[row] == f"G{right[row]}" and written[row] and len(written[row]) == 18:
            student_numbers[row] = f"G{written[row]}"


def _sexes(frame: Frame, chances: FrameCarelessness, rng: np.random.Generator) -> None:
    sex = frame.columns[Column.SEX]
    rows = chances.rows(Mistake.SEX, rng)
    sex[rows] = [_OTHER_SEX.get(right) for right in sex[rows]]


def _phones(frame: Frame, chances: FrameCarelessness, rng: np.random.Generator) -> None:
    if Column.PHONE in frame.columns:
        rows = chances.rows(Mistake.OLD_PHONE, rng)
        gone = rng.random(len(rows)) < 0.2
        frame.columns[Column.PHONE][rows] = np.where(gone, nothing(len(rows)), phones(len(rows), rng))


def _untidy_writing(frame: Frame, chances: FrameCarelessness, rng: np.random.Generator) -> None:
    name, number = frame.columns[Column.NAME], frame.columns[Column.ID_NUMBER]
    for row in chances.rows(Mistake.UNTIDY_WRITING, rng).tolist():
        name[row] = name[row] and names.write_untidily(name[row], rng)
    for row in chances.rows(Mistake.UNTIDY_WRITING, rng).tolist():
        if number[row]:
            number[row] = numbers.write_untidily(number[row], rng)
    for row in chances.rows(Mistake.REMARK, rng).tolist():
        name[row] = name[row] and names.with_remark(name[row], rng)
