"""The names columns have in the files of other departments' systems and of people typing in Excel.

A header is looked up as the register's canonical name, then among its usual names, then by patterns for the many ways
a name can be lengthened (学生本人身份证件号码(18位)*). Whose number or name a column holds comes before what it holds:
监护人身份证号 is never the child's.
"""

from __future__ import annotations

import re
from enum import StrEnum

from baoxue.policy.registers import COLUMNS, Column, Register
from baoxue.policy.writtenforms import fold, folded_keys


class Extra(StrEnum):
    """Columns that are known but are none of the comparison's."""

    REMARK = "remark"
    SERIAL = "serial"
    OTHER_PERSON = "other_person"


Target = Column | Extra

_USUAL: dict[Target, str] = {
    Column.NAME: (
        "姓名 学生姓名 名字 学生名字 儿童姓名 孩子姓名 幼儿姓名 少年姓名 适龄儿童姓名 适龄儿童少年姓名 人员姓名 "
        "成员姓名 家庭成员姓名 家庭成员 本人姓名 公民姓名 受助人姓名 残疾人姓名 残疾儿童姓名 孤儿姓名 对象姓名 "
        "人口姓名 子女姓名 未成年人姓名 学生 姓 XM NAME XSXM STUDENT_NAME 姓名(全称) 中文姓名 被监护人姓名 "
        "救助对象姓名 保障对象姓名 服务对象姓名"
    ),
    Column.SEX: "性别 性別 学生性别 儿童性别 男女 XB SEX GENDER 性别名称 性别代码",
    Column.BIRTH_DATE: (
        "出生日期 出生年月日 生日 出生年月 出生时间 出生 生年月日 学生出生日期 儿童出生日期 出生日 CSRQ BIRTHDAY "
        "BIRTH_DATE BIRTHDATE DOB 公历生日 公历出生日期 出生日期(公历)"
    ),
    Column.ID_TYPE: (
        "身份证件类型 证件类型 身份证类型 身份证件类别 证件类别 证件种类 身份证件种类 身份证件类型码 证件名称 "
        "SFZJLX ID_TYPE 证照类型"
    ),
    Column.ID_NUMBER: (
        "身份证件号 公民身份号码 身份证号 身份证号码 公民身份证号码 公民身份证号 居民身份证号 居民身份证号码 "
        "身份证 身份证件号码 身份证编号 身份号码 身份证件 证件号码 证件号 证件编号 居民身份证 公民身份证 "
        "身份证明号码 身份证号(18位) 二代身份证号 SFZH SFZJH GMSFHM SFZ ZJHM ID_NUMBER IDCARD ID_CARD ID_NO IDNO "
        "有效证件号 有效证件号码 身份证号或护照号 证照号码"
    ),
    Column.HOUSEHOLD_NUMBER: (
        "户号 户编号 户口编号 户口号 户口簿号 户口本号 户口簿编号 户籍编号 家庭编号 家庭户号 户口簿户号 户代码 "
        "家庭户编号 HH HBH HOUSEHOLD_NUMBER 贫困户编号 脱贫户编号 建档立卡户编号"
    ),
    Column.HEAD_NAME: "户主姓名 户主 户主名 户主名字 户主名称 家庭户主 HZXM HEAD_NAME 户主(姓名)",
    Column.RELATION_TO_HEAD: (
        "与户主关系 与户主的关系 和户主关系 户主关系 与户主之关系 与户主或户主关系 关系 家庭关系 本人与户主关系 "
        "与本户户主关系 YHZGX RELATION_TO_HEAD 称谓"
    ),
    Column.ADDRESS: (
        "户籍地址 户籍所在地 户口所在地 户籍地 户籍 户口地址 户籍详细地址 户籍住址 家庭住址 家庭地址 住址 地址 "
        "详细地址 家庭详细地址 现住址 现居住地 居住地址 居住地 常住地址 住所 户籍所在地详细地址 户口所在地详细地址 "
        "通讯地址 通信地址 家庭所在地 实际居住地 户籍所在地址 HJDZ JTDZ JTZZ ADDRESS 现住地址 户籍地(详细) "
        "户籍所属地"
    ),
    Column.REGION_CODE: (
        "户籍地区划代码 行政区划代码 区划代码 户籍区划代码 户籍地行政区划代码 行政区划 户籍所在地区划代码 "
        "户口所在地行政区划 户口所在地区划代码 户籍所在地行政区划代码 所属区划代码 XZQHDM HJDQHDM QHDM REGION_CODE"
    ),
    Column.GUARDIAN_NAME: (
        "监护人姓名 监护人 家长姓名 家长 监护人名字 第一监护人姓名 监护人1姓名 监护人一姓名 成员1姓名 "
        "家庭成员1姓名 父母姓名 父母或监护人姓名 父母或其他监护人姓名 家长或监护人姓名 家长(监护人)姓名 父(母)姓名 "
        "父或母姓名 法定监护人 法定监护人姓名 抚养人 抚养人姓名 父亲姓名 父亲 父姓名 母亲姓名 母亲 母姓名 "
        "实际监护人 实际监护人姓名 JHRXM JZXM GUARDIAN_NAME 监护人2姓名"
    ),
    Column.GUARDIAN_ID_NUMBER: (
        "监护人身份证号 监护人身份证号码 监护人证件号码 监护人证件号 监护人身份证件号 监护人身份证件号码 "
        "监护人公民身份号码 监护人身份证 家长身份证号 家长身份证号码 家长身份证 第一监护人身份证号 监护人1身份证号 "
        "监护人1身份证件号 成员1身份证件号 父母身份证号 父亲身份证号 父亲身份证号码 母亲身份证号 母亲身份证号码 "
        "JHRSFZH GUARDIAN_ID_NUMBER 抚养人身份证号"
    ),
    Column.PHONE: (
        "联系电话 监护人联系电话 联系方式 电话 手机号 手机号码 手机 电话号码 家长电话 家长联系电话 监护人电话 "
        "监护人联系方式 监护人手机号 监护人手机 家长手机 家长手机号 家长联系方式 家庭电话 家庭联系电话 联系手机 "
        "父亲电话 母亲电话 父亲联系电话 母亲联系电话 监护人1联系电话 成员1联系电话 LXDH PHONE TEL MOBILE "
        "联系人电话 学生联系电话 家长联系方式(电话)"
    ),
    Column.HOUSEHOLD_STATUS: (
        "户口状态 户籍状态 人员状态 人口状态 人口户籍状态 注销原因 注销标识 户口注销原因 HKZT HOUSEHOLD_STATUS 变动类型"
    ),
    Column.STUDENT_NUMBER: (
        "学籍号 全国学籍号 学籍号码 全国学籍号码 学生学籍号 国网学籍号 全国统一学籍号 学籍编号 学籍 正式学籍号 "
        "学籍主号 XJH QGXJH STUDENT_NUMBER 学生学籍号码 电子学籍号"
    ),
    Column.SCHOOL_CODE: (
        "学校标识码 学校代码 学校编码 学校编号 学校(机构)标识码 机构标识码 学校机构标识码 学校标识 学校识别码 "
        "学校机构代码 学校代号 所在学校标识码 就读学校标识码 XXBSM XXDM SCHOOL_CODE 标识码"
    ),
    Column.SCHOOL_NAME: (
        "学校名称 学校 就读学校 所在学校 学校全称 就读学校名称 校名 学籍学校 学籍所在学校 所属学校 所读学校 "
        "在读学校 就学学校 就读院校 毕业学校 学校(全称) 单位名称 填报学校 教学点 XXMC XX SCHOOL_NAME SCHOOL "
        "学籍学校名称 所在学校名称"
    ),
    Column.GRADE: (
        "年级 所在年级 就读年级 学生年级 年级名称 年级代码 在读年级 所读年级 现读年级 NJ GRADE 学段年级 所属年级 "
        "年级段 就学年级"
    ),
    Column.CLASS_NAME: (
        "班级 所在班级 班级名称 班 就读班级 班号 班级号 学生班级 年级班级 年级及班级 年级(班级) 班次 教学班 行政班 "
        "班级代码 在读班级 BJ BJMC CLASS CLASS_NAME 所属班级 就读年级班级 年班 班别"
    ),
    Column.ADMISSION: (
        "入学年月 入学时间 入学日期 入学年份 入学年度 入校时间 入校年月 入校日期 入学年 RXNY RXSJ ADMISSION "
        "学籍建立时间 现学段入学年月"
    ),
    Column.STUDENT_STATUS: (
        "学生状态 学籍状态 就读状态 学生当前状态 当前状态 状态 在读状态 在籍状态 学生目前状态 异动类型 学籍异动 "
        "异动类别 学生状态名称 就学状态 XSZT XJZT XSDQZT STUDENT_STATUS"
    ),
    Column.MIGRANT_CHILD: (
        "随迁子女 是否随迁子女 是否为随迁子女 进城务工人员随迁子女 是否进城务工人员随迁子女 是否进城务工人员子女 "
        "是否随迁 随迁 是否农民工随迁子女 随迁子女标识 SFSQZN MIGRANT_CHILD 农民工子女 是否为进城务工人员随迁子女"
    ),
    Column.LEFT_BEHIND_CHILD: (
        "留守儿童 是否留守儿童 是否为留守儿童 留守 是否留守 农村留守儿童 是否农村留守儿童 留守情况 留守儿童情况 "
        "留守儿童标识 SFLSET LEFT_BEHIND_CHILD 是否留守学生 留守学生 留守类型"
    ),
    Column.ATTENDANCE: (
        "到校情况 到校状态 考勤 考勤情况 出勤 出勤情况 出勤状态 是否到校 是否在校 在校情况 在校状态 到校与否 "
        "是否报到 报到情况 报到状态 开学报到情况 开学到校情况 考勤状态 DXQK ATTENDANCE 是否已到校 实际到校情况 "
        "学生在校情况 返校情况 是否返校"
    ),
    Column.ABSENT_SINCE: (
        "缺勤起始日 缺勤起始日期 缺勤开始日期 缺勤日期 未到校日期 缺课起始日期 缺课起始日 缺课开始时间 "
        "旷课起始日期 旷课开始时间 离校时间 离校日期 缺勤开始时间 缺勤起始时间 未到校时间 未到校起始日期 辍学时间 "
        "QQQSR ABSENT_SINCE 何时开始未到校"
    ),
    Column.HOUSEHOLD_TYPE: (
        "户类型 户类别 脱贫户类型 脱贫户类别 户属性 家庭类型 贫困户类型 贫困户属性 农户类型 农户属性 脱贫户属性 "
        "监测对象类别 监测对象类型 户性质 HLX HOUSEHOLD_TYPE 低收入户类型 困难类型"
    ),
    Column.CATEGORY: (
        "类别 特殊群体类别 群体类别 特殊类别 儿童类别 人员类别 类型 特殊群体类型 儿童类型 群体类型 特殊群体 "
        "保障类别 救助类别 对象类别 人群类别 困境类型 困境儿童类别 特殊学生类别 特殊学生类型 LB CATEGORY 特殊情况 "
        "学生类别"
    ),
    Extra.REMARK: "备注 备 注 备注说明 说明 情况说明 其他说明 其它说明 BZ REMARK 附注 原因 备注(原因)",
    Extra.SERIAL: "序号 编号 NO NO. 顺序 顺序号 行号 # 序列 序 ID 项 座号 座位号 学号 班内学号 校内学号 XH 排序",
}

