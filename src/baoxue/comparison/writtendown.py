"""What a run found, as rows of the database and of its list of people."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from baoxue.comparison.models import Finding, Pair, Run
from baoxue.comparison.registerrows import SHOWN, RegisterRows
from baoxue.comparison.verdictsinforce import Answers
from baoxue.jurisdictions.queries import TownshipFinder
from baoxue.matching.output.findinglist import village
from baoxue.matching.output.meeting import SETTLED_WHEN_SURE
from baoxue.matching.reviewpairs import ReviewPair
from baoxue.platform.namekeys import name_key
from baoxue.policy.findings import Decision, FindingKind
from baoxue.policy.idnumber import mask
from baoxue.policy.registers import Register

_H, _S, _R, _P = Register.HOUSEHOLD, Register.STUDENT, Register.ROLL, Register.POVERTY

# The row by which the child of a finding is known again: the first of these that it has.
_ABOUT: Mapping[FindingKind, tuple[Register, ...]] = {
    FindingKind.NEVER_ENROLLED: (_H, _P, Register.SPECIAL, _S),
    FindingKind.ABSENT: (_S, _R, _H),
    FindingKind.ENROLLED_ELSEWHERE: (_H, _S),
    FindingKind.ATTENDING_UNREGISTERED: (_R, _S),
    FindingKind.NO_HOUSEHOLD: (_S,),
    FindingKind.DUPLICATE_STUDENT: (_S,),
    FindingKind.DUPLICATE_HOUSEHOLD: (_H,),
    FindingKind.IDENTITY_MISMATCH: (_H, _S),
    FindingKind.DECEASED_ON_ROLL: (_H, _S),
}
_NAME, _PLACE = 100, 120


@dataclass(frozen=True, slots=True)
class Places:
    """Where the rows of a county belong. `schools`: path by 学校标识码."""

    county: str
    townships: TownshipFinder
    schools: Mapping[str, str]

    def home(self, region_code: str | None, address: str | None) -> str:
        """Path of the township a household is registered in; the county's where it is not known."""
        return self.townships.path_of(region_code, address)

    def school(self, school_code: str | None) -> str:
        """Path of a school of the county, else empty."""
        return self.schools.get(school_code or "", "")


def findings_of(
    run: Run, found: pa.Table, registers: Mapping[Register, RegisterRows], places: Places, answers: Answers
) -> list[Finding]:
    """The findings of a run; those that a verdict in force answers are settled."""
    rows = found.to_pylist()
    about = [_about(row) for row in rows]
    subjects = {
        register: registers[register].subjects(row for of, row in about if of is register)
        for register in {register for register, _ in about}
    }
    return [
        _finding(run, row, subjects[register][number], places, answers)
        for row, (register, number) in zip(rows, about, strict=True)
    ]


def _about(row: Mapping[str, Any]) -> tuple[Register, int]:
    kind = FindingKind(row["kind"])
    for register in (*_ABOUT[kind], *Register):
        if row[f"{register.value}_row"] is not None:
            return register, row[f"{register.value}_row"]
    raise LookupError(row["finding_id"])


def _finding(run: Run, row: Mapping[str, Any], subject: bytes, places: Places, answers: Answers) -> Finding:
    kind = FindingKind(row["kind"])
    name = row["name"] or ""
    return Finding(
        run=run,
        key=row["finding_id"],
        kind=kind.value,
        decision=row["decision"],
        confidence=row["confidence"],
        subject=subject,
        rows={
            register.value: row[f"{register.value}_row"]
            for register in Register
            if row[f"{register.value}_row"] is not None
        },
        child=row["child"],
        combination=row["combination"] or "",
        waits=row["decision"] == Decision.REVIEW.value or kind not in SETTLED_WHEN_SURE,
        home_path=places.home(row["region_code"], row["address"]),
        school_path=places.school(row["school_code"]),
        name=name[:_NAME],
        name_sort=name_key(name).sort[: 2 * _NAME],
        sex=row["sex"] or "",
        birth_date=row["birth_date"],
        id_number=row["whole_number"] or "",
        id_masked=row["id_number"] or "",
        stage=row["stage"] or "",
        place_name=village(row["address"] or "")[:_PLACE],
        school_name=(row["school_name"] or "")[:_PLACE],
        poverty_household=row["poverty_household"],
        special_groups=row["groups"] or [],
        differs=[field for field in (row["differs"] or "").split(";") if field],
        reason=row["reason"],
        settled_by=answers.to(subject, kind),
    )


