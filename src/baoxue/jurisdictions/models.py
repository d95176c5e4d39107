"""The tree of education administration, schools, calendar and parameters. Nothing here is about a person."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from baoxue.policy.calendar import DayKind
from baoxue.policy.capabilities import Level
from baoxue.policy.codelists import BASES, LONGEST_CODE, CodeList
from baoxue.policy.labelled import Labelled
from baoxue.policy.parameters import PARAMETERS
from baoxue.policy.schoolyear import SchoolStage, Semester


def choices(kind: type[Labelled]) -> list[tuple[str, str]]:
    """Choices of a field from an enumeration."""
    return [(member.value, member.label) for member in kind]


class Jurisdiction(models.Model):
    """One place: ministry, province, city, county, township or school.

    `path`: codes from the root, e.g. `/52/5226/522626/522626100/`; the ministry is `/`. `code`: unique, for counties and
    up the official one, for places the official lists do not have (development zones, 兵团) one of our own.
    `region_code`: the statistical code, where there is one. A place that ended keeps its row.
    """

    path = models.CharField(max_length=200, unique=True, db_collation="C")
    level = models.CharField(max_length=12, choices=choices(Level))
    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=80)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    region_code = models.CharField(max_length=12, blank=True)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)

    class Meta:
        indexes = [models.Index(fields=["level", "path"], name="jurisdiction_by_level")]

    def __str__(self) -> str:
        return self.name


class School(models.Model):
    """What is known of a school beyond its place in the tree. `school_code`: 学校标识码."""

    jurisdiction = models.OneToOneField(Jurisdiction, primary_key=True, on_delete=models.PROTECT, related_name="school")
    school_code = models.CharField(max_length=10, unique=True)
    stages = ArrayField(models.CharField(max_length=20, choices=choices(SchoolStage)), default=list)
    nature = models.CharField(max_length=20, blank=True)


class TeachingPoint(models.Model):
    """教学点 of a school."""

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="teaching_points")
    code = models.CharField(max_length=12, unique=True)
    name = models.CharField(max_length=80)


class RegionCode(models.Model):
    """One official code to township level, with its history (GB/T 2260, GB/T 10114)."""

    code = models.CharField(max_length=12, primary_key=True)
    name = models.CharField(max_length=80)
    level = models.CharField(max_length=12, choices=choices(Level))
    parent_code = models.CharField(max_length=12, blank=True, db_index=True)
    valid_from = models.SmallIntegerField(null=True)
    valid_to = models.SmallIntegerField(null=True)
    successors = models.CharField(max_length=200, blank=True)


class Term(models.Model):
    """One semester of a school year at a place; places under it follow it unless they have their own."""

    jurisdiction = models.ForeignKey(Jurisdiction, on_delete=models.PROTECT, related_name="terms")
    school_year = models.SmallIntegerField()
    semester = models.CharField(max_length=8, choices=choices(Semester))
    first_day = models.DateField()
    last_day = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["jurisdiction", "school_year", "semester"], name="one_term_each"),
            models.CheckConstraint(condition=models.Q(first_day__lt=models.F("last_day")), name="term_runs_forward"),
        ]


class SpecialDay(models.Model):
    """A day that is not what its weekday says. `document`: the notice that says so."""

    jurisdiction = models.ForeignKey(Jurisdiction, on_delete=models.PROTECT, related_name="special_days")
    day = models.DateField()
    kind = models.CharField(max_length=10, choices=choices(DayKind))
    name = models.CharField(max_length=40, blank=True)
    document = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["jurisdiction", "day"], name="one_special_day")]


class ParameterVersion(models.Model):
    """A parameter as set at a place for a time. Rows are added; the nearest place upwards, latest version wins.

    `code`: of `policy.parameters`. `value`: number, text or list. `document`, `clause`: on what ground.
    """

    jurisdiction = models.ForeignKey(Jurisdiction, on_delete=models.PROTECT, related_name="parameters")
    code = models.CharField(max_length=60)
    value = models.JSONField()
    day_type = models.CharField(max_length=12, blank=True)
    document = models.CharField(max_length=160, blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=120)

    class Meta:
        indexes = [models.Index(fields=["code", "jurisdiction", "-valid_from"], name="parameter_in_force")]

    @property
    def label(self) -> str:
        """The parameter's name."""
        return PARAMETERS[self.code].label


class CodeListEntry(models.Model):
    """A code added to a list at a province, city or county; those below have it too. Never changed, only ended.

    `code_list`, `means`: of `policy.codelists`; `means`: the base code it stands for. `valid_to`: last day on which it may
    be chosen. `document`: on what ground.
    """

    jurisdiction = models.ForeignKey(Jurisdiction, on_delete=models.PROTECT, related_name="codes")
    code_list = models.CharField(max_length=20, choices=choices(CodeList))
    code = models.CharField(max_length=LONGEST_CODE)
    label = models.CharField(max_length=40)
    means = models.CharField(max_length=24)
    document = models.CharField(max_length=160)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=120)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["jurisdiction", "code_list", "code"], name="code_once_at_a_place"),
            models.CheckConstraint(
                condition=models.Q(valid_to=None, ended_at=None, ended_by="")
                | models.Q(valid_to__gte=models.F("valid_from"), ended_at__isnull=False, ended_by__gt=""),
                name="code_ended_by_somebody",
            ),
        ]

    @property
    def means_label(self) -> str:
        """The name of what it stands for."""
        return BASES[CodeList(self.code_list)](self.means).label
