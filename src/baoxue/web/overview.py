"""What a city or a province sees first: each county, its newest comparison, and what waits there."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count

from baoxue.comparison.models import Finding, Pair, Run, RunState
from baoxue.comparison.picture import OPEN
from baoxue.jurisdictions.models import Jurisdiction
from baoxue.jurisdictions.queries import within
from baoxue.platform.actor import Actor
from baoxue.policy.capabilities import Capability, Level


@dataclass(frozen=True, slots=True)
class CountyNow:
    """A county as it stands. `run`: its newest finished comparison, None = there was none; the counts are of that run."""

    county: Jurisdiction
    run: Run | None
    findings: int
    pairs: int


def counties_now(by: Actor, place: Jurisdiction) -> list[CountyNow]:
    """The counties of a city or province; none for others. Those without a comparison come first, then by what waits."""
    if place.level not in (Level.CITY, Level.PROVINCE) or not by.can(Capability.SEE_COMPARISON):
        return []
    newest = Run.objects.visible_to(by).filter(state=RunState.DONE).order_by("county", "-as_of", "-created_at")
    runs = {run.county_id: run for run in newest.distinct("county").defer("summary", "picture")}
    keys = [run.pk for run in runs.values()]
    findings = dict(
        Finding.objects.visible_to(by).filter(OPEN, run__in=keys).order_by().values_list("run").annotate(Count("pk"))
    )
    pairs = dict(
        Pair.objects.visible_to(by)
        .filter(run__in=keys, verdict=None)
        .order_by()
        .values_list("run")
        .annotate(Count("pk"))
    )
    rows = [
        CountyNow(
            county,
            run := runs.get(county.pk),
            0 if run is None else findings.get(run.pk, 0),
            0 if run is None else pairs.get(run.pk, 0),
        )
        for county in within(place.path, Level.COUNTY)
    ]
    return sorted(rows, key=lambda row: (row.run is not None, -row.findings, row.county.code))