# A word that means something else in one register.
_IN_REGISTER: dict[Register, dict[Target, str]] = {
    Register.HOUSEHOLD: {Column.HOUSEHOLD_STATUS: "状态 当前状态", Column.HOUSEHOLD_NUMBER: "家庭户口编号"},
    Register.ROLL: {Column.ATTENDANCE: "状态 学生状态 当前状态 就读状态 在读状态 就学状态 学生当前状态 情况"},
    Register.POVERTY: {
        Column.HOUSEHOLD_NUMBER: "编号 户 户ID",
        Column.HOUSEHOLD_TYPE: "类别 类型 属性 户籍类型 识别类型",
        Column.NAME: "成员 家庭人口姓名",
    },
    Register.SPECIAL: {Column.CATEGORY: "残疾类别 残疾类型 身份类别 困难类别 救助类型 属性"},
}

_MARKS = re.compile(r"[*※★☆▲●◆■#·:：。.、,，;；!！?？_'\"“”‘’`~\-]+")
_NUMBERING = re.compile(r"^(?:[(（]?[0-9]{1,2}[)）、.．:：]|[A-Z][0-9]{1,3}[、.:：]|[0-9]{1,2}(?=[\u4e00-\u9fff]))")
_BRACKETS = re.compile(r"[(\[【〔{<《][^()\[\]【】〔〕{}<>《》]*(?:[)\]】〕}>》]|$)")
_FILLING = re.compile(
    r"必填项?|选填项?|可不填|请选择|请填写|按身份证填写|格式.*$|填写.*$|如[:：]?[0-9].*$|例如?[:：].*$|YYYY.*$"
)
_CHILD = re.compile(
    r"^(?:(?:受助|在校|适龄|残疾|特殊|留守|困境)?(?:学生|儿童少年|儿童|少年|幼儿|孩子|小孩|子女|未成年人)|本人|该生|个人|家庭成员|成员|公民|人员|对象)"
    r"(?:基本|基础)?(?:信息|情况)?(?:的|之)?(?=.)"
)
_OTHER_PERSON = re.compile(
    r"班主任|教师|老师|校长|填报|填表|经办|审核|帮扶|责任人|包保|联系人(?!电话)|村干部|驻村|网格员|负责人|介绍人|配偶|爷爷|奶奶|"
    r"祖父|祖母|外公|外婆|哥哥|姐姐|弟弟|妹妹|第二监护人|监护人2|监护人二|成员2|银行|开户|原学校|曾用|学籍辅号|拼音|英文|民族|派出所"
)
_GUARDIAN = re.compile(r"监护人|家长|父亲|母亲|父母|^父|^母|抚养人|成员1|养父|养母")
_HEAD = re.compile(r"户主")

