"""A small county whose registers hold every kind of doubt, as snapshots, and a comparison of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from io import BytesIO
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from django.db import transaction
from tests.engine.registers import number, rows_of
from tests.system.places import NOW, Places

from baoxue.comparison.actions import start_run
from baoxue.comparison.models import Run
from baoxue.platform import jobs, storage
from baoxue.platform.actor import Actor, system_actor
from baoxue.platform.scope import Scope, acting_as
from baoxue.policy.registers import Register
from baoxue.reading.canonical import schema_of
from baoxue.registers.models import Snapshot

AS_OF = date(2025, 9, 20)
EVERYTHING = Scope("/", children=True, registers=frozenset({"*"}))
SURNAMES = "杨龙吴潘石田罗姚陆欧"
SCHOOL = {"school_code": "2152000001", "school_name": "双河镇中心小学", "grade": "5", "class_name": "1班"}

NEVER, NEVER_POOR, ABSENT, UNREGISTERED, OUTSIDER, OTHER_NAME = range(900, 906)


def name(child: int) -> str:
    """An invented name; no two of the county alike."""
    return SURNAMES[child % 10] + "天地玄黄宇宙洪荒日月"[child // 10 % 10] + "秋收冬藏闰余成岁律吕"[child // 100 % 10]


def person(child: int, **more: str) -> dict[str, str]:
    """One child as any register says it."""
    born = (date(2013, 9, 1) + timedelta(days=child)).isoformat()
    sex = "M" if child % 2 else "F"
    return {"name": name(child), "birth_date": born, "sex": sex, "id_number": number(born, child), **more}


def entry(child: int, **more: str) -> dict[str, str]:
    """A line of the household register."""
    township = "大坪乡" if child % 3 == 0 else "双河镇"
    home = {
        "address": f"岑巩县{township}田坝村{child}号",
        "household_number": f"H{child:05}",
        "guardian_name": f"{SURNAMES[child % 10]}大山",
        "head_name": f"{SURNAMES[child % 10]}大山",
        "phone": f"139{child:08}",
    }
    return {**person(child), **home, **more}


def record(child: int, **more: str) -> dict[str, str]:
    """A student record."""
    family = {key: value for key, value in entry(child).items() if key in ("guardian_name", "phone", "address")}
    numbered = {"student_number": f"L99000020{child:07}", "student_status": "enrolled"}
    return {**person(child), **family, **SCHOOL, **numbered, **more}


def pupil(child: int, **more: str) -> dict[str, str]:
    """A line of a roll."""
    return {**person(child), **SCHOOL, **more}


# Name and birthday in the household register and on record. The first two are doubtful to the rules; from the others they
# learn how often such records are of one child here.
DOUBTS = [
    ("吴佳怡", "吴佳慧", "2014-05-06", "2014-05-06"), ("潘宇航", "潘宇恒", "2013-02-11", "2013-02-11"),
    ("杨子萱", "杨子轩", "2014-03-12", "2014-03-12"), ("石思雨", "龙雨思", "2014-07-01", "2014-07-11"),
    ("田浩然", "杨浩宇", "2012-10-10", "2012-11-10"), ("罗梓晨", "潘紫晨", "2013-09-30", "2013-09-20"),
    ("姚欣怡", "姚心", "2014-01-02", "2014-01-12"), ("陆俊杰", "陆杰俊", "2014-08-08", "2013-08-09"),
]  # fmt: skip
FIRST_DOUBT = 950


def doubts() -> tuple[list[dict[str, str]], list[dict[str, str]], list[dict[str, str]]]:
    """Entries, records and lines of rolls that may be of the same children: nothing but name and birthday tells."""
    home, school, class_ = [], [], []
    for child, (name_there, name_here, born_there, born_here) in enumerate(DOUBTS, start=FIRST_DOUBT):
        said = {"id_number": "", "phone": ""}
        family = {"guardian_name": "杨国强", "head_name": "杨国强"}
        home.append(entry(child, name=name_there, birth_date=born_there, **said, **family))
        here = {"name": name_here, "birth_date": born_here, "id_number": ""}
        school.append(record(child, **here, phone="", guardian_name="龙秀珍", address="双河镇街上"))
        class_.append(pupil(child, **here))
    home.append(entry(990, name="吴佳乐", household_number=home[0]["household_number"], relation_to_head="女儿"))
    school.append(record(990, name="吴佳乐"))
    class_.append(pupil(990, name="吴佳乐"))
    return home, school, class_


def county(size: int = 60) -> dict[Register, list[dict[str, str]]]:
    """The registers of the county, as a reader hands them over."""
    plain = range(1, size + 1)
    home, school, class_ = doubts()
    return {
        Register.HOUSEHOLD: [*map(entry, (*plain, NEVER, NEVER_POOR, ABSENT, UNREGISTERED, OTHER_NAME)), *home],
        Register.STUDENT: [
            *map(record, (*plain, ABSENT, OUTSIDER)),
            record(OTHER_NAME, name=name(OTHER_NAME)[:2] + "霖"),
            *school,
        ],
        Register.ROLL: [*map(pupil, (*plain, UNREGISTERED, OUTSIDER, OTHER_NAME)), *class_],
        Register.POVERTY: [
            {**person(child), "household_number": f"P{child}", "address": entry(child)["address"]}
            for child in (1, 2, NEVER_POOR)
        ],
    }


def snapshot(
    places: Places, register: Register, said: Iterable[Mapping[str, Any]], *, as_of: date = AS_OF, now: datetime = NOW,
    department: str = "",
) -> Snapshot:  # fmt: skip
    """A snapshot of a register of the county."""
    table = pa.Table.from_pylist(rows_of(list(said)), schema=schema_of(None))
    file = BytesIO()
    pq.write_table(table, file)
    file.seek(0)
    kept, digest, _ = storage.keep(file, kind="snapshots")
    with acting_as(EVERYTHING), transaction.atomic():
        found: Snapshot = Snapshot.objects.create(
            county=places.county, place_path=places.county.path, register=register.value, department=department,
            as_of=as_of, rows=len(table), sha256=digest, file=kept, created_at=now, created_by="试",
        )  # fmt: skip
        return found


def snapshots(
    places: Places, registers: Mapping[Register, Iterable[Mapping[str, Any]]] | None = None, *, as_of: date = AS_OF,
    now: datetime = NOW,
) -> dict[Register, Snapshot]:  # fmt: skip
    """Snapshots of all registers of the county."""
    return {
        register: snapshot(places, register, said, as_of=as_of, now=now)
        for register, said in (county() if registers is None else registers).items()
    }


def compared(places: Places, *, by: Actor | None = None, as_of: date = AS_OF, now: datetime = NOW) -> Run:
    """A finished comparison over the latest snapshots."""
    by = by or system_actor("试", path=places.county.path)
    with acting_as(by.scope):
        run = start_run(county=places.county, as_of=as_of, by=by, now=now)
    jobs.run_job(job_id=str(run.job_id))
    with acting_as(EVERYTHING), transaction.atomic():
        done: Run = Run.objects.select_related("county", "job").get(pk=run.pk)
        return done
