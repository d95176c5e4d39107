"""Every part of the benchmark runs, at a size that proves nothing, and the page is made of what it measured."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from bench.__main__ import PARTS, main
from bench.processes import WorkFailed, work
from bench.report import page_of, read_results


@pytest.mark.parametrize("part", PARTS)
def test_a_part_runs_and_leaves_nothing_but_its_results(part: str, tmp_path: Path) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    main([part, "--quick", "--no-splink", "--out", str(tmp_path), "--scratch", str(scratch)])
    kept = json.loads((tmp_path / "quick" / f"{part}.json").read_text(encoding="utf-8"))
    assert kept["part"] == part
    assert kept["cases"]
    assert list(scratch.iterdir()) == []
    assert part == "links" or f"`python -m bench {part}`" in page_of(read_results(tmp_path / "quick"), "")


def test_what_was_measured_with_the_same_code_is_not_measured_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["start", "--quick", "--out", str(tmp_path)])
    assert "start help" in capsys.readouterr().out
    main(["start", "--quick", "--out", str(tmp_path)])
    assert capsys.readouterr().out == ""


def test_a_part_that_does_not_exist_is_bad_usage(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["everything"])
    assert ended.value.code == 2
    assert "everything" in capsys.readouterr().err


def test_a_process_that_fails_says_why() -> None:
    with pytest.raises(WorkFailed, match="no_such_function"):
        work("bench.registers:no_such_function")
