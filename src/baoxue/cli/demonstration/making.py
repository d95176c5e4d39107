"""The registers of the city, made up by processes of their own while the server starts."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

from baoxue.cli.supervise import baoxue
from baoxue.policy.registers import Register
from baoxue.refusal import Refusal

# Two counties of 黔东南. Their real names make addresses and identity numbers look right; nobody in them is real.
CITY = "522600"
COUNTIES = ("522626", "522627")
LOOK_EVERY = 0.1


class DemonstrationFailed(Refusal):
    """A step of the demonstration did not come to its end."""

    code = "demonstration-failed"


def seed_of(county: str) -> int:
    """Seed of a county's people and places."""
    return int(county)


class Making:
    """The registers of one county, on their way into `folder`. What an earlier start made whole is not made again."""

    def __init__(self, county: str, folder: Path, *, children: int, as_of: date) -> None:
        self.county = county
        self._folder = folder / county
        self._log = folder / f"{county}.log"
        self._done = self._folder / "done"
        self._process: subprocess.Popen[bytes] | None = None
        if not self._done.exists():
            folder.mkdir(parents=True, exist_ok=True)
            with self._log.open("wb") as log:
                self._process = subprocess.Popen(
                    [
                        *baoxue("synth", "--children", str(children), "--seed", str(seed_of(county))),
                        *("--county", county, "--as-of", as_of.isoformat(), "--out", str(self._folder)),
                    ],
                    stdout=log,
                    stderr=log,
                )

    def files(self, look: Callable[[], None]) -> dict[Register, Path]:
        """The files, once they are written. Raises DemonstrationFailed."""
        while self._process is not None and self._process.poll() is None:
            look()
            time.sleep(LOOK_EVERY)
        if self._process is not None and self._process.returncode:
            raise DemonstrationFailed(f"合成名册没有做成，原因见 {self._log}。")
        self._done.touch()
        return {register: self._folder / f"{register.value}.xlsx" for register in Register}
