"""Places near and far with everything the system keeps in each, and somebody at work in every post.

What lies outside of a post's reach has the mark of its place in its texts: a page that shows the mark has leaked.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from io import BytesIO
from typing import Any

from django.db import transaction
from tests.system.places import NOW, TODAY, Places, make_places, post_of

from baoxue.access.models import Post, Token
from baoxue.audit.models import Entry
from baoxue.cases.clocks import limits_now
from baoxue.cases.models import Attempt, Case, Duty, Evidence, Lead, StageChange
from baoxue.children.models import (
    Build,
    Child,
    Doubt,
    Enrolment,
    Export,
    GroupMembership,
    LedgerView,
    Merge,
    Schooling,
    Source,
)
from baoxue.comparison.models import Finding, Pair, Run, Verdict
from baoxue.jurisdictions.models import CodeListEntry, Jurisdiction, School
from baoxue.notifications.actions import notify
from baoxue.notifications.models import Channel
from baoxue.notifications.recipients import Recipient
from baoxue.platform import storage
from baoxue.platform.crypto import keyring
from baoxue.platform.models import Job
from baoxue.platform.scope import Scope, acting_as
from baoxue.policy.capabilities import ROLES, Department, Level, Role
from baoxue.policy.notices import NoticeKind
from baoxue.registers.models import Import, Snapshot

EVERYTHING = Scope("/", children=True, registers=frozenset({"*"}))


@contextmanager
def undone() -> Iterator[None]:
    """What happens inside is taken back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@dataclass(frozen=True, slots=True)
class Site:
    """A county with a township and a school, and one of everything in it. `mark` stands in every text."""

    mark: str
    county: Jurisdiction
    township: Jurisdiction
    school: Jurisdiction
    objects: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class World:
    """`home` is where the posts are; the others are foreign to posts at and below the level they are named for."""

    places: Places
    posts: dict[str, Post]
    home: Site
    next_township: Site
    next_county: Site
    far: Site

    def foreign_to(self, post: Post) -> list[Site]:
        """The sites a post does not reach, the nearest first."""
        sites = (self.next_township, self.next_county, self.far)
        return [site for site in sites if not site.township.path.startswith(post.jurisdiction.path)]


# Every role once, at the lowest level it can be at above schools' heads; departments with a register and without.
POSTS: list[tuple[str, Role, Department | None]] = [
    (role.value, role, None) for role in Role if role is not Role.DEPARTMENT_OFFICER
] + [
    (f"{Role.DEPARTMENT_OFFICER.value}-{department.value}", Role.DEPARTMENT_OFFICER, department)
    for department in (Department.POLICE, Department.JUSTICE)
]
POST_NAMES = [name for name, _, _ in POSTS]
_CAPABILITIES = {name: ROLES[role].capabilities for name, role, _ in POSTS}


def let_in(needs: Any) -> list[str]:
    """The posts that the gate of a page lets in, by what it says it needs."""
    return [name for name in POST_NAMES if isinstance(needs, str) or _CAPABILITIES[name] & set(needs)]


def make_world() -> World:
    """Put everything into the database."""
    places = make_places()
    with acting_as(EVERYTHING):
        return World(
            places,
            {name: post_of(role, _place_of(role, places), department=department) for name, role, department in POSTS},
            home=make_site("本乡本土", places.county, places.township, places.school),
            next_township=make_site("邻镇别处", places.county, places.other_township, places.other_school),
            next_county=make_site("邻县别处", places.other_county, places.foreign_township, places.foreign_school),
            far=_far_away(),
        )


def _place_of(role: Role, places: Places) -> Jurisdiction:
    levels = ROLES[role].levels
    by_level = {
        Level.SCHOOL: places.school,
        Level.TOWNSHIP: places.township,
        Level.COUNTY: places.county,
        Level.CITY: places.city,
        Level.PROVINCE: places.province,
    }
    return next(place for level, place in by_level.items() if level in levels)


def _far_away() -> Site:
    ministry = Jurisdiction.objects.get(path="/")
    parent = ministry
    made = []
    for level, code, name in (
        (Level.PROVINCE, "43", "湖南省"),
        (Level.CITY, "4312", "怀化市"),
        (Level.COUNTY, "431227", "新晃侗族自治县"),
        (Level.TOWNSHIP, "431227100", "晃州镇"),
        (Level.SCHOOL, "2143000009", "晃州镇完小"),
    ):
        parent = Jurisdiction.objects.create(
            path=f"{parent.path}{code}/", level=level.value, code=code, name=name, parent=parent
        )
        made.append(parent)
    School.objects.create(jurisdiction=made[-1], school_code=made[-1].code)
    return make_site("远省别处", made[2], made[3], made[4])


