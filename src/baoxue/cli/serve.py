"""`baoxue serve`: the web server."""

from __future__ import annotations

import os
from functools import partial

import click

from baoxue.cli.stop import Stop
from baoxue.cli.usage import command as make_command
from baoxue.cli.usage import option
from baoxue.cli.values import a_text, a_whole_number
from baoxue.cli.words import Say

PORT = 8000


def command(say: Say, stop: Stop) -> click.Command:
    """The command in a language."""
    port = a_whole_number(say, 1, 65_535)
    options: list[click.Parameter] = [
        option("--host", a_text(say), "HOST", say("help.host"), default="127.0.0.1"),
        option("--port", port, "N", say("help.port"), default=PORT),
        option("--processes", a_whole_number(say, 1, 64), "N", say("help.processes"), default=2),
    ]
    return make_command(say, "serve", options, partial(_serve, stop))


def _serve(stop: Stop, *, host: str, port: int, processes: int) -> None:
    from baoxue.cli.system import system
    from baoxue.platform.installation import metrics_folder, require_settings

    require_settings()
    # Read by the library when it is imported: figures of all processes are added up there.
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(metrics_folder())
    with system():
        from baoxue.cli.webserver import WebServer
        from baoxue.platform import storage
        from baoxue.platform.checks import require_ready

        require_ready()
        # What a web process that was killed had opened must not wait for a worker to start.
        storage.tidy()
        # The server has its own way to answer signals: it lets running requests end.
        stop.let_go()
        WebServer(host=host, port=port, processes=processes).run()
