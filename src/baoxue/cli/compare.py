"""`baoxue compare`: the comparison of one county, from files to files."""

from __future__ import annotations

import json
import sys
from datetime import UTC, date, datetime
from enum import StrEnum
from functools import partial
from pathlib import Path

import click

from baoxue.cli.bar import progress_on
from baoxue.cli.places import check_folder
from baoxue.cli.stop import Stop
from baoxue.cli.usage import command as make_command
from baoxue.cli.usage import json_option, option
from baoxue.cli.values import a_county, a_day, a_path, a_whole_number, one_of
from baoxue.cli.words import Say
from baoxue.policy.registers import Register
from baoxue.refusal import Refusal

_REQUIRED = (Register.HOUSEHOLD, Register.STUDENT, Register.ROLL)
_OLDEST = 25


class Engine(StrEnum):
    """What carries the comparison out."""

    DUCKDB = "duckdb"
    SPARK = "spark"


class EngineNotAvailable(Refusal):
    """The engine asked for is not part of this release."""

    code = "engine-not-available"


def command(say: Say, stop: Stop) -> click.Command:
    """The command in a language."""
    return make_command(say, "compare", _options(say), partial(_compare, say, stop))


def _options(say: Say) -> list[click.Parameter]:
    age = a_whole_number(say, 0, _OLDEST)
    return [
        *(_register_option(say, register) for register in Register),
        option("--county", a_county(say), "CODE", say("help.county"), required=True),
        option("--as-of", a_day(say), "DATE", say("help.as_of"), required=True),
        option("--out", a_path(say), "DIR", say("help.out.compare"), required=True),
        option("--age-from", age, "N", say("help.age_from"), default=6),
        option("--age-to", age, "N", say("help.age_to"), default=14),
        option("--engine", one_of(say, Engine), "ENGINE", say("help.engine"), default=Engine.DUCKDB),
        json_option(say),
    ]


def _register_option(say: Say, register: Register) -> click.Option:
    required = register in _REQUIRED
    text = "help.elsewhere" if register is Register.ELSEWHERE else "help.file" if required else "help.file.optional"
    name = say.choose(register.label, register)
    return option(f"--{register}", a_path(say), "FILE", say(text, register=name), required=required)


def _compare(
    say: Say,
    stop: Stop,
    *,
    county: str,
    as_of: date,
    out: Path,
    age_from: int,
    age_to: int,
    engine: Engine,
    as_json: bool,
    **register_files: Path | None,
) -> None:
    if age_from > age_to:
        raise click.UsageError(say("value.ages", low=age_from, high=age_to), click.get_current_context())
    if engine is Engine.SPARK:
        raise EngineNotAvailable("这个版本还没有 spark 引擎；请去掉 --engine，或写 --engine duckdb。")
    check_folder(out)
    files = {Register(name): path for name, path in register_files.items() if path is not None}
    from baoxue.matching import compare

    with progress_on(say, sys.stderr, stop.check) as progress:
        summary = compare(
            files,
            county=county,
            as_of=as_of,
            out=out,
            age_from=age_from,
            age_to=age_to,
            now=datetime.now(UTC),
            progress=progress,
        )
    if as_json:
        click.echo(json.dumps(summary, ensure_ascii=False, indent=2))
        return
    from baoxue.cli.result import told

    click.echo(told(say, summary, out))
