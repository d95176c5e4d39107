"""How the page says things: numbers, days, and what each case is called and who deals with it."""

from __future__ import annotations

from datetime import date, datetime

from baoxue.matching.output.meeting import Combination
from baoxue.policy.findings import FindingKind

EXPLAINED = {
    FindingKind.NEVER_ENROLLED: "学龄、在户籍，查不到学籍，也不在任何点名册。先由学区学校核，再由乡镇入户。",
    FindingKind.ABSENT: "有学籍，点名册上没有，或标着缺勤、未报到。由学籍所在学校核。",
    FindingKind.ATTENDING_UNREGISTERED: "在点名册上，查不到学籍。由学校补建学籍，或改正点名册的姓名、号码。",
    FindingKind.DECEASED_ON_ROLL: "户籍已因死亡注销，学籍或点名册里还在。先核是不是同一人，再与公安更正。",
    FindingKind.DUPLICATE_STUDENT: "一个孩子两条学籍。由两所学校核，留下在读的一条。",
    FindingKind.DUPLICATE_HOUSEHOLD: "一个孩子两条户籍。请公安核。",
    FindingKind.IDENTITY_MISMATCH: "认得出是同一人，但姓名、号码、生日或性别两册不一样。改正写错的一册。",
    FindingKind.NO_HOUSEHOLD: "有学籍，本县没有户籍：外来随迁，或证件写错。没有把握的请核户籍地。",
    FindingKind.ENROLLED_ELSEWHERE: "在本县户籍，县外查到学籍。列出来供确认，不是问题。",
}
"""What a kind of finding means and who looks at it, in the order in which the page lists them."""

ACTS: dict[str, tuple[str, FindingKind | None]] = {
    "111": ("改正信息", FindingKind.IDENTITY_MISMATCH),
    "100": ("交学校、乡镇核", FindingKind.NEVER_ENROLLED),
    "110": ("交学校核", FindingKind.ABSENT),
    "101": ("补学籍", FindingKind.ATTENDING_UNREGISTERED),
    "011": ("核户籍地", FindingKind.NO_HOUSEHOLD),
    "001": ("核身份", FindingKind.ATTENDING_UNREGISTERED),
    "010": ("交学校核", FindingKind.ABSENT),
    "000": ("交乡镇核", None),
}
"""Who deals with a combination, and the list that names the children."""

_TITLES = {
    "111": "三册都在",
    "100": "只在户籍",
    "110": "有籍不在校",
    "101": "在校无学籍",
    "011": "本县无户籍",
    "001": "只在点名册",
    "010": "外县户籍，有籍不在校",
    "000": "三册都没有",
}

_STEPS = {
    "reading": "读文件",
    "loading": "装入",
    "comparing": "比对",
    "judging": "汇总每个孩子",
    "tables": "写 CSV",
    "ledgers": "写三本台账",
}


def combination_words(combination: Combination) -> tuple[str, str]:
    """Name of a combination and one line of what it holds."""
    return _TITLES[combination.key], _line(combination)


def _line(of: Combination) -> str:
    match of.key:
        case "111":
            return f"{whole(of.mismatched)} 人姓名、号码、生日或性别有出入" if of.mismatched else "各册对得上"
        case "100":
            return f"查不到学籍，也不在点名册{_known(of)}"
        case "110" | "010":
            marked = f"，含标着缺勤、未报到 {whole(of.away)} 人" if of.away else ""
            return f"有学籍，点名册上没有{marked}{_known(of)}"
        case "101":
            return "点名册上有，查不到学籍"
        case "011":
            return "外来随迁，学籍和在校都有"
        case "001":
            return "户籍、学籍都查不到"
        case _:
            return "只在脱贫户、特殊群体名册，或点名册上标着缺勤"


def _known(of: Combination) -> str:
    """Where those are of whom it is known."""
    places = (("县外就读", of.elsewhere), ("户口已迁出", of.moved_out))
    known = "，".join(f"{words} {whole(count)} 人" for words, count in places if count)
    return f"；其中{known}" if known else ""


def whole(count: float) -> str:
    """A count with its thousands apart."""
    return f"{count:,.0f}"


def day(value: date | datetime, *, of_year: int | None = None) -> str:
    """`2025年9月20日`; without the year where it is `of_year`."""
    year = "" if value.year == of_year else f"{value.year}年"
    return f"{year}{value.month}月{value.day}日"


def step_words(step: str) -> str:
    """A step's name in Chinese; as it is where it has none."""
    return _STEPS.get(step, step)
