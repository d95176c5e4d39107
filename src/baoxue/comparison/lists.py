"""Lists behind the numbers: findings by filter, children of a combination, pairs, verdicts, and what changed between runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb
from django.db.models import Exists, OuterRef, Q, QuerySet

from baoxue.comparison.groups import groups_seen
from baoxue.comparison.models import Finding, Pair, Run, Verdict
from baoxue.comparison.picture import OPEN
from baoxue.jurisdictions.models import Jurisdiction
from baoxue.jurisdictions.queries import within
from baoxue.platform import clock, storage
from baoxue.platform.actor import Actor
from baoxue.policy.capabilities import Level
from baoxue.policy.findings import FindingKind
from baoxue.policy.specialgroup import SpecialGroup
from baoxue.policy.verdicts import VerdictKind

STATES = {"waiting": "待核", "settled": "已有结论", "all": "全部"}


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list of findings is narrowed to; "" = not at all. `home`: code of a township. `state`: of STATES."""

    kind: str = ""
    combination: str = ""
    home: str = ""
    poor: str = ""
    group: str = ""
    state: str = "waiting"
    words: str = ""

    @classmethod
    def of(cls, query: Mapping[str, str]) -> Filters:
        """The filters that an address names; what it cannot mean is left out."""
        kinds, groups = {kind.value for kind in FindingKind}, {group.value for group in SpecialGroup}
        kind, group, state = query.get("kind", ""), query.get("group", ""), query.get("state", "")
        combination = query.get("combination", "")
        return cls(
            kind=kind if kind in kinds else "",
            combination=combination if len(combination) == 3 and set(combination) <= set("01") else "",
            home=query.get("home", "")[:20],
            poor="1" if query.get("poor") == "1" else "",
            group=group if group in groups else "",
            state=state if state in STATES else "waiting",
            words=query.get("words", "").strip()[:50],
        )


def findings(run: Run, by: Actor, filters: Filters) -> QuerySet[Any]:
    """Findings of a run, poverty households first, then by name; with the verdicts that settle them."""
    found = Finding.objects.visible_to(by).filter(run=run).select_related("settled_by")
    if filters.kind:
        found = found.filter(kind=filters.kind)
    if filters.combination:
        found = found.filter(combination=filters.combination)
    if filters.home:
        place = within(run.place_path, Level.TOWNSHIP).filter(code=filters.home).first()
        found = found.none() if place is None else found.filter(home_path=place.path)
    if filters.poor:
        found = found.filter(poverty_household=True)
    if filters.group:
        may = groups_seen(by, [filters.group])
        found = found.filter(special_groups__contains=may) if may else found.none()
    if filters.state == "waiting":
        found = found.filter(OPEN)
    elif filters.state == "settled":
        found = found.exclude(OPEN)
    if filters.words:
        found = found.filter(name__contains=filters.words)
    return found.order_by("-poverty_household", "name_sort", "pk").defer("id_number")


def townships(run: Run) -> list[Jurisdiction]:
    """The townships of a run's county."""
    return list(within(run.place_path, Level.TOWNSHIP))


@dataclass(frozen=True, slots=True)
class Person:
    """One child of the picture, as a list shows it, with what was found of it."""

    name: str
    sex: str
    birth_date: Any
    id_masked: str
    place_name: str
    school_name: str
    grade: int | None
    poverty_household: bool
    groups: Sequence[str]
    findings: Sequence[Finding]


@dataclass(frozen=True, slots=True)
class People:
    """A part of a list of children, and how many are on all of it."""

    items: list[Person]
    count: int


_SHOWN = "name, sex, birth_date, id_masked, place_name, school_name, grade, poverty_household, groups"
# A child waits while one of its findings is open, and where the engine was unsure of it without finding anything.
_WAITS = "(child in (select unnest($open::integer[])) or (waits and kinds = ''))"
_IN_STATE = {"waiting": f" and {_WAITS}", "settled": f" and not {_WAITS}", "all": ""}


def people(run: Run, by: Actor, combination: str, *, state: str, offset: int, limit: int) -> People:
    """Children of a combination in a state (of STATES), by name: as many as the picture counts.

    Whoever sees the run sees its county, and so all of them.
    """
    if not run.people:
        return People([], 0)
    found = Finding.objects.visible_to(by).filter(run=run)
    asked: dict[str, Any] = {"combination": combination}
    if state != "all":
        asked["open"] = list(found.filter(OPEN, combination=combination).values_list("child", flat=True))
    with storage.opened(run.people, suffix=".parquet") as path, duckdb.connect() as connection:
        of = f"from read_parquet($file) where combination = $combination{_IN_STATE[state]}"
        asked["file"] = str(path)
        [(count,)] = connection.execute(f"select count(*) {of}", asked).fetchall()
        # The file is in this order: it is not sorted again.
        part = connection.execute(f"select child, {_SHOWN} {of} limit {int(limit)} offset {int(offset)}", asked)
        rows = part.fetchall()
    of_child: dict[int, list[Finding]] = {}
    for finding in found.filter(child__in=[child for child, *_ in rows]).defer("id_number").order_by("pk"):
        of_child.setdefault(finding.child, []).append(finding)
    return People([_person(row, of_child.get(child, []), by) for child, *row in rows], int(count))


