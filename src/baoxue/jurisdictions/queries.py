"""Finding places."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from baoxue.jurisdictions.models import Jurisdiction, School
from baoxue.jurisdictions.parameters import upwards
from baoxue.platform.actor import Actor
from baoxue.policy.capabilities import Level

# What ends the name of a township and is often left out when people write an address.
_KIND = re.compile(r"(?:民族|侗族|苗族|土家族|[\u4e00-\u9fff]{1,3}族)*(?:街道办事处|街道|镇|乡)$")


def place_of(path: str) -> Jurisdiction | None:
    """The place with this path."""
    return Jurisdiction.objects.filter(path=path).first()


def county_by_code(code: str) -> Jurisdiction | None:
    """The county with this code."""
    return Jurisdiction.objects.filter(code=code, level=Level.COUNTY.value).first()


def county_of(path: str) -> Jurisdiction | None:
    """The county a place lies in; the place itself when it is one; None above counties."""
    parts = path.strip("/").split("/")
    paths = ["/" + "/".join(parts[:length]) + "/" for length in range(1, len(parts) + 1)]
    return Jurisdiction.objects.filter(path__in=paths, level=Level.COUNTY.value).first()


def within(path: str, level: Level) -> QuerySet[Jurisdiction]:
    """The places of a level at or under a path, by path."""
    return within_path(path).filter(level=level.value)


def within_path(path: str) -> QuerySet[Jurisdiction]:
    """The places at or under a path, by path."""
    return Jurisdiction.objects.filter(path__gte=path, path__lt=path[:-1] + "0").order_by("path")


def visible_place(code: str, by: Actor) -> Jurisdiction | None:
    """The place with this code, if it is within the actor's reach or above it: what holds there holds here."""
    place = Jurisdiction.objects.filter(code=code).first()
    if place is None or not (by.scope.covers(place.path) or by.scope.path.startswith(place.path)):
        return None
    return place


def above(place: Jurisdiction) -> list[Jurisdiction]:
    """The places above a place, from the top."""
    return list(Jurisdiction.objects.filter(path__in=upwards(place.path)[:-1]).order_by("path"))


def schools_of(path: str) -> QuerySet[School]:
    """The schools at or under a path, with their places."""
    return (
        School.objects.filter(jurisdiction__path__gte=path, jurisdiction__path__lt=path[:-1] + "0")
        .select_related("jurisdiction")
        .order_by("jurisdiction__path")
    )


def school_paths(county: Jurisdiction) -> dict[str, str]:
    """学校标识码 → path, of the schools of a county."""
    return {school.school_code: school.jurisdiction.path for school in schools_of(county.path)}


@dataclass(frozen=True, slots=True)
class TownshipFinder:
    """Finds the township a register row lives in. Made once per county, asked for many rows."""

    county_path: str
    by_code: dict[str, str]
    by_name: dict[str, str]
    names: re.Pattern[str] | None

    def path_of(self, region_code: str | None, address: str | None) -> str:
        """Path of the township by region code (9 or 12 digits) or by its name in the address; else the county's."""
        if region_code and len(region_code) >= 9:
            found = self.by_code.get(region_code[:9])
            if found is not None:
                return found
        if address and self.names is not None:
            match = self.names.search(address)
            if match is not None:
                return self.by_name[match.group()]
        return self.county_path

    def paths_of(self, region_codes: Sequence[str | None], addresses: Sequence[str | None]) -> list[str]:
        """`path_of` for many rows."""
        return [self.path_of(code, address) for code, address in zip(region_codes, addresses, strict=True)]


def township_finder(county: Jurisdiction) -> TownshipFinder:
    """A finder for the townships of a county."""
    townships = list(within(county.path, Level.TOWNSHIP))
    by_code = {place.region_code[:9]: place.path for place in townships if place.region_code}
    by_name = {place.name: place.path for place in townships}
    by_name |= _short_names((place.name, place.path) for place in townships)
    # The longest first: 大坪乡 must not be found in 大坪乡镇.
    ordered = sorted(by_name, key=lambda name: (-len(name), name))
    pattern = re.compile("|".join(map(re.escape, ordered))) if ordered else None
    return TownshipFinder(county.path, by_code, by_name, pattern)


def _short_names(places: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Names without their kind, where they still name one township only and are no single character."""
    paths: dict[str, set[str]] = {}
    for name, path in places:
        short = _KIND.sub("", name)
        if len(short) >= 2 and short != name:
            paths.setdefault(short, set()).add(path)
    return {short: found.pop() for short, found in paths.items() if len(found) == 1}
