"""What a reading process may use."""

from __future__ import annotations

import sys
from pathlib import Path

from baoxue.reading.sniff import FileFormat

_GB = 1 << 30
# Address space, which is more than what is really used: libraries, threads and files mapped into memory count too.
_ADDRESS_SPACE = {
    FileFormat.XLSX: 3 * _GB,
    FileFormat.XLS: 2 * _GB,
    FileFormat.CSV: 6 * _GB,
    FileFormat.PARQUET: 8 * _GB,
}
# 55,000 rows of .xlsx (5.5 MB) take two seconds; a million rows of csv (200 MB) ten. Slow machines get ten times that.
_SECONDS = 60
_SECONDS_PER_MB = 4


def seconds_for(path: Path) -> int:
    """The longest time a file may take, in seconds."""
    try:
        size = path.stat().st_size
    except OSError:
        return _SECONDS
    return _SECONDS + _SECONDS_PER_MB * (size >> 20)


def confine(file_format: FileFormat, seconds: int) -> None:
    """Limit this process. Systems without resource limits (Windows) have only the parent's clock."""
    if sys.platform == "win32":
        return
    import resource

    _limit(resource.RLIMIT_AS, _ADDRESS_SPACE[file_format])
    _limit(resource.RLIMIT_CPU, 2 * seconds)  # two threads
    _limit(resource.RLIMIT_CORE, 0)  # a core file would hold the register


def _limit(kind: int, most: int) -> None:
    import resource

    _, hard = resource.getrlimit(kind)
    soft = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(kind, (soft, hard))
