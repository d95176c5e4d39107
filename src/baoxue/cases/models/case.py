"""The case and its stages."""

from __future__ import annotations

import uuid

from django.db import models

from baoxue.cases.models.base import AboutChild, Written
from baoxue.children.models import Child
from baoxue.jurisdictions.models import Jurisdiction, choices
from baoxue.platform.fields import ProtectedTextField
from baoxue.policy.casecodes import ReturnWay, SuspensionKind
from baoxue.policy.casestages import CaseStage
from baoxue.policy.closing import ClosingReason


class CaseNumber(models.Model):
    """The last number given in a county and a year: cases are numbered without gaps."""

    county = models.ForeignKey(Jurisdiction, on_delete=models.PROTECT, related_name="+")
    place_path = models.CharField(max_length=200, db_collation="C")
    year = models.SmallIntegerField()
    last = models.IntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["county", "year"], name="one_count_of_cases")]


class Case(AboutChild):
    """A child who may be out of school, from the first word to the closure.

    `stage`: changed by `cases.moving` alone; `came_from`: the stage a way back leads to. `version`: one more with each act,
    so that two people at once do not both win. `name` … `watched`: of the child, copied for lists (`watched`: special
    group or 脱贫户). `limits`: parameter code → [days, day type, version] in force when it was opened. `previous`: the
    closed case of the same child that this one refutes; `refuted_at`: when a closed case was refuted.
    `due_on`, `due_clock`, `due_role`: of the open duty that is due first.
    `seen_at_school_on`: first day back; observation begins on it. `sought_as_lost`: 失联, sought in another way.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField(max_length=24)
    county = models.ForeignKey(Jurisdiction, on_delete=models.PROTECT, related_name="+", db_index=False)
    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="cases")
    name = models.CharField(max_length=100)
    name_sort = models.CharField(max_length=400, db_collation="C")
    sex = models.CharField(max_length=1, blank=True)
    birth_date = models.DateField(null=True)
    id_masked = models.CharField(max_length=30, blank=True)
    school_name = models.CharField(max_length=120, blank=True)
    grade = models.SmallIntegerField(null=True)
    class_name = models.CharField(max_length=80, blank=True)
    place_name = models.CharField(max_length=120, blank=True)
    watched = models.BooleanField(default=False)
    poverty_household = models.BooleanField(default=False)

    stage = models.CharField(max_length=20, choices=choices(CaseStage))
    came_from = models.CharField(max_length=20, choices=choices(CaseStage), blank=True)
    stage_since = models.DateTimeField()
    version = models.IntegerField(default=1)
    opened_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    limits = models.JSONField(default=dict)
    previous = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="followed_by")
    times_before = models.SmallIntegerField(default=0)
    refuted_at = models.DateTimeField(null=True)

    dropout_on = models.DateField(null=True)
    dropout_reason = models.CharField(max_length=12, blank=True)
    dropout_reason_words = ProtectedTextField()
    whereabouts = models.CharField(max_length=12, blank=True)
    sought_as_lost = models.BooleanField(default=False)
    owner_name = models.CharField(max_length=120, blank=True)

    suspension = models.CharField(max_length=12, choices=choices(SuspensionKind), blank=True)
    suspended_until = models.DateField(null=True)

    return_way = models.CharField(max_length=20, choices=choices(ReturnWay), blank=True)
    return_school_code = models.CharField(max_length=20, blank=True)
    return_school_name = models.CharField(max_length=120, blank=True)
    return_class_name = models.CharField(max_length=80, blank=True)
    returned_on = models.DateField(null=True)
    seen_at_school_on = models.DateField(null=True)

    closing_reason = models.CharField(max_length=20, choices=choices(ClosingReason), blank=True)
    applied_at = models.DateTimeField(null=True)
    applied_by_id = models.BigIntegerField(null=True)
    applied_by_name = models.CharField(max_length=120, blank=True)
    closed_on = models.DateField(null=True)
    closed_by_id = models.BigIntegerField(null=True)
    closed_by_name = models.CharField(max_length=120, blank=True)

    due_on = models.DateField(null=True)
    due_clock = models.CharField(max_length=16, blank=True)
    due_role = models.CharField(max_length=24, blank=True)
    attempts = models.IntegerField(default=0)
    visits = models.IntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["county", "number"], name="case_number_once"),
            # A child has one open case at a time.
            models.UniqueConstraint(
                fields=["child"], name="one_open_case", condition=~models.Q(stage__in=["excluded", "closed"])
            ),
            models.CheckConstraint(
                condition=models.Q(stage__in=["excluded", "closed"], ended_at__isnull=False)
                | (~models.Q(stage__in=["excluded", "closed"]) & models.Q(ended_at=None)),
                name="case_ends_with_its_stage",
            ),
            # 销号 takes a reason and two people.
            models.CheckConstraint(
                condition=~models.Q(stage="closed")
                | (
                    models.Q(closing_reason__gt="", applied_by_id__isnull=False, closed_by_id__isnull=False)
                    & ~models.Q(applied_by_id=models.F("closed_by_id"))
                ),
                name="closed_by_a_second_person",
            ),
            models.CheckConstraint(
                condition=~models.Q(stage="suspended") | models.Q(suspended_until__isnull=False),
                name="suspended_until_a_day",
            ),
        ]
        indexes = [
            models.Index(fields=["county", "stage", "due_on", "id"], name="cases_by_stage"),
            models.Index(fields=["county", "due_on", "id"], name="cases_by_due", condition=models.Q(ended_at=None)),
            models.Index(
                fields=["school_path", "due_on", "id"], name="cases_by_school", condition=models.Q(ended_at=None)
            ),
            models.Index(fields=["home_path", "due_on", "id"], name="cases_by_home", condition=models.Q(ended_at=None)),
            models.Index(fields=["county", "name_sort", "id"], name="cases_by_name"),
        ]


class StageChange(Written):
    """One step of a case, never changed: from, to, by whom, when, why, under which clause. `transition`: code of the table,
    `open` for the first. `version`: of the case after it."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="changes")
    transition = models.CharField(max_length=24)
    from_stage = models.CharField(max_length=20, choices=choices(CaseStage), blank=True)
    to_stage = models.CharField(max_length=20, choices=choices(CaseStage))
    reason = ProtectedTextField()
    clause = models.CharField(max_length=200)
    version = models.IntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "version"], name="one_change_per_version")]
