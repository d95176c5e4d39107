"""The first findings of each kind, as the page lists them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import duckdb

from baoxue.matching.output.facts import RunFacts
from baoxue.matching.output.wording import EXPLAINED
from baoxue.policy.findings import Decision, FindingKind
from baoxue.policy.registers import Register
from baoxue.policy.sex import SEX_LABELS

SHOWN = 50
"""Findings of one kind on the page; all of them stand in findings.csv."""

_PLACE_ENDS = re.compile(r"村|社区|居委会|嘎查|街道|镇|乡|苏木")
_COUNTY_ENDS = re.compile(r"[省市县旗州盟]|(?<!社)区")
_SHORTEST_PLACE = 3


@dataclass(frozen=True, slots=True)
class ShownFinding:
    """One line of a list. `place`: the school, or the village of the household."""

    name: str
    person: str
    masked: tuple[str, str, str]
    place: str
    reason: str
    marks: tuple[str, ...]
    sure: bool
    rows: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FindingList:
    """The findings of one kind: the counts of all, and the first."""

    kind: FindingKind
    explained: str
    total: int
    auto: int
    review: int
    shown: list[ShownFinding]


def finding_lists(
    connection: duckdb.DuckDBPyConnection, facts: RunFacts, counts: Mapping[str, Mapping[str, int]]
) -> list[FindingList]:
    """One list per kind, those of poverty households and special groups first."""
    shown: dict[str, list[ShownFinding]] = {kind.value: [] for kind in FindingKind}
    found = connection.execute(f"""
        WITH school_names AS (
            SELECT school_code, min(school_name) AS school_name
            FROM (SELECT school_code, school_name FROM student
                  UNION ALL SELECT school_code, school_name FROM roll)
            WHERE school_code IS NOT NULL AND school_name IS NOT NULL GROUP BY school_code
        ), ranked AS (
            SELECT *, row_number() OVER (
                PARTITION BY kind
                ORDER BY poverty_household DESC, coalesce(special_groups, '') = '',
                         household_row, student_row, roll_row, finding_id
            ) AS place
            FROM findings
        )
        SELECT f.kind, f.decision, f.confidence, f.household_row, f.student_row, f.roll_row, f.poverty_row,
               f.elsewhere_row, f.name, f.sex, f.birth_date, f.id_number, f.poverty_household,
               f.special_groups, f.reason, h.address, n.school_name, coalesce(e.school_name, '') AS far_school
        FROM ranked f
        LEFT JOIN household h ON h.row = f.household_row
        LEFT JOIN school_names n ON n.school_code = f.school_code
        LEFT JOIN elsewhere e ON e.row = f.elsewhere_row
        WHERE f.place <= {SHOWN}
        ORDER BY f.kind, f.place
    """)
    names = [column[0] for column in found.description]
    for values in found.fetchall():
        row = dict(zip(names, values, strict=True))
        shown[row["kind"]].append(_shown(row, facts.as_of))
    return [_list(kind, counts[kind], shown[kind]) for kind in EXPLAINED]


def _list(kind: FindingKind, counts: Mapping[str, int], shown: list[ShownFinding]) -> FindingList:
    return FindingList(kind, EXPLAINED[kind], counts["total"], counts["auto"], counts["review"], shown)


def _shown(row: Mapping[str, Any], as_of: date) -> ShownFinding:
    return ShownFinding(
        name=row["name"] or "（没有姓名）",
        person=_person(row["sex"], row["birth_date"], as_of),
        masked=_parts(row["id_number"] or ""),
        place=row["school_name"] or row["far_school"] or village(row["address"] or ""),
        reason=row["reason"] or "",
        marks=_marks(row),
        sure=row["decision"] == Decision.AUTO,
        rows=tuple(
            f"{register.label} {row[f'{register}_row']:,}"
            for register in Register
            if row.get(f"{register}_row") is not None
        ),
    )


def _person(sex: str | None, birth: date | None, as_of: date) -> str:
    words = [SEX_LABELS[sex]] if sex in SEX_LABELS else []
    if birth is not None:
        words.append(f"{as_of.year - birth.year - ((as_of.month, as_of.day) < (birth.month, birth.day))} 岁")
    return " ".join(words)


def _parts(masked: str) -> tuple[str, str, str]:
    """A masked number before, in and after its stars."""
    found = re.fullmatch(r"([^*]*)(\*+)([^*]*)", masked)
    return (found[1], found[2], found[3]) if found else (masked, "", "")


def village(address: str) -> str:
    """双河镇杉木村 out of 某市某县双河镇杉木村三组12号: enough to know where to go, less than a door."""
    ends = [match.end() for match in _PLACE_ENDS.finditer(address)]
    if not ends:
        return ""
    place = address[: ends[-1]]
    starts = [0, *(match.end() for match in _COUNTY_ENDS.finditer(place))]
    # A county's word may stand inside a village's name (州口村): what is left must still be a name.
    return next(place[start:] for start in reversed(starts) if len(place) - start >= _SHORTEST_PLACE or start == 0)


def _marks(row: Mapping[str, Any]) -> tuple[str, ...]:
    groups = [group for group in (row["special_groups"] or "").split(";") if group]
    return tuple((["脱贫户"] if row["poverty_household"] else []) + groups)
