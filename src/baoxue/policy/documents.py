"""The papers the procedure requires: what each must state, who issues it, whether it is numbered and served.

The kinds and their fields follow the practice that was read (劝返记录 required by 教基厅函〔2024〕15号; the steps of 依法控辍);
each legal fact names its clause. An order to send a child to school (责令) is not a penalty: 义务教育法 58. A penalty has no
ground in national law, so its paper is offered only where a county has entered the article in force.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from baoxue.policy.capabilities import Level
from baoxue.policy.labelled import Labelled
from baoxue.policy.ladder import LadderStep


class DocumentKind(Labelled):
    """One kind of paper. Those of 依法控辍 are called as its steps are."""

    PERSUASION_RECORD = "persuasion_record", "劝返记录"
    PERSUASION_LETTER = LadderStep.LETTER.value, LadderStep.LETTER.label
    WRITTEN_REPORT = LadderStep.REPORT.value, LadderStep.REPORT.label
    ATTENDANCE_NOTICE = LadderStep.NOTICE.value, LadderStep.NOTICE.label
    RECTIFICATION_ORDER = LadderStep.ORDER.value, LadderStep.ORDER.label
    PENALTY_DECISION = LadderStep.PENALTY.value, LadderStep.PENALTY.label
    DEMAND_NOTICE = LadderStep.DEMAND.value, LadderStep.DEMAND.label
    ENFORCEMENT_APPLICATION = LadderStep.ENFORCEMENT.value, LadderStep.ENFORCEMENT.label
    CIVIL_COMPLAINT = LadderStep.COURT.value, LadderStep.COURT.label
    PROOF_OF_SERVICE = "proof_of_service", "送达回证"
    REFERRAL_LETTER = "referral_letter", "移送函"
    ASSISTANCE_REQUEST = "assistance_request", "协查函"
    CHILD_PLAN = "child_plan", "一生一策"
    CLOSURE_FORM = "closure_form", "销号审批表"


class Series(Labelled):
    """A row of numbers of its own. The label stands in the number: 岑巩教控**责**字〔2025〕1号."""

    NOTICE = "notice", "通"
    ORDER = "order", "责"
    LETTER = "letter", "函"


class FieldType(Labelled):
    """What a field holds."""

    TEXT = "text", "一行字"
    LONG = "long", "一段或几段字"
    DAY = "day", "日期"
    MOMENT = "moment", "日期和时间"
    ROWS = "rows", "几行"


@dataclass(frozen=True, slots=True)
class DocumentField:
    """One field of a paper. Templates write it by its label: `{{ 监护人姓名 }}`.

    `clause`: why it has to be stated, for a legal fact; "" for the rest. `columns`: of FieldType.ROWS, each a TEXT or DAY.
    """

    code: str
    label: str
    type: FieldType = FieldType.TEXT
    required: bool = False
    clause: str = ""
    columns: tuple[DocumentField, ...] = ()


@dataclass(frozen=True, slots=True)
class DocumentForm:
    """What one kind of paper is.

    `levels`: at which places it is issued. `series`: its row of numbers, None for a paper without one. `served`: it is
    delivered against 送达回证, which the paper carries at its end. `remedy`: it states how it can be challenged.
    `needs_article`: offered only where the county entered the article that allows it.
    """

    kind: DocumentKind
    levels: frozenset[Level]
    clause: str
    fields: tuple[DocumentField, ...]
    series: Series | None = None
    served: bool = False
    remedy: bool = False
    needs_article: bool = False

    def field(self, code: str) -> DocumentField:
        """A field by its code. Raises KeyError."""
        return next(field for field in self.fields if field.code == code)


# What a program gives for a field: text, a day, an instant in local time, or rows by column code.
Value = str | date | datetime | Sequence[Mapping[str, str | date]]


def _text(code: str, label: str, *, must: bool = False, clause: str = "") -> DocumentField:
    return DocumentField(code, label, FieldType.TEXT, must, clause)


def _long(code: str, label: str, *, must: bool = False, clause: str = "") -> DocumentField:
    return DocumentField(code, label, FieldType.LONG, must, clause)


def _day(code: str, label: str, *, must: bool = False, clause: str = "") -> DocumentField:
    return DocumentField(code, label, FieldType.DAY, must, clause)


def _moment(code: str, label: str, *, must: bool = False) -> DocumentField:
    return DocumentField(code, label, FieldType.MOMENT, must)


def _rows(code: str, label: str, *columns: tuple[str, str], must: bool = False, clause: str = "") -> DocumentField:
    return DocumentField(
        code, label, FieldType.ROWS, must, clause, tuple(_text(name, shown) for name, shown in columns)
    )


_EDUCATION_5 = "义务教育法第五条"
_EDUCATION_58 = "义务教育法第五十八条"
_MINORS_28 = "未成年人保护法第二十八条"
_RECORD = "教基厅函〔2024〕15号"
_REVIEW = "行政复议法第二十条"
_COURT = "行政诉讼法第四十六条"
_PENALTY_59 = "行政处罚法第五十九条"
_FORCE_54 = "行政强制法第五十四条"
_FORCE_55 = "行政强制法第五十五条"
_PLAINT = "民事诉讼法第一百二十四条"
_SERVICE = "民事诉讼法第八十七条"

_CHILD = (
    _text("child_name", "学生姓名", must=True),
    _text("child_sex", "性别"),
    _day("child_birth", "出生日期"),
    _text("child_number", "学生身份证号"),
    # Empty for a child who was never enrolled.
    _text("school", "学校"),
    _text("grade", "年级班级"),
)
_GUARDIAN = (
    _text("guardian_name", "监护人姓名", must=True),
    _text("guardian_relation", "与学生关系"),
    _text("guardian_number", "监护人身份证号"),
    _text("guardian_address", "监护人住址"),
    _text("guardian_phone", "监护人电话"),
)
_ISSUED = (_text("issuer", "发文机关", must=True), _day("issued_on", "成文日期", must=True))
_CONTACT = (_text("contact", "联系人"), _text("contact_phone", "联系电话"), _text("contact_address", "联系地址"))
_NUMBER = _text("number", "文号", must=True)
_REMEDY = (
    _text("review_organ", "复议机关", must=True, clause=_REVIEW),
    _text("court", "管辖法院", must=True, clause=_COURT),
)
_PERSON = (("name", "姓名"), ("unit", "单位"), ("post", "职务"), ("phone", "电话"))
_EVIDENCE = (("name", "材料名称"), ("of", "证明什么"), ("pages", "页数"))


def _with_clause(fields: tuple[DocumentField, ...], clause: str, *codes: str) -> tuple[DocumentField, ...]:
    return tuple(replace(field, required=True, clause=clause) if field.code in codes else field for field in fields)


_PERSUADED = (
    _day("dropout_on", "离校日期", must=True),
    _text("absent_days", "缺勤天数"),
    _long("persuaded", "劝返经过", must=True),
)
_DECISION = (
    _text("decision_title", "决定名称", must=True, clause=_FORCE_54),
    _text("decision_number", "决定文号", must=True, clause=_FORCE_54),
    _day("decided_on", "决定日期", must=True),
    _day("decision_served_on", "决定送达日期", must=True, clause=_FORCE_54),
)

_SCHOOL, _TOWNSHIP, _COUNTY = Level.SCHOOL, Level.TOWNSHIP, Level.COUNTY

_FORMS = (
    DocumentForm(
        DocumentKind.PERSUASION_RECORD,
        frozenset({_SCHOOL, _TOWNSHIP, _COUNTY}),
        _RECORD,
        (
            *_CHILD, *_GUARDIAN,
            _text("turn", "第几次", must=True, clause=_RECORD), _moment("began_at", "劝返时间", must=True),
            _text("way", "劝返方式", must=True), _text("place", "劝返地点", must=True),
            _rows("people", "参加人", *_PERSON, must=True), _text("met", "见到谁", must=True),
            _text("whereabouts", "学生现在何处"), _long("reason_child", "学生说的原因"),
            _long("reason_guardian", "家长说的原因"), _long("talk", "谈话要点", must=True),
            _day("promised_on", "承诺返校日"), _long("helped", "解决的困难"), _text("department", "承接部门"),
            _day("next_on", "下次劝返日期"), _text("outcome", "劝返结果", must=True), _text("unsigned", "拒签原因"),
            _text("witness", "见证人"), _text("attachments", "附件说明"), _text("entered_by", "录入人"),
            _moment("entered_at", "录入时间"),
        ),
    ),
    DocumentForm(
        DocumentKind.PERSUASION_LETTER,
        frozenset({_SCHOOL, _TOWNSHIP}),
        f"{_EDUCATION_5}、第十一条；{_MINORS_28}",
        (
            *_ISSUED, _NUMBER, *_CHILD, *_GUARDIAN, *_PERSUADED,
            _day("due_on", "返校期限", must=True, clause=_EDUCATION_5), *_CONTACT,
        ),
        series=Series.NOTICE,
        served=True,
    ),
    DocumentForm(
        DocumentKind.WRITTEN_REPORT,
        frozenset({_SCHOOL}),
        _MINORS_28,
        (
            *_ISSUED, _text("to", "报送单位", must=True, clause=_MINORS_28), *_CHILD, *_GUARDIAN,
            _day("dropout_on", "离校日期", must=True), _long("facts", "离校经过", must=True),
            _long("measures", "已采取措施", must=True, clause=_MINORS_28), _long("asked", "请求事项", must=True),
            *_CONTACT,
        ),
    ),
    DocumentForm(
        DocumentKind.ATTENDANCE_NOTICE,
        frozenset({_TOWNSHIP}),
        "义务教育法第十三条、第五十八条",
        (
            *_ISSUED, _NUMBER, *_CHILD, *_GUARDIAN, *_PERSUADED,
            _day("due_on", "返校期限", must=True, clause="义务教育法第十三条"), _text("report_to", "报到地点", must=True),
            _text("bring", "携带材料"), *_CONTACT,
        ),
        series=Series.NOTICE,
        served=True,
    ),
    DocumentForm(
        DocumentKind.RECTIFICATION_ORDER,
        frozenset({_TOWNSHIP, _COUNTY}),
        f"{_EDUCATION_58}；未成年人保护法第八十三条",
        (
            *_ISSUED, _NUMBER, *_CHILD, *_with_clause(_GUARDIAN, _EDUCATION_58, "guardian_name"),
            _day("dropout_on", "离校日期", must=True), _long("persuaded", "劝返经过", must=True, clause=_EDUCATION_58),
            _long("facts", "查明事实", must=True, clause=_EDUCATION_58), _long("heard", "陈述申辩"),
            _day("due_on", "改正期限", must=True, clause=_EDUCATION_58), *_REMEDY, *_CONTACT,
        ),
        series=Series.ORDER,
        served=True,
        remedy=True,
    ),
    DocumentForm(
        DocumentKind.PENALTY_DECISION,
        frozenset({_TOWNSHIP, _COUNTY}),
        _PENALTY_59,
        (
            *_ISSUED, _NUMBER, *_CHILD, *_with_clause(_GUARDIAN, _PENALTY_59, "guardian_name", "guardian_address"),
            _long("facts", "违法事实", must=True, clause=_PENALTY_59), _long("evidence", "证据", must=True, clause=_PENALTY_59),
            _text("article", "处罚依据", must=True, clause="行政处罚法第四条"),
            _long("informed", "告知和陈述申辩", must=True, clause="行政处罚法第四十四条"),
            _long("penalty", "处罚内容", must=True, clause=_PENALTY_59),
            _text("performance", "履行方式和期限", must=True, clause=_PENALTY_59), *_REMEDY, *_CONTACT,
        ),
        series=Series.ORDER,
        served=True,
        remedy=True,
        needs_article=True,
    ),
    DocumentForm(
        DocumentKind.DEMAND_NOTICE,
        frozenset({_TOWNSHIP, _COUNTY}),
        _FORCE_54,
        (
            *_ISSUED, _NUMBER, *_CHILD, *_GUARDIAN, *_DECISION,
            _long("obligation", "应履行的义务", must=True, clause=_FORCE_54),
            _day("due_on", "履行期限", must=True, clause="行政强制法第三十五条"), _text("performance", "履行方式"),
            *_CONTACT,
        ),
        series=Series.ORDER,
        served=True,
    ),
    DocumentForm(
        DocumentKind.ENFORCEMENT_APPLICATION,
        frozenset({_TOWNSHIP, _COUNTY}),
        f"行政强制法第五十三条；{_FORCE_55}",
        (
            *_ISSUED, _text("court", "受理法院", must=True), _text("applicant_address", "申请人住所"),
            _text("applicant_head", "申请人负责人", must=True, clause=_FORCE_55), *_CHILD, *_GUARDIAN, *_DECISION,
            _text("demand_number", "催告书文号", must=True, clause=_FORCE_55),
            _day("demand_served_on", "催告书送达日期", must=True, clause=_FORCE_54),
            _long("requests", "申请事项", must=True, clause=_FORCE_55),
            _long("facts", "事实和理由", must=True, clause=_FORCE_55), _long("heard", "当事人意见", clause=_FORCE_55),
            _rows("evidence", "证据目录", *_EVIDENCE, must=True, clause=_FORCE_55), *_CONTACT,
        ),
    ),
    DocumentForm(
        DocumentKind.CIVIL_COMPLAINT,
        frozenset({_TOWNSHIP}),
        f"{_EDUCATION_5}；{_PLAINT}",
        (
            *_ISSUED, _text("court", "受理法院", must=True, clause=_PLAINT), _text("plaintiff_address", "原告住所"),
            _text("plaintiff_head", "原告负责人", must=True, clause=_PLAINT), *_CHILD,
            *_with_clause(_GUARDIAN, _PLAINT, "guardian_name", "guardian_address"),
            _long("requests", "诉讼请求", must=True, clause=_PLAINT), _long("facts", "事实和理由", must=True, clause=_PLAINT),
            _rows("evidence", "证据目录", *_EVIDENCE, must=True, clause=_PLAINT), *_CONTACT,
        ),
    ),
    DocumentForm(
        DocumentKind.PROOF_OF_SERVICE,
        frozenset({_SCHOOL, _TOWNSHIP, _COUNTY}),
        _SERVICE,
        (
            _text("issuer", "发文机关", must=True), _text("title_served", "文书名称", must=True, clause=_SERVICE),
            _text("number_served", "送达文号"), _text("recipient", "受送达人", must=True, clause=_SERVICE),
            _text("service_place", "送达地点"), _moment("served_at", "送达时间"), _text("service_way", "送达方式"),
            _text("taken_by", "代收人及关系"), _text("servers", "送达人"), _text("refusal", "拒收事由"),
            _text("witness", "见证人"), _text("note", "备注"),
        ),
    ),
    DocumentForm(
        DocumentKind.REFERRAL_LETTER,
        frozenset({_COUNTY}),
        "义务教育法第十四条；未成年人保护法第十一条",
        (
            *_ISSUED, _NUMBER, _text("to", "受函机关", must=True), _text("matter", "移送事项", must=True),
            _long("facts", "线索情况", must=True), _long("asked", "请求事项", must=True), _day("answer_by", "回复期限", must=True),
            _long("attachments", "附件说明"), _text("child_name", "学生姓名"), *_CONTACT,
        ),
        series=Series.LETTER,
    ),
    DocumentForm(
        DocumentKind.ASSISTANCE_REQUEST,
        frozenset({_COUNTY}),
        "教基厅函〔2024〕15号",
        (
            *_ISSUED, _NUMBER, _text("to", "受函机关", must=True), _text("matter", "协查事项", must=True), *_CHILD,
            *_GUARDIAN, _long("last_trace", "最后线索", must=True), _long("asked", "请协查内容", must=True),
            _day("answer_by", "回复期限", must=True), _long("attachments", "附件说明"), *_CONTACT,
        ),
        series=Series.LETTER,
    ),
    DocumentForm(
        DocumentKind.CHILD_PLAN,
        frozenset({_SCHOOL, _TOWNSHIP, _COUNTY}),
        _RECORD,
        (
            *_ISSUED, _text("case_number", "一人一案编号"), *_CHILD, *_GUARDIAN,
            _text("home_address", "家庭住址"), _text("groups", "特殊群体类别"), _long("situation", "基本情况", must=True),
            _long("causes", "原因分析", must=True), _long("goal", "目标", must=True),
            _rows("measures", "帮扶措施", ("what", "措施"), ("who", "责任人"), ("unit", "单位"), ("by", "完成时间"), must=True),
            _rows("chain", "责任人", ("line", "线别"), ("level", "层级"), ("name", "姓名"), ("unit", "单位"), ("phone", "电话"),
                  must=True),
            _long("review", "评估和调整"),
        ),
    ),
    DocumentForm(
        DocumentKind.CLOSURE_FORM,
        frozenset({_COUNTY}),
        _RECORD,
        (
            _text("issuer", "发文机关", must=True), _text("case_number", "一人一案编号"), *_CHILD, *_GUARDIAN,
            _day("dropout_on", "离校日期"), _text("reason", "销号原因", must=True, clause=_RECORD),
            _text("returned", "复学方式和学校"), _day("returned_on", "复学日期"), _text("observed", "稳定观察"),
            _rows("evidence", "佐证清单", ("name", "材料名称"), ("from", "出具单位"), ("day", "出具日期"),
                  must=True, clause=_RECORD),
            _text("applied_by", "申请人", must=True), _day("applied_on", "申请日期", must=True), _long("applied", "申请理由"),
            _long("first_opinion", "初审意见"), _text("first_by", "初审人"), _day("first_on", "初审日期"),
            _long("second_opinion", "复核意见"), _text("second_by", "复核人"), _day("second_on", "复核日期"),
            _text("spot_check", "抽查结果"),
        ),
    ),
)  # fmt: skip

FORMS: dict[DocumentKind, DocumentForm] = {form.kind: form for form in _FORMS}


def offered(*, article_in_force: bool) -> list[DocumentForm]:
    """The papers a county can issue; those that need an article of local law only where it has entered one."""
    return [form for form in FORMS.values() if article_in_force or not form.needs_article]


def missing(form: DocumentForm, given: Mapping[str, Value]) -> list[DocumentField]:
    """The required fields that are not filled in."""
    return [field for field in form.fields if field.required and not given.get(field.code)]


def short_name(county_name: str) -> str:
    """A county's name as it stands in numbers of its papers: 岑巩县 → 岑巩; one of two characters stays whole (郫县)."""
    for ending in ("自治县", "自治旗", "县", "区", "市", "旗"):
        if county_name.endswith(ending) and len(county_name) - len(ending) >= 2:
            return county_name.removesuffix(ending)
    return county_name


def number_text(word: str, series: Series, *, year: int, number: int) -> str:
    """文号: 〔〕 around the year, no leading noughts, without 第 (GB/T 9704-2012, 7.2.5)."""
    return f"{word}{series.label}字〔{year}〕{number}号"
