"""A job and a daily beat that write rows in one transaction, slowly enough to be killed in the middle."""

from __future__ import annotations

import os
import time
from datetime import date, datetime, timedelta
from datetime import time as time_of_day
from typing import Any

from django.db import connection, transaction

from baoxue.platform import jobs, worker
from baoxue.platform.beats import daily
from baoxue.platform.jobs import Running, work

# A test does not wait as long as an installation does.
jobs.BEAT = 0.5
jobs.SILENT_AFTER = timedelta(seconds=3)
worker._LOOK_EVERY = 1.0
worker._BEATS_EVERY = 0.5
# Seconds that the work of a day takes, in its transaction.
DAY_TAKES = 0.2


@daily("faults.day", at=time_of_day(0, 0))
def write_down(day: date, now: datetime) -> None:
    """Write the day down, and who did it when."""
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO staging.done VALUES (%s, %s, %s)", [day, now, os.getpid()])
        time.sleep(DAY_TAKES)


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
