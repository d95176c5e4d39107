"""What a measurement was made on and with."""

from __future__ import annotations

import hashlib
import os
import platform
import subprocess
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

_ROOT = Path(__file__).parents[1]
_LIBRARIES = ("duckdb", "numpy", "pyarrow", "python-calamine", "scipy", "xlsxwriter", "splink", "pandas")
# A change here does not change what was measured.
_TELLING = {"report.py", "plots.py", "sections.py", "__main__.py"}


def machine() -> dict[str, Any]:
    """Processors, memory, software and the commit."""
    return {
        "processor": _processor(),
        "cores": len(os.sched_getaffinity(0)),
        "memory_gb": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9),
        "system": platform.system(),
        "python": platform.python_version(),
        "libraries": {name: found for name in _LIBRARIES if (found := _version(name))},
        "commit": _commit(),
    }


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def _version(library: str) -> str | None:
    try:
        return version(library)
    except PackageNotFoundError:
        return None


def _commit() -> str:
    command = ["git", "-C", str(_ROOT), "describe", "--always", "--dirty", "--exclude=*"]
    try:
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return "unknown"


def code_digest() -> str:
    """The same for the same code, committed or not: results of other code are measured again."""
    digest = hashlib.sha256()
    files = [*(_ROOT / "src").rglob("*"), *(_ROOT / "bench").glob("*.py")]
    for file in sorted(files):
        if file.is_file() and "__pycache__" not in file.parts and file.name not in _TELLING:
            digest.update(file.relative_to(_ROOT).as_posix().encode())
            digest.update(file.read_bytes())
    return digest.hexdigest()[:16]
