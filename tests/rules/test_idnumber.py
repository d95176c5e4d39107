"""Identity numbers.

All are of nobody: the region code was never given, the day has not come yet, or the check digit is wrong.
"""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from baoxue.policy.idnumber import (
    IdState,
    IdType,
    check_digit,
    classify,
    expand_fifteen,
    id_type_of,
    is_plausible_birth_date,
    mask,
)


def id_number(region: str = "990000", born: date = date(2014, 5, 6), sequence: str = "123") -> str:
    """A number with its right check digit."""
    first17 = f"{region}{born:%Y%m%d}{sequence}"
    return first17 + check_digit(first17)


births = st.dates(min_value=date(1900, 1, 1), max_value=date(2099, 12, 31))
regions = st.from_regex(r"[1-9][0-9]{5}", fullmatch=True)
sequences = st.from_regex(r"[0-9]{3}", fullmatch=True)
seventeen_digits = st.from_regex(r"[0-9]{17}", fullmatch=True)
# Numbers that end in 000 look as if a spreadsheet had cut them; they have their own tests.
id_numbers = st.builds(id_number, regions, births, sequences).filter(lambda number: number[-3:] != "000")

GIRL = id_number(sequence="122")
BOY = id_number(sequence="123")


# Check digit: GB 11643 annex A


@pytest.mark.parametrize(
    ("first17", "expected"),
    [
        ("11010519491231002", "X"),  # the example of the standard
        ("44052418800101001", "4"),  # the other one
    ],
)
def test_the_check_digit_is_that_of_the_standards_examples(first17: str, expected: str) -> None:
    assert check_digit(first17) == expected


@given(seventeen_digits, st.integers(0, 16), st.integers(1, 9))
def test_the_check_digit_notices_every_single_wrong_digit(first17: str, place: int, difference: int) -> None:
    wrong = str((int(first17[place]) + difference) % 10)
    assert check_digit(first17[:place] + wrong + first17[place + 1 :]) != check_digit(first17)


@given(seventeen_digits, st.integers(0, 15))
def test_the_check_digit_notices_every_swap_of_neighbours(first17: str, place: int) -> None:
    assume(first17[place] != first17[place + 1])
    swapped = first17[:place] + first17[place + 1] + first17[place] + first17[place + 2 :]
    assert check_digit(swapped) != check_digit(first17)


@pytest.mark.parametrize("text", ["", "1234567890123456", "123456789012345678", "1234567890123456X", "１" * 17])
def test_a_check_digit_is_made_of_seventeen_digits_only(text: str) -> None:
    with pytest.raises(ValueError, match="seventeen"):
        check_digit(text)


# What a number says


@given(regions, births, sequences)
def test_a_number_with_its_right_check_digit_is_valid_and_says_its_birth_date(
    region: str, born: date, sequence: str
) -> None:
    number = id_number(region, born, sequence)
    assume(number[-3:] != "000")
    found = classify(number)
    assert found is not None
    assert (found.state, found.number, found.birth_date) == (IdState.VALID, number, born)


@pytest.mark.parametrize(("number", "sex"), [(GIRL, "F"), (BOY, "M")])
def test_the_seventeenth_digit_says_the_sex(number: str, sex: str) -> None:
    found = classify(number)
    assert found is not None
    assert found.sex == sex


@pytest.mark.parametrize(
    ("region", "known"),
    [
        ("522626", "522626"),
        ("522201", "522201"),
        ("110103", "110103"),
        ("990000", None),
        ("520000", "520000"),
    ],
)
def test_a_region_is_said_if_it_exists_or_existed_and_an_unknown_one_is_no_fault(
    region: str, known: str | None
) -> None:
    found = classify(id_number(region, date(2098, 5, 6)))
    assert found is not None
    assert (found.state, found.region) == (IdState.VALID, known)


@given(id_numbers)
def test_taking_a_number_apart_again_changes_nothing(number: str) -> None:
    once = classify(number)
    assert once is not None
    assert classify(once.number) == once


@given(st.text(alphabet="0123456789XxHME+.-' /无（", max_size=22), st.booleans())
def test_the_number_in_any_cell_is_kept_when_it_is_taken_apart_again(text: str, number_cell: bool) -> None:
    found = classify(f"1{text}2", number_cell=number_cell)
    assert found is not None
    again = classify(found.number, number_cell=number_cell)
    assert again is not None
    assert again.number == found.number


@given(st.text(alphabet="0123456789XxHM-' /无（", max_size=22), st.booleans())
def test_what_is_not_written_as_a_fraction_is_judged_the_same_when_taken_apart_again(
    text: str, number_cell: bool
) -> None:
    found = classify(f"1{text}2", number_cell=number_cell)
    assert found is not None
    assert classify(found.number, number_cell=number_cell) == found


