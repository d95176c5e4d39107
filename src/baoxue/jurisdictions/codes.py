"""The official codes and holidays, from the packaged files into the database."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from datetime import date, datetime
from importlib.resources import files
from typing import Any

from django.db import connection, transaction

from baoxue.jurisdictions.models import Jurisdiction, RegionCode, SpecialDay
from baoxue.platform.actor import Actor
from baoxue.platform.errors import InputRefused
from baoxue.policy.calendar import DayKind
from baoxue.policy.capabilities import Capability, Level

_COLUMNS = "code, name, level, parent_code, valid_from, valid_to, successors"
# What the code list calls the districts, or the counties, of a municipality: no city of its own.
_NO_CITY = frozenset({"市辖区", "县"})
# xx90: counties right under a province (GB/T 2260).
_UNDER_PROVINCE = "90"


def load_codes() -> int:
    """Put all official codes to township level, with their history, into RegionCode; gives their number.

    What is there is replaced: the packaged files are the whole list.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM jurisdictions_regioncode")
        number = 0
        with cursor.copy(f"COPY jurisdictions_regioncode ({_COLUMNS}) FROM STDIN") as copy:
            for row in _rows():
                copy.write_row(row)
                number += 1
    return number


def load_holidays() -> int:
    """Put the days of the packaged notices into the calendar of the whole country; what was entered by hand stays."""
    country, _ = Jurisdiction.objects.get_or_create(
        path="/", defaults={"level": Level.MINISTRY.value, "code": "0", "name": "教育部"}
    )
    entries = [
        SpecialDay(
            jurisdiction=country, day=date.fromisoformat(day), kind=DayKind(kind).value, name=name, document=document
        )
        for day, kind, name, document in _lines(_text("holidays.tsv"))
    ]
    return len(SpecialDay.objects.bulk_create(entries, ignore_conflicts=True))


@transaction.atomic
def found_county(code: str, *, by: Actor, now: datetime) -> Jurisdiction:
    """The county with an official code, with its province, its city and its townships; made where they are not there.

    Counties right under a province (省直管县) and districts of a municipality have no city above them; 东莞 and the like
    are a city and its only county in one. Raises NotPermitted, InputRefused.
    """
    by.require(Capability.MANAGE_JURISDICTIONS, at="/")
    known = RegionCode.objects.filter(code=code, valid_to=None).first()
    townships = list(RegionCode.objects.filter(parent_code=code, level=Level.TOWNSHIP.value).order_by("code"))
    if known is None or (known.level != Level.COUNTY.value and not townships):
        raise InputRefused(f"{code} 不是现在的县级代码。", field="code")
    country, _ = Jurisdiction.objects.get_or_create(
        path="/", defaults={"level": Level.MINISTRY.value, "code": "0", "name": "教育部"}
    )
    above = _found(country, Level.PROVINCE, code[:2], _name_of(f"{code[:2]}0000"))
    city = RegionCode.objects.filter(code=f"{code[:4]}00").first()
    if city is not None and city.name not in _NO_CITY and city.code != code and code[2:4] != _UNDER_PROVINCE:
        above = _found(above, Level.CITY, code[:4], city.name)
    county = _found(above, Level.COUNTY, code, known.name, region_code=code)
    for township in townships:
        _found(county, Level.TOWNSHIP, township.code, township.name, region_code=township.code)
    return county


def _found(parent: Jurisdiction, level: Level, code: str, name: str, *, region_code: str = "") -> Jurisdiction:
    place, _ = Jurisdiction.objects.get_or_create(
        code=code,
        defaults={
            "path": f"{parent.path}{code}/",
            "level": level.value,
            "name": name,
            "parent": parent,
            "region_code": region_code,
        },
    )
    return place


def _name_of(code: str) -> str:
    return RegionCode.objects.get(code=code).name


def _rows() -> Iterator[tuple[Any, ...]]:
    for code, name, first, last, successors in _lines(_text("regions.tsv")):
        level, parent = _level_of(code)
        yield code, name, level.value, parent, first or None, last or None, successors
    packed = files("baoxue.policy").joinpath("data", "townships.tsv.gz").read_bytes()
    for code, name in _lines(gzip.decompress(packed).decode()):
        yield code, name, Level.TOWNSHIP.value, code[:6], None, None, ""


def _level_of(code: str) -> tuple[Level, str]:
    if code.endswith("0000"):
        return Level.PROVINCE, ""
    if code.endswith("00"):
        return Level.CITY, f"{code[:2]}0000"
    return Level.COUNTY, f"{code[:4]}00"


def _text(name: str) -> str:
    return files("baoxue.policy").joinpath("data", name).read_text(encoding="utf-8")


def _lines(text: str) -> Iterator[list[str]]:
    return (line.split("\t") for line in text.splitlines() if line and not line.startswith("#"))
