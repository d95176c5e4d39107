"""Runs of the comparison, what they found, and what people decided."""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models

from baoxue.jurisdictions.models import Jurisdiction, choices
from baoxue.platform.fields import CodedField, DigestField, ProtectedTextField
from baoxue.platform.models import Job
from baoxue.platform.visible import ByPlace, OfChildren
from baoxue.policy.findings import FindingKind
from baoxue.policy.labelled import Labelled
from baoxue.policy.schoolyear import SchoolStage, Semester
from baoxue.policy.specialgroup import SpecialGroup
from baoxue.policy.verdicts import VerdictKind
from baoxue.registers.models import REGISTER_CHOICES, Snapshot


class RunState(Labelled):
    """Where a run stands."""

    WORKING = "working", "正在比对"
    DONE = "done", "已算完"
    REFUSED = "refused", "没有算成"
    CANCELLED = "cancelled", "已停下"


class Run(models.Model):
    """One comparison of a county: over named snapshots, under one version of the rules.

    `children`: sealed Parquet of the children (`matching.childtable`); `links`: of all links; `people`: of those in the
    picture, ordered by combination and name. `summary`: the engine's summary.json. `picture`: by combination of registers
    (`110` = household yes, student yes, roll no) how many children it holds. `verdicts_at`: the verdicts in force at this
    instant were heeded; with the snapshots and the rules they make the same result again.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    county = models.ForeignKey(Jurisdiction, on_delete=models.PROTECT, related_name="runs")
    place_path = models.CharField(max_length=200, db_collation="C")
    school_year = models.SmallIntegerField()
    semester = models.CharField(max_length=8, choices=choices(Semester))
    as_of = models.DateField()
    state = models.CharField(max_length=10, choices=choices(RunState), default=RunState.WORKING.value)
    snapshots = models.ManyToManyField(Snapshot, related_name="runs")
    rules_version = models.CharField(max_length=40, blank=True)
    summary = models.JSONField(default=dict)
    picture = models.JSONField(default=dict)
    children = models.CharField(max_length=80, blank=True)
    links = models.CharField(max_length=80, blank=True)
    people = models.CharField(max_length=80, blank=True)
    verdicts_at = models.DateTimeField()
    job = models.ForeignKey(Job, null=True, on_delete=models.SET_NULL)
    sentence = models.TextField(blank=True)
    created_at = models.DateTimeField()
    created_by_id = models.BigIntegerField(null=True)
    created_by_name = models.CharField(max_length=120)
    ended_at = models.DateTimeField(null=True)

    objects = ByPlace.as_manager()

    class Meta:
        indexes = [models.Index(fields=["county", "-as_of", "-created_at"], name="runs_of_county")]


class Finding(models.Model):
    """One thing the bureau must look at, as a run found it.

    `key`: the engine's finding_id, the same in every run on the same rows. `subject`: keyed hash by which the same child's
    rows are known in other runs. `rows`: register → row number in its snapshot. `settled_by`: the verdict that
    answers it, if any. `child`: number in the run's file of children; `combination`: where it stands in the picture, empty
    for who is not counted there. `waits`: somebody has to look, as long as no verdict settles it.
    """

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="findings")
    key = models.CharField(max_length=40)
    kind = models.CharField(max_length=24, choices=choices(FindingKind))
    decision = models.CharField(max_length=8)
    confidence = models.FloatField()
    subject = DigestField()
    rows = models.JSONField(default=dict)
    child = models.IntegerField()
    combination = models.CharField(max_length=3, blank=True)
    waits = models.BooleanField()
    home_path = models.CharField(max_length=200, db_collation="C")
    school_path = models.CharField(max_length=200, db_collation="C", blank=True, default="")
    name = models.CharField(max_length=100)
    name_sort = models.CharField(max_length=200, db_collation="C")
    sex = models.CharField(max_length=1, choices=[("M", "男"), ("F", "女")], blank=True)
    birth_date = models.DateField(null=True)
    id_number = ProtectedTextField()
    id_masked = models.CharField(max_length=30, blank=True)
    stage = models.CharField(max_length=20, choices=choices(SchoolStage), blank=True)
    place_name = models.CharField(max_length=120, blank=True)
    school_name = models.CharField(max_length=120, blank=True)
    poverty_household = models.BooleanField(default=False)
    special_groups = ArrayField(CodedField(codes=SpecialGroup), default=list)
    differs = models.JSONField(default=list)
    reason = models.TextField()
    settled_by = models.ForeignKey("Verdict", null=True, on_delete=models.SET_NULL, related_name="settles")

    objects = OfChildren.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "key"], name="finding_once_per_run")]
        indexes = [
            models.Index(fields=["run", "kind", "-poverty_household", "name_sort"], name="findings_of_run"),
            # What changed between two runs: the same child's findings in the other one.
            models.Index(fields=["run", "subject", "kind"], name="findings_by_subject"),
            # The picture counts all findings of a run: it reads this index alone.
            models.Index(
                fields=["run"],
                include=[
                    "kind",
                    "combination",
                    "waits",
                    "settled_by",
                    "child",
                    "poverty_household",
                    "home_path",
                    "school_path",
                ],
                name="findings_counted",
            ),
        ]

    @property
    def is_open(self) -> bool:
        """Whether somebody has yet to look at it."""
        return self.waits and self.settled_by_id is None


class Pair(models.Model):
    """Two rows of a run that may be one child, for a person to decide.

    `left_record`, `right_record`: the fields both rows show, as JSON, sealed. `left_subject`, `right_subject`: keyed hashes
    by which the rows are known in other runs. `evidence`: what each comparison says (field, level, words, weight; see
    `matching.reviewpairs`). `context`: who else is of the household, as JSON, sealed. `linked`: the run took the two for one
    child meanwhile.
    """

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="pairs")
    position = models.IntegerField()
    left = models.CharField(max_length=12, choices=REGISTER_CHOICES)
    left_row = models.IntegerField()
    right = models.CharField(max_length=12, choices=REGISTER_CHOICES)
    right_row = models.IntegerField()
    name = models.CharField(max_length=100)
    confidence = models.FloatField()
    left_record = ProtectedTextField()
    right_record = ProtectedTextField()
    left_subject = DigestField()
    right_subject = DigestField()
    evidence = models.JSONField(default=list)
    context = ProtectedTextField()
    linked = models.BooleanField()
    home_path = models.CharField(max_length=200, db_collation="C")
    school_path = models.CharField(max_length=200, db_collation="C", blank=True, default="")
    verdict = models.ForeignKey("Verdict", null=True, on_delete=models.SET_NULL, related_name="pairs")

    objects = OfChildren.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "position"], name="pair_once_per_run")]


class Verdict(models.Model):
    """A person's answer about two rows, or about a finding; remembered and applied by later runs until it expires.

    `subject`: hash of the child's row (the left one of a pair); `other_subject`: of the right one, empty for a finding.
    `left`, `right`: the registers of a pair, empty for a finding; `finding_kind`: of a finding, empty for a pair. `name`:
    of the child, for the list of verdicts.
    """

    county = models.ForeignKey(Jurisdiction, on_delete=models.PROTECT, related_name="verdicts")
    home_path = models.CharField(max_length=200, db_collation="C")
    school_path = models.CharField(max_length=200, db_collation="C", blank=True, default="")
    kind = models.CharField(max_length=20, choices=choices(VerdictKind))
    subject = DigestField()
    other_subject = DigestField()
    left = models.CharField(max_length=12, choices=REGISTER_CHOICES, blank=True)
    right = models.CharField(max_length=12, choices=REGISTER_CHOICES, blank=True)
    finding_kind = models.CharField(max_length=24, choices=choices(FindingKind), blank=True)
    name = models.CharField(max_length=100)
    evidence = ProtectedTextField()
    expires_on = models.DateField(null=True)
    run = models.ForeignKey(Run, null=True, on_delete=models.SET_NULL, related_name="verdicts")
    decided_at = models.DateTimeField()
    decided_by_id = models.BigIntegerField(null=True)
    decided_by_name = models.CharField(max_length=120)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by_name = models.CharField(max_length=120, blank=True)

    objects = OfChildren.as_manager()

    class Meta:
        indexes = [models.Index(fields=["county", "-decided_at"], name="verdicts_of_county")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(finding_kind="", left__gt="", right__gt="")
                | models.Q(finding_kind__gt="", left="", right=""),
                name="verdict_on_a_pair_or_a_finding",
            ),
            models.CheckConstraint(
                condition=models.Q(withdrawn_at=None, withdrawn_by_name="")
                | models.Q(withdrawn_at__isnull=False, withdrawn_by_name__gt=""),
                name="verdict_withdrawn_by_somebody",
            ),
        ]
