"""What a post may do, and the posts there are (PRODUCT: who uses it).

Source: 教基厅函〔2024〕15号 (duties by level); 个人信息保护法 51 (access by need, 分权); the three separate administrators
are those of GB/T 22239 (安全管理员、系统管理员、审计员).
"""

from __future__ import annotations

from dataclasses import dataclass

from baoxue.policy.labelled import Labelled
from baoxue.policy.registers import Register


class Level(Labelled):
    """Level of a place in the tree of education administration."""

    MINISTRY = "ministry", "教育部"
    PROVINCE = "province", "省"
    CITY = "city", "市"
    COUNTY = "county", "县"
    TOWNSHIP = "township", "乡镇"
    SCHOOL = "school", "学校"


class Capability(Labelled):
    """One thing a post may be allowed to do. The label completes the sentence 当前岗位不能…"""

    SEE_CHILDREN = "see_children", "查看学生"
    REVEAL_NUMBER = "reveal_number", "查看完整证件号"
    SEE_RESTRICTED_GROUP = "see_restricted_group", "查看学生是否涉案"
    IMPORT_REGISTER = "import_register", "接入名册"
    CONFIRM_UNUSUAL_IMPORT = "confirm_unusual_import", "复看变动异常的名册"
    RUN_COMPARISON = "run_comparison", "运行四查三比对"
    SEE_COMPARISON = "see_comparison", "查看四查三比对"
    DECIDE_PAIR = "decide_pair", "判定两条记录"
    EDIT_CHILD = "edit_child", "合并、拆分儿童记录"
    EXPORT_LEDGER = "export_ledger", "导出台账"
    SEE_REPORTS = "see_reports", "查看报告"
    SET_PARAMETERS = "set_parameters", "设置时限和参数"
    MANAGE_JURISDICTIONS = "manage_jurisdictions", "维护机构和学校"
    MANAGE_ACCOUNTS = "manage_accounts", "管理账户和岗位"
    OPERATE = "operate", "管理系统运行"
    READ_AUDIT = "read_audit", "查看审计记录"
    USE_TOKENS = "use_tokens", "使用访问令牌"
    SEE_CASES = "see_cases", "查看个案"
    WORK_CASE = "work_case", "核查、劝返"
    DECIDE_CASE = "decide_case", "认定、排除个案"
    ISSUE_ORDER = "issue_order", "依法控辍"
    APPLY_CLOSURE = "apply_closure", "申请销号"
    REVIEW_CLOSURE = "review_closure", "复核销号"
    APPROVE_PAUSE = "approve_pause", "批准暂停时限"
    REFER_CASE = "refer_case", "转办、移交个案"
    ANSWER_REFERRAL = "answer_referral", "答复转办"


class Department(Labelled):
    """County departments that answer what is referred to them and bring their own register."""

    POLICE = "police", "公安"
    CIVIL_AFFAIRS = "civil_affairs", "民政"
    DISABLED_FEDERATION = "disabled_federation", "残联"
    RURAL_AFFAIRS = "rural_affairs", "农业农村（乡村振兴）"
    HUMAN_RESOURCES = "human_resources", "人社"
    MARKET_REGULATION = "market_regulation", "市场监管"
    JUSTICE = "justice", "司法"


# Which register a department brings (DOMAIN, 联控联保). The others bring none.
REGISTERS_OF: dict[Department, frozenset[Register]] = {
    Department.POLICE: frozenset({Register.HOUSEHOLD}),
    Department.CIVIL_AFFAIRS: frozenset({Register.SPECIAL}),
    Department.DISABLED_FEDERATION: frozenset({Register.SPECIAL}),
    Department.RURAL_AFFAIRS: frozenset({Register.POVERTY}),
}

_SHARED = frozenset(register for register in Register if sum(register in of for of in REGISTERS_OF.values()) > 1)


def list_codes(department: Department) -> frozenset[str]:
    """The lists a department brings and sees: `household`, or `special:civil_affairs` of a register it shares with others."""
    registers = REGISTERS_OF.get(department, frozenset())
    return frozenset(f"{r.value}:{department.value}" if r in _SHARED else r.value for r in registers)


class Role(Labelled):
    """The posts there are. What each may do stands in ROLES."""

    CLASS_TEACHER = "class_teacher", "班主任"
    RECORD_KEEPER = "record_keeper", "学籍管理员"
    PRINCIPAL = "principal", "校长"
    TOWNSHIP_OFFICER = "township_officer", "乡镇控辍专干"
    GRID_WORKER = "grid_worker", "村网格员"
    COUNTY_OFFICER = "county_officer", "控辍保学专干"
    BUREAU_DIRECTOR = "bureau_director", "教育局长"
    COUNTY_LEADER = "county_leader", "分管县长"
    DEPARTMENT_OFFICER = "department_officer", "部门联络员"
    CITY_OFFICER = "city_officer", "市级专干"
    PROVINCE_OFFICER = "province_officer", "省级专干"
    ACCOUNT_ADMINISTRATOR = "account_administrator", "安全管理员"
    SYSTEM_ADMINISTRATOR = "system_administrator", "系统管理员"
    AUDITOR = "auditor", "审计员"


