"""Commands and their help in the language chosen, and complaints about the way they were called."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, TypeVar

import click
from click.exceptions import NoArgsIsHelpError, NoSuchCommand
from click.types import OptionHelpExtra

from baoxue.cli.values import Value, one_of
from baoxue.cli.words import Language, Say

_Made = TypeVar("_Made", bound=click.Command)

_HEADINGS = {"Options": "选项", "Commands": "命令"}


class _Option(click.Option):
    """The text itself says what is required and what the default is; click adds nothing in English."""

    def get_help_extra(self, ctx: click.Context) -> OptionHelpExtra:
        return {}


class _ChineseFormatter(click.HelpFormatter):
    """Help with Chinese headings; the texts below them come from the options."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        super().write_usage(prog, args, prefix="用法：")

    def write_heading(self, heading: str) -> None:
        super().write_heading(_HEADINGS.get(heading, heading))


class _ChineseContext(click.Context):
    formatter_class = _ChineseFormatter


def command(say: Say, name: str, params: list[click.Parameter], run: Callable[..., None]) -> click.Command:
    """A command. Its help is the sentence `help.NAME`; `run` gets the values of `params` by name."""
    text = say(f"help.{name}")
    made = click.Command(
        name,
        callback=run,
        params=[*params, *_common_options(say)],
        help=text,
        # In the list of commands: its first sentence. click would cut it short.
        short_help=re.split(r"(?<=。)|(?<=\.) ", text)[0],
        # Alone, a command that needs something shows what; one that needs nothing runs.
        no_args_is_help=any(param.required for param in params),
        **_settings(say),
    )
    return _in_language(say, made)


def group(say: Say, params: list[click.Parameter], commands: list[click.Command]) -> click.Group:
    """The program itself, which only holds the commands."""
    made = click.Group(
        commands=commands,
        params=[*params, *_common_options(say)],
        help=say("help.program"),
        no_args_is_help=True,
        subcommand_metavar=say.choose("命令 [选项]", "COMMAND [OPTIONS]"),
        **_settings(say),
    )
    return _in_language(say, made)


def option(name: str, value: Value, metavar: str, text: str, *, required: bool = False, **default: Any) -> click.Option:
    """An option that takes a value. Without `default` it is None when not given."""
    return _Option([name], type=value, metavar=metavar, help=text, required=required, **default)


def argument(name: str, value: Value, metavar: str) -> click.Argument:
    """A value that stands by itself, handed over as `name`. The command's help says what it is."""
    return click.Argument([name], type=value, metavar=metavar)


def json_option(say: Say) -> click.Option:
    """`--json`, handed over as `as_json`."""
    return click.Option(["--json", "as_json"], is_flag=True, help=say("help.json"))


def _in_language(say: Say, made: _Made) -> _Made:
    if say.language is Language.ZH:
        made.context_class = _ChineseContext
    return made


def _settings(say: Say) -> dict[str, Any]:
    return {
        "context_settings": {"max_content_width": 100},
        "add_help_option": False,
        "options_metavar": say.choose("[选项]", "[OPTIONS]"),
    }


def _common_options(say: Say) -> list[click.Parameter]:
    """`--lang` and `--help`. The language was read before parsing; here it is only checked."""
    lang = click.Option(
        ["--lang"], type=one_of(say, Language), metavar="zh|en", expose_value=False, help=say("help.lang")
    )
    show_help = click.Option(
        ["--help"],
        is_flag=True,
        is_eager=True,
        expose_value=False,
        callback=_show_help,
        help=say("help.help"),
    )
    return [lang, show_help]


def _show_help(ctx: click.Context, _param: click.Parameter, asked: bool) -> None:
    if asked and not ctx.resilient_parsing:
        click.echo(ctx.get_help())
        ctx.exit()


def complain(say: Say, error: click.UsageError) -> str:
    """What is wrong with a command line, and where its usage stands."""
    if error.ctx is not None and _names_no_command(error):
        return error.ctx.get_help()
    asked = error.ctx.command_path if error.ctx is not None else "baoxue"
    return _complaint(say, error) + say("usage.hint", command=asked)


def _names_no_command(error: click.UsageError) -> bool:
    # A plain UsageError of the program itself is click's "Missing command", which has no class of its own.
    return isinstance(error, NoArgsIsHelpError) or (
        type(error) is click.UsageError and isinstance(error.cmd, click.Group)
    )


def _complaint(say: Say, error: click.UsageError) -> str:
    match error:
        case click.MissingParameter(param=param) if param is not None:
            return say("usage.missing", option=_named(param))
        case click.BadParameter(param=param) if param is not None:
            return say("usage.bad_value", option=_named(param), message=error.message)
        case click.NoSuchOption():
            return say("usage.no_option", option=error.option_name)
        case NoSuchCommand():
            return say("usage.no_command", command=error.command_name)
        case click.BadOptionUsage():
            return say("usage.no_value", option=error.option_name)
        case _ if "extra argument" in error.message:
            return say("usage.extra")
        case _:
            return say("usage.other", message=error.message)


def _named(param: click.Parameter) -> str:
    """A parameter as the help calls it."""
    return param.opts[0] if isinstance(param, click.Option) else str(param.metavar)
