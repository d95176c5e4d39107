"""What a post has to do, in the order it should be done: the workbench's lines, and the counts beside the navigation.

Each room says in its queries what waits for whom; here it becomes a sentence and a way to the very act.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.urls import reverse

from baoxue.jurisdictions.models import Jurisdiction
from baoxue.platform.actor import Actor
from baoxue.policy.capabilities import Capability, Level
from baoxue.policy.registers import Register
from baoxue.registers.models import Import
from baoxue.registers.queries import Standing, own_in_second_look, standings, to_confirm, to_look_again
from baoxue.web.shell import WAYS

# Without these there is nothing to compare (教基厅函〔2024〕15号: 户籍、学籍、在校、脱贫户).
NEEDED = (Register.HOUSEHOLD, Register.STUDENT, Register.ROLL, Register.POVERTY)
# Lines of one kind that show one by one; the list has the rest.
_SHOWN = 5
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


def tasks_of(by: Actor, place: Jurisdiction, *, today: date) -> list[Task]:
    """Everything that waits, for this actor or for others on whom its work depends."""
    return [*_imports(by), *_registers(registers_of_place(by, place, today=today), today=today)]


def registers_of_place(by: Actor, place: Jurisdiction, *, today: date) -> list[Standing]:
    """How the registers stand that this actor brings, at the county or school it works for; none for others."""
    brings = place.level in (Level.COUNTY, Level.SCHOOL) and by.can(Capability.IMPORT_REGISTER)
    return standings(place, by, today=today) if brings else []


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


def _registers(standing: list[Standing], *, today: date) -> list[Task]:
    """Registers that are not there yet, or older than their rhythm."""
    return [task for one in standing if (task := _of_register(one, today=today))]


def _of_register(standing: Standing, *, today: date) -> Task | None:
    name = f"{standing.register.label}名册"
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
    return f"{Register(imported.register).label}名册"


def _address(imported: Import) -> str:
    return reverse("registers:import", args=[imported.pk])


def _day(on: date) -> str:
    return f"{on.year}年{on.month}月{on.day}日"
