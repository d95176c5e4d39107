"""`baoxue worker`: a process that does the slow work."""

from __future__ import annotations

from contextlib import suppress
from functools import partial

import click

from baoxue.cli.stop import Stop
from baoxue.cli.usage import command as make_command
from baoxue.cli.usage import option
from baoxue.cli.values import a_whole_number
from baoxue.cli.words import Say


def command(say: Say, stop: Stop) -> click.Command:
    """The command in a language."""
    processes = option("--processes", a_whole_number(say, 1, 64), "N", say("help.processes.worker"), default=1)
    return make_command(say, "worker", [processes], partial(_worker, stop))


def _worker(stop: Stop, *, processes: int) -> None:
    from baoxue.cli.system import system

    with system(), suppress(KeyboardInterrupt):
        from baoxue.platform.checks import require_ready
        from baoxue.platform.worker import work_until

        require_ready()
        if processes == 1:
            work_until(lambda: stop.signal is not None)
            return
        from baoxue.cli.supervise import Supervisor, baoxue

        with Supervisor() as supervisor:
            for number in range(processes):
                supervisor.start(f"worker-{number + 1}", baoxue("worker"))
            supervisor.watch(lambda: stop.signal is not None)
