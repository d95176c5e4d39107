"""A wrong command line ends with exit code 2 and one line that says what is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from baoxue.cli import main

COMPARE = [
    *("compare", "--household", "h.xlsx", "--student", "s.xlsx", "--roll", "r.xlsx"),
    *("--county", "522626", "--as-of", "2025-09-20", "--out", "out"),
]
SYNTH = ["synth", "--children", "100", "--seed", "1", "--out", "out"]


@pytest.fixture(autouse=True)
def in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["comapre"], "没有 comapre 这个命令"),
        (["--nope"], "没有 --nope 这个选项"),
        (["compare", "--out"], "选项 --out 后面缺少值"),
        (COMPARE[:-2], "缺少必填选项 --out"),
        (["compare", *COMPARE[3:]], "缺少必填选项 --household"),
        ([*COMPARE, "extra.xlsx"], "文件名里有空格时请加引号"),
        ([*COMPARE, "--out", ""], "--out 的值不能用：不能是空的"),
        ([*COMPARE, "--as-of", "2025-02-30"], "“2025-02-30”不是有效日期"),
        ([*COMPARE, "--as-of", "20250920"], "“20250920”不是有效日期"),
        ([*COMPARE, "--as-of", "2025-W38-6"], "“2025-W38-6”不是有效日期"),
        ([*COMPARE, "--county", "990000"], "“990000”不是已知的县级行政区划代码"),
        ([*COMPARE, "--county", "52262"], "“52262”不是已知的县级行政区划代码"),
        ([*COMPARE, "--county", "５２２６２６"], "不是已知的县级行政区划代码"),
        ([*COMPARE, "--county", "520000"], "“520000”是“贵州省”的代码，不是一个县的"),
        ([*COMPARE, "--county", "522600"], "“522600”是“黔东南苗族侗族自治州”的代码，不是一个县的"),
        ([*SYNTH, "--county", "110100"], "“110100”是“市辖区”的代码，不是一个县的"),
        ([*COMPARE, "--age-from", "six"], "“six”应当是 0 到 25 之间的整数"),
        ([*COMPARE, "--age-to", "26"], "“26”应当是 0 到 25 之间的整数"),
        ([*COMPARE, "--age-from", "15"], "适龄下限 15 岁大于上限 14 岁"),
        ([*COMPARE, "--engine", "abacus"], "“abacus”不在可选范围：duckdb、spark"),
        ([*COMPARE, "--lang", "fr"], "“fr”不在可选范围：zh、en"),
        ([*COMPARE, "--json=1"], "选项 --json 后面缺少值，或者不该有值"),
        ([*SYNTH, "--children", "0"], "“0”应当是 1 到 1000000 之间的整数"),
        ([*SYNTH, "--seed", "-1"], "“-1”应当是 0 到"),
        ([*SYNTH, "--errors", "nan"], "“nan”应当是 0 到 20 之间的数"),
        ([*SYNTH, "--format", "docx"], "“docx”不在可选范围：xlsx、csv、parquet"),
        ([*SYNTH, "--elsewhere-rows", "many"], "“many”应当是 0 到"),
    ],
)
def test_bad_usage_is_told_in_one_line(arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert said in told.err
    assert told.err.count("\n") == 1
    assert "--help" in told.err


def test_bad_usage_makes_no_folder(tmp_path: Path) -> None:
    assert main([*COMPARE, "--age-from", "15"]) == 2
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--lang", "en", "nope"], "There is no command nope. See baoxue --help."),
        ([*COMPARE, "--lang=en", "--as-of", "x"], "Bad value for --as-of: 'x' is not a date"),
        ([*COMPARE, "--lang", "en", "--age-from", "15"], "the lower bound is above the upper"),
    ],
)
def test_english_is_spoken_when_asked_for(arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 2
    assert said in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "用法：baoxue"),
        (["compare"], "用法：baoxue compare"),
        (["--lang", "en"], "Usage: baoxue"),
    ],
)
def test_a_call_without_arguments_shows_the_help_on_stderr(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert said in told.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--help"], ["用法：baoxue", "选项:", "命令:", "compare", "synth", "显示这份说明"]),
        (["compare", "--help"], ["--household FILE", "户籍名册。必填", "--elsewhere FILE", "--age-to N"]),
        (["synth", "--help"], ["--children N", "--elsewhere-rows N"]),
        (["compare", "--lang", "en", "--help"], ["Usage:", "Options:", "The household register. Required."]),
    ],
)
def test_help_is_in_the_language_chosen(
    arguments: list[str], said: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 0
    told = capsys.readouterr().out
    assert [words for words in said if words not in told] == []


def test_chinese_help_has_no_english_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    main(["compare", "--help"])
    told = capsys.readouterr().out
    assert [word for word in ("required", "default", "Show", "Usage", "Options") if word in told] == []


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_list_of_commands_cuts_no_sentence(language: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help", "--lang", language]) == 0
    assert "..." not in capsys.readouterr().out
