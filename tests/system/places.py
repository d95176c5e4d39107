"""A small tree of places, and people at work in it, for the tests of the system."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

from baoxue.access.actors import actor_of
from baoxue.access.models import Account, Post
from baoxue.jurisdictions.models import Jurisdiction, School
from baoxue.platform.actor import Actor
from baoxue.policy.capabilities import Department, Level, Role

NOW = datetime(2025, 10, 14, 1, 0, tzinfo=UTC)
TODAY = date(2025, 10, 14)


@dataclass(frozen=True, slots=True)
class Places:
    """Two counties of a city, each with two townships and two schools."""

    province: Jurisdiction
    city: Jurisdiction
    county: Jurisdiction
    other_county: Jurisdiction
    township: Jurisdiction
    other_township: Jurisdiction
    school: Jurisdiction
    other_school: Jurisdiction
    foreign_township: Jurisdiction
    foreign_school: Jurisdiction


def make_places() -> Places:
    """Put the tree into the database."""
    ministry = _place(None, "/", Level.MINISTRY, "0", "教育部")
    province = _place(ministry, "/52/", Level.PROVINCE, "52", "贵州省")
    city = _place(province, "/52/5226/", Level.CITY, "5226", "黔东南苗族侗族自治州")
    county = _place(city, "/52/5226/522626/", Level.COUNTY, "522626", "岑巩县")
    other = _place(city, "/52/5226/522627/", Level.COUNTY, "522627", "天柱县")
    township = _place(county, "/52/5226/522626/522626100/", Level.TOWNSHIP, "522626100", "双河镇")
    other_township = _place(county, "/52/5226/522626/522626101/", Level.TOWNSHIP, "522626101", "大坪乡")
    foreign_township = _place(other, "/52/5226/522627/522627100/", Level.TOWNSHIP, "522627100", "凤城镇")
    return Places(
        province,
        city,
        county,
        other,
        township,
        other_township,
        _school(township, "2152000001", "双河镇中心小学"),
        _school(other_township, "3152000002", "大坪中学"),
        foreign_township,
        _school(foreign_township, "2152000003", "凤城镇中心小学"),
    )


def post_of(
    role: Role, place: Jurisdiction, *, username: str = "", department: Department | None = None, password: str = ""
) -> Post:
    """A new account with one post."""
    account = Account(
        username=username or f"{role.value}-{place.code}-{department or ''}",
        name=f"{role.label}一",
        created_at=NOW,
        must_change_password=False,
    )
    if password:
        account.set_password(password)
    account.save()
    return Post.objects.create(
        account=account,
        role=role.value,
        jurisdiction=place,
        department="" if department is None else department.value,
        valid_from=date(2025, 9, 1),
        given_by="试",
        given_at=NOW,
    )


def actor(role: Role, place: Jurisdiction, *, department: Department | None = None) -> Actor:
    """Somebody at work in a new post."""
    return actor_of(post_of(role, place, department=department))


def _place(parent: Jurisdiction | None, path: str, level: Level, code: str, name: str) -> Jurisdiction:
    return Jurisdiction.objects.get_or_create(
        path=path, defaults={"level": level.value, "code": code, "name": name, "parent": parent}
    )[0]


def _school(township: Jurisdiction, school_code: str, name: str) -> Jurisdiction:
    place = _place(township, f"{township.path}{school_code}/", Level.SCHOOL, school_code, name)
    School.objects.get_or_create(jurisdiction=place, defaults={"school_code": school_code})
    return place
