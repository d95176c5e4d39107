"""`baoxue demo`: everything at once, with invented people."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path

import click

from baoxue.cli.places import check_folder
from baoxue.cli.stop import Stop
from baoxue.cli.usage import command as make_command
from baoxue.cli.usage import option
from baoxue.cli.values import a_path, a_whole_number
from baoxue.cli.words import Say


def command(say: Say, stop: Stop) -> click.Command:
    """The command in a language."""
    children = a_whole_number(say, 50, 500_000)
    options: list[click.Parameter] = [
        option("--data-dir", a_path(say), "DIR", say("help.data_dir"), default=Path("demo-data")),
        option("--port", a_whole_number(say, 1, 65_535), "N", say("help.port.demo")),
        option("--children", children, "N", say("help.children.demo"), default=2000),
        click.Option(["--no-browser"], is_flag=True, help=say("help.no_browser")),
    ]
    return make_command(say, "demo", options, partial(_demo, say, stop))


def _demo(say: Say, stop: Stop, *, data_dir: Path, port: int | None, children: int, no_browser: bool) -> None:
    check_folder(data_dir)
    from baoxue.cli.demonstration.whole import Demonstration

    Demonstration(say, stop, data_dir.absolute(), port=port, children=children).run(
        browser=not no_browser and sys.stdout.isatty()
    )
