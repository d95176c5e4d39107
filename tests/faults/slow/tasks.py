"""A job that writes rows in one transaction, slowly enough to be killed in the middle."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

from django.db import connection, transaction

from baoxue.platform import jobs, worker
from baoxue.platform.jobs import Running, work

# A test does not wait as long as an installation does.
jobs.BEAT = 0.5
jobs.SILENT_AFTER = timedelta(seconds=3)
worker._LOOK_EVERY = 1.0


@work("faults.fill")
def fill(running: Running) -> dict[str, Any]:
    """Write so many rows, some each half second."""
    rows = running.arguments["rows"]
    with transaction.atomic(), connection.cursor() as cursor:
        for number in range(rows):
            cursor.execute("INSERT INTO staging.filled VALUES (%s)", [number])
            running.progress(f"第 {number + 1} 行", number + 1, rows)
            time.sleep(0.15)
    return {"rows": rows}
