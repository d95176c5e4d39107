"""Leads: word that a child may be out of school, from whatever source, joined to one child."""

from __future__ import annotations

from django.db import models

from baoxue.cases.models.base import Written
from baoxue.children.models import Child
from baoxue.comparison.models import Finding
from baoxue.jurisdictions.models import Jurisdiction, choices
from baoxue.platform.fields import ProtectedTextField
from baoxue.policy.casecodes import LeadSource
from baoxue.policy.labelled import Labelled


class LeadState(Labelled):
    """Where a lead stands."""

    OPEN = "open", "待处理"
    IN_CASE = "in_case", "已并入个案"
    SET_ASIDE = "set_aside", "不成立"


class Lead(Written):
    """One lead.

    `child`: whom it is about, None as long as nobody has said which child is meant; `name`: as it was told. `key`: what
    makes it the same word told again (a finding's key, a row of a list), unique in its county while it is open. `words`:
    what was told, sealed. `case`: the case it went into. `answered…`: who dealt with it.
    """

    county = models.ForeignKey(Jurisdiction, on_delete=models.PROTECT, related_name="+")
    child = models.ForeignKey(Child, null=True, on_delete=models.PROTECT, related_name="leads")
    name = models.CharField(max_length=100)
    source = models.CharField(max_length=24, choices=choices(LeadSource))
    department = models.CharField(max_length=24, blank=True)
    key = models.CharField(max_length=80)
    found_on = models.DateField()
    words = ProtectedTextField()
    finding = models.ForeignKey(Finding, null=True, on_delete=models.SET_NULL, related_name="+")
    state = models.CharField(max_length=10, choices=choices(LeadState), default=LeadState.OPEN.value)
    case = models.ForeignKey("cases.Case", null=True, on_delete=models.PROTECT, related_name="leads")
    times = models.IntegerField(default=1)
    answered_at = models.DateTimeField(null=True)
    answered_by_name = models.CharField(max_length=120, blank=True)
    answer = ProtectedTextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["county", "key"], name="lead_once")]
        indexes = [
            models.Index(fields=["county", "state", "-written_at"], name="leads_of_county"),
            models.Index(fields=["school_path", "state"], name="leads_by_school"),
            models.Index(fields=["home_path", "state"], name="leads_by_home"),
        ]
