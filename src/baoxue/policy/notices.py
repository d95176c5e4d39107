"""What people are told of, and what of it may be said outside of the system.

A mail or a message in a group is read on the way and over shoulders: it says how many things of which kind wait, and where
to sign in, never about whom (个人信息保护法 51; 未成年人保护法 72). So its words come from this closed list alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from baoxue.policy.labelled import Labelled

KEPT_FOR = timedelta(days=366)
"""A notice may name a child. After a school year nobody acts on it any more; what was done stands with the case
(个人信息保护法 19: no longer than needed). The length is this project's."""

FORGOTTEN = "一年以前的通知，内容已清除。"


class NoticeKind(Labelled):
    """The label follows a number: 有 3 件个案的事快到期."""

    DUTY_SOON = "duty_soon", "件个案的事快到期"
    DUTY_TODAY = "duty_today", "件个案的事今天到期"
    DUTY_OVERDUE = "duty_overdue", "件个案的事已逾期"
    ESCALATION = "escalation", "件逾期的事报到这里，请督办"
    CASE_OPENED = "case_opened", "件新的个案"
    CASE_ASSIGNED = "case_assigned", "件个案交到这里"
    CASE_DECIDED = "case_decided", "件个案有了结论"
    CASE_SENT_BACK = "case_sent_back", "件个案被退回"
    REVIEW_ASKED = "review_asked", "件销号申请等审核"
    REFERRAL = "referral", "件转办等答复"
    REFERRAL_ANSWERED = "referral_answered", "件转办有了答复"
    TRANSFER = "transfer", "件移交或协查等接收"
    PLAN_DUE = "plan_due", "项方案的事快到期"
    OTHER = "other", "件事请看一下"


class ChannelKind(Labelled):
    """The ways out of the system. All but mail are robots of a group, told by the address of their webhook."""

    MAIL = "mail", "邮件"
    WECOM = "wecom", "企业微信群机器人"
    DINGTALK = "dingtalk", "钉钉群机器人"
    FEISHU = "feishu", "飞书群机器人"


def words_outside(counts: Mapping[NoticeKind, int]) -> str:
    """What a message outside says of notices, by their number of each kind; nothing of any one of them."""
    told = "，".join(f"{counts[kind]} {kind.label}" for kind in NoticeKind if counts.get(kind))
    return f"【保学】有 {told}。请登录系统查看。"
