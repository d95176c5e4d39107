"""What reading says of a file: one JSON-able account that can stand beside the canonical file."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, Self

from baoxue.policy.labelled import Labelled
from baoxue.policy.registers import Register


class Skip(Labelled):
    """Lines that are no data rows: not counted in a row's number."""

    BLANK = "blank", "空行"
    HEADER = "repeated_header", "重复表头"
    TOTAL = "total", "合计行"
    NOTE = "note", "说明行"


class Recognised(Labelled):
    """How a column was recognised."""

    HEADER = "header", "标准表头"
    SYNONYM = "synonym", "表头近义词"
    CONTENT = "content", "按内容"
    SHEET = "sheet", "按工作表名、标题或文件名"


class Change(Labelled):
    """What was changed in a cell so that one thing has one form."""

    WIDTH = "width", "全角或异体字符转换"
    SPACES = "spaces", "去空格和不可见字符"
    CASE = "case", "字母转大写"
    DOT = "dot", "间隔号统一"
    TITLE = "title", "去称谓和括注"
    DATE_FORM = "date_form", "日期写法统一"
    SERIAL = "serial", "Excel 日期序号转日期"
    NUMBER_CELL = "number_cell", "数字单元格转文本"
    FORMULA_TEXT = "formula_text", "去掉强制文本标记"
    WORDING = "wording", "写法对应到代码"
    FILLED = "filled", "合并单元格补全"
    DERIVED = "derived", "由其他列得出"
    MOVED = "moved", "填错列的归位"


@dataclass(frozen=True, slots=True)
class Reject:
    """A data row that cannot be used. `column` is a canonical header, `value_masked` never a full name or number."""

    sheet: str | None
    line: int
    row: int
    column: str
    value_masked: str
    reason: str


@dataclass(frozen=True, slots=True)
class UnusableCell:
    """A cell that cannot be used in a row that can."""

    sheet: str | None
    line: int
    row: int
    value_masked: str
    reason: str


@dataclass(slots=True)
class ColumnReport:
    """One canonical column of one sheet: where it came from and what was done to it.

    `unusable` counts cells, `examples` are the first of them.
    """

    column: str
    header: str | None
    recognised: str
    sheet: str | None = None
    changed: dict[str, int] = field(default_factory=dict)
    unusable: int = 0
    examples: list[UnusableCell] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class SheetLeftOut:
    """A sheet that was not read, and why."""

    name: str
    why: str


@dataclass(slots=True)
class ReadReport:
    """The account of one file. Always `accepted + len(rejected) == rows`.

    `file` is the name without its folder; `format` one of xlsx, xls, csv, parquet; `skipped` counts lines by `Skip`.
    With a choice of rows, `rows` and `accepted` count the chosen ones only; `last_row` is always the number of the
    file's last data row.
    """

    register: Register
    file: str
    sha256: str
    size: int
    format: str = ""
    encoding: str | None = None
    last_row: int = 0
    rows: int = 0
    accepted: int = 0
    rejected: list[Reject] = field(default_factory=list)
    skipped: dict[str, int] = field(default_factory=lambda: {kind.value: 0 for kind in Skip})
    sheets: list[str] = field(default_factory=list)
    sheets_left_out: list[SheetLeftOut] = field(default_factory=list)
    columns: list[ColumnReport] = field(default_factory=list)
    headers_left_out: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        """Plain data for `json.dump`."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """The report `to_json` came from."""
        columns = [
            ColumnReport(**{**c, "examples": [UnusableCell(**e) for e in c["examples"]]}) for c in data["columns"]
        ]
        return cls(
            **{
                **data,
                "register": Register(data["register"]),
                "rejected": [Reject(**r) for r in data["rejected"]],
                "sheets_left_out": [SheetLeftOut(**s) for s in data["sheets_left_out"]],
                "columns": columns,
            }
        )
