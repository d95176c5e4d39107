"""What a post has to do, in the order it should be done: the workbench's lines, and the counts beside the navigation.

Each room says in its queries what waits for whom; here it becomes a sentence and a way to the very act.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property

from django.db.models import Min
from django.urls import reverse

from baoxue.cases.acting import answers
from baoxue.cases.queries import leads_open, owed
from baoxue.children.queries import Moment, counts, doubts_open
from baoxue.comparison.lists import Filters, findings, pairs, verdicts
from baoxue.comparison.models import Run, RunState
from baoxue.comparison.queries import latest_run
from baoxue.jurisdictions.models import Jurisdiction
from baoxue.jurisdictions.queries import county_of
from baoxue.platform.actor import Actor
from baoxue.policy.capabilities import Capability, Level, Role
from baoxue.policy.casestages import CaseStage, Clock
from baoxue.policy.ledgers import Ledger
from baoxue.policy.registers import Register
from baoxue.registers.models import Import
from baoxue.registers.queries import (
    Standing,
    latest_snapshots,
    own_in_second_look,
    standings,
    to_confirm,
    to_look_again,
)
from baoxue.web.shell import WAYS

# Without these there is nothing to compare (教基厅函〔2024〕15号: 户籍、学籍、在校、脱贫户).
NEEDED = (Register.HOUSEHOLD, Register.STUDENT, Register.ROLL, Register.POVERTY)
_LAPSES_SOON = timedelta(days=14)
# Lines of one kind that show one by one; the list has the rest.
_SHOWN = 5
_DUTIES_SHOWN = 12
_NEAR = timedelta(days=3)
_WAY_LABELS = {way.code: way.label for way in WAYS}


@dataclass(frozen=True, slots=True)
class Task:
    """One line of the workbench.

    `way`: code of the place in the navigation it belongs to; `number`: how much it counts there. `verb`, `what`, `why`: the
    line in words; `act`: words of its button, which leads to `url`. `due`: day of its deadline, `days_left` to it (negative =
    overdue), None = it has none. `waits_for`: whose turn it is; "" = mine.
    """

    way: str
    verb: str
    what: str
    why: str
    act: str
    url: str
    number: int = 1
    due: date | None = None
    days_left: int | None = None
    waits_for: str = ""

    @property
    def way_label(self) -> str:
        """Name of the place it belongs to."""
        return _WAY_LABELS[self.way]


@dataclass(frozen=True, slots=True)
class Group:
    """Lines under one heading. `css`: colour of the heading, which its words repeat."""

    heading: str
    css: str
    tasks: list[Task]


class Desk:
    """What lies before one post at its place: asked for once, however often it is shown."""

    def __init__(self, by: Actor, place: Jurisdiction, *, today: date) -> None:
        self._by = by
        self._place = place
        self._today = today

    @cached_property
    def standings(self) -> list[Standing]:
        """How the registers stand that this post brings, at its county or school; none for others."""
        brings = self._place.level in (Level.COUNTY, Level.SCHOOL) and self._by.can(Capability.IMPORT_REGISTER)
        return standings(self._place, self._by, today=self._today) if brings else []

    @cached_property
    def ledgers(self) -> list[tuple[Ledger, int]]:
        """The ledgers within reach, today, and how many children stand in each; none above a county."""
        county = county_of(self._place.path)
        if county is None or not self._by.can(Capability.SEE_CHILDREN):
            return []
        found = counts(self._by, county, Moment(self._today))
        return [(ledger, found.of(ledger)) for ledger in Ledger]

    def tasks(self) -> list[Task]:
        """Everything that waits, for this post or for others on whom its work depends."""
        return [
            *_comparison(self._by, self._place, today=self._today),
            *_duties(self._by, today=self._today),
            *_leads(self._by),
            *self._suspected(),
            *_doubts(self._by),
            *_imports(self._by),
            *(task for standing in self.standings if (task := _of_register(standing, today=self._today))),
        ]

    def _suspected(self) -> list[Task]:
        """Children a school or township is asked after: the county's officer has them as findings."""
        if self._by.can(Capability.SEE_COMPARISON):
            return []
        number = dict(self.ledgers).get(Ledger.SUSPECTED, 0)
        url = reverse("children:ledger", args=[Ledger.SUSPECTED.value])
        what, why = (
            f"{number:,} 人疑似辍学，要核实去向",
            "比对只提出疑问：查不到学籍，或者有学籍没在校；是不是辍学由人认定",
        )
        return [Task("ledgers", "看名单", what, why, "看名单", url, number=number)] if number else []


