"""What is put on record."""

from __future__ import annotations

from baoxue.policy.labelled import Labelled


class AuditEvent(Labelled):
    """One kind of act or look: its code and how the auditor's page calls it."""

    SIGNED_IN = "signed_in", "登录"
    SIGN_IN_REFUSED = "sign_in_refused", "登录被拒"
    SIGNED_OUT = "signed_out", "退出"
    POST_SWITCHED = "post_switched", "切换岗位"
    PASSWORD_CHANGED = "password_changed", "修改密码"
    SECOND_FACTOR_SET = "second_factor_set", "设置动态口令"
    ACCOUNT_CREATED = "account_created", "新建账户"
    ACCOUNT_CHANGED = "account_changed", "修改账户"
    POST_GIVEN = "post_given", "授予岗位"
    POST_ENDED = "post_ended", "终止岗位"
    TOKEN_CREATED = "token_created", "新建访问令牌"
    TOKEN_REVOKED = "token_revoked", "吊销访问令牌"
    NUMBER_REVEALED = "number_revealed", "查看完整证件号"
    SEARCHED = "searched", "搜索"
    CHILD_VIEWED = "child_viewed", "查看儿童"
    EXPORTED = "exported", "导出"
    EXPORT_DOWNLOADED = "export_downloaded", "下载导出文件"
    IMPORT_STARTED = "import_started", "接入名册"
    IMPORT_CONFIRMED = "import_confirmed", "确认名册"
    IMPORT_CANCELLED = "import_cancelled", "放弃名册"
    COMPARISON_RUN = "comparison_run", "运行比对"
    PAIR_DECIDED = "pair_decided", "判定两条记录"
    VERDICT_WITHDRAWN = "verdict_withdrawn", "撤回判定"
    CHILDREN_MERGED = "children_merged", "合并儿童"
    CHILDREN_SPLIT = "children_split", "拆分儿童"
    PARAMETER_SET = "parameter_set", "设置参数"
    JURISDICTION_CHANGED = "jurisdiction_changed", "维护机构"
    BACKUP_MADE = "backup_made", "备份"
    KEYS_ROTATED = "keys_rotated", "轮换密钥"
    JOB_STOPPED = "job_stopped", "停下任务"
