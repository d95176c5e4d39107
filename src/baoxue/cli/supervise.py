"""Child processes that are started again when they end, and that end with this one, however it ends."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Self

from baoxue.refusal import Refusal

_PR_SET_PDEATHSIG = 1
_LOOK_EVERY = 0.2
_STOP_SECONDS = 15.0
# A child that ended so often within so many seconds will not live longer the next time.
_ENDINGS, _WITHIN = 5, 30.0


class ChildKeepsEnding(Refusal):
    """A process ends again and again right after its start."""

    code = "process-keeps-ending"


@dataclass(slots=True)
class _Child:
    name: str
    command: list[str]
    log: Path | None
    process: subprocess.Popen[bytes]
    endings: deque[float] = field(default_factory=lambda: deque(maxlen=_ENDINGS))


class Supervisor:
    """Starts children, starts those again that end, and ends all of them on leaving.

    `also`: called whenever the children are looked at, for what needs looking after besides them.
    """

    def __init__(self, *, also: Callable[[], None] | None = None) -> None:
        self._children: list[_Child] = []
        self._also = also

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self, name: str, command: list[str], *, log: Path | None = None) -> None:
        """Start a child. `log`: where it writes what it would write to the terminal."""
        self._children.append(_Child(name, command, log, _launch(command, log)))

    def look(self) -> None:
        """Start those again that have ended. Raises ChildKeepsEnding."""
        if self._also is not None:
            self._also()
        for child in self._children:
            if child.process.poll() is None:
                continue
            now = time.monotonic()
            child.endings.append(now)
            if len(child.endings) == _ENDINGS and now - child.endings[0] < _WITHIN:
                where = "" if child.log is None else f"，原因见 {child.log}"
                raise ChildKeepsEnding(f"进程 {child.name} 反复退出，已停止重启{where}。")
            child.process = _launch(child.command, child.log)

    def watch(self, asked_to_end: Callable[[], bool]) -> None:
        """Look after the children until asked to end."""
        while not asked_to_end():
            self.look()
            time.sleep(_LOOK_EVERY)

    def stop(self) -> None:
        """Ask all children to end, and end those that do not within some seconds."""
        for child in reversed(self._children):
            if child.process.poll() is None:
                child.process.terminate()
        deadline = time.monotonic() + _STOP_SECONDS
        for child in self._children:
            try:
                child.process.wait(max(0.0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                child.process.kill()
                child.process.wait()


def baoxue(*arguments: str) -> list[str]:
    """A command line of this program, in this Python."""
    return [sys.executable, "-m", "baoxue", *arguments]


def _launch(command: list[str], log: Path | None) -> subprocess.Popen[bytes]:
    output: IO[bytes] | None = None if log is None else log.open("ab")
    try:
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            # Ctrl-C at the terminal is for the parent alone, which then asks the children.
            start_new_session=True,
            preexec_fn=_ending_with(os.getpid()) if sys.platform == "linux" else None,
        )
    finally:
        if output is not None:
            output.close()


def _ending_with(parent: int) -> Callable[[], None]:
    libc = ctypes.CDLL(None)

    def end_with_parent() -> None:
        libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:
            os._exit(1)

    return end_with_parent
