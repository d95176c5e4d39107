"""The code lists of a case: sources, verification results, reasons, whereabouts, obstacles, measures, ways of return, help.

Sources, entry by entry, in DOMAIN 2 and 3.4 (《XX县疑似失学儿童情况核查汇报》, 《区控辍保学工作专项检查报告》, 教基〔2020〕5号,
国办发〔2017〕72号); what no page showed is this project's own. A province may add codes, each with the base code it means
(`jurisdictions.CodeListEntry`), so that rules and counts hold everywhere.
"""

from __future__ import annotations

from baoxue.policy.labelled import Labelled


class LeadSource(Labelled):
    """Where word of a child came from (线索来源)."""

    COMPARISON = "comparison", "三比对"
    ATTENDANCE = "attendance", "班级考勤"
    SCHOOL = "school", "学校报告"
    TOWNSHIP = "township", "乡镇、村居报告"
    SWEEP = "sweep", "入户摸排"
    DEPARTMENT = "department", "部门移交"
    REPORT = "report", "群众举报、12345"
    NATIONAL_LIST = "national_list", "国家平台下发"
    NOT_BACK = "not_back", "开学未报到"
    LEAVE_EXPIRED = "leave_expired", "休学期满未归"
    DEFERRAL_EXPIRED = "deferral_expired", "缓学期满未入学"
    TRANSFER_NOT_ACCEPTED = "transfer_not_accepted", "转学未到校"
    NO_JUNIOR_SCHOOL = "no_junior_school", "小学毕业未升初中"
    RECURRED = "recurred", "销号后又不在校"


class Outcome(Labelled):
    """What a verification result leads to."""

    EXCLUDES = "excludes", "可以排除"
    SUSPENDS = "suspends", "缓学休学，到期再查"
    STAYS_OPEN = "stays_open", "继续找"
    OUT_OF_SCHOOL = "out_of_school", "属实"


class VerificationResult(Labelled):
    """核查结果 (V codes)."""

    ATTENDING = "V01", "在校且有学籍"
    WRONG_DATA = "V02", "信息错误（证件号、姓名错或空）"
    HOUSEHOLD_ERROR = "V03", "户籍问题（空挂、双重户籍、查无此人）"
    DECEASED = "V04", "死亡"
    IN_PROVINCE_NO_RECORD = "V05", "省内就读无学籍"
    OUT_OF_PROVINCE_NO_RECORD = "V06", "省外就读无学籍"
    TRANSFERRED = "V07", "转学、户口迁出未办手续"
    COMPLETED = "V08", "超龄离校，已完成义务教育"
    ABROAD = "V09", "出国（境）"
    DEFERRED = "V10", "延缓入学"
    STUDY_LEAVE = "V11", "休学"
    ILL_OR_DISABLED = "V12", "因病因残不能到校"
    MISSING = "V13", "失踪失联"
    AWAY_UNREACHABLE = "V14", "随父母外出，联系不上"
    OUT_OF_SCHOOL = "V15", "打工、务农等，属实"
    NOT_OF_AGE = "V16", "不在统计年龄"
    DUPLICATE = "V17", "重复线索"
    UNAPPROVED_SCHOOLING = "V18", "在私塾、读经班、在家学习等"


class EvidenceKind(Labelled):
    """What can prove a thing (佐证材料)."""

    ATTENDANCE_RECORD = "attendance_record", "观察期班级考勤"
    SEAT_PHOTO = "seat_photo", "课堂照片或座位表"
    SCHOOL_SIGNATURE = "school_signature", "班主任和校长签字"
    SPOT_CHECK = "spot_check", "教育局抽查记录"
    EXPERT_OPINION = "expert_opinion", "专家委员会或县级医院意见"
    HOMEBOUND_PLAN = "homebound_plan", "送教方案（一人一案）"
    HOMEBOUND_RECORD = "homebound_record", "首次送教记录（有签字）"
    SCHOOLING_CERTIFICATE = "schooling_certificate", "就读证明"
    NAME_LIST = "name_list", "职校、普职融合名单"
    PHONE_CHECK = "phone_check", "教育局电话核实记录"
    STUDENT_NUMBER_SEEN = "student_number_seen", "在对方学籍系统查到学籍号"
    DIPLOMA = "diploma", "毕业证或学籍毕业记录"
    EXIT_RECORD = "exit_record", "出境记录"
    GUARDIAN_STATEMENT = "guardian_statement", "监护人说明"
    VILLAGE_CERTIFICATE = "village_certificate", "村（居）证明"
    DEATH_CERTIFICATE = "death_certificate", "公安死亡注销证明"
    POLICE_CERTIFICATE = "police_certificate", "派出所或社区证明"
    CORRECTION = "correction", "更正后的学籍或户籍记录"
    RECORD_TRANSFER = "record_transfer", "学籍转接完成"
    RECEIVER_CONFIRMATION = "receiver_confirmation", "接收地确认"
    AGE_PROOF = "age_proof", "年龄证明"
    HOME_OR_SCHOOL_CHECK = "home_or_school_check", "入户或到校核查记录"
    APPROVED_FORM = "approved_form", "缓学、休学批准表"
    POLICE_REPORT = "police_report", "报案回执"
    SIGNED_RECORD = "signed_record", "有签字的记录"
    SERVICE_PROOF = "service_proof", "送达回证"
    OTHER = "other", "其他材料"


