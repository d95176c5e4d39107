"""The city: its places, and one account for each role. What is there already stays as it is."""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path

from django.db import transaction

from baoxue.access.models import Account, Post
from baoxue.cli.demonstration.making import CITY, COUNTIES, seed_of
from baoxue.jurisdictions.actions import add_place, add_school, set_term
from baoxue.jurisdictions.codes import load_codes, load_holidays
from baoxue.jurisdictions.models import Jurisdiction
from baoxue.jurisdictions.queries import schools_of, within
from baoxue.platform.actor import system_actor
from baoxue.platform.clock import day_of
from baoxue.platform.scope import EVERYWHERE, acting_as
from baoxue.policy.capabilities import Department, Level, Role
from baoxue.policy.regions import province_name, region_of
from baoxue.policy.schoolyear import SchoolStage, Semester, school_year_of
from baoxue.synth.places import JUNIOR, Places, make_places

_STAGES = {0: (SchoolStage.PRIMARY,), JUNIOR: (SchoolStage.JUNIOR_SECONDARY,)}
_BY = system_actor("演示", path="/")


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """One line of `demo-accounts.json` (INTERFACES, section 1). `scope`: path of the place."""

    username: str
    password: str
    role: str
    scope: str
    scope_name: str


def build_places(*, children: int, now: datetime) -> list[Jurisdiction]:
    """Put the city, its counties, their townships and schools into the tree; gives the counties."""
    with acting_as(EVERYWHERE), transaction.atomic():
        ministry = Jurisdiction.objects.filter(path="/").first() or Jurisdiction.objects.create(
            path="/", level=Level.MINISTRY.value, code="0", name="教育部"
        )
        load_codes()
        load_holidays()
        province = _place(ministry, Level.PROVINCE, CITY[:2], province_name(CITY) or CITY, now)
        city = _place(province, Level.CITY, CITY[:4], _name(CITY), now)
        _enter_terms(city, now)
        counties = []
        for code in COUNTIES:
            county = _place(city, Level.COUNTY, code, _name(code), now)
            _fill(county, make_places(children, code, seed_of(code)), now)
            counties.append(county)
    return counties


def _enter_terms(city: Jurisdiction, now: datetime) -> None:
    """The terms of last school year and this: about when they run in the province (no document says so)."""
    this = school_year_of(day_of(now))
    for year in (this - 1, this):
        for semester, first, last in (
            (Semester.AUTUMN, date(year, 9, 1), date(year + 1, 1, 16)),
            (Semester.SPRING, date(year + 1, 2, 24), date(year + 1, 7, 10)),
        ):
            set_term(place=city, school_year=year, semester=semester, first_day=first, last_day=last, by=_BY, now=now)


def _name(code: str) -> str:
    region = region_of(code)
    return code if region is None else region.name


def _place(parent: Jurisdiction, level: Level, code: str, name: str, now: datetime) -> Jurisdiction:
    known = Jurisdiction.objects.filter(code=code).first()
    return known or add_place(parent=parent, level=level, code=code, name=name, by=_BY, now=now)


def _fill(county: Jurisdiction, made: Places, now: datetime) -> None:
    if schools_of(county.path).exists():
        return
    townships = [
        add_place(
            parent=county,
            level=Level.TOWNSHIP,
            code=f"{county.code}{100 + number}",
            name=name,
            region_code=f"{county.code}{100 + number}000",
            by=_BY,
            now=now,
        )
        for number, name in enumerate(made.townships)
    ]
    for code, name, township, level in zip(
        made.school_code, made.school_name, made.school_township, made.school_level, strict=True
    ):
        add_school(
            parent=townships[int(township)], school_code=code, name=name, stages=_STAGES[int(level)], by=_BY, now=now
        )


def make_accounts(counties: list[Jurisdiction], path: Path, *, now: datetime) -> list[DemoAccount]:
    """One account for each role, and an officer of the second county, with random passwords; written to `path`, mode 600.

    Where the file is there, its accounts are.
    """
    if path.exists():
        return [DemoAccount(**line) for line in json.loads(path.read_text(encoding="utf-8"))]
    with acting_as(EVERYWHERE), transaction.atomic():
        made = [_account(role, place, department, now) for role, place, department in _posts(counties)]
    aside = path.with_suffix(".part")
    aside.unlink(missing_ok=True)
    with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        json.dump([asdict(account) for account in made], file, ensure_ascii=False, indent=2)
    aside.rename(path)
    return made


def _posts(counties: list[Jurisdiction]) -> list[tuple[Role, Jurisdiction, Department | None]]:
    county, second = counties
    city = county.parent
    assert city is not None
    assert city.parent is not None
    school = schools_of(county.path)[0].jurisdiction
    township = within(county.path, Level.TOWNSHIP)[0]
    at = {
        Role.CLASS_TEACHER: school,
        Role.RECORD_KEEPER: school,
        Role.PRINCIPAL: school,
        Role.TOWNSHIP_OFFICER: township,
        Role.GRID_WORKER: township,
        Role.CITY_OFFICER: city,
        Role.PROVINCE_OFFICER: city.parent,
    }
    department = {Role.DEPARTMENT_OFFICER: Department.POLICE}
    posts = [(role, at.get(role, county), department.get(role)) for role in Role]
    return [*posts, (Role.COUNTY_OFFICER, second, None)]


def _account(role: Role, place: Jurisdiction, department: Department | None, now: datetime) -> DemoAccount:
    password = secrets.token_urlsafe(12)
    username = f"{role.value}-{place.code}"
    account = Account.objects.filter(username=username).first() or Account(username=username, created_at=now)
    account.looked_after_at = place.path
    account.name = f"{place.name}{role.label}"
    account.must_change_password = False
    account.password_changed_at = now
    account.set_password(password)
    account.save()
    Post.objects.get_or_create(
        account=account,
        role=role.value,
        jurisdiction=place,
        defaults={
            "department": "" if department is None else department.value,
            "valid_from": day_of(now),
            "given_by": _BY.name,
            "given_at": now,
        },
    )
    return DemoAccount(username, password, role.value, place.path, place.name)
