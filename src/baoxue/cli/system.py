"""What the commands of the installed system have in common. Nothing heavy is imported before one of them runs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from baoxue.refusal import Refusal

if TYPE_CHECKING:
    from baoxue.platform.installation import Installation


# As what a command acts, on record.
COMMAND_LINE = "命令行"


class NoOwner(Refusal):
    """The act needs the address of the owner of the database."""

    code = "owner-url-missing"


@contextmanager
def system() -> Iterator[Installation]:
    """The installation the environment names, with Django set up; an embedded server started here ends with it.

    Raises SettingMissing, ServerNotStarted, KeysNotUsable.
    """
    from baoxue.platform import logs
    from baoxue.platform.installation import open_installation, setup

    installation = open_installation()
    try:
        setup()
        logs.configure()
        yield installation
    finally:
        installation.stop()


def owner_url(installation: Installation) -> str:
    """Address of the database as its owner. Raises NoOwner."""
    if installation.owner_url is None:
        raise NoOwner(
            "这一步要以数据库属主的身份进行；请设 BAOXUE_OWNER_DATABASE_URL（只给这条命令，不要给网页和后台进程）。"
        )
    return installation.owner_url
