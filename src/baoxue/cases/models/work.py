"""What people did for a child: verifications, persuasions, help, documents served, evidence, the plan."""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models

from baoxue.cases.models.base import Written
from baoxue.cases.models.case import Case
from baoxue.jurisdictions.models import choices
from baoxue.platform.fields import ProtectedTextField
from baoxue.policy.capabilities import Department
from baoxue.policy.casecodes import AttemptResult, EvidenceKind
from baoxue.policy.ladder import LadderStep, ServiceWay


class Verification(Written):
    """核查结果 (a V code) of a case; the latest counts. `words`: how it was verified, sealed."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="verifications")
    result = models.CharField(max_length=12)
    verified_on = models.DateField()
    words = ProtectedTextField()


class Attempt(Written):
    """One persuasion (劝返): when, where, who went, whom they met, what was said, what was agreed.

    `nth`: its number in the case. `at`: when it happened; `written_at`: when it was entered. `went`: who went, each with
    name, unit, title (sealed JSON). `met`: codes. `child_says`, `family_says`: kept apart. `promised_on`: day of return
    agreed; `next_on`: day agreed for the next step. `place`: where; `longitude`, `latitude`: if given. `key`: of the form, so
    that a second click, or a phone that sends twice, leaves one record.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="persuasions")
    nth = models.SmallIntegerField()
    at = models.DateTimeField()
    day = models.DateField()
    measure = models.CharField(max_length=12)
    is_visit = models.BooleanField()
    place = ProtectedTextField()
    longitude = models.FloatField(null=True)
    latitude = models.FloatField(null=True)
    went = ProtectedTextField()
    met = ArrayField(models.CharField(max_length=16), default=list)
    child_whereabouts = models.CharField(max_length=12, blank=True)
    child_says = ProtectedTextField()
    family_says = ProtectedTextField()
    talk = ProtectedTextField()
    obstacles = ArrayField(models.CharField(max_length=16), default=list)
    result = models.CharField(max_length=12, choices=choices(AttemptResult))
    promised_on = models.DateField(null=True)
    next_step = ProtectedTextField()
    next_on = models.DateField(null=True)
    signed = models.CharField(max_length=12, blank=True)
    witness = models.CharField(max_length=60, blank=True)
    follow_up = models.CharField(max_length=16, blank=True)
    key = models.UUIDField(default=uuid.uuid4)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "nth"], name="attempt_number_once"),
            models.UniqueConstraint(fields=["case", "key"], name="attempt_sent_once"),
        ]
        indexes = [models.Index(fields=["case", "-nth"], name="attempts_of_case")]


class Aid(Written):
    """Help given to a family, and by which department."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="aid")
    kind = models.CharField(max_length=16)
    department = models.CharField(max_length=24, choices=choices(Department), blank=True)
    given_on = models.DateField()
    words = ProtectedTextField()


class Evidence(Written):
    """A proof: a file kept sealed, or a fact somebody saw and wrote down (then `words` say where and what).

    `attempt`, `document`: what it belongs to, if not the case as a whole. `withdrawn_at`: taken back; it counts no more but stays.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="evidence")
    kind = models.CharField(max_length=24, choices=choices(EvidenceKind))
    words = ProtectedTextField()
    file = models.CharField(max_length=80, blank=True)
    file_name = models.CharField(max_length=200, blank=True)
    file_sha256 = models.CharField(max_length=64, blank=True)
    file_size = models.BigIntegerField(default=0)
    content_type = models.CharField(max_length=60, blank=True)
    attempt = models.ForeignKey(Attempt, null=True, on_delete=models.PROTECT, related_name="evidence")
    document = models.ForeignKey("ServedDocument", null=True, on_delete=models.PROTECT, related_name="evidence")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by_name = models.CharField(max_length=120, blank=True)


class ServedDocument(Written):
    """A document of the ladder: issued with its number, served with proof (送达回证), leaving a term.

    `served…`: of the proof: on which day, how, where, to whom (`received_by`, `relation`), by which two people, refused on
    what ground before which witness. `term_days`, `term_ends`: counted from service.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="documents")
    step = models.CharField(max_length=24, choices=choices(LadderStep))
    number = models.CharField(max_length=60)
    issued_on = models.DateField()
    issuer_path = models.CharField(max_length=200, db_collation="C")
    issuer_name = models.CharField(max_length=120)
    clause = models.CharField(max_length=200)
    term_days = models.SmallIntegerField(null=True)
    served_on = models.DateField(null=True)
    served_way = models.CharField(max_length=12, choices=choices(ServiceWay), blank=True)
    served_at_place = ProtectedTextField()
    received_by = models.CharField(max_length=60, blank=True)
    relation = models.CharField(max_length=20, blank=True)
    servers = models.CharField(max_length=120, blank=True)
    refused_because = ProtectedTextField()
    witness = models.CharField(max_length=60, blank=True)
    term_ends = models.DateField(null=True)
    served_entered_by = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["issuer_path", "number"], name="document_number_once"),
            models.CheckConstraint(
                condition=models.Q(served_on=None, served_way="")
                | models.Q(served_on__isnull=False, served_way__gt=""),
                name="served_in_some_way",
            ),
        ]


class ChildPlan(Written):
    """一生一策: one version of the plan of a case. `approved…`: by the county or the school's head."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="plans")
    version = models.SmallIntegerField()
    situation = ProtectedTextField()
    goal = ProtectedTextField()
    measures = ProtectedTextField()
    people = ProtectedTextField()
    review_on = models.DateField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "version"], name="plan_version_once")]
