"""Reading the records: the three ledgers on any day, as known on any day; children; what changed between two days.

Everything starts from `visible_to`, and from one county: its indexes give a page of half a million rows in order.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, TypeVar

from django.db import connection
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery, Sum

from baoxue.audit.events import AuditEvent
from baoxue.audit.models import Entry
from baoxue.children.errors import NumberKept
from baoxue.children.models import (
    PROTECTED,
    Build,
    Child,
    Doubt,
    Enrolment,
    GroupMembership,
    LedgerSum,
    LedgerView,
    Schooling,
    Source,
)
from baoxue.comparison.groups import groups_seen
from baoxue.jurisdictions.models import Jurisdiction
from baoxue.jurisdictions.queries import county_of, within
from baoxue.platform.actor import Actor
from baoxue.platform.asking import Asked
from baoxue.platform.crypto import keyring
from baoxue.policy.capabilities import Level
from baoxue.policy.ledgers import DROPPED_OUT, Ledger
from baoxue.registers.models import Snapshot

# Past every character: the end of a range of texts that begin alike.
_END = "\U0010ffff"
_WHOLE_NUMBER = 8
_Row = TypeVar("_Row", Child, Schooling)


@dataclass(frozen=True, slots=True)
class Filters(Asked):
    """What of a ledger is looked at; empty = all. `township`, `school`: codes of places; `poverty`: `1` or `0`."""

    q: str = ""
    township: str = ""
    school: str = ""
    stage: str = ""
    grade: str = ""
    sex: str = ""
    status: str = ""
    poverty: str = ""
    group: str = ""


@dataclass(frozen=True, slots=True)
class Moment:
    """The day looked at, and what was known when (None: what is known now)."""

    as_of: date
    known_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Counts:
    """Rows of each ledger by 就学状况."""

    by_ledger: dict[Ledger, dict[str, int]] = field(default_factory=dict)

    def of(self, ledger: Ledger) -> int:
        """Rows of a ledger."""
        return sum(self.by_ledger.get(ledger, {}).values())


def counties_of(by: Actor) -> list[Jurisdiction]:
    """The counties an actor looks at: its own, or those under it."""
    own = county_of(by.scope.path)
    return [own] if own is not None else list(within(by.scope.path, Level.COUNTY))


def last_build(county: Jurisdiction, *, as_of: date) -> Build | None:
    """What the ledgers of a county rest on, as of a day."""
    return Build.objects.filter(county=county, as_of__lte=as_of).order_by("-as_of", "-built_at").first()


def holding(moment: Moment, *, prefix: str = "") -> Q:
    """Facts that hold on a day, as known then."""

    def at(name: str, value: object) -> Q:
        return Q(**{f"{prefix}{name}": value})

    valid = at("valid_from__lte", moment.as_of) & (at("valid_to", None) | at("valid_to__gt", moment.as_of))
    if moment.known_at is None:
        return valid & at("recorded_to", None)
    known = at("recorded_from__lte", moment.known_at) & (
        at("recorded_to", None) | at("recorded_to__gt", moment.known_at)
    )
    return valid & known


_MEMBERS: dict[Ledger, Q] = {
    Ledger.SCHOOL_AGE: Q(counted=True),
    Ledger.SUSPECTED: Q(suspected=True),
    Ledger.DROPOUT: Q(status__in=[status.value for status in DROPPED_OUT]),
}


def schooling(by: Actor, county: Jurisdiction, moment: Moment, filters: Filters = Filters()) -> QuerySet[Schooling]:
    """就学状况 of the children of a county on a day, filtered; of every ledger."""
    rows: QuerySet[Schooling] = _filtered(of_county(Schooling.objects, by, county), by, county, filters)
    rows = rows.filter(holding(moment))
    if filters.q:
        rows = rows.filter(child__in=named(by, county, filters.q).values("pk"))
    return rows


def of_county(rows: Any, by: Actor, county: Jurisdiction) -> QuerySet[Any]:
    """The rows of a county that an actor may see.

    Where the whole county is within reach its number says so: the paths again, on both walls, would make the planner
    believe that hardly a row passes.
    """
    if not (by.scope.children and by.scope.covers(county.path)):
        found: QuerySet[Any] = rows.visible_to(by).filter(county=county)
        return found
    whole: QuerySet[Any] = rows.filter(county=county)
    return whole


def as_seen(by: Actor, rows: Iterable[_Row]) -> list[_Row]:
    """Rows to be shown, without the special groups the actor may not know of."""
    found = list(rows)
    for row in found:
        row.groups = groups_seen(by, row.groups)
    return found


def _filtered(rows: QuerySet[Any], by: Actor, county: Jurisdiction, filters: Filters) -> QuerySet[Any]:
    exact: dict[str, object] = {
        "stage": filters.stage, "sex": filters.sex, "status": filters.status,
        "grade": int(filters.grade) if filters.grade.isdecimal() else None,
        "poverty_household": {"1": True, "0": False}.get(filters.poverty),
    }  # fmt: skip
    for name, code in (("home_path", filters.township), ("school_path", filters.school)):
        exact[name] = _path_of(county, code) if code else ""
    for name, value in exact.items():
        if value not in ("", None):
            rows = rows.filter(**{name: value})
    if not filters.group:
        return rows
    return rows.filter(groups__contains=[filters.group]) if groups_seen(by, [filters.group]) else rows.none()


def ledger(
    by: Actor, ledger: Ledger, *, county: Jurisdiction, moment: Moment, filters: Filters = Filters()
) -> QuerySet[Schooling]:
    """The rows of a ledger in the order of names."""
    return schooling(by, county, moment, filters).filter(_MEMBERS[ledger]).order_by("name_sort", "child_id")


def counts(by: Actor, county: Jurisdiction, moment: Moment, filters: Filters = Filters()) -> Counts:
    """The rows of all three ledgers, counted in one go: from the sums of the build they rest on, where there are any.

    What cases said since is counted beside the sums: after a build, only they let rows begin and end.
    """
    build = None if moment.known_at is not None or filters.q else last_build(county, as_of=moment.as_of)
    if build is None:
        alike: Any = schooling(by, county, moment, filters).order_by().values("status")
        with without(*(("seqscan",) if filters.q else ())):
            return _counted([(1, list(alike.annotate(**{n: Count("pk", filter=q) for n, q in _BY_LEDGER.items()})))])
    sums = _filtered(LedgerSum.objects.visible_to(by).filter(build=build), by, county, filters)
    rows = sums.values("status").annotate(**{name: Sum("rows", filter=q) for name, q in _BY_LEDGER.items()})
    since = _filtered(of_county(Schooling.objects, by, county), by, county, filters).filter(recorded_to=None)
    began = since.filter(valid_from__gt=build.as_of, valid_from__lte=moment.as_of)
    ended = since.filter(valid_to__gt=build.as_of, valid_to__lte=moment.as_of)
    few = {name: Count("pk", filter=q) for name, q in _BY_LEDGER.items()}
    moved = [(sign, list(of.order_by().values("status").annotate(**few))) for sign, of in ((1, began), (-1, ended))]
    return _counted([(1, list(rows)), *moved])


def _counted(parts: list[tuple[int, list[dict[str, Any]]]]) -> Counts:
    by_ledger: dict[Ledger, dict[str, int]] = {ledger: {} for ledger in Ledger}
    for sign, rows in parts:
        for row in rows:
            for ledger, found in by_ledger.items():
                found[row["status"]] = found.get(row["status"], 0) + sign * (row[_name(ledger)] or 0)
    return Counts({ledger: {status: n for status, n in found.items() if n} for ledger, found in by_ledger.items()})


def _name(ledger: Ledger) -> str:
    return f"in_{ledger.name.lower()}"


_BY_LEDGER: dict[str, Any] = {_name(ledger): members for ledger, members in _MEMBERS.items()}


def after(rows: QuerySet[Any], position: tuple[str, str] | None, *, key: str = "child_id") -> QuerySet[Any]:
    """The rows after a position (name key, id) in the order of names: paging that stays quick at the end of the list."""
    if position is None:
        return rows
    sort, pk = position
    return rows.filter(Q(name_sort__gt=sort) | Q(name_sort=sort, **{f"{key}__gt": pk}), name_sort__gte=sort)


def take(rows: QuerySet[Any], position: tuple[str, str] | None, size: int, *, key: str, named: bool) -> list[Any]:
    """The next rows of an ordered list. `named`: limited to names that begin alike, which are few and sorted quickly.

    Behind the second wall the planner believes that a list of a county is short, and would read and sort all of it for a
    page; here it has to follow the index.
    """
    rows = after(rows, position, key=key)[:size]
    with without("seqscan") if named else without("seqscan", "bitmapscan", "sort"):
        return list(rows)


@contextmanager
def without(*ways: str) -> Iterator[None]:
    """Ask without these ways of the planner. The settings end with the transaction, also when it fails."""
    _set_ways(ways, "off")
    yield
    _set_ways(ways, "on")


def _set_ways(ways: Iterable[str], value: str) -> None:
    with connection.cursor() as cursor:
        for way in ways:
            cursor.execute("SELECT set_config(%s, %s, true)", [f"enable_{way}", value])


def position_of(rows: QuerySet[Any], text: str, *, key: str = "child_id") -> tuple[str, str] | None:
    """The position of a row of a list by its child's id, as it stands in an address; None where there is none.

    Addresses have ids only: the name by which the list goes on is looked up.
    """
    try:
        pk = uuid.UUID(text)
    except ValueError:
        return None
    sort = rows.order_by().filter(**{key: pk}).values_list("name_sort", flat=True).first()
    return None if sort is None else (sort, str(pk))


def with_children(by: Actor, rows: Iterable[Schooling], *, opened: bool = False) -> list[Schooling]:
    """Rows with their child's record as `record`; None where the child is out of reach by now. `opened`: with what is sealed.

    Not by a join: a school keeps the rows of a child that has moved on.
    """
    found = as_seen(by, rows)
    records = Child.objects.visible_to(by)
    by_id = (records if opened else records.defer(*PROTECTED)).in_bulk([row.child_id for row in found])
    for row in found:
        row.record = by_id.get(row.child_id)  # type: ignore[attr-defined]
    return found


def _path_of(county: Jurisdiction, code: str) -> str:
    """The path of a place of the county by its code; one that nothing has where there is none."""
    found = Jurisdiction.objects.filter(code=code, path__startswith=county.path).values_list("path", flat=True).first()
    return found or "-"


@dataclass(frozen=True, slots=True)
class Change:
    """A ledger on two days: earlier + entered - left = later, and who they are."""

    earlier: int
    later: int
    entered: int
    left: list[tuple[str, int]]
    rows_entered: QuerySet[Schooling]
    rows_left: QuerySet[Schooling]
    rows_stayed: QuerySet[Schooling]

    @property
    def stayed(self) -> int:
        """Who stands in it on both days."""
        return self.later - self.entered


def change(
    by: Actor, which: Ledger, *, county: Jurisdiction, earlier: Moment, later: Moment, filters: Filters = Filters()
) -> Change:
    """Who came into a ledger between two days, who left and what became of them.

    `left`: 就学状况 on the later day ("" = no register has the child any more) and number.
    """
    before = ledger(by, which, county=county, moment=earlier, filters=filters)
    now = ledger(by, which, county=county, moment=later, filters=filters)
    entered = now.filter(~Exists(before.order_by().filter(child=OuterRef("child"))))
    stayed = now.filter(Exists(before.order_by().filter(child=OuterRef("child"))))
    there = schooling(by, county, later).order_by()
    left = before.filter(~Exists(now.order_by().filter(child=OuterRef("child")))).annotate(
        became=Subquery(there.filter(child=OuterRef("child")).values("status")[:1]),
        now_at=Subquery(there.filter(child=OuterRef("child")).values("school_name")[:1]),
    )
    why = left.order_by().values("became").annotate(rows=Count("pk")).order_by("became")
    return Change(
        earlier=before.count(),
        later=now.count(),
        entered=entered.count(),
        left=[(row["became"] or "", row["rows"]) for row in why],
        rows_entered=entered,
        rows_left=left,
        rows_stayed=stayed,
    )


# Children ---------------------------------------------------------------------------------------------------------


def children(by: Actor, county: Jurisdiction) -> QuerySet[Child]:
    """The children of a county, those merged into others left out, in the order of names."""
    rows: QuerySet[Child] = of_county(Child.objects, by, county).filter(merged_into=None)
    return rows.order_by("name_sort", "pk")


def child_of(by: Actor, child_id: Any) -> Child | None:
    """A child by its id; of a merged record, None."""
    rows: QuerySet[Child] = Child.objects.visible_to(by).filter(pk=child_id, merged_into=None)
    return next(iter(as_seen(by, rows)), None)


def beginning(name: str, text: str) -> Q:
    """Texts that begin so, by comparison and not by LIKE: behind the second wall only this uses the index."""
    return Q(**{f"{name}__gte": text, f"{name}__lt": text + _END})


def named(by: Actor, county: Jurisdiction, text: str) -> QuerySet[Child]:
    """The children of a county whose name, pinyin or initials begin so, or whose whole number this is."""
    rows: QuerySet[Child] = of_county(Child.objects, by, county).filter(merged_into=None)
    return rows.filter(_called(text))


def is_number(text: str) -> bool:
    """Whether what somebody looks for may be a whole identity or student number."""
    return sum(sign.isdigit() for sign in text) >= _WHOLE_NUMBER


def keep_no_number(text: str) -> None:
    """Raises NumberKept for what may be a whole number: what is looked for so is neither kept nor part of an address."""
    if is_number(text):
        raise NumberKept


def kind_of(text: str) -> str:
    """Of what kind the words of a search are, for the record: number, pinyin or name."""
    return "number" if any(sign.isdigit() for sign in text) else "pinyin" if text.isascii() else "name"


def _called(text: str) -> Q:
    text = text.strip()
    plain = text.replace(" ", "").replace("'", "").lower()
    if not plain:
        return Q(pk=None)
    if any(sign.isdigit() for sign in plain):
        return _numbered(plain.upper())
    if plain.isascii():
        return beginning("name_pinyin", plain) | beginning("name_initials", plain)
    return beginning("name", text)


def _numbered(number: str) -> Q:
    """By the keyed hash of a whole number: parts of one find nothing."""
    if len(number) < _WHOLE_NUMBER:
        return Q(pk=None)
    ring = keyring()
    return Q(id_digest=ring.digest(number, kind="id_number")) | Q(
        student_digest=ring.digest(number, kind="student_number")
    )


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found: children (one more than shown means that there are more), schools by code and name."""

    children: list[Child]
    more: bool
    schools: list[Jurisdiction]

    @property
    def count(self) -> int:
        """Answers in all."""
        return len(self.children) + len(self.schools)