class DropoutReason(Labelled):
    """辍学原因."""

    LEARNING = "R01", "学习困难"
    WEARY = "R02", "厌学"
    WORK = "R03", "外出打工"
    MARRIAGE = "R04", "早婚早育"
    RELIGION = "R05", "信教、入寺"
    POVERTY = "R06", "家庭经济困难"
    DISTANCE = "R07", "上学远、交通不便"
    FAMILY_LABOUR = "R08", "家中缺劳力、照看家人"
    ILLNESS = "R09", "重大疾病"
    DISABILITY = "R10", "重度残疾"
    MENTAL = "R11", "精神、心理疾病"
    NO_SPECIAL_SCHOOL = "R12", "无特殊学校（班）"
    NO_GUARDIAN = "R13", "监护缺失、家庭变故"
    BULLYING = "R14", "校园欺凌、师生关系"
    INTERNET = "R15", "沉迷网络"
    TRANSFER = "R16", "随迁转学受阻、入学手续"
    IN_CUSTODY = "R17", "涉案、被羁押、专门教育"
    GUARDIAN_REFUSES = "R18", "监护人不送"
    LOST = "R19", "失联"
    OTHER = "R99", "其他"


class Whereabouts(Labelled):
    """去向."""

    HOME = "D01", "在家"
    WORK_COUNTY = "D02", "本县务工"
    WORK_PROVINCE = "D03", "省内县外务工"
    WORK_ELSEWHERE = "D04", "省外务工"
    WITH_PARENTS = "D05", "随父母外出"
    APPRENTICE = "D06", "学徒、家庭作坊"
    MARRIED = "D07", "婚居"
    RELIGIOUS_PLACE = "D08", "宗教场所"
    PRIVATE_TUITION = "D09", "私塾等机构"
    HOSPITAL = "D10", "医院、康复机构"
    SPECIALIZED_SCHOOL = "D11", "专门学校"
    CUSTODY = "D12", "羁押"
    ABROAD = "D13", "境外"
    LOST = "D14", "失联"
    UNKNOWN = "D15", "不明"


class Obstacle(Labelled):
    """What keeps the child from school, as a persuasion found it (困难)."""

    LEARNING = "learning", "学业困难"
    WEARY = "weary", "厌学"
    POVERTY = "poverty", "家庭经济"
    WORK = "work", "务工"
    MARRIAGE = "marriage", "早婚"
    DISABILITY = "disability", "残疾"
    ILLNESS = "illness", "疾病"
    RELIGION = "religion", "信教"
    NO_GUARDIAN = "no_guardian", "监护缺失"
    BULLYING = "bullying", "欺凌、师生关系"
    INTERNET = "internet", "沉迷网络"
    DISTANCE = "distance", "路远、寄宿"
    PAPERS = "papers", "入学手续"
    OTHER = "other", "其他"


class Measure(Labelled):
    """劝返措施 (M codes): how a persuasion was made."""

    CALL = "M01", "电话、微信"
    TEACHER_VISIT = "M02", "教师家访"
    LEADER_VISIT = "M03", "校领导家访"
    VILLAGE_VISIT = "M04", "村干部、网格员联合家访"
    TOWNSHIP_ACTION = "M05", "乡镇集中行动"
    DEPARTMENTS = "M06", "多部门联合"
    AT_WORKPLACE = "M07", "到务工地劝返"
    AID = "M08", "资助、助学"
    TUTORING = "M09", "学业帮扶"
    COUNSELLING = "M10", "心理辅导"
    MEDIATION = "M11", "矛盾调处"
    LABOUR_INSPECTION = "M12", "用工查处"
    DOCUMENT = "M13", "文书送达"
    COURT = "M14", "法院调解、判决"
    OTHER_COUNTY = "M15", "跨县协作函"


VISITS = frozenset({Measure.TEACHER_VISIT, Measure.LEADER_VISIT, Measure.VILLAGE_VISIT, Measure.TOWNSHIP_ACTION,
                    Measure.DEPARTMENTS, Measure.AT_WORKPLACE})  # fmt: skip
"""Measures by which somebody stood at the door: they count as home visits."""


class Met(Labelled):
    """Whom they met."""

    CHILD = "child", "学生"
    FATHER = "father", "父亲"
    MOTHER = "mother", "母亲"
    OTHER_GUARDIAN = "other_guardian", "其他监护人"
    NOBODY = "nobody", "无人在家"


class AttemptResult(Labelled):
    """How a persuasion ended."""

    AGREED = "agreed", "同意返校"
    UNDECIDED = "undecided", "还在犹豫"
    REFUSED = "refused", "不同意"
    NOT_MET = "not_met", "没有见到"
    RETURNED = "returned", "已经返校"


