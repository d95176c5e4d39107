"""What the platform keeps in the database: jobs, workers, daily beats, the clock of a demonstration."""

from __future__ import annotations

import uuid
from datetime import timedelta

from django.db import models

from baoxue.platform.visible import ByPlace
from baoxue.policy.labelled import Labelled


class JobState(Labelled):
    """Where a job stands."""

    WAITING = "waiting", "等待"
    RUNNING = "running", "进行中"
    DONE = "done", "完成"
    REFUSED = "refused", "没有办成"
    FAILED = "failed", "出错"
    CANCELLED = "cancelled", "已停下"


class Job(models.Model):
    """One piece of slow work: what it is, how far it is, how it ended.

    `kind` names the function that does it (`platform.jobs`). `arguments` and `result` hold ids and counts, never
    personal data. `step_at`: when the present step began.
    `sentence` is what a person reads at the end. `cancel_asked`: the work ends at its next step.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=60)
    arguments = models.JSONField(default=dict)
    state = models.CharField(
        max_length=12, choices=[(s.value, s.label) for s in JobState], default=JobState.WAITING.value
    )
    place_path = models.CharField(max_length=200, db_collation="C")
    actor = models.JSONField(default=dict)
    account_id = models.BigIntegerField(null=True)
    step = models.CharField(max_length=200, default="", blank=True)
    step_at = models.DateTimeField(null=True)
    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(null=True)
    attempts = models.IntegerField(default=0)
    result = models.JSONField(default=dict)
    sentence = models.TextField(default="", blank=True)
    code = models.CharField(max_length=60, default="", blank=True)
    cancel_asked = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    beat_at = models.DateTimeField(null=True)

    objects = ByPlace.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["place_path", "-created_at"], name="job_by_place"),
            models.Index(
                fields=["created_at"],
                name="job_to_do",
                condition=models.Q(state__in=[JobState.WAITING.value, JobState.RUNNING.value]),
            ),
        ]

    @property
    def ended(self) -> bool:
        """Whether nothing more happens to it."""
        return self.state not in (JobState.WAITING, JobState.RUNNING)


class Worker(models.Model):
    """One process that does jobs. `name`: host and process; a row whose `beat_at` is old is of a process that ended."""

    name = models.CharField(max_length=120, primary_key=True)
    started_at = models.DateTimeField()
    beat_at = models.DateTimeField(db_index=True)


class Beat(models.Model):
    """What falls due daily was done for a day. `name`: of the beat; the newest `day` of a name is followed by the next."""

    name = models.CharField(max_length=60)
    day = models.DateField()
    done_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "day"], name="beat_once_a_day")]


class DemoClock(models.Model):
    """How far the clock of a demonstration was put forward: one row, read in a demonstration only (`platform.clock`)."""

    ahead = models.DurationField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(pk=1, ahead__gte=timedelta(0)), name="demo_clock_is_one_and_not_behind"
            )
        ]
