"""Part `imports`: a register workbook from drop to confirmed, on a database of its own."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

from bench.case import Case, Part, Result, Settings
from bench.processes import work
from bench.registers import AS_OF, COUNTY

# Rows of the household register a child of school age brings (children of other ages are in it too).
_ROWS_A_CHILD = 1.305


def _cases(settings: Settings) -> Sequence[Case]:
    sizes = (400,) if settings.quick else (5_000, 20_000, 50_000, 100_000)
    return [Case(f"{rows}", {"rows": rows, "seed": settings.seeds[0]}) for rows in sizes]


def _measure(scratch: Path, *, rows: int, seed: int) -> Result:
    children = round(rows / _ROWS_A_CHILD) + 1
    made = work(
        "bench.registers:make", out=scratch / "registers", children=children, seed=seed, format="xlsx", elsewhere_rows=0
    )
    worked = work("bench.imports:bring", folder=scratch / "installation", file=made.result["household"])
    result: Result = worked.result
    return result | {"peak_mb": worked.peak_mb}


def bring(folder: str, file: str) -> dict[str, Any]:
    """Bring a household register in twice: as that of last term, then measured. Runs in a process of its own.

    The file is sealed, read by a job in its child process, compared with the last snapshot and confirmed, as the pages do
    it. The second is the dearer one: every person of it is looked for in the first.
    """
    from baoxue.platform.installation import SETTINGS, open_installation, setup

    # Of its own, whatever installation the environment names.
    for name in ("BAOXUE_DATABASE_URL", "BAOXUE_OWNER_DATABASE_URL", "BAOXUE_KEYFILE"):
        os.environ.pop(name, None)
    os.environ.update(BAOXUE_MODE="demo", BAOXUE_DATA_DIR=folder, DJANGO_SETTINGS_MODULE=SETTINGS)

    installation = open_installation()
    try:
        setup()
        from baoxue.jurisdictions.codes import load_codes
        from baoxue.platform.owner import migrate

        assert installation.owner_url is not None
        migrate(installation.owner_url)
        load_codes()
        _import(file, days_before=200)
        return _import(file, days_before=0) | {"file_mb": Path(file).stat().st_size / 1e6}
    finally:
        installation.stop()


def _import(file: str, *, days_before: int) -> dict[str, Any]:
    from django.db import transaction

    from baoxue.jurisdictions.codes import found_county
    from baoxue.jurisdictions.queries import county_by_code
    from baoxue.platform import clock, jobs
    from baoxue.platform.actor import system_actor
    from baoxue.platform.scope import EVERYWHERE, acting_as
    from baoxue.policy.registers import Register
    from baoxue.registers.actions import confirm, start_import
    from baoxue.registers.models import Import

    by = system_actor("测量", path="/")
    with acting_as(EVERYWHERE):
        with transaction.atomic():
            county = county_by_code(COUNTY) or found_county(COUNTY, by=by, now=clock.now())
        times = [time.perf_counter()]
        with transaction.atomic(), Path(file).open("rb") as opened:
            imported = start_import(
                file=opened, file_name=Path(file).name, register=Register.HOUSEHOLD, county=county,
                as_of=AS_OF - timedelta(days=days_before), by=by, now=clock.now(),
            )  # fmt: skip
        times.append(time.perf_counter())
        jobs.run_job(job_id=str(imported.job_id))
        times.append(time.perf_counter())
        with transaction.atomic():
            taken = confirm(imported=Import.objects.get(pk=imported.pk), reason="", by=by, now=clock.now())
        times.append(time.perf_counter())
    drop, read, confirmed = (after - before for before, after in pairwise(times))
    return {
        "rows_read": taken.report["rows"],
        "rejected": taken.report["rejected"],
        "seconds": times[-1] - times[0],
        "steps": {"drop": drop, "read": read, "confirm": confirmed},
    }


IMPORTS = Part("imports", "a register workbook from drop to confirmed", _cases, _measure)
