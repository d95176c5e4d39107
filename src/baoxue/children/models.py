"""The child: one record each, its register rows, its schooling over time, and what ledgers are asked of.

Facts over time carry two times: `valid_from`/`valid_to` (what happened when; the end is the first day it no longer holds)
and `recorded_from`/`recorded_to` (when the system learned it, and when it learned better). Rows are closed, never changed.
"""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models

from baoxue.comparison.models import Run
from baoxue.jurisdictions.models import Jurisdiction, choices
from baoxue.platform.fields import CodedField, DigestField, ProtectedTextField
from baoxue.platform.visible import ByPlace, OfChildren
from baoxue.policy.labelled import Labelled
from baoxue.policy.schoolingstatus import SchoolingStatus
from baoxue.policy.schoolyear import SchoolStage
from baoxue.policy.specialgroup import SpecialGroup
from baoxue.registers.models import REGISTER_CHOICES, Snapshot

PROTECTED = ("id_number", "student_number", "household_number", "phone", "address")
"""The columns of a child that are sealed, in the order they are digested."""


class Child(models.Model):
    """One child of a county.

    `home_path`: township it lives in, the county where that is not known. `school_path`: of its present school, empty
    when it has none here. Names are found by `name_sort` (pinyin, surname first), `name_pinyin` (without spaces) and
    `name_initials`. `status`: 就学状况 now, copied from its latest Schooling row. `protected`: keyed hash of the protected
    values as the registers have them, by which a build sees whether to seal them anew. `left_on`: day from which no
    register has the child any more. `merged_into`: the record this one was merged into; such a record shows nowhere.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    county = models.ForeignKey(Jurisdiction, on_delete=models.PROTECT, related_name="+", db_index=False)
    home_path = models.CharField(max_length=200, db_collation="C")
    school_path = models.CharField(max_length=200, db_collation="C", blank=True, default="")
    name = models.CharField(max_length=100, db_collation="C")
    name_sort = models.CharField(max_length=400, db_collation="C")
    name_pinyin = models.CharField(max_length=400, db_collation="C")
    name_initials = models.CharField(max_length=100, db_collation="C")
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
    groups = ArrayField(CodedField(codes=SpecialGroup), default=list)
    status = models.CharField(max_length=2, choices=choices(SchoolingStatus))
    school_code = models.CharField(max_length=20, blank=True)
    school_name = models.CharField(max_length=120, blank=True)
    grade = models.SmallIntegerField(null=True)
    class_name = models.CharField(max_length=80, blank=True)
    protected = DigestField()
    left_on = models.DateField(null=True)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    merged_into = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="absorbed")

    objects = OfChildren.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["county", "name_sort"], name="children_by_name"),
            models.Index(fields=["home_path", "name_sort"], name="children_by_home"),
            models.Index(fields=["school_path", "name_sort"], name="children_by_school"),
            models.Index(fields=["county", "name"], name="children_by_written_name"),
            models.Index(fields=["id_digest"], name="children_by_number"),
            models.Index(fields=["student_digest"], name="children_by_record"),
            models.Index(fields=["county", "name_initials"], name="children_by_initials"),
            models.Index(fields=["county", "name_pinyin"], name="children_by_pinyin"),
        ]


# Deleting a run or a snapshot would have to look through the facts; neither is ever deleted.
def _loose(to: Any, **how: Any) -> models.ForeignKey[Any, Any]:
    """A reference without a constraint: a build adds millions of rows at once, all joined to rows it has just seen.

    Without an index too where nothing looks that way: the lists of a county have their own.
    """
    return models.ForeignKey(to, db_constraint=False, **how)


class Source(models.Model):
    """A register row that is this child. `subject`: keyed hash by which the same row is known in later snapshots.

    This is what keeps a child's record the same between runs. `nth`: rows that nothing tells apart share a subject and
    are counted. `by_hand`: put here by a merge or a split, which later runs respect.
    """

    child = _loose(Child, on_delete=models.CASCADE, related_name="sources")
    county = _loose(Jurisdiction, on_delete=models.PROTECT, related_name="+", db_index=False)
    home_path = models.CharField(max_length=200, db_collation="C")
    school_path = models.CharField(max_length=200, db_collation="C", blank=True, default="")
    register = models.CharField(max_length=12, choices=REGISTER_CHOICES)
    subject = DigestField()
    nth = models.SmallIntegerField(default=1)
    snapshot = _loose(Snapshot, on_delete=models.PROTECT, related_name="+", db_index=False)
    row = models.IntegerField()
    by_hand = models.BooleanField(default=False)
    recorded_from = models.DateTimeField()
    recorded_to = models.DateTimeField(null=True)

    objects = OfChildren.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["county", "subject"], name="sources_by_subject", condition=models.Q(recorded_to=None)),
        ]


class TwoTimes(models.Model):
    """A fact about a child with two times; the base of the tables of facts."""

    child = _loose(Child, on_delete=models.CASCADE, related_name="%(class)ss")
    county = _loose(Jurisdiction, on_delete=models.PROTECT, related_name="+", db_index=False)
    home_path = models.CharField(max_length=200, db_collation="C")
    school_path = models.CharField(max_length=200, db_collation="C", blank=True, default="")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    recorded_from = models.DateTimeField()
    recorded_to = models.DateTimeField(null=True)
    run = _loose(Run, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)

    objects = OfChildren.as_manager()

    class Meta:
        abstract = True


class Enrolment(TwoTimes):
    """Where a child is enrolled or attends. `attending`: whether a roll has it there; None: no roll was given."""

    school_code = models.CharField(max_length=20, blank=True)
    school_name = models.CharField(max_length=120)
    grade = models.SmallIntegerField(null=True)
    class_name = models.CharField(max_length=80, blank=True)
    student_status = models.CharField(max_length=20, blank=True)
    attending = models.BooleanField(null=True)


class Schooling(TwoTimes):
    """就学状况 of a child over a time: one row of the ledgers, as it stood then.

    `counted`: stands in the 适龄儿童台账; `suspected`: is proposed for the 疑似辍学学生台账. `finding_key`: of the finding it
    rests on; `absent_since`: first day of absence by the roll. `reason`: one sentence why. `left_reason`: why it ended.
    """

    name = models.CharField(max_length=100)
    name_sort = models.CharField(max_length=400, db_collation="C")
    sex = models.CharField(max_length=1, blank=True)
    birth_date = models.DateField(null=True)
    id_masked = models.CharField(max_length=30, blank=True)
    status = models.CharField(max_length=2, choices=choices(SchoolingStatus))
    counted = models.BooleanField(default=False)
    suspected = models.BooleanField(default=False)
    stage = models.CharField(max_length=20, choices=choices(SchoolStage), blank=True)
    school_code = models.CharField(max_length=20, blank=True)
    school_name = models.CharField(max_length=120, blank=True)
    grade = models.SmallIntegerField(null=True)
    class_name = models.CharField(max_length=80, blank=True)
    poverty_household = models.BooleanField(default=False)
    groups = ArrayField(CodedField(codes=SpecialGroup), default=list)
    absent_since = models.DateField(null=True)
    finding_key = models.CharField(max_length=40, blank=True)
    reason = models.TextField(blank=True)
    left_reason = models.TextField(blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["county", "name_sort", "child"], name="ledger_of_all", condition=models.Q(counted=True)
            ),
            models.Index(
                fields=["county", "name_sort", "child"], name="ledger_of_suspected", condition=models.Q(suspected=True)
            ),
            models.Index(fields=["county", "status", "name_sort", "child"], name="ledger_by_status"),
            models.Index(fields=["school_path", "name_sort", "child"], name="ledger_by_school"),
            models.Index(fields=["home_path", "name_sort", "child"], name="ledger_by_home"),
            # What began and ended since a build: few rows, counted beside its sums.
            models.Index(fields=["county", "valid_from"], name="ledger_began"),
            models.Index(
                fields=["county", "valid_to"], name="ledger_ended", condition=models.Q(valid_to__isnull=False)
            ),
        ]


class CaseStatus(models.Model):
    """What a case says of a child as long as it is open: goes before what registers say, in builds too.

    `since`: day it says so from. `suspected`: as in Schooling. Written by `actions.say_by_case` alone.
    """

    child = models.OneToOneField(Child, primary_key=True, on_delete=models.CASCADE, related_name="case_status")
    county = models.ForeignKey(Jurisdiction, on_delete=models.PROTECT, related_name="+")
    home_path = models.CharField(max_length=200, db_collation="C")
    school_path = models.CharField(max_length=200, db_collation="C", blank=True, default="")
    status = models.CharField(max_length=2, choices=choices(SchoolingStatus))
    suspected = models.BooleanField()
    reason = models.TextField()
    since = models.DateField()

    objects = OfChildren.as_manager()


class GroupMembership(TwoTimes):
    """A child in a special group."""

    group = CodedField(codes=SpecialGroup)
    source = models.CharField(max_length=12, choices=REGISTER_CHOICES)


class Build(models.Model):
    """One taking-over of a run into the records: what the ledgers of a county rest on. `counts`: what it changed."""

    county = models.ForeignKey(Jurisdiction, on_delete=models.PROTECT, related_name="+")
    place_path = models.CharField(max_length=200, db_collation="C")
    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="builds")
    as_of = models.DateField()
    built_at = models.DateTimeField()
    counts = models.JSONField(default=dict)

    objects = ByPlace.as_manager()

    class Meta:
        indexes = [models.Index(fields=["county", "-as_of", "-built_at"], name="builds_of_county")]


class LedgerSum(models.Model):
    """How many rows of the ledgers are alike in what is filtered by, as of the day of a build, as known now.

    Half a million rows are not counted anew for every page. Kept by builds, and by acts that change rows of the past.
    """

    build = models.ForeignKey(Build, on_delete=models.CASCADE, related_name="sums")
    home_path = models.CharField(max_length=200, db_collation="C")
    school_path = models.CharField(max_length=200, db_collation="C", blank=True, default="")
    counted = models.BooleanField()
    suspected = models.BooleanField()
    status = models.CharField(max_length=2, choices=choices(SchoolingStatus))
    stage = models.CharField(max_length=20, choices=choices(SchoolStage), blank=True)
    grade = models.SmallIntegerField(null=True)
    sex = models.CharField(max_length=1, blank=True)
    poverty_household = models.BooleanField()
    groups = ArrayField(CodedField(codes=SpecialGroup), default=list)
    rows = models.IntegerField()

    objects = OfChildren.as_manager()


class DoubtKind(Labelled):
    """What a run and the records do not agree on."""

    SAME = "same", "像是同一个孩子"
    APART = "apart", "像是两个孩子"


class Doubt(models.Model):
    """Two records on which a run disagrees with what is recorded: for a person to look at; nothing is merged in silence.

    SAME: the run puts rows of both into one child. APART: it puts rows of `other` into two; `child` was made for the rest.
    """

    kind = models.CharField(max_length=6, choices=choices(DoubtKind))
    child = models.ForeignKey(Child, on_delete=models.CASCADE, related_name="doubts")
    other = models.ForeignKey(Child, on_delete=models.CASCADE, related_name="+")
    county = models.ForeignKey(Jurisdiction, on_delete=models.PROTECT, related_name="+")
    home_path = models.CharField(max_length=200, db_collation="C")
    school_path = models.CharField(max_length=200, db_collation="C", blank=True, default="")
    run = models.ForeignKey(Run, null=True, on_delete=models.SET_NULL, related_name="+")
    raised_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    settled_by_name = models.CharField(max_length=120, blank=True, db_default="")

    objects = OfChildren.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["child", "other", "kind"], name="doubted_once")]


class MergeKind(Labelled):
    """What was done to two records."""

    MERGE = "merge", "合并"
    SPLIT = "split", "拆分"


class Merge(models.Model):
    """A merge of two records or a split of one, so that it can be undone.

    `moved`: ids, of the rows of Source that moved (`sources`) and that were not put by hand before (`pinned`); of a merge
    also, by table, of the facts the other record had (`facts`) and of those copied from it (`carried`).
    """

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
    """A saved view of a ledger: filters, columns, order. Belongs to an account at one of its places."""

    account_id = models.BigIntegerField()
    place_path = models.CharField(max_length=200, db_collation="C")
    ledger = models.CharField(max_length=20)
    name = models.CharField(max_length=40)
    query = models.JSONField(default=dict)

    objects = ByPlace.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account_id", "place_path", "ledger", "name"], name="view_name_once")
        ]


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
