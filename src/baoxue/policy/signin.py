"""Rules of signing in: passwords, one-time codes, lockout, how long a session lasts.

Sources: GB/T 22239-2019 8.1.4.1 (身份鉴别: complexity, change, failed attempts, timeout, two factors at level 3);
GB/T 39786-2021; RFC 6238 (one-time codes). The numbers are this project's; 22239 asks for limits and leaves them to the place.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

MIN_LENGTH = 10
SESSION_LENGTH = timedelta(hours=8)
IDLE_LENGTH = timedelta(minutes=30)
# A password that many people choose is no secret, however long; the most common ones among those of ten and more.
_COMMON = frozenset(
    {
        "1234567890",
        "0123456789",
        "9876543210",
        "1111111111",
        "password123",
        "password1234",
        "qwertyuiop",
        "1q2w3e4r5t",
        "qwerty12345",
        "abcd123456",
        "abc1234567",
        "1234567890a",
        "a123456789",
        "aa12345678",
        "woaini1314",
        "woaini520",
        "administrator",
        "admin12345",
        "admin123456",
        "jiaoyuju123",
        "baoxue2025",
        "baoxue2026",
    }
)

# Failed tries within the window, and how long the door is shut after the last of them. The account's door protects one
# account against many guesses; the address's door many accounts against one guesser (a school shares one address).
ACCOUNT_TRIES, ACCOUNT_WINDOW = 5, timedelta(minutes=15)
ADDRESS_TRIES, ADDRESS_WINDOW = 50, timedelta(minutes=15)
# What no door counts any more says who mistyped and from where: it goes (个人信息保护法 19). The audit record keeps that a
# sign-in was refused.
KEPT_FAILURES = timedelta(days=1)


def password_faults(password: str, *, username: str, name: str) -> list[str]:
    """What is wrong with a new password, each as a sentence; empty when it may be used."""
    faults = []
    if len(password) < MIN_LENGTH:
        faults.append(f"密码至少 {MIN_LENGTH} 位。")
    kinds = sum(
        any(test(sign) for sign in password)
        for test in (str.islower, str.isupper, str.isdigit, lambda sign: not sign.isalnum())
    )
    if kinds < 2:
        faults.append("密码里至少要有字母、数字、符号中的两种。")
    folded = password.casefold()
    if folded in _COMMON or len(set(folded)) < 5:
        faults.append("这个密码太常见，请换一个。")
    if (username and username.casefold() in folded) or (name and name in password):
        faults.append("密码里不能有账户名或姓名。")
    return faults


def locked_until(failures: Sequence[datetime], *, tries: int, window: timedelta) -> datetime | None:
    """Until when a door stays shut, by the instants of failed tries since the last success; None = open.

    `failures` in any order, aware. The door shuts at the n-th failure within the window and opens a window after it.
    """
    ordered = sorted(failures)
    shut: datetime | None = None
    for index in range(tries - 1, len(ordered)):
        if ordered[index] - ordered[index - tries + 1] <= window:
            shut = ordered[index] + window
    return shut


def session_over(*, began: datetime, last_seen: datetime, now: datetime) -> bool:
    """Whether a session has ended by itself: too old, or nobody at the keyboard for too long."""
    return now - began >= SESSION_LENGTH or now - last_seen >= IDLE_LENGTH


# What a person may choose from for how long a token holds.
TOKEN_DAYS = (30, 90, 180, 365)


def may_be_account_name(text: str) -> bool:
    """Whether an account can be called so: an identity number is no name, and is not written down as one."""
    return sum(sign.isdigit() for sign in text) < 15