SHOWN = 8


def search(by: Actor, text: str) -> Found:
    """Children and schools within reach by what a person types; at most `SHOWN` of each."""
    counties = counties_of(by)
    found: list[Child] = []
    if text.strip():
        every = all(by.scope.covers(county.path) for county in counties) and by.scope.children
        rows = Child.objects.all() if every else Child.objects.visible_to(by)
        rows = rows.filter(_called(text), county__in=counties, merged_into=None).defer(*PROTECTED)
        with without("seqscan"):
            found = list(rows.order_by("name_sort", "birth_date", "pk")[: SHOWN + 1])
    return Found(found[:SHOWN], len(found) > SHOWN, _schools(by, text.strip()))


def _schools(by: Actor, text: str) -> list[Jurisdiction]:
    if len(text) < 2:
        return []
    schools = within(by.scope.path, Level.SCHOOL)
    return list(schools.filter(Q(name__contains=text) | Q(code=text)).order_by("path")[:SHOWN])


# One child ---------------------------------------------------------------------------------------------------------


def enrolments_of(by: Actor, child: Child, moment: Moment) -> list[Enrolment]:
    """Where a child has been enrolled up to a day, as known then; the newest first."""
    return list(_history(Enrolment.objects.visible_to(by), child, moment))


def schooling_of(by: Actor, child: Child, moment: Moment) -> list[Schooling]:
    """就学状况 of a child up to a day, as known then; the newest first."""
    return list(_history(Schooling.objects.visible_to(by), child, moment))


