"""Whatever happens, a person reads one line and a program reads an exit code; nobody reads a traceback."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from baoxue.cli import main
from baoxue.cli.places import FolderNotUsable, check_folder

NUMBER = "990000201405060000"
SYNTH = ["synth", "--children", "50", "--seed", "1", "--out"]

_DEFECT = f"""
import sys
from baoxue.cli.defect import report_defects
from baoxue.cli.words import Language, Say
report_defects(Say(Language(sys.argv[1])))
raise ValueError("could not convert '{NUMBER}'")
"""


def _run(
    arguments: list[str], *, debug: str = "", stdout: int | object = subprocess.PIPE
) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "BAOXUE_DEBUG": debug}
    return subprocess.run(
        [sys.executable, *arguments],
        stdout=stdout,  # type: ignore[call-overload]
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
        check=False,
        timeout=60,
    )


@pytest.mark.parametrize(("language", "said"), [("zh", "程序的缺陷"), ("en", "please report it")])
def test_a_defect_is_one_line_without_the_value_that_caused_it(language: str, said: str) -> None:
    run = _run(["-c", _DEFECT, language])
    assert run.returncode == 1
    assert "ValueError" in run.stderr
    assert said in run.stderr
    assert NUMBER not in run.stderr
    assert run.stderr.count("\n") == 1


def test_a_defect_shows_its_traceback_to_who_asks_for_it() -> None:
    run = _run(["-c", _DEFECT, "zh"], debug="1")
    assert run.returncode == 1
    assert "Traceback" in run.stderr


def test_a_refusal_is_one_line_on_stderr_and_exit_code_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "result"
    out.write_text("here already")
    assert main([*SYNTH, str(out)]) == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err == f"未完成：“{out}”是一个文件，不能当作结果文件夹；请换一个文件夹名。\n"
    assert out.read_text() == "here already"


def test_a_refusal_gives_its_code_to_who_reads_english(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "result"
    out.write_text("")
    assert main([*SYNTH, str(out), "--lang", "en"]) == 1
    assert capsys.readouterr().err.startswith("Not done [folder-not-usable]: ")


def test_a_folder_below_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(FolderNotUsable, match="不能在它下面新建文件夹"):
        check_folder(tmp_path / "file" / "deeper" / "still")


@pytest.mark.parametrize("out", ["new", "new/deeper", "."])
def test_a_folder_that_can_be_made_is_not_made_by_the_check(tmp_path: Path, out: str) -> None:
    check_folder(tmp_path / out)
    assert list(tmp_path.iterdir()) == []


def test_what_the_system_refuses_is_told_with_its_reason(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*SYNTH, "/proc/baoxue"]) == 1
    told = capsys.readouterr().err.splitlines()
    assert told[-1].startswith("未完成：")
    assert "/proc/baoxue" in told[-1]


def test_a_full_disk_under_the_output_is_told() -> None:
    with Path("/dev/full").open("w") as full:
        run = _run(["-m", "baoxue", "--help"], stdout=full)
    assert run.returncode == 1
    assert run.stderr == "未完成：磁盘已满。\n"


def test_a_reader_who_goes_away_causes_no_noise() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    run = _run(["-m", "baoxue", "compare", "--help"], stdout=writer)
    os.close(writer)
    assert (run.returncode, run.stderr) == (1, "")


@pytest.mark.parametrize(
    ("sent", "code"),
    [(signal.SIGINT, 130), (signal.SIGTERM, 143)],
)
def test_a_run_that_is_stopped_says_so_and_leaves_by_its_code(sent: signal.Signals, code: int, tmp_path: Path) -> None:
    run = subprocess.Popen(
        [sys.executable, "-m", "baoxue", *SYNTH, str(tmp_path / "out"), "--children", "50000"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert run.stderr is not None
    # The first line of progress: work has begun.
    run.stderr.readline()
    run.send_signal(sent)
    _, told = run.communicate(timeout=60)
    assert run.returncode == code
    assert "Traceback" not in told
    assert told.splitlines()[-1] == "已中断。"


def test_a_console_of_another_encoding_gets_what_it_can_show() -> None:
    environment = {**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    run = subprocess.run([sys.executable, "-m", "baoxue", "nope"], capture_output=True, env=environment, check=False)
    assert run.returncode == 2
    assert b"nope" in run.stderr
    assert b"Traceback" not in run.stderr
