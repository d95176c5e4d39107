"""`baoxue roles`: the database roles, as SQL for an administrator of the database."""

from __future__ import annotations

import click

from baoxue.cli.stop import Stop
from baoxue.cli.usage import command as make_command
from baoxue.cli.words import Say


def command(say: Say, _stop: Stop) -> click.Command:
    """The command in a language."""
    return make_command(say, "roles", [], _roles)


def _roles() -> None:
    from baoxue.platform.roles import as_sql

    click.echo(as_sql())
