"""Identity numbers: their form, check digit, and what they say. Source: GB 11643-1999 (公民身份号码)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from baoxue.policy.labelled import Labelled


class IdType(Labelled):
    """Kind of identity document."""

    RESIDENT = "resident", "居民身份证"
    HMT_RESIDENCE = "hmt_residence", "港澳台居民居住证"
    HM_PERMIT = "hm_permit", "港澳居民来往内地通行证"
    TW_PERMIT = "tw_permit", "台湾居民来往大陆通行证"
    FOREIGN_PERMANENT = "foreign_permanent", "外国人永久居留身份证"
    PASSPORT = "passport", "护照"
    OTHER = "other", "其他"


class IdState(Labelled):
    """How far a number can be trusted."""

    VALID = "valid", "有效"
    BAD_CHECK = "bad_check", "校验码不符"
    TRUNCATED = "truncated", "末位丢失"
    FIFTEEN = "fifteen", "十五位旧号"
    MALFORMED = "malformed", "格式不符"
    OTHER = "other", "其他证件"


@dataclass(frozen=True, slots=True)
class IdNumber:
    """A number taken apart; birth date, sex and region as the number says them, None where it does not."""

    type: IdType
    number: str
    state: IdState
    birth_date: date | None
    sex: Literal["M", "F"] | None
    region: str | None


def id_type_of(text: str) -> IdType | None:
    """Kind of document a cell names, in words or by code; None when empty or unknown."""
    raise NotImplementedError


def classify(text: str, *, id_type: IdType | None = None, number_cell: bool = False) -> IdNumber | None:
    """Take a cell apart; None when it is empty or says that there is no number."""
    raise NotImplementedError


def check_digit(first17: str) -> str:
    """Check character of seventeen digits (ISO 7064 MOD 11-2)."""
    raise NotImplementedError


def expand_fifteen(text: str) -> str:
    """The 18-digit number of a first-generation one."""
    raise NotImplementedError


def mask(number: str) -> str:
    """First 6 and last 1 characters stay, the others become `*`."""
    raise NotImplementedError


def is_plausible_birth_date(born: date, as_of: date | None = None) -> bool:
    """Whether a living person can be born on this day."""
    raise NotImplementedError
