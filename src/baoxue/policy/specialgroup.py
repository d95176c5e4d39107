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


def special_groups_of(text: str) -> tuple[SpecialGroup, ...]:
    """The groups a cell names, each once, in the order of the enumeration; empty when it names none."""
    raise NotImplementedError
