"""The places of the county of `bench.ledgercounty`, its runs, and somebody who is signed in. Needs a configured Django."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from django.contrib.sessions.backends.db import SessionStore
from django.db import transaction

from baoxue.access.models import Account, Post
from baoxue.access.queries import SESSION
from baoxue.comparison.models import Run, RunState
from baoxue.jurisdictions.models import Jurisdiction, School
from baoxue.platform import clock
from baoxue.platform.asof import look_at
from baoxue.policy.capabilities import Level, Role
from baoxue.policy.schoolyear import school_year_of, semester_of
from baoxue.registers.models import Snapshot


def make_county(townships: int, schools: int) -> tuple[Jurisdiction, list[tuple[str, str]]]:
    """A county with its townships and schools; gives it and code and name of each school."""
    root = Jurisdiction.objects.create(path="/", level=Level.MINISTRY.value, code="0", name="教育部")
    province = _under(root, "99", "某省", Level.PROVINCE)
    city = _under(province, "9901", "某市", Level.CITY)
    county = _under(city, "990122", "岑巩县", Level.COUNTY)
    towns = [
        _under(county, f"990122{number + 100}", f"第{number + 1}镇", Level.TOWNSHIP) for number in range(townships)
    ]
    made = []
    for number in range(schools):
        code, name = f"21990{number:05d}", f"第{number + 1}小学"
        place = _under(towns[number % townships], code, name, Level.SCHOOL)
        School.objects.create(jurisdiction=place, school_code=code)
        made.append((code, name))
    return county, made


def _under(parent: Jurisdiction, code: str, name: str, level: Level) -> Jurisdiction:
    return Jurisdiction.objects.create(
        path=f"{parent.path}{code}/", level=level.value, code=code, name=name, parent=parent,
        region_code=code if level is Level.TOWNSHIP else "",
    )  # fmt: skip


@transaction.atomic
def make_run(county: Jurisdiction, as_of: date, files: dict[str, Path]) -> Run:
    """A run over snapshots whose files lie elsewhere."""
    run = Run.objects.create(
        county=county, place_path=county.path, school_year=school_year_of(as_of), semester=semester_of(as_of).value,
        as_of=as_of, state=RunState.DONE.value, verdicts_at=clock.now(), created_at=clock.now(), created_by_name="bench",
    )  # fmt: skip
    for name in files:
        if name != "children":
            run.snapshots.add(
                Snapshot.objects.create(
                    county=county,
                    place_path=county.path,
                    register=name,
                    as_of=as_of,
                    rows=1,
                    sha256="0" * 64,
                    file="",
                    created_at=clock.now(),
                    created_by="bench",
                )
            )
    return run


def signed_in(county: Jurisdiction, *, last_term: date) -> tuple[str, str]:
    """Two sessions of a county officer, one that looks at a day of last term; the keys go into the cookie."""
    account = Account.objects.create(
        username="bench", name="某专干", created_at=clock.now(), must_change_password=False
    )
    post = Post.objects.create(
        account=account, role=Role.COUNTY_OFFICER.value, jurisdiction=county, valid_from=date(2020, 1, 1),
        given_by="bench", given_at=clock.now(),
    )  # fmt: skip
    return _session(account, post), _session(account, post, as_of=last_term)


def _session(account: Account, post: Post, *, as_of: date | None = None) -> str:
    session, now = SessionStore(), clock.now().isoformat()
    session[SESSION] = {"account": account.pk, "post": post.pk, "began": now, "seen": now, "factor": True}
    if as_of is not None:
        look_at(session, as_of, today=clock.today())
    session.create()
    return str(session.session_key)