def make_site(mark: str, county: Jurisdiction, township: Jurisdiction, school: Jurisdiction) -> Site:
    """One of everything at a place."""
    site = Site(mark, county, township, school)
    site.objects.update(_jurisdiction_objects(site))
    site.objects.update(_register_objects(site))
    site.objects.update(_comparison_objects(site))
    site.objects.update(_child_objects(site))
    site.objects.update(_case_objects(site))
    site.objects.update(_access_objects(site))
    site.objects.update(_notification_objects(site))
    return site


def _jurisdiction_objects(site: Site) -> dict[str, Any]:
    code = f"X{CodeListEntry.objects.count()}"
    entry = CodeListEntry.objects.create(
        jurisdiction=site.township, code_list="measure", code=code, label=site.mark, means="M01", document=site.mark,
        valid_from=TODAY, recorded_at=NOW, recorded_by=site.mark,
    )  # fmt: skip
    return {"code entry": entry}


def _register_objects(site: Site) -> dict[str, Any]:
    job = Job.objects.create(
        kind="registers.read", place_path=site.county.path, actor={}, step=site.mark, created_at=NOW,
        sentence=site.mark,
    )  # fmt: skip
    snapshot = Snapshot.objects.create(
        county=site.county, place_path=site.county.path, register="household", as_of=TODAY, rows=1, sha256="0" * 64,
        file="", counts={"rows": 1, "accepted": 1, "rejected": 0}, created_at=NOW, created_by=site.mark,
    )  # fmt: skip
    imported = Import.objects.create(
        county=site.county, place_path=site.county.path, register="household", as_of=TODAY, state="refused",
        file_name=f"{site.mark}.xlsx", upload="none", upload_sha256="0" * 64, upload_size=1, sentence=site.mark, job=job,
        created_at=NOW, created_by_name=site.mark,
    )  # fmt: skip
    return {"job": job, "snapshot": snapshot, "import": imported}


def _comparison_objects(site: Site) -> dict[str, Any]:
    run = Run.objects.create(
        county=site.county, place_path=site.county.path, school_year=2025, semester="autumn", as_of=TODAY, state="done",
        sentence=site.mark, verdicts_at=NOW, created_at=NOW, created_by_name=site.mark, ended_at=NOW,
    )  # fmt: skip
    home = {"home_path": site.township.path, "school_path": site.school.path}
    verdict = Verdict.objects.create(
        county=site.county, **home, kind="elsewhere", subject=b"\1" * 32, finding_kind="absent", evidence=site.mark, run=run,
        name=site.mark,
        decided_at=NOW, decided_by_name=site.mark,
    )  # fmt: skip
    finding = Finding.objects.create(
        run=run, **home, key="k1", child=1, combination="110", waits=True, kind="absent", decision="review", confidence=0.9,
        subject=b"\2" * 32, name=site.mark,
        name_sort="x", reason=site.mark, id_number="990122201405060000", id_masked="990122***********0",
        school_name=site.mark, place_name=site.mark,
    )  # fmt: skip
    record = '{"name": "' + site.mark + '"}'
    pair = Pair.objects.create(
        run=run, **home, position=1, left="household", left_row=1, right="student", right_row=1, confidence=0.7,
        name=site.mark, linked=True, left_record=record, right_record=record, left_subject=b"\3" * 32, right_subject=b"\4" * 32,
    )  # fmt: skip
    return {"run": run, "verdict": verdict, "finding": finding, "pair": pair}


def _child_objects(site: Site) -> dict[str, Any]:
    home = {"home_path": site.township.path, "school_path": site.school.path}
    number = "990122201405060000"
    child, other = (
        Child.objects.create(
            county=site.county, **home, name=site.mark, name_sort="lin2", name_pinyin="linbiechu", name_initials="lbc",
            sex="F", birth_date=date(2014, 5, 6), id_number=number, id_masked="990122***********0",
            id_digest=keyring().digest(number, kind="id_number"), status="08", school_name=site.mark, grade=3,
            created_at=NOW, changed_at=NOW,
        )
        for _ in range(2)
    )  # fmt: skip
    times = {"county": site.county, **home, "valid_from": date(2025, 9, 1), "recorded_from": NOW}
    Enrolment.objects.create(child=child, **times, school_name=site.mark, student_status="active")
    for status in ("08", "10"):
        Schooling.objects.create(
            child=child, **times, status=status, counted=status == "08", suspected=status == "08", name=site.mark,
            name_sort="lin2", sex="F", birth_date=date(2014, 5, 6), stage="primary", school_name=site.mark, grade=3,
            reason=site.mark,
        )  # fmt: skip
    GroupMembership.objects.create(child=child, **times, group="orphan", source="special")
    source = Source.objects.create(
        child=child, county=site.county, **home, register="household", subject=b"\5" * 32, row=1, recorded_from=NOW,
        snapshot=site_snapshot(site),
    )  # fmt: skip
    merge = Merge.objects.create(
        kind="merge", kept=child, other=other, **home, reason=site.mark, at=NOW, by_name=site.mark
    )
    doubt = Doubt.objects.create(kind="same", child=child, other=other, county=site.county, **home, raised_at=NOW)
    Build.objects.create(
        county=site.county, place_path=site.county.path, run=site.objects["run"], as_of=TODAY, built_at=NOW
    )
    view = LedgerView.objects.create(account_id=0, place_path=site.county.path, ledger="school-age", name=site.mark)
    export = Export.objects.create(
        place_path=site.county.path, account_id=0, kind="ledger", file_name=f"{site.mark}.xlsx", created_at=NOW,
        created_by_name=site.mark, expires_at=NOW,
    )  # fmt: skip
    return {"child": child, "source": source, "merge": merge, "doubt": doubt, "view": view, "export": export}