@pytest.mark.parametrize(
    "written",
    [
        f" {BOY} ",
        f"'{BOY}",
        f'"{BOY}"',
        f"“{BOY}”",
        f"{BOY[:6]} {BOY[6:14]} {BOY[14:]}",
        f"{BOY[:6]}-{BOY[6:14]}-{BOY[14:]}",
        f"{BOY}\t",
        f"\ufeff{BOY}",
        f"\u202d{BOY}\u202c",
        BOY.translate({ord(digit): chr(ord(digit) + 0xFEE0) for digit in "0123456789"}),
        f"{BOY}。",
    ],
)
def test_the_way_it_is_typed_does_not_change_a_number(written: str) -> None:
    assert classify(written) == classify(BOY)


@pytest.mark.parametrize("letter", ["X", "x", "Ｘ", "ｘ", "×", "Х", "х", "Ⅹ"])
def test_the_check_letter_is_known_in_every_guise(letter: str) -> None:
    ends_in_x = id_number(sequence="103")
    assert ends_in_x.endswith("X")
    assert classify(ends_in_x[:17] + letter) == classify(ends_in_x)


# What is wrong with a number


@given(id_numbers, st.integers(1, 10))
def test_a_number_with_another_check_digit_is_bad_check_and_keeps_its_birth_date(number: str, step: int) -> None:
    wrong = number[:17] + "0123456789X"[("0123456789X".index(number[17]) + step) % 11]
    assume(wrong[-3:] != "000")
    found, right = classify(wrong), classify(number)
    assert found is not None
    assert right is not None
    assert (found.state, found.birth_date, found.sex) == (IdState.BAD_CHECK, right.birth_date, right.sex)


@pytest.mark.parametrize(
    "number",
    [
        BOY[:-1],
        BOY[1:],
        BOY[:9] + BOY[10:],
        BOY + "1",
        BOY[:9] + "5" + BOY[9:],
        "52262620141306123X",  # month 13
        "522626201402301230",  # 30 February
        "522626201302291230",  # 2013 was no leap year
        "522626189912311231",
        "522626210001011231",
        "5226262014X5061230",
        "X22626201405061230",
        "12345",
        "5226262014050612OO",
        "522626********1234",  # masked by another system: no digits may close up
        "522626**********12",
        "522626850506123X",
        "第522626号",
    ],
)
def test_a_number_of_another_form_or_an_impossible_day_is_malformed_and_says_nothing(number: str) -> None:
    found = classify(number)
    assert found is not None
    assert (found.state, found.birth_date, found.sex, found.region) == (IdState.MALFORMED, None, None, None)


@pytest.mark.parametrize("number", [BOY[:-1], BOY + "1"])
def test_a_number_with_a_digit_missing_or_added_is_kept_as_it_is(number: str) -> None:
    found = classify(number)
    assert found is not None
    assert found.number == number


@pytest.mark.parametrize(
    "written",
    [
        *(
            "",
            " ",
            "\u3000",
            "无",
            "暂无",
            "没有",
            "待补",
            "未办理",
            "无身份证",
            "未上户",
            "不详",
            "/",
            "\\",
            "-",
            "——",
        ),
        *(
            "N/A",
            "#N/A",
            "null",
            "None",
            "?",
            "。",
            "0",
            "0.0",
            "000000",
            "0" * 18,
            "1" * 18,
            "9" * 15,
            "XXXXXX",
            "0.00E+00",
        ),
    ],
)
def test_a_placeholder_is_no_number(written: str) -> None:
    assert classify(written) is None


# What a spreadsheet does to a number


@pytest.mark.parametrize(
    ("written", "number_cell"),
    [
        ("522626201405061000", True),
        ("522626201405061000", False),
        ("522626201405061000.0", True),
        ("522626201405061000.0", False),
        ("5.22626201405061E+17", False),
        ("5.22626201405061e+17", True),
        ("5.2262620140506099E+17", True),  # as the file itself stores it
        ("522626201405060992", True),  # the binary number nearest to …061000
    ],
)
def test_a_number_that_went_through_a_number_cell_keeps_fifteen_digits_and_is_not_trusted(
    written: str, number_cell: bool
) -> None:
    found = classify(written, number_cell=number_cell)
    assert found is not None
    assert (found.state, found.number) == (IdState.TRUNCATED, "522626201405061000")
    assert (found.birth_date, found.sex, found.region) == (date(2014, 5, 6), None, "522626")


