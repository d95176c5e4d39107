"""What 设置 leads to; each room has its own pages."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Setting:
    """One part of the settings: what it is called, what one does there, and where."""

    label: str
    sentence: str
    address: str


GROUPS: tuple[tuple[str, tuple[Setting, ...]], ...] = (
    (
        "本地",
        (
            Setting("机构", "乡镇、学校和教学点，谁在谁下面", "/settings/places/"),
            Setting("学校", "名称和标识码", "/settings/schools"),
            Setting("时限和参数", "这里适用什么，谁定的，依据哪个文件", "/settings/limits"),
            Setting("代码表", "辍学原因、去向、劝返措施等，本地加了哪些", "/settings/codes"),
            Setting("校历", "学期、放假、调休，每学期多少教学日", "/settings/calendar"),
        ),
    ),
    (
        "账户",
        (
            Setting("修改密码", "自己的密码", "/password"),
            Setting("访问令牌", "给程序用的令牌，有期限，可吊销", "/settings/tokens/"),
            Setting("账户和岗位", "新建账户，授予和终止岗位", "/settings/accounts/"),
        ),
    ),
    (
        "系统",
        (
            Setting("审计", "谁做了什么、看了什么，记录链是否完整", "/settings/audit/"),
            Setting("通知渠道", "消息另外发到哪个群、哪些邮箱", "/settings/channels/"),
            Setting("运行", "任务、备份、版本", "/settings/operation/"),
        ),
    ),
)
