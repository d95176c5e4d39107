"""The program `baoxue`: its commands, and the one place where an ending gets its line and its exit code."""

from __future__ import annotations

import errno
import io
import os
import sys
from collections.abc import Sequence
from enum import IntEnum

import click

from baoxue import __version__
from baoxue.cli import (
    audit,
    backup,
    check,
    compare,
    demo,
    importing,
    keys,
    migrate,
    newadministrator,
    newcounty,
    restore,
    roles,
    serve,
    synth,
    worker,
)
from baoxue.cli.defect import report_defects
from baoxue.cli.stop import Stop
from baoxue.cli.usage import complain, group
from baoxue.cli.words import Say, language_of
from baoxue.refusal import Refusal


class Exit(IntEnum):
    """Exit codes (INTERFACES, section 1). A run stopped by a signal has 128 + its number, as shells say it."""

    DONE = 0
    REFUSED = 1
    BAD_USAGE = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command line (default: that of the process) and give its exit code. Nobody sees a traceback."""
    arguments = sys.argv[1:] if arguments is None else arguments
    say = Say(language_of(arguments))
    _write_what_a_terminal_cannot_show()
    report_defects(say)
    stop = Stop()
    stop.listen()
    try:
        return _run(say, stop, arguments)
    except Refusal as refusal:
        return _end(Exit.REFUSED, say("refused", sentence=refusal.sentence, code=refusal.code))
    except click.UsageError as error:
        return _end(Exit.BAD_USAGE, complain(say, error))
    except (click.Abort, KeyboardInterrupt, RuntimeError):
        # DuckDB turns what a signal raised into a RuntimeError of its own. Without a signal it is a defect.
        if stop.signal is None:
            raise
        return _end(128 + stop.signal, say("interrupted"))
    except BrokenPipeError:
        # Who read the result has seen enough.
        _discard_stdout()
        return Exit.REFUSED
    except MemoryError:
        return _end(Exit.REFUSED, say("memory"))
    except OSError as error:
        _discard_stdout()
        return _end(Exit.REFUSED, _system_sentence(say, error))


def _run(say: Say, stop: Stop, arguments: Sequence[str]) -> int:
    program(say, stop).main(list(arguments), prog_name="baoxue", standalone_mode=False)
    sys.stdout.flush()
    return Exit.DONE


def program(say: Say, stop: Stop) -> click.Group:
    """The program with all its commands in one language."""
    version = click.Option(
        ["--version"],
        is_flag=True,
        is_eager=True,
        expose_value=False,
        callback=_show_version,
        help=say("help.version"),
    )
    rooms = (
        *(demo, compare, synth, importing),
        *(serve, worker, migrate, newcounty, newadministrator, check),
        *(backup, restore, keys, roles, audit),
    )
    return group(say, [version], [room.command(say, stop) for room in rooms])


def _show_version(ctx: click.Context, _param: click.Parameter, asked: bool) -> None:
    if asked and not ctx.resilient_parsing:
        click.echo(f"baoxue {__version__}")
        ctx.exit()


def _end(code: int, line: str) -> int:
    click.echo(line, err=True)
    return code


# What people meet most, in Chinese; the system itself speaks English in most installations.
_SYSTEM_REASONS = {
    errno.ENOENT: "没有这个文件或文件夹",
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.EROFS: "这个位置是只读的",
    errno.ENOSPC: "磁盘已满",
    errno.EDQUOT: "超出磁盘配额",
    errno.EIO: "磁盘或网络盘读写出错",
}


def _system_sentence(say: Say, error: OSError) -> str:
    place = "" if error.filename is None else say.choose(f"（{error.filename}）", f" ({error.filename})")
    english = error.strerror or type(error).__name__
    chinese = _SYSTEM_REASONS.get(error.errno or 0, english)
    return say("system", message=say.choose(chinese, english), place=place)


def _discard_stdout() -> None:
    """What could not be written is given up, or the interpreter would try again at its end and complain."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _write_what_a_terminal_cannot_show() -> None:
    # A console in another encoding, or a file name that is no text, must not turn a message into a traceback.
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