@given(id_numbers.filter(str.isdigit))
@example(id_number(sequence="992"))
def test_the_same_number_cut_by_a_spreadsheet_keeps_region_and_birth_date(number: str) -> None:
    as_stored = classify(str(int(float(f"{number[:15]}000"))), number_cell=True)
    exact = classify(number, number_cell=True)
    assert as_stored is not None
    assert (as_stored.state, as_stored.number) == (IdState.TRUNCATED, f"{number[:15]}000")
    assert exact is not None
    assert exact.state is IdState.TRUNCATED


@given(st.builds(lambda region, born, digit: f"{region}{born:%Y%m%d}{digit}000", regions, births, st.integers(0, 9)))
def test_text_that_ends_in_000_is_never_trusted_even_if_the_check_digit_fits(number: str) -> None:
    found = classify(number)
    assert found is not None
    assert (found.state, found.sex) == (IdState.TRUNCATED, None)


@pytest.mark.parametrize("written", ["5.22626E+17", "5.2E17", "5E+17", "1234567890123456", "5226262014050612345"])
def test_a_number_cell_with_too_few_digits_left_says_nothing(written: str) -> None:
    found = classify(written, number_cell=True)
    assert found is not None
    assert (found.state, found.birth_date, found.region) == (IdState.TRUNCATED, None, None)


@pytest.mark.parametrize("written", ["522626201405061", "522626201205061", "522626200112311"])
def test_fifteen_digits_with_a_full_date_of_this_century_are_a_cut_off_number_not_an_old_one(
    written: str,
) -> None:
    found = classify(written)
    assert found is not None
    assert (found.state, found.region) == (IdState.TRUNCATED, "522626")
    assert found.birth_date == date(int(written[6:10]), int(written[10:12]), int(written[12:14]))


# First-generation numbers


@given(regions, st.dates(date(1940, 1, 1), date(1999, 12, 31)), sequences)
def test_a_first_generation_number_is_known_and_its_long_form_is_valid(region: str, born: date, sequence: str) -> None:
    short = f"{region}{born:%y%m%d}{sequence}"
    found, longer = classify(short), expand_fifteen(short)
    assert found is not None
    assert (found.state, found.birth_date) == (IdState.FIFTEEN, born)
    assert longer == id_number(region, born, sequence)


def test_a_first_generation_number_in_a_number_cell_has_lost_nothing() -> None:
    assert classify("990000850506123", number_cell=True) == classify("990000850506123")
    assert classify("990000850506123.0") == classify("990000850506123")


def test_fifteen_digits_with_an_impossible_day_are_malformed() -> None:
    found = classify("522626851306123")
    assert found is not None
    assert found.state is IdState.MALFORMED


@pytest.mark.parametrize("text", ["", "99000085050612", BOY, "99000085050612X"])
def test_only_fifteen_digits_can_be_made_longer(text: str) -> None:
    with pytest.raises(ValueError, match="fifteen"):
        expand_fifteen(text)


# Other documents


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        ("H12345678", IdType.HM_PERMIT),
        ("m12345678", IdType.HM_PERMIT),
        ("H1234567801", IdType.HM_PERMIT),
        ("01234567", IdType.TW_PERMIT),
        ("1234567890(B)", IdType.TW_PERMIT),
        ("USA110095021401", IdType.FOREIGN_PERMANENT),
        ("E12345678", IdType.PASSPORT),
        ("EA1234567", IdType.PASSPORT),
        ("G12345678", IdType.PASSPORT),
    ],
)
def test_other_documents_are_known_by_their_form(number: str, kind: IdType) -> None:
    found = classify(number)
    assert found is not None
    assert (found.type, found.state, found.birth_date) == (kind, IdState.OTHER, None)


@pytest.mark.parametrize("prefix", ["810000", "820000", "830000"])
def test_a_residence_permit_of_hong_kong_macao_and_taiwan_is_judged_as_an_identity_number(
    prefix: str,
) -> None:
    found = classify(id_number(prefix, date(2098, 5, 6)))
    assert found is not None
    assert (found.type, found.state, found.birth_date) == (
        IdType.HMT_RESIDENCE,
        IdState.VALID,
        date(2098, 5, 6),
    )


def test_the_foreigners_card_of_2023_begins_with_nine_and_a_province_and_names_no_county() -> None:
    found = classify(id_number("911840", date(2098, 5, 6)))
    assert found is not None
    assert (found.type, found.state, found.region) == (IdType.FOREIGN_PERMANENT, IdState.VALID, None)
    assert found.birth_date == date(2098, 5, 6)


