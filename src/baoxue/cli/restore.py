"""`baoxue restore`: from a backup to a system again."""

from __future__ import annotations

import json
import sys
from functools import partial
from pathlib import Path

import click

from baoxue.cli.bar import progress_on
from baoxue.cli.stop import Stop
from baoxue.cli.usage import argument, json_option
from baoxue.cli.usage import command as make_command
from baoxue.cli.values import a_path
from baoxue.cli.words import Say


def command(say: Say, stop: Stop) -> click.Command:
    """The command in a language."""
    return make_command(
        say, "restore", [argument("file", a_path(say), "FILE"), json_option(say)], partial(_restore, say, stop)
    )


def _restore(say: Say, stop: Stop, *, file: Path, as_json: bool) -> None:
    from baoxue.cli.system import COMMAND_LINE, owner_url, system

    with system() as installation, progress_on(say, sys.stderr, stop.check) as progress:
        from baoxue.operation.actions import restore_backup
        from baoxue.platform import clock
        from baoxue.platform.actor import system_actor

        manifest = restore_backup(
            source=file,
            owner_url=owner_url(installation),
            by=system_actor(COMMAND_LINE, path="/"),
            now=clock.now(),
            progress=progress,
        )
    counts = {
        "made_at": manifest.made_at,
        "tables": len(manifest.tables),
        "rows": sum(table.rows for table in manifest.tables.values()),
        "files": len(manifest.files),
    }
    click.echo(json.dumps(counts, ensure_ascii=False) if as_json else say("restore.done", **counts))