def _case_objects(site: Site) -> dict[str, Any]:
    home = {"home_path": site.township.path, "school_path": site.school.path}
    written = {"written_at": NOW, "by_name": site.mark}
    child = site.objects["child"]
    case = Case.objects.create(
        **home, number=f"2025-{Case.objects.count()}", county=site.county, child=child, name=site.mark, name_sort="lin2",
        school_name=site.mark, place_name=site.mark, stage="verifying", stage_since=NOW, opened_at=NOW,
        limits=limits_now(site.county, on=TODAY), due_on=TODAY, due_clock="verify", due_role="record_keeper",
    )  # fmt: skip
    lead = Lead.objects.create(
        **home, **written, county=site.county, child=child, name=site.mark, source="school", found_on=TODAY,
        key=str(Lead.objects.count()), words=site.mark,
    )  # fmt: skip
    StageChange.objects.create(
        **home, **written, case=case, transition="open", to_stage="verifying", clause="", version=1, reason=site.mark
    )
    Duty.objects.create(
        **home, case=case, county=site.county, clock="verify", started_on=TODAY, days=7, day_type="calendar", due_on=TODAY,
        owner_role="record_keeper", owner_path=site.school.path, next_on=TODAY,
    )  # fmt: skip
    Attempt.objects.create(
        **home, **written, case=case, nth=1, at=NOW, day=TODAY, measure="M01", is_visit=False, result="undecided",
        talk=site.mark,
    )  # fmt: skip
    file, _, _ = storage.keep(BytesIO(b"%PDF-"), kind="evidence")
    evidence = Evidence.objects.create(
        **home, **written, case=case, kind="other", words=site.mark, file=file, content_type="application/pdf"
    )
    return {"case": case, "lead": lead, "evidence": evidence}


def site_snapshot(site: Site) -> Snapshot:
    """The snapshot the site's rows come from."""
    snapshot: Snapshot = site.objects["snapshot"]
    return snapshot


def _notification_objects(site: Site) -> dict[str, Any]:
    channel = Channel.objects.create(
        jurisdiction=site.township, place_path=site.township.path, kind="wecom", name=site.mark, created_at=NOW,
        address=f"https://robot.example/{site.mark}", created_by_name=site.mark, next_try_at=NOW,
    )  # fmt: skip
    levels = {Level.COUNTY: site.county, Level.TOWNSHIP: site.township, Level.SCHOOL: site.school}
    told = [
        Recipient.holders(role, place.path)
        for role in Role
        for level, place in levels.items()
        if level in ROLES[role].levels
    ]
    told.append(Recipient.account(site.objects["account"].pk))
    notify(
        to=told,
        kind=NoticeKind.OTHER,
        sentence=site.mark,
        url="/",
        key=site.mark,
        place_path=site.township.path,
        now=NOW,
    )
    return {"channel": channel}


def _access_objects(site: Site) -> dict[str, Any]:
    post = post_of(Role.COUNTY_OFFICER, site.county, username=f"{site.mark}的人")
    type(post.account).objects.filter(pk=post.account_id).update(name=site.mark, looked_after_at=site.county.path)
    token = Token.objects.create(
        post=post, name=site.mark, digest=site.mark.encode().ljust(32, b"\0"), created_at=NOW, expires_at=NOW
    )
    entry = Entry.objects.create(
        at=NOW, event="exported", account_id=post.account_id, post_id=post.pk, actor_name=site.mark,
        place_path=site.township.path, detail={},
    )  # fmt: skip
    return {"account": post.account, "post": post, "token": token, "entry": entry}