def _person(row: Sequence[Any], findings: Sequence[Finding], by: Actor) -> Person:
    said = dict(zip(_SHOWN.split(", "), row, strict=True))
    said["groups"] = [SpecialGroup(group).label for group in groups_seen(by, said["groups"] or ())]
    return Person(**said, findings=findings)


def pairs(run: Run, by: Actor) -> QuerySet[Any]:
    """The pairs of a run in the order in which they are looked at, with the verdicts on them."""
    return Pair.objects.visible_to(by).filter(run=run).select_related("run__county", "verdict").order_by("position")


def next_pair(run: Run, by: Actor, *, after: int = 0) -> Pair | None:
    """The next pair that nobody has decided: first those not looked at, then those put aside."""
    open_ones = pairs(run, by).filter(verdict=None)
    found: Pair | None = open_ones.filter(position__gt=after).first() or open_ones.first()
    return found


def former_verdicts(pair: Pair, by: Actor) -> QuerySet[Any]:
    """What was decided before about the same two rows, the latest first."""
    same = Verdict.objects.visible_to(by).filter(
        county_id=pair.run.county_id, subject=pair.left_subject, other_subject=pair.right_subject
    )
    return same.exclude(pk=pair.verdict_id).order_by("-decided_at")


def last_decision(run: Run, by: Actor) -> Verdict | None:
    """The newest answer of this person about a pair of this run, which can be taken back."""
    if by.account_id is None:
        return None
    mine = Verdict.objects.visible_to(by).filter(
        run=run, decided_by_id=by.account_id, withdrawn_at=None, finding_kind="", pairs__run=run
    )
    found: Verdict | None = mine.select_related("county").order_by("-decided_at", "-pk").first()
    return found


def verdicts(by: Actor, *, about: str = "") -> QuerySet[Any]:
    """What has been decided and holds, the latest first. `about`: `pairs`, `findings` or both."""
    held = Verdict.objects.visible_to(by).filter(withdrawn_at=None).select_related("county")
    if about == "pairs":
        held = held.filter(finding_kind="")
    elif about == "findings":
        held = held.exclude(finding_kind="")
    return held.exclude(kind=VerdictKind.CANNOT_TELL).order_by("-decided_at", "-pk")


@dataclass(frozen=True, slots=True)
class Changes:
    """What waits in a run against an earlier one. Each is a queryset of findings, of verdicts for `expired`."""

    new: QuerySet[Any]
    gone: QuerySet[Any]
    still: QuerySet[Any]
    expired: QuerySet[Any]


def changes(run: Run, before: Run, by: Actor) -> Changes:
    """Findings that came, went and stayed. The same finding: the same kind about the same child.

    Of those gone, `now_other` says whether the child has another finding now, `answered` whether a person had settled it.
    """

    def same_in(other: Run) -> Exists:
        return Exists(
            Finding.objects.visible_to(by).filter(run=other, subject=OuterRef("subject"), kind=OuterRef("kind"))
        )

    listed = Finding.objects.visible_to(by).defer("id_number").order_by("kind", "name_sort", "pk")
    now, then = listed.filter(OPEN, run=run), listed.filter(OPEN, run=before)
    elsewhere = Finding.objects.visible_to(by).filter(run=run, subject=OuterRef("subject"))
    return Changes(
        new=now.filter(~same_in(before)),
        gone=then.filter(~same_in(run)).annotate(now_other=Exists(elsewhere)),
        still=now.filter(same_in(before)),
        expired=Verdict.objects.visible_to(by)
        .filter(
            Q(withdrawn_at=None) | Q(withdrawn_at__gt=run.verdicts_at),
            county=run.county_id,
            decided_at__lte=before.verdicts_at,
            expires_on__gte=clock.day_of(before.verdicts_at),
            expires_on__lt=clock.day_of(run.verdicts_at),
        )
        .order_by("expires_on"),
    )


def run_before(run: Run, by: Actor) -> Run | None:
    """The finished run of the same county before this one."""
    found: Run | None = (
        Run.objects.visible_to(by)
        .filter(county=run.county_id, state="done", created_at__lt=run.created_at)
        .order_by("-created_at")
        .first()
    )
    return found