# The lists last: whether a child is on one alarms nobody by itself.
_ORDER = (_S, _R, Register.ELSEWHERE, _P, Register.SPECIAL)


def pairs_of(
    run: Run, pairs: Sequence[ReviewPair], registers: Mapping[Register, RegisterRows], places: Places
) -> list[Pair]:
    """The pairs of a run in the order in which they are looked at: what matters most, then the surest, first."""
    ordered = sorted(
        pairs, key=lambda pair: (_ORDER.index(pair.right), -pair.confidence, pair.left_row, pair.right_row)
    )
    sides = [(pair.left, pair.left_row) for pair in ordered] + [(pair.right, pair.right_row) for pair in ordered]
    rows = {register: [row for of, row in sides if of is register] for register in {register for register, _ in sides}}
    records = {register: registers[register].records(wanted) for register, wanted in rows.items()}
    subjects = {register: registers[register].subjects(wanted) for register, wanted in rows.items()}
    mates = registers[_H].households(rows[_H]) if _H in rows else {}
    return [
        _pair(run, position, pair, records, subjects, mates.get(pair.left_row, []) if pair.left is _H else [], places)
        for position, pair in enumerate(ordered, start=1)
    ]


def _pair(
    run: Run,
    position: int,
    pair: ReviewPair,
    records: Mapping[Register, Mapping[int, Mapping[str, Any]]],
    subjects: Mapping[Register, Mapping[int, bytes]],
    mates: Sequence[Mapping[str, Any]],
    places: Places,
) -> Pair:
    left, right = records[pair.left][pair.left_row], records[pair.right][pair.right_row]
    at_home = left if pair.left is _H else {}
    return Pair(
        run=run,
        position=position,
        left=pair.left.value,
        left_row=pair.left_row,
        right=pair.right.value,
        right_row=pair.right_row,
        name=left["name"][:_NAME],
        confidence=pair.confidence,
        left_record=_sealed(left),
        right_record=_sealed(right),
        left_subject=subjects[pair.left][pair.left_row],
        right_subject=subjects[pair.right][pair.right_row],
        evidence=[[said.field, said.level, said.words, said.weight] for said in pair.said],
        context=json.dumps([_mate(mate) for mate in mates], ensure_ascii=False) if mates else "",
        linked=pair.linked,
        home_path=places.home(at_home.get("region_code"), at_home.get("address")),
        school_path=places.school(right.get("school_code") or left.get("school_code")),
    )


def _sealed(record: Mapping[str, Any]) -> str:
    return json.dumps({name: record[name] for name in SHOWN if name in record}, ensure_ascii=False)


def _mate(mate: Mapping[str, Any]) -> dict[str, Any]:
    born = mate["birth_date"]
    return {
        "row": mate["row"],
        "name": mate["name"],
        "relation": mate["relation_to_head"] or "",
        "born": None if born is None else born.year,
    }


def people_of(people: pa.Table, places: Places) -> pa.Table:
    """The children of the picture as a list to be shown: by combination, then by name; numbers masked."""
    rows = people.to_pydict()
    homes = places.townships.paths_of(rows["region_code"], rows["address"])
    listed = pa.table(
        {
            "combination": rows["combination"],
            "name_sort": [name_key(name or "").sort for name in rows["name"]],
            "child": pa.array(rows["child"], type=pa.int32()),
            "waits": rows["waits"],
            "kinds": pa.array([kinds or "" for kinds in rows["finding_kinds"]], type=pa.string()),
            "name": rows["name"],
            "sex": pa.array(rows["sex"], type=pa.string()),
            "birth_date": pa.array(rows["birth_date"], type=pa.date32()),
            "id_masked": pa.array(_masked(rows["id_number"]), type=pa.string()),
            "home_path": homes,
            "place_name": [village(address or "") for address in rows["address"]],
            "school_path": [places.school(code) for code in rows["school_code"]],
            "school_name": pa.array(rows["school_name"], type=pa.string()),
            "grade": pa.array(rows["grade"], type=pa.int8()),
            "status": pa.array(rows["status"], type=pa.string()),
            "poverty_household": rows["poverty_household"],
            "groups": pa.array(rows["groups"], type=pa.list_(pa.string())),
        }
    )
    return listed.sort_by([("combination", "ascending"), ("name_sort", "ascending"), ("child", "ascending")])


def _masked(numbers: Iterable[str | None]) -> list[str]:
    return [mask(number) if number else "" for number in numbers]
