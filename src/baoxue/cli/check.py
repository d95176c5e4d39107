"""`baoxue check`: what is wrong with an installation."""

from __future__ import annotations

import json
import sys
from functools import partial

import click

from baoxue.cli.stop import Stop
from baoxue.cli.usage import command as make_command
from baoxue.cli.usage import json_option
from baoxue.cli.words import Say


def command(say: Say, _stop: Stop) -> click.Command:
    """The command in a language."""
    return make_command(say, "check", [json_option(say)], partial(_check, say))


def _check(say: Say, *, as_json: bool) -> None:
    from baoxue.cli.system import system

    with system():
        from baoxue.platform.checks import findings

        found = findings()
    if as_json:
        told = [{"code": f.code, "name": f.name, "wrong": f.wrong, "grave": f.grave} for f in found]
        click.echo(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        for finding in found:
            mark = "✓" if not finding.wrong else "✗" if finding.grave else "!"
            click.echo(f"{mark} {finding.name}" + (f"：{finding.wrong}" if finding.wrong else ""))
    if any(finding.wrong and finding.grave for finding in found):
        click.echo(say("check.wrong"), err=True)
        sys.exit(1)
