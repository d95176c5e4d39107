"""`baoxue import`: one register file into the database, as the pages would bring it."""

from __future__ import annotations

import json
import sys
from datetime import date
from functools import partial
from pathlib import Path

import click

from baoxue.cli.bar import progress_on
from baoxue.cli.stop import Stop
from baoxue.cli.usage import command as make_command
from baoxue.cli.usage import json_option, option
from baoxue.cli.values import a_county, a_day, a_path, a_text, one_of
from baoxue.cli.words import Say
from baoxue.policy.registers import Register


def command(say: Say, stop: Stop) -> click.Command:
    """The command in a language."""
    return make_command(say, "import", _parameters(say), partial(_import, say, stop))


def _parameters(say: Say) -> list[click.Parameter]:
    return [
        click.Argument(["register"], type=one_of(say, Register), metavar="REGISTER"),
        click.Argument(["file"], type=a_path(say), metavar="FILE"),
        option("--county", a_county(say), "CODE", say("help.county"), required=True),
        option("--as-of", a_day(say), "DATE", say("help.as_of"), required=True),
        option("--confirm-unusual", a_text(say), "REASON", say("help.confirm_unusual")),
        json_option(say),
    ]


def _import(
    say: Say,
    stop: Stop,
    *,
    register: Register,
    file: Path,
    county: str,
    as_of: date,
    confirm_unusual: str | None,
    as_json: bool,
) -> None:
    from baoxue.cli.system import system

    with system():
        from baoxue.cli.importnow import import_now
        from baoxue.platform.checks import require_ready

        require_ready()
        with progress_on(say, sys.stderr, stop.check) as progress:
            taken = import_now(
                file,
                Register(register),
                county_code=county,
                as_of=as_of,
                unusual_reason=confirm_unusual,
                progress=progress,
            )
    if as_json:
        click.echo(json.dumps(taken.to_json(), ensure_ascii=False, indent=2))
        return
    name = say.choose(Register(register).label, register)
    click.echo(say("import.done", register=name, rows=taken.rows, accepted=taken.accepted, rejected=taken.rejected))
    for reason, times in taken.reasons:
        click.echo(f"  {times:,}  {reason}")
