"""The child: one record each, its register rows, its schooling over time, and what ledgers are asked of.

Facts over time carry two times: `valid_from`/`valid_to` (what happened when; the end is the first day it no longer holds)
and `recorded_from`/`recorded_to` (when the system learned it, and when it learned better). Rows are closed, never changed.
"""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models

from baoxue.comparison.models import Finding, Run
from baoxue.jurisdictions.models import Jurisdiction, choices
from baoxue.platform.fields import DigestField, ProtectedTextField
from baoxue.platform.visible import ByPlace, OfChildren
from baoxue.policy.labelled import Labelled
from baoxue.policy.schoolingstatus import SchoolingStatus
from baoxue.policy.specialgroup import SpecialGroup
from baoxue.registers.models import REGISTER_CHOICES, Snapshot


class Child(models.Model):
    """One child of a county.

    `home_path`: township it lives in, the county where that is not known. `school_path`: of its present school, empty
    when it has none here. Names are found by `name_sort` (pinyin, surname first), `name_pinyin` (without spaces) and
    `name_initials`. `status`: 就学状况 now, copied from its latest Schooling row. `merged_into`: the record this one was
    merged into; such a record shows nowhere.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    county = models.ForeignKey(Jurisdiction, on_delete=models.PROTECT, related_name="+")
    home_path = models.CharField(max_length=200, db_collation="C")
    school_path = models.CharField(max_length=200, db_collation="C", blank=True, default="")
    name = models.CharField(max_length=100)
    name_sort = models.CharField(max_length=200, db_collation="C")
    name_pinyin = models.CharField(max_length=200, db_collation="C")
    name_initials = models.CharField(max_length=50, db_collation="C")
    sex = models.CharField(max_length=1, choices=[("M", "男"), ("F", "女")], blank=True)
    birth_date = models.DateField(null=True)
    id_type = models.CharField(max_length=20, blank=True)
    id_number = ProtectedTextField()
    id_digest = DigestField()
    id_masked = models.CharField(max_length=30, blank=True)
    student_number = ProtectedTextField()
    student_digest = DigestField()
    student_masked = models.CharField(max_length=30, blank=True)
    household_number = ProtectedTextField()
    head_name = models.CharField(max_length=100, blank=True)
    relation_to_head = models.CharField(max_length=20, blank=True)
    guardian_name = models.CharField(max_length=100, blank=True)
    phone = ProtectedTextField()
    address = ProtectedTextField()
    household_status = models.CharField(max_length=20, blank=True)
    poverty_household = models.BooleanField(default=False)
    poverty_household_number = models.CharField(max_length=40, blank=True)
    groups = ArrayField(models.CharField(max_length=28), default=list)
    status = models.CharField(max_length=2, choices=choices(SchoolingStatus))
    school_name = models.CharField(max_length=120, blank=True)
    grade = models.SmallIntegerField(null=True)
    class_name = models.CharField(max_length=40, blank=True)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    merged_into = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="absorbed")

    objects = OfChildren.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["county", "name_sort"], name="children_by_name"),
            models.Index(fields=["home_path", "name_sort"], name="children_by_home"),
            models.Index(fields=["school_path", "name_sort"], name="children_by_school"),
            models.Index(fields=["county", "status", "name_sort"], name="children_by_status"),
            models.Index(fields=["id_digest"], name="children_by_number"),
            models.Index(fields=["student_digest"], name="children_by_record"),
            models.Index(fields=["county", "name_initials"], name="children_by_initials"),
            models.Index(fields=["county", "name_pinyin"], name="children_by_pinyin"),
        ]


class Source(models.Model):
    """A register row that is this child. `subject`: keyed hash by which the same row is known in later snapshots.

    This is what keeps a child's record the same between runs. `by_hand`: put here by a merge or a split, which later
    runs respect.
    """

    child = models.ForeignKey(Child, on_delete=models.CASCADE, related_name="sources")
    home_path = models.CharField(max_length=200, db_collation="C")
    school_path = models.CharField(max_length=200, db_collation="C", blank=True, default="")
    register = models.CharField(max_length=12, choices=REGISTER_CHOICES)
    subject = DigestField()
    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT, related_name="+")
    row = models.IntegerField()
    confidence = models.FloatField(default=1.0)
    by_hand = models.BooleanField(default=False)
    recorded_from = models.DateTimeField()
    recorded_to = models.DateTimeField(null=True)

    objects = OfChildren.as_manager()

    class Meta:
        indexes = [models.Index(fields=["subject", "register"], name="sources_by_subject")]


class TwoTimes(models.Model):
    """A fact about a child with two times; the base of the tables of facts."""

    child = models.ForeignKey(Child, on_delete=models.CASCADE, related_name="%(class)ss")
    county = models.ForeignKey(Jurisdiction, on_delete=models.PROTECT, related_name="+")
    home_path = models.CharField(max_length=200, db_collation="C")
    school_path = models.CharField(max_length=200, db_collation="C", blank=True, default="")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    recorded_from = models.DateTimeField()
    recorded_to = models.DateTimeField(null=True)
    run = models.ForeignKey(Run, null=True, on_delete=models.SET_NULL, related_name="+")

    objects = OfChildren.as_manager()

    class Meta:
        abstract = True


class Enrolment(TwoTimes):
    """Where a child is enrolled or attends."""

    school_code = models.CharField(max_length=10, blank=True)
    school_name = models.CharField(max_length=120)
    grade = models.SmallIntegerField(null=True)
    class_name = models.CharField(max_length=40, blank=True)
    student_status = models.CharField(max_length=20, blank=True)
    attending = models.BooleanField(null=True)


class Schooling(TwoTimes):
    """就学状况 of a child over a time: what the three ledgers are asked of.

    `reason`: one sentence why. `left_reason`: why it ended, empty while it lasts. `finding`: that it rests on.
    """

    status = models.CharField(max_length=2, choices=choices(SchoolingStatus))
    name_sort = models.CharField(max_length=200, db_collation="C")
    birth_date = models.DateField(null=True)
    reason = models.TextField(blank=True)
    left_reason = models.TextField(blank=True)
    finding = models.ForeignKey(Finding, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["county", "status", "name_sort"], name="schooling_by_status")]


class GroupMembership(TwoTimes):
    """A child in a special group. `detail`: health facts (kind and degree of disability), protected."""

    group = models.CharField(max_length=28, choices=choices(SpecialGroup))
    source = models.CharField(max_length=12, choices=REGISTER_CHOICES)
    detail = ProtectedTextField()


class MergeKind(Labelled):
    """What was done to two records."""

    MERGE = "merge", "合并"
    SPLIT = "split", "拆分"


class Merge(models.Model):
    """A merge of two records or a split of one, so that it can be undone. `moved`: ids of the Source rows that moved."""

    kind = models.CharField(max_length=6, choices=choices(MergeKind))
    kept = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="+")
    other = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="+")
    home_path = models.CharField(max_length=200, db_collation="C")
    school_path = models.CharField(max_length=200, db_collation="C", blank=True, default="")
    moved = models.JSONField(default=list)
    reason = models.TextField()
    at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True)
    by_name = models.CharField(max_length=120)
    undone_at = models.DateTimeField(null=True)
    undone_by_name = models.CharField(max_length=120, blank=True)

    objects = OfChildren.as_manager()


class LedgerView(models.Model):
    """A saved view of a ledger: filters, columns, order. Belongs to an account."""

    account_id = models.BigIntegerField()
    place_path = models.CharField(max_length=200, db_collation="C")
    ledger = models.CharField(max_length=20)
    name = models.CharField(max_length=40)
    query = models.JSONField(default=dict)

    objects = ByPlace.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account_id", "ledger", "name"], name="view_name_once")]


class Export(models.Model):
    """A file made for somebody: sealed, with who and when inside, gone after `expires_at`."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    place_path = models.CharField(max_length=200, db_collation="C")
    account_id = models.BigIntegerField()
    kind = models.CharField(max_length=40)
    query = models.JSONField(default=dict)
    file = models.CharField(max_length=80, blank=True)
    file_name = models.CharField(max_length=120, blank=True)
    rows = models.IntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    job_id = models.UUIDField(null=True)
    created_at = models.DateTimeField()
    created_by_name = models.CharField(max_length=120)
    expires_at = models.DateTimeField()
    downloaded = models.IntegerField(default=0)

    objects = ByPlace.as_manager()
