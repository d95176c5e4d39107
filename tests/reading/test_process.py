"""The reading process: what it reports, and what is left when it dies."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from baoxue.policy.registers import Register
from baoxue.reading import ReadJob, ReadReport, RegisterRefused, limits, parent, read_register, read_registers
from baoxue.reading.errors import ColumnMissing, FileDamaged, FileTooLarge, OutputFailed, ReadingFailed

from .conftest import write_workbook

TEXT = "姓名,性别,出生日期\n李明,男,2014-05-06\n,女,2014-13-45\n"


def register_file(folder: Path, name: str = "名单.csv", text: str = TEXT) -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    return folder / name


def test_the_report_comes_back_whole(tmp_path: Path) -> None:
    report = read_register(register_file(tmp_path), Register.HOUSEHOLD, tmp_path / "o.parquet")
    assert (report.rows, report.accepted, report.format, len(report.sha256)) == (2, 1, "csv", 64)
    assert report.rejected[0].reason == "没有姓名"
    assert ReadReport.from_json(json.loads(json.dumps(report.to_json()))) == report


def test_nothing_but_the_result_is_left_in_the_folder(tmp_path: Path) -> None:
    read_register(register_file(tmp_path), Register.HOUSEHOLD, tmp_path / "o.parquet")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["o.parquet", "名单.csv"]


def test_a_refusal_leaves_an_earlier_result_alone(tmp_path: Path) -> None:
    out = tmp_path / "o.parquet"
    out.write_bytes(b"earlier")
    with pytest.raises(RegisterRefused):
        read_register(register_file(tmp_path, text="学校,人数\n甲,3\n"), Register.HOUSEHOLD, out)
    assert out.read_bytes() == b"earlier"


def test_a_place_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    with pytest.raises(OutputFailed):
        read_register(register_file(tmp_path), Register.HOUSEHOLD, tmp_path / "missing" / "o.parquet")


def test_several_registers_come_back_in_order_with_progress_of_all(tmp_path: Path) -> None:
    jobs = [
        ReadJob(register_file(tmp_path, f"{i}.csv"), Register.HOUSEHOLD, tmp_path / f"{i}.parquet") for i in range(3)
    ]
    heard: list[tuple[str, int]] = []
    reports = read_registers(jobs, progress=lambda step, done, total=None: heard.append((step, done)))
    assert [report.file for report in reports] == ["0.csv", "1.csv", "2.csv"]
    assert heard[-1] == ("读取登记册", 6)


@pytest.mark.parametrize("suffix", [".csv", ".xlsx", ".parquet"])
def test_a_look_at_the_head_reads_no_row_and_writes_nothing(suffix: str, tmp_path: Path) -> None:
    path, out = tmp_path / f"名单{suffix}", tmp_path / "o.parquet"
    write_names(path, "姓名", 5_000)
    whole = read_register(path, Register.ELSEWHERE, out)
    out.unlink()
    (head,) = read_registers([ReadJob(path, Register.ELSEWHERE, out, head_only=True)])
    assert (head.rows, whole.rows, head.warnings) == (0, 5_000, whole.warnings)
    assert [path.name for path in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize("suffix", [".csv", ".xlsx", ".parquet"])
def test_a_look_at_the_head_refuses_what_reading_would_refuse(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"名单{suffix}"
    write_names(path, "科目", 10)
    with pytest.raises(ColumnMissing, match="姓名"):
        read_registers([ReadJob(path, Register.ELSEWHERE, tmp_path / "o.parquet", head_only=True)])


def write_names(path: Path, header: str, rows: int) -> None:
    """A table of two columns: a serial number and the name of a subject or of a child."""
    names = ["语文"] * rows if header == "科目" else ["李明"] * rows
    lines = [[str(place), name] for place, name in enumerate(names)]
    if path.suffix == ".xlsx":
        write_workbook(path, {"一": [["编号", header], *lines]})
    elif path.suffix == ".parquet":
        pq.write_table(pa.table({"编号": [line[0] for line in lines], header: names}), path)
    else:
        path.write_text("\n".join(",".join(line) for line in [["编号", header], *lines]), encoding="utf-8")


def test_one_refusal_ends_them_all(tmp_path: Path) -> None:
    jobs = [
        ReadJob(register_file(tmp_path), Register.HOUSEHOLD, tmp_path / "a.parquet"),
        ReadJob(tmp_path / "missing.csv", Register.STUDENT, tmp_path / "b.parquet"),
    ]
    with pytest.raises(RegisterRefused, match="missing"):
        read_registers(jobs)


def test_a_file_that_takes_too_long_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parent, "seconds_for", lambda _path: 0)
    with pytest.raises(FileTooLarge, match="秒"):
        read_register(register_file(tmp_path), Register.HOUSEHOLD, tmp_path / "o.parquet")


def test_larger_files_get_more_time(tmp_path: Path) -> None:
    small, large = register_file(tmp_path), register_file(tmp_path, "大.csv", "x" * (3 << 20))
    assert limits.seconds_for(small) < limits.seconds_for(large)
    assert limits.seconds_for(tmp_path / "missing") > 0


@pytest.mark.parametrize(
    ("code", "complaints", "refusal"),
    [
        (-signal.SIGKILL, "", FileTooLarge),
        (-signal.SIGABRT, "memory allocation of 99 bytes failed", FileTooLarge),
        (-signal.SIGXCPU, "", FileTooLarge),
        (-signal.SIGSEGV, "", FileDamaged),
        (1, "PanicException workbook.py:12", FileDamaged),
        (1, "ValueError make.py:12", ReadingFailed),
        (3, "", ReadingFailed),
    ],
)
def test_how_it_died_becomes_a_sentence(code: int, complaints: str, refusal: type[RegisterRefused]) -> None:
    found = parent._why_it_died(Path("名单.xlsx"), code, complaints)
    assert type(found) is refusal
    assert "“名单.xlsx”" in found.sentence


def test_the_process_ends_when_its_parent_is_gone(tmp_path: Path) -> None:
    path = register_file(tmp_path, text=TEXT + "李明,男,2014-05-06\n" * 2_000_000)
    job = {
        "path": str(path),
        "register": "household",
        "out": str(tmp_path / "o"),
        "columns": None,
        "rows": None,
        "head_only": False,
    }
    child = subprocess.Popen(
        [sys.executable, "-m", "baoxue.reading.child"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert child.stdin is not None
    assert child.stdout is not None
    child.stdin.write(json.dumps(job) + "\n")
    child.stdin.close()
    said = child.stdout.read()
    child.stdout.close()
    assert child.wait(timeout=20) == 1
    assert "report" not in said
    assert [path.name for path in tmp_path.iterdir()] == ["名单.csv"]


def test_a_fault_in_the_code_shows_where_but_no_values(tmp_path: Path) -> None:
    job = ReadJob(register_file(tmp_path), Register.HOUSEHOLD, tmp_path / "o.parquet")
    with pytest.raises(ReadingFailed) as failed:
        read_register(job.path, "no-such-990000201405060011", job.out)  # type: ignore[arg-type]
    assert "ValueError" in failed.value.sentence
    assert "child.py" in failed.value.sentence
    assert "990000" not in failed.value.sentence
