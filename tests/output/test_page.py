"""summary.html: one file that needs nothing else, says what was found, and shows no more than it may."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from importlib.resources import files
from pathlib import Path

import duckdb
import pytest

from baoxue.matching.output import FILES, RunFacts, write_outputs
from baoxue.matching.output.findinglist import SHOWN, village
from baoxue.matching.output.meeting import Combination
from baoxue.matching.output.wording import combination_words
from baoxue.policy.registers import Register
from baoxue.reading.report import ReadReport

_VOID = {"meta", "rect", "circle", "path", "wbr", "br"}


class Page(HTMLParser):
    """A page as read: its elements, its visible text, and whether every element is closed in order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self.open += [] if tag in _VOID else [tag]

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag
        self.text += " " if tag in ("td", "th") else ""

    def handle_data(self, data: str) -> None:
        self.text += "" if self.open[-1:] == ["style"] else data

    @property
    def words(self) -> str:
        return " ".join(self.text.split())

    def values(self, attribute: str) -> list[str]:
        return [attrs[attribute] or "" for _, attrs in self.elements if attribute in attrs]

    def tags(self) -> set[str]:
        return {element[0] for element in self.elements}


def read(folder: Path) -> Page:
    return Page((folder / "summary.html").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def page(result: Path) -> Page:
    return read(result)


@pytest.fixture
def empty_page(nothing: duckdb.DuckDBPyConnection, facts: RunFacts, tmp_path: Path) -> Page:
    write_outputs(nothing, facts=facts, reports={}, out=tmp_path / "empty")
    return read(tmp_path / "empty")


def test_every_element_is_closed_in_order(page: Page, empty_page: Page) -> None:
    assert (page.open, empty_page.open) == ([], [])


def test_the_page_loads_nothing_and_runs_nothing(page: Page) -> None:
    assert page.tags() & {"script", "link", "img", "iframe", "object", "embed", "form", "base", "use"} == set()
    assert page.values("src") == page.values("style") == []
    assert [name for _, attrs in page.elements for name in attrs if name.startswith("on")] == []


def test_its_styles_fetch_nothing() -> None:
    css = files("baoxue.matching.output").joinpath("page.css").read_text(encoding="utf-8")
    assert re.findall(r"url\(|@import|https?:|//", css) == []


def test_a_link_leads_to_a_place_on_the_page_or_to_a_file_of_the_result(page: Page) -> None:
    places = {f"#{name}" for name in page.values("id")}
    assert set(page.values("href")) <= places | set(FILES)


def test_no_place_on_the_page_has_the_name_of_another(page: Page) -> None:
    assert len(page.values("id")) == len(set(page.values("id")))


def test_the_heading_is_a_sentence_with_its_numbers(page: Page, empty_page: Page) -> None:
    assert "云岫县 19 名学龄儿童，其中 9 名要有人去核" in page.words
    assert "云岫县：册子里没有学龄儿童" in empty_page.words


@pytest.mark.parametrize(
    "sentence",
    [
        "比对一 户籍 × 学籍 2人 疑似失学",
        "另 1 人查到在县外就读",
        "比对二 学籍 × 在校 2人 有籍不在校",
        "2 人在校无学籍",
        "比对三 上面 4 人 × 脱贫户 2人 在脱贫户或监测对象",
        "疑似失学 1 人，有籍不在校 1 人。",
    ],
)
def test_the_three_comparisons_are_three_sentences(page: Page, sentence: str) -> None:
    assert sentence in page.words


def test_the_total_adds_up_in_sight_and_leaves_nobody_out(page: Page) -> None:
    assert "合计 19 人 ＝ 有着落 10 ＋ 待核 9。" in page.words
    assert "没有算进来" not in page.words


def test_the_dots_of_a_row_are_said_in_words(page: Page) -> None:
    assert "户籍有、学籍无、在校有" in page.words


def test_the_longest_bar_has_the_largest_count_and_all_share_one_scale(page: Page) -> None:
    widths = [float(attrs["width"] or 0) for tag, attrs in page.elements if tag == "rect" and "x" in attrs]
    assert widths == [200, 200, 100, 100, 100, 100, 100]


@pytest.mark.parametrize(
    ("registers", "more", "line"),
    [
        ("111", {"mismatched": 3}, "3 人姓名、号码、生日或性别有出入"),
        ("111", {}, "各册对得上"),
        (
            "100",
            {"elsewhere": 1_200, "moved_out": 2},
            "查不到学籍，也不在点名册；其中县外就读 1,200 人，户口已迁出 2 人",
        ),
        ("110", {"away": 4}, "有学籍，点名册上没有，含标着缺勤、未报到 4 人"),
        ("010", {"elsewhere": 1}, "有学籍，点名册上没有；其中县外就读 1 人"),
        ("001", {}, "户籍、学籍都查不到"),
    ],
)
def test_a_combination_says_what_it_holds(registers: str, more: dict[str, int], line: str) -> None:
    household, student, roll = (sign == "1" for sign in registers)
    counts = {"children": 9, "poor": 0, "waiting": 0, "elsewhere": 0, "moved_out": 0, "mismatched": 0, "away": 0}
    combination = Combination(household=household, student=student, roll=roll, **{**counts, **more})
    assert combination_words(combination)[1] == line


def test_input_is_shown_and_never_taken_for_markup(page: Page, result: Path) -> None:
    assert "<script>alert(1)</script>" in page.words
    assert "<script" not in (result / "summary.html").read_text(encoding="utf-8")


def test_names_are_whole_and_may_break_at_their_dot(page: Page, result: Path) -> None:
    assert "阿依努尔·买买提明" in page.text
    assert "阿依努尔·<wbr>买买提明" in (result / "summary.html").read_text(encoding="utf-8")


def test_a_number_is_masked(page: Page) -> None:
    assert "990122***********X" in page.text


def test_an_address_is_shown_to_the_village_and_not_to_the_door(page: Page) -> None:
    assert "双河镇杉木村" in page.text
    assert "三组12号" not in page.text


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("某省某州云岫县双河镇杉木村三组12号", "双河镇杉木村"),
        ("某市某区幸福街道和平社区3栋", "幸福街道和平社区"),
        ("某旗某苏木某嘎查", "某苏木某嘎查"),
        ("某县城关镇市场路12号", "城关镇"),
        ("云岫县州村", "云岫县州村"),
        ("县城西路", ""),
        ("", ""),
    ],
)
def test_a_place_is_township_and_village(address: str, shown: str) -> None:
    assert village(address) == shown


