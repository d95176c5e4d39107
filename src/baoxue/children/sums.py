"""Keeping the sums of the ledgers (`models.LedgerSum`)."""

from __future__ import annotations

from django.db import connection

from baoxue.children.models import Build, LedgerSum
from baoxue.jurisdictions.models import Jurisdiction

_ALIKE = "home_path, school_path, counted, suspected, status, stage, grade, sex, poverty_household, groups"
_COUNT = f"""
    INSERT INTO children_ledgersum (build_id, {_ALIKE}, rows)
    SELECT build.id, {", ".join(f"fact.{name.strip()}" for name in _ALIKE.split(","))}, count(*)
    FROM children_build AS build JOIN children_schooling AS fact ON fact.county_id = build.county_id
    WHERE build.id = ANY(%s) AND fact.recorded_to IS NULL AND fact.valid_from <= build.as_of
      AND (fact.valid_to IS NULL OR fact.valid_to > build.as_of)
      AND (fact.counted OR fact.suspected OR fact.status IN ('09', '10'))
    GROUP BY build.id, {", ".join(f"fact.{name.strip()}" for name in _ALIKE.split(","))}
"""


def count_rows_of(builds: list[Build]) -> None:
    """Count the rows of the ledgers as of these builds."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [[build.pk for build in builds]])


def count_again(county: Jurisdiction) -> None:
    """Count anew what an act changed, on every day the ledgers of a county rest on."""
    builds = list(Build.objects.filter(county=county))
    LedgerSum.objects.filter(build__in=builds).delete()
    count_rows_of(builds)