@dataclass(frozen=True, slots=True)
class RoleRule:
    """What a role may do and where a post of it can be.

    `second_factor`: a sign-in with this post needs a one-time code.
    """

    levels: frozenset[Level]
    capabilities: frozenset[Capability]
    second_factor: bool


_C = Capability
# Who goes to families and records it.
_WORKS = frozenset({Capability.SEE_CASES, Capability.WORK_CASE})
_ANY = frozenset({Level.MINISTRY, Level.PROVINCE, Level.CITY, Level.COUNTY})

ROLES: dict[Role, RoleRule] = {
    Role.CLASS_TEACHER: RoleRule(frozenset({Level.SCHOOL}), frozenset({_C.SEE_CHILDREN, *_WORKS}), second_factor=False),
    Role.RECORD_KEEPER: RoleRule(
        frozenset({Level.SCHOOL}),
        frozenset({_C.SEE_CHILDREN, _C.IMPORT_REGISTER, _C.EXPORT_LEDGER, *_WORKS, _C.APPLY_CLOSURE}),
        second_factor=False,
    ),
    Role.PRINCIPAL: RoleRule(
        frozenset({Level.SCHOOL}),
        frozenset({_C.SEE_CHILDREN, _C.EXPORT_LEDGER, _C.SEE_REPORTS, *_WORKS, _C.APPLY_CLOSURE}),
        second_factor=False,
    ),
    Role.TOWNSHIP_OFFICER: RoleRule(
        frozenset({Level.TOWNSHIP}),
        frozenset({_C.SEE_CHILDREN, _C.EXPORT_LEDGER, *_WORKS, _C.ISSUE_ORDER, _C.APPLY_CLOSURE}),
        second_factor=False,
    ),
    Role.GRID_WORKER: RoleRule(frozenset({Level.TOWNSHIP}), frozenset({_C.SEE_CHILDREN, *_WORKS}), second_factor=False),
    Role.COUNTY_OFFICER: RoleRule(
        frozenset({Level.COUNTY}),
        frozenset(
            {
                _C.SEE_CHILDREN,
                _C.REVEAL_NUMBER,
                _C.SEE_RESTRICTED_GROUP,
                _C.IMPORT_REGISTER,
                _C.CONFIRM_UNUSUAL_IMPORT,
                _C.RUN_COMPARISON,
                _C.SEE_COMPARISON,
                _C.DECIDE_PAIR,
                _C.EDIT_CHILD,
                _C.EXPORT_LEDGER,
                _C.SEE_REPORTS,
                _C.SET_PARAMETERS,
                _C.MANAGE_JURISDICTIONS,
                _C.USE_TOKENS,
                *_WORKS,
                _C.DECIDE_CASE,
                _C.ISSUE_ORDER,
                _C.APPLY_CLOSURE,
                _C.REVIEW_CLOSURE,
                _C.REFER_CASE,
            }
        ),
        second_factor=True,
    ),
    Role.BUREAU_DIRECTOR: RoleRule(
        frozenset({Level.COUNTY}),
        frozenset(
            {
                _C.SEE_CHILDREN,
                _C.SEE_RESTRICTED_GROUP,
                _C.CONFIRM_UNUSUAL_IMPORT,
                _C.SEE_COMPARISON,
                _C.EXPORT_LEDGER,
                _C.SEE_REPORTS,
                _C.SEE_CASES,
                _C.REVIEW_CLOSURE,
                _C.APPROVE_PAUSE,
            }
        ),
        second_factor=True,
    ),
    Role.COUNTY_LEADER: RoleRule(frozenset({Level.COUNTY}), frozenset({_C.SEE_REPORTS}), second_factor=True),
    Role.DEPARTMENT_OFFICER: RoleRule(
        frozenset({Level.COUNTY}), frozenset({_C.IMPORT_REGISTER, _C.ANSWER_REFERRAL}), second_factor=True
    ),
    Role.CITY_OFFICER: RoleRule(
        frozenset({Level.CITY}),
        frozenset({_C.SEE_CHILDREN, _C.SEE_COMPARISON, _C.SEE_REPORTS, _C.SET_PARAMETERS, _C.USE_TOKENS, _C.SEE_CASES}),
        second_factor=True,
    ),
    Role.PROVINCE_OFFICER: RoleRule(
        frozenset({Level.PROVINCE}),
        frozenset({_C.SEE_CHILDREN, _C.SEE_COMPARISON, _C.SEE_REPORTS, _C.SET_PARAMETERS, _C.USE_TOKENS, _C.SEE_CASES}),
        second_factor=True,
    ),
    Role.ACCOUNT_ADMINISTRATOR: RoleRule(_ANY, frozenset({_C.MANAGE_ACCOUNTS}), second_factor=True),
    Role.SYSTEM_ADMINISTRATOR: RoleRule(_ANY, frozenset({_C.OPERATE}), second_factor=True),
    Role.AUDITOR: RoleRule(_ANY, frozenset({_C.READ_AUDIT}), second_factor=True),
}

# Three posts that look after the system itself. Each does one thing, and who holds one holds nothing else.
ADMINISTRATORS = frozenset({Role.ACCOUNT_ADMINISTRATOR, Role.SYSTEM_ADMINISTRATOR, Role.AUDITOR})