def groups_of(by: Actor, child: Child, moment: Moment) -> list[GroupMembership]:
    """The special groups a child has belonged to up to a day, as known then."""
    rows: list[GroupMembership] = list(_history(GroupMembership.objects.visible_to(by), child, moment))
    return [row for row in rows if groups_seen(by, [row.group])]


def _history(rows: QuerySet[Any], child: Child, moment: Moment) -> QuerySet[Any]:
    known = (
        Q(recorded_to=None)
        if moment.known_at is None
        else Q(recorded_from__lte=moment.known_at) & (Q(recorded_to=None) | Q(recorded_to__gt=moment.known_at))
    )
    return rows.filter(known, child=child, valid_from__lte=moment.as_of).order_by("-valid_from", "-pk")


def sources_of(by: Actor, child: Child) -> list[Source]:
    """The register rows that are this child now."""
    order = {
        name: place for place, name in enumerate(("household", "student", "roll", "poverty", "special", "elsewhere"))
    }
    rows = Source.objects.visible_to(by).filter(child=child, recorded_to=None)
    return sorted(rows, key=lambda source: (order[source.register], source.row))


def snapshots_of(by: Actor, sources: Iterable[Source]) -> dict[uuid.UUID, Snapshot]:
    """The snapshots of some rows by their id. Not joined to the rows: a school sees its child's rows, but no snapshot."""
    found: dict[uuid.UUID, Snapshot] = Snapshot.objects.visible_to(by).in_bulk(
        {source.snapshot_id for source in sources}
    )
    return found


