"""What each line of a sheet is: data, or blank, a repeated header, a total, a note.

Only lines whose name cell or first cell is out of the ordinary are looked at one by one; the others are settled by
Arrow. Nothing is dropped: each line is data or counted by its kind.
"""

from __future__ import annotations

import re

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from baoxue.policy.registers import Column
from baoxue.policy.writtenforms import fold
from baoxue.reading.cells import Batch, Cells, text_list
from baoxue.reading.recognise import Layout
from baoxue.reading.report import Skip
from baoxue.reading.synonyms import target_of

Kinds = npt.NDArray[np.int8]

DATA = -1
_KINDS = tuple(Skip)
# A header with other columns than the one the sheet was recognised by: what follows would be read wrongly.
OTHER_HEADER = len(_KINDS)

_WORDS_ALONE = (
    "性别 年级 班级 班 学校 学校名称 学籍号 户号 户编号 户主 类别 关系 民族 年龄 出生日期 出生年月 身份证号 "
    "证件号码 家庭住址 合计 总计 小计 共计 累计 总数 总人数 人数合计 姓名 学生姓名 名字 备注 说明 注 注意 制表人 "
    "制表 填表人 填报人 填报 审核人 审核 审批人 负责人 经办人 校长 单位 盖章 日期 签字 签名 填表日期 填报日期 "
    "制表日期 联系人 联系电话 填表说明 填报说明 本页合计 本页小计 序号 以下空白 空白"
)
_WORDS = _WORDS_ALONE.split()
_TOTAL_WORDS = r"(?:合计|总计|小计|共计|累计|总数|总人数|人数)"
_TOTAL = re.compile(rf"[(]?(?:[^0-9]{{0,20}}?){_TOTAL_WORDS}[)]?(?:[:：=].*|[0-9]+(?:人|名|户|条)?)?")
_TOTAL_SENTENCE = re.compile(r"(?:本[页表班校户村镇县]|全[校班县镇村])?共(?:有|计)?[0-9]+(?:人|名|户|条).*")
_NOTE_WORDS = (
    r"备\s*注|注|说\s*明|填[表报](?:说明|要求|人|日期|单位|时间)?|制表(?:人|日期|单位|时间)?|审[核批](?:人|意见)?|负责人|经办人|校长"
    r"|单位(?:负责人|盖章|公章)?|(?:主要|分管)?领导|联系(?:人|电话)|签[字名]|日期|统计(?:人|时间|日期)|报送(?:人|时间|单位)"
    r"|数据来源|以上|以下|如有|请"
)
_NOTE = re.compile(
    rf"(?:{_NOTE_WORDS})(?:[:：(（].*|[0-9]+[.、:].*|)|(?:备注|注)[0-9一二三四五]?[:：.、].*|填[表报]说明.*|以下空白"
    r"|.*[(（]?(?:盖章|签章|签字)[)）]?[:：]?"
)
_SERIAL_ONLY = re.compile(r"[0-9]{1,6}(?:\.0)?")
_HAN = re.compile(r"[\u3400-\u9fff]")
_HAN_RE2 = r"[\x{3400}-\x{9FFF}]"
_PLAIN_NAME = (
    rf"^[ \x{{3000}}]*{_HAN_RE2}(?:[ \x{{3000}}]*{_HAN_RE2}){{1,3}}[ \x{{3000}}]*$"
    rf"|^{_HAN_RE2}+(?:[·•‧・．.●]{_HAN_RE2}+){{1,4}}$"
)
_BLANK = r"^\s*$"
_LONG_NUMBER = r"[0-9]{8}"
# In the first column: begins as a total or a note does. Broad: what it finds is only looked at more closely.
_ODD_LEAD = (
    r"合\s*计|总\s*计|小\s*计|共\s*计|累计|总数|人数|备\s*注|^\s*注|说\s*明|填表|填报|制表|审核|审批|负责|经办|盖章|签字"
    r"|日期|单位|空白|联系|数据来源|以上|校长|领导|统计|报送|共[0-9]"
    r"|^\s*(?:序号|编号|学校|学校名称|学校代码|学校标识码|学籍号|全国学籍号|户号|户编号|类别|年级|班级|性别|证件号码?)\s*$"
)

_HEADING_ENDS = ("班", "年级", "学校", "小学", "中学", "村", "组", "乡", "镇", "表", "册")
_HEADING_COLUMNS = frozenset({Column.SCHOOL_NAME, Column.GRADE, Column.CLASS_NAME, Column.ADDRESS, Column.CATEGORY})


