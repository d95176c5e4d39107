"""The audit record in words: what a clerk reads where the record keeps codes."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain
from typing import Any

from baoxue.policy.calendar import DayKind
from baoxue.policy.capabilities import Capability, Role
from baoxue.policy.casecodes import AidKind, AttemptResult, EvidenceKind, LeadSource, Measure, VerificationResult
from baoxue.policy.casestages import TRANSITIONS, CaseStage, Clock
from baoxue.policy.codelists import CodeList
from baoxue.policy.duties import Line
from baoxue.policy.findings import FindingKind
from baoxue.policy.labelled import Labelled
from baoxue.policy.ladder import LadderStep, ServiceWay
from baoxue.policy.ledgers import Ledger
from baoxue.policy.notices import ChannelKind
from baoxue.policy.parameters import PARAMETERS
from baoxue.policy.purposes import Purpose
from baoxue.policy.registers import Register
from baoxue.policy.verdicts import VerdictKind

DETAILS = {
    "act": "做了什么",
    "approved": "批准",
    "as_of": "截至",
    "capabilities": "权限",
    "clock": "时限",
    "code": "参数",
    "correction": "更正退回的行",
    "count": "个数",
    "day": "哪一天",
    "doubt": "疑似同一人",
    "entry": "代码",
    "files": "文件",
    "filters": "筛选",
    "finding": "线索",
    "first_day": "第一天",
    "from": "原来",
    "found": "找到",
    "kind": "种类",
    "last_day": "最后一天",
    "ledger": "台账",
    "line": "责任线",
    "list": "代码表",
    "made_at": "备份做于",
    "means": "归到",
    "measure": "措施",
    "merge": "合并",
    "owner": "主责人",
    "part": "看了",
    "post": "岗位",
    "purpose": "用途",
    "reason": "原因",
    "register": "名册",
    "registers": "名册",
    "result": "结果",
    "role": "岗位",
    "rows": "行数",
    "schools": "学校",
    "searched": "带搜索词",
    "second_look": "复看",
    "size": "字节",
    "source": "来源",
    "step": "文书",
    "tables": "表",
    "to": "现在",
    "transition": "办了",
    "undone": "已撤销",
    "unusual": "变动异常",
    "value": "改为",
    "values": "数据",
    "way": "方式",
    "what": "内容",
}
"""Names of what an entry tells, by their code."""

# What stands for itself in code and not in an enumeration.
_WORDS = {
    "add": "新增", "change": "修改", "off": "停用",
    "end": "撤销", "rename": "改名", "term": "填学期", "special_day": "填放假、调休", "teaching_point": "加教学点",
    "asked": "已交另一人", "directory": "统一身份认证", "password": "密码", "name": "姓名", "number": "号码", "pinyin": "拼音",
    "page": "儿童页", "rows": "各册怎么写", "rejects": "退回的行", "rejected_rows": "退回的整行", "": "没有",
}  # fmt: skip
_KINDS: tuple[type[Labelled], ...] = (
    Role,
    Capability,
    FindingKind,
    Ledger,
    Purpose,
    DayKind,
    VerdictKind,
    ChannelKind,
    CodeList,
    CaseStage,
    Clock,
    LeadSource,
    VerificationResult,
    EvidenceKind,
    Measure,
    AttemptResult,
    AidKind,
    LadderStep,
    ServiceWay,
    Line,
)
_LABELS: dict[str, str] = {member.value: member.label for member in chain.from_iterable(_KINDS)}
_LABELS |= {transition.code: transition.label for transition in TRANSITIONS}
_LABELS |= {register.value: register.label for register in Register}
_LABELS |= {code: known.label for code, known in PARAMETERS.items()}


def told(detail: Mapping[str, Any]) -> str:
    """All an entry tells, as one line."""
    return " · ".join(f"{DETAILS.get(name, name)} {_said(value)}" for name, value in detail.items())


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list):
        return "、".join(map(_said, value)) or "没有"
    if isinstance(value, dict):
        return "、".join(_said(part) for part in value.values()) or "没有"
    return _LABELS.get(str(value), _WORDS.get(str(value), str(value)))
