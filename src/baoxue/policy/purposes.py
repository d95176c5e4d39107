"""For what somebody looks at a whole identity number. Source: 个人信息保护法 6, 51 (a clear purpose, no more than needed)."""

from __future__ import annotations

from baoxue.policy.labelled import Labelled


class Purpose(Labelled):
    """What it is needed for; goes on record."""

    VERIFY = "verify", "核查线索"
    VISIT = "visit", "填家访单"
    PLATFORM = "platform", "国家平台录入"
    RECORD = "record", "办理学籍"
    CORRECT = "correct", "请公安更正"
