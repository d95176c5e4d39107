"""The command `baoxue`: one module per command, heavy libraries imported only when a command runs."""

from baoxue.cli.program import main

__all__ = ["main"]