_NUMBER_WORD = re.compile(r"身份证|证件号|身份号码|证件编号|证号")
_PHONE_WORD = re.compile(r"电话|手机|联系方式|号码$")
_NAME_WORD = re.compile(r"姓名|名字|名称|^监护人$|^家长$")

# In order; the first that fits decides. For headers in which no other person is named.
_PATTERNS: tuple[tuple[re.Pattern[str], Target], ...] = tuple(
    (re.compile(pattern), target)
    for pattern, target in (
        (r"(证件|身份证).*(类型|类别|种类)", Column.ID_TYPE),
        (
            r"(年龄|周岁|民族|籍贯|政治面貌|出生地|健康|血型|国籍|户口性质|户口类型|户籍类型|邮箱|邮编)",
            Extra.OTHER_PERSON,
        ),
        (r"(证件|身份证).*(有效|签发|是否)", Extra.OTHER_PERSON),
        (r"学籍.*(号|码)", Column.STUDENT_NUMBER),
        (r"身份证|身份号码|证件号|证件编号", Column.ID_NUMBER),
        (r"出生.*(日期|年月|时间|日)|生日", Column.BIRTH_DATE),
        (r"学校.*(标识|代码|编码|编号)|机构标识码", Column.SCHOOL_CODE),
        (r"(是否|属于).*留守|留守", Column.LEFT_BEHIND_CHILD),
        (r"随迁", Column.MIGRANT_CHILD),
        (r"(缺勤|缺课|旷课|未到校|离校|辍学).*(日|时间)", Column.ABSENT_SINCE),
        (r"到校|报到|考勤|出勤|返校|在校情况|在校状态", Column.ATTENDANCE),
        (r"(学生|学籍|就读|在读|就学).*状态", Column.STUDENT_STATUS),
        (r"(户口|户籍).*状态", Column.HOUSEHOLD_STATUS),
        (r"入学.*(年|时间|日期)", Column.ADMISSION),
        (r"区划.*代码|区划代码", Column.REGION_CODE),
        (r"(与|和|同).*户主.*关系", Column.RELATION_TO_HEAD),
        (r"户.*(编号|号)$", Column.HOUSEHOLD_NUMBER),
        (r"(脱贫|贫困|监测|农户|户).*(类型|类别|属性)", Column.HOUSEHOLD_TYPE),
        (r"(户籍|户口|家庭|居住|常住|现住).*(地址|住址|所在地|地)|住址|地址", Column.ADDRESS),
        (r"(特殊|困境|群体|儿童|保障|救助).*(类别|类型)", Column.CATEGORY),
        (r"电话|手机", Column.PHONE),
        (r"(就读|所在|在读|学籍)?.*学校(名称|全称)?$", Column.SCHOOL_NAME),
        (r"年级$", Column.GRADE),
        (r"班级|班$", Column.CLASS_NAME),
        (r"姓名$", Column.NAME),
        (r"性别", Column.SEX),
        (r"备注", Extra.REMARK),
    )
)


