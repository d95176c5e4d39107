"""Being asked to stop, by a person at the keyboard or by the system."""

from __future__ import annotations

import signal
from typing import NoReturn


class Stop:
    """The signal that asked this process to end, once one did.

    Both ways of asking raise KeyboardInterrupt, so that temporary files with personal data are removed on the way out.
    A query that is running ends first: DuckDB does not look up from it.
    """

    def __init__(self) -> None:
        self.signal: int | None = None

    def listen(self) -> None:
        """From now on both signals of this process are answered here."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._asked)

    def let_go(self) -> None:
        """Leave both signals to whoever comes next, e.g. a server with an ending of its own."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_DFL)

    def _asked(self, number: int, _frame: object) -> NoReturn:
        self.signal = number
        raise KeyboardInterrupt

    def check(self) -> None:
        """Raise KeyboardInterrupt if a stop was asked for.

        What the signal raised is lost now and then: in a callback of the interpreter, or in a library that clears
        errors while it tries something (seen in 3 of 100 runs of numpy). Long work looks here again whenever it tells
        its progress.
        """
        if self.signal is not None:
            raise KeyboardInterrupt
