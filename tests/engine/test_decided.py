"""What a person decided about two rows stands in every later run, over registers read before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path

import pyarrow.compute as pc
import pytest

from baoxue.matching.decided import METHOD, DecidedPair
from baoxue.matching.reviewpairs import ReviewPair
from baoxue.matching.snapshots import Outcome, compare_snapshots
from baoxue.policy.registers import Register
from baoxue.reading import ReadJob, read_registers
from baoxue.synth import generate

from .registers import AS_OF

Snapshots = Mapping[Register, Path]


@pytest.fixture(scope="module")
def snapshots(tmp_path_factory: pytest.TempPathFactory) -> Snapshots:
    """A county of 900 children as reading hands it over, with three times the usual mistakes."""
    folder = tmp_path_factory.mktemp("snapshots")
    files = generate(900, 4712, folder, format="parquet", as_of=AS_OF, errors=3.0)
    read_registers(
        [ReadJob(files[register.value], register, folder / f"{register}.canonical") for register in Register]
    )
    return {register: folder / f"{register}.canonical" for register in Register}


def _compare(snapshots: Snapshots, folder: Path, decided: Iterable[DecidedPair] = ()) -> Outcome:
    return compare_snapshots(
        snapshots,
        hashes={register: register.value for register in snapshots},
        county="522626",
        county_name="岑巩县",
        as_of=AS_OF,
        now=datetime(2025, 10, 14, tzinfo=UTC),
        scratch=folder,
        decided=decided,
    )


@pytest.fixture(scope="module")
def once(snapshots: Snapshots, tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    return _compare(snapshots, tmp_path_factory.mktemp("once"))


def _decided(pair: ReviewPair, *, same: bool) -> DecidedPair:
    return DecidedPair(pair.left, pair.left_row, pair.right, pair.right_row, same)


def _place(pair: ReviewPair | DecidedPair) -> tuple[str, int, str, int]:
    return (pair.left.value, pair.left_row, pair.right.value, pair.right_row)


def _links(outcome: Outcome) -> dict[tuple[str, int, str, int], tuple[str, str]]:
    return {
        (row["left"], row["left_row"], row["right"], row["right_row"]): (row["decision"], row["method"])
        for row in outcome.links.to_pylist()
    }


def test_a_pair_decided_to_be_two_children_is_never_linked_nor_asked_again(
    snapshots: Snapshots, once: Outcome, tmp_path: Path
) -> None:
    asked = [_decided(pair, same=False) for pair in once.pairs]
    again = _compare(snapshots, tmp_path, asked)
    places = set(map(_place, asked))
    assert len(places) > 3
    assert not places & set(_links(again))
    assert not places & set(map(_place, again.pairs))


def test_a_sure_link_taken_apart_by_a_person_stays_apart(snapshots: Snapshots, once: Outcome, tmp_path: Path) -> None:
    sure = next(link for link, (_, method) in _links(once).items() if method == "exact_id" and link[2] == "student")
    apart = DecidedPair(Register(sure[0]), sure[1], Register(sure[2]), sure[3], same=False)
    assert sure not in _links(_compare(snapshots, tmp_path, [apart]))


def test_pairs_decided_to_be_one_child_are_linked_with_certainty_and_not_asked_again(
    snapshots: Snapshots, once: Outcome, tmp_path: Path
) -> None:
    asked = [_decided(pair, same=True) for pair in once.pairs]
    again = _compare(snapshots, tmp_path, asked)
    links = _links(again)
    lists = (Register.POVERTY, Register.SPECIAL)
    plain = [pair for pair in asked if pair.right not in lists]
    assert {links[_place(pair)] for pair in plain} == {("auto", METHOD)}
    assert not set(map(_place, asked)) & set(map(_place, again.pairs))


def test_who_is_decided_to_be_a_child_that_another_row_is_already_stands_twice(
    snapshots: Snapshots, once: Outcome, tmp_path: Path
) -> None:
    sure = [
        link
        for link, (_, method) in _links(once).items()
        if method == "exact_id" and link[::2] == ("household", "student")
    ]
    one, other = sure[0], sure[1]
    again = _compare(
        snapshots, tmp_path, [DecidedPair(Register.HOUSEHOLD, other[1], Register.STUDENT, one[3], same=True)]
    )
    found = [
        row
        for row in again.findings.to_pylist()
        if row["kind"] == "duplicate_household" and row["household_row"] == other[1]
    ]
    assert len(found) == 1


def test_the_same_snapshots_and_decisions_give_the_same_result(
    snapshots: Snapshots, once: Outcome, tmp_path: Path
) -> None:
    again = _compare(snapshots, tmp_path)
    assert again.children.equals(once.children)
    assert again.people.equals(once.people)
    assert again.findings.equals(once.findings)
    assert again.pairs == once.pairs


def test_each_row_of_a_register_is_in_one_child(once: Outcome, snapshots: Snapshots) -> None:
    for register in (Register.HOUSEHOLD, Register.STUDENT, Register.ROLL, Register.POVERTY, Register.SPECIAL):
        rows = sorted(row for rows in once.children[f"{register.value}_rows"].to_pylist() for row in rows or ())
        assert rows == sorted(set(rows))
        assert rows


def test_the_children_of_the_picture_are_the_children_with_a_combination(once: Outcome) -> None:
    counted = once.children.filter(pc.is_valid(once.children["combination"]))
    assert counted.num_rows == sum(row["children"] for row in once.summary["meeting"])
    assert pc.sum(counted["waits"]).as_py() == sum(row["waiting"] for row in once.summary["meeting"])


def test_a_pair_says_what_speaks_for_it_and_against_it(once: Outcome) -> None:
    judged = [pair for pair in once.pairs if pair.said]
    weights = [said.weight for pair in judged for said in pair.said]
    assert len(judged) > 3
    assert min(weights) < 0 < max(weights)
    equal_names = [said for pair in judged for said in pair.said if (said.field, said.level) == ("name", "equal")]
    assert all(said.weight > 0 for said in equal_names)
