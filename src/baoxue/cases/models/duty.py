"""Who owes what by when, what stops the clock, and who answers for the child."""

from __future__ import annotations

from django.db import models

from baoxue.cases.models.base import AboutChild, Written
from baoxue.cases.models.case import Case
from baoxue.jurisdictions.models import Jurisdiction, choices
from baoxue.platform.fields import ProtectedTextField
from baoxue.policy.calendar import DayType
from baoxue.policy.casestages import Clock
from baoxue.policy.duties import Line
from baoxue.policy.labelled import Labelled


class DutyState(Labelled):
    """Where a duty stands."""

    OPEN = "open", "未办"
    DONE = "done", "已办"
    OFF = "off", "不再需要"


class Duty(AboutChild):
    """One limit at work: stored facts, a due day computed from them, and how many of its moments were made.

    `started_on`, `days`, `day_type`, `paused_days` give `due_on`; `version`: of the parameter. `owner_role`, `owner_path`:
    who owes it. `moment`: how many of `policy.duties.moments` were made; `next_on`: day of the next, None = no more.
    `as_working_days`: the school calendar was not entered that far.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="duties")
    county = models.ForeignKey(Jurisdiction, on_delete=models.PROTECT, related_name="+", db_index=False)
    clock = models.CharField(max_length=16, choices=choices(Clock))
    words = models.CharField(max_length=60, blank=True)
    started_on = models.DateField()
    days = models.SmallIntegerField()
    day_type = models.CharField(max_length=10, choices=choices(DayType))
    parameter_version = models.BigIntegerField(null=True)
    paused_days = models.SmallIntegerField(default=0)
    due_on = models.DateField()
    as_working_days = models.BooleanField(default=False)
    owner_role = models.CharField(max_length=24)
    owner_path = models.CharField(max_length=200, db_collation="C")
    state = models.CharField(max_length=6, choices=choices(DutyState), default=DutyState.OPEN.value)
    moment = models.SmallIntegerField(default=0)
    next_on = models.DateField(null=True)
    ended_on = models.DateField(null=True)
    ended_by_name = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "clock"], name="one_open_duty_of_a_kind", condition=models.Q(state="open")
            ),
            models.CheckConstraint(
                condition=models.Q(state="open", ended_on=None)
                | (~models.Q(state="open") & models.Q(ended_on__isnull=False)),
                name="duty_ends_on_a_day",
            ),
        ]
        indexes = [
            models.Index(fields=["next_on", "id"], name="duties_to_tell", condition=models.Q(state="open")),
            models.Index(
                fields=["owner_path", "owner_role", "due_on"], name="duties_of_owner", condition=models.Q(state="open")
            ),
            models.Index(fields=["county", "due_on", "id"], name="duties_of_county", condition=models.Q(state="open")),
        ]


class Pause(Written):
    """A duty's clock stands still from `first_day` to `last_day`, both included: with a reason and an approver.

    It is asked for by one person and approved by another; only then does it move the due day.
    """

    duty = models.ForeignKey(Duty, on_delete=models.PROTECT, related_name="pauses")
    first_day = models.DateField()
    last_day = models.DateField()
    reason = ProtectedTextField()
    approved_at = models.DateTimeField(null=True)
    approved_by_id = models.BigIntegerField(null=True)
    approved_by_name = models.CharField(max_length=120, blank=True)
    refused = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(first_day__lte=models.F("last_day")), name="pause_runs_forward"),
            models.CheckConstraint(
                condition=models.Q(approved_by_id=None) | ~models.Q(approved_by_id=models.F("by_id")),
                name="pause_approved_by_another",
            ),
        ]


class Responsible(Written):
    """双线责任: one link of the named chain of a child, on one line and level, for a time.

    `account_id`: of the person, where they have one here; `is_owner`: 主责人, exactly one at a time. Places name the levels
    as they like (`title`: 包村干部, 帮扶校长 …).
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="chain")
    line = models.CharField(max_length=16, choices=choices(Line))
    title = models.CharField(max_length=40)
    name = models.CharField(max_length=60)
    unit = models.CharField(max_length=80)
    phone = ProtectedTextField()
    account_id = models.BigIntegerField(null=True)
    is_owner = models.BooleanField(default=False)
    first_day = models.DateField()
    last_day = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"], name="one_owner", condition=models.Q(is_owner=True, last_day=None)
            ),
        ]
