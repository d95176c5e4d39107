"""The whole way: registers made, compared, told. Small, since the rooms below test their own work."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from baoxue.cli import main

OUTPUTS = {"links.csv", "findings.csv", "rejects.csv", "ledgers.xlsx", "summary.json", "summary.html"}
PLACE = ["--county", "522626", "--as-of", "2025-09-20"]


@pytest.fixture(scope="module")
def registers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("registers")
    assert main(["synth", "--children", "300", "--seed", "11", "--out", str(folder)]) == 0
    return folder


def _files(folder: Path, *registers: str) -> list[str]:
    return [argument for name in registers for argument in (f"--{name}", str(folder / f"{name}.xlsx"))]


def _compare(folder: Path, out: Path) -> list[str]:
    return ["compare", *_files(folder, "household", "student", "roll"), *PLACE, "--out", str(out)]


def test_six_registers_become_six_files_and_a_page_of_text(
    registers: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "new" / "result"
    others = _files(registers, "poverty", "special", "elsewhere")
    capsys.readouterr()
    assert main([*_compare(registers, out), *others]) == 0
    told = capsys.readouterr()
    assert {path.name for path in out.iterdir()} == OUTPUTS
    assert told.out.startswith("比对完成：岑巩县(522626)，截至 2025-09-20，适龄儿童 ")
    assert f"结果在 {out}\n" in told.out
    # Progress on something that is no terminal: lines, no control characters.
    assert told.err
    assert "\x1b" not in told.err
    assert "\r" not in told.err


def test_in_english_progress_and_summary_are_english(
    registers: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Notes on the files are the only Chinese, under a heading that says so."""
    others = _files(registers, "poverty", "special", "elsewhere")
    capsys.readouterr()
    assert main(["synth", "--children", "60", "--seed", "1", "--out", str(tmp_path / "made"), "--lang", "en"]) == 0
    assert main([*_compare(registers, tmp_path / "result"), *others, "--lang", "en"]) == 0
    told = capsys.readouterr()
    _, _, notes = told.out.partition("Please note (in Chinese only)\n")
    said = told.out.replace(notes.partition("\n\n")[0], "")
    assert "Comparing household and student" in told.err
    assert re.findall("[\u4e00-\u9fff]+", told.err + said) == []


def test_json_is_the_summary_and_nothing_else(
    registers: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert main([*_compare(registers, tmp_path / "result"), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told == json.loads((tmp_path / "result" / "summary.json").read_text(encoding="utf-8"))
    assert told["registers"]["elsewhere"] is None


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("empty.xlsx", b""),
        ("picture.xlsx", b"\xff\xd8\xff\xe0" + bytes(64)),
        ("page.xls", b"<html><body><table><tr><td>1</td></tr></table></body></html>"),
        ("nul.csv", b"\x00" * 100),
        ("cut.xlsx", b"PK\x03\x04" + b"\x14" * 40),
        ("no header.csv", "甲,乙\n1,2\n".encode()),
        ("columns.parquet", b"PAR1" + bytes(20) + b"PAR1"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_file_that_cannot_be_used_is_refused_by_name_in_one_line(
    name: str, content: bytes, registers: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = tmp_path / name
    bad.write_bytes(content)
    out = tmp_path / "result"
    assert main([*_compare(registers, out), "--household", str(bad), "--lang", "en"]) == 1
    lines = capsys.readouterr().err.splitlines()
    said = [line for line in lines if line.startswith("Not done [")]
    assert lines[-1:] == said
    assert name in said[0]
    assert not out.exists()


@pytest.mark.parametrize(("register", "name"), [("roll", "missing.xlsx"), ("roll", "."), ("elsewhere", "missing.xlsx")])
def test_a_register_that_is_not_there_or_is_a_folder_is_refused(
    register: str, name: str, registers: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = [f"--{register}", str(tmp_path / name)]
    assert main([*_compare(registers, tmp_path / "result"), *given]) == 1
    assert capsys.readouterr().err.splitlines()[-1].startswith("未完成：")


@pytest.mark.parametrize(("sent", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_comparison_that_is_stopped_leaves_nothing_behind(
    sent: signal.Signals, code: int, registers: Path, tmp_path: Path
) -> None:
    scratch, out = tmp_path / "scratch", tmp_path / "result"
    scratch.mkdir()
    run = subprocess.Popen(
        [sys.executable, "-m", "baoxue", *_compare(registers, out)],
        env={**os.environ, "TMPDIR": str(scratch)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        # A group of its own, as a terminal gives it: the interrupt reaches the reading processes too.
        start_new_session=True,
    )
    assert run.stderr is not None
    run.stderr.readline()
    os.killpg(run.pid, sent)
    _, told = run.communicate(timeout=60)
    assert run.returncode == code
    assert "Traceback" not in told
    assert list(tmp_path.iterdir()) == [scratch]
    assert list(scratch.iterdir()) == []


def test_an_engine_that_is_not_there_is_refused_before_any_work(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*_compare(tmp_path, tmp_path / "result"), "--engine", "spark"]) == 1
    assert capsys.readouterr().err.startswith("未完成：这个版本还没有 spark 引擎；")


def test_a_result_folder_that_is_a_file_is_refused_before_any_work(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "result"
    out.write_text("kept")
    assert main(_compare(tmp_path, out)) == 1
    assert "是一个文件，不能当作结果文件夹" in capsys.readouterr().err
    assert out.read_text() == "kept"
