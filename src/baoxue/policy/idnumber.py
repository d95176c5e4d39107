"""Identity numbers: their form, check digit, and what they say.

Sources: GB 11643-1999 (公民身份号码: 6 digits of place, 8 of birth, 3 of sequence, 1 check character), 4.5
and annex A (ISO 7064 MOD 11-2); 国办发〔2018〕81号 and GB 11643 for 港澳台居民居住证 (places 810000, 820000,
830000); 公安部 2010-03-10 for 港澳居民来往内地通行证; 国家移民管理局 2023 for 外国人永久居留身份证 (9,
place, nationality, birth date, sequence, check character; before that three letters and twelve digits).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from operator import mul
from typing import Literal

from baoxue.policy.labelled import Labelled
from baoxue.policy.regions import is_known, province_name
from baoxue.policy.writtenforms import fold, folded_keys


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


# Codes: 身份证件类型代码 of JY/T 1001, as the 学籍 system exports them.
_TYPE_FORMS = folded_keys(
    {
        IdType.RESIDENT: (
            "1 01 身份证 居民身份证 二代身份证 第二代居民身份证 公民身份证 户口簿 户口薄 户口本 B RESIDENT"
        ),
        IdType.HMT_RESIDENCE: ("C 港澳台居民居住证 港澳居民居住证 台湾居民居住证 港澳台居住证 居住证 HMT_RESIDENCE"),
        IdType.HM_PERMIT: (
            "6 7 06 07 港澳居民来往内地通行证 港澳通行证 港澳居民通行证 回乡证 香港特区护照/身份证明 "
            "澳门特区护照/身份证明 "
            "港澳居民往来内地通行证 港澳 HM_PERMIT"
        ),
        IdType.TW_PERMIT: (
            "8 08 台湾居民来往大陆通行证 台湾居民往来大陆通行证 台湾通行证 台湾居民通行证 台胞证 TW_PERMIT"
        ),
        IdType.FOREIGN_PERMANENT: (
            "9 09 外国人永久居留身份证 外国人永久居留证 永久居留证 永居证 境外永久居住证 境外永久居留证 "
            "境外永居 FOREIGN_PERMANENT"
        ),
        IdType.PASSPORT: "A 护照 外国护照 中国护照 因私护照 PASSPORT",
        IdType.OTHER: (
            "2 3 4 5 Z 02 03 04 05 其他 其它 其他证件 其它证件 军官证 士兵证 文职干部证 部队离退休证 "
            "出生医学证明 出生证明 OTHER"
        ),
    }
)

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_CHARACTERS = "10X98765432"
_SEVENTEEN_ZEROS = ord("0") * sum(_WEIGHTS)

# Marks people put into or around numbers; the letter X as multiplication sign or Cyrillic letter.
_MARKS = str.maketrans({**dict.fromkeys("'\"`´‘’“”()[]【】-‐‑‒–—―−ー_"), "×": "X", "✕": "X", "Х": "X", "х": "X"})
_EDGES = ".,;:。、·"
_DIGITS = re.compile(r"[0-9]+")
_EIGHTEEN = re.compile(r"[0-9]{17}[0-9X]")
_SCIENTIFIC = re.compile(r"[0-9](?:\.([0-9]+))?E\+?[0-9]{1,2}")
_DECIMAL = re.compile(r"([0-9]+)\.0*")
_SPREADSHEET_DIGITS = 15  # what a binary64 number keeps for certain, and all that Excel stores

_TYPES_OF_EIGHTEEN = frozenset({IdType.RESIDENT, IdType.HMT_RESIDENCE, IdType.FOREIGN_PERMANENT})
# What may stand in a column that names the document.
_DECLARED_FORMS = {
    IdType.HM_PERMIT: re.compile(r"[HM][0-9]{8}(?:[0-9]{2})?|[A-Z]{1,2}[0-9]{6}[0-9A]"),
    IdType.TW_PERMIT: re.compile(r"[0-9]{8}|[0-9]{10}[A-Z]?"),
    IdType.FOREIGN_PERMANENT: re.compile(r"[A-Z]{3}[0-9]{12}"),
    IdType.PASSPORT: re.compile(r"(?=.*[0-9])[A-Z0-9]{5,12}"),
    IdType.OTHER: re.compile(r".{4,}"),
}
# What gives a document away where no column names it, from the most particular form to the most general.
_TELLING_FORMS = (
    (IdType.HM_PERMIT, re.compile(r"[HM][0-9]{8}(?:[0-9]{2})?")),
    (IdType.FOREIGN_PERMANENT, re.compile(r"[A-Z]{3}[0-9]{12}")),
    (IdType.TW_PERMIT, re.compile(r"[0-9]{8}|[0-9]{10}[A-Z]")),
    (IdType.PASSPORT, re.compile(r"[A-Z]{1,2}[0-9]{6,8}")),
)


def id_type_of(text: str) -> IdType | None:
    """Kind of document a cell names, in words or by code; None when empty or unknown.

    Clause: JY/T 1001 身份证件类型代码 (1 居民身份证, 6 7 港澳, 8 台湾, 9 境外永久居住证, A 护照, B 户口簿, C
    港澳台居民居住证, Z 其他). A 户口簿 carries the 公民身份号码, so it counts as RESIDENT.
    """
    folded = fold(text).removesuffix(".0")
    found = _TYPE_FORMS.get(folded)
    if found is None and len(folded) > 2 and folded[1] in "-:.、":  # "1-居民身份证"
        found = _TYPE_FORMS.get(folded[2:])
    return found


def classify(text: str, *, id_type: IdType | None = None, number_cell: bool = False) -> IdNumber | None:
    """Take a cell apart; None when it is empty or says that there is no number (无, /, 待补, 0000…).

    `id_type` is what the file's own column says, `number_cell` whether the cell held a number instead of
    text. A cell whose form is that of an 18- or 15-digit number is judged as one, whatever the column says:
    no other document has it.

    - TRUNCATED: a number of 16 digits or more from a number cell, scientific notation or with a decimal
      point (15 digits are kept, the others are lost whatever they look like); text of 18 digits ending in
      000, which has been through such a cell (10.2 % of them pass the check digit all the same); text of 15
      digits with a full birth date of this century, whose last three were cut off. Birth date and region are
      still sure, the sex is not.
    - A region that is not known does not make a number wrong: `region` is None then. Codes come and go, and
      synthetic people carry codes that no place has.
    - VALID, BAD_CHECK: clause GB 11643 annex A. FIFTEEN: GB 11643-1989, always born in the 1900s.
    """
    number, lossy = _undo_spreadsheet(_clean(text), number_cell=number_cell)
    if _says_none(number):
        return None
    if lossy:
        return _truncated(_sure_digits(number), id_type)
    if len(number) == 18 and _EIGHTEEN.fullmatch(number):
        return _eighteen(number, id_type)
    if len(number) == 15 and _DIGITS.fullmatch(number):
        return _fifteen(number, id_type)
    return _other_document(number, id_type)


def check_digit(first17: str) -> str:
    """Check character of seventeen digits. Clause: GB 11643 annex A, ISO 7064 MOD 11-2. Raises ValueError."""
    if len(first17) != 17 or not _DIGITS.fullmatch(first17):
        raise ValueError("a check digit is made from seventeen digits")
    return _check(first17)


def expand_fifteen(text: str) -> str:
    """The 18-digit number of a first-generation one: century 19, then the check digit. Raises ValueError.

    Clause: GB 11643-1989 → 1999, 国发〔1999〕15号. (Sequences 996–999 once marked those born before 1900.)
    """
    digits = _clean(text)
    if len(digits) != 15 or not _DIGITS.fullmatch(digits):
        raise ValueError("a first-generation number has fifteen digits")
    longer = f"{digits[:6]}19{digits[6:]}"
    return longer + _check(longer)


def mask(number: str) -> str:
    """First 6 and last 1 characters stay, the others become `*`: neither birth date nor sequence is shown.

    Of seven characters or fewer only the first stays, since six and one would show everything.
    """
    if len(number) <= 7:
        return number[:1] + "*" * (len(number) - 1)
    return f"{number[:6]}{'*' * (len(number) - 7)}{number[-1]}"


def is_plausible_birth_date(born: date, as_of: date | None = None) -> bool:
    """Whether a living person can be born on this day: not after `as_of` nor more than 120 years before it.

    Without `as_of` only what no register of our time can hold is refused (before 1900, after 2099).
    """
    if as_of is None:
        return 1900 <= born.year <= 2099
    return born <= as_of and as_of.year - born.year <= 120


def _clean(text: str) -> str:
    if len(text) == 18 and text.isascii() and text.isalnum():  # nearly every cell: nothing to take away
        return text.upper()
    # Folded again: what stood on either side of a mark can be one letter together.
    return fold(fold(text).translate(_MARKS)).strip(_EDGES)


def _says_none(number: str) -> bool:
    """Empty, a word without any digit (无, N/A, 待补办), or one digit repeated (0000…)."""
    return len(set(number)) <= 1 or not any("0" <= character <= "9" for character in number)


def _undo_spreadsheet(number: str, *, number_cell: bool) -> tuple[str, bool]:
    """The digits a spreadsheet meant, and whether it has lost some of them."""
    if scientific := _SCIENTIFIC.fullmatch(number):
        whole = str(int(float(number)))
        # "5.22E+14" shows fewer digits than the number has, even where the cell itself kept them.
        shown = 1 + len(scientific[1] or "")
        return whole, len(whole) > _SPREADSHEET_DIGITS or shown < len(whole)
    if decimal := _DECIMAL.fullmatch(number):
        number, number_cell = decimal[1], True
    if not _DIGITS.fullmatch(number):
        return number, False
    through_cell = len(number) == 18 and number.endswith("000")
    return number, through_cell or (number_cell and len(number) > _SPREADSHEET_DIGITS)


def _sure_digits(number: str) -> str:
    """The fifteen digits that are sure, and 000 for the others, however the cell was printed."""
    if len(number) != 18:
        return number
    whole = int(number)
    # A binary64 number stands a little beside what was typed: …061000 prints as …060992, and must be rounded.
    is_binary = int(float(whole)) == whole
    return str((whole + 500 * is_binary) // 1000 * 1000).zfill(18)


def _check(first17: str) -> str:
    return _CHECK_CHARACTERS[(sum(map(mul, _WEIGHTS, first17.encode())) - _SEVENTEEN_ZEROS) % 11]


def _date(digits: str) -> date | None:
    try:
        born = date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        return None
    return born if is_plausible_birth_date(born) else None


def _type_of_eighteen(number: str, declared: IdType | None) -> IdType:
    if declared in _TYPES_OF_EIGHTEEN:
        return declared
    if number[:2] in ("81", "82", "83"):
        return IdType.HMT_RESIDENCE
    # 9 alone is not enough: synthetic people have places such as 990000.
    if number[0] == "9" and province_name(number[1:3]) is not None:
        return IdType.FOREIGN_PERMANENT
    return IdType.RESIDENT


def _region(number: str, kind: IdType) -> str | None:
    code = number[:6]
    return code if kind is not IdType.FOREIGN_PERMANENT and is_known(code) else None


def _sex(digit: str) -> Literal["M", "F"]:
    return "M" if int(digit) % 2 else "F"


def _eighteen(number: str, declared: IdType | None) -> IdNumber:
    kind = _type_of_eighteen(number, declared)
    born = _date(number[6:14])
    if born is None:
        return _malformed(number, kind)
    state = IdState.VALID if _check(number[:17]) == number[17] else IdState.BAD_CHECK
    return IdNumber(kind, number, state, born, _sex(number[16]), _region(number, kind))


def _fifteen(number: str, declared: IdType | None) -> IdNumber:
    cut = _date(number[6:14])
    # Read as a first-generation number, such a one would belong to somebody born in 1920 or not at all.
    if cut is not None and cut.year >= 2000:
        return _truncated(number, declared)
    born = _date(f"19{number[6:12]}")
    if born is None:
        return _malformed(number, IdType.RESIDENT)
    region = _region(number, IdType.RESIDENT)
    return IdNumber(IdType.RESIDENT, number, IdState.FIFTEEN, born, _sex(number[14]), region)


def _truncated(number: str, declared: IdType | None) -> IdNumber:
    kind = _type_of_eighteen(number, declared)
    born = _date(number[6:14]) if len(number) in (15, 18) else None
    region = _region(number, kind) if born is not None else None
    return IdNumber(kind, number, IdState.TRUNCATED, born, None, region)


def _other_document(number: str, declared: IdType | None) -> IdNumber:
    if declared is not None:
        form = _DECLARED_FORMS.get(declared)
        if form is not None and form.fullmatch(number):
            return IdNumber(declared, number, IdState.OTHER, None, None, None)
        return _malformed(number, declared)
    for kind, form in _TELLING_FORMS:
        # Eight digits that read as a day are a birth date in the wrong column sooner than a permit.
        if form.fullmatch(number) and not (kind is IdType.TW_PERMIT and len(number) == 8 and _date(number)):
            return IdNumber(kind, number, IdState.OTHER, None, None, None)
    return _malformed(number, IdType.RESIDENT)


def _malformed(number: str, kind: IdType) -> IdNumber:
    return IdNumber(kind, number, IdState.MALFORMED, None, None, None)
