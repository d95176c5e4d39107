"""Starting the command costs next to nothing, whatever it can do."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

SYSTEM = {"cryptography", "django", "psycopg", "structlog"}
HEAVY = SYSTEM | {"duckdb", "numpy", "pyarrow", "pypinyin", "python_calamine", "scipy", "xlsxwriter"}

_LIST_MODULES = """
import sys
from baoxue.cli import main
code = main(sys.argv[1:])
print(*sys.modules)
sys.exit(code)
"""


COMMANDS = ["compare", "synth", "demo", "serve", "worker", "migrate", "check", "backup", "restore", "keys"]


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], *([command, "--help"] for command in COMMANDS)])
def test_help_imports_no_heavy_library(arguments: list[str]) -> None:
    run = subprocess.run([sys.executable, "-c", _LIST_MODULES, *arguments], capture_output=True, text=True, check=True)
    modules = set(run.stdout.splitlines()[-1].split())
    assert "baoxue.cli.compare" in modules
    assert modules & HEAVY == set()


def test_a_comparison_knows_nothing_of_the_system(tmp_path: Path) -> None:
    missing = [f"--{register}={tmp_path / 'none.xlsx'}" for register in ("household", "student", "roll")]
    arguments = ["compare", *missing, "--county=522626", "--as-of=2025-09-20", f"--out={tmp_path / 'out'}"]
    run = subprocess.run([sys.executable, "-c", _LIST_MODULES, *arguments], capture_output=True, text=True, check=False)
    modules = set(run.stdout.splitlines()[-1].split())
    assert "baoxue.matching" in modules
    assert modules & SYSTEM == set()


def test_the_package_runs_as_a_module() -> None:
    run = subprocess.run([sys.executable, "-m", "baoxue", "--version"], capture_output=True, text=True, check=False)
    assert (run.returncode, run.stdout, run.stderr) == (0, "baoxue 0.1.0\n", "")
