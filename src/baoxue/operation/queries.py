"""How the system is."""

from __future__ import annotations

from datetime import datetime

from django.db import OperationalError

from baoxue.platform.models import Worker
from baoxue.platform.owner import unapplied
from baoxue.platform.worker import GONE_AFTER


def readiness(*, now: datetime) -> dict[str, bool]:
    """Whether each part the system needs is there: database, migrations, a living worker."""
    try:
        migrated = not unapplied()
        worker = Worker.objects.filter(beat_at__gte=now - GONE_AFTER).exists()
    except OperationalError:
        return {"database": False, "migrations": False, "worker": False}
    return {"database": True, "migrations": migrated, "worker": worker}
