"""What people do, each in a process of its own: `python -m tests.faults.act ACT …`. Prints what came of it as JSON."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from contextlib import nullcontext
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import django

django.setup()

from django.db import transaction  # noqa: E402
from tests.system.places import make_places, post_of  # noqa: E402

from baoxue.access.actions import create_token  # noqa: E402
from baoxue.access.actors import actor_of  # noqa: E402
from baoxue.access.models import Post  # noqa: E402
from baoxue.children.models import Build, Child, Schooling  # noqa: E402
from baoxue.comparison.actions import start_run  # noqa: E402
from baoxue.comparison.models import Run  # noqa: E402
from baoxue.jurisdictions.queries import county_by_code  # noqa: E402
from baoxue.operation.democlock import move_clock  # noqa: E402
from baoxue.platform import clock, jobs  # noqa: E402
from baoxue.platform.actor import Actor, system_actor  # noqa: E402
from baoxue.platform.models import Beat, Job  # noqa: E402
from baoxue.platform.scope import EVERYWHERE, acting_as  # noqa: E402
from baoxue.policy.capabilities import Capability, Role  # noqa: E402
from baoxue.policy.registers import Register  # noqa: E402
from baoxue.registers.actions import confirm, start_import  # noqa: E402
from baoxue.registers.models import Import, Snapshot  # noqa: E402

AS_OF = date(2025, 9, 20)


def _officer() -> Actor:
    return actor_of(Post.objects.get(role=Role.COUNTY_OFFICER.value))


def places() -> None:
    """A county and its officer."""
    post_of(Role.COUNTY_OFFICER, make_places().county)


def token() -> str:
    """An access token of the officer, for what the officer may do."""
    by = _officer()
    may = by.capabilities - {Capability.USE_TOKENS}
    post = Post.objects.get(pk=by.post_id)
    return create_token(post=post, name="试", capabilities=may, days=30, by=by, now=clock.now())[1]


def fill(rows: str) -> str:
    """Ask for the slow job."""
    by = system_actor("试", path="/")
    return str(jobs.ask("faults.fill", {"rows": int(rows)}, place_path="/", by=by, now=clock.now()).pk)


def bring(register: str, path: str) -> str:
    """Bring a register in; gives its job."""
    county = county_by_code("522626")
    assert county is not None
    with Path(path).open("rb") as file:
        made = start_import(
            file=file, file_name=Path(path).name, register=Register(register), county=county, as_of=AS_OF,
            by=_officer(), now=clock.now(),
        )  # fmt: skip
    return str(made.job_id)


def accept() -> int:
    """Confirm every import that is read; gives the number of snapshots."""
    for imported in Import.objects.filter(state="preview"):
        confirm(imported=imported, reason="", by=_officer(), now=clock.now())
    return Snapshot.objects.count()


def compare() -> str:
    """Ask for a comparison; gives its job."""
    county = county_by_code("522626")
    assert county is not None
    return str(start_run(county=county, as_of=AS_OF, by=_officer(), now=clock.now()).job_id)


def jobs_now() -> list[dict[str, Any]]:
    """Every job there is."""
    fields = ("kind", "state", "step", "done", "attempts", "sentence")
    return [{name: getattr(job, name) for name in fields} for job in Job.objects.order_by("created_at")]


def owe(days: str) -> str:
    """Let so many days up to today be still to be done; gives today."""
    today = clock.today()
    Beat.objects.filter(name="faults.day").delete()
    Beat.objects.create(name="faults.day", day=today - timedelta(days=int(days)), done_at=clock.now())
    return today.isoformat()


def move(days: str) -> str:
    """Put the clock forward; gives the day it is then."""
    return clock.day_of(move_clock(to=clock.now() + timedelta(days=int(days)), by=_officer())).isoformat()


def counts() -> dict[str, int]:
    """What there is after everything."""
    return {
        "snapshots": Snapshot.objects.count(),
        "rows": sum(Snapshot.objects.values_list("rows", flat=True)),
        "runs": Run.objects.filter(state="done").count(),
        "builds": Build.objects.count(),
        "children": Child.objects.count(),
        "stretches": Schooling.objects.count(),
    }


ACTS: dict[str, Callable[..., Any]] = {
    act.__name__: act for act in (places, token, fill, bring, accept, compare, jobs_now, owe, move, counts)
}

if __name__ == "__main__":
    act, *given = sys.argv[1:]
    # The clock is moved outside of any transaction, as by its address.
    with acting_as(EVERYWHERE), nullcontext() if act == "move" else transaction.atomic():
        print(json.dumps(ACTS[act](*given)))  # noqa: T201