def kinds_of(batch: Batch, layout: Layout) -> Kinds:
    """One kind per line: DATA, OTHER_HEADER, or the place of its `Skip` in that enumeration.

    Does not depend on which columns are wanted, so that a row keeps its number in a narrow and in a full reading.
    """
    kinds = np.full(len(batch), DATA, dtype=np.int8)
    odd = np.flatnonzero(_odd(batch, layout))
    if not len(odd):
        return kinds
    columns = [batch.load(column).take(odd) for column in range(batch.width)]
    blank = np.logical_and.reduce([_as_mask(_matches(cells, _BLANK, if_null=True)) for cells in columns])
    kinds[odd[blank]] = _KINDS.index(Skip.BLANK)
    rest = np.flatnonzero(~blank)
    texts = [text_list(cells.take(rest)) for cells in columns]
    for index, cells in zip(odd[rest], zip(*texts, strict=True), strict=True):
        kinds[index] = _kind_of_line([fold(cell) for cell in cells], layout)
    return kinds


def kind_name(kind: int) -> Skip:
    """The `Skip` a number of `kinds_of` stands for."""
    return _KINDS[kind]


def _odd(batch: Batch, layout: Layout) -> npt.NDArray[np.bool_]:
    """Lines to be looked at one by one."""
    name = batch.load(layout.places[Column.NAME].index)
    plain = pc.and_not(_matches(name, _PLAIN_NAME), pc.is_in(name.text, value_set=pa.array(_WORDS)))
    odd = ~_as_mask(plain)
    if layout.places[Column.NAME].index != 0:
        odd |= _as_mask(_matches(batch.load(0), _ODD_LEAD))
    # A long number in its column is a person's: no total, note or header has one there.
    for column in (Column.ID_NUMBER, Column.STUDENT_NUMBER):
        if column in layout.places and odd.any():
            odd &= ~_as_mask(_matches(batch.load(layout.places[column].index), _LONG_NUMBER))
    return odd


def _matches(cells: Cells, pattern: str, *, if_null: bool = False) -> pa.BooleanArray:
    return pc.fill_null(pc.match_substring_regex(cells.text, pattern), if_null)


def _as_mask(array: pa.BooleanArray) -> npt.NDArray[np.bool_]:
    mask: npt.NDArray[np.bool_] = array.to_numpy(zero_copy_only=False)
    return mask


def _kind_of_line(cells: list[str], layout: Layout) -> int:
    """The kind of one line; `cells` are folded."""
    filled = {index: cell for index, cell in enumerate(cells) if cell}
    if not filled or _only_serial(filled, layout):
        return _KINDS.index(Skip.BLANK)
    if _is_header(filled, layout):
        return _KINDS.index(Skip.HEADER)
    if _is_other_header(filled, layout):
        return OTHER_HEADER
    name = cells[layout.places[Column.NAME].index]
    first = next(iter(filled.values()))
    if _is_total(first, name) or _is_total(name, name):
        return _KINDS.index(Skip.TOTAL)
    if _NOTE.fullmatch(first) or _NOTE.fullmatch(name) or (len(filled) == 1 and _is_lone_note(filled, name, layout)):
        return _KINDS.index(Skip.NOTE)
    return DATA


def _is_total(cell: str, name: str) -> bool:
    if _TOTAL_SENTENCE.fullmatch(cell):
        return True
    return _TOTAL.fullmatch(cell) is not None and not _is_person(cell, name)


def _is_person(cell: str, name: str) -> bool:
    # 王小计 may be somebody's name; 小计 is nobody's.
    return cell == name and cell not in _WORDS and 2 <= len(cell) <= 4 and not cell[-1].isdigit()


def _only_serial(filled: dict[int, str], layout: Layout) -> bool:
    """A form with prefilled numbers and nothing else in the line."""
    if len(filled) != 1:
        return False
    index, cell = next(iter(filled.items()))
    return index in (0, layout.serial) and _SERIAL_ONLY.fullmatch(cell) is not None


def _is_header(filled: dict[int, str], layout: Layout) -> bool:
    headers = layout.header_cells
    same = sum(1 for index, cell in filled.items() if index < len(headers) and cell in headers[index])
    return (same >= 2 and same * 2 >= len(filled)) or (same == 1 and len(filled) == 1)


def _is_other_header(filled: dict[int, str], layout: Layout) -> bool:
    """A header line, but not this table's."""
    known = {target for cell in filled.values() if (target := target_of(cell, layout.register)) is not None}
    return len(known) >= 3 and len(known) * 3 >= len(filled) * 2 and Column.NAME in known


def _is_lone_note(filled: dict[int, str], name: str, layout: Layout) -> bool:
    """The only text of a line: a heading such as 三年级, or a sentence; not a child of whom nothing else is known."""
    index, cell = next(iter(filled.items()))
    if cell == name:
        return len(cell) > 15 or cell.endswith(_HEADING_ENDS)
    of_child = {place.index for column, place in layout.places.items() if column not in _HEADING_COLUMNS}
    return _HAN.search(cell) is not None and (index == 0 or index not in of_child)
