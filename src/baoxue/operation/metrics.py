"""Figures for a monitoring system (Prometheus text format). They count; they name nobody."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from datetime import datetime

from django.db import OperationalError, transaction
from django.db.models import Count, Min
from prometheus_client import REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from baoxue.platform import beats, clock
from baoxue.platform.models import Job, JobState, Worker
from baoxue.platform.scope import EVERYWHERE, acting_as
from baoxue.platform.worker import GONE_AFTER


class _Database(Collector):
    """What the database knows at one instant."""

    def __init__(self, now: datetime) -> None:
        self._now = now

    def collect(self) -> Iterable[Metric]:
        """The figures; only `baoxue_database_up 0` where it does not answer."""
        up = GaugeMetricFamily("baoxue_database_up", "Whether the database answers.")
        try:
            with acting_as(EVERYWHERE), transaction.atomic():
                figures = list(self._figures())
        except OperationalError:
            up.add_metric([], 0)
            return [up]
        up.add_metric([], 1)
        return [up, *figures]

    def _figures(self) -> Iterator[Metric]:
        by_state = dict(Job.objects.values_list("state").annotate(Count("pk")))
        jobs = GaugeMetricFamily("baoxue_jobs", "Jobs by state.", labels=["state"])
        for state in JobState:
            jobs.add_metric([state.value], by_state.get(state.value, 0))
        yield jobs
        oldest = Job.objects.filter(state=JobState.WAITING).aggregate(at=Min("created_at"))["at"]
        waits = GaugeMetricFamily("baoxue_oldest_waiting_job_seconds", "How long the oldest waiting job has waited.")
        waits.add_metric([], 0 if oldest is None else (self._now - oldest).total_seconds())
        yield waits
        workers = GaugeMetricFamily("baoxue_workers", "Workers that gave a sign of life.")
        workers.add_metric([], Worker.objects.filter(beat_at__gte=clock.real(self._now) - GONE_AFTER).count())
        yield workers
        behind = GaugeMetricFamily("baoxue_daily_beats_behind_seconds", "How long what falls due daily is late.")
        behind.add_metric([], beats.behind(now=self._now).total_seconds())
        yield behind


def figures(*, now: datetime) -> bytes:
    """All figures as text, those of all web processes added up."""
    requests = REGISTRY
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        requests = CollectorRegistry()
        MultiProcessCollector(requests)  # type: ignore[no-untyped-call]
    database = CollectorRegistry()
    database.register(_Database(now))
    return generate_latest(requests) + generate_latest(database)
