"""`baoxue new-county CODE`: a county of the official list, ready for its schools and its people."""

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
    code = click.Argument(["code"], metavar=say.choose("代码", "CODE"))
    return make_command(say, "new-county", [code, json_option(say)], partial(_found, say))


def _found(say: Say, *, code: str, as_json: bool) -> None:
    from baoxue.cli.system import system

    with system():
        from baoxue.jurisdictions.codes import found_county
        from baoxue.jurisdictions.queries import within
        from baoxue.platform import clock
        from baoxue.platform.actor import system_actor
        from baoxue.platform.scope import EVERYWHERE, acting_as
        from baoxue.policy.capabilities import Level

        with acting_as(EVERYWHERE):
            made = found_county(code, by=system_actor("命令", path="/"), now=clock.now())
            townships = within(made.path, Level.TOWNSHIP).count()
    result = {"code": made.code, "name": made.name, "path": made.path, "townships": townships}
    click.echo(
        json.dumps(result, ensure_ascii=False) if as_json else say("county.done", name=made.name, townships=townships)
    )