class ReturnWay(Labelled):
    """复学方式 and placement."""

    OWN_CLASS = "own_class", "回原校原班"
    OTHER_SCHOOL = "other_school", "转入他校"
    SEPARATE_CLASS = "separate_class", "单独编班"
    VOCATIONAL = "vocational", "普职融合、职校就读（学籍留初中）"
    SPECIAL_SCHOOL = "special_school", "特殊教育学校"
    INCLUSIVE = "inclusive", "随班就读"
    HOMEBOUND = "homebound", "送教上门"
    SPECIALIZED_SCHOOL = "specialized_school", "专门学校"
    NEW_RECORD = "new_record", "补建学籍入学"


class AidKind(Labelled):
    """Help given to a family."""

    MONEY = "money", "资助"
    COUNSELLING = "counselling", "心理"
    TUTORING = "tutoring", "补课"
    TRANSPORT = "transport", "交通"
    MEDICAL = "medical", "医疗康复"
    GUARDIANSHIP = "guardianship", "监护照料"
    OTHER = "other", "其他"


class SuspensionKind(Labelled):
    """Why a case rests."""

    DEFERRED = "deferred", "延缓入学"
    STUDY_LEAVE = "study_leave", "休学"


V, E, To = VerificationResult, EvidenceKind, Outcome

OUTCOMES: dict[VerificationResult, Outcome] = {
    V.ATTENDING: To.EXCLUDES, V.WRONG_DATA: To.EXCLUDES, V.HOUSEHOLD_ERROR: To.EXCLUDES, V.DECEASED: To.EXCLUDES,
    V.IN_PROVINCE_NO_RECORD: To.EXCLUDES, V.OUT_OF_PROVINCE_NO_RECORD: To.EXCLUDES, V.TRANSFERRED: To.EXCLUDES,
    V.COMPLETED: To.EXCLUDES, V.ABROAD: To.EXCLUDES, V.DEFERRED: To.SUSPENDS, V.STUDY_LEAVE: To.SUSPENDS,
    V.ILL_OR_DISABLED: To.OUT_OF_SCHOOL, V.MISSING: To.STAYS_OPEN, V.AWAY_UNREACHABLE: To.STAYS_OPEN,
    V.OUT_OF_SCHOOL: To.OUT_OF_SCHOOL, V.NOT_OF_AGE: To.EXCLUDES, V.DUPLICATE: To.EXCLUDES,
    V.UNAPPROVED_SCHOOLING: To.OUT_OF_SCHOOL,
}  # fmt: skip
"""What each result leads to (DOMAIN, 2). 因病因残 is never just closed: it leads to placement or 送教上门."""

Ways = tuple[frozenset[EvidenceKind], ...]
"""Alternatives: the evidence is there when all of one of the sets is."""


def ways(*sets: tuple[EvidenceKind, ...]) -> Ways:
    """Alternatives, each a set of which all is needed."""
    return tuple(frozenset(one) for one in sets)


EVIDENCE_OF_RESULT: dict[VerificationResult, Ways] = {
    V.ATTENDING: ways((E.CORRECTION,), (E.SCHOOLING_CERTIFICATE,)),
    V.WRONG_DATA: ways((E.CORRECTION,)),
    V.HOUSEHOLD_ERROR: ways((E.POLICE_CERTIFICATE,)),
    V.DECEASED: ways((E.DEATH_CERTIFICATE,)),
    V.IN_PROVINCE_NO_RECORD: ways((E.SCHOOLING_CERTIFICATE, E.PHONE_CHECK, E.STUDENT_NUMBER_SEEN)),
    V.OUT_OF_PROVINCE_NO_RECORD: ways((E.SCHOOLING_CERTIFICATE, E.PHONE_CHECK, E.STUDENT_NUMBER_SEEN)),
    V.TRANSFERRED: ways((E.RECORD_TRANSFER,), (E.RECEIVER_CONFIRMATION,)),
    V.COMPLETED: ways((E.DIPLOMA,)),
    V.ABROAD: ways((E.EXIT_RECORD,), (E.GUARDIAN_STATEMENT, E.VILLAGE_CERTIFICATE)),
    V.NOT_OF_AGE: ways((E.AGE_PROOF,)),
    V.DUPLICATE: ways((E.SIGNED_RECORD,)),
}
"""What a result that excludes must be proved with. A case of a child who learns elsewhere without a record stays open until
the 学籍号 there is seen; for a repeated case somebody signs which other case is the same child's."""

OUT_OF_SCHOOL_RESULTS = frozenset(
    result for result, outcome in OUTCOMES.items() if outcome in (To.OUT_OF_SCHOOL, To.STAYS_OPEN)
)
"""Results on which a child goes into the ledgers as suspected, and may be confirmed by a person. A child that cannot be found
is among them: 失联 (R19, D14) is a way to be out of school, and a child left out of the ledger is looked for by nobody."""


def missing(alternatives: Ways, there: frozenset[EvidenceKind]) -> frozenset[EvidenceKind]:
    """What is still missing, by the alternative nearest to whole; empty = proved."""
    if not alternatives:
        return frozenset()
    return min((one - there for one in alternatives), key=lambda rest: (len(rest), sorted(rest)))
