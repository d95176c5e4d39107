"""`baoxue keys`: the first key file, a new key, and everything under it."""

from __future__ import annotations

import json
import os
import sys
from enum import StrEnum
from functools import partial
from pathlib import Path

import click

from baoxue.cli.bar import progress_on
from baoxue.cli.stop import Stop
from baoxue.cli.usage import argument, json_option
from baoxue.cli.usage import command as make_command
from baoxue.cli.values import one_of
from baoxue.cli.words import Say
from baoxue.refusal import Refusal


class KeysThere(Refusal):
    """There is a key file already."""

    code = "keys-there"


class Act(StrEnum):
    """What is done with the keys."""

    INIT = "init"
    NEW = "new"
    ROTATE = "rotate"


def command(say: Say, stop: Stop) -> click.Command:
    """The command in a language."""
    act = argument("act", one_of(say, Act), "init|new|rotate")
    return make_command(say, "keys", [act, json_option(say)], partial(_keys, say, stop))


def _keys(say: Say, stop: Stop, *, act: Act, as_json: bool) -> None:
    if act is Act.INIT:
        told: dict[str, int | str] = {"path": str(_first_keys())}
        click.echo(json.dumps(told, ensure_ascii=False) if as_json else say("keys.first", **told))
        return
    from baoxue.cli.system import COMMAND_LINE, system

    with system(), progress_on(say, sys.stderr, stop.check) as progress:
        from django.conf import settings

        from baoxue.operation.actions import rotate_keys
        from baoxue.platform import clock
        from baoxue.platform.actor import system_actor
        from baoxue.platform.crypto import add_key

        if act is Act.NEW:
            path = Path(settings.BAOXUE_KEYFILE)
            told = {"number": add_key(path), "path": str(path)}
            sentence = say("keys.new", **told)
        else:
            done = rotate_keys(by=system_actor(COMMAND_LINE, path="/"), now=clock.now(), progress=progress)
            told = {**done}
            sentence = say("keys.rotated", **told)
    click.echo(json.dumps(told, ensure_ascii=False) if as_json else sentence)


def _first_keys() -> Path:
    """Make the key file of an installation, before it has anything else. Raises SettingMissing, KeysThere."""
    from baoxue.platform.crypto import new_keyfile
    from baoxue.platform.installation import SettingMissing

    named = os.environ.get("BAOXUE_KEYFILE")
    if not named:
        raise SettingMissing("请先设 BAOXUE_KEYFILE：密钥文件放在哪里。")
    path = Path(named).absolute()
    try:
        new_keyfile(path)
    except FileExistsError:
        raise KeysThere(f"“{path}”已经存在；密钥文件不会被覆盖，要加新密钥请用 baoxue keys new。") from None
    return path