def _lookup(register: Register) -> dict[str, Target]:
    table: dict[str, Target] = dict(folded_keys(_USUAL))
    table |= folded_keys(_IN_REGISTER.get(register, {}))
    return table | {fold(spec.header): column for column, spec in COLUMNS[register].items()}


_TABLES = {register: _lookup(register) for register in Register}
_CANONICAL = {
    register: {fold(spec.header): column for column, spec in COLUMNS[register].items()} for register in Register
}
# Preference among columns of one meaning: the earlier name in the list above is the better one.
_ORDER = {fold(word): place for words in _USUAL.values() for place, word in enumerate(words.split())}


def canonical_target(header: str, register: Register) -> Column | None:
    """The column whose canonical header this is, letter by letter."""
    return _CANONICAL[register].get(fold(header))


def target_of(header: str, register: Register) -> Target | None:
    """What a header means, or None when it says nothing known."""
    forms = _forms(header)
    table = _TABLES[register]
    for form in forms:
        if form in table:
            return table[form]
    for form in reversed(forms):
        if found := _by_pattern(form):
            return found
    return None


def preference(header: str) -> int:
    """Order among several columns of the same meaning; lower is better."""
    return min((_ORDER[form] for form in _forms(header) if form in _ORDER), default=len(_ORDER))


