"""Writes what is told of a case's stages from the table that decides: the drawing, the developers' page, the officials' page.

`docs/develop/case-stages.svg` · `docs/develop/case-stages.md` · the tables of `docs/officials/cases.md` (its prose is written by
hand around them). No database is asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

from baoxue.policy.capabilities import ROLES, Capability, Role
from baoxue.policy.casecodes import EVIDENCE_OF_RESULT, OUTCOMES, VerificationResult, Ways
from baoxue.policy.casestages import ENDS, TRANSITIONS, CaseStage, Clock, Transition
from baoxue.policy.closing import EVIDENCE, ClosingReason
from baoxue.policy.duties import MUST_RUN, RULES, DutyRule, climbs
from baoxue.policy.ladder import STEPS, LadderStep
from baoxue.policy.parameters import PARAMETERS

DOCS = Path(__file__).parents[1] / "docs"
SVG, DEVELOP, OFFICIALS = DOCS / "develop/case-stages.svg", DOCS / "develop/case-stages.md", DOCS / "officials/cases.md"
BEGIN, END = "<!-- 表格由 make case-stages 写出，不要手改 -->", "<!-- 表格到此为止 -->"

S = CaseStage
Point = tuple[int, int]

# The drawing. Where a stage stands, by its left upper corner; all boxes are of one size.
WIDTH, HEIGHT = 104, 36
PLACES: dict[CaseStage, Point] = {
    S.VERIFYING: (24, 160), S.SUSPECTED: (200, 160), S.EXCLUDED: (200, 40), S.DROPOUT: (372, 160),
    S.NEVER_ENROLLED: (372, 270), S.PERSUADING: (544, 160), S.LEGAL_LADDER: (544, 270), S.RETURNED: (800, 160),
    S.OBSERVING: (980, 160), S.CLOSURE_APPLIED: (980, 270), S.COUNTY_REVIEW: (800, 270), S.CLOSED: (800, 410),
    S.SUSPENDED: (372, 410),
}  # fmt: skip
# Stages that many ways leave together are framed, and such a way leaves from the frame.
FRAMES: dict[str, tuple[frozenset[CaseStage], tuple[int, int, int, int], str]] = {
    "out": (
        frozenset({S.SUSPECTED, S.NEVER_ENROLLED, S.DROPOUT, S.PERSUADING, S.LEGAL_LADDER}),
        (184, 140, 506, 186), "不在校",
    ),
    "back": (
        frozenset({S.RETURNED, S.OBSERVING, S.CLOSURE_APPLIED, S.COUNTY_REVIEW}), (784, 140, 320, 186), "回校以后",
    ),
}  # fmt: skip
REMEMBERED: dict[str, Point] = {"申请前的阶段": (1170, 270), "暂停前的阶段": (544, 410)}


@dataclass(frozen=True, slots=True)
class Drawn:
    """One arrow: its corners, where its label stands, and whether the text ends, begins or is centred there."""

    corners: tuple[Point, ...]
    label: Point | None = None
    anchor: str = "middle"


# How each way is drawn, from each frame or stage it leaves: a way of the table without its line here stops the writing.
ARROWS: dict[str, dict[str, Drawn]] = {
    "find_suspected": {"verifying": Drawn(((128, 178), (200, 178)), (160, 152))},
    "find_never_enrolled": {"verifying": Drawn(((90, 196), (90, 288), (372, 288)), (280, 281))},
    "exclude": {
        "verifying": Drawn(((76, 160), (76, 58), (200, 58)), (136, 50)),
        "suspected_dropout": Drawn(((226, 160), (226, 76))),
    },
    "confirm_dropout": {"suspected_dropout": Drawn(((304, 178), (372, 178)), (338, 170))},
    "begin_persuading": {
        "dropout": Drawn(((476, 178), (544, 178)), (510, 170)),
        "never_enrolled": Drawn(((476, 288), (494, 288), (494, 190), (544, 190))),
    },
    "begin_ladder": {"persuading": Drawn(((576, 196), (576, 270)), (570, 238), "end")},
    "back_to_persuading": {"legal_ladder": Drawn(((616, 270), (616, 196)), (622, 238), "start")},
    "return_to_school": {"out": Drawn(((690, 178), (800, 178)), (738, 170))},
    "begin_observing": {"returned": Drawn(((904, 178), (980, 178)), (942, 153))},
    "missing_again": {"back": Drawn(((944, 140), (944, 112), (596, 112), (596, 160)), (770, 105))},
    "suspected_again": {"back": Drawn(((984, 140), (984, 82), (280, 82), (280, 160)), (770, 75))},
    "apply_closure": {"observing": Drawn(((1056, 196), (1056, 270)), (1050, 238), "end")},
    "apply_other_closure": {
        "out": Drawn(((640, 326), (640, 372), (1016, 372), (1016, 306)), (720, 365)),
        "returned": Drawn(((880, 196), (996, 270))),
        "observing": Drawn(((1070, 196), (1070, 270))),
    },
    "withdraw_closure": {"closure_applied": Drawn(((1084, 282), (1170, 282)), (1128, 275))},
    "take_up_closure": {"closure_applied": Drawn(((980, 288), (904, 288)), (944, 320))},
    "send_back_closure": {
        "closure_applied": Drawn(((1084, 294), (1170, 294)), (1128, 312)),
        "county_review": Drawn(((890, 306), (890, 342), (1222, 342), (1222, 306))),
    },
    "close_case": {"county_review": Drawn(((840, 306), (840, 410)), (834, 396), "end")},
    "suspend": {
        "out": Drawn(((424, 326), (424, 410)), (430, 352), "start"),
        "verifying": Drawn(((60, 196), (60, 428), (372, 428)), (216, 421)),
    },
    "resume": {"suspended": Drawn(((476, 428), (544, 428)), (510, 462))},
}  # fmt: skip

_STYLE = """
  .sheet { fill: #fff; } text { font: 13px "Noto Sans CJK SC", "Microsoft YaHei", "PingFang SC", sans-serif; fill: #1d2129; }
  .box { fill: #eef3fb; stroke: #1f4e9c; } .end { fill: #e6f2e8; stroke: #2b6b3a; stroke-width: 2; }
  .rest { fill: #fff7e0; stroke: #8a6100; } .memory { fill: #fff; stroke: #5b6270; stroke-dasharray: 4 3; }
  .frame { fill: #f7f8fa; stroke: #b9bfc9; } .frame-name, .label { font-size: 12px; fill: #4e5461; }
  .way { fill: none; stroke: #4e5461; stroke-width: 1.2; marker-end: url(#tip); } .own { stroke: #a8321f; stroke-dasharray: 6 3; }
  .back { stroke-dasharray: 2 3; } .stage { text-anchor: middle; }
"""


def leaves_from(transition: Transition) -> list[str]:
    """The frames and the stages outside them from which a way is drawn."""
    whole = [name for name, (stages, _, _) in FRAMES.items() if stages <= transition.sources]
    framed = {stage for name in whole for stage in FRAMES[name][0]}
    return sorted([*whole, *(transition.sources - framed)])


def drawing() -> str:
    """The drawing of all stages and ways. Raises LookupError where the table and the laid out ways differ."""
    table = {transition.code: leaves_from(transition) for transition in TRANSITIONS}
    laid_out = {code: sorted(arrows) for code, arrows in ARROWS.items()}
    if table != laid_out:
        odd = sorted(code for code in table.keys() | laid_out.keys() if table.get(code) != laid_out.get(code))
        raise LookupError(f"ARROWS does not follow the table: {', '.join(odd)}")
    tip = '<path d="M0 0L10 5L0 10z" fill="#4e5461"/>'
    parts = [
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1296 470" role="img" aria-labelledby="title">',
        '<title id="title">个案的阶段和办法</title>',
        f"<style>{_STYLE}</style>",
        '<defs><marker id="tip" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" markerHeight="7" orient="auto">',
        tip,
        "</marker></defs>",
        '<rect class="sheet" width="1296" height="470"/>',
    ]
    for _, (x, y, width, height), name in FRAMES.values():
        parts.append(f'<rect class="frame" x="{x}" y="{y}" width="{width}" height="{height}" rx="8"/>')
        parts.append(f'<text class="frame-name" x="{x + 8}" y="{y + height - 6}">{name}</text>')
    for transition in TRANSITIONS:
        parts += _arrows(transition)
    parts += [_box(PLACES[stage], stage.label, _kind(stage)) for stage in CaseStage]
    parts += [_box(at, name, "memory") for name, at in REMEMBERED.items()]
    legend = "红虚线：系统也会按事实自己走；点线：回到原来的阶段；绿框：终点"
    parts.append(f'<text class="label" x="24" y="460">{legend}</text>')
    return "\n".join([*parts, "</svg>"]) + "\n"


def _arrows(transition: Transition) -> Iterable[str]:
    kind = "way" + (" own" if transition.by_system else "") + (" back" if transition.to is None else "")
    for drawn in ARROWS[transition.code].values():
        path = " ".join(f"{'L' if number else 'M'}{x} {y}" for number, (x, y) in enumerate(drawn.corners))
        yield f'<path class="{kind}" d="{path}"/>'
        if drawn.label is not None:
            x, y = drawn.label
            yield f'<text class="label" x="{x}" y="{y}" text-anchor="{drawn.anchor}">{escape(transition.label)}</text>'


def _box(at: Point, label: str, kind: str) -> str:
    x, y = at
    return (
        f'<rect class="{kind}" x="{x}" y="{y}" width="{WIDTH}" height="{HEIGHT}" rx="5"/>'
        f'<text class="stage" x="{x + WIDTH // 2}" y="{y + HEIGHT // 2 + 5}">{escape(label)}</text>'
    )


def _kind(stage: CaseStage) -> str:
    if stage in ENDS:
        return "end"
    return "rest" if stage is CaseStage.SUSPENDED else "box"


# The pages.

_INTRODUCTION = (
    "Written by `make case-stages` from `policy/casestages.py` and `policy/duties.py`;",
    "a test fails when it is not current. A case begins at 核实 with the clocks 联系监护人, 首次家访, 报核查结果.",
    "A way to the stage before leads back to where it stood when it was suspended or closure was applied for.",
)


def develop_page() -> str:
    """The page for developers: the table as it stands in the code."""
    rows = [
        (
            f"`{row.code}`", row.label, _stages(row), "（原来的阶段）" if row.to is None else row.to.label,
            _who(row.who), _labels(row.needs), _labels(row.starts), "是" if row.by_system else "", row.clause,
        )
        for row in TRANSITIONS
    ]  # fmt: skip
    head = ("code", "act", "from", "to", "who may", "needs", "starts", "also by the system", "clause")
    stages = [(f"`{stage.value}`", stage.label, _labels(MUST_RUN.get(stage, ())) or "（终点）") for stage in CaseStage]
    clocks = [
        (f"`{clock.value}`", clock.label, f"`{rule.parameter}`", rule.school.label, rule.home.label, _labels(
            stage for stage in CaseStage if stage in rule.lives_in))
        for clock, rule in RULES.items()
    ]  # fmt: skip
    return "\n".join(
        [
            "# Stages of a case",
            "",
            *_INTRODUCTION,
            "",
            "![The stages of a case and the ways between them](case-stages.svg)",
            "",
            "## Ways",
            "",
            *_table(head, rows),
            "",
            "## Stages, and the clocks that must run in each",
            "",
            *_table(("code", "stage", "must run"), stages),
            "",
            "## Clocks",
            "",
            *_table(("code", "clock", "parameter", "owed by, of a pupil here", "without a school", "lives in"), clocks),
            "",
        ]
    )


def officials_tables() -> str:
    """The tables of the page for officials."""
    ways = [
        (
            row.label, _stages(row), "原来的阶段" if row.to is None else row.to.label,
            _posts(row.who) + ("；系统按事实" if row.by_system else ""), _labels(row.needs), row.clause,
        )
        for row in TRANSITIONS
    ]  # fmt: skip
    clocks = [
        (clock.label, _limit(rule), rule.school.label, rule.home.label,
         " → ".join(role.label for role in climbs(rule.school)))
        for clock, rule in RULES.items()
    ]  # fmt: skip
    results = [
        (result.value, result.label, OUTCOMES[result].label, _ways(EVIDENCE_OF_RESULT.get(result, ())))
        for result in VerificationResult
    ]
    reasons = [(reason.label, _ways(EVIDENCE[reason])) for reason in ClosingReason]
    steps = [
        (
            f"《{step.label}》", "、".join(level.label for level in sorted(rule.issuers)),
            f"《{rule.after.label}》" if rule.after else "", _days(rule.term) if rule.term else "",
            "要" if rule.served else "", rule.clause,
        )
        for step, rule in ((step, STEPS[step]) for step in LadderStep)
    ]  # fmt: skip
    return "\n".join(
        [
            BEGIN,
            "",
            "## 每一步：谁能办，要有什么",
            "",
            *_table(("办什么", "从", "到", "谁能办", "先要有", "依据"), ways),
            "",
            "## 时限：谁欠，晚了报给谁",
            "",
            "天数是系统缺省值，各地按本地文件在“设置 → 时限和参数”里改；开案时的天数管到结案。",
            "",
            *_table(("要办的事", "几天", "在校生由谁办", "没有学校的由谁办", "逾期一级一级报给（在校生）"), clocks),
            "",
            "## 核查结果：能不能排除，要什么佐证",
            "",
            *_table(("代码", "核查结果", "办法", "佐证"), results),
            "",
            "## 销号原因和佐证",
            "",
            "特殊群体和脱贫户、监测对象的孩子，除死亡外都另要入户或到校核查记录。",
            "",
            *_table(("销号原因", "佐证"), reasons),
            "",
            "## 依法控辍的文书",
            "",
            "上一份送达、期满，下一份才能开。行政处罚没有录入现行有效的条款以前不能用。",
            "",
            *_table(("文书", "谁开", "先要有", "期限", "送达回证", "依据"), steps),
            "",
            END,
        ]
    )


def officials_page(now: str) -> str:
    """The officials' page with its tables written anew and its prose left as it is."""
    before, _, rest = now.partition(BEGIN)
    _, _, after = rest.partition(END)
    return before + officials_tables() + after


def pages() -> dict[Path, str]:
    """What each file should hold."""
    return {
        SVG: drawing(),
        DEVELOP: develop_page(),
        OFFICIALS: officials_page(OFFICIALS.read_text(encoding="utf-8")),
    }


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    return [f"| {' | '.join(line)} |" for line in (head, ["---"] * len(head), *rows)]


def _stages(row: Transition) -> str:
    return _labels(stage for stage in CaseStage if stage in row.sources)


def _labels(members: Iterable[CaseStage | Clock | object]) -> str:
    return "、".join(str(getattr(member, "label", member)) for member in members)


def _who(capabilities: Iterable[Capability]) -> str:
    return "、".join(f"`{capability.value}`" for capability in sorted(capabilities))


def _posts(capabilities: frozenset[Capability]) -> str:
    return "、".join(role.label for role in Role if ROLES[role].capabilities & capabilities)


def _days(code: str) -> str:
    known = PARAMETERS[code]
    return f"{known.default:g} 个{known.day_type.label}" if known.day_type else f"{known.default:g}"


def _limit(rule: DutyRule) -> str:
    return _days(rule.parameter) + (f"，满了以后 {_days(rule.grace)}" if rule.grace else "")


def _ways(alternatives: Ways) -> str:
    return "；或者 ".join("＋".join(kind.label for kind in sorted(one)) for one in alternatives)


if __name__ == "__main__":
    for path, text in pages().items():
        path.write_text(text, encoding="utf-8")