@pytest.mark.parametrize(
    ("number", "declared", "state"),
    [
        ("H12345678", IdType.HM_PERMIT, IdState.OTHER),
        ("A123456(7)", IdType.HM_PERMIT, IdState.OTHER),
        ("12345678", IdType.HM_PERMIT, IdState.MALFORMED),
        ("20140506", IdType.TW_PERMIT, IdState.OTHER),
        ("1234567890", IdType.TW_PERMIT, IdState.OTHER),
        ("123456", IdType.TW_PERMIT, IdState.MALFORMED),
        ("123456789", IdType.PASSPORT, IdState.OTHER),
        ("1234", IdType.PASSPORT, IdState.MALFORMED),
        ("USA110095021401", IdType.FOREIGN_PERMANENT, IdState.OTHER),
        ("USA11009502140", IdType.FOREIGN_PERMANENT, IdState.MALFORMED),
        ("军字第1234567号", IdType.OTHER, IdState.OTHER),
        ("12", IdType.OTHER, IdState.MALFORMED),
        ("E12345678", IdType.RESIDENT, IdState.MALFORMED),
        ("H12345678", IdType.HMT_RESIDENCE, IdState.MALFORMED),
    ],
)
def test_the_documents_name_in_the_file_says_which_form_is_right(number: str, declared: IdType, state: IdState) -> None:
    found = classify(number, id_type=declared)
    assert found is not None
    assert (found.type, found.state) == (declared, state)


@pytest.mark.parametrize("declared", [IdType.PASSPORT, IdType.OTHER, IdType.HM_PERMIT, IdType.TW_PERMIT])
def test_an_eighteen_digit_number_is_an_identity_number_whatever_the_column_says(declared: IdType) -> None:
    assert classify(BOY, id_type=declared) == classify(BOY)


def test_eight_digits_that_read_as_a_day_are_no_permit() -> None:
    found = classify("20140506")
    assert found is not None
    assert found.state is IdState.MALFORMED


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ("居民身份证", IdType.RESIDENT),
        (" 身份证 ", IdType.RESIDENT),
        ("1", IdType.RESIDENT),
        ("1.0", IdType.RESIDENT),
        ("1-居民身份证", IdType.RESIDENT),
        ("户口簿", IdType.RESIDENT),
        ("港澳台居民居住证", IdType.HMT_RESIDENCE),
        ("C", IdType.HMT_RESIDENCE),
        ("港澳居民来往内地通行证", IdType.HM_PERMIT),
        ("6", IdType.HM_PERMIT),
        ("8", IdType.TW_PERMIT),
        ("台湾居民来往大陆通行证", IdType.TW_PERMIT),
        ("9-境外永久居住证", IdType.FOREIGN_PERMANENT),
        ("a", IdType.PASSPORT),
        ("护照", IdType.PASSPORT),
        ("Z", IdType.OTHER),
        ("其他", IdType.OTHER),
        ("", None),
        ("学生证", None),
    ],
)
def test_the_kind_of_document_is_known_by_word_and_by_code(written: str, kind: IdType | None) -> None:
    assert id_type_of(written) is kind


@pytest.mark.parametrize("kind", list(IdType))
def test_every_kind_of_document_is_known_by_its_own_label_and_code(kind: IdType) -> None:
    assert id_type_of(kind.label) is kind
    assert id_type_of(kind.value) is kind


# Masking


@given(id_numbers)
def test_a_masked_number_shows_neither_birth_date_nor_sequence(number: str) -> None:
    assert mask(number) == number[:6] + "*" * 11 + number[17]


@given(st.text(min_size=1, max_size=7))
def test_of_a_short_text_only_the_first_character_is_shown(text: str) -> None:
    assert mask(text) == text[0] + "*" * (len(text) - 1)


@given(st.text(max_size=40))
def test_masking_keeps_the_length_and_masking_again_changes_nothing(text: str) -> None:
    assert len(mask(text)) == len(text)
    assert mask(mask(text)) == mask(text)


# Birth dates


@pytest.mark.parametrize(
    ("born", "as_of", "plausible"),
    [
        (date(2025, 9, 20), date(2025, 9, 20), True),
        (date(2025, 9, 21), date(2025, 9, 20), False),
        (date(1905, 1, 1), date(2025, 9, 20), True),
        (date(1904, 12, 31), date(2025, 9, 20), False),
        (date(1900, 1, 1), None, True),
        (date(1899, 12, 31), None, False),
        (date(2099, 12, 31), None, True),
        (date(2100, 1, 1), None, False),
    ],
)
def test_a_living_person_is_born_by_the_day_in_question_and_not_120_years_before(
    born: date, as_of: date | None, plausible: bool
) -> None:
    assert is_plausible_birth_date(born, as_of) is plausible


@given(births, st.dates(date(2000, 1, 1), date(2099, 12, 31)))
def test_what_is_plausible_on_a_day_is_not_born_after_it(born: date, as_of: date) -> None:
    assume(is_plausible_birth_date(born, as_of))
    assert timedelta(0) <= as_of - born <= timedelta(days=121 * 366)
