"""`baoxue new-administrator CODE USERNAME`: the first administrators, whom no page can make."""

from __future__ import annotations

import json
from enum import StrEnum
from functools import partial

import click

from baoxue.cli.stop import Stop
from baoxue.cli.usage import argument, json_option, option
from baoxue.cli.usage import command as make_command
from baoxue.cli.values import a_text, one_of
from baoxue.cli.words import Say
from baoxue.refusal import Refusal


class Kind(StrEnum):
    """Which of the three administrators."""

    ACCOUNTS = "accounts"
    SYSTEM = "system"
    AUDIT = "audit"


class NoPlace(Refusal):
    """There is no such place in the tree."""

    code = "no-such-place"


def command(say: Say, _stop: Stop) -> click.Command:
    """The command in a language."""
    params = [
        argument("code", a_text(say), say.choose("代码", "CODE")),
        argument("username", a_text(say), say.choose("账户名", "USERNAME")),
        option("--name", a_text(say), say.choose("姓名", "NAME"), say("help.name"), required=True),
        option("--kind", one_of(say, Kind), "accounts|system|audit", say("help.kind"), default=Kind.ACCOUNTS.value),
        json_option(say),
    ]
    return make_command(say, "new-administrator", params, partial(_make, say))


def _make(say: Say, *, code: str, username: str, name: str, kind: Kind, as_json: bool) -> None:
    from baoxue.cli.system import COMMAND_LINE, system

    with system():
        from django.db import transaction

        from baoxue.access.actions import create_account, give_post
        from baoxue.jurisdictions.models import Jurisdiction
        from baoxue.platform import clock
        from baoxue.platform.actor import system_actor
        from baoxue.platform.scope import acting_as
        from baoxue.policy.capabilities import Role

        roles = {
            Kind.ACCOUNTS: Role.ACCOUNT_ADMINISTRATOR,
            Kind.SYSTEM: Role.SYSTEM_ADMINISTRATOR,
            Kind.AUDIT: Role.AUDITOR,
        }
        by, now = system_actor(COMMAND_LINE, path="/"), clock.now()
        with acting_as(by.scope), transaction.atomic():
            place = Jurisdiction.objects.filter(code=code).first()
            if place is None:
                raise NoPlace(f"没有代码是 {code} 的机构；先用 baoxue new-county 建立县。")
            account, password = create_account(username=username, name=name, phone="", place=place, by=by, now=now)
            give_post(
                account=account,
                role=roles[kind],
                place=place,
                department=None,
                valid_from=clock.day_of(now),
                valid_to=None,
                by=by,
                now=now,
            )
    told = {"username": username, "password": password, "role": roles[kind].value, "place": place.name}
    sentence = say("administrator.done", username=username, password=password, place=place.name)
    click.echo(json.dumps(told, ensure_ascii=False) if as_json else sentence)
