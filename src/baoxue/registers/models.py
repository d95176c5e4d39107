"""Imports of register files, and the snapshots they become."""

from __future__ import annotations

import uuid

from django.db import models

from baoxue.jurisdictions.models import Jurisdiction, choices
from baoxue.platform.models import Job
from baoxue.platform.visible import ByRegister
from baoxue.policy.capabilities import Department
from baoxue.policy.labelled import Labelled
from baoxue.policy.registers import Register

REGISTER_CHOICES = [(register.value, register.label) for register in Register]


TOGETHER = "all"
"""Instead of a department: the lists that several of them brought, put together for a comparison."""


def list_name(register: str, department: str) -> str:
    """What people call a list: 户籍, 特殊群体（民政）."""
    label = Register(register).label
    if department == TOGETHER:
        return f"{label}（各部门合在一起）"
    return f"{label}（{Department(department).label}）" if department else label


class ImportState(Labelled):
    """Where an import stands. The wizard's steps: 放入文件 → 认出来了 → 看收哪些、退哪些 → 确认."""

    READING = "reading", "正在识别"
    PREVIEW = "preview", "待确认"
    SECOND_LOOK = "second_look", "待复看"
    CONFIRMED = "confirmed", "已收下"
    JOINED = "joined", "已并入更正"
    CANCELLED = "cancelled", "已放弃"
    REFUSED = "refused", "不能识别"


class Snapshot(models.Model):
    """A register as it was on a day; never changes. `file`: sealed canonical Parquet; `sha256`: of its plain bytes.

    `department`: whose list it is, of a register that several departments bring; empty for the county's own list and for
    every other register. What a run compares is put together from the lists of all (`TOGETHER`); `counts` then names the
    `parts`.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    county = models.ForeignKey(Jurisdiction, on_delete=models.PROTECT, related_name="snapshots")
    place_path = models.CharField(max_length=200, db_collation="C")
    register = models.CharField(max_length=12, choices=REGISTER_CHOICES)
    department = models.CharField(max_length=20, blank=True, default="")
    as_of = models.DateField()
    rows = models.IntegerField()
    sha256 = models.CharField(max_length=64)
    file = models.CharField(max_length=80)
    counts = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=120)

    objects = ByRegister.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(rows__gt=0), name="snapshot_has_rows")]
        indexes = [models.Index(fields=["county", "register", "-as_of", "-created_at"], name="snapshots_of_county")]

    @property
    def list_name(self) -> str:
        """What people call it."""
        return list_name(self.register, self.department)


class Import(models.Model):
    """One file on its way to a snapshot.

    `place_path`: the county's, or that of the school that brought its own rows. `department`: as in Snapshot. `upload`:
    the sealed file as dropped, empty for one gathered from schools; `canonical`, `rejects`: sealed results of the reading;
    `originals`: the rejected rows as they stood in the file, sealed (`reading.aswritten`), empty when there are none.
    `report`: what the reader did (`account.py`). `differences`: against the snapshot `compared_with`; `unusual`: they cross
    the alarm threshold, and another person has to confirm. `replaces`: the import this whole file comes instead of. `corrects`: the
    import whose rejected rows this file brings corrected; its rows join those taken there (`correcting.py`). `file_name`: as shown
    to people; it may name a person, so it is personal.
    `confirmed_…`: who confirmed, `reason` what they answered; `second_…`: who looked again at an unusual one.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    county = models.ForeignKey(Jurisdiction, on_delete=models.PROTECT, related_name="imports")
    place_path = models.CharField(max_length=200, db_collation="C")
    register = models.CharField(max_length=12, choices=REGISTER_CHOICES)
    department = models.CharField(max_length=20, blank=True, default="")
    as_of = models.DateField()
    state = models.CharField(max_length=12, choices=choices(ImportState), default=ImportState.READING.value)
    file_name = models.CharField(max_length=200)
    upload = models.CharField(max_length=80, blank=True)
    upload_sha256 = models.CharField(max_length=64, blank=True)
    upload_size = models.BigIntegerField()
    canonical = models.CharField(max_length=80, blank=True)
    rejects = models.CharField(max_length=80, blank=True)
    originals = models.CharField(max_length=80, blank=True)
    report = models.JSONField(default=dict)
    differences = models.JSONField(default=dict)
    unusual = models.BooleanField(default=False)
    sentence = models.TextField(blank=True)
    job = models.ForeignKey(Job, null=True, on_delete=models.SET_NULL)
    compared_with = models.ForeignKey(Snapshot, null=True, on_delete=models.PROTECT, related_name="+")
    replaces = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="replaced_by")
    corrects = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="corrected_by")
    snapshot = models.OneToOneField(Snapshot, null=True, on_delete=models.PROTECT, related_name="source")
    created_at = models.DateTimeField()
    created_by_id = models.BigIntegerField(null=True)
    created_by_name = models.CharField(max_length=120)
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by_id = models.BigIntegerField(null=True)
    confirmed_by_name = models.CharField(max_length=120, blank=True)
    second_by_id = models.BigIntegerField(null=True)
    second_by_name = models.CharField(max_length=120, blank=True)
    reason = models.TextField(blank=True)
    second_reason = models.TextField(blank=True)

    objects = ByRegister.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state="confirmed", snapshot__isnull=False)
                | (~models.Q(state="confirmed") & models.Q(snapshot=None)),
                name="confirmed_has_its_snapshot",
            ),
            models.CheckConstraint(
                condition=models.Q(second_by_id=None) | ~models.Q(second_by_id=models.F("confirmed_by_id")),
                name="second_look_by_another",
            ),
        ]
        indexes = [
            models.Index(fields=["place_path", "-created_at"], name="imports_of_place"),
            models.Index(fields=["county", "register", "upload_sha256"], name="imports_of_file"),
        ]

    @property
    def list_name(self) -> str:
        """What people call the register it is of."""
        return list_name(self.register, self.department)
