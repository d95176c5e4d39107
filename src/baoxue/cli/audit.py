"""`baoxue audit verify`: whether the audit record is whole."""

from __future__ import annotations

import json
import re
import sys
from dataclasses import asdict
from enum import StrEnum
from functools import partial

import click

from baoxue.cli.stop import Stop
from baoxue.cli.usage import argument, json_option, option
from baoxue.cli.usage import command as make_command
from baoxue.cli.values import Value, one_of
from baoxue.cli.words import Say


class Act(StrEnum):
    """What is done with the record."""

    VERIFY = "verify"


def command(say: Say, _stop: Stop) -> click.Command:
    """The command in a language."""
    params = [
        argument("act", one_of(say, Act), "verify"),
        option(
            "--known",
            Value("known", _known, say("value.known", value="{value}")),
            "N:HEX",
            say("help.known"),
            default=None,
        ),
        json_option(say),
    ]
    return make_command(say, "audit", params, partial(_verify, say))


def _known(text: str) -> tuple[int, str]:
    """Position and digest as an earlier proof printed them."""
    found = re.fullmatch(r"(\d+):([0-9a-fA-F]{64})", text)
    if found is None:
        raise ValueError
    return int(found[1]), found[2]


def _verify(say: Say, *, act: Act, known: tuple[int, str] | None, as_json: bool) -> None:
    from baoxue.cli.system import system

    with system():
        from baoxue.audit.chain import verify

        found = verify(known=known)
    if as_json:
        click.echo(json.dumps({"whole": found.whole, **asdict(found)}, ensure_ascii=False))
    elif found.whole:
        click.echo(say("audit.whole", entries=found.entries, position=found.position, digest=found.digest or "-"))
    if not found.whole:
        click.echo(say("audit.broken", fault=found.fault, entries=found.entries), err=True)
        sys.exit(1)
