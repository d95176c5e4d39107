"""特殊群体: groups of children that are looked after first.

Source: 教基厅函〔2024〕15号 (孤儿、事实无人抚养、残疾、困境、留守、随迁、涉案); 困境 per 国发〔2016〕36号,
事实无人抚养 per 民发〔2019〕62号.
"""

from __future__ import annotations

import re

from baoxue.policy.labelled import Labelled
from baoxue.policy.writtenforms import fold


class SpecialGroup(Labelled):
    """A group; one child may belong to several."""

    ORPHAN = "orphan", "孤儿"
    UNSUPPORTED_CHILD = "unsupported_child", "事实无人抚养"
    DISABLED = "disabled", "残疾"
    CHILD_IN_DIFFICULTY = "child_in_difficulty", "困境"
    LEFT_BEHIND_CHILD = "left_behind_child", "留守"
    MIGRANT_CHILD = "migrant_child", "随迁"
    MINOR_IN_CONTACT_WITH_LAW = "minor_in_contact_with_law", "涉案"


# Not for everybody who sees the child. Source: 未成年人保护法 103 (nobody discloses which minor a case is about).
RESTRICTED = frozenset({SpecialGroup.MINOR_IN_CONTACT_WITH_LAW})


# Words that name a group wherever they stand. 事实孤儿 has living parents, so it is no 孤儿
# (民发〔2019〕62号).
_WORDS = {
    SpecialGroup.ORPHAN: r"(?<!事实)孤儿|ORPHAN",
    SpecialGroup.UNSUPPORTED_CHILD: r"事实(?:上)?无人抚养|事实孤儿|UNSUPPORTED_CHILD",
    SpecialGroup.DISABLED: r"残疾|残障|重残|智障|DISABLED",
    SpecialGroup.CHILD_IN_DIFFICULTY: r"困境|特困|CHILD_IN_DIFFICULTY",
    SpecialGroup.LEFT_BEHIND_CHILD: r"留守|LEFT_BEHIND_CHILD",
    SpecialGroup.MIGRANT_CHILD: r"随迁|流动儿童|流动人口子女|进城务工人员子女|MIGRANT_CHILD",
    SpecialGroup.MINOR_IN_CONTACT_WITH_LAW: r"涉案|涉罪|涉法|违法犯罪|不良行为|MINOR_IN_CONTACT_WITH_LAW",
}
_PATTERNS = {group: re.compile(words) for group, words in _WORDS.items()}
_SEPARATORS = re.compile(r"[;；,，、/|+＋\s]+")
# 非留守, 不是孤儿, 无残疾, 残疾:否.
_DENIED_BEFORE = re.compile(r"(?:非|不是|不属于|无|没有|未)$")
_DENIED_AFTER = re.compile(r"(?:儿童)?[:：]?(?:否|无$|不是)")
# 父母重残 and 残疾人子女 speak of a parent: the child itself is not disabled.
_OF_PARENTS_BEFORE = re.compile(r"(?:父|母|双亲|监护人|家长|户主).{0,4}$")
_OF_PARENTS_AFTER = re.compile(r"人?家庭|人员?的?子女")


def special_groups_of(text: str) -> tuple[SpecialGroup, ...]:
    """The groups a cell names, each once, in the order of the enumeration; empty when it names none."""
    parts = [fold(part) for part in _SEPARATORS.split(text) if part]
    return tuple(group for group in SpecialGroup if any(_names(group, part) for part in parts))


def _names(group: SpecialGroup, part: str) -> bool:
    return any(
        not _is_denied(group, part[: match.start()], part[match.end() :]) for match in _PATTERNS[group].finditer(part)
    )


def _is_denied(group: SpecialGroup, before: str, after: str) -> bool:
    if _DENIED_BEFORE.search(before) or _DENIED_AFTER.match(after):
        return True
    of_parents = _OF_PARENTS_BEFORE.search(before) or _OF_PARENTS_AFTER.match(after)
    return group is SpecialGroup.DISABLED and of_parents is not None
