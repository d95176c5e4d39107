"""`baoxue migrate`: bring the database, and the official codes and holidays in it, to the state this version expects."""

from __future__ import annotations

import json
from functools import partial

import click

from baoxue.cli.stop import Stop
from baoxue.cli.usage import command as make_command
from baoxue.cli.usage import json_option
from baoxue.cli.words import Say


def command(say: Say, _stop: Stop) -> click.Command:
    """The command in a language."""
    return make_command(say, "migrate", [json_option(say)], partial(_migrate, say))


def _migrate(say: Say, *, as_json: bool) -> None:
    from baoxue.cli.system import owner_url, system

    with system() as installation:
        from baoxue.jurisdictions.codes import load_codes, load_holidays
        from baoxue.platform.owner import migrate

        applied = migrate(owner_url(installation))
        load_codes()
        load_holidays()
    click.echo(json.dumps({"applied": applied}) if as_json else say("migrate.done", applied=applied))