def _duties(by: Actor, *, today: date) -> list[Task]:
    """What this post owes about cases: late and due soon one by one, the rest as a list."""
    if not by.can(Capability.SEE_CASES):
        return []
    near = owed(by).filter(due_on__lte=today + _NEAR)
    found = list(near[: _DUTIES_SHOWN + 1])
    shown = found[:_DUTIES_SHOWN]
    lines = [
        Task(
            "cases", Clock(duty.clock).label, f"{duty.case.name} · 个案 {duty.case.number}",
            f"{CaseStage(duty.case.stage).label}；{duty.case.school_name or duty.case.place_name}", "去办",
            reverse("cases:act", args=[duty.case_id, answers(Clock(duty.clock))[0]]), due=duty.due_on,
            days_left=(duty.due_on - today).days,
        )
        for duty in shown
    ]  # fmt: skip
    if len(found) > len(shown):
        more = near.count() - len(shown)
        url = f"{reverse('cases:cases')}?mine=1"
        lines.append(
            Task("cases", "看名单", f"还有 {more:,} 件个案的事快到期", "先到期的在前", "看名单", url, number=more)
        )
    return lines


def _leads(by: Actor) -> list[Task]:
    if not by.can(Capability.WORK_CASE):
        return []
    number = leads_open(by).count()
    what, why = f"{number:,} 条线索待处理", "找到孩子的记录就能开个案"
    return [Task("cases", "理线索", what, why, "看线索", reverse("cases:leads"), number=number)] if number else []


# Where the own work of a post is when nothing waits for it; the first that fits.
_OWN_PAGES = (
    (Capability.MANAGE_ACCOUNTS, "账户和岗位", "access:accounts"),
    (Capability.READ_AUDIT, "看审计记录", "access:audit"),
    (Capability.IMPORT_REGISTER, "看名册", "registers:imports"),
    (Capability.SEE_CHILDREN, "看台账", "children:ledgers"),
)


def own_page(by: Actor) -> tuple[str, str]:
    """Where a post goes when nothing waits for it: words and address."""
    for capability, words, address in _OWN_PAGES:
        if by.can(capability):
            return words, reverse(address)
    return "看设置", reverse("web:settings")


def parted(tasks: list[Task]) -> tuple[list[Task], list[Task]]:
    """Those that wait for the actor itself, and those that wait for others."""
    return [task for task in tasks if not task.waits_for], [task for task in tasks if task.waits_for]


def grouped(tasks: list[Task]) -> list[Group]:
    """The actor's own lines: overdue, due today, due this week, then without a deadline."""
    dated = sorted((task for task in tasks if task.days_left is not None), key=lambda task: task.days_left or 0)
    groups = [
        Group("逾期", "red", [task for task in dated if (task.days_left or 0) < 0]),
        Group("今天到期", "amber", [task for task in dated if task.days_left == 0]),
        Group("以后到期", "", [task for task in dated if (task.days_left or 0) > 0]),
        Group("要办的", "", [task for task in tasks if task.days_left is None]),
    ]
    return [group for group in groups if group.tasks]


def waiting_by_way(tasks: list[Task]) -> list[tuple[str, int, bool]]:
    """Counts beside the navigation: place, how much waits for the actor there, whether some of it is overdue."""
    own, _ = parted(tasks)
    ways = dict.fromkeys(task.way for task in own)
    there = {way: [task for task in own if task.way == way] for way in ways}
    counts = {way: sum(task.number for task in tasks) for way, tasks in there.items()}
    return [(way, counts[way], any((task.days_left or 0) < 0 for task in there[way])) for way in ways if counts[way]]


def heading_of(own: list[Task]) -> str:
    """The workbench's heading: a sentence with the number in it."""
    number = len(own)
    overdue = sum((task.days_left or 0) < 0 for task in own)
    if not number:
        return "现在没有要办的事"
    return f"有 {number} 件事要办，其中 {overdue} 件已逾期" if overdue else f"有 {number} 件事要办"


def _imports(by: Actor) -> list[Task]:
    confirm = [_to_confirm(imported) for imported in to_confirm(by)[:_SHOWN]]
    again = [_to_look_again(imported) for imported in to_look_again(by)[:_SHOWN]]
    others = [_second_look_by_others(imported) for imported in own_in_second_look(by)[:_SHOWN]]
    return [*again, *confirm, *others]


def _to_confirm(imported: Import) -> Task:
    return Task(
        "imports",
        "看过再收",
        f"{_register(imported)} · {imported.file_name}",
        f"数据截至 {_day(imported.as_of)}，{imported.created_by_name}放入；已经识别完，等着看收哪些、退哪些",
        "接着看",
        _address(imported),
    )


def _to_look_again(imported: Import) -> Task:
    return Task(
        "imports",
        "复看",
        f"{_register(imported)} · {imported.file_name}",
        f"和上一份差得多。{imported.confirmed_by_name}写的原因：{imported.reason}",
        "复看",
        _address(imported),
    )


def _second_look_by_others(imported: Import) -> Task:
    return Task(
        "imports",
        "等复看",
        f"{_register(imported)} · {imported.file_name}",
        "和上一份差得多，您已经确认，要由另一人复看后收下",
        "打开",
        _address(imported),
        waits_for="另一位有复看权的人",
    )


