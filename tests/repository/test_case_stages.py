"""What is drawn and told of a case's stages is what the table says."""

from __future__ import annotations

import runpy
from collections.abc import Callable
from pathlib import Path
from typing import cast
from xml.etree import ElementTree

import pytest

from baoxue.policy.casestages import TRANSITIONS, CaseStage

ROOT = Path(__file__).parents[2]
WRITER = runpy.run_path(str(ROOT / "tools/write_case_stages.py"))
PAGES = cast("Callable[[], dict[Path, str]]", WRITER["pages"])()


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_the_pages_of_a_cases_stages_are_current(path: Path) -> None:
    assert path.read_text(encoding="utf-8") == PAGES[path], "run `make case-stages` and look at what changed"


def test_the_drawing_shows_every_stage_and_every_way() -> None:
    drawn = ElementTree.fromstring(PAGES[ROOT / "docs/develop/case-stages.svg"])
    texts = {element.text for element in drawn.iter() if element.tag.endswith("text")}
    assert {stage.label for stage in CaseStage} <= texts
    assert {transition.label for transition in TRANSITIONS} <= texts


def test_the_drawing_stands_on_no_two_stages_in_one_place() -> None:
    places = WRITER["PLACES"]
    assert places.keys() == {*CaseStage}
    assert len(set(places.values())) == len(places)
