"""Starting the command costs next to nothing, whatever it can do."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = {"duckdb", "numpy", "pyarrow", "pypinyin", "python_calamine", "scipy", "xlsxwriter"}

_LIST_MODULES = """
import sys
from baoxue.cli import main
code = main(sys.argv[1:])
print(*sys.modules)
sys.exit(code)
"""


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["compare", "--help"], ["synth", "--help"]])
def test_help_imports_no_heavy_library(arguments: list[str]) -> None:
    run = subprocess.run([sys.executable, "-c", _LIST_MODULES, *arguments], capture_output=True, text=True, check=True)
    modules = set(run.stdout.splitlines()[-1].split())
    assert "baoxue.cli.compare" in modules
    assert modules & HEAVY == set()


def test_the_package_runs_as_a_module() -> None:
    run = subprocess.run([sys.executable, "-m", "baoxue", "--version"], capture_output=True, text=True, check=False)
    assert (run.returncode, run.stdout, run.stderr) == (0, "baoxue 0.1.0\n", "")