def _comparison(by: Actor, county: Jurisdiction, *, today: date) -> list[Task]:
    """What the newest comparison of a county leaves to people, and whether there is reason for a new one."""
    if county.level != Level.COUNTY or not by.can(Capability.SEE_COMPARISON):
        return []
    run = latest_run(by, county=county)
    if run is not None and run.state == RunState.WORKING:
        words = f"{_day(run.as_of)} 的比对正在进行，算完就能看"
        return [Task("comparisons", "比对", "四查三比对", words, "看进展", _run(run), waits_for="系统")]
    left = [] if run is None or run.state != RunState.DONE else [*_pairs(by, run), *_findings(by, run)]
    return [*left, *_expiring(by, county, today=today), *_to_compare(by, county, run, today=today)]


def _pairs(by: Actor, run: Run) -> list[Task]:
    number = pairs(run, by).filter(verdict=None).count()
    url = reverse("comparison:pairs", args=[run.pk])
    what, why = f"{number:,} 对等人定", f"数据截至 {_day(run.as_of)}；一对一键，定过的下次不再问"
    return (
        [_for_who_decides(by, Task("comparisons", "看两条记录", what, why, "接着看", url, number=number))]
        if number
        else []
    )


def _findings(by: Actor, run: Run) -> list[Task]:
    waiting = findings(run, by, Filters())
    number, poor = waiting.count(), waiting.filter(poverty_household=True).count()
    url = reverse("comparison:findings", args=[run.pk])
    why = f"数据截至 {_day(run.as_of)}；其中脱贫户 {poor:,} 条" if poor else f"数据截至 {_day(run.as_of)}"
    what = f"{number:,} 条还没有结论"
    return (
        [_for_who_decides(by, Task("comparisons", "核线索", what, why, "看名单", url, number=number))] if number else []
    )


def _for_who_decides(by: Actor, task: Task) -> Task:
    return task if by.can(Capability.DECIDE_PAIR) else replace(task, waits_for=Role.COUNTY_OFFICER.label)


def _expiring(by: Actor, county: Jurisdiction, *, today: date) -> list[Task]:
    """Verdicts about to lapse: whoever was verified elsewhere or abroad has to be asked after again."""
    if not by.can(Capability.DECIDE_PAIR):
        return []
    lapse = verdicts(by).filter(county=county, expires_on__range=(today, today + _LAPSES_SOON))
    number, first = lapse.count(), lapse.aggregate(first=Min("expires_on"))["first"]
    if not number:
        return []
    what, why = f"{number:,} 条结论快到期", f"最早 {_day(first)} 到期；到期以后，下次比对会重新列为线索"
    left = (first - today).days
    return [Task("comparisons", "再核实", what, why, "看结论", reverse("comparison:verdicts"), number, first, left)]


def _to_compare(by: Actor, county: Jurisdiction, run: Run | None, *, today: date) -> list[Task]:
    """A comparison to be run: there was none yet, or registers came in since."""
    if not by.can(Capability.RUN_COMPARISON):
        return []
    newest = latest_snapshots(county, as_of=today, by=by)
    if any(register not in newest for register in NEEDED):
        return []
    used = set() if run is None else set(run.snapshots.values_list("pk", flat=True))
    newer = [register.label for register, snapshot in newest.items() if snapshot.pk not in used]
    if not newer:
        return []
    why = "四册都有了，还没有比对过" if run is None else f"{'、'.join(newer)}名册比上次比对时新"
    verb = "比对" if run is None else "再比对"
    return [Task("comparisons", verb, "四查三比对", why, "去比对", reverse("comparison:new"), number=0)]


def _run(run: Run) -> str:
    return reverse("comparison:run", args=[run.pk])


def _doubts(by: Actor) -> list[Task]:
    """Records that may be of one child: a person says so or leaves them apart."""
    if not by.can(Capability.EDIT_CHILD):
        return []
    number = doubts_open(by).count()
    what, why = f"{number:,} 对像是同一个孩子", "合并，或者说明是两个孩子；合并以后还能撤销"
    return [Task("children", "看记录", what, why, "去看", reverse("children:doubts"), number=number)] if number else []


def _of_register(standing: Standing, *, today: date) -> Task | None:
    if not standing.own:
        return None
    name = f"{standing.list_name}名册"
    put = f"{reverse('registers:new')}?register={standing.register.value}"
    if standing.snapshot is None:
        if standing.register not in NEEDED:
            return None
        return Task("imports", "接入", name, "还没有这一册，四查三比对要用到它", "放入文件", put, number=0)
    if not standing.stale or standing.days is None:
        return None
    as_of = _day(today - timedelta(days=standing.days))
    return Task("imports", "更新", name, f"截至 {as_of}，已 {standing.days} 天没更新", "放入文件", put, number=0)


def _register(imported: Import) -> str:
    return f"{imported.list_name}名册"


def _address(imported: Import) -> str:
    return reverse("registers:import", args=[imported.pk])


def _day(on: date) -> str:
    return f"{on.year}年{on.month}月{on.day}日"
