"""`baoxue synth`: synthetic registers with their truth."""

from __future__ import annotations

import json
import sys
import time
from datetime import date
from enum import StrEnum
from functools import partial
from pathlib import Path

import click

from baoxue.cli.bar import progress_on
from baoxue.cli.places import check_folder
from baoxue.cli.stop import Stop
from baoxue.cli.usage import command as make_command
from baoxue.cli.usage import json_option, option
from baoxue.cli.values import a_county, a_day, a_factor, a_path, a_whole_number, one_of
from baoxue.cli.words import Say


class Format(StrEnum):
    """File formats that registers are written in."""

    XLSX = "xlsx"
    CSV = "csv"
    PARQUET = "parquet"


def command(say: Say, stop: Stop) -> click.Command:
    """The command in a language."""
    return make_command(say, "synth", _options(say), partial(_synth, say, stop))


def _options(say: Say) -> list[click.Parameter]:
    children = a_whole_number(say, 1, 1_000_000)
    seed = a_whole_number(say, 0, 2**63 - 1)
    rows = a_whole_number(say, 0, 20_000_000)
    return [
        option("--children", children, "N", say("help.children"), required=True),
        option("--seed", seed, "N", say("help.seed"), required=True),
        option("--out", a_path(say), "DIR", say("help.out.synth"), required=True),
        option("--format", one_of(say, Format), "FORMAT", say("help.format"), default=Format.XLSX),
        option("--county", a_county(say), "CODE", say("help.county.synth"), default="522626"),
        option("--as-of", a_day(say), "DATE", say("help.as_of.synth"), default=date(2025, 9, 20)),
        option("--errors", a_factor(say, 20), "X", say("help.errors"), default=1.0),
        option("--elsewhere-rows", rows, "N", say("help.elsewhere_rows")),
        json_option(say),
    ]


def _synth(
    say: Say,
    stop: Stop,
    *,
    children: int,
    seed: int,
    out: Path,
    format: Format,
    county: str,
    as_of: date,
    errors: float,
    elsewhere_rows: int | None,
    as_json: bool,
) -> None:
    check_folder(out)
    from baoxue.synth import generate

    started = time.monotonic()
    with progress_on(say, sys.stderr, stop.check) as progress:
        files = generate(
            children,
            seed,
            out,
            format=format.value,
            county=county,
            as_of=as_of,
            errors=errors,
            elsewhere_rows=elsewhere_rows,
            progress=progress,
        )
    if as_json:
        click.echo(json.dumps({name: str(path) for name, path in files.items()}, ensure_ascii=False, indent=2))
        return
    click.echo(say("synth.done", seconds=time.monotonic() - started, out=out))
    click.echo("".join(f"  {path.name}\n" for path in files.values()), nl=False)
    click.echo(say("synth.note"))
