"""How hard the registers are to compare: what the simplest comparison reaches on them."""

from __future__ import annotations

from collections import defaultdict

import pytest

from baoxue.policy.registers import Register

from .conftest import County, made


def _f1_of_exact_numbers_then_names(county: County) -> float:
    """F1 over all pairs of a household and a student row of one child."""
    household = list(enumerate(zip(county.rows[Register.HOUSEHOLD], county.child[Register.HOUSEHOLD], strict=True)))
    student = list(enumerate(zip(county.rows[Register.STUDENT], county.child[Register.STUDENT], strict=True)))
    by_number = _pairs(household, student, lambda row: row.get("公民身份号码") or row.get("身份证件号"))
    left, right = {one for one, _ in by_number}, {other for _, other in by_number}
    by_name = _pairs(
        [item for item in household if item[0] not in left],
        [item for item in student if item[0] not in right],
        lambda row: f"{row['姓名']}{row['出生日期']}".replace("-", ""),
    )
    found = by_number | by_name
    true = {(i, j) for i, j in _pairs_of_truth(household, student)}
    return 2 * len(found & true) / (len(found) + len(true))


def _pairs(left, right, key):
    of = defaultdict(list)
    for position, (row, _) in left:
        of[key(row)].append(position)
    of.pop(None, None)
    return {(one, other) for other, (row, _) in right for one in of.get(key(row), ())}


def _pairs_of_truth(left, right):
    of = defaultdict(list)
    for position, (_, child) in left:
        of[child].append(position)
    return [(one, other) for other, (_, child) in right for one in of.get(child, ())]


@pytest.mark.parametrize(("errors", "low", "high"), [(0.0, 0.997, 1.0), (1.0, 0.988, 0.998), (3.0, 0.955, 0.986)])
def test_exact_numbers_then_names_reach_about_what_they_reach_on_real_registers(tmp_path, errors, low, high):
    county = made(tmp_path, children=6000, seed=77, errors=errors, elsewhere_rows=0)
    assert low < _f1_of_exact_numbers_then_names(county) < high
