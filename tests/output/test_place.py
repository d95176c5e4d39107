"""A result appears whole or not at all, whatever happens to the process that writes it."""

from __future__ import annotations

import errno
import json
import signal
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import duckdb
import pytest

from baoxue.matching.output import FILES, OutputRefused, RunFacts, write_outputs
from baoxue.matching.output.place import SEAL, aside_then_in_place
from baoxue.policy.registers import Register
from baoxue.reading.report import ReadReport

# A run that is killed when it reports that many parts as done.
KILLED = """
import importlib.util, os, signal, sys
from pathlib import Path
from baoxue.matching.output import write_outputs
spec = importlib.util.spec_from_file_location("county", sys.argv[1])
county = importlib.util.module_from_spec(spec)
spec.loader.exec_module(county)
def progress(step, done, total):
    if done == int(sys.argv[3]):
        os.kill(os.getpid(), signal.SIGKILL)
write_outputs(
    county.county_of(), facts=county.facts_of(), reports=county.reports_of(), out=Path(sys.argv[2]), progress=progress
)
"""


def run_killed_at(part: int, out: Path) -> None:
    conftest = Path(__file__).with_name("conftest.py")
    ended = subprocess.run([sys.executable, "-c", KILLED, conftest, out, str(part)], check=False)
    assert ended.returncode == -signal.SIGKILL


def fill(folder: Path, text: str) -> None:
    for name in FILES:
        (folder / name).write_text(text, encoding="utf-8")


def content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def test_a_result_is_six_files_and_nothing_else(result: Path) -> None:
    assert sorted(path.name for path in result.iterdir()) == sorted(FILES)
    assert sorted(path.name for path in result.parent.iterdir()) == [result.name]


@pytest.mark.parametrize("part", [0, 1, 2, 3])
def test_a_run_that_is_killed_leaves_no_result_and_the_next_one_clears_up(
    county: duckdb.DuckDBPyConnection,
    facts: RunFacts,
    reports: dict[Register, ReadReport],
    tmp_path: Path,
    part: int,
) -> None:
    out = tmp_path / "result"
    run_killed_at(part, out)
    assert not out.exists()
    assert len(list(tmp_path.iterdir())) == 1
    write_outputs(county, facts=facts, reports=reports, out=out)
    assert list(tmp_path.iterdir()) == [out]


def test_a_run_that_is_killed_leaves_the_older_result_as_it_was(result: Path) -> None:
    before = content(result)
    run_killed_at(3, result)
    assert content(result) == before


def test_an_older_result_is_replaced_and_other_files_stay(tmp_path: Path) -> None:
    out = tmp_path / "result"
    out.mkdir()
    fill(out, "old")
    (out / "核查记录.docx").write_text("ours", encoding="utf-8")
    (out / "附件").mkdir()
    with aside_then_in_place(out) as aside:
        fill(aside, "new")
    assert {name: (out / name).read_text(encoding="utf-8") for name in FILES} == dict.fromkeys(FILES, "new")
    assert (out / "核查记录.docx").read_text(encoding="utf-8") == "ours"
    assert (out / "附件").is_dir()
    assert list(tmp_path.iterdir()) == [out]


def test_an_empty_folder_becomes_the_result(tmp_path: Path) -> None:
    out = tmp_path / "result"
    out.mkdir()
    with aside_then_in_place(out) as aside:
        fill(aside, "new")
    assert sorted(content(out)) == sorted(FILES)


def test_a_folder_reached_by_a_link_is_filled_where_it_is(tmp_path: Path) -> None:
    (tmp_path / "far").mkdir()
    (tmp_path / "near").symlink_to("far")
    with aside_then_in_place(tmp_path / "near") as aside:
        fill(aside, "new")
    assert (tmp_path / "near").is_symlink()
    assert sorted(content(tmp_path / "far")) == sorted(FILES)


def test_missing_parents_are_made(tmp_path: Path) -> None:
    with aside_then_in_place(tmp_path / "a" / "b") as aside:
        fill(aside, "new")
    assert sorted(content(tmp_path / "a" / "b")) == sorted(FILES)


def test_a_result_that_is_being_replaced_has_no_seal_until_it_is_whole(tmp_path: Path) -> None:
    out = tmp_path / "result"
    out.mkdir()
    fill(out, "old")
    # A folder of that name cannot be replaced by a file: the move stops half-way.
    (out / "ledgers.xlsx").unlink()
    (out / "ledgers.xlsx").mkdir()
    with pytest.raises(OutputRefused), aside_then_in_place(out) as aside:
        fill(aside, "new")
    assert not (out / SEAL).exists()
    assert list(tmp_path.iterdir()) == [out]


def test_a_full_disk_is_refused_in_one_sentence_and_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(OutputRefused) as refused, aside_then_in_place(tmp_path / "result"):
        raise OSError(errno.ENOSPC, "No space left on device")
    assert "No space left on device" in refused.value.sentence
    assert "\n" not in refused.value.sentence
    assert list(tmp_path.iterdir()) == []


def test_a_file_where_the_folder_should_be_is_refused(tmp_path: Path) -> None:
    (tmp_path / "result").write_text("a file", encoding="utf-8")
    with pytest.raises(OutputRefused), aside_then_in_place(tmp_path / "result") as aside:
        fill(aside, "new")
    assert (tmp_path / "result").read_text(encoding="utf-8") == "a file"


def test_a_folder_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("a file", encoding="utf-8")
    with pytest.raises(OutputRefused), aside_then_in_place(tmp_path / "file" / "result"):
        pass


def test_a_run_does_not_clear_away_what_another_is_writing(tmp_path: Path) -> None:
    out = tmp_path / "result"
    with aside_then_in_place(out) as slow:
        fill(slow, "slow")
        with aside_then_in_place(out) as fast:
            fill(fast, "fast")
        assert (out / SEAL).read_text(encoding="utf-8") == "fast"
    assert (out / SEAL).read_text(encoding="utf-8") == "slow"


def test_a_new_result_may_be_read_by_whom_the_umask_allows(tmp_path: Path) -> None:
    (tmp_path / "plain").mkdir()
    with aside_then_in_place(tmp_path / "result") as aside:
        fill(aside, "new")
    assert (tmp_path / "result").stat().st_mode == (tmp_path / "plain").stat().st_mode


def test_the_summary_names_the_hash_of_every_other_file(result: Path) -> None:
    files = json.loads((result / SEAL).read_text(encoding="utf-8"))["files"]
    hashes = {name: sha256((result / name).read_bytes()).hexdigest() for name in FILES if name != SEAL}
    assert {name: file["sha256"] for name, file in files.items()} == hashes