def viewers_of(by: Actor, child: Child) -> list[Entry]:
    """Who last saw the whole number of a child, the newest first."""
    seen = Entry.objects.visible_to(by).filter(
        target_type="Child", target_id=str(child.pk), event=AuditEvent.NUMBER_REVEALED.value
    )
    return list(seen.order_by("-at")[:5])


def doubts_open(by: Actor) -> QuerySet[Doubt]:
    """Pairs of records that a person should look at, the newest first."""
    rows: QuerySet[Doubt] = Doubt.objects.visible_to(by).filter(
        settled_at=None, child__merged_into=None, other__merged_into=None
    )
    return rows.select_related("child", "other").order_by("-raised_at", "-pk")


def doubts_of(by: Actor, child: Child) -> list[Doubt]:
    """The open doubts about a child."""
    return list(doubts_open(by).filter(Q(child=child) | Q(other=child)))


NOT_OF_A_VIEW = frozenset({"after", "start", "part"})
"""Parameters of a ledger's page that say where one is in it, not what is looked at."""


def own_views(by: Actor) -> QuerySet[Any]:
    """The saved views of whoever acts."""
    return LedgerView.objects.visible_to(by).filter(account_id=by.account_id)


def views_of(by: Actor, which: Ledger) -> list[LedgerView]:
    """The saved views of a ledger of whoever acts, by name."""
    return list(own_views(by).filter(ledger=which.value).order_by("name"))


def names_of_places(paths: Iterable[str]) -> dict[str, str]:
    """Path → name."""
    return dict(Jurisdiction.objects.filter(path__in=set(paths)).values_list("path", "name"))