def test_a_long_list_shows_its_first_rows_and_says_where_all_are(
    nothing: duckdb.DuckDBPyConnection, facts: RunFacts, tmp_path: Path
) -> None:
    nothing.execute(
        "INSERT INTO findings (finding_id, kind, decision, confidence, name, poverty_household, household_row) "
        "SELECT 'f' || i, 'never_enrolled', 'auto', 0.99, '某' || i, i = 60, i FROM range(1, 61) t(i)"
    )
    write_outputs(nothing, facts=facts, reports={}, out=tmp_path / "long")
    page = read(tmp_path / "long")
    assert f"这里列出前 {SHOWN} 条，脱贫户和特殊群体在前；全部 60 条在 findings.csv" in page.words
    assert ("某60" in page.text, "某49" in page.text, "某50" in page.text) == (True, True, False)


def test_what_was_read_is_told_file_by_file(page: Page) -> None:
    assert "户籍 户籍.xlsxSheet1 19 17 2 2 1 空行 2，合计行 1" in page.words
    assert "出生日期 出生年月 按内容 没有改 1 格Sheet1 第 9 行 2014-13-45：没有这一天" in page.words
    assert "没有用的列：政治面貌。没有读的工作表：说明（没有姓名列）。" in page.words


def test_warnings_of_the_run_and_of_the_files_come_first(page: Page) -> None:
    assert page.words.index("学籍册有 3 所学校一个学生也没有。") < page.words.index("比对一")
    assert "户籍：有 9 个号码末位是 000。" in page.words


def test_a_warning_that_both_the_run_and_a_file_give_is_told_once(page: Page) -> None:
    assert page.words.count("有 9 个号码末位是 000。") == 2


def test_registers_that_were_not_given_are_said_to_be_missing(
    county: duckdb.DuckDBPyConnection, facts: RunFacts, reports: dict[Register, ReadReport], tmp_path: Path
) -> None:
    del reports[Register.POVERTY], reports[Register.ELSEWHERE]
    write_outputs(county, facts=facts, reports=reports, out=tmp_path / "three")
    page = read(tmp_path / "three")
    assert "没有给脱贫户名册。" in page.words
    assert "没有给县外学籍，在外地上学的孩子也会列在这里。" in page.words
    assert "脱贫户 没有给" in page.words


def test_a_county_without_findings_says_so(empty_page: Page) -> None:
    assert "没有发现" in empty_page.words
    assert "没有学龄儿童" in empty_page.words


def test_the_page_asks_for_care_and_declares_no_dropout(page: Page) -> None:
    assert "含个人信息，注意保管" in page.words
    assert "比对只提出疑问，不认定辍学" in page.words


def test_the_hashes_of_the_inputs_are_on_the_page(page: Page, result: Path) -> None:
    registers = json.loads((result / "summary.json").read_text(encoding="utf-8"))["registers"]
    assert [name for name, register in registers.items() if register["sha256"] not in page.text] == []


def luminance(colour: str) -> float:
    """Relative luminance of `#rrggbb` (WCAG 2.2)."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: str, second: str) -> float:
    light, dark = sorted((luminance(first), luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(
    ("text", "ground", "least"),
    [
        ("ink-3", "sheet", 4.5),
        ("ink-3", "canvas", 4.5),
        ("ink-3", "hover", 4.5),
        ("ink-2", "canvas", 4.5),
        ("brand", "hover", 4.5),
        ("amber", "amber-wash", 4.5),
        ("wait", "sheet", 3),
        ("empty", "sheet", 3),
        ("green", "sheet", 3),
    ],
)
def test_text_and_marks_stand_out_from_their_ground(text: str, ground: str, least: float) -> None:
    css = files("baoxue.matching.output").joinpath("page.css").read_text(encoding="utf-8")
    colours = dict(re.findall(r"--([a-z0-9-]+): (#[0-9a-f]{6}|#fff);", css.replace("#fff;", "#ffffff;")))
    assert contrast(colours[text], colours[ground]) >= least
