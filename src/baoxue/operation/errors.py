"""What looking after the installation refuses."""

from __future__ import annotations

from datetime import date

from baoxue.platform.errors import InputRefused, SystemRefusal


class BackInTime(SystemRefusal):
    """The clock of a demonstration only goes forward: what has fallen due has fallen due."""

    code = "clock-only-forward"
    title = "演示时钟只能往后拨"


class TooFar(InputRefused):
    """So many days are not played through in one go."""

    title = "一次拨得太远"


class DayNotDone(SystemRefusal):
    """What falls due daily could not be done; the clock stands still there."""

    code = "day-not-done"
    title = "这一天的事没有办完"
    status = 500

    def __init__(self, name: str, day: date) -> None:
        super().__init__(f"{day.year}年{day.month}月{day.day}日的“{name}”没有办完，时钟停在这里；原因在日志里。")
