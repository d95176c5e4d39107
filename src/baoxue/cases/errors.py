"""What this room refuses."""

from __future__ import annotations

from collections.abc import Iterable

from baoxue.platform.errors import ChangedMeanwhile, SystemRefusal
from baoxue.policy.casecodes import EvidenceKind
from baoxue.policy.casestages import CaseStage, Need, Transition


class StageRefused(SystemRefusal):
    """There is no such way from the stage the case is at."""

    code = "stage-refused"
    title = "现在不能这样办"

    def __init__(self, stage: CaseStage, label: str) -> None:
        super().__init__(f"个案现在是“{stage.label}”，不能“{label}”。")
        self.stage = stage


class NeedMissing(SystemRefusal):
    """A transition asks for something that is not there. `need`: which."""

    code = "need-missing"
    title = "还缺条件"

    def __init__(self, transition: Transition, need: Need, sentence: str = "") -> None:
        super().__init__(sentence or f"“{transition.label}”以前要有{need.label}。")
        self.need = need


class EvidenceMissing(SystemRefusal):
    """Proof is missing. `missing`: of which kinds."""

    code = "evidence-missing"
    title = "佐证材料不齐"

    def __init__(self, missing: Iterable[EvidenceKind]) -> None:
        self.missing = tuple(sorted(missing, key=lambda kind: kind.value))
        super().__init__(f"还缺{'、'.join(kind.label for kind in self.missing)}。补齐以后再办。")


class SamePerson(SystemRefusal):
    """Two people are asked for."""

    code = "same-person"
    title = "要由另一人办"

    def __init__(self, earlier: str) -> None:
        super().__init__(f"{earlier}是您自己办的，这一步要由另一人办。")


class CaseChanged(ChangedMeanwhile):
    """Somebody else worked on the case since it was looked at; the sentence says what they did."""

    code = "case-changed"
    title = "这个个案刚被别人改过"


class StepClosed(SystemRefusal):
    """The ladder's step is not open. The sentence says what is still missing."""

    code = "step-closed"
    title = "这一步还不能走"


class ChildUnknown(SystemRefusal):
    """A lead says nobody yet whom it is about."""

    code = "child-unknown"
    title = "还不知道是哪个孩子"

    def __init__(self) -> None:
        super().__init__("请先找到这个孩子的记录，或者补录一个，再开个案。")


class LeadAnswered(ChangedMeanwhile):
    """A lead is dealt with once."""

    code = "lead-answered"
    title = "这条线索已经处理过"