def _forms(header: str) -> list[str]:
    """A header as it is, and step by step without numbering, marks, brackets and the word for the child."""
    folded = fold(header)
    unnumbered = _NUMBERING.sub("", folded)
    bare = _MARKS.sub("", _FILLING.sub("", _BRACKETS.sub("", unnumbered)))
    forms = [folded, unnumbered, _MARKS.sub("", unnumbered), bare, _CHILD.sub("", bare)]
    return list(dict.fromkeys(form for form in forms if form))


def _by_pattern(form: str) -> Target | None:
    if len(form) > 30:  # a sentence, not a header
        return None
    if _OTHER_PERSON.search(form):
        return Extra.OTHER_PERSON
    if _GUARDIAN.search(form):
        return _of_person(form, Column.GUARDIAN_NAME, Column.GUARDIAN_ID_NUMBER, Column.PHONE)
    if _HEAD.search(form) and "关系" not in form:
        return _of_person(form, Column.HEAD_NAME, Extra.OTHER_PERSON, Column.PHONE)
    return next((target for pattern, target in _PATTERNS if pattern.search(form)), None)


def _of_person(form: str, name: Target, number: Target, phone: Target) -> Target:
    """What a column about another person than the child holds."""
    if _NUMBER_WORD.search(form):
        return number
    if _PHONE_WORD.search(form):
        return phone
    return name if _NAME_WORD.search(form) else Extra.OTHER_PERSON
