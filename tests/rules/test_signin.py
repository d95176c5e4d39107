"""Rules of signing in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from baoxue.policy.signin import (
    ACCOUNT_TRIES,
    ACCOUNT_WINDOW,
    IDLE_LENGTH,
    SESSION_LENGTH,
    locked_until,
    password_faults,
    session_over,
)

NOON = datetime(2025, 10, 14, 4, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("password", "fault"),
    [
        ("shuang-he 26 li", ""),
        ("双河镇有二十六里路 1", ""),
        ("abc12345", "至少 10 位"),
        ("abcdefghijkl", "两种"),
        ("1234567890a", "太常见"),
        ("aaaaaaaaa1", "太常见"),
        ("luwenjing2025!", "账户名"),
        ("陆文静 2025 年秋季", "姓名"),
    ],
)
def test_a_password_that_is_easily_guessed_is_refused(password: str, fault: str) -> None:
    faults = " ".join(password_faults(password, username="luwenjing", name="陆文静"))
    assert fault in faults if fault else not faults


def test_the_door_shuts_at_the_fifth_failure_and_opens_a_window_later() -> None:
    failures = [NOON + minute * MINUTE for minute in range(ACCOUNT_TRIES)]
    assert locked_until(failures[:-1], tries=ACCOUNT_TRIES, window=ACCOUNT_WINDOW) is None
    assert locked_until(failures, tries=ACCOUNT_TRIES, window=ACCOUNT_WINDOW) == failures[-1] + ACCOUNT_WINDOW


def test_failures_far_apart_do_not_shut_the_door() -> None:
    failures = [NOON + hour * timedelta(hours=1) for hour in range(20)]
    assert locked_until(failures, tries=ACCOUNT_TRIES, window=ACCOUNT_WINDOW) is None


@pytest.mark.parametrize(
    ("age", "idle", "over"),
    [
        (SESSION_LENGTH - MINUTE, MINUTE, False),
        (SESSION_LENGTH, MINUTE, True),
        (IDLE_LENGTH, IDLE_LENGTH, True),
        (IDLE_LENGTH, IDLE_LENGTH - MINUTE, False),
    ],
)
def test_a_session_ends_when_it_is_old_or_left_alone(age: timedelta, idle: timedelta, over: bool) -> None:
    assert session_over(began=NOON - age, last_seen=NOON - idle, now=NOON) is over
