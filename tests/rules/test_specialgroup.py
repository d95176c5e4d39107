"""特殊群体."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baoxue.policy.specialgroup import SpecialGroup, special_groups_of


@pytest.mark.parametrize(
    ("written", "groups"),
    [
        ("孤儿", [SpecialGroup.ORPHAN]),
        ("父母双亡孤儿", [SpecialGroup.ORPHAN]),
        ("事实无人抚养儿童", [SpecialGroup.UNSUPPORTED_CHILD]),
        ("事实孤儿", [SpecialGroup.UNSUPPORTED_CHILD]),  # 民发〔2019〕62号: its parents live
        ("智力残疾二级", [SpecialGroup.DISABLED]),
        ("重病重残", [SpecialGroup.DISABLED]),
        ("困境儿童", [SpecialGroup.CHILD_IN_DIFFICULTY]),
        ("农村留守儿童", [SpecialGroup.LEFT_BEHIND_CHILD]),
        ("随迁子女", [SpecialGroup.MIGRANT_CHILD]),
        ("进城务工人员子女", [SpecialGroup.MIGRANT_CHILD]),
        ("涉案未成年人", [SpecialGroup.MINOR_IN_CONTACT_WITH_LAW]),
        ("残疾、孤儿", [SpecialGroup.ORPHAN, SpecialGroup.DISABLED]),
        ("孤儿 孤儿;留守", [SpecialGroup.ORPHAN, SpecialGroup.LEFT_BEHIND_CHILD]),
        ("困境儿童(残疾)", [SpecialGroup.DISABLED, SpecialGroup.CHILD_IN_DIFFICULTY]),
    ],
)
def test_a_cell_names_its_groups_each_once_and_in_order(written: str, groups: list[SpecialGroup]) -> None:
    assert special_groups_of(written) == tuple(groups)


@pytest.mark.parametrize(
    "written",
    [
        "",
        "无",
        "否",
        "正常",
        "非留守儿童",
        "不是孤儿",
        "无残疾",
        "残疾:否",
        "父母重残",
        "残疾人子女",
        "残疾人家庭",
    ],
)
def test_a_cell_that_denies_a_group_or_speaks_of_the_parents_names_none(written: str) -> None:
    assert special_groups_of(written) == ()


@given(st.lists(st.sampled_from(list(SpecialGroup))))
def test_codes_and_labels_written_by_us_are_read_back(groups: list[SpecialGroup]) -> None:
    expected = tuple(group for group in SpecialGroup if group in groups)
    assert special_groups_of(";".join(group.value for group in groups)) == expected
    assert special_groups_of("、".join(group.label for group in groups)) == expected
