"""`baoxue backup`: the whole system in one file."""

from __future__ import annotations

import json
import sys
from functools import partial
from pathlib import Path

import click

from baoxue.cli.bar import progress_on
from baoxue.cli.places import check_folder
from baoxue.cli.stop import Stop
from baoxue.cli.usage import argument, json_option
from baoxue.cli.usage import command as make_command
from baoxue.cli.values import a_path
from baoxue.cli.words import Say


def command(say: Say, stop: Stop) -> click.Command:
    """The command in a language."""
    return make_command(
        say, "backup", [argument("file", a_path(say), "FILE"), json_option(say)], partial(_backup, say, stop)
    )


def _backup(say: Say, stop: Stop, *, file: Path, as_json: bool) -> None:
    check_folder(file.absolute().parent)
    from baoxue.cli.system import COMMAND_LINE, owner_url, system

    with system() as installation, progress_on(say, sys.stderr, stop.check) as progress:
        from baoxue.operation.actions import make_backup
        from baoxue.platform import clock
        from baoxue.platform.actor import system_actor

        manifest = make_backup(
            target=file,
            owner_url=owner_url(installation),
            by=system_actor(COMMAND_LINE, path="/"),
            now=clock.now(),
            progress=progress,
        )
    counts = {
        "path": str(file),
        "tables": len(manifest.tables),
        "rows": sum(table.rows for table in manifest.tables.values()),
        "files": len(manifest.files),
    }
    click.echo(json.dumps(counts, ensure_ascii=False) if as_json else say("backup.done", **counts))
