"""What a register file must do while it is being written."""

from __future__ import annotations

from typing import Protocol

from baoxue.synth.kinds import Frame


class Paper(Protocol):
    """A register file that is being written."""

    def add(self, frame: Frame) -> None:
        """Write the next rows."""
