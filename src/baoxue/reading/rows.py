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

Kinds = npt.NDArray[np.int8]

DATA = -1
_KINDS = tuple(Skip)

_WORDS = (
    "合计 总计 小计 共计 累计 总数 总人数 人数合计 姓名 学生姓名 名字 备注 说明 注 注意 制表人 制表 填表人 填报人 填报 审核人 审核 审批人 负责人 "
    "经办人 校长 单位 盖章 日期 签字 签名 填表日期 填报日期 制表日期 联系人 联系电话 填表说明 填报说明 本页合计 本页小计 序号 以下空白 空白"
).split()
_TOTAL_WORDS = r"(?:合计|总计|小计|共计|累计|总数|总人数|人数)"
_TOTAL = re.compile(rf"[(]?(?:[^0-9]{{0,20}}?){_TOTAL_WORDS}[)]?(?:[:：=].*|[0-9]+(?:人|名|户|条)?)?")
_TOTAL_SENTENCE = re.compile(r"(?:本[页表班校户村镇县]|全[校班县镇村])?共(?:有|计)?[0-9]+(?:人|名|户|条).*")
_NOTE = re.compile(
    r"(?:备\s*注|注|说\s*明|填[表报](?:说明|要求|人|日期|单位|时间)?|制表(?:人|日期|单位|时间)?|审[核批](?:人|意见)?|负责人|经办人|校长|单位(?:负责人|盖章|公章)?|"
    r"(?:主要|分管)?领导|联系(?:人|电话)|签[字名]|日期|统计(?:人|时间|日期)|报送(?:人|时间|单位)|数据来源|以上|以下|如有|请)[^\S\n]*(?:[:：(（].*|[0-9]+[.、:].*|$)"
    r"|(?:备注|注)[0-9一二三四五]?[:：.、].*|填[表报]说明.*|以下空白|.*[(（]?(?:盖章|签章|签字)[)）]?[:：]?"
)
_SERIAL_ONLY = re.compile(r"[0-9]{1,6}(?:\.0)?")
_HAN = re.compile(r"[\u3400-\u9fff]")
_HAN_RE2 = r"[\x{3400}-\x{9FFF}]"
_PLAIN_NAME = (
    rf"^[ \x{{3000}}]*{_HAN_RE2}(?:[ \x{{3000}}]*{_HAN_RE2}){{1,3}}[ \x{{3000}}]*$"
    rf"|^{_HAN_RE2}+(?:[·•‧・．.●]{_HAN_RE2}+){{1,4}}$"
)
_LONG_NUMBER = r"[0-9]{8}"
# In the first column: begins as a total or a note does. Broad: what it finds is only looked at more closely.
_ODD_LEAD = r"(?:合\s*计|总\s*计|小\s*计|共\s*计|累计|总数|人数|备\s*注|^\s*注|说\s*明|填表|填报|制表|审核|审批|负责|经办|盖章|签字|日期|序号|学籍号|姓名|单位|空白|联系|数据来源|以上|校长|领导|统计|报送|共[0-9])"


def kinds_of(batch: Batch, layout: Layout) -> Kinds:
    """One kind per line: DATA, or the place of its `Skip` in that enumeration.

    Does not depend on which columns are wanted, so that a row keeps its number in a narrow and in a full reading.
    """
    kinds = np.full(len(batch), DATA, dtype=np.int8)
    odd = np.flatnonzero(_odd(batch, layout))
    if not len(odd):
        return kinds
    columns = [text_list(batch.load(column).take(odd)) for column in range(batch.width)]
    for index, cells in zip(odd, zip(*columns, strict=True), strict=True):
        kind = _kind_of_line([fold(cell) for cell in cells], layout)
        if kind is not None:
            kinds[index] = _KINDS.index(kind)
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


def _matches(cells: Cells, pattern: str) -> pa.BooleanArray:
    return pc.match_substring_regex(cells.text, pattern)


def _as_mask(array: pa.BooleanArray) -> npt.NDArray[np.bool_]:
    mask: npt.NDArray[np.bool_] = pc.fill_null(array, False).to_numpy(zero_copy_only=False)
    return mask


def _kind_of_line(cells: list[str], layout: Layout) -> Skip | None:
    """The kind of one line that is no data, else None. `cells` are folded."""
    filled = {index: cell for index, cell in enumerate(cells) if cell}
    if not filled or _only_serial(filled, layout):
        return Skip.BLANK
    if _is_header(filled, layout):
        return Skip.HEADER
    name = cells[layout.places[Column.NAME].index]
    first = next(iter(filled.values()))
    for cell in (first, name):
        if _TOTAL.fullmatch(cell) and not _is_person(cell, name) or _TOTAL_SENTENCE.fullmatch(cell):
            return Skip.TOTAL
    if _NOTE.fullmatch(first) or _NOTE.fullmatch(name):
        return Skip.NOTE
    if len(filled) == 1 and _is_lone_note(first, name):
        return Skip.NOTE
    return None


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
    same = sum(
        1 for index, cell in filled.items() if index < len(layout.names) and cell == layout.names[index]
    )
    return same >= 2 and same * 2 >= len(filled) or (same == 1 and len(filled) == 1)


def _is_lone_note(cell: str, name: str) -> bool:
    """The only text of a line: a heading such as 三年级 or a sentence, unless it is the line's name."""
    if cell != name:
        return _HAN.search(cell) is not None
    return len(cell) > 15 or cell.endswith(
        ("班", "年级", "学校", "小学", "中学", "村", "组", "乡", "镇", "表", "册")
    )
